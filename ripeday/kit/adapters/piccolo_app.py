"""Piccolo's view of the tables this package owns; its migrations lie in migrations/kit/."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="kit",
    migrations_folder_path=str(Path(__file__).parents[3] / "migrations" / "kit"),
    table_classes=table_finder(modules=["ripeday.kit.adapters.tables"], exclude_imported=True),
    migration_dependencies=[],
)
