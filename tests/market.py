"""A small market for tests: one merchant, one round, a few lots, some households with locked-in boxes.

Rows go in as the product's own tables; nothing here decides anything.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pendulum
from pendulum import Date

from delivery.adapters import stock_store
from ripeday.kit.adapters.engine import connection

DELIVERY_ON = Date(2026, 12, 1)
PACK_ON = Date(2026, 11, 30)
CUTOFF = pendulum.datetime(2026, 11, 29, 19, tz="UTC")
"""Sunday 20:00 in Berlin, two days before Tuesday 1 December."""
BEFORE = CUTOFF.subtract(hours=1)
AFTER = CUTOFF.add(minutes=1)
LONG_AGO = pendulum.datetime(2026, 10, 1, tz="UTC")


@dataclass
class Market:
    """Ids of what was put into the database."""

    merchant: UUID = field(default_factory=uuid4)
    depot: UUID = field(default_factory=uuid4)
    round: UUID = field(default_factory=uuid4)
    grower: UUID = field(default_factory=uuid4)
    catalog: UUID = field(default_factory=uuid4)
    plan: UUID = field(default_factory=uuid4)
    place: UUID = field(default_factory=uuid4)
    day: UUID = field(default_factory=uuid4)
    lots: list[UUID] = field(default_factory=list)
    subscriptions: list[UUID] = field(default_factory=list)
    boxes: list[UUID] = field(default_factory=list)


async def insert(table: str, **values: object) -> None:
    """Insert one row."""
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    async with connection() as c:
        await c.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", *values.values())


async def open_market(
    *,
    slug: str = "greengate",
    country: str = "DE",
    currency: str = "EUR",
    timezone: str = "Europe/Berlin",
    price_minor: int = 2200,
) -> Market:
    """Open a merchant with a depot, a Tuesday round, a fruit plan and one delivery day."""
    m = Market()
    await insert(
        "merchant", id=m.merchant, slug=slug, name="Greengate Fruit", name_zh="绿门果园", country=country,
        currency=currency, timezone=timezone, locale="en", season_region="med", gs1_prefix="9521234",
        service_level=0.7,
    )  # fmt: skip
    await insert(
        "depot",
        id=m.depot,
        merchant=m.merchant,
        code=slug[:2].upper() + "1",
        name="North",
        name_zh="北仓",
    )
    await insert(
        "delivery_round", id=m.round, merchant=m.merchant, depot=m.depot, name="City", name_zh="市区", route="3",
        postcode_prefixes=["10"], weekday=1, cutoff_days_before=2, cutoff_minute=1200, pack_days_before=1,
        capacity=1000, is_open=True,
    )  # fmt: skip
    await insert("grower", id=m.grower, merchant=m.merchant, name="Finca Luz", place="Valencia")
    await insert(
        "box_plan", id=m.plan, merchant=m.merchant, name="Fruit for one", name_zh="一人水果", kind="fruit",
        portions_a_day=1, stems_a_day=0, cadence_weeks=1, price_minor=price_minor, is_open=True,
    )  # fmt: skip
    await insert(
        "catalog", id=m.catalog, merchant=m.merchant, name="Winter", name_zh="冬季",
        starts_on=Date(2026, 11, 1), ends_on=Date(2027, 3, 1),
    )  # fmt: skip
    await insert(
        "place", id=m.place, merchant=m.merchant, depot=m.depot, zone="A", zone_name="Cold room",
        zone_name_zh="冷库", low_c=0.0, high_c=2.0, code="A-01-1", walk=1,
    )  # fmt: skip
    await insert(
        "delivery_day", id=m.day, merchant=m.merchant, round=m.round, depot=m.depot, delivery_on=DELIVERY_ON,
        cutoff_at=CUTOFF, pack_on=PACK_ON,
    )  # fmt: skip
    return m


async def add_produce(*keys: str) -> None:
    """Make produce known to the database."""
    async with connection() as c:
        await c.executemany(
            "INSERT INTO produce (key, kind, family, name_en, name_zh) VALUES ($1, 'fruit', 'pome', $1, $1)"
            " ON CONFLICT DO NOTHING",
            [(key,) for key in keys],
        )


async def add_lot(
    m: Market, produce: str, *, units: int, received: bool = True, age_days: float = 0.0
) -> UUID:
    """Add a lot, offered and (unless told otherwise) in the building."""
    lot = uuid4()
    await add_produce(produce)
    await insert(
        "lot", id=lot, merchant=m.merchant, depot=m.depot, produce=produce, grower=m.grower,
        code=f"L-{2200 + len(m.lots)}", gtin="09521234000013", status="announced", units_announced=units,
        case_units=12, unit_cost_minor=60, unit_grams=180, unit_portions=2, harvested_on=Date(2026, 11, 20),
        graded_on=Date(2026, 11, 27), age_days=age_days, store_c=1.0, is_treated=True, shift_days=0.0,
        due_on=Date(2026, 11, 27), must_leave_on=Date(2026, 12, 8),
    )  # fmt: skip
    await insert(
        "offer", id=uuid4(), merchant=m.merchant, catalog=m.catalog, produce=produce,
        starts_on=Date(2026, 11, 1) + dt.timedelta(days=len(m.lots)), ends_on=Date(2027, 3, 1), price_minor=120,
        box_limit=4, season_source="local",
    )  # fmt: skip
    await stock_store.announce([lot])
    if received:
        await stock_store.receive(lot, units={m.place: units}, now=LONG_AGO)
    m.lots.append(lot)
    return lot


async def add_household(m: Market, *, card: tuple[str, str] = ("cus_1", "pm_1")) -> UUID:
    """Add a person with a household and an active subscription; returns the subscription."""
    person, household, subscription, n = uuid4(), uuid4(), uuid4(), len(m.subscriptions)
    since = LONG_AGO.add(minutes=n)
    await insert(
        "person", id=person, email=f"anna.{person.hex[:8]}@example.org", name=f"Anna Nr. {n}", session_epoch=1,
        created_at=since,
    )  # fmt: skip
    await insert(
        "role_grant",
        id=uuid4(),
        person=person,
        role="customer",
        merchant=m.merchant,
        granted_at=since,
    )
    await insert(
        "household", id=household, merchant=m.merchant, person=person, name=f"Anna Nr. {n}", n_people=1,
        room_class=1, has_fridge=True, street=f"Lindenweg {n}", city="Berlin", postcode="10115",
        phone="+49 30 1234821", consent="best", created_at=since,
    )  # fmt: skip
    await insert(
        "subscription", id=subscription, merchant=m.merchant, household=household, box_plan=m.plan, round=m.round,
        status="active", cadence_weeks=1, first_delivery_on=Date(2026, 10, 6), provider_customer=card[0],
        provider_payment_method=card[1], card_brand="visa", card_last4="4242", created_at=since,
    )  # fmt: skip
    m.subscriptions.append(subscription)
    return subscription


async def add_box(
    m: Market,
    lines: Sequence[tuple[UUID, int]],
    *,
    card: tuple[str, str] = ("cus_1", "pm_1"),
    price_minor: int = 2200,
) -> UUID:
    """Add a household with a proposed box of `lines` (lot, units)."""
    subscription, box = await add_household(m, card=card), uuid4()
    async with connection() as c:
        household = await c.fetchval(
            "SELECT household FROM subscription WHERE id = $1", subscription
        )
        produce = dict(await c.fetch("SELECT id, produce FROM lot WHERE merchant = $1", m.merchant))
    await insert(
        "box", id=box, merchant=m.merchant, delivery_day=m.day, subscription=subscription, household=household,
        number=len(m.boxes) + 1, kind="fruit", portions_a_day=1, stems_a_day=0, horizon_days=7, status="proposed",
        price_minor=price_minor, tax_minor=144, currency="EUR", status_at=BEFORE,
    )  # fmt: skip
    for mode, (lot, units) in enumerate(lines):
        await insert(
            "box_line", id=uuid4(), merchant=m.merchant, box=box, lot=lot, produce=produce[lot], units=units,
            mode=mode % 3, ready_day=0, last_day=6, eat=[1] * 7, chance_fraction=[0.9] * 14,
            best_fraction=[0.1] * 14, is_override=False,
        )  # fmt: skip
    m.boxes.append(box)
    return box


async def statuses(m: Market) -> list[str]:
    """Return the status of each box, in the order in which they were added."""
    async with connection() as c:
        found = dict(await c.fetch("SELECT id, status FROM box WHERE merchant = $1", m.merchant))
    return [found[box] for box in m.boxes]


async def stock(lot: UUID) -> tuple[int, int, int]:
    """Return (announced, on hand, reserved) of a lot."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT announced, on_hand, reserved FROM lot_stock WHERE lot = $1", lot
        )
    return tuple(row)


