"""Trials that run are found by an index."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T08:31:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "trials that run"

FORWARDS = """
DROP INDEX trial_to_tell;
CREATE INDEX trial_running ON trial (begun_at) WHERE begun_at IS NOT NULL AND ended_at IS NULL;
"""

BACKWARDS = """
DROP INDEX trial_running;
CREATE INDEX trial_to_tell ON trial (begun_at) WHERE begun_at IS NOT NULL AND told_at IS NULL;
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
