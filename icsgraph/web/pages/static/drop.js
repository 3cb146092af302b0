// SPDX-License-Identifier: Apache-2.0
// Files that are dropped on the form are the files that are chosen; the button still sends them.
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
    if (event.dataTransfer && event.dataTransfer.files.length > 0) field.files = event.dataTransfer.files;
  });
})();
