from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt

ID = "2026-11-23T06:33:30:000001"
VERSION = "1.38.0"
DESCRIPTION = "a charge without credit says nothing of it"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="subscriptions", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="Charge",
        tablename="charge",
        column_name="credit_minor",
        db_column_name="credit_minor",
        params={"default": None, "null": True},
        old_params={"default": 0, "null": False},
        column_class=BigInt,
        old_column_class=BigInt,
        schema=None,
    )

    return manager
