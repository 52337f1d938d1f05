"""The pages of produce in the whole application."""

import pytest
from litestar.types import ControllerRouterHandler

from ripening.entrypoints.produce_controller import ProduceController
from tests.subscriptions.entrypoints.conftest import web

__all__ = ["more_routes", "web"]


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (ProduceController,)
