"""All kinds of due work, in the order in which a day needs them."""

from uuid import UUID

from pendulum import DateTime

from delivery.adapters import day_store, wave_store
from ripeday.composition import House
from ripeday.kit.adapters import outbox
from ripeday.kit.due_work import DueKind
from subscriptions.adapters import round_store


def due_kinds(house: House) -> tuple[DueKind, ...]:
    """Return every kind of due work with the use case that does it."""

    async def open_days(key: str, now: DateTime) -> None:
        await house.rounds.open_days(UUID(key), now=now)

    async def plan_day(key: str, now: DateTime) -> None:
        await house.planning.plan_day(UUID(key), now=now)

    async def lock_day(key: str, now: DateTime) -> None:
        await house.cutoff.lock_day(UUID(key), now=now)

    async def reserve_day(key: str, now: DateTime) -> None:
        await house.cutoff.reserve_day(UUID(key), now=now)

    async def charge_box(key: str, now: DateTime) -> None:
        await house.cutoff.charge_box(UUID(key), now=now)

    async def settle_box(key: str, now: DateTime) -> None:
        await house.cutoff.settle_box(UUID(key), now=now)

    async def give_up_box(key: str, now: DateTime) -> None:
        await house.billing.give_up(UUID(key), now=now)

    async def release_day(key: str, now: DateTime) -> None:
        await house.waves.release_day(UUID(key), now=now)

    async def print_wave(key: str, now: DateTime) -> None:
        await house.waves.print_papers(UUID(key), now=now)

    async def deliver_parcel(key: str, now: DateTime) -> None:
        await house.notices.deliver(int(key), now=now)

    return (
        DueKind("open_days", round_store.DUE_TO_OPEN, open_days),
        DueKind("plan_day", round_store.DUE_TO_PLAN, plan_day, lease_s=300),
        DueKind("lock_day", day_store.DUE_TO_LOCK, lock_day),
        DueKind("reserve_day", day_store.DUE_TO_RESERVE, reserve_day, lease_s=60),
        DueKind("charge_box", day_store.DUE_TO_CHARGE, charge_box),
        DueKind("settle_box", day_store.DUE_TO_SETTLE, settle_box, max_attempts=200),
        DueKind("give_up_box", day_store.DUE_TO_GIVE_UP, give_up_box, max_attempts=50),
        DueKind("release_day", day_store.DUE_TO_RELEASE, release_day),
        DueKind("print_wave", wave_store.DUE_TO_PRINT, print_wave, lease_s=120),
        DueKind("deliver_parcel", outbox.DUE, deliver_parcel, max_attempts=20),
    )
