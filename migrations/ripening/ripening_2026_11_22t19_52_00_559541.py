from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.base import OnUpdate
from piccolo.columns.column_types import Boolean
from piccolo.columns.column_types import DoublePrecision
from piccolo.columns.column_types import ForeignKey
from piccolo.columns.column_types import Integer
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.column_types import UUID
from piccolo.columns.column_types import Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Check
from piccolo.constraints import Unique
from piccolo.table import Table


class Produce(Table, tablename="produce", schema=None):
    key = Varchar(
        length=40,
        default=None,
        null=False,
        primary_key=True,
        unique=False,
        index=False,
        index_method=IndexMethod.btree,
        choices=None,
        db_column_name=None,
        secret=False,
    )


ID = "2026-11-22T19:52:00:559541"
VERSION = "1.38.0"
DESCRIPTION = "what reports have taught about produce"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="ripening", description=DESCRIPTION
    )

    manager.add_table(
        class_name="LearnedProduce",
        tablename="learned_produce",
        schema=None,
        columns=None,
    )

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="id",
        db_column_name="id",
        column_class_name="UUID",
        column_class=UUID,
        params={
            "default": UUID4(),
            "null": False,
            "primary_key": True,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="produce",
        db_column_name="produce",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Produce,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.cascade,
            "target_column": None,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": True,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="is_treated",
        db_column_name="is_treated",
        column_class_name="Boolean",
        column_class=Boolean,
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="ready_mean_days",
        db_column_name="ready_mean_days",
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="ready_sigma_days",
        db_column_name="ready_sigma_days",
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="keep_mean_days",
        db_column_name="keep_mean_days",
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="keep_sigma_days",
        db_column_name="keep_sigma_days",
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="lot_share_fraction",
        db_column_name="lot_share_fraction",
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="ready_mean_sd_days",
        db_column_name="ready_mean_sd_days",
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="keep_mean_sd_days",
        db_column_name="keep_mean_sd_days",
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="n_reports",
        db_column_name="n_reports",
        column_class_name="Integer",
        column_class=Integer,
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="n_lots",
        db_column_name="n_lots",
        column_class_name="Integer",
        column_class=Integer,
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

    manager.add_column(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        column_name="learned_at",
        db_column_name="learned_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
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
        constraint_name="learned_produce_once_uq",
        constraint_class=Unique,
        params={"columns": ["produce", "is_treated"], "nulls_distinct": True},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        constraint_name="learned_produce_days_ck",
        constraint_class=Check,
        params={
            "condition": "ready_mean_days >= 0 AND ready_sigma_days >= 0 AND keep_mean_days > 0 AND keep_sigma_days >= 0"
        },
        schema=None,
    )

    manager.add_constraint(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        constraint_name="learned_produce_share_ck",
        constraint_class=Check,
        params={"condition": "lot_share_fraction BETWEEN 0 AND 1"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="LearnedProduce",
        tablename="learned_produce",
        constraint_name="learned_produce_n_ck",
        constraint_class=Check,
        params={"condition": "n_reports >= 0 AND n_lots >= 0"},
        schema=None,
    )

    return manager
