"""What tables cannot say: a box may change because less is left of the one before."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T05:55:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "less left at home"

BEFORE = "'not_arrived', 'held_back', 'recalled', 'fell_short', 'asked', 'ripens_otherwise', 'made_room'"
FORWARDS = f"""
ALTER TABLE box_change DROP CONSTRAINT box_change_reason_ck;
ALTER TABLE box_change ADD CONSTRAINT box_change_reason_ck CHECK (reason IN ({BEFORE}, 'less_at_home'));
"""
BACKWARDS = f"""
ALTER TABLE box_change DROP CONSTRAINT box_change_reason_ck;
ALTER TABLE box_change ADD CONSTRAINT box_change_reason_ck CHECK (reason IN ({BEFORE})) NOT VALID;
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
