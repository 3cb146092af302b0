# SPDX-License-Identifier: Apache-2.0
"""Statements, differences, text checks and coverage, asked of the graph."""

from __future__ import annotations

import pytest

from icsgraph.guidance.coverage import read_coverage
from icsgraph.guidance.diff import read_diff
from icsgraph.guidance.sentences import sentences
from icsgraph.guidance.statements import Filters, editions, read_statement, read_statements
from icsgraph.guidance.tally import tally
from icsgraph.guidance.textcheck import Outcome, check_text, passage, which_edition
from icsgraph.model.errors import LookupFailed


def outcomes(text, statements):
    """Give the ids of the statements that are not the same any more, with what became of each."""
    return {f.statement.id: f.outcome for f in check_text(text, statements) if f.outcome is not Outcome.SAME}


def of(opened, edition):
    return read_statements(opened, Filters(edition=edition))


def test_the_graph_holds_both_editions(opened):
    """277 statements of 2022 and 352 of 2024, from the editions' tables."""
    assert ["2022", "2024"] == editions(opened)
    assert (277, 352) == (len(of(opened, "2022")), len(of(opened, "2024")))


def test_a_statement_carries_what_a_reader_needs(opened):
    """Giving copies is law, rests on two provisions, and can be read on GOV.UK under its heading."""
    found = read_statement(opened, "2024/256")

    assert ("duty", True, ("integrated-care-partnership",)) == (found.modality, found.statutory, found.bearers)
    assert ("ICS-COPY-ICB", "ICS-COPY-LA") == found.provisions
    assert ("Publication and review", "Publication") == found.section
    assert found.page.endswith("#publication")


def test_a_topic_includes_those_below_it(opened):
    """Housing lies below health-related services."""
    broad = {s.id for s in read_statements(opened, Filters(topic="health-related-services"))}
    narrow = {s.id for s in read_statements(opened, Filters(topic="housing"))}

    assert narrow < broad


def test_filters_narrow_together(opened):
    """What boards must do by law in 2024 is within each of the three."""
    found = read_statements(opened, Filters("2024", "duty", "integrated-care-board", statutory=True))

    assert found
    assert all(s.edition == "2024" and s.modality == "duty" and s.statutory for s in found)
    assert all("integrated-care-board" in s.bearers for s in found)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(topic="hosing"),
        Filters(edition="2023"),
        Filters(bearer="icb"),
        Filters(modality="must"),
        Filters(changed="x"),
    ],
)
def test_a_name_that_means_nothing_is_refused(opened, filters):
    """An empty list would look like an answer."""
    with pytest.raises(LookupFailed, match="E420"):
        read_statements(opened, filters)


def test_the_gravest_changes_come_first(opened):
    """Strengthened, then weakened; appointing more members rose from a power to an expectation."""
    found = read_diff(opened, "2022", "2024")
    appointing = next(c for c in found.changes if ("2022/015",) == tuple(s.id for s in c.earlier))

    assert ["strengthened", "weakened"] == list(found.counts())[:2]
    assert "strengthened" == found.changes[0].leading
    assert ("power", "expectation") == appointing.strengths
    assert "A power in the Act" in appointing.note


def test_whole_population_was_must_and_is_should(opened):
    """Neither is law: the Act asks no such thing."""
    found = next(c for c in read_diff(opened, "2022", "2024").changes if "2022/178" in [s.id for s in c.earlier])

    assert ("weakened", ("duty", "expectation")) == (found.leading, found.strengths)
    assert not any(s.statutory for s in (*found.earlier, *found.later))


def test_points_of_the_editions_own_list_are_borne_out_or_not(opened):
    """More case studies are borne out by three of these and no change; each other point by changes."""
    points = {point.id: point for point in read_diff(opened, "2022", "2024").points}

    assert 10 == len(points)
    assert ((), ("2024/01", "2024/10", "2024/12")) == (
        points["2024/change/5"].changes,
        points["2024/change/5"].case_studies,
    )
    assert [] == [name for name, point in points.items() if not point.changes and name != "2024/change/5"]


def test_the_later_edition_first_is_refused(opened):
    """Changes are on record in one direction."""
    with pytest.raises(LookupFailed, match="E422"):
        read_diff(opened, "2024", "2022")


def test_the_text_on_record_is_the_same_throughout(opened, edition, text):
    """Every statement is found in place in the very text, whose edition is told from it."""
    assert {} == outcomes(text, of(opened, edition))
    assert edition == which_edition(text, read_statements(opened))


def test_text_put_before_moves_nothing(opened, edition, text):
    """Statements keep their order, so a new preface is no change."""
    assert {} == outcomes("A preface that is new.\n\n" + text, of(opened, edition))


