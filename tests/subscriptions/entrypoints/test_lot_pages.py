"""What a merchant sees of a lot: its windows, what households said of it, and nothing of anybody else's."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from litestar.types import ControllerRouterHandler
from pendulum import Date

from subscriptions.entrypoints.merchant_lots_controller import MerchantLotsController
from subscriptions.role import Role
from tests.market import BEFORE, Market, add_box, add_lot, insert, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import add_person, fetch

DELIVERY_ON = Date(2026, 12, 1)


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantLotsController,)


async def planner(web: Web, merchant: UUID) -> Browser:
    await add_person("planner@example.org", (Role.PLANNER, merchant))
    browser = await web.browser()
    await browser.sign_in("planner@example.org")
    return browser


async def say(lot: UUID, box: UUID, verdict: str, day: int, *, home: int = 1) -> None:
    """Let the household of a box report."""
    ((line, merchant, household, person),) = await fetch(
        "SELECT line.id, line.merchant, box.household, household.person FROM box_line line"
        " JOIN box ON box.id = line.box JOIN household ON household.id = box.household"
        " WHERE line.lot = $1 AND box.id = $2",
        lot, box,
    )  # fmt: skip
    await insert(
        "report", id=uuid4(), merchant=merchant, lot=lot, box_line=line, household=household, person=person,
        delivery_on=DELIVERY_ON, judged_on=DELIVERY_ON + dt.timedelta(days=day), verdict=verdict, home_class=home,
        mode=0, said_at=BEFORE,
    )  # fmt: skip


async def learn(lot: UUID, shift_days: float) -> None:
    await fetch(
        "UPDATE lot SET shift_days = $2, shift_sigma = 0.2, learned_at = now() WHERE id = $1 RETURNING 1",
        lot, shift_days,
    )  # fmt: skip


def rows_of_dots(page: str) -> list[tuple[str, list[str]]]:
    """Return (words, what stands on each day) of each row of dots."""
    return [
        (words, re.findall(r"<li>(.*?)</li>", row, re.DOTALL))
        for words, row in re.findall(
            r'<span class="least quiet">([^<]+)</span>\s*<ol class="dots">(.*?)</ol>',
            page,
            re.DOTALL,
        )
    ]


async def test_reports_stand_on_their_days_beside_the_kitchen_they_come_from(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "kiwifruit_green", units=100)
    boxes = [await add_box(m, [(lot, 3)]) for _ in range(3)]
    await say(lot, boxes[0], "hard", 2, home=1)
    await say(lot, boxes[1], "hard", 2, home=3)
    await say(lot, boxes[2], "late", 5, home=5)
    browser = await planner(web, m.merchant)

    page = (await browser.get(f"/merchant/lots/{lot}")).text

    hard, late = rows_of_dots(page)
    assert hard[0] == "Still hard"
    assert late[0] == "Too late"
    assert [bool(cell) for cell in hard[1]] == [day == 2 for day in range(14)]
    assert [bool(cell) for cell in late[1]] == [day == 5 for day in range(14)]
    assert ": 2</span>" in hard[1][2]
    assert page.index("Still hard") < page.index("In a warm kitchen") < page.index("Too late")
    assert "<dt>Households that hold it</dt><dd>3</dd>" in page
    assert "<dt>Reports on it</dt><dd>3</dd>" in page


async def test_a_learned_lot_shows_how_it_read_before(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "kiwifruit_green", units=100)
    browser = await planner(web, m.merchant)
    before = (await browser.get(f"/merchant/lots/{lot}")).text
    await learn(lot, 1.5)

    after = (await browser.get(f"/merchant/lots/{lot}")).text
    listed = (await browser.get("/merchant/lots")).text

    assert 'class="was' not in before
    assert re.findall(r'class="was (h\d)"', after) == re.findall(r'<i class="(h\d) k-', before)
    assert re.findall(r'<i class="(h\d) k-', after) != re.findall(r'<i class="(h\d) k-', before)
    for page in (after, listed):
        assert "1.5 days ahead of its grade, by reports" in page


async def test_what_was_said_and_taken_back_is_not_shown(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=100)
    await say(lot, await add_box(m, [(lot, 3)]), "hard", 1)
    await fetch("UPDATE report SET undone_at = said_at RETURNING 1")
    browser = await planner(web, m.merchant)

    assert rows_of_dots((await browser.get(f"/merchant/lots/{lot}")).text) == []


async def test_what_is_said_of_another_merchants_lot_is_not_there(web: Web) -> None:
    ours, theirs = await open_market(slug="ours"), await open_market(slug="theirs")
    lot = await add_lot(theirs, "banana", units=100)
    await say(lot, await add_box(theirs, [(lot, 3)]), "hard", 1)
    browser = await planner(web, ours.merchant)

    assert (await browser.get(f"/merchant/lots/{lot}")).status_code == 404
    assert "Still hard" not in (await browser.get("/merchant/lots")).text


@pytest.mark.parametrize("typed", ["2026-12-01", "2020-01-01", "tomorrow", "", "9999-99-99"])
async def test_any_delivery_may_be_asked_for(web: Web, typed: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=100)
    await say(lot, await add_box(m, [(lot, 3)]), "right", 1)
    browser = await planner(web, m.merchant)

    page = await browser.get(f"/merchant/lots/{lot}", params={"delivery": typed})

    assert page.status_code == 200
    assert "If delivered Tue\u00a01\u00a0Dec" in page.text


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note every statement that is sent."""
    sent: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("fetch", "fetchrow", "fetchval", "execute"):
            asked = getattr(asyncpg.Connection, name)

            async def noted(
                self: Any, query: str, *args: Any, _asked: Any = asked, **kw: Any
            ) -> Any:
                sent.append(query)
                return await _asked(self, query, *args, **kw)

            patch.setattr(asyncpg.Connection, name, noted)
        yield sent


