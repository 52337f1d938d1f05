"""Whatever is asked about a delivery, in any zone and around any change of clocks: the cut-off is the same second."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pendulum
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pendulum import DateTime

from delivery.services.supply import StockSupply
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid
from ripening.produce import load_profiles
from subscriptions.errors import PastCutoff
from subscriptions.place import Door, HowLong
from subscriptions.receipt import Receipt
from subscriptions.services.cancelling import CancellingService
from subscriptions.services.donating import DonatingService
from subscriptions.services.moving import MovingService
from subscriptions.services.pausing import PausingService
from subscriptions.services.placing import Asked, PlacingService
from subscriptions.services.planning import PlanningService
from subscriptions.services.skipping import SkippingService
from tests.market import add_household, add_stop, open_market
from tests.subscriptions.people import fetch

CHANGES = [
    ("Europe/Berlin", dt.date(2027, 3, 28)), ("Europe/Berlin", dt.date(2026, 10, 25)),
    ("America/New_York", dt.date(2027, 3, 14)), ("America/New_York", dt.date(2026, 11, 1)),
    ("Australia/Lord_Howe", dt.date(2027, 4, 4)), ("Australia/Lord_Howe", dt.date(2026, 10, 4)),
    ("America/Havana", dt.date(2027, 3, 14)), ("Asia/Shanghai", dt.date(2027, 2, 17)),
    ("Pacific/Kiritimati", dt.date(2027, 1, 1)), ("Pacific/Pago_Pago", dt.date(2027, 1, 1)),
]  # fmt: skip
"""Zones and days on which their clocks change, if they do."""


@dataclass
class Case:
    """A delivery and its cut-off as the merchant sets it."""

    zone: str
    cutoff_on: dt.date
    wall: dt.time
    days_before: int

    @property
    def on(self) -> dt.date:
        return self.cutoff_on + dt.timedelta(days=self.days_before)

    @property
    def next_on(self) -> dt.date:
        return self.on + dt.timedelta(weeks=1)

    @property
    def last_second(self) -> DateTime:
        """Return the last second that the wall clock shows a time before the cut-off for the first time."""
        zone = ZoneInfo(self.zone)
        wanted = dt.datetime.combine(self.cutoff_on, self.wall)
        at = wanted.replace(tzinfo=dt.UTC) - dt.timedelta(hours=15)
        step = dt.timedelta(hours=1)
        while step >= dt.timedelta(seconds=1):
            while (at + step).astimezone(zone).replace(tzinfo=None) < wanted:
                at += step
            step /= 60
        return pendulum.instance(at)


cases = st.builds(
    lambda change, shift, minute, before: Case(
        change[0],
        change[1] + dt.timedelta(days=shift),
        dt.time(minute // 60, minute % 60),
        before,
    ),
    st.sampled_from(CHANGES),
    st.integers(-1, 1),
    st.one_of(st.sampled_from([0, 60, 90, 119, 120, 121, 150, 179, 180, 1200, 1439]), st.integers(0, 1439)),
    st.integers(0, 6),
)  # fmt: skip
MANY = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Undo(Exception):
    """Ends an example without a trace."""


@dataclass
class Table:
    """One order, and the services that change its deliveries."""

    person: UUID
    order: UUID
    skipping: SkippingService
    pausing: PausingService
    cancelling: CancellingService
    placing: PlacingService
    moving: MovingService
    donating: DonatingService

    async def place(self, case: Case, now: DateTime) -> Receipt:
        elsewhere = Asked("address", HowLong.ONCE, door=Door("Nachbarweg 9", "Berlin", "10119"))
        return await self.placing.change(self.person, self.order, case.on, elsewhere, now=now)

    async def place_for_good(self, case: Case, now: DateTime) -> Receipt:
        ((stop,),) = await fetch("SELECT id FROM stop WHERE kind = 'pickup'")
        asked = Asked(str(stop), HowLong.GOOD)
        return await self.placing.change(self.person, self.order, case.on, asked, now=now)

    async def skip(self, case: Case, now: DateTime) -> Receipt | None:
        return await self.skipping.skip(self.person, self.order, case.on, now=now)

    async def withdraw(self, case: Case, now: DateTime) -> Receipt | None:
        return await self.skipping.withdraw(self.person, self.order, case.on, now=now)

    async def donate(self, case: Case, now: DateTime) -> Receipt | None:
        return await self.donating.donate(self.person, self.order, case.on, now=now)

    async def keep(self, case: Case, now: DateTime) -> Receipt | None:
        return await self.donating.withdraw(self.person, self.order, case.on, now=now)

    async def move_on(self, case: Case, now: DateTime) -> Receipt:
        """Have the box of the delivery come with the next one."""
        return await self.moving.move(self.person, self.order, case.on, to_on=case.next_on, now=now)

    async def move_up(self, case: Case, now: DateTime) -> Receipt:
        """Have the next box come with the one of the delivery."""
        return await self.moving.move(self.person, self.order, case.next_on, to_on=case.on, now=now)

    async def move_on_back(self, case: Case, now: DateTime) -> Receipt | None:
        return await self.moving.move_back(self.person, self.order, case.on, now=now)

    async def move_up_back(self, case: Case, now: DateTime) -> Receipt | None:
        return await self.moving.move_back(self.person, self.order, case.next_on, now=now)

    async def pause(self, case: Case, now: DateTime) -> Receipt:
        until = case.on + dt.timedelta(days=20)
        return await self.pausing.pause(
            self.person, self.order, from_on=case.on, until_on=until, now=now
        )

    async def resume(self, _: Case, now: DateTime) -> Receipt:
        return await self.pausing.resume(self.person, self.order, now=now)

    async def cancel(self, _: Case, now: DateTime) -> Receipt:
        return await self.cancelling.cancel(self.person, self.order, reason=None, now=now)


@pytest.fixture
async def table(database: str) -> Table:
    market = await open_market()
    order = await add_household(market)
    await add_stop(market)
    await add_stop(market, kind="food_bank")
    await fetch("DELETE FROM delivery_day RETURNING id")
    ((person,),) = await fetch("SELECT person FROM household")
    planning = PlanningService(StockSupply(), load_profiles())
    return Table(
        UUID(str(person)), order, SkippingService(planning), PausingService(planning), CancellingService(planning),
        PlacingService(), MovingService(planning), DonatingService(planning),
    )  # fmt: skip


async def in_case(case: Case, look: Callable[[], Awaitable[None]]) -> None:
    """Set the merchant up as the case says, look, and leave nothing behind."""
    with pytest.raises(Undo):
        async with unit_of_work():
            await fetch("UPDATE merchant SET timezone = $1 RETURNING id", case.zone)
            await fetch(
                "UPDATE delivery_round SET weekday = $1, cutoff_days_before = $2, cutoff_minute = $3,"
                " pack_days_before = 0 RETURNING id",
                case.on.weekday(), case.days_before, case.wall.hour * 60 + case.wall.minute,
            )  # fmt: skip
            await fetch(
                "UPDATE subscription SET first_delivery_on = $1 RETURNING id", case.on - dt.timedelta(weeks=4)
            )  # fmt: skip
            await look()
            raise Undo


@MANY
@given(
    case=cases,
    change=st.sampled_from(
        ["skip", "withdraw", "pause", "place", "place_for_good", "donate", "keep"]
    ),
)
async def test_the_last_second_is_in_time_and_the_next_one_is_not(
    table: Table, case: Case, change: str
) -> None:
    last, act = case.last_second, getattr(table, change)

    async def look() -> None:
        if change == "withdraw":
            await table.skip(case, last.subtract(hours=1))
        if change == "keep":
            await table.donate(case, last.subtract(hours=1))
        with pytest.raises(PastCutoff) as refused:
            await act(case, last.add(seconds=1))
        assert "the next one" in str(refused.value)
        receipt = await act(case, last)
        assert receipt.done.cutoff_at == last.add(seconds=1)
        assert receipt.done.asked_at == last
        if change.startswith("place"):
            assert receipt.done.delivery_on == case.on
            ((n,),) = await fetch(
                "SELECT count(*) FROM place_change WHERE $1 BETWEEN from_on AND until_on - 1",
                case.on,
            )
            assert n == (change == "place")
        if change in ("skip", "donate"):
            assert (receipt.done.delivery_on, receipt.done.next_on) == (case.on, case.next_on)

    await in_case(case, look)


@MANY
@given(case=cases, way=st.sampled_from(["move_on", "move_up"]), back=st.booleans())
async def test_a_box_is_moved_and_moved_back_until_the_earlier_of_both_closes(
    table: Table, case: Case, way: str, back: bool
) -> None:
    last, move = case.last_second, getattr(table, way)
    act = getattr(table, f"{way}_back") if back else move

    async def look() -> None:
        if back:
            await move(case, last.subtract(hours=1))
        # A target that is closed is none of those offered, which is what is said of it.
        late = Invalid if (way, back) == ("move_up", False) else PastCutoff
        with pytest.raises(late):
            await act(case, last.add(seconds=1))
        receipt = await act(case, last)
        assert receipt.done.cutoff_at == last.add(seconds=1)
        assert {receipt.done.delivery_on, receipt.done.until_on} == {case.on, case.next_on}

    await in_case(case, look)


@MANY
@given(case=cases)
async def test_what_is_said_before_it_is_done_names_the_wall_clock_of_the_round(
    table: Table, case: Case
) -> None:
    last = case.last_second

    async def look() -> None:
        prospect = await table.skipping.foresee(table.person, table.order, case.on, now=last)
        assert "for one more minute" in str(prospect.cutoff.said)
        assert prospect.cutoff.cutoff_at == last.add(seconds=1)
        assert prospect.next_on == case.next_on
        with pytest.raises(PastCutoff):
            await table.skipping.foresee(table.person, table.order, case.on, now=last.add(seconds=1))  # fmt: skip

    await in_case(case, look)


@MANY
@given(case=cases)
async def test_a_pause_ended_at_the_cut_off_brings_the_next_delivery_and_a_second_before_this_one(
    table: Table, case: Case
) -> None:
    last = case.last_second

    async def look() -> None:
        await table.pause(case, last.subtract(hours=1))
        late: Any = None
        with pytest.raises(Undo):
            async with unit_of_work():
                late = await table.resume(case, last.add(seconds=1))
                raise Undo
        in_time = await table.resume(case, last)
        today = last.in_timezone(case.zone).date()
        assert late.done.next_on == case.next_on
        assert in_time.done.next_on == (case.on if case.on > today else case.next_on)

    await in_case(case, look)


@MANY
@given(case=cases)
async def test_cancelled_a_second_before_the_cut_off_this_box_goes_and_at_it_it_still_comes(
    table: Table, case: Case
) -> None:
    last = case.last_second

    async def look() -> None:
        await fetch(
            "INSERT INTO delivery_rule (id, merchant, n_skips, n_in_a_row, notice_days)"
            " SELECT gen_random_uuid(), id, 6, 3, 0 FROM merchant RETURNING id"
        )
        late: Any = None
        with pytest.raises(Undo):
            async with unit_of_work():
                late = await table.cancel(case, last.add(seconds=1))
                raise Undo
        assert late.done.next_on == case.on
        assert late.done.until_on > case.on
        in_time = await table.cancel(case, last)
        today = last.in_timezone(case.zone).date()
        assert in_time.done.cutoff_at == last.add(seconds=1)
        if case.on > today:
            assert in_time.done.next_on is None
            assert in_time.done.until_on <= case.on

    await in_case(case, look)
