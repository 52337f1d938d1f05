"""Stock as the floor handles it: lots come in, are looked at, held and let go. Each deed is written down."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from pendulum import DateTime

from delivery.adapters import lot_store
from delivery.adapters.lot_store import LotHead
from delivery.errors import AlreadyReceived, NotHoldable
from delivery.grading import MOST_FRUIT, Measure, graded, looked_at, measured
from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import local_day
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import message, plural
from ripening.lot_state import age_at
from ripening.produce import Produce
from subscriptions.adapters.learning_store import hold_lots
from subscriptions.adapters.lot_store import CheckToSave, add_check
from subscriptions.services.learning import LearningService

log = structlog.get_logger("delivery.stock")

MOST_TIMES_ANNOUNCED = 2
"""A count above this many times what was announced is a slip of the finger, not a generous grower."""

LOWEST_C, HIGHEST_C = -5.0, 45.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was counted and looked at on arrival.

    Parameters
    ----------
    units
        Units by place.
    stage
        Key of the grade it was found at (`delivery.grading`); None when it is as announced.
    measured
        Its peel colour or firmness as typed, where that was measured; it goes before `stage`.
    n_fruit
        Over how many fruit; None when nobody counted, and then what was announced counts for nothing any more.
    temperature_c
        Measured in the produce; None when nobody measured.
    """

    units: Mapping[UUID, int]
    stage: str | None = None
    temperature_c: float | None = None
    measured: str | None = None
    n_fruit: int | None = None


@dataclass(frozen=True, slots=True)
class StockService:
    """Takes lots in, holds them, lets them go."""

    learning: LearningService

    @property
    def profiles(self) -> Mapping[str, Produce]:
        """Return the published times, by which stages are read."""
        return self.learning.profiles.published

    async def receive_lot(
        self,
        lot_id: UUID,
        arrived: Arrived,
        *,
        merchant_ids: Sequence[UUID],
        actor_id: UUID | None,
        now: DateTime,
    ) -> int:
        """Take an announced lot into the building; returns how many units came.

        Raises
        ------
        NotFound
            The lot is unknown, or of a merchant that the actor does not work for.
        InvalidForm
            A count, a place, the stage or the temperature makes no sense.
        AlreadyReceived
        FewerThanPromised
        """
        async with unit_of_work():
            lot = await _lot(lot_id, merchant_ids)
            places = await lot_store.places_of_depot(lot.depot_id)
            errors = _mistakes(lot, arrived, places)
            errors += _mistaken_look(lot, arrived, self.profiles[lot.produce_key])
            if errors:
                raise InvalidForm(errors)
            if not await lot_store.take_in(lot, units=arrived.units, now=now):
                raise AlreadyReceived(lot.code)
            detail = await self._grade(lot, arrived, actor_id=actor_id, now=now)
            await _write("receive", lot, actor_id=actor_id, now=now, detail=detail)
        came = sum(arrived.units.values())
        log.info("lot_received", lot=str(lot_id), units=came, announced=lot.units_announced)
        return came

    async def hold_lot(
        self,
        lot_id: UUID,
        *,
        merchant_ids: Sequence[UUID],
        actor_id: UUID | None,
        now: DateTime,
    ) -> None:
        """Take a lot out of availability and picking until it is let go.

        Raises
        ------
        NotFound, NotHoldable
        """
        await _turn(lot_id, lot_store.hold, "hold", merchant_ids, actor_id=actor_id, now=now)

    async def release_lot(
        self,
        lot_id: UUID,
        *,
        merchant_ids: Sequence[UUID],
        actor_id: UUID | None,
        now: DateTime,
    ) -> None:
        """Let a held lot go.

        Raises
        ------
        NotFound, NotHoldable
        """
        await _turn(lot_id, lot_store.let_go, "let_go", merchant_ids, actor_id=actor_id, now=now)

    async def recall_lot(
        self,
        lot_id: UUID,
        *,
        merchant_ids: Sequence[UUID],
        actor_id: UUID | None,
        now: DateTime,
    ) -> None:
        """Recall a held lot for good; everybody who was sent something of it is told to not eat it.

        Raises
        ------
        NotFound, NotHoldable
        """
        await _turn(lot_id, lot_store.recall, "recall", merchant_ids, actor_id=actor_id, now=now)

    async def _grade(
        self, lot: LotHead, arrived: Arrived, *, actor_id: UUID | None, now: DateTime
    ) -> dict[str, object]:
        """Note the stage it came at, if it is another than announced, and tell who gets of it.

        Returns what the audit log keeps.
        """
        detail: dict[str, object] = {
            "units": sum(arrived.units.values()),
            "announced": lot.units_announced,
            "temperature_c": arrived.temperature_c,
        }
        produce = self.profiles[lot.produce_key]
        measure = _measure(arrived, produce, treated=lot.is_treated)
        if measure is not None and arrived.n_fruit is not None:
            await self._check(lot, measure, arrived.n_fruit, actor_id=actor_id, now=now)
            detail |= {"age_days": measure.age_days, "n_fruit": arrived.n_fruit}
        elif arrived.stage is not None:
            grade = graded(produce, arrived.stage, treated=lot.is_treated)
            graded_on = local_day(now, lot.timezone)
            await lot_store.grade(lot.id, age_days=grade.age_days, graded_on=graded_on)
            detail["age_days"] = grade.age_days
        else:
            return detail
        await self.learning.learn_lot(lot.id, now=now)
        return detail

    async def _check(
        self, lot: LotHead, measure: Measure, n_fruit: int, *, actor_id: UUID | None, now: DateTime
    ) -> None:
        """Keep what was measured beside what the lot's papers say for that day."""
        ((head,), on) = await hold_lots([lot.id]), local_day(now, lot.timezone)
        papers = replace(head.state, shift_days=0.0, shift_sigma=None)
        expected = age_at(papers, self.profiles, delivery_on=max(on, papers.graded_on))
        await add_check(
            CheckToSave(
                lot.merchant_id, lot.id, actor_id, on, measure.scale, measure.stage, n_fruit, measure.age_days,
                expected,
            ),
            now=now,
        )  # fmt: skip


