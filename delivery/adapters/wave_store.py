"""Waves in PostgreSQL: boxes released together, and what their papers say."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pendulum import DateTime

from delivery.barcode import Sscc
from delivery.lifecycle import Paper
from delivery.wave import AddonToPack, BoxToPack, LotToPick, PlaceOfLot, StopOfBox, WaveHead
from ripeday.kit.adapters.engine import connection
from ripeday.kit.text import Named
from subscriptions.adapters.lot_store import STATE, state_of
from subscriptions.adapters.place_of_box import CITY, DELIVERY_NOTE, PLACE_OF_BOX, POSTCODE, STREET
from subscriptions.lifecycle import StopKind

DUE_TO_PRINT = f"""
SELECT wave.id::text FROM wave WHERE wave.released_at <= $1 AND wave.released_at > $1 - interval '14 days'
AND (SELECT count(DISTINCT paper) FROM print WHERE print.wave = wave.id) < {len(Paper)}
"""
"""Waves of late without all their papers; `$1` is the present instant."""

_RELEASE = """
INSERT INTO wave (id, merchant, depot, delivery_day, number, code, released_at)
SELECT gen_random_uuid(), day.merchant, day.depot, day.id, n.number,
       'W' || to_char(day.delivery_on, 'YY-MMDD') || '-' || round.route || '-' || n.number, $2
FROM delivery_day day
JOIN delivery_round round ON round.id = day.round
CROSS JOIN LATERAL (
    SELECT 1 + coalesce(max(wave.number), 0) AS number FROM wave WHERE wave.delivery_day = day.id
) n
WHERE day.id = $1
RETURNING id
"""
_ONE_PLACE = "stop.id, CASE WHEN stop.id IS NULL THEN box.number END"
"""Boxes that are left at one stop are one place on the route; each door is one by itself."""
_FILL = f"""
INSERT INTO wave_box (id, merchant, wave, box, stop, tote)
SELECT gen_random_uuid(), box.merchant, $2, box.id, n.stop, n.tote
FROM (
    SELECT box.id, dense_rank() OVER (ORDER BY {POSTCODE}, {STREET}, {_ONE_PLACE}) AS stop,
           row_number() OVER (ORDER BY {POSTCODE}, {STREET}, {_ONE_PLACE}, box.number) AS tote
    FROM box
    JOIN delivery_day day ON day.id = box.delivery_day
    JOIN subscription ON subscription.id = box.subscription
    JOIN household ON household.id = box.household
    {PLACE_OF_BOX}
    WHERE box.delivery_day = $1 AND box.status IN ('paid', 'waived')
      AND NOT EXISTS (SELECT FROM wave_box WHERE wave_box.box = box.id)
) n JOIN box ON box.id = n.id
"""


_HOLD_MERCHANT = """
SELECT merchant.id, merchant.gs1_prefix FROM merchant JOIN wave ON wave.merchant = merchant.id
WHERE wave.id = $1 FOR NO KEY UPDATE OF merchant
"""
_LABEL = """
INSERT INTO shipment (id, merchant, box, serial, sscc, carrier, status, labelled_at)
SELECT gen_random_uuid(), $1, label.box, label.serial, label.sscc, 'own_van', 'labelled', $5
FROM unnest($2::uuid[], $3::bigint[], $4::text[]) AS label (box, serial, sscc)
"""


async def packable_boxes(delivery_day_id: UUID) -> int:
    """Return how many boxes of a day may be packed and are in no wave yet."""
    async with connection() as c:
        return int(
            await c.fetchval(
                "SELECT count(*) FROM box WHERE delivery_day = $1 AND status IN ('paid', 'waived')"
                " AND NOT EXISTS (SELECT FROM wave_box WHERE wave_box.box = box.id)",
                delivery_day_id,
            )
        )


async def release(delivery_day_id: UUID, *, now: DateTime) -> UUID:
    """Make a wave of all packable boxes of a day, each with its SSCC.

    Call it inside a unit of work that holds the day.
    """
    async with connection() as c:
        wave_id: UUID = await c.fetchval(_RELEASE, delivery_day_id, now)
        await c.execute(_FILL, delivery_day_id, wave_id)
        boxes = await c.fetch("SELECT box FROM wave_box WHERE wave = $1 ORDER BY tote", wave_id)
        merchant = await c.fetchrow(_HOLD_MERCHANT, wave_id)
        last = await c.fetchval(
            "SELECT coalesce(max(serial), 0) FROM shipment WHERE merchant = $1", merchant["id"]
        )
        serials = [last + n for n in range(1, len(boxes) + 1)]
        codes = [Sscc(0, merchant["gs1_prefix"], serial).digits for serial in serials]
        await c.execute(_LABEL, merchant["id"], [row["box"] for row in boxes], serials, codes, now)
    return wave_id


_HEAD = """
SELECT wave.id, wave.merchant, wave.depot, wave.delivery_day, wave.code, wave.number,
       (SELECT count(*) FROM wave other WHERE other.delivery_day = wave.delivery_day), wave.released_at,
       day.delivery_on, day.pack_on, round.name, round.name_zh, round.route, depot.name, depot.name_zh,
       merchant.timezone, merchant.locale, merchant.gs1_prefix,
       (SELECT count(*) FROM wave_box WHERE wave_box.wave = wave.id)
