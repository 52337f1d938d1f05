"""The two merchants of the sample: what they are called, where they pack, when they deliver, what they sell."""

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date

from delivery.adapters.tables import Place
from ripeday.sample.calendar import (
    CUTOFF_DAYS_BEFORE,
    CUTOFF_MINUTE,
    PACK_DAYS_BEFORE,
    SampleDays,
)
from ripeday.sample.row import RowBook
from ripeday.sample.table_file import rows_of
from subscriptions.adapters.catalog_tables import BoxPlan, Grower
from subscriptions.adapters.order_tables import DeliveryRule
from subscriptions.adapters.people_tables import DeliveryRound, Depot, Merchant
from subscriptions.lifecycle import PlanKind
from subscriptions.planning.spare import SPARE_PCT


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """A box plan of the sample; `share` of its households choose it."""

    key: str
    name: str
    name_zh: str
    kind: PlanKind
    portions: int
    stems: int
    share: int


@dataclass(frozen=True, slots=True)
class SampleMerchant:
    """What is fixed about one merchant; `prices_minor` follow `PLANS`."""

    slug: str
    name: str
    name_zh: str
    country: str
    currency: str
    timezone: str
    locale: str
    season_region: str
    gs1_prefix: str
    depot_code: str
    depot_name: str
    depot_name_zh: str
    route: str
    postcodes: tuple[str, ...]
    second_postcodes: tuple[str, ...]
    prices_minor: tuple[int, ...]
    n_households: int
    n_second: int
    n_skips: int
    notice_days: int
    trial_minor: int


PLANS = (
    SamplePlan(
        "fruit-1", "Fruit for one", "一人份水果", PlanKind.FRUIT, 1, 0, 24,
    ),
    SamplePlan("fruit-2", "Fruit for two", "两人份水果", PlanKind.FRUIT, 2, 0, 33),
    SamplePlan("fruit-4", "Fruit for the family", "全家水果", PlanKind.FRUIT, 4, 0, 18),
    SamplePlan("flower-5", "A vase of flowers", "一瓶鲜花", PlanKind.FLOWER, 0, 5, 7),
    SamplePlan("flower-10", "Flowers for two rooms", "两室鲜花", PlanKind.FLOWER, 0, 10, 5),
    SamplePlan("mixed", "Fruit for two and a vase", "两人水果加鲜花", PlanKind.MIXED, 2, 5, 13),
)  # fmt: skip

# GS1 keeps 952 for demonstrations, so these prefixes belong to nobody.
MERCHANTS = (
    SampleMerchant(
        "havelkorb", "Havelkorb", "哈弗尔果篮", "DE", "EUR", "Europe/Berlin", "en", "med", "9521001",
        "BER", "Westhafen depot", "西港仓", "BW", ("10", "12", "13", "14"), ("10", "12"),
        (1690, 2590, 4490, 1990, 3290, 3990), 170, 26, 6, 0, 1890,
    ),
    SampleMerchant(
        "guoshi", "Guoshi Fruit & Flowers", "果时鲜盒", "CN", "CNY", "Asia/Shanghai", "zh", "ncn", "9521002",
        "HGH", "Yuhang depot", "余杭仓", "HY", ("310", "311"), ("310",),
        (8800, 13800, 23800, 9800, 16800, 20800), 130, 20, 8, 7, 9800,
    ),
)  # fmt: skip

SERVICE_LEVEL = 0.7
SPARE_CAPACITY = 40
TRIAL_PLAN, TRIAL_BOXES = "fruit-2", 2
SKIPS_IN_A_ROW = 3

_ZONES = (
    ("A", "Cold room", "冷藏库", 0.0, 2.0, 4),
    ("B", "Cool room", "冷凉库", 5.0, 8.0, 3),
    ("C", "Mild room", "恒温库", 13.0, 15.0, 3),
    ("F", "Flower room", "花材库", 1.0, 3.0, 3),
)
_PLACES_A_RACK = 4


