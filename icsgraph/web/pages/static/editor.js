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
  Yasgui.Yasqe.defaults.autocompleters = ["variables", "prefixes-local"];
  Yasgui.Yasqe.forkAutocompleter("prefixes", {
    name: "prefixes-local",
    persistenceId: null,
    get: () => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`),
  });
  place.hidden = false;
  const editor = new Yasgui(place, {
    requestConfig: { endpoint: endpoint.href, method: "GET" },
    copyEndpointOnNewTab: true,
    persistenceId: null,
    endpointCatalogueOptions: { getData: () => [] },
  });
  const tab = editor.getTab() || editor.addTab(true);
  tab.setEndpoint(endpoint.href);
  tab.setQuery(query);
  plain.hidden = true;
})();
