"""What tables cannot say: due-work indexes, one success per box, a ledger that balances and is never changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-22T23:59:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "invariants of boxes and money"

FORWARDS = """
CREATE INDEX delivery_day_to_plan ON delivery_day (cutoff_at) WHERE planned_at IS NULL AND locked_at IS NULL;
CREATE INDEX delivery_day_to_lock ON delivery_day (cutoff_at) WHERE locked_at IS NULL;
CREATE INDEX delivery_day_to_reserve ON delivery_day (cutoff_at) WHERE locked_at IS NOT NULL AND reserved_at IS NULL;
CREATE INDEX box_to_charge ON box (status_at) WHERE status = 'reserved';
CREATE INDEX box_charge_unknown ON box (status_at) WHERE status = 'charge_unknown';
CREATE INDEX box_by_merchant_day ON box (merchant, delivery_day, status);
CREATE INDEX subscription_active ON subscription (merchant, round) WHERE status = 'active';
CREATE INDEX lot_promisable ON lot (merchant, depot) WHERE status IN ('announced', 'received', 'available');
CREATE UNIQUE INDEX charge_one_success ON charge (box) WHERE outcome = 'succeeded';
CREATE UNIQUE INDEX charge_one_open ON charge (box) WHERE outcome IN ('started', 'unknown');

CREATE FUNCTION check_posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    off_by bigint;
BEGIN
    SELECT sum(amount_minor) INTO off_by FROM ledger_entry WHERE posting = NEW.posting
        GROUP BY currency HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF off_by IS NOT NULL THEN
        RAISE EXCEPTION 'posting % is off by %', NEW.posting, off_by USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_posting_balances();

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARDS = """
DROP TRIGGER ledger_entry_append_only ON ledger_entry;
DROP TRIGGER ledger_entry_balances ON ledger_entry;
DROP FUNCTION check_posting_balances();
DROP INDEX charge_one_open;
DROP INDEX charge_one_success;
DROP INDEX lot_promisable;
DROP INDEX subscription_active;
DROP INDEX box_by_merchant_day;
DROP INDEX box_charge_unknown;
DROP INDEX box_to_charge;
DROP INDEX delivery_day_to_reserve;
DROP INDEX delivery_day_to_lock;
DROP INDEX delivery_day_to_plan;
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
