"""Boxes as their household sees them; every query names the person it is for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from ripening.produce import Produce
from subscriptions.adapters import carry_store
from subscriptions.eating_calendar import EatingCalendar, HeldLine, eating_calendar
from subscriptions.lifecycle import PACKABLE, BoxStatus, PlanKind


@dataclass(frozen=True, slots=True)
class BoxView:
    """One box of a household, its delivery and where it stands.

    `stage` is the box's own status until it is paid and the shipment's (labelled, packed, shipped, delivered) after.
    `status_note` is the provider's word for why a card was declined; `credit_minor` is what of the price its last
    charge takes from the household's account. `given_to` names the food bank that gets it instead. A trial box costs
    less than the `usual_minor` that it is planned for.
    """

    id: UUID
    merchant_id: UUID
    merchant_name: str
    merchant_name_zh: str
    timezone: str
    subscription_id: UUID
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    horizon_days: int
    status: BoxStatus
    stage: str
    price_minor: int
    tax_minor: int
    currency: str
    country: str
    delivery_on: dt.date
    cutoff_at: dt.datetime
    n_people: int
    has_fridge: bool
    tracking: str | None
    plan_name: str
    plan_name_zh: str
    pack_on: dt.date
    card_last4: str | None
    status_note: str | None
    labelled_at: dt.datetime | None
    shipped_at: dt.datetime | None
    delivered_at: dt.datetime | None
    credit_minor: int = 0
    given_to: str | None = None
    given_to_zh: str | None = None
    usual_minor: int | None = None

    @property
    def is_given(self) -> bool:
        """Whether the household gives it away, so that nothing of it is eaten there."""
        return self.given_to is not None

    def given_named(self, locale: str) -> str | None:
        """Return the food bank that gets it, as readers of a language know it."""
        return self.given_to_zh if locale == "zh" else self.given_to

    @property
    def last_on(self) -> dt.date:
        """Return the last day that the box is planned for."""
        return self.delivery_on + dt.timedelta(days=self.horizon_days - 1)

    def is_eaten_on(self, on: dt.date) -> bool:
        """Tell whether the box is paid for and is, or should be, at home that day."""
        is_there = self.status in PACKABLE and not self.is_given
        return is_there and self.delivery_on <= on <= self.last_on


_VIEW = """
SELECT box.id, box.merchant, merchant.name, merchant.name_zh, merchant.timezone, box.subscription, box.kind,
       box.portions_a_day, box.stems_a_day, box.horizon_days, box.status,
       CASE WHEN box.status IN ('paid', 'waived') THEN coalesce(shipment.status, box.status) ELSE box.status END,
       box.price_minor, box.tax_minor, box.currency, merchant.country, day.delivery_on, day.cutoff_at,
       household.n_people, household.has_fridge, shipment.tracking, box_plan.name, box_plan.name_zh,
       day.pack_on, subscription.card_last4, box.status_note, shipment.labelled_at, shipment.shipped_at,
       shipment.delivered_at,
       coalesce((SELECT charge.credit_minor FROM charge WHERE charge.box = box.id ORDER BY attempt DESC LIMIT 1), 0),
       bank.name, bank.name_zh, box.usual_minor
FROM box
JOIN household ON household.id = box.household
JOIN delivery_day day ON day.id = box.delivery_day
JOIN merchant ON merchant.id = box.merchant
JOIN subscription ON subscription.id = box.subscription
JOIN box_plan ON box_plan.id = subscription.box_plan
LEFT JOIN shipment ON shipment.box = box.id
LEFT JOIN donation ON donation.subscription = box.subscription AND donation.delivery_on = day.delivery_on
LEFT JOIN stop bank ON bank.id = donation.stop
WHERE household.person = $1
"""


async def boxes_of(person_id: UUID, *, since: dt.date, limit: int = 16) -> list[BoxView]:
    """Return a person's boxes delivered on `since` or later, earliest first."""
    async with connection() as c:
        rows = await c.fetch(
            _VIEW + " AND day.delivery_on >= $2 ORDER BY day.delivery_on, box.id LIMIT $3",
            person_id, since, limit,
        )  # fmt: skip
    return [_view(row) for row in rows]


async def boxes_before(person_id: UUID, *, before: dt.date, limit: int = 12) -> list[BoxView]:
    """Return a person's boxes delivered before a day, latest first."""
    async with connection() as c:
        rows = await c.fetch(
            _VIEW + " AND day.delivery_on < $2 ORDER BY day.delivery_on DESC, box.id LIMIT $3",
            person_id, before, limit,
        )  # fmt: skip
    return [_view(row) for row in rows]


async def box_of(person_id: UUID, box_id: UUID) -> BoxView | None:
    """Return one box when it is this person's; None when it is somebody else's or there is none."""
    async with connection() as c:
        row = await c.fetchrow(_VIEW + " AND box.id = $2", person_id, box_id)
    return None if row is None else _view(row)


def _view(row: Sequence[Any]) -> BoxView:
    values = list(row)
    values[6], values[10] = PlanKind(values[6]), BoxStatus(values[10])
    return BoxView(*values)


_LINES = """
SELECT line.box, line.id, line.lot, lot.code, line.produce, line.units, line.mode, line.move_day, line.ready_day,
       line.last_day, line.eat, line.chance_fraction, line.best_fraction,
       coalesce(line.spare, 0)
FROM box_line line JOIN lot ON lot.id = line.lot WHERE line.box = ANY($1) ORDER BY line.ready_day, line.id
"""


async def lines_of(box_ids: Sequence[UUID]) -> dict[UUID, list[HeldLine]]:
    """Return the lines of boxes that the caller may see, and after them what they count on from earlier boxes."""
    async with connection() as c:
        rows = await c.fetch(_LINES, list(box_ids))
    lines: dict[UUID, list[HeldLine]] = {box_id: [] for box_id in box_ids}
    for row in rows:
        lines[row["box"]].append(HeldLine(*tuple(row)[1:]))
    for box_id, carried in (await carry_store.carried_in(box_ids)).items():
        lines[box_id] += carried
    return lines


@dataclass(frozen=True, slots=True)
class BareDayView:
    """A day of a box without enough, and why."""

    on: dt.date
    kind: str
    missing: int
    reason: str


async def bare_days_of(box_ids: Sequence[UUID]) -> dict[UUID, list[BareDayView]]:
    """Return the uncovered days of boxes that the caller may see, by box."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT box, day_on, kind, missing, reason FROM uncovered_day WHERE box = ANY($1) ORDER BY day_on, kind",
            list(box_ids),
        )
    found: dict[UUID, list[BareDayView]] = {box_id: [] for box_id in box_ids}
    for row in rows:
        found[row["box"]].append(BareDayView(*tuple(row)[1:]))
    return found


def calendar_of(
    box: BoxView,
    lines: Sequence[HeldLine],
    profiles: Mapping[str, Produce],
    *,
    today: dt.date | None = None,
) -> EatingCalendar:
    """Return the calendar of a stored box; see `eating_calendar`."""
    return eating_calendar(
        lines,
        profiles=profiles,
        delivery_on=box.delivery_on,
        horizon_days=box.horizon_days,
        wants_fruit=box.kind is not PlanKind.FLOWER,
        wants_flowers=box.kind is not PlanKind.FRUIT,
        today=today,
    )
