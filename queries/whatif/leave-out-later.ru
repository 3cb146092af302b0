# SPDX-License-Identifier: Apache-2.0
# Leaves out what is known of boards, partnerships and their areas from ?day on, and opens what stood on ?eve, the day
# before: the change is made to the world as it stood then, as though no other change were to come.
# A later overlap stays where only the authority's area was given a new code.
PREFIX ics: <https://w3id.org/icsgraph/def/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX row: <https://w3id.org/icsgraph/what-if/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { ?later ?p ?o . ?other ?q ?later }
WHERE {
  {
    { VALUES ?kind { ics:IntegratedCareBoard ics:IntegratedCarePartnership ics:BoardArea } ?later a ?kind ; ics:earliestFirstDay ?first }
    UNION
    { ?later a ics:SuccessionEvent ; ics:earliestDay ?first ; org:originalOrganization ?body . ?body a ics:IntegratedCareBoard }
    UNION
    {
      ?later a ics:AreaOverlap ; ics:earliestFirstDay ?first ; ics:overlapsAuthorityArea ?authorityArea ; ics:overlapsBoardArea ?boardArea .
      ?boardArea ics:earliestFirstDay ?boardAreaFirst .
      ?authorityArea ics:latestFirstDay ?areaFirst ; ics:earliestLastDay ?areaLast .
      FILTER (?boardAreaFirst >= ?day || (?areaFirst <= ?eve && ?eve <= ?areaLast))
    }
    FILTER (?first >= ?day)
  }
  { ?later ?p ?o } UNION { ?other ?q ?later }
} ;
DELETE { ?standing ics:lastDay ?stated ; ics:earliestLastDay ?last1 ; ics:latestLastDay ?last2 }
INSERT { ?standing ics:earliestLastDay "9999-12-31"^^xsd:date ; ics:latestLastDay "9999-12-31"^^xsd:date }
WHERE {
  VALUES ?kind { ics:IntegratedCareBoard ics:IntegratedCarePartnership ics:BoardArea ics:AreaOverlap }
  ?standing a ?kind ; ics:latestFirstDay ?first ; ics:earliestLastDay ?last1 ; ics:latestLastDay ?last2 .
  FILTER (?first <= ?eve && ?eve <= ?last1 && ?last1 < "9999-12-31"^^xsd:date)
  OPTIONAL { ?standing ics:lastDay ?stated }
}
