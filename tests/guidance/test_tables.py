# SPDX-License-Identifier: Apache-2.0
"""The tables of statements, norms and changes: whole, in order, and nothing twice."""

from __future__ import annotations

import csv
import re
from collections import Counter

from guidance_tables import EDITIONS, ROOT, pieces, table

from icsgraph.guidance.sentences import digest, sentences, words
from icsgraph.guidance.tally import tally

WORDS = re.compile(r"\b(?:must|should|may|could|required|requires?|expect(?:s|ed|ation)?)\b", re.IGNORECASE)
KINDS = {"unchanged", "reworded", "strengthened", "weakened", "widened", "narrowed", "added", "removed", "moved"}
STRENGTH = {"suggestion": 0, "power": 0, "expectation": 1, "duty": 2}


def statements() -> dict[str, dict[str, str]]:
    return {row["id"]: row for edition in EDITIONS for row in table(f"statements-{edition}")}


def test_every_passage_has_the_digest_on_record(edition, text):
    """Statements, sentences that are none, and case studies are where the tables say, with those words."""
    rows = [row for kind in ("statements", "not-statements", "case-studies") for row in table(f"{kind}-{edition}")]
    found = [words(text[int(row["start"]) : int(row["end"])]) for row in rows]

    assert [(int(row["words"]), row["digest"]) for row in rows] == [(len(one), digest(one)) for one in found]


def test_the_text_is_the_one_on_record(edition, text):
    """Positions count in a file of this digest."""
    import hashlib

    recorded = {row["guidance_edition"]: row["text_sha256"] for row in table("editions")}

    assert recorded[edition] == hashlib.sha256(text.encode()).hexdigest()


def test_statements_stand_in_order_of_the_text(edition):
    """Numbers go up with positions, and a list item lies within its stem."""
    rows = table(f"statements-{edition}")
    starts = [int(row["start"]) for row in rows if not row["part_of"]]
    by_id = {row["id"]: row for row in rows}
    parts = [(row, by_id[row["part_of"]]) for row in rows if row["part_of"]]
    outside = [
        row["id"] for row, stem in parts if int(row["start"]) < int(stem["start"]) or int(row["end"]) > int(stem["end"])
    ]

    assert sorted(starts) == starts
    assert [] == outside


def test_no_word_of_obligation_is_unaccounted_for(edition, text):
    """A sentence with must, should, may, could, required or expected is a statement, or listed as none."""
    rows = [row for kind in ("statements", "not-statements", "case-studies") for row in table(f"{kind}-{edition}")]
    places = [(int(row["start"]), int(row["end"])) for row in rows]
    left = [
        (start, end)
        for start, end in sentences(text)
        if WORDS.search(text[start:end]) and not any(first < end and start < last for first, last in places)
    ]

    assert [] == left


def test_sections_are_counted_as_the_tables_say(edition, text):
    """Counting the sentences of the text anew gives the table of sections."""
    recorded = [row for row in table("sections") if row["guidance_edition"] == edition]
    known = {row["section"] for row in recorded}

    def within(path: str) -> str:
        while path not in known:
            path = path.rpartition(" > ")[0]
        return path

    places = [
        {(int(row["start"]), int(row["end"])): within(row["section"]) for row in table(f"{kind}-{edition}")}
        for kind in ("statements", "not-statements", "case-studies")
    ]
    found = tally(text, [(row["section"], int(row["start"])) for row in recorded], *places)

    assert [tuple(row.values())[1:] for row in recorded] == [
        (
            t.section,
            *(str(n) for n in (t.start, t.sentences, t.in_statements, t.listed, t.in_case_studies, t.unaccounted)),
        )
        for t in found
    ]


def test_every_statement_belongs_to_one_norm():
    """Statements of both editions are divided among the norms."""
    counted = Counter(row["statement"] for row in table("norm-statements"))
    norms = {row["id"] for row in table("norms")}

    assert dict.fromkeys(statements(), 1) == dict(counted)
    assert set() == {row["norm"] for row in table("norm-statements")} - norms


def test_every_norm_has_a_bearer_and_a_source():
    """A norm comes from a statement or a provision, and the bearers of its statements are its bearers."""
    known = statements()
    stated: dict[str, set[str]] = {}
    for row in table("norm-statements"):
        stated.setdefault(row["norm"], set()).update(pieces(known[row["statement"]]["bearers"]))
    norms = table("norms")

    assert [] == [n["id"] for n in norms if not pieces(n["bearers"])]
    assert [] == [n["id"] for n in norms if n["id"] not in stated and not pieces(n["provisions"])]
    assert [] == [n["id"] for n in norms if n["id"] in stated and stated[n["id"]] != set(pieces(n["bearers"]))]


def test_every_constraint_rests_on_a_norm_or_a_provision(law):
    """No constraint checks something that nothing asks for, and no norm names a constraint that is none."""
    tested = {one for norm in table("norms") for one in pieces(norm["constraints"])}

    assert set() == tested - set(law)
    assert [] == [name for name, provisions in law.items() if name not in tested and not provisions]


def test_every_statement_stands_in_one_change():
    """Changes divide the statements of both editions among them."""
    sides = [(pieces(row["statements_2022"]), pieces(row["statements_2024"])) for row in table("changes")]
    counted = Counter(one for before, after in sides for one in (*before, *after))

    assert dict.fromkeys(statements(), 1) == dict(counted)


