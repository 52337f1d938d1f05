"""What boxes of a depot are planned to take from its lots, as the database counts it."""

from collections.abc import Sequence
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.planning_store import DayToPlan

_PLANNED = """
SELECT planned.lot, sum(planned.units)::bigint AS units
FROM planned_units planned JOIN delivery_day day ON day.id = planned.delivery_day
WHERE day.merchant = $1 AND day.depot = $2 AND planned.units > 0
GROUP BY planned.lot
"""
_REPLACED = """
SELECT line.lot, sum(line.units)::bigint AS units FROM box_line line JOIN box ON box.id = line.box
WHERE box.delivery_day = $1 AND box.status = 'proposed' AND ($2 OR box.subscription = ANY($3))
GROUP BY line.lot
"""


async def units_planned(
    day: DayToPlan, *, anew: bool, without: Sequence[UUID] = ()
) -> dict[UUID, int]:
    """Return the units per lot that boxes of the depot are planned to take but have not reserved yet.

    `anew` leaves out the day's own proposed boxes, which a new plan replaces; `without` only those of some
    subscriptions.
    """
    async with connection() as c:
        found = {
            row["lot"]: row["units"]
            for row in await c.fetch(_PLANNED, day.merchant_id, day.depot_id)
        }
        if anew or without:
            for lot, units in await c.fetch(_REPLACED, day.id, anew, list(without)):
                found[lot] -= units
    return {lot: units for lot, units in found.items() if units}
