"""A person begins one trial at a merchant; trials that have to be told of are found by an index."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T08:28:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "one trial a person and merchant"

FORWARDS = """
CREATE UNIQUE INDEX trial_one_begun ON trial (merchant, person) WHERE begun_at IS NOT NULL;
CREATE UNIQUE INDEX trial_one_each ON trial (subscription);
CREATE INDEX trial_to_tell ON trial (begun_at) WHERE begun_at IS NOT NULL AND told_at IS NULL;
"""

BACKWARDS = """
DROP INDEX trial_to_tell;
DROP INDEX trial_one_each;
DROP INDEX trial_one_begun;
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
