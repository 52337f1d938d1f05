"""What households say of a lot, and who holds it, as its page shows it. One statement each."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from ripening.home import RoomClass, home_class
from ripening.verdict import Verdict


@dataclass(frozen=True, slots=True)
class SaidOnDay:
    """How many households said one thing of a lot on one day, in kitchens of one warmth."""

    delivery_on: dt.date
    judged_on: dt.date
    room: RoomClass
    verdict: Verdict
    n: int


async def reports_of(merchant_id: UUID, lot_id: UUID) -> list[SaidOnDay]:
    """Return what stands reported of a lot, counted by day, kitchen and verdict."""
    sql = """
        SELECT delivery_on, judged_on, home_class, verdict, count(*) FROM report
        WHERE merchant = $1 AND lot = $2 AND undone_at IS NULL
        GROUP BY delivery_on, judged_on, home_class, verdict ORDER BY judged_on
    """
    async with connection() as c:
        rows = await c.fetch(sql, merchant_id, lot_id)
    return [
        SaidOnDay(on, judged, home_class(home).room, Verdict(verdict), n)
        for on, judged, home, verdict, n in map(tuple, rows)
    ]


async def holders_of(merchant_id: UUID, lot_id: UUID) -> dict[RoomClass, int]:
    """Return how many households have the lot in a box that goes or went to them, by their kitchen."""
    sql = """
        SELECT household.room_class, count(DISTINCT household.id)
        FROM box_line line JOIN box ON box.id = line.box JOIN household ON household.id = box.household
        WHERE line.merchant = $1 AND line.lot = $2
          AND box.status NOT IN ('cancelled', 'refunded', 'declined', 'short', 'missed')
        GROUP BY household.room_class ORDER BY household.room_class
    """
    async with connection() as c:
        return {
            RoomClass(room): n for room, n in map(tuple, await c.fetch(sql, merchant_id, lot_id))
        }
