"""An address stands on a list once; lists are read in the order of joining."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T09:01:30:000001"
VERSION = "1.38.0"
DESCRIPTION = "the order of waiting lists"

FORWARDS = """
CREATE UNIQUE INDEX waiting_once ON waiting (round, email) WHERE ended_at IS NULL;
CREATE INDEX waiting_line ON waiting (round, joined_at, id) WHERE ended_at IS NULL;
CREATE INDEX waiting_to_forget ON waiting (ended_at) WHERE ended_at IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX waiting_to_forget;
DROP INDEX waiting_line;
DROP INDEX waiting_once;
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
