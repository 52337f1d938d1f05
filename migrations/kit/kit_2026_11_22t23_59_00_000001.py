"""The index behind the relay, and the wake-up when something is put into the outbox."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-22T23:59:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "outbox index and wake-up"

FORWARDS = """
CREATE SEQUENCE work_fence;

CREATE INDEX outbox_due ON outbox (available_at, id) WHERE done_at IS NULL AND parked_at IS NULL;

CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('due_work', TG_TABLE_NAME);
    RETURN NULL;
END $$;

CREATE TRIGGER outbox_wakes_relay AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARDS = """
DROP SEQUENCE work_fence;
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP FUNCTION refuse_change();
DROP TRIGGER outbox_wakes_relay ON outbox;
DROP FUNCTION wake_relay();
DROP INDEX outbox_due;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kit", description=DESCRIPTION)

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