async def broken_invariants() -> list[str]:
    """Return what does not add up; empty when the books are in order."""
    from ripeday.audit import audit  # noqa: PLC0415

    return [str(found) for found in await audit()]


async def add_stop(
    m: Market, name: str = "Old Bakery", *, capacity: int | None = None, kind: str = "pickup"
) -> UUID:
    """Add a place on the round that boxes are left at."""
    stop = uuid4()
    await insert(
        "stop", id=stop, merchant=m.merchant, round=m.round, kind=kind, name=name, name_zh="老面包房",
        street="Marktplatz 2", city="Berlin", postcode="10117", hours="Tue 16:00 to 19:00", hours_zh="周二 16:00–19:00",
        access_note="Code 4711# at the yard door", capacity=capacity, is_open=True,
    )  # fmt: skip
    return stop


async def move_box(
    m: Market, subscription: UUID, *, stop: UUID | None = None, street: str | None = None
) -> None:
    """Have the box of the delivery day go to another place."""
    at = (None, None) if street is None else ("Berlin", "10119")
    await insert(
        "place_change", id=uuid4(), merchant=m.merchant, subscription=subscription, from_on=DELIVERY_ON,
        until_on=DELIVERY_ON.add(days=7), stop=stop, street=street, city=at[0], postcode=at[1], asked_at=BEFORE,
    )  # fmt: skip


async def add_addon(
    m: Market, *, price_minor: int = 750, tax: str = "food", limit: int | None = None, name: str = "Honey"
) -> UUID:  # fmt: skip
    """Add a thing to ride along that closes on Thursday noon, five days before the delivery."""
    addon = uuid4()
    await insert(
        "addon", id=addon, merchant=m.merchant, name=name, name_zh="蜂蜜", price_minor=price_minor, tax_class=tax,
        weight_g=700, closes_days_before=5, closes_minute=720, day_limit=limit, added_at=LONG_AGO,
    )  # fmt: skip
    return addon