async def test_more_lots_and_reports_ask_the_database_no_more_often(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=100)
    await fill(m, lot)
    browser = await planner(web, m.merchant)
    paths = ("/merchant/lots", f"/merchant/lots/{lot}")
    few = [await count(browser, path, monkeypatch) for path in paths]
    for produce in ("mango", "kiwifruit_green", "apple_gala"):
        await fill(m, await add_lot(m, produce, units=100))
    await fill(m, lot)

    many = [await count(browser, path, monkeypatch) for path in paths]

    assert few == many
    assert max(many) > 2


async def fill(m: Market, lot: UUID) -> None:
    for day in (1, 2, 3):
        await say(lot, await add_box(m, [(lot, 3)]), "right", day)


async def count(browser: Browser, path: str, monkeypatch: pytest.MonkeyPatch) -> int:
    with statements(monkeypatch) as sent:
        assert (await browser.get(path)).status_code == 200
    return len(sent)


async def test_each_of_the_last_reports_shows_what_it_taught(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "kiwifruit_green", units=100)
    boxes = [await add_box(m, [(lot, 3)]) for _ in range(6)]
    for n, box in enumerate(boxes):
        await say(lot, box, "hard" if n < 5 else "late", 1 if n < 5 else 6)
    browser = await planner(web, m.merchant)

    page = (await browser.get(f"/merchant/lots/{lot}")).text
    figures = re.findall(r"<figure>(.*?)</figure>", page, re.DOTALL)

    assert len(figures) == 4
    assert "Too late" in figures[0]
    assert "sooner by" in figures[0]
    assert all('class="before"' in each and 'class="after"' in each for each in figures)
    assert all(re.search(r'aria-label="(Still hard|Too late): [^"]+"', each) for each in figures)


async def test_a_lot_that_nobody_spoke_of_has_no_lessons(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "kiwifruit_green", units=100)
    browser = await planner(web, m.merchant)
    assert "<figure>" not in (await browser.get(f"/merchant/lots/{lot}")).text
