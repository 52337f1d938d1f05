"""What homes should still have of their last boxes, and what the next ones count on of it, in PostgreSQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from ripeday.kit.adapters.engine import connection
from ripening.home import COUNTER, FRIDGE, FRIDGE_FIRST, THEN_FRIDGE
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.eating_calendar import HeldLine
from subscriptions.holder import CarriedMeals
from subscriptions.planning.leftover import HeldPortions, Leftover, left_over

if TYPE_CHECKING:
    from subscriptions.adapters.planning_store import BoxToSave, DayToPlan

DAYS_BACK = 14
"""Of older boxes nothing is known any more."""
_COMES = "('proposed', 'edited', 'locked', 'reserved', 'charge_unknown', 'needs_authentication', 'paid', 'waived')"

_LAST = f"""
WITH last AS (
    SELECT DISTINCT ON (box.subscription) box.id, box.subscription, day.delivery_on, $2 - day.delivery_on AS days
    FROM box JOIN delivery_day day ON day.id = box.delivery_day
    WHERE box.subscription = ANY($1) AND day.delivery_on < $2 AND day.delivery_on > $2 - {DAYS_BACK}
      AND box.status IN {_COMES} AND NOT {IS_GIVEN}
      AND NOT EXISTS (SELECT FROM donation own WHERE own.subscription = box.subscription AND own.delivery_on = $2)
      AND NOT EXISTS (
          SELECT FROM plan_progress mine JOIN plan_progress beside ON beside.began_at = mine.began_at
          WHERE mine.delivery_day = $3 AND mine.ended_at IS NULL AND beside.delivery_day = day.id
      )
    ORDER BY box.subscription, day.delivery_on DESC
),
held AS (
    SELECT last.id AS box, line.id AS line, line.units * lot.unit_portions AS portions, line.eat, last.delivery_on
    FROM last JOIN box_line line ON line.box = last.id JOIN lot ON lot.id = line.lot
    UNION ALL
    SELECT last.id, carry.line, carry.portions, carry.eat, day.delivery_on
    FROM last JOIN box_carry carry ON carry.box = last.id JOIN box_line line ON line.id = carry.line
    JOIN box ON box.id = line.box JOIN delivery_day day ON day.id = box.delivery_day
)
SELECT last.subscription, last.days, line.id, line.produce, held.portions, held.eat,
       line.chance_fraction[1 + last.delivery_on - held.delivery_on:] AS chance
FROM last JOIN held ON held.box = last.id JOIN box_line line ON line.id = held.line
JOIN produce ON produce.key = line.produce AND produce.kind = 'fruit'
WHERE NOT EXISTS (
    SELECT FROM report WHERE report.box_line = line.id AND report.verdict = 'late' AND report.undone_at IS NULL
)
ORDER BY last.subscription, line.id
"""


async def left_at_home(
    day: "DayToPlan", subscription_ids: Sequence[UUID]
) -> dict[UUID, list[Leftover]]:
    """Return what each subscription's household should still have of its last box when that of a day comes.

    A box that is given away leaves nothing at home, and counts on nothing there.

    Of days that are planned side by side none counts on another: boxes must not depend on which is done first.
    """
    async with connection() as c:
        rows = await c.fetch(_LAST, list(subscription_ids), day.delivery_on, day.id)
    held: dict[tuple[UUID, int], list[HeldPortions]] = defaultdict(list)
    for row in rows:
        held[row["subscription"], row["days"]].append(HeldPortions(*tuple(row)[2:]))
    return {
        subscription: left_over(portions, days=days)
        for (subscription, days), portions in held.items()
    }


async def replace_carried(
    day: "DayToPlan", boxes: Sequence["BoxToSave"], ids: Mapping[UUID, UUID]
) -> None:
    """Put what boxes count on in the place of what they counted on before; `ids` are they by subscription."""
    async with connection() as c:
        await c.execute("DELETE FROM box_carry WHERE box = ANY($1)", list(ids.values()))
        await c.copy_records_to_table(
            "box_carry",
            columns=("id", "merchant", "box", "line", "portions", "eat"),
            records=[
                (uuid4(), day.merchant_id, ids[box.due.subscription_id], each.line_id, each.portions, list(each.eat))
                for box in boxes
                if box.due.subscription_id in ids
                for each in box.carried
            ],
        )  # fmt: skip


_CARRIED = """
SELECT carry.box, line.id, line.lot, lot.code, line.produce, line.units, line.mode, line.move_day, line.ready_day,
       line.last_day, line.chance_fraction, line.best_fraction, carry.portions, carry.eat,
       day.delivery_on - earlier_day.delivery_on AS days
