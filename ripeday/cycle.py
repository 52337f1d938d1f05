"""Playing delivery days through, with the use cases that the worker runs.

Each step happens at the instant it would have happened at (the plan before the cut-off, the wave on the morning of pack
day), but never later than now. Steps that are done already are found to be done and change nothing.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pendulum
from pendulum import DateTime
from rich.progress import Progress

from delivery.errors import NotYetCutOff
from ripeday import cycle_store
from ripeday.composition import House
from ripeday.cycle_store import DayState, RoundHead
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import instant, local_day
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from ripeday.sample.calendar import SampleDays
from ripeday.sample.merchant import MERCHANTS
from ripeday.sample.staff import logins
from ripeday.sample.store import loaded_on
from subscriptions.adapters import round_store
from subscriptions.cutoff import dated
from subscriptions.ports import PaymentUnavailable

CHARGES_AT_ONCE = 8
ASK_AGAIN = 3
PLANNED_DAYS_AHEAD = 8
"""The worker plans a delivery when its cut-off is this near."""

_RELEASED, _PACKED = dt.time(6, 0), dt.time(10, 0)
_LEFT, _ARRIVED = dt.time(6, 30), dt.time(12, 0)
_COUNTED = (
    "boxes_planned", "days", "reserved", "short", "charged", "declined", "needs_authentication", "shipped",
    "delivered",
)  # fmt: skip


@dataclass(slots=True)
class _Stage:
    """What the steps share: the house, the present, the bars, and the time each phase took."""

    house: House
    bars: Progress
    now: DateTime
    seconds: dict[str, float] = field(default_factory=dict)
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def at(self, wanted: dt.datetime) -> DateTime:
        """Return an instant of the past, or now when it is still to come."""
        return min(pendulum.instance(wanted), self.now)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the time of a block to its phase."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = self.seconds.get(name, 0.0) + time.perf_counter() - started
            self.seconds[name] = round(spent, 2)


async def play(
    house: House,
    bars: Progress,
    *,
    once: bool = False,
    merchant: str | None = None,
    delivery_on: dt.date | None = None,
    as_of: dt.date | None = None,
) -> dict[str, Any]:
    """Play the sample's rounds, or one delivery day of one merchant; return what came of it.

    Without `merchant`, the sample's last round is played through to delivered and its current one to the printed pick
    list; the next ones are left open and planned. Playing again changes nothing and returns the same figures. `once`
    makes no difference here: the whole job is done either way.

    Raises
    ------
    NotFound
        There is no such merchant.
    Invalid
        The merchant does not deliver on that day.
    NotYetCutOff
        Customers may still change their boxes of that day.
    """
    del once
    if merchant is None:
        stage = _Stage(house, bars, house.clock.now())
        await _play_sample(stage)
        return _summary(stage, [login.line for login in logins()])
    if delivery_on is None:
        raise Invalid("delivery_on", message("Name the delivery day."))
    stage = _Stage(house, bars, await _present(house, merchant, as_of))
    await _play_day(stage, merchant, delivery_on)
    return _summary(stage, [])


async def _present(house: House, merchant: str, as_of: dt.date | None) -> DateTime:
    """Return now, or the last second of the day `as_of` as the merchant's people live it."""
    if as_of is None:
        return house.clock.now()
    rounds = await cycle_store.rounds_of(merchant)
    if not rounds:
        raise NotFound
    return instant(as_of, dt.time(23, 59, 59), rounds[0].timezone)


async def _play_sample(stage: _Stage) -> None:
    as_of = await loaded_on()
    if as_of is None:
        return
    days = SampleDays(as_of)
    for merchant in MERCHANTS:
        main, second = await cycle_store.rounds_of(merchant.slug)
        for delivery_on in (days.last_on, days.current_on):
            day = await _opened(stage, main, delivery_on)
            await _through_cutoff(stage, main, day)
            await _to_paper(stage, main, day)
            if delivery_on == days.last_on:
                await _to_door(stage, main, day)
            await _note(stage, main, day)
        for round_, delivery_on in ((second, days.second_on), (main, days.next_on)):
            day = await _opened(stage, round_, delivery_on)
            await _planned_ahead(stage, day)
            await _note(stage, round_, day)


