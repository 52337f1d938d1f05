"""A merchant's planner: what they see, what they change, and what is not theirs to see."""

import datetime as dt
from uuid import UUID

import pytest
from litestar.types import ControllerRouterHandler
from pendulum import Date

from subscriptions.entrypoints.merchant_api import MerchantApiController
from subscriptions.entrypoints.merchant_board_controller import MerchantBoardController
from subscriptions.entrypoints.merchant_lots_controller import MerchantLotsController
from subscriptions.entrypoints.merchant_plans_controller import MerchantPlansController
from subscriptions.entrypoints.merchant_season_controller import MerchantSeasonController
from subscriptions.entrypoints.merchant_today_controller import MerchantTodayController
from subscriptions.role import Role
from tests.market import (
    AFTER,
    Market,
    add_box,
    add_lot,
    add_produce,
    broken_invariants,
    open_market,
    stock,
)
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import add_person, fetch

PAGES = ("/merchant", "/merchant/season", "/merchant/season/offers/new", "/merchant/plans", "/merchant/lots",
         "/merchant/lots/new")  # fmt: skip
OFFER = {
    "produce_key": "kiwifruit_green",
    "starts_on": "2026-12-01",
    "last_on": "2027-01-31",
    "price": "0,45",
    "box_limit": "6",
}


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (
        MerchantTodayController,
        MerchantSeasonController,
        MerchantPlansController,
        MerchantBoardController,
        MerchantLotsController,
        MerchantApiController,
    )


async def planner(web: Web, *merchants: UUID, role: Role = Role.PLANNER) -> Browser:
    address = f"{role.value}@example.org"
    await add_person(address, *((role, merchant) for merchant in merchants))
    browser = await web.browser()
    await browser.sign_in(address)
    return browser


async def test_a_held_lot_that_closed_boxes_wait_for_needs_somebody_until_they_are_packed(
    web: Web,
) -> None:
    m = await open_market()
    lot = await add_lot(m, "kiwifruit_green", units=20)
    for _ in range(3):
        await add_box(m, [(lot, 2)])
    browser = await planner(web, m.merchant)
    web.clock.at = AFTER
    await fetch(
        "UPDATE box SET status = 'paid', locked_at = status_at WHERE id = ANY($1) RETURNING id", m.boxes[:2]
    )  # fmt: skip
    assert "closed box" not in (await browser.get("/merchant")).text
    await fetch("UPDATE lot SET status = 'held' WHERE id = $1 RETURNING id", lot)
    page = (await browser.get("/merchant")).text
    assert "lot L-2200, is held" in page
    assert "2 closed boxes of" in page
    await fetch(
        "INSERT INTO shipment (id, merchant, box, serial, sscc, carrier, status, labelled_at, packed_at)"
        " SELECT gen_random_uuid(), merchant, id, number, lpad(number::text, 18, '0'), 'own_van', 'packed', $2, $2"
        " FROM box WHERE id = ANY($1) RETURNING id",
        m.boxes[:2], AFTER,
    )  # fmt: skip
    assert "closed box" not in (await browser.get("/merchant")).text


async def offers(m: Market) -> list[tuple[object, ...]]:
    return await fetch(
        "SELECT produce, starts_on, ends_on, price_minor, box_limit, season_source FROM offer"
        " WHERE merchant = $1 ORDER BY starts_on, produce",
        m.merchant,
    )


def lot_form(m: Market, **changed: str) -> dict[str, str]:
    return {
        "produce_key": "kiwifruit_green", "grower_id": str(m.grower), "depot_id": str(m.depot), "code": "L-9001",
        "units": "120", "case_units": "60", "unit_cost": "0.22", "harvested_on": "2026-11-22",
        "due_on": "2026-11-26", "ripe_pct": "25", "store_c": "1", "is_treated": "yes", **changed,
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.PACKER, Role.DRIVER, Role.CUSTOMER])
async def test_only_planners_and_admins_see_the_catalog(web: Web, role: Role) -> None:
    m = await open_market()
    browser = await planner(web, m.merchant, role=role)

    for path in (*PAGES, f"/merchant/plan/{m.day}", "/api/v1/merchant/greengate/offers"):
        assert (await browser.get(path)).status_code == 403, path
    for path in ("/merchant/plans", "/merchant/lots", "/merchant/season/offers"):
        assert (await browser.send_form(path)).status_code == 403, path
    assert (await browser.send_form(f"/merchant/plan/{m.day}/again")).status_code == 403


