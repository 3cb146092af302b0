# SPDX-License-Identifier: Apache-2.0
"""A number of systems to invented records of that many, with faults planted in them, and what shapes must find.

    python -m benchmarks.generate SYSTEMS OUT.nt

Everything is made up, in a vocabulary of its own. Systems stand side by side; each has a board, a partnership and 1 to
10 authorities, some shared with the next. Each authority has a board of its own, a local Healthwatch, assessments,
strategies and dated acts. Each kind of fault has a chance of its own wherever it can occur, and says when planted which
results of ``shapes.ttl`` follow: ``OUT.nt.planted`` holds them, a line each, as ``Finding.line`` writes it.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.records import ID, LABEL, RDFS, TYPE, Writer, c, day, i, number, text

PER_SYSTEM = 3300  # triples, about

CATEGORIES = [
    "MentalHealth", "Housing", "Obesity", "Dementia", "Children", "Cancer", "AirQuality", "Frailty", "Substance",
    "Access", "Workforce", "Maternity",
]  # fmt: skip
KINDS = ["County", "Unitary", "Metropolitan", "LondonBorough"]
ROLES = ["Councillor", "DirectorASS", "DirectorCS", "DirectorPH", "HealthwatchRep", "IcbRep"]
PHRASES = [
    "access to services in", "late diagnosis of conditions in", "waiting time across", "isolation among people in",
    "inequality of outcome within", "unmet demand for support in", "preventable admissions from",
]  # fmt: skip
CLASSES = {
    "FunctionHolder": "IntegratedCareBoard LocalAuthority NationalBody",
    "Organisation": "FunctionHolder IntegratedCarePartnership HealthWellbeingBoard LocalHealthwatch",
    "Agent": "Organisation BoardMember",
    "Document": "Assessment Strategy",
    "Strategy": "IntegratedCareStrategy LocalStrategy",
    "Activity": "Consideration Involvement Publication CopyGiving Receipt",
    "BoardMember": " ".join(ROLES),
}


@dataclass
class Strategy:
    """What is known of a strategy while it is made up."""

    node: str
    kind: str
    owner: str
    start: dt.date
    authorities: list[int]
    based_on: list[tuple[str, list[str]]]
    previous: str | None


@dataclass
class Maker(Writer):
    """Makes up systems, some with faults."""

    systems: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        self.own: list[list[int]] = []
        self.authorities = 0
        for _ in range(self.systems):
            many = self.random.choice([1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10])
            self.own.append(list(range(self.authorities, self.authorities + many)))
            self.authorities += many
        self.partners = [list(each) for each in self.own]
        for one in range(self.systems - 1):
            if self.random.random() < 0.3:
                self.partners[one + 1].append(self.own[one][-1])
        self.systems_of: dict[int, list[int]] = defaultdict(list)
        for one, authorities in enumerate(self.partners):
            for authority in authorities:
                self.systems_of[authority].append(one)
        self.assessments: dict[int, list[tuple[str, dt.date, list[str]]]] = {}
        self.received: set[tuple[str, int]] = set()

    def make(self) -> None:
        """Write everything."""
        names = {name for above, below in CLASSES.items() for name in (above, *below.split())}
        for name in sorted(names):
            self.say(c(name), TYPE, "<http://www.w3.org/2002/07/owl#Class>")
        for above, below in CLASSES.items():
            for name in below.split():
                self.say(c(name), f"<{RDFS}subClassOf>", c(above))
        self.say(i("nhs-england"), TYPE, c("NationalBody"))
        for one in range(self.systems):
            self.bodies(one)
        for authority in range(self.authorities):
            self.authority(authority)
            self.members(authority)
            self.assess(authority)
        for one in range(self.systems):
            self.system_strategies(one)
        for authority in range(self.authorities):
            self.local_strategies(authority)
        self.end()

    def bodies(self, one: int) -> None:
        """A board and its partnership."""
        board, partnership, area = i(f"icb/{one}"), i(f"icp/{one}"), i(f"area/icb/{one}")
        code = text(f"Q{one:05d}")
        if self.fault():
            code = text(f"q-{one}")
            self.found("C09-code", "Pattern", board, code)
        self.say(board, TYPE, c("IntegratedCareBoard"))
        self.say(board, LABEL, text(f"Board {one}", "en"))
        self.say(board, c("odsCode"), code)
        self.say(board, c("area"), area)
        self.say(area, TYPE, c("Area"))
        self.say(partnership, TYPE, c("IntegratedCarePartnership"))
        self.say(partnership, LABEL, text(f"Partnership {one}", "en"))
        self.say(partnership, c("area"), area)
        self.say(partnership, c("establishedBy"), board)
        if self.systems > 1 and self.fault():
            self.say(partnership, c("establishedBy"), i(f"icb/{(one + 1) % self.systems}"))
            self.found("C05-icb", "QualifiedMaxCount", partnership)
        for authority in self.partners[one]:
            self.say(partnership, c("establishedBy"), i(f"la/{authority}"))
            self.say(board, c("partnerOf"), i(f"la/{authority}"))
            self.say(i(f"area/la/{authority}"), c("overlaps"), area)

    def authority(self, number_: int) -> None:
        """An authority, its health and wellbeing board and its Healthwatch."""
        authority, board, watch = i(f"la/{number_}"), i(f"hwb/{number_}"), i(f"hw/{number_}")
        code, kind = text(f"E{number_:08d}"), c(self.random.choice(KINDS))
        if self.fault():
            code = text(f"X{number_}")
            self.found("C01-code", "Pattern", authority, code)
        if self.fault():
            kind = c("Parish")
            self.found("C01-type", "In", authority, kind)
        self.say(authority, TYPE, c("LocalAuthority"))
        self.say(authority, LABEL, text(f"Council {number_}", "en"), text(f"Cyngor {number_}", "cy"))
        if self.fault():
            self.say(authority, LABEL, text(f"Council of {number_}", "en"))
            self.found("C01-label", "UniqueLang", authority)
        self.say(authority, c("onsCode"), code)
        self.say(authority, c("laType"), kind)
        self.say(authority, c("population"), number(self.random.randrange(60000, 900000)))
        self.say(authority, c("area"), i(f"area/la/{number_}"))
        self.say(i(f"area/la/{number_}"), TYPE, c("Area"))
        self.say(watch, TYPE, c("LocalHealthwatch"))
        self.say(watch, c("healthwatchFor"), authority)
        self.say(watch, LABEL, text(f"Healthwatch {number_}", "en"))
        self.say(board, TYPE, c("HealthWellbeingBoard"))
        self.say(board, LABEL, text(f"Health and wellbeing board {number_}", "en"))
        self.say(board, c("boardOf"), authority)

    def members(self, authority: int) -> None:
        """Who sits on an authority's board."""
        board, watch = i(f"hwb/{authority}"), i(f"hw/{authority}")
        for place, role in enumerate([*ROLES, *["Councillor"] * self.random.randrange(4)]):
            if role == "DirectorPH" and self.fault():
                self.found("C02-dph", "QualifiedMinCount", board)
                continue
            member, mail = i(f"member/{authority}/{place}"), text(f"p{place}@example.org")
            by = {"HealthwatchRep": watch, "IcbRep": i(f"icb/{self.systems_of[authority][0]}")}.get(
                role, i(f"la/{authority}")
            )
            if role == "HealthwatchRep" and self.fault():
                role = "Councillor"
                self.found("C02-hw", "QualifiedMinCount", board)
            elif role == "HealthwatchRep" and self.authorities > 1 and self.fault():
                by = i(f"hw/{(authority + 1) % self.authorities}")
                self.found("S10-RepAppointed", "SPARQL", board, member)
            if self.fault(0.5):
                mail = text(f"p{place} at example")
                self.found("C08-email", "Pattern", member, mail)
            self.say(board, c("member"), member)
            self.say(member, TYPE, c(role))
            self.say(member, c("name"), text(f"Person {authority} {place}"))
            self.say(member, c("email"), mail)
            self.say(member, c("appointedBy"), by)

    def assess(self, authority: int) -> None:
        """Three versions of an assessment, with their needs, and their copies."""
        board = i(f"hwb/{authority}")
        first = dt.date(2014, 1, 1) + dt.timedelta(self.random.randrange(700))
        rows = self.assessments.setdefault(authority, [])
        for version in range(3):
            node = i(f"jsna/{authority}/{version}")
            starts = first + dt.timedelta(version * 1100 + self.random.randrange(200))
            ends, published = starts + dt.timedelta(1095), starts
            if self.fault():
                ends = starts - dt.timedelta(5)
                self.found("C04-from", "LessThan", node, day(starts))
            if version and self.fault(0.6):
                published = rows[-1][1] - dt.timedelta(30)
            for earlier, on, _ in rows:
                if published < on:
                    self.found("S08-VersionOrder", "SPARQL", node, earlier)
            said = number(version + 1)
            if self.fault(0.5):
                said = text(version + 1)
                self.found("C04-version", "Datatype", node, said)
            status = "Superseded" if version < 2 else "Current"
            if version < 2 and self.fault(0.5):
                status = "Current"
                self.found("C04-Assessment", "Not", node, node)
            self.say(node, TYPE, c("Assessment"))
            self.say(node, c("preparedBy"), board)
            self.say(node, c("version"), said)
            self.say(node, c("title"), text(f"Joint strategic needs assessment {authority} v{version + 1}", "en"))
            self.say(node, c("status"), c(status))
            self.say(node, c("validFrom"), day(starts))
            self.say(node, c("validTo"), day(ends))
            self.say(node, c("publishedOn"), day(published))
            self.act(f"pub/jsna/{authority}/{version}", "Publication", board, published, document=node)
            if rows:
                self.say(node, c("supersedes"), rows[-1][0])
            rows.append(
                (node, published, [self.need(authority, version, at) for at in range(self.random.randrange(10, 41))])
            )
            for one in self.systems_of[authority]:
                self.hand_over(authority, version, one, node, published)
            for each in rows[-1][2]:
                self.say(each, c("assessedIn"), node)

    def need(self, authority: int, version: int, at: int) -> str:
        """One assessed need."""
        node, topic = i(f"need/{authority}/{version}/{at}"), self.random.choice(CATEGORIES)
        category, affected = c(topic), number(self.random.randrange(50, 50000))
        by = self.random.choice([i(f"la/{authority}"), i(f"icb/{self.systems_of[authority][0]}"), i("nhs-england")])
        if self.fault(0.1):
            category = c("Other")
            self.found("C03-cat", "In", node, category)
        if self.fault(0.1):
            affected = text("many")
            self.found("C03-pop", "Datatype", node, affected)
            self.found("C03-pop", "MinInclusive", node, affected)
        if self.fault(0.1):
            by = i(f"hw/{authority}")
            self.found("C03-Need", "Or", node, node)
        place = f"area {authority}, ward {self.random.randrange(40)}"
        self.say(node, TYPE, c("AssessedNeed"))
        self.say(node, c("category"), category)
        self.say(node, c("description"), text(f"{topic} need: {self.random.choice(PHRASES)} {place}", "en"))
        self.say(node, c("populationAffected"), affected)
        self.say(node, c("metBy"), by)
        self.say(node, c("rank"), number(at + 1))
        return node

    def hand_over(self, authority: int, version: int, one: int, node: str, published: dt.date) -> None:
        """The copy of an assessment that a partnership gets, and its receipt."""
        partnership, on = i(f"icp/{one}"), published + dt.timedelta(self.random.randrange(5, 40))
        if self.fault():
            self.found("S03-AssessmentCopyToPartnership", "SPARQL", node, partnership)
            return
        path = f"jsna/{authority}/{version}/{one}"
        given = self.act(f"copy/{path}", "CopyGiving", i(f"hwb/{authority}"), on, document=node, to=partnership)
        if self.fault(0.3):
            self.say(given, c("note"), text("by hand"))
            self.found("C07-Copy", "Closed", given, text("by hand"))
        self.act(f"receipt/{path}", "Receipt", partnership, on, document=node)
        self.received.add((node, one))

    def strategy(self, it: Strategy, holders: list[str], authorities: set[str]) -> None:
        """A strategy, its priorities and what was done for it."""
        ends, path = it.start + dt.timedelta(1800), it.node[len(ID) + 1 : -1]
        if self.fault():
            ends = it.start
            self.found("C06-start", "LessThan", it.node, day(it.start))
        self.say(it.node, TYPE, c(it.kind))
        self.say(it.node, c("strategyOf"), it.owner)
        self.say(it.node, c("title"), text(f"{it.kind} of {it.start.year}", "en"))
        if it.previous:
            self.say(it.node, c("supersedes"), it.previous)
        self.say(it.node, c("startDate"), day(it.start))
        self.say(it.node, c("endDate"), day(ends))
        self.say(it.node, c("publishedOn"), day(it.start))
        self.act(f"pub/{path}", "Publication", it.owner, it.start, document=it.node)
        basis = not self.fault(0.5)
        if basis:
            self.say(it.node, c("basedOn"), *(assessment for assessment, _ in it.based_on))
        else:
            self.found("C06-basis", "MinCount", it.node)
        needs = [need for _, several in it.based_on for need in several]
        self.priorities(it, path, needs, holders, authorities, basis)
        self.consider(it, path)
        for authority in it.authorities:
            if self.fault():
                self.found("S07-HealthwatchInvolved", "SPARQL", it.node, i(f"hw/{authority}"))
                continue
            on = it.start - dt.timedelta(self.random.randrange(30, 300))
            watch = i(f"hw/{authority}")
            self.act(f"involve-{authority}/{path}", "Involvement", it.owner, on, about=it.node, involved=watch)

    def priorities(
        self, it: Strategy, path: str, needs: list[str], holders: list[str], authorities: set[str], basis: bool
    ) -> None:
        """Priorities that address needs, six each."""
        addressed = [need for at, need in enumerate(needs) if not at or not self.fault(0.6)]
        if it.kind == "LocalStrategy" and basis:
            for need in set(needs) - set(addressed):
                self.found("S04-UnaddressedNeed", "SPARQL", it.node, need)
        for rank, start in enumerate(range(0, len(addressed), 6), 1):
            node = i(f"{path}/priority/{rank}")
            self.say(node, TYPE, c("Priority"))
            self.say(node, c("priorityOf"), it.node)
            self.say(node, c("rank"), number(rank))
            self.say(node, c("statement"), text(f"Priority {rank}: {self.random.choice(PHRASES)} the area", "en"))
            self.say(node, c("addresses"), *addressed[start : start + 6])
            if self.fault(0.5):
                self.found("C10-holder", "MinCount", node)
                continue
            holder = self.random.choice(holders)
            if self.fault(0.5):
                holder = i(f"la/{(it.authorities[0] + self.authorities // 2 + 1) % self.authorities}")
                if holder not in authorities:
                    self.found("S09-holder", "SPARQL", node, holder)
            self.say(node, c("functionHolder"), holder)

    def consider(self, it: Strategy, path: str) -> None:
        """What was considered before a strategy was published, or too late."""
        for topic in ("Section75", "Guidance", "Mandate"):
            missing, late = topic == "Section75" and self.fault(), self.fault()
            if topic == "Section75" and it.kind == "IntegratedCareStrategy" and (missing or late):
                self.found("S05-Section75", "SPARQL", it.node, it.node)
            if missing:
                continue
            on = it.start + dt.timedelta(9) if late else it.start - dt.timedelta(self.random.randrange(20, 200))
            self.act(f"consider-{topic}/{path}", "Consideration", it.owner, on, about=it.node, topic=c(topic))

    def copy(self, it: Strategy, to: str, shape: str) -> None:
        """The copy of a strategy that a body gets."""
        on = it.start + dt.timedelta(10)
        if self.fault():
            self.found(shape, "SPARQL", it.node, to)
            return
        early = self.fault(0.4)
        if early:
            on -= dt.timedelta(400)
        path = f"copy/{to[len(ID) + 1 : -1].replace('/', '-')}/{it.node[len(ID) + 1 : -1]}"
        given = self.act(path, "CopyGiving", it.owner, on, document=it.node, to=to)
        if early:
            self.found("S12-CopyAfterPublication", "SPARQL", given, it.node)

    def system_strategies(self, one: int) -> None:
        """Two strategies of a partnership, their copies, and whether it considered revising the last."""
        partnership, authorities = i(f"icp/{one}"), self.partners[one]
        boards = sorted({each for authority in authorities for each in self.systems_of[authority]})
        bodies = [i(f"la/{authority}") for authority in authorities]
        previous = None
        for version in range(2):
            start = dt.date(2019, 1, 1) + dt.timedelta(version * 1300 + self.random.randrange(120))
            based = [(node, needs[:6]) for a in authorities for node, _, needs in [self.assessments[a][version]]]
            it = Strategy(i(f"ics-strategy/{one}/{version}"), "IntegratedCareStrategy", partnership, start, authorities,
                          based, previous)  # fmt: skip
            self.strategy(it, [*bodies, i(f"icb/{one}"), i("nhs-england")], set(bodies))
            for body in bodies:
                self.copy(it, body, "S01-CopyToAuthority")
            for board in boards:
                self.copy(it, i(f"icb/{board}"), "S02-CopyToPartnerBoard")
            previous = it.node
        for authority in authorities:
            for version, (node, published, _) in enumerate(self.assessments[authority]):
                if self.fault():
                    if (node, one) in self.received:
                        self.found("S06-RevisionConsidered", "SPARQL", partnership, node)
                    continue
                on = published + dt.timedelta(self.random.randrange(60, 150))
                self.act(f"consider-revision/{one}/{authority}/{version}", "Consideration", partnership, on,
                         about=i(f"ics-strategy/{one}/1"), topic=c("Revision"), becauseOf=node)  # fmt: skip

    def local_strategies(self, authority: int) -> None:
        """Two strategies of an authority's board, and whether it had regard to those of its systems."""
        board, body, previous = i(f"hwb/{authority}"), i(f"la/{authority}"), None
        around = self.systems_of[authority]
        for version in range(2):
            start = dt.date(2019, 6, 1) + dt.timedelta(version * 1300 + self.random.randrange(120))
            node, _, needs = self.assessments[authority][version * 2]
            it = Strategy(i(f"local-strategy/{authority}/{version}"), "LocalStrategy", board, start, [authority],
                          [(node, needs)], previous)  # fmt: skip
            self.strategy(it, [body, i("nhs-england"), *(i(f"icb/{one}") for one in around)], {body})
            for one in around:
                if self.fault():
                    self.found("S11-RegardToSystemStrategy", "SPARQL", it.node, i(f"icp/{one}"))
                    continue
                on = start - dt.timedelta(self.random.randrange(1, 90))
                self.act(f"consider-ics/{authority}/{version}/{one}", "Consideration", board, on, about=it.node,
                         topic=c("IntegratedCareStrategy"), considered=i(f"ics-strategy/{one}/{version}"))  # fmt: skip
            previous = it.node


def generate(systems: int, path: Path, *, chance: float = 0.05, seed: int = 7) -> tuple[int, int]:
    """Write records and what must be found in them; give the numbers of triples and of findings."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        maker = Maker(stream, chance, seed, systems=systems)
        maker.make()
    lines = sorted(each.line for each in maker.findings.elements())
    planted(path).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return maker.count, len(lines)


def planted(path: Path) -> Path:
    """The file that says what must be found in another."""
    return path.with_name(path.name + ".planted")


if __name__ == "__main__":
    made, faults = generate(int(sys.argv[1]), Path(sys.argv[2]))
    print(f"{made} triples, {faults} findings planted")
