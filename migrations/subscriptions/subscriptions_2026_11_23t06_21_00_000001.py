"""A mailed link may also be there to delete an account."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T06:21:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "links that delete an account"

FORWARDS = """
ALTER TABLE sign_in_token DROP CONSTRAINT sign_in_token_purpose_ck;
ALTER TABLE sign_in_token ADD CONSTRAINT sign_in_token_purpose_ck
    CHECK (purpose IN ('sign_in', 'reset', 'erase', 'invite'));
"""

BACKWARDS = """
DELETE FROM sign_in_token WHERE purpose = 'erase';
ALTER TABLE sign_in_token DROP CONSTRAINT sign_in_token_purpose_ck;
ALTER TABLE sign_in_token ADD CONSTRAINT sign_in_token_purpose_ck
    CHECK (purpose IN ('sign_in', 'reset', 'invite'));
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
