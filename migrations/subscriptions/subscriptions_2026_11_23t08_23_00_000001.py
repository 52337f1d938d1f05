"""Receipts are of boxes given away, of other places and of another rhythm, too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T08:23:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "receipts of gifts, places and rhythms"

FORWARDS = """
ALTER TABLE subscription_receipt DROP CONSTRAINT subscription_receipt_deed_ck;
ALTER TABLE subscription_receipt ADD CONSTRAINT subscription_receipt_deed_ck
    CHECK (deed IN ('skipped', 'skip_withdrawn', 'moved', 'move_withdrawn', 'donated', 'donation_withdrawn',
                    'place_changed', 'place_withdrawn', 'rhythm_changed', 'paused', 'resumed', 'cancelled',
                    'cancel_withdrawn'));
"""

BACKWARDS = """
ALTER TABLE subscription_receipt DROP CONSTRAINT subscription_receipt_deed_ck;
ALTER TABLE subscription_receipt ADD CONSTRAINT subscription_receipt_deed_ck
    CHECK (deed IN ('skipped', 'skip_withdrawn', 'moved', 'move_withdrawn', 'paused', 'resumed', 'cancelled',
                    'cancel_withdrawn'));
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
