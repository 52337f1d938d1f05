from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import SmallInt


ID = "2026-11-23T06:29:06:403564"
VERSION = "1.38.0"
DESCRIPTION = ""


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="subscriptions", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="Merchant",
        tablename="merchant",
        column_name="spare_pct",
        db_column_name="spare_pct",
        params={"default": None, "null": True},
        old_params={"default": 10, "null": False},
        column_class=SmallInt,
        old_column_class=SmallInt,
        schema=None,
    )

    manager.alter_column(
        table_class_name="BoxLine",
        tablename="box_line",
        column_name="spare",
        db_column_name="spare",
        params={"default": None, "null": True},
        old_params={"default": 0, "null": False},
        column_class=SmallInt,
        old_column_class=SmallInt,
        schema=None,
    )

    return manager