FROM wave
JOIN delivery_day day ON day.id = wave.delivery_day
JOIN delivery_round round ON round.id = day.round
JOIN depot ON depot.id = wave.depot
JOIN merchant ON merchant.id = wave.merchant
"""


async def wave_head(
    wave_id: UUID, *, merchant_ids: Sequence[UUID] | None = None
) -> WaveHead | None:
    """Return the head of a wave; with `merchant_ids`, only of one of theirs."""
    async with connection() as c:
        row = await c.fetchrow(
            _HEAD + "WHERE wave.id = $1 AND ($2::uuid[] IS NULL OR wave.merchant = ANY($2))",
            wave_id,
            None if merchant_ids is None else list(merchant_ids),
        )
    return None if row is None else WaveHead(*row.values())


async def waves_packed_on(depot_code: str, pack_on: dt.date) -> list[WaveHead]:
    """Return the waves that a depot packs on a day, in the order of their release."""
    async with connection() as c:
        rows = await c.fetch(
            _HEAD
            + "WHERE depot.code = $1 AND day.pack_on = $2 ORDER BY wave.released_at, wave.code",
            depot_code,
            pack_on,
        )
    return [WaveHead(*row.values()) for row in rows]


_TO_PICK = f"""
WITH mine AS (
    SELECT reservation.lot, sum(reservation.units)::int AS units FROM wave_box
    JOIN reservation ON reservation.box = wave_box.box AND reservation.status <> 'released'
    WHERE wave_box.wave = $1 GROUP BY reservation.lot
),
earlier AS (
    SELECT reservation.lot, sum(reservation.units)::int AS units FROM mine
    JOIN reservation ON reservation.lot = mine.lot AND reservation.status <> 'released'
    JOIN wave_box ON wave_box.box = reservation.box
    JOIN wave other ON other.id = wave_box.wave
    JOIN wave me ON me.id = $1
    WHERE (other.released_at, other.id) < (me.released_at, me.id) GROUP BY reservation.lot
)
SELECT lot.id AS lot_id, lot.code AS lot_code, mine.units, lot.case_units, lot.must_leave_on, lot.due_on,
       lot.status IN ('held', 'discarded', 'recalled') AS is_withheld,
       coalesce(earlier.units, 0) AS units_before, {STATE}
FROM mine JOIN lot ON lot.id = mine.lot LEFT JOIN earlier ON earlier.lot = mine.lot
ORDER BY lot.must_leave_on, lot.code
"""


async def lots_to_pick(wave_id: UUID) -> list[LotToPick]:
    """Return what a wave takes, the lots that must leave soonest first."""
    async with connection() as c:
        return [_to_pick(row) for row in await c.fetch(_TO_PICK, wave_id)]


def _to_pick(row: Mapping[str, Any]) -> LotToPick:
    return LotToPick(
        lot_id=row["lot_id"],
        lot_code=row["lot_code"],
        state=state_of(row),
        units=row["units"],
        case_units=row["case_units"],
        must_leave_on=row["must_leave_on"],
        due_on=row["due_on"],
        is_withheld=row["is_withheld"],
        units_before=row["units_before"],
    )


_PLACES = """
SELECT put.lot, place.code, place.walk, put.units, place.zone, place.zone_name, place.zone_name_zh,
       place.low_c, place.high_c
FROM (SELECT lot, place, sum(units)::int AS units FROM stock_movement
      WHERE lot = ANY($1) AND place IS NOT NULL GROUP BY lot, place) put
