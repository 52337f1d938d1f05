"""The sample farm from an empty database to shipped boxes, through real servers and the payment sandbox."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pendulum
import pypdfium2
import pytest
from redis.asyncio import Redis
from rich.progress import Progress

from delivery.errors import NotYetCutOff
from ripeday import cycle
from ripeday.composition import House
from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import Invalid, NotFound
from ripeday.sample.calendar import SampleDays
from ripeday.sample.loading import load
from ripeday.settings import shift_to
from tests.faults.worker_process import settings_for
from tests.market import broken_invariants, open_market
from tests.sandbox_fixture import Sandbox

AS_OF = dt.date(2026, 11, 22)
DAYS = SampleDays(AS_OF)

TABLES = (
    "lot", "lot_stock", "place_stock", "stock_movement", "delivery_day", "subscription", "plan_run", "box",
    "box_line", "uncovered_day", "reservation", "charge", "ledger_entry", "wave", "wave_box", "print", "shipment",
    "outbox", "audit_entry", "household", "household_taste", "person", "role_grant",
)  # fmt: skip


@pytest.fixture
async def house(
    database: str, valkey_url: str, sandbox: Sandbox, tmp_path: Path
) -> AsyncIterator[House]:
    """A house on an empty database that lives on the sample's day."""
    async with opened(database, valkey_url, sandbox, tmp_path) as house:
        yield house


@asynccontextmanager
async def opened(
    database: str, valkey_url: str, sandbox: Sandbox, tmp_path: Path
) -> AsyncIterator[House]:
    shift_s = shift_to(AS_OF, today=pendulum.now("UTC").date())
    settings = replace(settings_for(database, valkey_url, sandbox, tmp_path), clock_shift_s=shift_s)
    async with Redis.from_url(valkey_url) as redis:
        yield House.of(settings, redis, payments=sandbox.gateway())


async def rows(sql: str, *values: object) -> list[Any]:
    async with connection() as c:
        return list(await c.fetch(sql, *values))


async def value(sql: str, *values: object) -> Any:
    async with connection() as c:
        return await c.fetchval(sql, *values)


async def digests() -> dict[str, str]:
    """Return a digest of every row of every table that the cycle may write."""
    return {
        table: await value(
            f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
        )
        for table in TABLES
    }


@pytest.mark.timeout(400)
async def test_the_sample_is_played_to_delivered_and_playing_it_again_changes_nothing(
    house: House, sandbox: Sandbox
) -> None:
    with Progress(disable=True) as bars:
        assert await load(house, AS_OF, bars)
        figures = await cycle.play(house, bars)
        await assert_every_round_is_where_it_should_be(figures)
        await assert_days_are_covered(figures)
        await assert_the_books_are_in_order()
        await assert_each_paid_box_was_paid_once(sandbox)
        assert_pick_lists_can_be_read(figures)
        before = await digests()
        n_intents = len(sandbox.books()["intents"])

        assert not await load(house, AS_OF, bars)
        again = await cycle.play(house, bars)
        assert {**again, "seconds": {}} == {**figures, "seconds": {}}
        assert await digests() == before
        assert len(sandbox.books()["intents"]) == n_intents


async def assert_every_round_is_where_it_should_be(figures: dict[str, Any]) -> None:
    by_day = {(r["merchant"], r["delivery_on"]): r for r in figures["rounds"]}
    assert len(by_day) == 8
    for slug in ("havelkorb", "guoshi"):
        last, current = by_day[slug, str(DAYS.last_on)], by_day[slug, str(DAYS.current_on)]
        assert last["boxes_planned"] > 90
        assert last["delivered"] == last["shipped"] == last["charged"] > 0
        assert current["charged"] > 0
        assert current["shipped"] == 0
        assert len(current["pick_list"]) == 1
        for on in (DAYS.second_on, DAYS.next_on):
            coming = by_day[slug, str(on)]
            assert coming["is_open"]
            assert coming["boxes_planned"] > 0
            assert coming["reserved"] == coming["charged"] == 0
    assert figures["declined"] > 0
    assert figures["boxes_planned"] == await value("SELECT count(*) FROM box")
    closed = [r for r in figures["rounds"] if not r["is_open"]]
    for round_ in closed:
        settled = round_["charged"] + round_["declined"] + round_["needs_authentication"]
        assert settled + round_["short"] == round_["boxes_planned"]
        assert settled == round_["reserved"]


