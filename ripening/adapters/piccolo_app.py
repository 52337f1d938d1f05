"""Piccolo's view of the tables this package owns; its migrations lie in migrations/ripening/."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="ripening",
    migrations_folder_path=str(Path(__file__).parents[2] / "migrations" / "ripening"),
    table_classes=table_finder(modules=["ripening.adapters.tables"], exclude_imported=True),
    migration_dependencies=[],
)
