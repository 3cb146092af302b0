# SPDX-License-Identifier: Apache-2.0
"""A report of findings as JUnit XML: a suite for each constraint, a case for each finding and for what was met.

Violations and warnings are failures; Info and accepted findings are skipped cases with the reason; a check that could
not be made is an error.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as Xml

from icsgraph.law.findings import FAILED, Coverage, Finding, Report
from icsgraph.reports import standing

_NOT_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: Report) -> str:
    """Write one document."""
    root = Xml.Element("testsuites", name="icsgraph validate")
    _properties(
        Xml.SubElement(root, "testsuite", name="about", tests="0", failures="0", errors="0", skipped="0"), report
    )
    groups = dict(report.by_constraint())
    ran = [*report.coverage, *(form for form in report.forms if form.constraint in groups)]
    named = {each.constraint for each in ran}
    ran += [Coverage(name, groups[name][0].title, 0, {}, "") for name in groups if name not in named]
    for each in ran:
        _suite(root, report, each, groups.get(each.constraint, []))
    others = Xml.SubElement(root, "testsuite", name="not run")
    for name, why in report.not_run:
        case = Xml.SubElement(others, "testcase", classname="icsgraph.not-run", name=name, time="0")
        Xml.SubElement(case, "skipped", message=_clean(why))
    for suite in root:
        for kind, tag in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error"),
                          ("skipped", "testcase/skipped")):  # fmt: skip
            suite.set(kind, str(len(suite.findall(tag))))
    for kind in ("tests", "failures", "errors"):
        root.set(kind, str(sum(int(suite.get(kind, "0")) for suite in root)))
    Xml.indent(root, " ")
    return "<?xml version='1.0' encoding='utf-8'?>\n" + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: Xml.Element, report: Report, each: Coverage, findings: list[Finding]) -> None:
    suite = Xml.SubElement(root, "testsuite", name=_clean(f"{each.constraint} {each.title}"))
    listed = Xml.SubElement(suite, "properties")
    Xml.SubElement(listed, "property", name="looked at", value=str(each.looked_at))
    for outcome, number in each.outcomes.items():
        Xml.SubElement(listed, "property", name=outcome, value=str(number))
    for finding in findings:
        _case(suite, report, finding)
    if not findings:
        name = f"{each.looked_at} looked at" if each.looked_at else "nothing to look at"
        case = Xml.SubElement(suite, "testcase", classname=f"icsgraph.{each.constraint}", name=name, time="0")
        if not each.looked_at:
            Xml.SubElement(case, "skipped", message=_clean(each.note))


def _case(suite: Xml.Element, report: Report, finding: Finding) -> None:
    title = standing.about(finding) + (f": {finding.value_label}" if finding.value_label else "")
    case = Xml.SubElement(
        suite, "testcase", classname=f"icsgraph.{finding.constraint}", name=_clean(f"{title} [{finding.id}]"), time="0"
    )
    law = [f"{p.citation} {p.iri}" for p in finding.provisions]
    where = [f"At {standing.place(finding)}"] if finding.file else []
    text = _clean("\n".join([finding.message, *where, *law, finding.remedy]))
    held = standing.state(report, finding)
    if finding.outcome == FAILED:
        Xml.SubElement(case, "error", type=FAILED, message=_clean(finding.message)).text = text
    elif held.startswith("accepted"):
        Xml.SubElement(case, "skipped", message=_clean(f"{held}. {finding.message}"))
    elif finding.severity == "Info":
        Xml.SubElement(case, "skipped", message=_clean(f"{finding.outcome}: {finding.message}"))
    else:
        Xml.SubElement(case, "failure", type=finding.severity, message=_clean(finding.message)).text = text


def _properties(suite: Xml.Element, report: Report) -> None:
    listed = Xml.SubElement(suite, "properties")
    said = [*standing.facts(report), *(("caution", text) for text in standing.cautions(report))]
    said += [(label, f"{value} ({day})" if day else value) for label, value, day in standing.periods(report)]
    if report.baseline:
        said += [("gone since the baseline", f"{a.finding} {a.constraint} {a.message}") for a in report.baseline.gone]
    for label, text in (*said, ("note", standing.NOT_LAW)):
        Xml.SubElement(listed, "property", name=_clean(label), value=_clean(text))


def _clean(text: str) -> str:
    """Leave out characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