def test_only_what_came_or_went_has_one_end():
    """A change has both ends unless it is an addition or a removal, kinds are known, and each has a reason."""
    wrong = []
    for row in table("changes"):
        before, after, kinds = row["statements_2022"], row["statements_2024"], set(pieces(row["kinds"]))
        if ("added" in kinds) != (not before) or ("removed" in kinds) != (not after):
            wrong.append(row["id"])
        if not kinds or kinds - KINDS or not row["reason"] or ("unchanged" in kinds and len(kinds) > 1):
            wrong.append(row["id"])

    assert [] == wrong


def test_a_rise_in_strength_is_called_one():
    """Where the later edition asks more strongly than the earlier by its modality, the change says so."""
    known = statements()
    quiet = []
    for row in table("changes"):
        before, after = pieces(row["statements_2022"]), pieces(row["statements_2024"])
        if before and after:
            rise = max(STRENGTH[known[s]["modality"]] for s in after) - max(
                STRENGTH[known[s]["modality"]] for s in before
            )
            kinds = pieces(row["kinds"])
            if (rise > 0 and "strengthened" not in kinds) or (rise < 0 and "weakened" not in kinds):
                quiet.append(row["id"])

    assert [] == quiet


def test_what_grew_stronger_or_weaker_says_how():
    """Where both editions have the same strength, the reason says that they do, and what else grew or shrank."""
    known = statements()
    wrong = []
    for row in table("changes"):
        kinds = set(pieces(row["kinds"])) & {"strengthened", "weakened"}
        sides = [[STRENGTH[known[s]["modality"]] for s in pieces(row[f"statements_{e}"])] for e in EDITIONS]
        if kinds and all(sides):
            moved = {(True, False): {"strengthened"}, (False, True): {"weakened"}, (False, False): set()}
            earlier, later = map(max, sides)
            if kinds != moved[later > earlier, later < earlier] and not re.search(r"\bboth\b", row["reason"], re.I):
                wrong.append(row["id"])

    assert [] == wrong


def test_what_came_or_went_did_nothing_else():
    """An addition or removal is of no other kind; nothing grows stronger and weaker, or wider, at once unexplained."""
    kinds = {row["id"]: set(pieces(row["kinds"])) for row in table("changes")}

    assert [] == [name for name, found in kinds.items() if found & {"added", "removed"} and len(found) > 1]
    assert [] == [name for name, found in kinds.items() if {"strengthened", "weakened"} <= found]


def test_statements_of_a_norm_share_action_and_objects():
    """A norm's objects are those of its statements, and its action is theirs, but for two that ask less in 2022."""
    known = statements()
    of: dict[str, list[dict[str, str]]] = {}
    for row in table("norm-statements"):
        of.setdefault(row["norm"], []).append(known[row["statement"]])
    norms = {norm["id"]: norm for norm in table("norms")}
    other = {s["id"] for name, rows in of.items() for s in rows if s["action"] != norms[name]["action"]}

    assert {"2022/091", "2022/197"} == other
    assert {name: {o for s in rows for o in pieces(s["objects"])} for name, rows in of.items()} == {
        name: set(pieces(norms[name]["objects"])) for name in of
    }


def test_every_duty_of_an_act_is_tested_or_says_why_not():
    """A norm that an Act makes a duty has a constraint, or the reason why records cannot show it; never both."""
    law = ROOT / "data" / "sources" / "law" / "provisions.csv"
    with law.open(encoding="utf-8", newline="") as file:
        duties = {row["provision_id"] for row in csv.DictReader(file) if row["modality"] == "duty"}
    norms = {norm["id"]: norm for norm in table("norms")}
    binding = {name for name, norm in norms.items() if duties & set(pieces(norm["provisions"]))}
    reasons = {name for name, norm in norms.items() if norm["unchecked_because"]}

    assert {name for name in binding if not norms[name]["constraints"]} == reasons


def test_no_two_norms_are_one():
    """Bearers, action and objects tell norms apart."""
    counted = Counter((n["bearers"], n["action"], n["objects"]) for n in table("norms"))

    assert [] == [key for key, times in counted.items() if times > 1]


def test_what_reads_the_same_has_the_same_bearers_and_strength():
    """An unchanged pair differs in nothing but our paraphrase."""
    known = statements()
    fields = ("modality", "bearers", "statutory", "topics", "action")
    differing = [
        row["id"]
        for row in table("changes")
        if row["kinds"] == "unchanged"
        and [known[row["statements_2022"]][f] for f in fields] != [known[row["statements_2024"]][f] for f in fields]
    ]

    assert [] == differing


def test_every_point_of_the_summary_is_judged():
    """Each bullet of the edition's own list of changes is borne out by changes, or said not to be, with a note."""
    links = {row["point"]: row for row in table("summary-links")}
    changes = {row["id"] for row in table("changes")}

    assert [row["id"] for row in table("summary-of-changes")] == list(links)
    assert [] == [name for name, row in links.items() if not row["note"]]
    assert set() == {c for row in links.values() for c in pieces(row["changes"])} - changes - {"not-borne-out"}


def test_every_topic_and_role_is_used_or_explained():
    """No concept stands in the scheme for nothing."""
    rows = list(statements().values())
    topics = {one for row in rows for one in pieces(row["topics"])}
    roles = {one for row in (*rows, *table("norms")) for one in pieces(row["bearers"])}

    assert topics == {row["slug"] for row in table("topics")}
    assert set() == roles - {row["slug"] for row in table("roles")}
    assert [] == [row["slug"] for row in table("roles") if row["slug"] not in roles and not row["note"]]
