"""Piccolo's view of the tables this package owns; its migrations lie in migrations/delivery/."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="delivery",
    migrations_folder_path=str(Path(__file__).parents[2] / "migrations" / "delivery"),
    table_classes=table_finder(modules=["delivery.adapters.tables"], exclude_imported=True),
    migration_dependencies=["subscriptions.adapters.piccolo_app"],
)
