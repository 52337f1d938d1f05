"""Stock as the floor handles it: lots come in, are held and let go. Each deed is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from delivery.adapters import lot_store
from delivery.adapters.lot_store import LotHead
from delivery.errors import AlreadyReceived, NotHoldable
from delivery.grading import graded
from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import local_day
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import message, plural
from ripening.produce import Produce

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
    temperature_c
        Measured in the produce; None when nobody measured.
    """

    units: Mapping[UUID, int]
    stage: str | None = None
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class StockService:
    """Takes lots in, holds them, lets them go."""

    profiles: Mapping[str, Produce]

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
            if errors:
                raise InvalidForm(errors)
            if not await lot_store.take_in(lot, units=arrived.units, now=now):
                raise AlreadyReceived(lot.code)
            detail = await self._grade(lot, arrived, now=now)
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
        async with unit_of_work():
            lot = await _lot(lot_id, merchant_ids)
            if not await lot_store.hold(lot_id):
                raise NotHoldable(lot.code)
            await _write("hold", lot, actor_id=actor_id, now=now)

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
        async with unit_of_work():
            lot = await _lot(lot_id, merchant_ids)
            if not await lot_store.let_go(lot_id):
                raise NotHoldable(lot.code)
            await _write("let_go", lot, actor_id=actor_id, now=now)

    async def _grade(self, lot: LotHead, arrived: Arrived, *, now: DateTime) -> dict[str, object]:
        """Note the stage it came at, if it is another than announced; return what the audit log keeps."""
        detail: dict[str, object] = {
            "units": sum(arrived.units.values()),
            "announced": lot.units_announced,
            "temperature_c": arrived.temperature_c,
        }
        if arrived.stage is not None:
            grade = graded(self.profiles[lot.produce_key], arrived.stage, treated=lot.is_treated)
            graded_on = local_day(now, lot.timezone)
            await lot_store.grade(lot.id, age_days=grade.age_days, graded_on=graded_on)
            detail["age_days"] = grade.age_days
        return detail


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