async def _play_day(stage: _Stage, merchant: str, delivery_on: dt.date) -> None:
    rounds = await cycle_store.rounds_of(merchant)
    if not rounds:
        raise NotFound
    running = [round_ for round_ in rounds if round_.weekday == delivery_on.weekday()]
    if not running:
        raise Invalid(
            "delivery_on",
            message("{merchant} does not deliver on {day}.", merchant=merchant, day=delivery_on),
        )
    for round_ in running:
        day = await _opened(stage, round_, delivery_on)
        if stage.now < day.cutoff_at:
            raise NotYetCutOff(day.cutoff_at)
        await _through_cutoff(stage, round_, day)
        await _to_paper(stage, round_, day)
        await _note(stage, round_, day)


async def _opened(stage: _Stage, head: RoundHead, delivery_on: dt.date) -> DayState:
    """Return a round's delivery day; opens the calendar from it on when it is not there yet."""
    if (day := await cycle_store.day_state(head.round_id, delivery_on)) is not None:
        return day
    round_ = await round_store.round_of(head.round_id)
    if round_ is None:
        raise NotFound
    cutoff_at = dated(round_.rule, delivery_on).cutoff_at
    await stage.house.rounds.open_days_from(round_, now=stage.at(cutoff_at.subtract(hours=1)))
    day = await cycle_store.day_state(head.round_id, delivery_on)
    if day is None:
        raise NotFound
    return day


async def _through_cutoff(stage: _Stage, head: RoundHead, day: DayState) -> None:
    """Plan, lock, reserve and charge; each finds out for itself whether it is still to be done."""
    cutoff_at = pendulum.instance(day.cutoff_at)
    title = f"{head.merchant_slug} {day.delivery_on}"
    if day.planned_at is None and day.locked_at is None:
        await _plan(stage, day, title, now=cutoff_at.subtract(days=1))
    with stage.phase("cutoff"):
        await stage.house.cutoff.lock_day(day.id, now=stage.at(cutoff_at))
        await stage.house.cutoff.reserve_day(day.id, now=stage.at(cutoff_at.add(minutes=1)))
    with stage.phase("charge"):
        await _charge(stage, day, title, now=stage.at(cutoff_at.add(minutes=2)))


async def _plan(stage: _Stage, day: DayState, title: str, *, now: DateTime) -> None:
    bar = stage.bars.add_task(f"Planning {title}", total=None)

    def advance(phase: str, done: int, of: int) -> None:
        said = f"Planning {title}: {phase}"
        stage.bars.update(bar, description=said, completed=done, total=of)

    with stage.phase("plan"):
        planned = await stage.house.planning.plan_day(day.id, now=now, progress=advance)
    n_boxes = planned.n_boxes if planned else 0
    stage.bars.update(bar, description=f"Planning {title}", total=n_boxes, completed=n_boxes)


async def _charge(stage: _Stage, day: DayState, title: str, *, now: DateTime) -> None:
    cutoff = stage.house.cutoff
    boxes = await cycle_store.boxes_in(day.id, "reserved")
    bar = stage.bars.add_task(f"Charging {title}", total=len(boxes))
    await _each(
        boxes,
        lambda box: cutoff.charge_box(box, now=now),
        lambda: stage.bars.update(bar, advance=1),
    )
    for _ in range(ASK_AGAIN):
        if not (unknown := await cycle_store.boxes_in(day.id, "charge_unknown")):
            return
        await _each(unknown, lambda box: cutoff.settle_box(box, now=now), lambda: None)


