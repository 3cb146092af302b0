# SPDX-License-Identifier: Apache-2.0
"""Pages take turns: however many are asked for, queries and the signs of life go on."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from icsgraph.web.context import Context
from icsgraph.web.errors import Refused
from icsgraph.web.limits import Limits
from icsgraph.web.pages.visit import Pages
from icsgraph.web.source import Located


def test_pages_asked_for_at_once_do_not_hold_up_light_queries(served):
    """While forty visitors each ask for a page as at a day of their own, light queries and /healthz are quick."""
    days = [date(2023, 1, 1) + timedelta(days=number) for number in range(40)]
    statuses: list[int] = []

    def visit(day: date) -> None:
        statuses.append(served.get(f"/system/QNQ?as-at={day}").status)

    visitors = [threading.Thread(target=visit, args=(day,)) for day in days]
    for visitor in visitors:
        visitor.start()
    light, alive = [], []
    while any(visitor.is_alive() for visitor in visitors) and len(light) < 50:
        light.append(_seconds(lambda: served.query("ASK { ?s a ics:Constraint }").status == 200))
        alive.append(_seconds(lambda: served.get("/healthz").status == 200))
    for visitor in visitors:
        visitor.join()

    assert [200] * len(days) == statuses
    assert len(light) >= 5, "the pages took long enough to be felt"
    assert sorted(light)[len(light) // 2] < 2
    assert sorted(alive)[len(alive) // 2] < 1


def _seconds(ask) -> float:
    begun = time.monotonic()
    assert ask()
    return time.monotonic() - begun


def test_pages_beyond_those_that_may_wait_are_turned_away(store, monkeypatch):
    """The queue of pages has an end, and whoever stands beyond it is told to come again."""
    monkeypatch.setattr("icsgraph.web.context.ox.Store.read_only", lambda path: None, raising=False)
    pages = Pages(Context(Located(store, "x", (), {}), Limits(workers=2, waiting=3), work=None))
    go = threading.Event()

    async def ask() -> list[object]:
        waiting = [asyncio.create_task(pages.drawn_up(go.wait, 30)) for _ in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(Refused, match="more to do") as refused:
            await pages.drawn_up(go.wait, 30)
        go.set()
        return [refused.value.status, *await asyncio.gather(*waiting), await pages.drawn_up(lambda: "drawn")]

    assert [503, True, True, True, "drawn"] == asyncio.run(ask())


def test_a_page_that_does_not_come_to_an_end_is_given_up(store, monkeypatch):
    """Whoever asked is told after the limit of time, and others have their turn; an error reaches whoever waits."""
    monkeypatch.setattr("icsgraph.web.context.ox.Store.read_only", lambda path: None, raising=False)
    monkeypatch.setattr("icsgraph.web.pages.visit._SECONDS", 0.3)
    pages = Pages(Context(Located(store, "x", (), {}), Limits(workers=2), work=None))
    go = threading.Event()

    async def ask() -> list[object]:
        stuck = await asyncio.gather(*(pages.drawn_up(go.wait, 30) for _ in range(2)), return_exceptions=True)
        with pytest.raises(ZeroDivisionError):
            await pages.drawn_up(lambda: 1 / 0)
        return [*(each.status for each in stuck), await pages.drawn_up(lambda: "drawn")]

    found = asyncio.run(ask())
    go.set()

    assert [504, 504, "drawn"] == found


def test_what_one_page_makes_nobody_else_waits_for(store, monkeypatch):
    """Of two visitors who want one thing one makes it; a third, who wants another, does not wait."""
    monkeypatch.setattr("icsgraph.web.context.ox.Store.read_only", lambda path: None, raising=False)
    pages = Pages(Context(Located(store, "x", (), {}), Limits(), work=None))
    go, made = threading.Event(), []

    def slow() -> str:
        made.append("slow")
        go.wait(30)
        return "slow"

    both = [threading.Thread(target=pages.kept, args=("one", slow)) for _ in range(2)]
    for each in both:
        each.start()
    quick = pages.kept("other", lambda: "quick")
    go.set()
    for each in both:
        each.join()

    assert ("quick", ["slow"], "slow") == (quick, made, pages.kept("one", slow))


@pytest.mark.parametrize(
    "path", ["/query?words=", "/search?words=", "/map?council=", "/guidance/2024?topic=", "/system/"]
)
def test_long_words_take_no_long_time(served, path):
    """The longest address that is read, whatever page it goes to, is answered in about the usual time."""
    name, _, rest = path.partition("=")
    words = "a b " * 12_000
    address = f"{name}={urlencode({'': words})[1:]}" if "=" in path else f"{path}{'ab' * 24_000}"
    assert not rest

    assert _seconds(lambda: served.get(address, "text/html").status in (200, 404)) < 10
