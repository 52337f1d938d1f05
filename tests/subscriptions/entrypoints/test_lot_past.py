"""A merchant says how a lot travelled and how long it lay in the cold: it counts from then on."""

import datetime as dt
from uuid import UUID

import pytest
from litestar.types import ControllerRouterHandler

from ripening.lot_state import LotState, Stay, age_at
from ripening.produce import load_profiles
from subscriptions.adapters.learning_store import hold_lots
from subscriptions.entrypoints.merchant_lots_controller import MerchantLotsController
from subscriptions.role import Role
from tests.market import Market, add_produce, broken_invariants, open_market, stock
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import add_person, fetch

DUE_ON = dt.date(2026, 11, 26)


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantLotsController,)


async def opened(
    web: Web, produce: str = "kiwifruit_green", *, language: str = "en"
) -> tuple[Market, Browser]:
    m = await open_market()
    await add_produce(produce)
    await add_person("planner@example.org", (Role.PLANNER, m.merchant), locale=language)
    browser = await web.browser()
    await browser.sign_in("planner@example.org")
    return m, browser


def form(m: Market, **changed: str) -> dict[str, str]:
    return {
        "produce_key": "kiwifruit_green", "grower_id": str(m.grower), "depot_id": str(m.depot), "code": "L-9001",
        "units": "120", "case_units": "60", "unit_cost": "0.22", "harvested_on": "2026-10-10",
        "due_on": DUE_ON.isoformat(), "ripe_pct": "25", "store_c": "1", "is_treated": "yes", **changed,
    }  # fmt: skip


async def announce(m: Market, browser: Browser, **changed: str) -> tuple[UUID, LotState, dt.date]:
    """Announce a lot; returns its id, its state as kept, and by when it must leave."""
    answer = await browser.send_form("/merchant/lots", **form(m, **changed))
    assert answer.status_code == 303, answer.text
    lot = UUID(answer.headers["location"].rpartition("/")[2])
    ((leaves,),) = await fetch("SELECT must_leave_on FROM lot WHERE id = $1", lot)
    (held,) = await hold_lots([lot])
    assert isinstance(leaves, dt.date)
    return lot, held.state, leaves


@pytest.mark.parametrize(
    ("language", "words", "label"),
    [
        ("en", "2 days on the road at 8 °C; 30 days in cold storage before", "Days on the road"),
        ("zh", "路上 2 天，8 °C；此前冷藏 30 天", "路上天数"),
    ],
)
async def test_what_was_said_is_kept_and_shown(
    web: Web, language: str, words: str, label: str
) -> None:
    m, browser = await opened(web, language=language)

    lot, state, _ = await announce(m, browser, stored_days="30", road_days="2", road_c="8")

    assert state.stored_days == 30
    assert state.transit == (Stay(2, 8),)
    assert state.graded_on == DUE_ON - dt.timedelta(days=2)
    assert words in (await browser.get(f"/merchant/lots/{lot}")).text
    assert label in (await browser.get("/merchant/lots/new")).text
    assert await broken_invariants() == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"road_days": "1", "road_c": "-1,5"}, "<dd>1 day on the road at -1.5 °C</dd>"),
        ({"stored_days": "1"}, "<dd>1 day in cold storage before</dd>"),
        ({"stored_days": "0", "road_days": "0"}, None),
        ({"stored_days": "", "road_days": "", "road_c": ""}, None),
    ],
)
async def test_each_may_be_said_without_the_other_or_not_at_all(
    web: Web, typed: dict[str, str], words: str | None
) -> None:
    m, browser = await opened(web)

    lot, state, _ = await announce(m, browser, **typed)

    page = (await browser.get(f"/merchant/lots/{lot}")).text
    if words is None:
        assert (state.transit, state.stored_days, state.graded_on) == ((), 0, DUE_ON)
        assert "Until the depot" not in page
    else:
        assert words in page


async def test_a_warm_road_ripens_and_a_cold_one_hardly(web: Web) -> None:
    m, browser = await opened(web)
    profiles = load_profiles()
    ages = []
    for n, road_c in enumerate(("1", "25")):
        _, state, _ = await announce(m, browser, code=f"L-{n}", road_days="3", road_c=road_c)
        ages.append(age_at(state, profiles, delivery_on=DUE_ON))

    assert ages[1] - ages[0] > 1.0


async def test_what_lay_long_or_travelled_warm_must_leave_sooner(web: Web) -> None:
    m, browser = await opened(web, "tulip")
    tulips = {"produce_key": "tulip", "ripe_pct": "0", "harvested_on": "2026-11-15"}

    _, _, fresh = await announce(m, browser, **tulips, code="L-1")
    _, _, stored = await announce(m, browser, **tulips, code="L-2", stored_days="4")
    _, _, driven = await announce(m, browser, **tulips, code="L-3", road_days="2", road_c="12")

    assert stored < fresh
    assert driven < fresh
    assert stored > DUE_ON


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"stored_days": "401"}, "stored_days", "Give a whole number from 0 to 400."),
        ({"stored_days": "-1"}, "stored_days", "Give a whole number from 0 to 400."),
        ({"stored_days": "a month"}, "stored_days", "Give a whole number from 0 to 400."),
        ({"road_days": "31", "road_c": "8"}, "road_days", "Give a whole number from 0 to 30."),
        ({"road_days": "1.5", "road_c": "8"}, "road_days", "Give a whole number from 0 to 30."),
        ({"road_days": "2", "road_c": "36"}, "road_c", "Give a number from -2 to 35."),
        ({"road_days": "2", "road_c": "nan"}, "road_c", "Give a number from -2 to 35."),
        ({"road_days": "2", "road_c": ""}, "road_c", "Say how warm it was on the road, from -2 to 35"),
        ({"road_days": "", "road_c": "8"}, "road_days", "Say for how many days, from 0 to 30"),
        ({"stored_days": "46", "road_days": "2", "road_c": "8"}, "stored_days", "Only 47 days lie"),
        ({"road_days": "2", "road_c": "8", "harvested_on": "2026-11-24", "due_on": "2026-11-25"}, "road_days",
         "Only 1 day lies"),
        ({"produce_key": "strawberry", "store_c": "0", "stored_days": "40"}, "stored_days", "After so long"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_named_kept_as_typed_and_leaves_nothing_behind(
    web: Web, typed: dict[str, str], field: str, said: str
) -> None:
    m, browser = await opened(web)
    await add_produce("strawberry")

    answer = await browser.send_form("/merchant/lots", **form(m, **typed))

    assert answer.status_code == 422
    wrong = answer.text.partition(f'id="wrong-{field}">')[2].partition("</p>")[0]
    assert said in wrong
    for name, value in typed.items():
        if name in ("stored_days", "road_days", "road_c"):
            assert f'name="{name}"' in answer.text
            assert f'value="{value}"' in answer.text
    assert await fetch("SELECT count(*) FROM lot") == [(0,)]
    assert await fetch("SELECT count(*) FROM lot_stock") == [(0,)]


async def test_a_travelled_lot_can_be_promised_at_once(web: Web) -> None:
    m, browser = await opened(web)

    lot, _, _ = await announce(m, browser, road_days="30", road_c="1")

    assert await stock(lot) == (120, 0, 0)
    assert await web.house.planning.supply.promisable_units(m.merchant, m.depot) == {lot: 120}
