"""A box goes to one place: no two changes of a subscription's place are about the same day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T08:33:17:000009"
VERSION = "1.38.0"
DESCRIPTION = "changes of place do not overlap"

FORWARDS = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE place_change ADD CONSTRAINT place_change_one_a_day_ex
    EXCLUDE USING gist (subscription WITH =, daterange(from_on, until_on) WITH &&);
"""

BACKWARDS = """
ALTER TABLE place_change DROP CONSTRAINT place_change_one_a_day_ex;
DROP EXTENSION IF EXISTS btree_gist;
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
