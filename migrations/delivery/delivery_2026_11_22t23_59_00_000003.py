"""Stock movements are never changed; active reservations are found by lot."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-22T23:59:00:000003"
VERSION = "1.38.0"
DESCRIPTION = "stock is append-only"

FORWARDS = """
CREATE INDEX reservation_active ON reservation (lot) WHERE status = 'active';

CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARDS = """
DROP TRIGGER stock_movement_append_only ON stock_movement;
DROP INDEX reservation_active;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="delivery", description=DESCRIPTION)

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
