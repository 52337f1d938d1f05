"""Piccolo's view of the tables this package owns; its migrations lie in migrations/subscriptions/."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="subscriptions",
    migrations_folder_path=str(Path(__file__).parents[2] / "migrations" / "subscriptions"),
    table_classes=table_finder(
        modules=[
            "subscriptions.adapters.people_tables",
            "subscriptions.adapters.stop_tables",
            "subscriptions.adapters.catalog_tables",
            "subscriptions.adapters.taste_tables",
            "subscriptions.adapters.box_tables",
            "subscriptions.adapters.money_tables",
            "subscriptions.adapters.problem_tables",
            "subscriptions.adapters.rating_tables",
            "subscriptions.adapters.plan_tables",
            "subscriptions.adapters.report_tables",
            "subscriptions.adapters.fairness_tables",
            "subscriptions.adapters.notice_tables",
            "subscriptions.adapters.order_tables",
            "subscriptions.adapters.trial_tables",
            "subscriptions.adapters.waiting_tables",
            "subscriptions.adapters.edit_tables",
            "subscriptions.adapters.addon_tables",
        ],
        exclude_imported=True,
    ),
    migration_dependencies=["ripening.adapters.piccolo_app"],
)
