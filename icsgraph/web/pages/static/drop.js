// SPDX-License-Identifier: Apache-2.0
// A file that is dropped on the form is the file that is chosen; the button still sends it.
"use strict";
(() => {
  const form = document.getElementById("check");
  const field = document.getElementById("file");
  if (!form || !field) return;
  const zone = form.querySelector(".drop");
  const mark = (on) => (event) => { event.preventDefault(); zone.classList.toggle("over", on); };
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, mark(true));
  zone.addEventListener("dragleave", mark(false));
  zone.addEventListener("drop", (event) => {
    mark(false)(event);
    if (event.dataTransfer && event.dataTransfer.files.length === 1) field.files = event.dataTransfer.files;
  });
})();
