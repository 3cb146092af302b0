# SPDX-License-Identifier: Apache-2.0
"""How long Oxigraph takes for EXISTS of several patterns, as written and as rewritten, on invented data.

    python benchmarks/not_exists.py [STRATEGIES] [SLOWEST]

STRATEGIES is the number of invented strategies, with about 9.4 triples each (10600 give 100k triples). A query as
written runs in a process of its own, which is ended after SLOWEST seconds, since Oxigraph has no time limit.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import time

import pyoxigraph

from icsgraph.algebra import NotRewritten, parse_query, rewrite_exists, to_text

NAMESPACE = "https://example.org/"
OUTER = "?s a :Strategy ; :of ?p ; :published ?d . ?b :partnerOf ?p ."
BODY = "?g a :Giving . ?g :document ?s . ?g :to ?b ."
QUERIES = {
    "not exists": f"{OUTER} FILTER NOT EXISTS {{ {BODY} }}",
    "not exists, filter that looks out": f"{OUTER} FILTER NOT EXISTS {{ {BODY} ?g :on ?on FILTER(?on <= ?d) }}",
    "exists": f"{OUTER} FILTER EXISTS {{ {BODY} }}",
    "exists, filter that looks out": f"{OUTER} FILTER EXISTS {{ {BODY} ?g :on ?on FILTER(?on <= ?d) }}",
    "not exists, one of two tests": f"{OUTER} FILTER(?d < 5 || NOT EXISTS {{ {BODY} }})",
}


def triples(strategies: int) -> str:
    """Strategies of 200 partnerships, each published on a day, and copies given of most of them."""
    chance = random.Random(1)
    lines = []

    def say(subject: str, predicate: str, object_: str) -> None:
        lines.append(f"<{NAMESPACE}{subject}> {predicate} {object_} .")

    def day() -> str:
        return f'"{chance.randrange(100)}"^^<http://www.w3.org/2001/XMLSchema#integer>'

    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    for number in range(200):
        say(f"board{number}", f"<{NAMESPACE}partnerOf>", f"<{NAMESPACE}partnership{number}>")
    for number in range(strategies):
        say(f"strategy{number}", kind, f"<{NAMESPACE}Strategy>")
        say(f"strategy{number}", f"<{NAMESPACE}of>", f"<{NAMESPACE}partnership{number % 200}>")
        say(f"strategy{number}", f"<{NAMESPACE}published>", day())
        for copy in range(2):
            if chance.random() < 0.8:
                giving = f"giving{number}-{copy}"
                say(giving, kind, f"<{NAMESPACE}Giving>")
                say(giving, f"<{NAMESPACE}document>", f"<{NAMESPACE}strategy{number}>")
                say(giving, f"<{NAMESPACE}to>", f"<{NAMESPACE}board{number % 200}>")
                say(giving, f"<{NAMESPACE}on>", day())
    return "\n".join(lines)


def run(data: str, text: str, answer: multiprocessing.Queue[tuple[float, int]]) -> None:
    """Load, then put the seconds that the query took and its number of rows into the queue."""
    store = pyoxigraph.Store()
    store.bulk_load(data.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    start = time.perf_counter()
    rows = sum(1 for _ in store.query(text))  # type: ignore[misc]
    answer.put((time.perf_counter() - start, rows))


def timed(data: str, text: str, most: float) -> tuple[float, int | None]:
    """Seconds and rows; the longest time allowed and no rows where it took longer."""
    context = multiprocessing.get_context("fork")
    answer: multiprocessing.Queue[tuple[float, int]] = context.Queue()
    worker = context.Process(target=run, args=(data, text, answer))
    worker.start()
    worker.join(most)
    if worker.is_alive():
        worker.kill()
        worker.join()
        return most, None
    return answer.get()


def main(strategies: int = 10600, slowest: float = 120) -> None:
    data = triples(strategies)
    print(f"{data.count(chr(10)) + 1} triples; seconds as written, as rewritten, ratio")
    for name, group in QUERIES.items():
        query = parse_query(f"SELECT ?s ?b {{ {group} }}", prefixes={"": NAMESPACE})
        rewriting = rewrite_exists(query)
        kinds = ", ".join("-" if isinstance(each, NotRewritten) else each.kind for each in rewriting.decisions)
        after, rows = timed(data, to_text(rewriting.query), slowest)
        before, rows_before = timed(data, to_text(query), slowest)
        if rows_before not in (None, rows):
            raise SystemExit(f"{name}: {rows_before} rows as written, {rows} as rewritten")
        more = "over " if rows_before is None else ""
        ratio = before / after
        print(f"{name:36} {kinds:9} {more}{before:8.2f} {after:8.3f} {more}{ratio:7.0f}  {rows} rows", flush=True)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
