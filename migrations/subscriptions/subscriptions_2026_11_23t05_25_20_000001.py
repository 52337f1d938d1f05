"""What tables cannot say: receipts that are never changed, skips within what a season allows, one pause at a time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T05:25:20:000001"
VERSION = "1.38.0"
DESCRIPTION = "invariants of skips, pauses and receipts"

FORWARDS = """
CREATE TRIGGER subscription_receipt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON subscription_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE UNIQUE INDEX pause_one_open ON pause (subscription) WHERE ended_at IS NULL;
CREATE INDEX pause_to_end ON pause (until_on) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX cancellation_one_open ON cancellation (subscription) WHERE withdrawn_at IS NULL;
CREATE INDEX subscription_to_end ON subscription (ends_on) WHERE ends_on IS NOT NULL AND status <> 'cancelled';

CREATE FUNCTION season_around(of_merchant uuid, on_day date) RETURNS daterange LANGUAGE sql STABLE AS $$
    SELECT daterange(max(edge) FILTER (WHERE edge <= on_day), min(edge) FILTER (WHERE edge > on_day))
    FROM (SELECT starts_on AS edge FROM catalog WHERE merchant = of_merchant
          UNION SELECT ends_on FROM catalog WHERE merchant = of_merchant) AS edges
$$;

CREATE FUNCTION hold_skips_to_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
    used integer;
BEGIN
    SELECT n_skips INTO allowed FROM delivery_rule WHERE merchant = NEW.merchant;
    IF allowed IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO used FROM skip WHERE subscription = NEW.subscription AND pause IS NULL
        AND delivery_on <@ season_around(NEW.merchant, NEW.delivery_on);
    IF used > allowed THEN
        RAISE EXCEPTION '% skips of a season, % allowed', used, allowed USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER skip_within_rule AFTER INSERT ON skip
    FOR EACH ROW WHEN (NEW.pause IS NULL) EXECUTE FUNCTION hold_skips_to_rule();
"""

BACKWARDS = """
DROP TRIGGER skip_within_rule ON skip;
DROP FUNCTION hold_skips_to_rule();
DROP FUNCTION season_around(uuid, date);
DROP INDEX subscription_to_end;
DROP INDEX cancellation_one_open;
DROP INDEX pause_to_end;
DROP INDEX pause_one_open;
DROP TRIGGER subscription_receipt_append_only ON subscription_receipt;
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