def add_merchant(book: RowBook, merchant: SampleMerchant, days: SampleDays) -> None:
    """Add a merchant with its depot, places, rounds, box plans and growers."""
    id_ = book.key(merchant.slug)
    book.add(
        Merchant,
        id=id_,
        slug=merchant.slug,
        name=merchant.name,
        name_zh=merchant.name_zh,
        country=merchant.country,
        currency=merchant.currency,
        timezone=merchant.timezone,
        locale=merchant.locale,
        season_region=merchant.season_region,
        gs1_prefix=merchant.gs1_prefix,
        service_level=SERVICE_LEVEL,
        spare_pct=SPARE_PCT,
    )
    book.add(
        Depot,
        id=book.key(merchant.slug, "depot"),
        merchant=id_,
        code=merchant.depot_code,
        name=merchant.depot_name,
        name_zh=merchant.depot_name_zh,
    )
    _add_rule(book, merchant)
    _add_places(book, merchant)
    _add_round(book, merchant, "main", days.current_on)
    _add_round(book, merchant, "second", days.second_on)
    _add_plans(book, merchant)
    _add_growers(book, merchant)


def _add_rule(book: RowBook, merchant: SampleMerchant) -> None:
    book.add(
        DeliveryRule,
        id=book.key(merchant.slug, "rule"),
        merchant=book.key(merchant.slug),
        n_skips=merchant.n_skips,
        n_in_a_row=SKIPS_IN_A_ROW,
        notice_days=merchant.notice_days,
    )


def _add_growers(book: RowBook, merchant: SampleMerchant) -> None:
    for grower in rows_of("grower", merchant.slug):
        book.add(
            Grower,
            id=book.key(merchant.slug, "grower", grower["name"]),
            merchant=book.key(merchant.slug),
            name=grower["name"],
            place=grower["place"],
        )


def _add_places(book: RowBook, merchant: SampleMerchant) -> None:
    walk = 0
    for zone, name, name_zh, low_c, high_c, n_racks in _ZONES:
        for rack in range(1, n_racks + 1):
            for shelf in range(1, _PLACES_A_RACK + 1):
                walk += 1
                code = f"{zone}-{rack:02}-{shelf}"
                book.add(
                    Place,
                    id=book.key(merchant.slug, "place", code),
                    merchant=book.key(merchant.slug),
                    depot=book.key(merchant.slug, "depot"),
                    zone=zone,
                    zone_name=name,
                    zone_name_zh=name_zh,
                    low_c=low_c,
                    high_c=high_c,
                    code=code,
                    walk=walk,
                )


def _add_round(book: RowBook, merchant: SampleMerchant, which: str, on: dt.date) -> None:
    is_main = which == "main"
    n_households = merchant.n_households - merchant.n_second if is_main else merchant.n_second
    book.add(
        DeliveryRound,
        id=book.key(merchant.slug, "round", which),
        merchant=book.key(merchant.slug),
        depot=book.key(merchant.slug, "depot"),
        name=f"{format_date(on, 'EEEE', locale='en')} round",
        name_zh=f"{format_date(on, 'EEEE', locale='zh')}配送",
        route=f"{merchant.route}{1 if is_main else 2}",
        postcode_prefixes=list(merchant.postcodes if is_main else merchant.second_postcodes),
        weekday=on.weekday(),
        cutoff_days_before=CUTOFF_DAYS_BEFORE,
        cutoff_minute=CUTOFF_MINUTE,
        pack_days_before=PACK_DAYS_BEFORE,
        capacity=n_households + SPARE_CAPACITY,
        is_open=True,
    )


def _add_plans(book: RowBook, merchant: SampleMerchant) -> None:
    for plan, price_minor in zip(PLANS, merchant.prices_minor, strict=True):
        book.add(
            BoxPlan,
            id=book.key(merchant.slug, "plan", plan.key),
            merchant=book.key(merchant.slug),
            name=plan.name,
            name_zh=plan.name_zh,
            kind=plan.kind.value,
            portions_a_day=plan.portions,
            stems_a_day=plan.stems,
            cadence_weeks=1,
            price_minor=price_minor,
            is_open=True,
            trial_boxes=TRIAL_BOXES if plan.key == TRIAL_PLAN else None,
            trial_price_minor=merchant.trial_minor if plan.key == TRIAL_PLAN else None,
        )