async def _each(
    boxes: Sequence[UUID], work: Callable[[UUID], Awaitable[object]], done: Callable[[], None]
) -> None:
    """Work on several boxes at once; one whose answer does not come is left for later."""
    turn = asyncio.Semaphore(CHARGES_AT_ONCE)

    async def one(box: UUID) -> None:
        async with turn:
            with suppress(PaymentUnavailable):
                await work(box)
        done()

    async with asyncio.TaskGroup() as tasks:
        for box in boxes:
            tasks.create_task(one(box))


async def _to_paper(stage: _Stage, head: RoundHead, day: DayState) -> None:
    """Release what is paid as a wave and print it; whose bank still waits on pack day is let go."""
    at = stage.at(instant(day.pack_on, _RELEASED, head.timezone))
    with stage.phase("release"):
        if local_day(at, head.timezone) >= day.pack_on:
            for box in await cycle_store.boxes_in(day.id, "needs_authentication"):
                await stage.house.billing.give_up(box, now=at)
        await stage.house.waves.release_day(day.id, now=at)
    bar = stage.bars.add_task(f"Printing {head.merchant_slug} {day.delivery_on}", total=None)
    waves = await cycle_store.unprinted_waves(day.id)
    with stage.phase("print"):
        for wave in waves:
            await stage.house.waves.print_papers(wave, now=at)
    stage.bars.update(bar, total=len(waves), completed=len(waves))


async def _to_door(stage: _Stage, head: RoundHead, day: DayState) -> None:
    shipping, merchants = stage.house.shipping, (head.merchant_id,)
    packed_at = stage.at(instant(day.pack_on, _PACKED, head.timezone))
    left_at = stage.at(instant(day.delivery_on, _LEFT, head.timezone))
    arrived_at = stage.at(instant(day.delivery_on, _ARRIVED, head.timezone))
    with stage.phase("ship"):
        for wave in await cycle_store.waves_of(day.id):
            async with unit_of_work():
                boxes = await cycle_store.boxes_to_pack(wave)
                if boxes:
                    await shipping.pack(boxes, merchant_ids=merchants, actor_id=None, now=packed_at)
            await shipping.ship(wave, merchant_ids=merchants, now=left_at)
            await shipping.deliver(wave, merchant_ids=merchants, now=arrived_at)


async def _planned_ahead(stage: _Stage, day: DayState) -> None:
    """Plan a delivery that can still be changed, as the worker would by now."""
    is_near = stage.now.add(days=PLANNED_DAYS_AHEAD) >= day.cutoff_at > stage.now
    if day.planned_at is None and day.locked_at is None and is_near:
        await _plan(stage, day, f"{day.delivery_on}", now=stage.now)


async def _note(stage: _Stage, head: RoundHead, day: DayState) -> None:
    stage.rounds.append(
        {
            "merchant": head.merchant_slug,
            "round": head.name,
            "delivery_on": str(day.delivery_on),
            "is_open": stage.now < day.cutoff_at,
            **await cycle_store.figures_of(day.id),
        }
    )


def _summary(stage: _Stage, lines: list[str]) -> dict[str, Any]:
    """Add up the rounds; `pick_list` is the paper to look at first, the latest of the first merchant."""
    reasons: dict[str, int] = {}
    for round_ in stage.rounds:
        for reason, n in round_["uncovered_days"]["by_reason"].items():
            reasons[reason] = reasons.get(reason, 0) + n
    papers = [path for round_ in stage.rounds for path in round_["pick_list"]]
    first = stage.rounds[0]["merchant"] if stage.rounds else None
    shown = [p for r in stage.rounds if r["merchant"] == first for p in r["pick_list"]]
    return {
        **{key: sum(round_[key] for round_ in stage.rounds) for key in _COUNTED},
        "uncovered_days": {
            "n": sum(round_["uncovered_days"]["n"] for round_ in stage.rounds),
            "by_reason": reasons,
        },
        "pick_list": shown[-1] if shown else None,
        "pick_lists": papers,
        "seconds": stage.seconds,
        "rounds": stage.rounds,
        "logins": lines,
    }
