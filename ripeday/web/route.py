"""Every page there is, in the order of the house's floors."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from delivery.entrypoints.lot_controller import LotController
from delivery.entrypoints.warehouse_controller import WarehouseController
from delivery.entrypoints.wave_controller import WaveController
from ripeday.web.choice import choose_language, choose_theme
from ripeday.web.ready import ready
from ripeday.web.style import style_page
from ripening.entrypoints.produce_controller import ProduceController
from subscriptions.entrypoints.account_controller import AccountController
from subscriptions.entrypoints.addon_api import AddonApiController
from subscriptions.entrypoints.addon_controller import AddonController
from subscriptions.entrypoints.box_api import BoxApiController
from subscriptions.entrypoints.box_controller import BoxController
from subscriptions.entrypoints.calendar_controller import CalendarController
from subscriptions.entrypoints.donation_controller import (
    DonationApiController,
    DonationController,
)
from subscriptions.entrypoints.edit_api import EditApiController
from subscriptions.entrypoints.feed_controller import FeedController, OwnCalendarController
from subscriptions.entrypoints.home_controller import HomeController
from subscriptions.entrypoints.household_api import (
    HouseholdApiController,
    HouseholdsApiController,
)
from subscriptions.entrypoints.household_controller import HouseholdController
from subscriptions.entrypoints.merchant_addons_controller import MerchantAddonsController
from subscriptions.entrypoints.merchant_api import MerchantApiController
from subscriptions.entrypoints.merchant_board_controller import MerchantBoardController
from subscriptions.entrypoints.merchant_lots_controller import MerchantLotsController
from subscriptions.entrypoints.merchant_plans_controller import MerchantPlansController
from subscriptions.entrypoints.merchant_problems_controller import MerchantProblemsController
from subscriptions.entrypoints.merchant_rule_controller import MerchantRuleController
from subscriptions.entrypoints.merchant_season_controller import MerchantSeasonController
from subscriptions.entrypoints.merchant_stops_controller import MerchantStopsController
from subscriptions.entrypoints.merchant_today_controller import MerchantTodayController
from subscriptions.entrypoints.merchant_trial_controller import MerchantTrialController
from subscriptions.entrypoints.next_box_controller import NextBoxController
from subscriptions.entrypoints.notice_api import NoticeApiController
from subscriptions.entrypoints.notice_controller import NoticesController, StopController
from subscriptions.entrypoints.open_box_controller import OpenBoxController
from subscriptions.entrypoints.order_change_controller import MoveController, SkipController
from subscriptions.entrypoints.own_data_api import OwnDataApiController
from subscriptions.entrypoints.own_data_controller import ErasingController, OwnDataController
from subscriptions.entrypoints.place_api import PlaceApiController
from subscriptions.entrypoints.place_controller import PlaceController, StandingPlaceController
from subscriptions.entrypoints.problem_api import ProblemApiController
from subscriptions.entrypoints.problem_controller import ProblemController
from subscriptions.entrypoints.rating_api import RatingApiController, RatingsApiController
from subscriptions.entrypoints.rating_controller import RatingController
from subscriptions.entrypoints.receipt_controller import ReceiptController, VerifyController
from subscriptions.entrypoints.report_controller import ReportController
from subscriptions.entrypoints.rhythm_api import RhythmApiController
from subscriptions.entrypoints.rhythm_controller import RhythmController
from subscriptions.entrypoints.shop_controller import ShopController
from subscriptions.entrypoints.skip_api import MoveApiController, SkipApiController
from subscriptions.entrypoints.staff_controller import StaffController
from subscriptions.entrypoints.standing_api import (
    ReceiptApiController,
    StandingApiController,
    VerifyApiController,
)
from subscriptions.entrypoints.standing_controller import CancelController, PauseController
from subscriptions.entrypoints.subscribe_controller import SubscribeController
from subscriptions.entrypoints.subscribed_controller import SubscribedController
from subscriptions.entrypoints.tastes_controller import TastesController
from subscriptions.entrypoints.today_controller import TodayController
from subscriptions.entrypoints.waiting_controller import WaitingController, WaitingLinkController
from subscriptions.entrypoints.webhook_controller import WebhookController

ROUTES: Sequence[ControllerRouterHandler] = (
    choose_language,
    choose_theme,
    ready,
    style_page,
    ProduceController,
    ShopController,
    SubscribeController,
    SubscribedController,
    WaitingController,
    WaitingLinkController,
    AccountController,
    TodayController,
    ReportController,
    RatingController,
    OwnDataController,
    ErasingController,
    ProblemController,
    ProblemApiController,
    NextBoxController,
    BoxController,
    OpenBoxController,
    SkipController,
    AddonController,
    MoveController,
    DonationController,
    PlaceController,
    StandingPlaceController,
    PauseController,
    CancelController,
    RhythmController,
    ReceiptController,
    VerifyController,
    HouseholdController,
    HomeController,
    TastesController,
    HouseholdsApiController,
    HouseholdApiController,
    RatingsApiController,
    RatingApiController,
    OwnDataApiController,
    BoxApiController,
    EditApiController,
    SkipApiController,
    AddonApiController,
    MoveApiController,
    DonationApiController,
    PlaceApiController,
    StandingApiController,
    RhythmApiController,
    ReceiptApiController,
    VerifyApiController,
    CalendarController,
    OwnCalendarController,
    FeedController,
    NoticesController,
    NoticeApiController,
    StopController,
    StaffController,
    MerchantTodayController,
    MerchantSeasonController,
    MerchantPlansController,
    MerchantRuleController,
    MerchantTrialController,
    MerchantBoardController,
    MerchantLotsController,
    MerchantProblemsController,
    MerchantStopsController,
    MerchantAddonsController,
    MerchantApiController,
    WarehouseController,
    WaveController,
    LotController,
    WebhookController,
)
