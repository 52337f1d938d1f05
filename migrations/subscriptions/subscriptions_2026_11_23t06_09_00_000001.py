"""What tables cannot say: planned units are those of the lines of open boxes, however those change."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T06:09:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "planned units are counted"

FORWARDS = """
CREATE FUNCTION is_planned(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT status IN ('proposed', 'edited', 'locked')
$$;

-- Whoever plans or edits boxes of a depot holds its row, so that two do not count at once.
CREATE FUNCTION count_lines_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO planned_units (id, merchant, delivery_day, lot, units)
    SELECT gen_random_uuid(), box.merchant, box.delivery_day, line.lot, sum(line.units)
    FROM new_lines line JOIN box ON box.id = line.box WHERE is_planned(box.status)
    GROUP BY box.merchant, box.delivery_day, line.lot ORDER BY box.delivery_day, line.lot
    ON CONFLICT (delivery_day, lot) DO UPDATE SET units = planned_units.units + excluded.units;
    RETURN NULL;
END $$;

CREATE FUNCTION count_lines_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE planned_units SET units = planned_units.units - gone.units FROM (
        SELECT box.delivery_day, line.lot, sum(line.units) AS units
        FROM old_lines line JOIN box ON box.id = line.box WHERE is_planned(box.status)
        GROUP BY box.delivery_day, line.lot
    ) gone WHERE planned_units.delivery_day = gone.delivery_day AND planned_units.lot = gone.lot;
    RETURN NULL;
END $$;

CREATE FUNCTION count_line_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE planned_units SET units = planned_units.units - OLD.units FROM box
    WHERE box.id = OLD.box AND is_planned(box.status)
      AND planned_units.delivery_day = box.delivery_day AND planned_units.lot = OLD.lot;
    INSERT INTO planned_units (id, merchant, delivery_day, lot, units)
    SELECT gen_random_uuid(), box.merchant, box.delivery_day, NEW.lot, NEW.units
    FROM box WHERE box.id = NEW.box AND is_planned(box.status)
    ON CONFLICT (delivery_day, lot) DO UPDATE SET units = planned_units.units + excluded.units;
    RETURN NULL;
END $$;

CREATE FUNCTION count_boxes_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO planned_units (id, merchant, delivery_day, lot, units)
    SELECT gen_random_uuid(), moved.merchant, moved.delivery_day, line.lot, 0
    FROM (
        SELECT DISTINCT now_is.id, now_is.merchant, now_is.delivery_day FROM new_boxes now_is
        JOIN old_boxes was USING (id)
        WHERE is_planned(now_is.status)
          AND (NOT is_planned(was.status) OR was.delivery_day <> now_is.delivery_day)
    ) moved JOIN box_line line ON line.box = moved.id
    GROUP BY moved.merchant, moved.delivery_day, line.lot ORDER BY moved.delivery_day, line.lot
    ON CONFLICT (delivery_day, lot) DO NOTHING;
    UPDATE planned_units SET units = planned_units.units + change.units FROM (
        SELECT counted.id, sum(signed.units) AS units FROM (
            SELECT was.delivery_day, line.lot, -line.units AS units FROM old_boxes was
            JOIN new_boxes now_is USING (id) JOIN box_line line ON line.box = was.id
            WHERE is_planned(was.status)
              AND (NOT is_planned(now_is.status) OR was.delivery_day <> now_is.delivery_day)
            UNION ALL
            SELECT now_is.delivery_day, line.lot, line.units FROM new_boxes now_is
            JOIN old_boxes was USING (id) JOIN box_line line ON line.box = now_is.id
            WHERE is_planned(now_is.status)
              AND (NOT is_planned(was.status) OR was.delivery_day <> now_is.delivery_day)
        ) signed JOIN planned_units counted USING (delivery_day, lot)
        GROUP BY counted.id
    ) change WHERE planned_units.id = change.id;
    RETURN NULL;
END $$;

-- A box that goes takes its lines along, which are counted out while the box is still there.
CREATE FUNCTION take_lines_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM box_line WHERE box = OLD.id;
    RETURN OLD;
END $$;

CREATE TRIGGER box_line_counted_in AFTER INSERT ON box_line
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION count_lines_in();
CREATE TRIGGER box_line_counted_out AFTER DELETE ON box_line
    REFERENCING OLD TABLE AS old_lines FOR EACH STATEMENT EXECUTE FUNCTION count_lines_out();
CREATE TRIGGER box_line_counted_anew AFTER UPDATE OF units, lot, box ON box_line FOR EACH ROW
    WHEN ((OLD.units, OLD.lot, OLD.box) IS DISTINCT FROM (NEW.units, NEW.lot, NEW.box))
    EXECUTE FUNCTION count_line_changed();
CREATE TRIGGER box_lines_counted AFTER UPDATE ON box
    REFERENCING OLD TABLE AS old_boxes NEW TABLE AS new_boxes
    FOR EACH STATEMENT EXECUTE FUNCTION count_boxes_moved();
CREATE TRIGGER box_takes_lines_along BEFORE DELETE ON box FOR EACH ROW EXECUTE FUNCTION take_lines_along();

CREATE INDEX planned_units_there ON planned_units (delivery_day) WHERE units > 0;

INSERT INTO planned_units (id, merchant, delivery_day, lot, units)
SELECT gen_random_uuid(), box.merchant, box.delivery_day, line.lot, sum(line.units)
FROM box_line line JOIN box ON box.id = line.box WHERE is_planned(box.status)
GROUP BY box.merchant, box.delivery_day, line.lot;
"""

BACKWARDS = """
DROP INDEX planned_units_there;
DROP TRIGGER box_takes_lines_along ON box;
DROP TRIGGER box_lines_counted ON box;
DROP TRIGGER box_line_counted_anew ON box_line;
DROP TRIGGER box_line_counted_out ON box_line;
DROP TRIGGER box_line_counted_in ON box_line;
DROP FUNCTION take_lines_along();
DROP FUNCTION count_boxes_moved();
DROP FUNCTION count_line_changed();
DROP FUNCTION count_lines_out();
DROP FUNCTION count_lines_in();
DROP FUNCTION is_planned(text);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="subscriptions", description=DESCRIPTION)

    async def up():
        await run_script(FORWARDS)

    async def down():
        await run_script(BACKWARDS)

    manager.add_raw(up)
    manager.add_raw_backwards(down)
    return manager


async def run_script(sql):
    """Run several statements in the migration's own transaction."""
    await engine().current_transaction.get().connection.execute(sql)
