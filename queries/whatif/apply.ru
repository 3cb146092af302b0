# SPDX-License-Identifier: Apache-2.0
# Makes the change, from the rows that say which boards there are on ?day and which ground each then has.
PREFIX ics: <https://w3id.org/icsgraph/def/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX row: <https://w3id.org/icsgraph/what-if/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
# A board that is no more, its partnership, and the area of each board that is no more or whose area changes, end on ?eve.
DELETE { ?ended ics:lastDay ?stated ; ics:earliestLastDay ?last1 ; ics:latestLastDay ?last2 }
INSERT { ?ended ics:lastDay ?eve ; ics:earliestLastDay ?eve ; ics:latestLastDay ?eve }
WHERE {
  { ?row row:endedBoard ?ended }
  UNION { ?row row:endedBoard ?board . ?ended ics:isPartnershipOf ?board }
  UNION { ?row row:endedArea ?ended }
  UNION { ?row row:endedArea ?area . ?ended a ics:AreaOverlap ; ics:overlapsBoardArea ?area }
  ?ended ics:earliestLastDay ?last1 ; ics:latestLastDay ?last2 ; ics:latestFirstDay ?first .
  FILTER (?first <= ?eve && ?eve <= ?last1)
  OPTIONAL { ?ended ics:lastDay ?stated }
} ;
INSERT {
  ?board a ics:IntegratedCareBoard ; rdfs:label ?name ; ics:odsCode ?code ; ics:code ?code ;
    ics:firstDay ?day ; ics:earliestFirstDay ?day ; ics:latestFirstDay ?day ;
    ics:earliestLastDay "9999-12-31"^^xsd:date ; ics:latestLastDay "9999-12-31"^^xsd:date .
}
WHERE { ?row row:newBoard ?board ; row:name ?name . OPTIONAL { ?row row:code ?code } } ;
# The Act asks a partnership for every board (LGPIHA 2007 s116ZA(1)).
INSERT {
  ?partnership a ics:IntegratedCarePartnership ; rdfs:label ?label ; ics:isPartnershipOf ?board ;
    ics:firstDay ?day ; ics:earliestFirstDay ?day ; ics:latestFirstDay ?day ;
    ics:earliestLastDay "9999-12-31"^^xsd:date ; ics:latestLastDay "9999-12-31"^^xsd:date .
}
WHERE {
  ?row row:newBoard ?board ; row:name ?name .
  FILTER NOT EXISTS { ?stated ics:isPartnershipOf ?board }
  BIND (IRI(IF(CONTAINS(STR(?board), "/id/icb/"), REPLACE(STR(?board), "/id/icb/", "/id/icp/"), CONCAT(STR(?board), "/partnership"))) AS ?partnership)
  BIND (STRLANG(CONCAT("integrated care partnership of ", ?name), "en") AS ?label)
} ;
INSERT {
  ?board ics:hasArea ?area .
  ?area a ics:BoardArea ; rdfs:label ?label ;
    ics:firstDay ?day ; ics:earliestFirstDay ?day ; ics:latestFirstDay ?day ;
    ics:earliestLastDay "9999-12-31"^^xsd:date ; ics:latestLastDay "9999-12-31"^^xsd:date .
}
WHERE {
  ?row row:board ?board ; row:newArea ?area .
  ?board rdfs:label ?name . BIND (STRLANG(CONCAT("area of ", STR(?name)), "en") AS ?label)
} ;
INSERT {
  ?overlap a ics:AreaOverlap ; rdfs:label ?label ;
    ics:overlapsAuthorityArea ?authorityArea ; ics:overlapsBoardArea ?area ; ics:lsoaCount ?lsoas ; ics:residentsCensus2021 ?residents ;
    ics:firstDay ?day ; ics:earliestFirstDay ?day ; ics:latestFirstDay ?day ;
    ics:earliestLastDay "9999-12-31"^^xsd:date ; ics:latestLastDay "9999-12-31"^^xsd:date .
}
WHERE {
  ?overlap row:authorityArea ?authorityArea ; row:area ?area .
  OPTIONAL { ?overlap row:lsoas ?lsoas }
  OPTIONAL { ?overlap row:residents ?residents }
  OPTIONAL { ?authorityArea rdfs:label ?authorityName }
  OPTIONAL { ?area rdfs:label ?areaName }
  BIND (STRLANG(CONCAT("overlap of ", COALESCE(STR(?authorityName), STR(?authorityArea)), " and ", COALESCE(STR(?areaName), STR(?area))), "en") AS ?label)
} ;
INSERT {
  ?event a ics:SuccessionEvent ; rdfs:label ?label ; org:originalOrganization ?original ; org:resultingOrganization ?result ;
    ics:changeKind ?kind ; ics:onDate ?day ; ics:earliestDay ?day ; ics:latestDay ?day ; ics:movedLSOAs ?lsoas .
}
WHERE {
  ?event row:original ?original ; row:result ?result ; row:kind ?kind .
  OPTIONAL { ?event row:lsoas ?lsoas }
  OPTIONAL { ?original rdfs:label ?from } OPTIONAL { ?result rdfs:label ?to }
  BIND (STRLANG(CONCAT("from ", COALESCE(STR(?from), STR(?original)), " to ", COALESCE(STR(?to), STR(?result))), "en") AS ?label)
}
