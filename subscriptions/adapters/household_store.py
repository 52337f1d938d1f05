"""Changes to a household, in PostgreSQL. Every function is called inside a unit of work."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.lifecycle import Consent, Taste
from subscriptions.taste import WeekNevers


@dataclass(frozen=True, slots=True)
class Home:
    """Who eats, and in what kitchen."""

    n_people: int
    room_class: int
    has_fridge: bool


@dataclass(frozen=True, slots=True)
class Address:
    """Where the box goes, and what the people who carry and pack it should know."""

    name: str
    street: str
    city: str
    postcode: str
    phone: str | None
    delivery_note: str | None
    food_note: str | None


async def hold(person_id: UUID, household_id: UUID) -> UUID | None:
    """Hold a person's household until the unit of work ends; returns its merchant, None when it is not theirs."""
    async with connection() as c:
        found: UUID | None = await c.fetchval(
            "SELECT merchant FROM household WHERE id = $2 AND person = $1 FOR UPDATE", person_id, household_id
        )  # fmt: skip
    return found


async def save_home(household_id: UUID, home: Home) -> None:
    """Save who eats and in what kitchen."""
    async with connection() as c:
        await c.execute(
            "UPDATE household SET n_people = $2, room_class = $3, has_fridge = $4 WHERE id = $1",
            household_id, home.n_people, home.room_class, home.has_fridge,
        )  # fmt: skip


async def save_address(household_id: UUID, address: Address) -> None:
    """Save where the box goes."""
    async with connection() as c:
        await c.execute(
            "UPDATE household SET name = $2, street = $3, city = $4, postcode = $5, phone = $6, delivery_note = $7,"
            " food_note = $8 WHERE id = $1",
            household_id, address.name, address.street, address.city, address.postcode, address.phone,
            address.delivery_note, address.food_note,
        )  # fmt: skip


async def save_consent(household_id: UUID, consent: Consent) -> None:
    """Save what may be done when something is short."""
    async with connection() as c:
        await c.execute(
            "UPDATE household SET consent = $2 WHERE id = $1", household_id, consent.value
        )


_TASTE = """
INSERT INTO household_taste (id, merchant, household, produce, family, taste)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)
"""


async def save_tastes(
    household_id: UUID,
    *,
    merchant_id: UUID,
    tastes: Mapping[str, Taste],
    never_families: frozenset[str],
) -> None:
    """Put new tastes in the place of the old ones."""
    said = [(merchant_id, household_id, key, None, taste.value) for key, taste in tastes.items()]
    never = [
        (merchant_id, household_id, None, family, "never") for family in sorted(never_families)
    ]
    async with connection() as c:
        await c.execute("DELETE FROM household_taste WHERE household = $1", household_id)
        await c.executemany(_TASTE, said + never)


_WEEK = """
INSERT INTO week_never (id, merchant, household, delivery_on, produce, family)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)
"""


async def save_week_nevers(
    household_id: UUID, said: WeekNevers, *, merchant_id: UUID, delivery_on: dt.date, today: dt.date
) -> None:
    """Put what stays out of the boxes of one day in the place of what did; what is past is forgotten."""
    named = [(merchant_id, household_id, delivery_on, key, None) for key in sorted(said.produce)]
    whole = [(merchant_id, household_id, delivery_on, None, key) for key in sorted(said.families)]
    async with connection() as c:
        await c.execute(
            "DELETE FROM week_never WHERE household = $1 AND (delivery_on = $2 OR delivery_on < $3)",
            household_id, delivery_on, today,
        )  # fmt: skip
        await c.executemany(_WEEK, [*named, *whole])


_OPEN_BOXES = """
SELECT box.delivery_day, box.subscription FROM box JOIN delivery_day day ON day.id = box.delivery_day
WHERE box.household = $1 AND box.status = 'proposed' AND day.locked_at IS NULL AND day.cutoff_at > $2
  AND ($3::date IS NULL OR day.delivery_on = $3)
ORDER BY day.delivery_on, box.subscription
"""


async def open_boxes(
    household_id: UUID, *, now: DateTime, delivery_on: dt.date | None = None
) -> list[tuple[UUID, UUID]]:
    """Return (delivery day, subscription) of the household's boxes that a plan may still change, of one day or all."""
    async with connection() as c:
        rows = await c.fetch(_OPEN_BOXES, household_id, now, delivery_on)
    return [(row[0], row[1]) for row in rows]


_PREFIXES = """
SELECT round.postcode_prefixes FROM subscription JOIN delivery_round round ON round.id = subscription.round
WHERE subscription.household = $1 AND subscription.status IN ('active', 'paused') AND subscription.stop IS NULL
"""


async def served_postcodes(household_id: UUID) -> list[tuple[str, ...]]:
    """Return, for each subscription that comes to a household's door, the beginnings of postcodes its round serves."""
    async with connection() as c:
        return [tuple(row[0]) for row in await c.fetch(_PREFIXES, household_id)]