@pytest.mark.parametrize("role", [Role.PLANNER, Role.MERCHANT_ADMIN])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_page_opens_for_a_planner_in_both_languages(
    web: Web, role: Role, language: str
) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=100)
    await add_box(m, [(lot, 3)])
    browser = await planner(web, m.merchant, role=role)
    browser.cookies.set("lang", language)
    (offer,) = await fetch("SELECT id FROM offer WHERE merchant = $1", m.merchant)

    for path in (
        *PAGES,
        f"/merchant/plan/{m.day}",
        f"/merchant/lots/{lot}",
        f"/merchant/season/offers/{offer[0]}",
        "/merchant/season?show=short",
    ):
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        assert "<h1" in answer.text
    assert (await browser.get("/merchant/plan")).headers["location"] == f"/merchant/plan/{m.day}"


async def test_strangers_are_led_to_sign_in(web: Web) -> None:
    browser = await web.browser()

    answer = await browser.get("/merchant/season")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/merchant/season"


async def test_another_merchants_things_are_not_there(web: Web) -> None:
    ours, theirs = await open_market(slug="ours"), await open_market(slug="theirs")
    lot = await add_lot(theirs, "banana", units=100)
    (offer,) = await fetch("SELECT id FROM offer WHERE merchant = $1", theirs.merchant)
    browser = await planner(web, ours.merchant)
    before = await offers(theirs)

    for path in (
        f"/merchant/plan/{theirs.day}",
        f"/merchant/lots/{lot}",
        f"/merchant/season/offers/{offer[0]}",
        f"/merchant/season?catalog={theirs.catalog}",
        f"/merchant/season/offers/new?catalog={theirs.catalog}",
        "/api/v1/merchant/theirs/offers",
    ):
        assert (await browser.get(path)).status_code == 404, path
    for path, form in (
        (f"/merchant/plan/{theirs.day}/again", {}),
        (f"/merchant/season/offers/{offer[0]}", OFFER),
        (f"/merchant/season/offers/{offer[0]}/end", {}),
        ("/merchant/season/offers", {**OFFER, "catalog": str(theirs.catalog)}),
        (f"/merchant/plans/{theirs.plan}/close", {}),
        ("/merchant/switch", {"shop": "theirs"}),
    ):
        assert (await browser.send_form(path, **form)).status_code == 404, path
    assert await offers(theirs) == before
    assert "L-2200" not in (await browser.get("/merchant/lots")).text
    refused = await browser.send_form("/merchant/lots", **lot_form(theirs))
    assert refused.status_code == 422
    assert await fetch("SELECT count(*) FROM lot WHERE merchant = $1", ours.merchant) == [(0,)]


async def test_who_plans_for_two_merchants_goes_from_one_to_the_other(web: Web) -> None:
    north, south = await open_market(slug="north"), await open_market(slug="south")
    await add_lot(south, "banana", units=100)
    browser = await planner(web, north.merchant, south.merchant)
    await browser.send_form("/merchant/switch", shop="north")

    assert "L-2200" not in (await browser.get("/merchant/lots")).text
    await browser.send_form("/merchant/switch", shop="south")

    assert "L-2200" in (await browser.get("/merchant/lots")).text
    assert (await browser.get(f"/merchant/plan/{north.day}")).status_code == 404


