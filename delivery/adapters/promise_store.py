"""Which days have promised what is no longer there: proposed boxes beside stock, which only this package knows."""

DUE_TO_MEND = """
WITH failed AS MATERIALIZED (
    SELECT lot.id, stock.on_hand + stock.announced - stock.reserved AS units,
           lot.status IN ('held', 'discarded', 'recalled') AS is_gone
    FROM lot JOIN lot_stock stock ON stock.lot = lot.id
    WHERE lot.must_leave_on >= $1::timestamptz::date - 1 AND (
        lot.status IN ('held', 'discarded', 'recalled')
        OR lot.status IN ('received', 'available') AND lot.units_received < lot.units_announced
    )
),
open_day AS (
    SELECT failed.id AS lot, failed.is_gone, failed.units, day.id, day.delivery_on
    FROM failed CROSS JOIN LATERAL (
        SELECT DISTINCT box.delivery_day FROM box_line line JOIN box ON box.id = line.box
        WHERE line.lot = failed.id AND box.status IN ('proposed', 'edited') OFFSET 0
    ) held
    JOIN delivery_day day ON day.id = held.delivery_day AND day.locked_at IS NULL AND day.cutoff_at > $1
),
last_day AS (
    SELECT DISTINCT ON (lot) lot, units, id FROM open_day
    WHERE NOT is_gone ORDER BY lot, delivery_on DESC, id DESC
)
SELECT id::text FROM open_day WHERE is_gone
UNION
SELECT last_day.id::text FROM last_day CROSS JOIN LATERAL (
    SELECT sum(line.units) AS units FROM box_line line JOIN box ON box.id = line.box
    WHERE line.lot = last_day.lot AND box.status IN ('proposed', 'edited', 'locked') OFFSET 0
) planned
WHERE last_day.units < planned.units
"""
"""Open days with boxes that hold a lot that may not go out, or, of a lot of which fewer came than were announced and
boxes hold more than there is, the latest such day. `$1` is the present instant, the answer is business keys."""
