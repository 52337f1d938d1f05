"""The three buttons, by hand: on the day's page and in the calendar, with a script and without one."""

import re
from typing import cast
from uuid import UUID

import pendulum
import pytest
from litestar.types import ControllerRouterHandler

from ripeday.kit.adapters.engine import connection
from subscriptions.entrypoints.calendar_controller import CalendarController
from subscriptions.entrypoints.report_controller import ReportController
from subscriptions.entrypoints.today_controller import TodayController
from tests.market import BEFORE, DELIVERY_ON, add_household, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import PASSWORD_HASH, fetch
from tests.subscriptions.services.kitchen import pay_all

THURSDAY = pendulum.datetime(2026, 12, 3, 10, tz="UTC")
TODAY = THURSDAY.date()


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (TodayController, CalendarController, ReportController)


async def two_neighbours(web: Web, produce: str = "kiwifruit_green") -> list[Browser]:
    """Give two households boxes of one lot that come ripe while they last, and sign them in."""
    m = await open_market()
    await add_lot(m, produce, units=100, age_days=1.5)
    for _ in range(2):
        await add_household(m)
    assert await web.house.planning.plan_day(m.day, now=BEFORE)
    await pay_all(m)
    web.clock.at = THURSDAY
    browsers = []
    async with connection() as c:
        rows = await c.fetch(
            "UPDATE person SET password_hash = $1, locale = 'en' WHERE id IN (SELECT person FROM household)"
            " RETURNING email",
            PASSWORD_HASH,
        )
    for n, row in enumerate(sorted(rows)):
        browser = await web.browser(f"203.0.113.{n + 20}")
        await browser.sign_in(row["email"])
        browsers.append(browser)
    return browsers


async def line_planned_today() -> tuple[str, UUID]:
    """Return (e-mail, line) of something planned for the day."""
    rows = await fetch(
        "SELECT person.email, line.id FROM box_line line JOIN box ON box.id = line.box"
        " JOIN household ON household.id = box.household JOIN person ON person.id = household.person"
        " WHERE line.eat[$1] > 0 ORDER BY person.email LIMIT 1",
        (TODAY - DELIVERY_ON).days + 1,
    )
    return cast("tuple[str, UUID]", rows[0])


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


async def test_the_hero_asks_how_it_really_is(web: Web) -> None:
    browser, _ = await two_neighbours(web)

    page = plain((await browser.get("/today")).text)

    assert page.count("How are they really?") >= 1
    for word in ("Still hard", "Just right", "Too late"):
        assert word in page
    assert re.search(r'<form id="report-[\w-]+" method="post" action="/reports/[\w-]+"', page)
    assert 'aria-pressed="true"' not in page


async def test_a_tap_says_thank_you_and_where_it_moved_and_undo_takes_it_back(web: Web) -> None:
    browser, _ = await two_neighbours(web)
    _, line = await line_planned_today()

    answer = await browser.send_form(f"/reports/{line}", felt="hard", on=str(TODAY), back="today")
    assert answer.headers["location"] == f"/today?told={line}#report-{line}"
    page = plain((await browser.get(f"/today?told={line}")).text)

    assert re.search(r"Thank you\. Your kiwifruit moved to (Friday|Saturday|Sunday|Monday)\.", page)
    assert "You looked today" in page
    assert page.count('aria-pressed="true"') == 1
    assert f'formaction="/reports/{line}/undo"' in page
    assert "What you told us" in (await browser.get("/today")).text

    answer = await browser.send_form(f"/reports/{line}/undo", on=str(TODAY), back="today")
    assert answer.headers["location"] == f"/today#report-{line}"
    page = (await browser.get("/today")).text
    assert "Thank you" not in page
    assert 'aria-pressed="true"' not in page


async def test_the_neighbours_page_moves_and_shows_nothing_of_who_said_it(web: Web) -> None:
    browser, neighbour = await two_neighbours(web)
    _, line = await line_planned_today()
    before = (await neighbour.get("/today")).text

    await browser.send_form(f"/reports/{line}", felt="hard", on=str(TODAY), back="today")
    after = (await neighbour.get("/today")).text

    def bars(page: str) -> list[str]:
        return re.findall(r'<i class="(h\d k-\w+)', page)

    assert bars(before) != bars(after)
    assert str(line) not in after
    assert "Thank you" not in after


async def test_the_calendar_asks_of_today_and_of_days_gone_by_alone(web: Web) -> None:
    browser, _ = await two_neighbours(web)
    _, line = await line_planned_today()

    for days, is_asked in ((-1, True), (0, True), (1, False)):
        page = (await browser.get(f"/calendar/{TODAY.add(days=days)}")).text
        assert (f"/reports/{line}" in page) is is_asked, days

    answer = await browser.send_form(
        f"/reports/{line}", felt="right", on=str(TODAY), back="calendar"
    )
    assert answer.headers["location"] == f"/calendar/{TODAY}?told={line}#report-{line}"
    page = (await browser.get(f"/calendar/{TODAY}")).text
    assert "Thank you. Enjoy your kiwifruit." in page
    assert "What you told us" in page


async def test_flowers_are_asked_of_in_their_own_words(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "tulip", units=50)
    await fetch("UPDATE produce SET kind = 'flower' WHERE key = 'tulip' RETURNING key")
    await fetch(
        "UPDATE box_plan SET kind = 'flower', portions_a_day = 0, stems_a_day = 2 RETURNING id"
    )
    await fetch("UPDATE lot SET unit_portions = 10 WHERE id = $1 RETURNING id", lot)
    await add_household(m)
    assert await web.house.planning.plan_day(m.day, now=BEFORE)
    await pay_all(m)
    web.clock.at = THURSDAY
    ((email,),) = await fetch(
        "UPDATE person SET password_hash = $1, locale = 'en' RETURNING email", PASSWORD_HASH
    )
    browser = await web.browser()
    await browser.sign_in(str(email))

    page = (await browser.get("/today")).text

    for word in ("Still closed", "In bloom", "Faded"):
        assert word in page
    assert "Still hard" not in page


async def test_what_comes_ready_is_not_asked_whether_it_is_hard(web: Web) -> None:
    (browser, _) = await two_neighbours(web, "apple_fuji")

    page = (await browser.get("/today")).text

    assert "Not ripe</button>" in page
    assert "Still hard" not in page
    await fetch("UPDATE person SET locale = 'zh' RETURNING id")
    assert "没熟</button>" in (await browser.get("/today")).text


async def test_what_cannot_be_judged_is_said_in_a_sentence(web: Web) -> None:
    browser, neighbour = await two_neighbours(web)
    email, line = await line_planned_today()
    (owner, other) = (browser, neighbour)

    tomorrow = await owner.send_form(f"/reports/{line}", felt="hard", on=str(TODAY.add(days=1)))
    strange = await owner.send_form(f"/reports/{line}", felt="green", on=str(TODAY))
    theirs = await other.send_form(f"/reports/{line}", felt="hard", on=str(TODAY))

    assert tomorrow.status_code == 422
    assert "That day has not come yet." in tomorrow.text
    assert strange.status_code == 422
    assert "Choose one of the three" in strange.text
    assert theirs.status_code == 404
    assert email