async def test_produce_is_put_on_sale_and_told_to_programs(web: Web) -> None:
    m = await open_market()
    await add_produce("kiwifruit_green")
    browser = await planner(web, m.merchant)

    answer = await browser.send_form("/merchant/season/offers", **OFFER, catalog=str(m.catalog))

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/merchant/season?catalog={m.catalog}"
    (offer,) = await offers(m)
    assert offer[:5] == ("kiwifruit_green", Date(2026, 12, 1), Date(2027, 2, 1), 45, 6)
    told = (await browser.get("/api/v1/merchant/greengate/offers?on=2027-01-31")).json()
    assert [(o["produce"], o["last_on"], o["price_minor"]) for o in told["offers"]] == [
        ("kiwifruit_green", "2027-01-31", 45)
    ]
    assert told["tax_pct"] == 7
    after = (await browser.get("/api/v1/merchant/greengate/offers?on=2027-02-01")).json()
    assert after["offers"] == []
    assert await fetch("SELECT action FROM audit_entry WHERE subject = 'offer'") == [
        ("offer_added",)
    ]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("price", "0", "Give a price above zero"),
        ("price", "0.455", "Give a price above zero"),
        ("price", "cheap", "Give a price above zero"),
        ("box_limit", "41", "Give a whole number from 1 to 40."),
        ("produce_key", "unicorn", "Choose one of the produce in the list."),
        ("starts_on", "2026-10-01", "Choose a first day from"),
        ("starts_on", "soon", "Choose a day."),
        ("last_on", "2026-11-30", "The last day comes before the first one."),
        ("last_on", "2027-03-01", "The season ends on"),
    ],
)
async def test_a_wrong_offer_comes_back_with_what_was_typed(
    web: Web, field: str, typed: str, said: str
) -> None:
    m = await open_market()
    await add_produce("kiwifruit_green")
    browser = await planner(web, m.merchant)
    form = {**OFFER, "catalog": str(m.catalog), field: typed}

    answer = await browser.send_form("/merchant/season/offers", **form)

    assert answer.status_code == 422
    assert f'id="wrong-{field}"' in answer.text
    assert said in answer.text
    if field != "produce_key":
        assert f'value="{typed}"' in answer.text
    assert await offers(m) == []


async def test_produce_is_not_on_sale_twice_on_one_day(web: Web) -> None:
    m = await open_market()
    await add_lot(m, "kiwifruit_green", units=60)
    browser = await planner(web, m.merchant)

    answer = await browser.send_form("/merchant/season/offers", **OFFER, catalog=str(m.catalog))

    assert answer.status_code == 422
    assert "It is already on sale from" in answer.text
    assert len(await offers(m)) == 1


async def test_an_offer_is_changed_and_ended(web: Web) -> None:
    m = await open_market()
    await add_lot(m, "kiwifruit_green", units=60)
    browser = await planner(web, m.merchant)
    ((offer,),) = await fetch("SELECT id FROM offer WHERE merchant = $1", m.merchant)
    dearer = {**OFFER, "starts_on": "2026-11-01", "price": "0.52"}

    await browser.send_form(f"/merchant/season/offers/{offer}", **dearer)
    assert (await offers(m))[0][2:5] == (Date(2027, 2, 1), 52, 6)
    await browser.send_form(f"/merchant/season/offers/{offer}/end")

    assert (await offers(m))[0][2] == Date(2026, 11, 25), "today, the 24th, is its last day"


async def test_an_offer_that_has_not_begun_is_taken_out(web: Web) -> None:
    m = await open_market()
    await add_produce("kiwifruit_green")
    browser = await planner(web, m.merchant)
    await browser.send_form("/merchant/season/offers", **OFFER, catalog=str(m.catalog))
    ((offer,),) = await fetch("SELECT id FROM offer WHERE merchant = $1", m.merchant)

    await browser.send_form(f"/merchant/season/offers/{offer}/end")

    assert await offers(m) == []


