"""Boxes for one place share a stop on the route, and a wave has a route sheet."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.constraints import Unique

from ripeday.kit.adapters.engine import engine

ID = "2026-11-23T08:28:51:758452"
VERSION = "1.38.0"
DESCRIPTION = "boxes for one place share a stop, and there is a route sheet"

FORWARDS = """
ALTER TABLE print DROP CONSTRAINT print_paper_ck;
ALTER TABLE print ADD CONSTRAINT print_paper_ck
    CHECK (paper IN ('pick_list', 'pack_list', 'labels', 'route_sheet'));
"""

BACKWARDS = """
ALTER TABLE print DROP CONSTRAINT print_paper_ck;
ALTER TABLE print ADD CONSTRAINT print_paper_ck CHECK (paper IN ('pick_list', 'pack_list', 'labels'));
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="delivery", description=DESCRIPTION)

    manager.drop_constraint(
        table_class_name="WaveBox",
        tablename="wave_box",
        constraint_name="wave_box_stop_uq",
        schema=None,
    )

    manager.add_constraint(
        table_class_name="WaveBox",
        tablename="wave_box",
        constraint_name="wave_box_tote_uq",
        constraint_class=Unique,
        params={"columns": ["wave", "tote"], "nulls_distinct": True},
        schema=None,
    )

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
