"""Who is due is asked of all subscriptions that run: paused ones too, whose deliveries in the pause are skipped."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T06:10:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "find the subscriptions that run"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="subscriptions", description=DESCRIPTION)

    async def up():
        await run("""
            CREATE INDEX subscription_running ON subscription (merchant, round) WHERE status IN ('active', 'paused')
        """)

    async def down():
        await run("DROP INDEX subscription_running")

    manager.add_raw(up)
    manager.add_raw_backwards(down)
    return manager


async def run(sql):
    """Run a statement in the migration's own transaction."""
    await engine().current_transaction.get().connection.execute(sql)
