"""The same house as the door's tests, with the warehouse's pages."""

import pytest
from litestar.types import ControllerRouterHandler

from delivery.entrypoints.lot_controller import LotController
from delivery.entrypoints.warehouse_controller import WarehouseController
from delivery.entrypoints.wave_controller import WaveController
from tests.subscriptions.entrypoints.conftest import web

__all__ = ["more_routes", "web"]


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (WarehouseController, WaveController, LotController)