JOIN place ON place.id = put.place ORDER BY place.walk
"""


async def places_of(lot_ids: Sequence[UUID]) -> list[PlaceOfLot]:
    """Return where lots were put, in walking order.

    What has been picked since is not taken off: picking empties the places in walking order, so a wave's share
    of each place follows from what earlier waves take, and its list stays the same however often it is printed.
    """
    async with connection() as c:
        return [PlaceOfLot(*row.values()) for row in await c.fetch(_PLACES, list(lot_ids))]


_OF_HOUSEHOLD = "CASE WHEN donation.id IS NULL THEN household.{} ELSE {} END"
"""Of a household that gives its box away nothing stands on any paper."""
_BOXES = f"""
SELECT box.id, box.number, wave_box.stop, wave_box.tote, {_OF_HOUSEHOLD.format("name", "stop.name")},
       {STREET}, {CITY}, {POSTCODE}, {_OF_HOUSEHOLD.format("phone", "NULL")}, {DELIVERY_NOTE},
       {_OF_HOUSEHOLD.format("food_note", "NULL")}, shipment.sscc,
       CASE WHEN stop.id IS NOT NULL THEN json_build_array(stop.id, stop.kind, stop.name, stop.name_zh, stop.hours,
                                                           stop.hours_zh, stop.access_note) END::text,
       ARRAY(SELECT coalesce(produce, family) FROM household_taste
             WHERE household_taste.household = household.id AND taste = 'never' AND donation.id IS NULL
             UNION SELECT coalesce(produce, family) FROM week_never
             WHERE week_never.household = household.id AND week_never.delivery_on = day.delivery_on
               AND donation.id IS NULL ORDER BY 1),
       (SELECT json_agg(json_build_object('produce', line.produce, 'units', line.units, 'lot', line.lot,
                                          'code', lot.code, 'grams', lot.unit_grams, 'eat', line.eat,
                                          'ready', line.ready_day,
                                          'last', line.last_day) ORDER BY line.ready_day, line.produce)
        FROM box_line line JOIN lot ON lot.id = line.lot WHERE line.box = box.id)::text,
       (SELECT json_agg(json_build_array(addon.name, addon.name_zh, line.units, addon.weight_g)
                        ORDER BY addon.added_at, addon.id)
        FROM box_addon line JOIN addon ON addon.id = line.addon WHERE line.box = box.id)::text
FROM wave_box
JOIN box ON box.id = wave_box.box
JOIN delivery_day day ON day.id = box.delivery_day
JOIN subscription ON subscription.id = box.subscription
JOIN household ON household.id = box.household
JOIN shipment ON shipment.box = box.id
{PLACE_OF_BOX}
WHERE wave_box.wave = $1 ORDER BY wave_box.tote
"""


async def boxes_to_pack(wave_id: UUID) -> list[BoxToPack]:
    """Return the boxes of a wave in the order of their stops and totes, each line as a mapping."""
    async with connection() as c:
        rows = await c.fetch(_BOXES, wave_id)
    return [_box(list(row.values())) for row in rows]


def _box(values: list[Any]) -> BoxToPack:
    stop, never, lines, addons = values[-4:]
    values[-4:] = _stop(stop), never, json.loads(lines or "[]"), _addons(addons)
    return BoxToPack(*values)


def _addons(text: str | None) -> list[AddonToPack]:
    found = json.loads(text or "[]")
    return [AddonToPack(Named(en, zh), units, grams) for en, zh, units, grams in found]


def _stop(text: str | None) -> StopOfBox | None:
    if text is None:
        return None
    stop_id, kind, *words = json.loads(text)
    return StopOfBox(UUID(stop_id), StopKind(kind), *words)


async def save_print(
    wave: WaveHead, paper: Paper, locale: str, *, path: str, sha256: str, now: DateTime
) -> None:
    """Note a paper that was made; a new copy replaces the old one's note."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO print (id, merchant, wave, paper, locale, path, sha256, made_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (wave, paper, locale) DO UPDATE SET path = $5, sha256 = $6, made_at = $7",
            wave.merchant_id,
            wave.id,
            paper.value,
            locale,
            path,
            sha256,
            now,
        )


async def prints_of(wave_id: UUID) -> list[tuple[Paper, str, str]]:
    """Return (paper, language, path) of a wave's papers."""
    async with connection() as c:
        rows = await c.fetch("SELECT paper, locale, path FROM print WHERE wave = $1", wave_id)
    return [(Paper(row[0]), row[1], row[2]) for row in rows]
