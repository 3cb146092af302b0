// SPDX-License-Identifier: Apache-2.0
// The query editor in place of the plain form, with this graph's prefixes; without it the plain form stays.
"use strict";
(() => {
  const place = document.getElementById("editor");
  const plain = document.getElementById("plain");
  if (!place || !plain || typeof Yasgui === "undefined") return;
  const prefixes = JSON.parse(place.dataset.prefixes);
  const day = new URLSearchParams(location.search).get("as-at");
  const endpoint = new URL("/sparql", location.href);
  if (day) endpoint.searchParams.set("as-at", day);
  const declared = Object.entries(prefixes)
    .filter(([name]) => place.dataset.query.includes(name + ":"))
    .map(([name, iri]) => `PREFIX ${name}: <${iri}>\n`).join("");
  const query = /^\s*PREFIX\b/im.test(place.dataset.query) ? place.dataset.query : declared + place.dataset.query;
  const terms = JSON.parse(place.dataset.terms);
  Yasgui.Yasqe.defaults.autocompleters = ["variables", "prefixes-local", "class-local", "property-local"];
  for (const kind of ["class", "property"]) {
    Yasgui.Yasqe.forkAutocompleter(kind, {
      name: `${kind}-local`, persistenceId: null, bulk: true, get: () => Promise.resolve(terms[kind]),
    });
  }
  Yasgui.Yasqe.forkAutocompleter("prefixes", {
    name: "prefixes-local",
    persistenceId: null,
    get: () => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`),
  });
  place.hidden = false;
  const editor = new Yasgui(place, {
    requestConfig: { endpoint: endpoint.href, method: "GET" },
    copyEndpointOnNewTab: true,
    populateFromUrl: false,
    persistenceId: null,
    endpointCatalogueOptions: { getData: () => [] },
  });
  const tab = editor.getTab() || editor.addTab(true);
  tab.setEndpoint(endpoint.href);
  tab.setQuery(query);
  tab.getYasqe().addKeyMap({ Tab: false, "Shift-Tab": false }); // or the keyboard could not leave the editor
  for (const field of place.querySelectorAll(".CodeMirror textarea")) field.setAttribute("aria-label", "Query");
  new MutationObserver((changes) => { // what the editor makes anew each time comes without names
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node instanceof Element && node.matches(".CodeMirror-hints")) node.setAttribute("aria-label", "Completions");
    }
    for (const list of place.querySelectorAll(".yasr select:not([aria-label])")) {
      list.setAttribute("aria-label", "Rows on a page");
    }
    for (const head of place.querySelectorAll(".yasr th .dt-column-title:empty")) head.textContent = "#";
  }).observe(document.body, { childList: true, subtree: true });
  plain.hidden = true;
})();
