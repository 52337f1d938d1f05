"""Every page there is, in the order of the house's floors."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from ripeday.web.choice import choose_language, choose_theme
from ripeday.web.style import style_page
from subscriptions.entrypoints.account_controller import AccountController
from subscriptions.entrypoints.staff_controller import StaffController
from subscriptions.entrypoints.webhook_controller import WebhookController

ROUTES: Sequence[ControllerRouterHandler] = (
    choose_language,
    choose_theme,
    style_page,
    AccountController,
    StaffController,
    WebhookController,
)
