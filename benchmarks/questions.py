# SPDX-License-Identifier: Apache-2.0
"""Fifteen questions of the kind that a researcher asks of the invented systems."""

from __future__ import annotations

PREFIXES = "PREFIX ics: <https://example.org/ics#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
QUERIES = {
    "lookup": """
        SELECT ?p ?o { <https://example.org/id/la/3> ?p ?o }""",
    "join5": """
        SELECT ?icp ?la ?hwb ?j ?d { ?icp a ics:IntegratedCarePartnership ; ics:establishedBy ?la . ?la a
        ics:LocalAuthority . ?hwb ics:boardOf ?la . ?j ics:preparedBy ?hwb ; ics:status ics:Current ;
        ics:publishedOn ?d }""",
    "count-by-category": """
        SELECT ?c (COUNT(?n) AS ?k) (AVG(?pop) AS ?mean) { ?n a ics:AssessedNeed ; ics:category ?c ;
        ics:populationAffected ?pop } GROUP BY ?c ORDER BY DESC(?k)""",
    "need-by-icp": """
        SELECT ?icp ?c (COUNT(DISTINCT ?n) AS ?k) { ?icp a ics:IntegratedCarePartnership ; ics:establishedBy ?la .
        ?hwb ics:boardOf ?la . ?j ics:preparedBy ?hwb ; ics:status ics:Current . ?n ics:assessedIn ?j ; ics:category
        ?c } GROUP BY ?icp ?c ORDER BY ?icp DESC(?k)""",
    "unaddressed": """
        SELECT ?s ?n { ?s a ics:LocalStrategy ; ics:basedOn ?j . ?n ics:assessedIn ?j . FILTER NOT EXISTS { ?p
        ics:priorityOf ?s ; ics:addresses ?n } }""",
    "missing-copy": """
        SELECT DISTINCT ?s ?icb { ?s a ics:IntegratedCareStrategy ; ics:strategyOf ?icp . ?icp ics:area ?a . ?la
        ics:area/ics:overlaps ?a . ?icb ics:partnerOf ?la . FILTER NOT EXISTS { ?g a ics:CopyGiving ; ics:document
        ?s ; ics:to ?icb } }""",
    "version-chain": """
        SELECT ?j (COUNT(?older) AS ?k) { ?j a ics:Assessment . OPTIONAL { ?j ics:supersedes+ ?older } } GROUP BY ?j""",
    "optional": """
        SELECT ?q ?h ?l { ?q a ics:Priority . OPTIONAL { ?q ics:functionHolder ?h . OPTIONAL { ?h rdfs:label ?l } }
        }""",
    "text-filter": """
        SELECT ?n ?d { ?n ics:description ?d . FILTER(CONTAINS(LCASE(STR(?d)), "isolation")
        && REGEX(STR(?d), "ward 1[0-9]$")) }""",
    "group-concat": """
        SELECT ?s (GROUP_CONCAT(DISTINCT ?c; separator=", ") AS ?cs) { ?s a ics:LocalStrategy . ?q ics:priorityOf ?s
        ; ics:addresses/ics:category ?c } GROUP BY ?s""",
    "subclass-path": """
        SELECT ?t (COUNT(?x) AS ?k) { ?x a ?t . ?t rdfs:subClassOf* ics:Activity } GROUP BY ?t""",
    "date-window": """
        SELECT ?s ?c ?on { ?s a ics:IntegratedCareStrategy ; ics:publishedOn ?p . ?c ics:about ?s ; a
        ics:Consideration ; ics:on ?on . FILTER(?on > ?p) }""",
    "top-n": """
        SELECT ?n ?pop { ?n ics:populationAffected ?pop . ?n ics:category ics:Dementia } ORDER BY DESC(?pop) LIMIT
        20""",
    "shared-la": """
        SELECT ?la (COUNT(DISTINCT ?icp) AS ?k) { ?icp a ics:IntegratedCarePartnership ; ics:establishedBy ?la . ?la
        a ics:LocalAuthority } GROUP BY ?la HAVING (COUNT(DISTINCT ?icp) > 1)""",
    "late-revision": """
        SELECT ?icp ?j ?got { ?r a ics:Receipt ; ics:by ?icp ; ics:document ?j ; ics:on ?got . FILTER NOT EXISTS {
        ?c a ics:Consideration ; ics:by ?icp ; ics:becauseOf ?j ; ics:on ?on . FILTER(?on >= ?got) } }""",
}
