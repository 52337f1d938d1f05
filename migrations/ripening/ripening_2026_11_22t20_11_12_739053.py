from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import DoublePrecision
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Check

ID = "2026-11-22T20:11:12:739053"
VERSION = "1.38.0"
DESCRIPTION = "how much of keeping a lot shares"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="ripening", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="keep_lot_share_fraction",
        db_column_name="keep_lot_share_fraction",
        column_class_name="DoublePrecision",
        column_class=DoublePrecision,
        params={
            "default": None,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_constraint(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        constraint_name="learned_produce_keep_share_ck",
        constraint_class=Check,
        params={"condition": "keep_lot_share_fraction BETWEEN 0 AND 1"},
        schema=None,
    )

    return manager