def test_white_space_and_quotes_do_not_count(opened, edition, text):
    """A copy that was reflowed, with straight quotes, says the same."""
    reflowed = " ".join(text.split()).replace("\u2019", "'")

    assert {} == outcomes(reflowed, of(opened, edition))


def test_a_changed_a_lost_and_a_moved_passage_are_told_apart(opened):
    """The same statement, altered in its place, cut out, and put at the end."""
    from guidance_tables import TEXTS

    from icsgraph.guidance.sentences import read_text

    path = TEXTS / "guidance-2024.txt"
    if not path.is_file():
        pytest.skip("the texts of the guidance are not beside this checkout")
    text, statements = read_text(path), of(opened, "2024")
    one = read_statement(opened, "2024/261")
    words, start = passage(text, one) or ("", 0)
    without = text[:start] + text[start + len(words) :]

    assert {"2024/261": Outcome.CHANGED} == outcomes(
        text.replace(words, words.replace(" ", " altered ", 1)), statements
    )
    assert {"2024/261": Outcome.GONE} == outcomes(without, statements)
    assert {"2024/261": Outcome.MOVED} == outcomes(without + "\n" + words, statements)


def test_another_text_is_no_edition(opened):
    """Nothing is claimed of a text that holds nothing known."""
    with pytest.raises(LookupFailed, match="E421"):
        which_edition("Quite another text. " * 50, read_statements(opened))


def test_sentences_end_at_stops_and_items_at_lines():
    """A footnote's mark belongs to what is before it, a heading is no sentence, and an item needs no stop."""
    text = "A heading\n\nThe board must act.[footnote 2] It may (e.g. soon) wait a while.\n  • an item of four words\n"

    assert ["The board must act.[footnote 2]", "It may (e.g. soon) wait a while.", "an item of four words"] == [
        text[start:end] for start, end in sentences(text)
    ]


def test_coverage_adds_up(opened):
    """Sections have all the statements there are, and no more sentences accounted for than they have."""
    found = read_coverage(opened)
    totals = found.totals()

    assert (277, 352) == (totals["2022"]["statements"], totals["2024"]["statements"])
    assert [] == [p for p in found.sections if p.in_statements + p.listed + p.in_case_studies > p.sentences]


def test_no_word_of_obligation_is_left_over_and_passages_have_reasons(opened):
    """Coverage says so itself: nothing unaccounted for, and every passage listed as no statement under a reason."""
    found = read_coverage(opened)

    assert {0} == {part.unaccounted for part in found.sections}
    assert {"2022": 31, "2024": 44} == {edition: sum(reasons.values()) for edition, reasons in found.reasons.items()}


def test_a_sentence_that_no_table_holds_is_unaccounted_for():
    """With a word such as must it counts, without one it does not."""
    text = "The board must act on this.\nThe board acts on this.\n"
    (counted,) = tally(text, [("All", 0)], {}, {}, {})

    assert (2, 1) == (counted.bare, counted.unaccounted)


def test_duties_of_acts_are_checked_or_say_why_not(opened):
    """What nothing tests, as the climate targets of boards, has a reason; a limit of a constraint is told."""
    norms = {norm.norm: norm for norm in read_coverage(opened).norms}

    assert [] == [n.norm for n in norms.values() if n.duty and not n.constraints and not n.unchecked]
    assert norms["board-regards-climate"].unchecked
    assert any(limit.startswith("REG-01: partly") for limit in norms["have-regard-to-strategy"].limits)


def test_counting_a_copy_anew_gives_what_is_on_record(opened, edition, text):
    """The counts in the graph are those of the text."""
    assert read_coverage(opened, edition).sections == read_coverage(opened, edition, text).sections


def test_copies_to_partner_boards_lead_to_their_shape(opened):
    """From the norm to constraint ICS-20 and its shape file."""
    chain = next(norm for norm in read_coverage(opened).norms if norm.norm == "give-copies")

    assert "ICS-20" in chain.constraints
    assert "shapes/strategy/ICS-20.ttl" in chain.shapes


def test_a_list_without_its_bullets_is_the_same(opened, edition, text):
    """Copying from a web page loses bullets, which are words of a list's digest."""
    stem = {"2022": "2022/177", "2024": "2024/216"}[edition]
    family = [s for s in of(opened, edition) if stem in (s.id, s.part_of)]
    plain = "\n".join(line.strip().removeprefix("\u2022").removeprefix("-").strip() for line in text.split("\n"))
    bare = plain.replace("Health protection includes: -", "Health protection includes:")

    assert 8 == len(family)
    assert {} == outcomes(bare, family)
