"""What a household says of itself: shown, changed, and carried into every box that is still open."""

from uuid import UUID, uuid4

import httpx
import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.home_controller import HomeController
from subscriptions.entrypoints.household_controller import HouseholdController
from subscriptions.entrypoints.tastes_controller import TastesController
from tests.market import AFTER, BEFORE, Market, add_household, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_today_pages import customer_of
from tests.subscriptions.people import fetch

ADDRESS = {
    "name": "Anna Roth",
    "street": "Lindenweg 4",
    "postcode": "10117",
    "city": "Berlin",
    "phone": "",
    "delivery_note": "Second yard",
    "food_note": "",
}


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (HouseholdController, HomeController, TastesController)


async def planned_market(web: Web, *, households: int = 1) -> Market:
    """Return a market with planned boxes from fruit that is ripe now."""
    m = await open_market()
    for key in ("apple_fuji", "mandarin", "orange", "grape"):
        await add_lot(m, key, units=200)
    for _ in range(households):
        await add_household(m)
    web.clock.at = BEFORE
    await web.house.planning.plan_day(m.day, now=BEFORE)
    return m


async def lines_of(subscription: UUID) -> set[str]:
    rows = await fetch(
        "SELECT line.produce FROM box_line line JOIN box ON box.id = line.box WHERE box.subscription = $1",
        subscription,
    )
    return {str(row[0]) for row in rows}


async def box_of(subscription: UUID) -> UUID:
    ((box,),) = await fetch("SELECT id FROM box WHERE subscription = $1", subscription)
    return box  # type: ignore[return-value]


async def home_of(subscription: UUID) -> UUID:
    ((home,),) = await fetch("SELECT household FROM subscription WHERE id = $1", subscription)
    return home  # type: ignore[return-value]


async def resident(web: Web, subscription: UUID, ip: str = "203.0.113.7") -> Browser:
    return await customer_of(web, await box_of(subscription), ip)


def text(answer: httpx.Response) -> str:
    assert answer.status_code == 200
    return answer.text.replace("\u00a0", " ")


async def test_the_page_tells_everything_we_know_of_a_household(web: Web) -> None:
    m = await planned_market(web)
    browser = await resident(web, m.subscriptions[0])

    page = text(await browser.get("/household"))

    for said in (
        "Fruit for one", "every week, on Tuesdays", "Tuesday 1 December", "€22.00 a box", "Visa ending in 4242",
        "Lindenweg 0", "10115 Berlin", "Mild, about 20 °C", "Sign out", "@example.org",
    ):  # fmt: skip
        assert said in page, said


async def test_whoever_has_cancelled_reads_what_happened_and_how_to_come_back(web: Web) -> None:
    m = await planned_market(web)
    anna = await resident(web, m.subscriptions[0])
    await fetch(
        "UPDATE subscription SET status = 'cancelled', cancelled_at = $1, ends_on = '2026-12-03' RETURNING id",
        BEFORE,
    )
    page = text(await anna.get("/household"))
    assert "Your subscription has ended" in page
    assert "From 3 December on no box comes, and nothing is charged." in page
    assert 'href="/m/greengate"' in page
    assert f'href="/subscriptions/{m.subscriptions[0]}/cancel"' in page
    assert "No subscription yet." not in page


async def test_what_is_ruled_out_leaves_the_open_box_at_once(web: Web) -> None:
    m = await planned_market(web, households=2)
    mine, theirs = m.subscriptions
    before, box = await lines_of(mine), await box_of(mine)
    gone = min(before)
    others = await fetch("SELECT id FROM box_line WHERE box = $1 ORDER BY id", await box_of(theirs))
    browser = await resident(web, mine)

    sent = await browser.send_form(
        f"/household/{await home_of(mine)}/tastes", **{f"taste-{gone}": "never"}
    )

    assert sent.headers["location"] == "/household?saved=1"
    assert gone not in await lines_of(mine)
    assert await lines_of(mine)
    assert await box_of(mine) == box
    assert others == await fetch(
        "SELECT id FROM box_line WHERE box = $1 ORDER BY id", await box_of(theirs)
    )
    page = text(await browser.get("/household?saved=1"))
    assert "It holds from the box of Tuesday 1 December, which has been planned anew" in page
    written = await fetch(
        "SELECT action, subject_id, detail->>'what', detail->>'boxes' FROM audit_entry"
        " WHERE subject = 'household'"
    )
    assert written == [("household_changed", await home_of(mine), "tastes", "1")]