async def assert_days_are_covered(figures: dict[str, Any]) -> None:
    fruit = await rows(
        "SELECT count(DISTINCT (box, day_on)) FROM uncovered_day WHERE kind = 'fruit'"
    )
    n_fruit_days = await value("SELECT sum(horizon_days) FROM box WHERE kind <> 'flower'")
    assert fruit[0][0] <= 0.05 * n_fruit_days
    assert figures["uncovered_days"]["n"] <= 0.05 * figures["days"]
    assert (
        await value("SELECT count(*) FROM uncovered_day WHERE reason = '' OR reason IS NULL") == 0
    )
    # A day without a word of excuse has its portions: what is eaten of the box and of what is at home, and what is
    # missing, is what was sold.
    short = await rows(
        """
        SELECT box.id, day.n FROM box
        CROSS JOIN LATERAL generate_series(0, box.horizon_days - 1) AS day (n)
        JOIN delivery_day ON delivery_day.id = box.delivery_day
        LEFT JOIN uncovered_day bare ON bare.box = box.id AND bare.kind = 'fruit'
             AND bare.day_on = delivery_day.delivery_on + day.n
        WHERE (SELECT coalesce(sum(line.eat[day.n + 1]), 0) FROM box_line line WHERE line.box = box.id)
              + (SELECT coalesce(sum(eat[day.n + 1]), 0) FROM box_carry WHERE box_carry.box = box.id)
              + coalesce(bare.missing, 0) <> coalesce(box.need[day.n + 1], box.portions_a_day)
        """
    )
    assert short == []


async def assert_the_books_are_in_order() -> None:
    assert await broken_invariants() == []
    held = await rows(
        "SELECT DISTINCT box.status FROM reservation JOIN box ON box.id = reservation.box"
        " WHERE reservation.status = 'active'"
    )
    assert {row["status"] for row in held} == {"paid"}
    over = await rows(
        "SELECT line.lot FROM box_line line JOIN box ON box.id = line.box"
        " JOIN lot_stock stock ON stock.lot = line.lot WHERE box.status IN ('proposed', 'edited')"
        " GROUP BY line.lot, stock.on_hand, stock.announced, stock.reserved"
        " HAVING sum(line.units) > stock.on_hand + stock.announced - stock.reserved"
    )
    assert over == []
    posted = await value("SELECT count(DISTINCT box) FROM ledger_entry")
    assert posted == await value("SELECT count(*) FROM box WHERE status = 'paid'") > 0


async def assert_each_paid_box_was_paid_once(sandbox: Sandbox) -> None:
    paid = {
        str(row["id"]): (row["price_minor"], row["currency"])
        for row in await rows("SELECT id, price_minor, currency FROM box WHERE status = 'paid'")
    }
    taken = {
        box: [(intent["amount"], intent["currency"]) for intent in intents]
        for box, intents in sandbox.books()["paid_by_box"].items()
    }
    assert taken == {box: [amount] for box, amount in paid.items()}


def assert_pick_lists_can_be_read(figures: dict[str, Any]) -> None:
    assert len(figures["pick_lists"]) == 4
    assert figures["pick_list"] in figures["pick_lists"]
    for path in figures["pick_lists"]:
        text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
        assert ("拣货单" if path.endswith("-zh.pdf") else "Pick list") in text


@pytest.mark.timeout(200)
async def test_one_day_is_played_up_to_its_pick_list_but_not_before_its_cutoff(
    house: House,
) -> None:
    with Progress(disable=True) as bars:
        await load(house, AS_OF, bars)
        with pytest.raises(NotYetCutOff):
            await cycle.play(house, bars, merchant="guoshi", delivery_on=DAYS.second_on)
        with pytest.raises(Invalid):
            await cycle.play(
                house, bars, merchant="guoshi", delivery_on=DAYS.second_on + dt.timedelta(days=1)
            )
        with pytest.raises(NotFound):
            await cycle.play(house, bars, merchant="nobody", delivery_on=DAYS.second_on)

        asked = {
            "merchant": "guoshi",
            "delivery_on": DAYS.second_on,
            "as_of": DAYS.second_on - dt.timedelta(days=1),
        }
        figures = await cycle.play(house, bars, **asked)
        assert figures["boxes_planned"] == 20
        assert figures["charged"] + figures["declined"] + figures["needs_authentication"] == 20
        assert Path(figures["pick_list"]).read_bytes().startswith(b"%PDF")
        paper = await house.pick_list("HGH", DAYS.second_on - dt.timedelta(days=1), language="en")
        assert paper.startswith(b"%PDF")

        before = await digests()
        assert (await cycle.play(house, bars, **asked))["charged"] == figures["charged"]
        assert await digests() == before


async def test_a_database_with_a_merchant_in_it_is_left_alone(house: House) -> None:
    await open_market()
    before = await digests()
    with Progress(disable=True) as bars:
        assert not await load(house, AS_OF, bars)
        figures = await cycle.play(house, bars)
    assert figures["boxes_planned"] == 0
    assert figures["pick_list"] is None
    assert await digests() == before
