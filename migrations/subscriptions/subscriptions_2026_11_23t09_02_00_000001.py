"""What was told is found by its age, to be forgotten."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T09:02:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "notices told by age"

FORWARDS = "CREATE INDEX notice_told_by_age ON notice_told (begun_at);"
BACKWARDS = "DROP INDEX notice_told_by_age;"


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
