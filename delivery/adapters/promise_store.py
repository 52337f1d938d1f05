"""Which days have promised what is no longer there: proposed boxes beside stock, which only this package knows."""

DUE_TO_MEND = """
WITH open_day AS (
    SELECT id, delivery_on FROM delivery_day WHERE locked_at IS NULL AND cutoff_at > $1
),
gone AS (
    SELECT DISTINCT box.delivery_day AS id FROM lot
    JOIN box_line line ON line.lot = lot.id
    JOIN box ON box.id = line.box AND box.status IN ('proposed', 'edited')
    WHERE lot.status IN ('held', 'discarded', 'recalled') AND lot.must_leave_on >= $1::timestamptz::date - 1
),
fallen AS (
    SELECT lot.id, stock.on_hand + stock.announced - stock.reserved AS units FROM lot
    JOIN lot_stock stock ON stock.lot = lot.id
    WHERE lot.status IN ('received', 'available') AND lot.units_received < lot.units_announced
      AND lot.must_leave_on >= $1::timestamptz::date - 1
),
short AS (
    SELECT DISTINCT ON (fallen.id) open_day.id FROM fallen
    JOIN box_line line ON line.lot = fallen.id
    JOIN box ON box.id = line.box AND box.status IN ('proposed', 'edited')
    JOIN open_day ON open_day.id = box.delivery_day
    WHERE fallen.units < (
        SELECT sum(line.units) FROM box_line line JOIN box ON box.id = line.box
        WHERE line.lot = fallen.id AND box.status IN ('proposed', 'edited', 'locked')
    )
    ORDER BY fallen.id, open_day.delivery_on DESC, open_day.id DESC
)
SELECT id::text FROM open_day WHERE id IN (SELECT id FROM gone UNION SELECT id FROM short)
"""
"""Open days with boxes that hold a lot that may not go out, or, of a lot of which fewer came than were announced and
boxes hold more than there is, the latest such day. `$1` is the present instant, the answer is business keys."""