async def test_an_announced_lot_can_be_promised_at_once(web: Web) -> None:
    m = await open_market()
    await add_produce("kiwifruit_green")
    browser = await planner(web, m.merchant)

    answer = await browser.send_form("/merchant/lots", **lot_form(m))

    assert answer.status_code == 303
    ((lot, code, gtin, age, leaves),) = await fetch(
        "SELECT id, code, gtin, age_days, must_leave_on FROM lot"
    )
    assert answer.headers["location"] == f"/merchant/lots/{lot}"
    assert await stock(lot) == (120, 0, 0)
    assert (code, gtin[:8]) == ("L-9001", "19521234")
    assert age > 0
    assert leaves > dt.date(2026, 11, 26)
    page = await browser.get(answer.headers["location"])
    assert "L-9001" in page.text
    assert await broken_invariants() == []
    assert await web.house.planning.supply.promisable_units(m.merchant, m.depot) == {lot: 120}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("units", "100", "Only whole cases come: a multiple of 60."),
        ("harvested_on", "2026-11-27", "is still to come. Choose the day of the harvest"),
        ("due_on", "2026-11-23", "Choose today or a later day"),
        ("store_c", "60", "Give a number from -2.0 to 35.0."),
        ("code", "  ", "Give the lot a code"),
        ("grower_id", "nobody", "Choose one of your growers."),
    ],
)
async def test_a_wrong_announcement_leaves_nothing_behind(
    web: Web, field: str, typed: str, said: str
) -> None:
    m = await open_market()
    await add_produce("kiwifruit_green")
    browser = await planner(web, m.merchant)

    answer = await browser.send_form("/merchant/lots", **lot_form(m, **{field: typed}))

    assert answer.status_code == 422
    assert f'id="wrong-{field}"' in answer.text
    assert said.split(" from -2", maxsplit=1)[0] in answer.text
    assert await fetch("SELECT count(*) FROM lot") == [(0,)]
    assert await fetch("SELECT count(*) FROM lot_stock") == [(0,)]


async def test_a_lot_code_is_given_once(web: Web) -> None:
    m = await open_market()
    await add_produce("kiwifruit_green")
    browser = await planner(web, m.merchant)
    await browser.send_form("/merchant/lots", **lot_form(m))

    again = await browser.send_form("/merchant/lots", **lot_form(m))

    assert again.status_code == 422
    assert "There is a lot L-9001 already." in again.text
    assert await fetch("SELECT count(*) FROM lot") == [(1,)]


async def test_a_box_plan_is_added_closed_and_opened_again(web: Web) -> None:
    m = await open_market()
    browser = await planner(web, m.merchant)
    form = {
        "name": "Fruit for two", "name_zh": "两人水果", "kind": "fruit", "portions_a_day": "2",
        "stems_a_day": "0", "cadence_weeks": "1", "price": "29.90",
    }  # fmt: skip

    wrong = await browser.send_form("/merchant/plans", **{**form, "kind": "flower"})
    assert wrong.status_code == 422
    assert 'id="wrong-portions_a_day"' in wrong.text
    await browser.send_form("/merchant/plans", **form)

    ((plan, price, is_open),) = await fetch(
        "SELECT id, price_minor, is_open FROM box_plan WHERE name = 'Fruit for two'"
    )
    assert (price, is_open) == (2990, True)
    await browser.send_form(f"/merchant/plans/{plan}/close")
    assert await fetch("SELECT is_open FROM box_plan WHERE id = $1", plan) == [(False,)]
    await browser.send_form(f"/merchant/plans/{plan}/reopen")
    assert await fetch("SELECT is_open FROM box_plan WHERE id = $1", plan) == [(True,)]


async def test_nothing_is_planned_again_after_the_cutoff(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=100)
    await add_box(m, [(lot, 3)])
    browser = await planner(web, m.merchant)
    web.clock.at = AFTER

    answer = await browser.send_form(f"/merchant/plan/{m.day}/again")
    page = await browser.get(answer.headers["location"])

    assert await fetch("SELECT count(*) FROM plan_run") == [(0,)]
    assert "This day is closed for changes." in page.text
    assert f"/merchant/plan/{m.day}/again" not in page.text
