from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import DoublePrecision

ID = "2026-11-22T20:26:52:593550"
VERSION = "1.38.0"
DESCRIPTION = "cold storage may be unknown"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="subscriptions", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="Lot",
        tablename="lot",
        column_name="stored_days",
        db_column_name="stored_days",
        params={"default": None, "null": True},
        old_params={"default": 0.0, "null": False},
        column_class=DoublePrecision,
        old_column_class=DoublePrecision,
        schema=None,
    )

    return manager
