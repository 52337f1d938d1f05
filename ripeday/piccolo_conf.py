"""Where Piccolo finds the database and the apps that own tables, lowest package first."""

import os

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

DB = PostgresEngine(
    config={"dsn": os.environ.get("RIPEDAY_DATABASE_URL", "postgresql://127.0.0.1/ripeday")},
    extensions=(),
)

APP_REGISTRY = AppRegistry(
    apps=[
        "ripeday.kit.adapters.piccolo_app",
        "ripening.adapters.piccolo_app",
        "subscriptions.adapters.piccolo_app",
        "delivery.adapters.piccolo_app",
    ]
)
