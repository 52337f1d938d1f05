"""What tables cannot say of reports: which are alive, which lots were learned, which boxes they moved."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-22T23:59:00:000004"
VERSION = "1.38.0"
DESCRIPTION = "due work of reports"

FORWARDS = """
CREATE INDEX report_alive ON report (lot, said_at) WHERE undone_at IS NULL;
CREATE INDEX lot_learned ON lot (produce, is_treated, learned_at) WHERE learned_at IS NOT NULL;
CREATE INDEX box_line_moved ON box_line (box) WHERE planned_eat IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX box_line_moved;
DROP INDEX lot_learned;
DROP INDEX report_alive;
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
