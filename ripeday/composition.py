"""The composition root: every service with what it needs, put together once for a process."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

import asyncpg
import structlog
from redis.asyncio import Redis

from delivery.barcode import qr_svg
from delivery.services.cutoff import CutoffService
from delivery.services.shipping import ShippingService
from delivery.services.stock import StockService
from delivery.services.supply import StockSupply
from delivery.services.wave import WaveService
from ripeday.kit.adapters.engine import pool
from ripeday.kit.clock import Clock
from ripeday.kit.text import Translator
from ripeday.settings import Settings
from ripeday.translation import translator
from ripeday.web.palette import mail_palette
from ripening.learned_times import LearnedProfiles
from ripening.produce import Produce, load_profiles
from subscriptions.adapters.mailer import SmtpMailer
from subscriptions.adapters.stripe_gateway import StripeGateway
from subscriptions.ports import Mailer, PaymentGateway
from subscriptions.services.account import AccountService
from subscriptions.services.addon_catalog import AddonCatalogService
from subscriptions.services.billing import BillingService
from subscriptions.services.cancelling import CancellingService
from subscriptions.services.catalog import CatalogService
from subscriptions.services.confirming import ConfirmingService
from subscriptions.services.donating import DonatingService
from subscriptions.services.editing import EditingService
from subscriptions.services.first_week import FirstWeekService
from subscriptions.services.household import HouseholdService
from subscriptions.services.learning import LearningService
from subscriptions.services.mending import MendingService
from subscriptions.services.moving import MovingService
from subscriptions.services.notice import NoticeService
from subscriptions.services.notice_due import DueNoticeService
from subscriptions.services.own_data import OwnDataService
from subscriptions.services.pausing import PausingService
from subscriptions.services.placing import PlacingService
from subscriptions.services.planning import PlanningService
from subscriptions.services.planning_again import PlanningAgainService
from subscriptions.services.private_calendar import PrivateCalendarService
from subscriptions.services.problem import ProblemService
from subscriptions.services.receipts import ReceiptDesk
from subscriptions.services.reporting import ReportingService
from subscriptions.services.rhythm import RhythmService
from subscriptions.services.riding import RidingService
from subscriptions.services.rounds import RoundService
from subscriptions.services.skipping import SkippingService
from subscriptions.services.stops import StopService
from subscriptions.services.subscribing import SubscribingService
from subscriptions.services.supply_book import SupplyBook
from subscriptions.services.trial import TrialService
from subscriptions.services.waiting import WaitingService

log = structlog.get_logger("ripeday.house")

FRESH_S = 60
"""Every so often a process looks what others have learned of produce."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything a process of Ripeday works with."""

    settings: Settings
    clock: Clock
    redis: Redis
    profiles: Mapping[str, Produce]
    payments: PaymentGateway
    mailer: Mailer
    accounts: AccountService
    rounds: RoundService = field(default_factory=RoundService)
    planning: PlanningService
    planning_again: PlanningAgainService
    editing: EditingService
    skipping: SkippingService
    moving: MovingService
    donating: DonatingService
    placing: PlacingService = field(default_factory=PlacingService)
    stops: StopService = field(default_factory=StopService)
    pausing: PausingService
    cancelling: CancellingService
    rhythms: RhythmService
    trials: TrialService = field(default_factory=TrialService)
    waiting: WaitingService = field(default_factory=WaitingService)
    receipts: ReceiptDesk
    first_weeks: FirstWeekService
    subscribing: SubscribingService
    billing: BillingService
    confirming: ConfirmingService
    households: HouseholdService
    learning: LearningService
    mending: MendingService
    reporting: ReportingService
    problems: ProblemService = field(default_factory=ProblemService)
    own_data: OwnDataService
    cutoff: CutoffService
    waves: WaveService
    shipping: ShippingService = field(default_factory=ShippingService)
    stock: StockService
    notices: NoticeService
    due_notices: DueNoticeService = field(default_factory=DueNoticeService)
    calendars: PrivateCalendarService
    catalogs: CatalogService = field(default_factory=CatalogService)
    addon_catalog: AddonCatalogService = field(default_factory=AddonCatalogService)
    ridings: RidingService = field(default_factory=RidingService)
    supply_book: SupplyBook

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Self]:
        """Open the connections of a process and close them at the end."""
        redis: Redis = Redis.from_url(settings.redis_url)
        async with pool():
            house = cls.of(settings, redis)
            await _look(house.learning)
            looking = asyncio.create_task(_keep_looking(house.learning))
            try:
                yield house
            finally:
                looking.cancel()
                with suppress(asyncio.CancelledError):
                    await looking
                await redis.aclose()

    @classmethod
    def of(
        cls,
        settings: Settings,
        redis: Redis,
        *,
        payments: PaymentGateway | None = None,
        mailer: Mailer | None = None,
    ) -> Self:
        """Put the services together; tests may bring a provider that misbehaves on purpose."""
        payments = payments or _payments(settings)
        mailer = mailer or _mailer(settings)
        profiles, supply = LearnedProfiles(load_profiles()), StockSupply()
        billing = BillingService(payments, supply)
        planning = PlanningService(supply, profiles)
        learning = LearningService(profiles, planning)
        return cls(
            settings=settings,
            clock=settings.clock,
            redis=redis,
            profiles=profiles,
            payments=payments,
            mailer=mailer,
            accounts=AccountService(redis=redis, base_url=settings.base_url),
            planning=planning,
            planning_again=PlanningAgainService(planning),
            editing=EditingService(planning, profiles),
            skipping=SkippingService(planning),
            moving=MovingService(planning),
            donating=DonatingService(planning),
            pausing=PausingService(planning),
            cancelling=CancellingService(planning),
            rhythms=RhythmService(planning),
            receipts=ReceiptDesk(settings.base_url, qr_svg),
            first_weeks=FirstWeekService(planning, profiles),
            subscribing=SubscribingService(payments, settings.base_url),
            billing=billing,
            confirming=ConfirmingService(payments, billing, settings.base_url),
            households=HouseholdService(planning),
            learning=learning,
            mending=MendingService(planning),
            reporting=ReportingService(learning),
            own_data=OwnDataService(redis),
            cutoff=CutoffService(billing),
            waves=WaveService(profiles, settings.data_dir / "papers", translator),
            stock=StockService(learning),
            notices=_notices(settings, mailer, profiles),
            calendars=PrivateCalendarService(translator, profiles, settings.base_url),
            supply_book=SupplyBook(supply, profiles),
        )

    async def pick_list(self, depot_code: str, pack_on: dt.date, *, language: str) -> bytes:
        """Return the pick lists of a depot's pack day as PDF; see `WaveService.pick_list`."""
        return await self.waves.pick_list(
            depot_code, pack_on, locale=language, now=self.clock.now()
        )

    def translator(self, locale: str) -> Translator:
        """Return the words of one language."""
        return translator(locale)


def _payments(settings: Settings) -> PaymentGateway:
    return StripeGateway(
        settings.stripe_key,
        webhook_secret=settings.stripe_webhook_secret,
        api_base=settings.stripe_api,
    )


def _notices(settings: Settings, mailer: Mailer, profiles: Mapping[str, Produce]) -> NoticeService:
    return NoticeService(
        mailer, translator, profiles, settings.base_url, mail_palette(), settings.secret
    )


def _mailer(settings: Settings) -> Mailer:
    return SmtpMailer(settings.smtp_url, sender=settings.mail_from, clock=settings.clock)


async def _look(learning: LearningService) -> None:
    """Take in what was learned; a database that does not answer, or is still empty, is no reason to stop."""
    try:
        await learning.refresh()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning("not_refreshed", error=repr(error))


async def _keep_looking(learning: LearningService) -> None:
    while True:
        await asyncio.sleep(FRESH_S)
        await _look(learning)
