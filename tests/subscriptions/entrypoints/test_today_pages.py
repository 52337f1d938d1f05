"""A customer's own day and calendar: what they show, and that nobody else's boxes show there."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import asyncpg
import pytest
from litestar.types import ControllerRouterHandler

from ripeday.kit.adapters.engine import connection
from subscriptions.entrypoints.calendar_controller import CalendarController
from subscriptions.entrypoints.today_controller import TodayController
from subscriptions.role import Role
from tests.market import DELIVERY_ON, Market, add_box, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import PASSWORD_HASH, add_person, fetch

DAY = DELIVERY_ON.isoformat()


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (TodayController, CalendarController)


async def customer_of(web: Web, box: UUID, ip: str = "203.0.113.7") -> Browser:
    """Sign in as the person whose box it is."""
    async with connection() as c:
        email = await c.fetchval(
            "UPDATE person SET password_hash = $2, locale = 'en' WHERE id ="
            " (SELECT person FROM household JOIN box ON box.household = household.id WHERE box.id = $1)"
            " RETURNING email",
            box, PASSWORD_HASH,
        )  # fmt: skip
    browser = await web.browser(ip)
    await browser.sign_in(email)
    return browser


async def pay(box: UUID) -> None:
    await fetch(
        "UPDATE box SET status = 'paid', locked_at = status_at WHERE id = $1 RETURNING id", box
    )


async def boxed(m: Market, *keys: str) -> UUID:
    return await add_box(m, [(await add_lot(m, key, units=100), 3) for key in keys])


async def test_the_day_says_what_is_ripe_first(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await pay(box)
    web.clock.at = web.clock.at.set(year=2026, month=12, day=3)
    browser = await customer_of(web, box)

    page = (await browser.get("/today")).text

    assert "Thursday 3 December" in page.replace("\u00a0", " ")
    assert "today.</span>" in page
    assert "Ripe today" in page
    assert page.count('aria-current="date"') == 1


async def test_before_the_first_box_it_says_when_it_comes(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    browser = await customer_of(web, box)

    page = (await browser.get("/today")).text.replace("\u00a0", " ")

    assert "No box yet." in page
    assert "Your first one comes Tuesday 1 December." in page
    assert f'href="/boxes/{box}"' in page


async def test_without_anything_ordered_nothing_is_promised(web: Web) -> None:
    m = await open_market()
    await add_person("mia@example.org", (Role.CUSTOMER, m.merchant))
    browser = await web.browser()
    await browser.sign_in("mia@example.org")

    assert "No box is on its way." in (await browser.get("/today")).text
    assert (await browser.get("/calendar")).status_code == 200
    assert "Nothing is planned for this day." in (await browser.get(f"/calendar/{DAY}")).text


async def test_a_box_that_is_not_paid_is_not_eaten(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await fetch(
        "UPDATE box SET status = 'declined', locked_at = status_at WHERE id = $1 RETURNING id", box
    )
    web.clock.at = web.clock.at.set(year=2026, month=12, day=3)
    browser = await customer_of(web, box)

    assert "Ripe today" not in (await browser.get("/today")).text


async def test_somebody_elses_day_shows_nothing(web: Web) -> None:
    m = await open_market()
    mine, theirs = await boxed(m, "banana"), await boxed(m, "mango")
    await pay(mine)
    browser = await customer_of(web, mine)

    for path in ("/today", "/calendar", f"/calendar/{DAY}"):
        page = (await browser.get(path)).text
        assert "angoes" not in page, path
        assert str(theirs) not in page, path
    assert "ananas" in (await browser.get(f"/calendar/{DAY}")).text


async def test_only_customers_have_days(web: Web) -> None:
    m = await open_market()
    await add_person("pack@example.org", (Role.PACKER, m.merchant))
    browser = await web.browser()

    assert (await browser.get("/today")).headers["location"] == "/sign-in?next=/today"
    await browser.sign_in("pack@example.org")
    for path in ("/today", "/calendar", f"/calendar/{DAY}"):
        assert (await browser.get(path)).status_code == 403


async def test_days_that_are_none_are_not_found(web: Web) -> None:
    m = await open_market()
    browser = await customer_of(web, await boxed(m, "banana"))

    for path in ("/calendar/2026-13-01", "/calendar/1066-10-14", "/calendar?month=x"):
        assert (await browser.get(path)).status_code == 404, path


async def test_a_tick_is_kept_and_taken_back(web: Web) -> None:
    m = await open_market()
    browser = await customer_of(web, await boxed(m, "banana"))

    for _ in range(2):
        answer = await browser.send_form("/today/jobs/finish-1")
        assert answer.headers["location"] == "/today#jobs"
    assert (await browser.send_form("/today/jobs/%3Cb%3E")).status_code == 404


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Keep every statement that reads rows."""
    said: list[str] = []
    fetch_rows = asyncpg.Connection.fetch

    async def keep(self: object, query: str, *args: object, **more: object) -> object:
        said.append(query)
        return await fetch_rows(self, query, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "fetch", keep)
        yield said


async def test_more_in_the_box_asks_no_more_of_the_database(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = await open_market()
    small, large = await boxed(m, "banana"), await boxed(m, "mango", "plum", "fig", "orange")
    web.clock.at = web.clock.at.set(year=2026, month=12, day=3)
    asked = []
    for n, box in enumerate((small, large)):
        await pay(box)
        browser = await customer_of(web, box, ip=f"203.0.113.{n + 8}")
        with counted(monkeypatch) as said:
            for path in ("/today", "/calendar", f"/calendar/{DAY}"):
                assert (await browser.get(path)).status_code == 200
        asked.append(len(said))

    assert asked[0] == asked[1]
    assert asked[0] > 0
