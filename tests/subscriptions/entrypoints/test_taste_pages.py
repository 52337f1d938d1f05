"""What stays out of one box only, and looking for produce without losing what was ticked."""

import pytest
from litestar.types import ControllerRouterHandler

from ripeday.audit import audit
from subscriptions.entrypoints.household_controller import HouseholdController
from subscriptions.entrypoints.tastes_controller import TastesController
from tests.market import AFTER, DELIVERY_ON
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_household_pages import (
    home_of,
    lines_of,
    planned_market,
    resident,
    text,
)
from tests.subscriptions.people import fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (HouseholdController, TastesController)


async def test_what_is_left_out_once_leaves_that_box_and_the_standing_list_stays(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home, gone = await home_of(mine), min(await lines_of(mine))
    standing = next(key for key in ("orange", "grape") if key != gone)
    browser = await resident(web, mine)
    await browser.send_form(f"/household/{home}/tastes", **{f"taste-{standing}": "never"})

    sent = await browser.send_form(f"/household/{home}/week/{DELIVERY_ON}", produce=gone)

    assert sent.headers["location"] == "/household?saved=1"
    assert gone not in await lines_of(mine)
    assert await lines_of(mine)
    page = text(await browser.get("/household?saved=1"))
    assert "Not in it any more:" in page
    assert "Only in the box of Tuesday 1 December" in page
    assert "Without " in page
    assert await audit() == []

    await browser.send_form(f"/household/{home}/week/{DELIVERY_ON}")

    assert await fetch("SELECT 1 FROM week_never") == []
    assert await fetch("SELECT produce, taste FROM household_taste") == [(standing, "never")]


async def test_one_box_alone_does_without_even_what_is_wished_always(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home, loved = await home_of(mine), min(await lines_of(mine))
    browser = await resident(web, mine)
    await browser.send_form(f"/household/{home}/tastes", **{f"taste-{loved}": "always"})

    await browser.send_form(f"/household/{home}/week/{DELIVERY_ON}", produce=loved)

    assert loved not in await lines_of(mine)
    assert await fetch("SELECT produce, taste FROM household_taste") == [(loved, "always")]


async def test_a_day_without_a_box_that_may_change_has_no_such_page(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home = await home_of(mine)
    browser = await resident(web, mine)
    for on in ("2026-12-02", "1999-01-01"):
        assert (await browser.get(f"/household/{home}/week/{on}")).status_code == 404

    web.clock.at = AFTER
    path = f"/household/{home}/week/{DELIVERY_ON}"

    assert (await browser.get(path)).status_code == 404
    assert (await browser.send_form(path, produce="mandarin")).status_code == 404
    assert await fetch("SELECT 1 FROM week_never") == []


async def test_looking_for_produce_keeps_what_was_ticked_and_saves_nothing(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home = await home_of(mine)
    browser = await resident(web, mine)
    ticked = {"taste-banana": "never", "taste-grape": "like", "family": "kiwifruit", "do": "find"}

    answer = await browser.send_form(f"/household/{home}/tastes", **ticked, find="猕猴桃")
    page = text(answer)

    assert "2 found" in page
    assert page.count('name="taste-kiwifruit_green" value="never"') == 1
    assert 'name="taste-banana" value="never" checked' in page
    assert 'name="taste-grape" value="like" checked' in page
    assert '<input type="hidden" name="family" value="kiwifruit">' in page
    nothing = text(await browser.send_form(f"/household/{home}/tastes", do="find", find="<b>"))
    assert "Nothing of ours is called “&lt;b&gt;”." in nothing
    week = await browser.send_form(
        f"/household/{home}/week/{DELIVERY_ON}", do="find", find="grape", produce="mandarin"
    )
    assert 'name="produce" value="mandarin" checked' in text(week)
    assert await fetch("SELECT 1 FROM household_taste UNION SELECT 1 FROM week_never") == []


async def test_while_somebody_types_the_sheet_alone_comes_and_says_how_many_were_found(
    web: Web,
) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home = await home_of(mine)
    browser = await resident(web, mine)
    browser.headers["hx-request"] = "true"
    for path, ticked in (
        ("tastes", {"taste-banana": "never"}),
        (f"week/{DELIVERY_ON}", {"produce": "banana"}),
    ):
        form = {**ticked, "family": "kiwifruit", "do": "find"}
        sheet = text(
            await browser.send_form(f"/household/{home}/{path}", **form, find="kiwi")
        ).strip()

        assert sheet.startswith('<div id="sheet"')
        assert sheet.endswith("</div>")
        assert 'role="status" hx-swap-oob="innerHTML">2 found</p>' in sheet
        ((name, value),) = ticked.items()
        assert f'name="{name}" value="{value}" checked' in sheet
        assert '<input type="hidden" name="family" value="kiwifruit">' in sheet
        assert "data-focus" not in sheet
    assert await fetch("SELECT 1 FROM household_taste UNION SELECT 1 FROM week_never") == []


async def test_everything_ruled_out_for_one_box_is_refused(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home = await home_of(mine)
    browser = await resident(web, mine)
    produce = {"produce": list(web.house.profiles)}

    answer = await browser.send_form(f"/household/{home}/week/{DELIVERY_ON}", **produce)  # type: ignore[arg-type]

    assert answer.status_code == 422
    assert "Leave something that may come." in answer.text
    assert 'name="produce" value="mandarin" checked' in answer.text


async def test_a_box_changed_by_hand_says_what_it_still_holds(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home, held = await home_of(mine), min(await lines_of(mine))
    await fetch("UPDATE box SET status = 'edited' RETURNING id")
    browser = await resident(web, mine)

    await browser.send_form(f"/household/{home}/tastes", **{f"taste-{held}": "never"})

    page = text(await browser.get("/household"))
    assert "You changed the box of Tue 1 Dec yourself, so it stays as it is." in page
    assert held in await lines_of(mine)


async def test_pictures_come_from_one_sheet_that_browsers_keep(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    browser = await resident(web, mine)

    page = await browser.get(f"/household/{await home_of(mine)}/tastes")
    sheet = page.text.partition('href="/static/produce-sheet.')[2].partition("#")[0]
    answer = await browser.get(f"/static/produce-sheet.{sheet}")

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert all(f'id="p-{key}"' in answer.text for key in web.house.profiles)
    assert len(page.content) < 120_000