async def test_a_whole_family_can_be_ruled_out(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    browser = await resident(web, mine)

    await browser.send_form(f"/household/{await home_of(mine)}/tastes", family="citrus")

    assert not await lines_of(mine) & {"mandarin", "orange"}
    assert "Citrus" in text(await browser.get("/household"))


async def test_after_the_cut_off_a_change_waits_for_the_next_box(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    await web.house.cutoff.lock_day(m.day, now=AFTER)
    web.clock.at, before = AFTER, await lines_of(mine)
    browser = await resident(web, mine)

    sent = await browser.send_form(f"/household/{await home_of(mine)}/tastes", family="citrus")

    assert sent.headers["location"] == "/household?saved=0"
    assert await lines_of(mine) == before
    assert await fetch("SELECT family FROM household_taste") == [("citrus",)]


async def test_a_box_somebody_edited_stays_as_it_is(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    before = await lines_of(mine)
    await fetch("UPDATE box SET status = 'edited' RETURNING id")
    browser = await resident(web, mine)

    await browser.send_form(f"/household/{await home_of(mine)}/tastes", family="citrus")

    assert await lines_of(mine) == before


async def test_new_tastes_take_the_place_of_the_old(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    path = f"/household/{await home_of(mine)}/tastes"
    browser = await resident(web, mine)

    await browser.send_form(path, **{"taste-banana": "never", "taste-orange": "always"})
    await browser.send_form(path, **{"taste-banana": "sometimes", "taste-orange": "like"})

    assert await fetch("SELECT produce, taste FROM household_taste") == [("orange", "like")]
    page = text(await browser.get(path))
    assert 'name="taste-orange" value="like" checked' in page


async def test_ruling_out_everything_is_refused_and_keeps_what_was_ticked(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    browser = await resident(web, mine)
    everything = {f"taste-{key}": "never" for key in web.house.profiles}

    answer = await browser.send_form(f"/household/{await home_of(mine)}/tastes", **everything)

    assert answer.status_code == 422
    assert "Leave something that may come." in answer.text
    assert 'name="taste-banana" value="never" checked' in answer.text
    assert await fetch("SELECT 1 FROM household_taste") == []


async def test_another_kitchen_plans_the_open_box_anew(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home = await home_of(mine)
    browser = await resident(web, mine)

    sent = await browser.send_form(f"/household/{home}/home", people="3", room="3", fridge="no")

    assert sent.headers["location"] == "/household?saved=1"
    found = await fetch(
        "SELECT n_people, room_class, has_fridge FROM household WHERE id = $1", home
    )
    assert found == [(3, 3, False)]
    modes = await fetch("SELECT DISTINCT mode FROM box_line")
    assert {mode for (mode,) in modes} == {0}, "without a fridge nothing may be planned for one"


async def test_an_address_is_changed_and_wrong_fields_are_named_with_what_was_typed(
    web: Web,
) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    path = f"/household/{await home_of(mine)}/address"
    browser = await resident(web, mine)

    answer = await browser.send_form(path, **{**ADDRESS, "street": "", "postcode": "x"})
    assert answer.status_code == 422
    assert 'href="#field-street"' in answer.text
    assert 'href="#field-postcode"' in answer.text
    assert "Second yard" in answer.text

    answer = await browser.send_form(path, **{**ADDRESS, "postcode": "80331"})
    assert answer.status_code == 422
    assert "does not come to this postcode" in answer.text

    assert (await browser.send_form(path, **ADDRESS)).status_code == 303
    page = text(await browser.get("/household?saved=address"))
    assert "Lindenweg 4" in page
    assert "Second yard" in page
    assert "unless its label is printed" in page


@pytest.mark.parametrize("people", ["0", "13", "two", ""])
async def test_people_are_counted_from_one_to_twelve(web: Web, people: str) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    browser = await resident(web, mine)

    path = f"/household/{await home_of(mine)}/home"
    answer = await browser.send_form(path, people=people, room="1", fridge="yes")

    assert answer.status_code == 422
    assert "Give a number from 1 to 12." in answer.text


async def test_somebody_elses_household_is_like_none(web: Web) -> None:
    m = await planned_market(web, households=2)
    mine, theirs = m.subscriptions
    browser = await resident(web, mine)

    for home in (await home_of(theirs), uuid4()):
        for form in ("home", "address", "tastes"):
            assert (await browser.get(f"/household/{home}/{form}")).status_code == 404
        sent = [
            await browser.send_form(f"/household/{home}/home", people="1", room="1", fridge="no"),
            await browser.send_form(f"/household/{home}/address", **ADDRESS),
            await browser.send_form(f"/household/{home}/tastes", family="citrus"),
        ]
        assert [each.status_code for each in sent] == [404] * 3
    assert await fetch("SELECT 1 FROM household_taste") == []
    assert "Lindenweg 1" not in text(await browser.get("/household"))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_pages_open_in_both_languages(web: Web, language: str) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    browser = await resident(web, mine)
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)

    home = await home_of(mine)
    for path in (
        "/household",
        *(f"/household/{home}/{form}" for form in ("home", "address", "tastes")),
    ):
        assert ("我家" in text(await browser.get(path))) == (language == "zh"), path