async def _turn(
    lot_id: UUID,
    turn: Callable[[UUID], Awaitable[bool]],
    action: str,
    merchant_ids: Sequence[UUID],
    *,
    actor_id: UUID | None,
    now: DateTime,
) -> None:
    """Move a lot on, where it may be, and note who did."""
    async with unit_of_work():
        lot = await _lot(lot_id, merchant_ids)
        if not await turn(lot_id):
            raise NotHoldable(lot.code)
        await _write(action, lot, actor_id=actor_id, now=now)


async def _lot(lot_id: UUID, merchant_ids: Sequence[UUID]) -> LotHead:
    lot = await lot_store.lot_head(lot_id, merchant_ids, locked=True)
    if lot is None:
        raise NotFound
    return lot


def _mistakes(lot: LotHead, arrived: Arrived, places: set[UUID]) -> list[Invalid]:
    errors = []
    came = sum(arrived.units.values())
    if not arrived.units:
        errors.append(Invalid("units", message("Enter how many came, like {n}", n=lot.case_units)))
    elif any(units <= 0 for units in arrived.units.values()):
        errors.append(Invalid("units", message("Each place needs a whole number above zero")))
    elif came > MOST_TIMES_ANNOUNCED * lot.units_announced:
        errors.append(
            Invalid(
                "units",
                plural(
                    "{came} is far more than the {n} unit announced. Check the count",
                    "{came} is far more than the {n} units announced. Check the count",
                    lot.units_announced,
                    came=came,
                ),
            )
        )
    if not set(arrived.units) <= places:
        errors.append(Invalid("place", message("Choose a place of this depot")))
    temperature_c = arrived.temperature_c
    if temperature_c is not None and not LOWEST_C <= temperature_c <= HIGHEST_C:
        errors.append(Invalid("temperature", message("Enter a temperature in °C, like 4.5")))
    return errors


def _mistaken_look(lot: LotHead, arrived: Arrived, produce: Produce) -> list[Invalid]:
    errors = []
    try:
        _measure(arrived, produce, treated=lot.is_treated)
    except Invalid as error:
        errors.append(error)
    if arrived.measured is not None and arrived.n_fruit is None:
        errors.append(Invalid("n_fruit", message("Enter how many you looked at, like 10")))
    if arrived.n_fruit is not None and not 1 <= arrived.n_fruit <= MOST_FRUIT:
        errors.append(
            Invalid("n_fruit", message("Between 1 and {most} can be looked at", most=MOST_FRUIT))
        )
    return errors


def _measure(arrived: Arrived, produce: Produce, *, treated: bool) -> Measure | None:
    if arrived.measured is not None:
        return measured(produce, arrived.measured, treated=treated)
    if arrived.stage is not None:
        return looked_at(produce, arrived.stage, treated=treated)
    return None


async def _write(
    action: str,
    lot: LotHead,
    *,
    actor_id: UUID | None,
    now: DateTime,
    detail: Mapping[str, object] | None = None,
) -> None:
    await audit.write(
        action,
        subject="lot",
        subject_id=lot.id,
        merchant_id=lot.merchant_id,
        actor_id=actor_id,
        now=now,
        detail=detail,
    )
