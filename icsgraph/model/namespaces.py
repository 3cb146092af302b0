# SPDX-License-Identifier: Apache-2.0
"""Every namespace and prefix, once."""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/icsgraph/"

ICS: Final = BASE + "def/"
ICSC: Final = BASE + "constraint/"
ICSS: Final = BASE + "shape/"
ICSQ: Final = BASE + "query/"
ICSG: Final = BASE + "graph/"
ID: Final = BASE + "id/"
SCHEME: Final = BASE + "scheme/"
STATEMENT: Final = BASE + "statement/"
NORM: Final = BASE + "norm/"
AREA: Final = "http://statistics.data.gov.uk/id/statistical-geography/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
ORG: Final = "http://www.w3.org/ns/org#"

PREFIXES: Final[dict[str, str]] = {
    "ics": ICS,
    "icsc": ICSC,
    "icss": ICSS,
    "icsq": ICSQ,
    "icsg": ICSG,
    "id": ID,
    "scheme": SCHEME,
    "statement": STATEMENT,
    "norm": NORM,
    "area": AREA,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "sh": SH,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "org": ORG,
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "time": "http://www.w3.org/2006/time#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "qb": "http://purl.org/linked-data/cube#",
    "adms": "http://www.w3.org/ns/adms#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vann": "http://purl.org/vocab/vann/",
}