FROM box_carry carry
JOIN box ON box.id = carry.box JOIN delivery_day day ON day.id = box.delivery_day
JOIN box_line line ON line.id = carry.line JOIN lot ON lot.id = line.lot
JOIN box earlier ON earlier.id = line.box JOIN delivery_day earlier_day ON earlier_day.id = earlier.delivery_day
WHERE carry.box = ANY($1) ORDER BY carry.box, line.id
"""


async def carried_in(box_ids: Sequence[UUID]) -> dict[UUID, list[HeldLine]]:
    """Return what boxes count on at home, as lines whose day 0 is their own delivery day."""
    async with connection() as c:
        rows = await c.fetch(_CARRIED, list(box_ids))
    found: dict[UUID, list[HeldLine]] = {}
    for row in rows:
        days, eat = row["days"], row["eat"]
        mode, move_day = _kept_since(row["mode"], row["move_day"], days)
        planned = [day for day, portions in enumerate(eat) if portions]
        found.setdefault(row["box"], []).append(
            HeldLine(
                line_id=row["id"],
                lot_id=row["lot"],
                lot_code=row["code"],
                produce_key=row["produce"],
                units=row["units"],
                mode=mode,
                move_day=move_day,
                ready_day=planned[0],
                last_day=planned[-1],
                eat=eat,
                chance=_since(row["chance_fraction"], days),
                best=_since(row["best_fraction"], days),
                carried=row["portions"],
            )
        )
    return found


def _kept_since(mode: int, move_day: int | None, days: int) -> tuple[int, int | None]:
    """Return how something is kept from a day on: what has moved by then stays where it is."""
    if move_day is None or move_day > days:
        return mode, None if move_day is None else move_day - days
    return {THEN_FRIDGE: FRIDGE, FRIDGE_FIRST: COUNTER}.get(mode, mode), None


def _since(chances: Sequence[float], days: int) -> list[float]:
    """Return chances from a day on; of days that nobody has worked out it is not known, so they count as none."""
    return [*chances[days:], *[0.0] * days]


async def carried_meals(box_ids: Sequence[UUID]) -> dict[UUID, tuple[CarriedMeals, ...]]:
    """Return what boxes count on at home."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT carry.box, line.produce, carry.eat FROM box_carry carry JOIN box_line line ON line.id = carry.line"
            " WHERE carry.box = ANY($1) ORDER BY carry.box, line.id",
            list(box_ids),
        )
    found: dict[UUID, tuple[CarriedMeals, ...]] = {}
    for row in rows:
        meals = CarriedMeals(row["produce"], tuple(row["eat"]))
        found[row["box"]] = (*found.get(row["box"], ()), meals)
    return found


def is_gone(box: str) -> str:
    """Return the condition that a box (a column of a query) counts on what never comes home, or is not there any more.

    So it is where the earlier box does not come, or where that one, or the box itself, is given away.

    Such a box is planned anew; then it counts on what there is.
    """
    return f"""EXISTS (
        SELECT FROM box_carry carry LEFT JOIN box_line held ON held.id = carry.line
        LEFT JOIN box earlier ON earlier.id = held.box
        WHERE carry.box = {box} AND (earlier.id IS NULL OR earlier.status NOT IN {_COMES} OR EXISTS (
            SELECT FROM donation
            JOIN box given ON given.subscription = donation.subscription AND given.id IN (carry.box, earlier.id)
            JOIN delivery_day ON delivery_day.id = given.delivery_day
                 AND delivery_day.delivery_on = donation.delivery_on
            WHERE donation.subscription = earlier.subscription))
    )"""


_GONE = f"""
SELECT box.subscription FROM box WHERE box.delivery_day = $1 AND box.status = 'proposed' AND {is_gone("box.id")}
"""


async def boxes_with_less(delivery_day_id: UUID) -> list[UUID]:
    """Return the subscriptions whose proposed box of a day counts on what is not to be had after all."""
    async with connection() as c:
        return [row["subscription"] for row in await c.fetch(_GONE, delivery_day_id)]
