"""The waiting list of a full round: first come, first asked; a place is kept, and nobody gets one twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast
from uuid import UUID, uuid4

import pytest
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.kit.errors import NotFound
from subscriptions.adapters import shop_page, waiting_store
from subscriptions.adapters.subscribing_store import HouseholdToSave
from subscriptions.adapters.waiting_store import Wish
from subscriptions.errors import RoundFull
from subscriptions.ports import CardSetup, PaymentGateway, SavedCard
from subscriptions.services.subscribing import SubscribingService, Wanted
from subscriptions.services.waiting import WaitingService
from subscriptions.waiting import HELD, KEPT, Waiter, WaitingEnd
from tests.market import BEFORE, Market, add_household, open_market
from tests.subscriptions.people import Door, fetch, open_door

WAITING = WaitingService()


@pytest.fixture
async def door(database: str, valkey_url: str) -> AsyncIterator[Door]:
    async with Redis.from_url(valkey_url) as redis:
        yield open_door(redis)


async def full_round() -> Market:
    """A round for two, both places taken."""
    market = await open_market()
    await set_capacity(2)
    for _ in range(2):
        await add_household(market)
    return market


async def set_capacity(n: int) -> None:
    await fetch("UPDATE delivery_round SET capacity = $1 RETURNING id", n)


async def join(market: Market, name: str, *, now: DateTime = BEFORE) -> Waiter:
    email = f"{name}@example.org"
    wish = Wish(market.round, market.merchant, email, name.title(), "en", "10115", None)
    await WAITING.join(wish, now=now)
    ((id_,),) = await fetch("SELECT id FROM waiting WHERE email = $1 AND ended_at IS NULL", email)
    found = await waiting_store.waiter(UUID(str(id_)))
    assert found is not None
    return found


async def asked() -> list[str]:
    rows = await fetch(
        "SELECT name FROM waiting WHERE held_until IS NOT NULL AND ended_at IS NULL ORDER BY joined_at"
    )
    return [str(name) for (name,) in rows]


async def due(now: DateTime = BEFORE) -> bool:
    return bool(await fetch(waiting_store.DUE_TO_ASK, now))


async def is_full(market: Market) -> bool:
    (day,) = await shop_page.open_days(market.merchant, now=BEFORE)
    return day.is_full


async def test_who_joined_first_is_asked_first_as_far_as_there_is_room(database: str) -> None:
    market = await full_round()
    ida = await join(market, "ida")
    ben = await join(market, "ben", now=BEFORE.add(minutes=1))
    assert (ida.place, ben.place, (await join(market, "ida")).place) == (1, 2, 1)
    assert not await due()
    assert await WAITING.ask(market.round, now=BEFORE) == 0
    await set_capacity(3)
    assert await due()
    assert await WAITING.ask(market.round, now=BEFORE) == 1
    assert await asked() == ["Ida"]
    assert not await due()
    assert await is_full(market), "the place is kept for her"


async def test_who_does_not_come_within_two_days_is_told_and_the_next_is_asked(
    database: str, door: Door
) -> None:
    market = await full_round()
    await join(market, "ida")
    await join(market, "ben", now=BEFORE.add(minutes=1))
    await set_capacity(3)
    await WAITING.ask(market.round, now=BEFORE)
    assert not await due(BEFORE + HELD - HELD / 100)
    late = BEFORE + HELD
    assert await due(late)
    await WAITING.ask(market.round, now=late)
    assert await asked() == ["Ben"]
    await door.relay(now=late)
    subjects = {mail.to: mail.subject for mail in door.mailbox.mails}
    assert subjects["ida@example.org"] == "Your place on Tuesday has gone to the next one"
    assert subjects["ben@example.org"] == "A place is free: boxes on Tuesday"
    assert await due(late + KEPT), "and some time after, addresses are forgotten"
    await WAITING.ask(market.round, now=late + KEPT)
    assert await fetch("SELECT name FROM waiting WHERE outcome = 'expired'") == [("Ben",)]


async def test_both_links_lead_to_the_place_and_out_of_the_list(database: str, door: Door) -> None:
    market = await full_round()
    await join(market, "ida")
    await door.relay(now=BEFORE)
    first = door.mailbox.token()
    await set_capacity(3)
    await WAITING.ask(market.round, now=BEFORE)
    await door.relay(now=BEFORE)
    second = door.mailbox.token()
    assert first != second
    for token in (first, second):
        assert (await WAITING.by_link(token)).is_asked(BEFORE)
    assert (await WAITING.leave(first, now=BEFORE)).outcome is WaitingEnd.LEFT
    assert (await WAITING.leave(second, now=BEFORE)).outcome is WaitingEnd.LEFT
    assert not await is_full(market)
    with pytest.raises(NotFound):
        await WAITING.by_link("nobody's")


def wanted(market: Market, name: str, waiting_id: UUID | None = None) -> Wanted:
    household = HouseholdToSave(
        name, 1, 1, True, "Lindenweg 7", "Berlin", "10115", None, None, None, {}, frozenset()
    )
    return Wanted(
        merchant_id=market.merchant, plan_id=market.plan, round_id=market.round, cadence_weeks=1,
        email=f"{name}@example.org", locale="en", household=household, waiting_id=waiting_id,
    )  # fmt: skip


class Cards:
    """A provider where every card is saved at once."""

    async def create_customer(self, **_: object) -> str:
        return "cus_1"

    async def start_card_setup(self, **_: object) -> CardSetup:
        return CardSetup(f"cs_{uuid4().hex}", "https://pay.example")

    async def finished_card_setup(self, session_id: str) -> SavedCard:
        return SavedCard("cus_1", "pm_1", "visa", "4242", 12, 2034)


SUBSCRIBING = SubscribingService(cast("PaymentGateway", Cards()), "https://boxes.example")


async def begin(wish: Wanted) -> str:
    """Go to the provider's page and come back from it; returns what it is finished by."""
    begun = await SUBSCRIBING.begin(
        wish, return_path="/done", cancel_path="/review", person_id=None, now=BEFORE
    )
    return begun.setup.session_id


async def test_a_place_that_is_kept_is_for_them_alone_and_ends_their_waiting(database: str) -> None:
    market = await full_round()
    ida = await join(market, "ida")
    await set_capacity(3)
    with pytest.raises(RoundFull):
        await SUBSCRIBING.begin(
            wanted(market, "ben"), return_path="", cancel_path="", person_id=None, now=BEFORE
        )
    await WAITING.ask(market.round, now=BEFORE)
    session = await begin(wanted(market, "ida", ida.id))
    end = BEFORE + HELD
    assert not await fetch(waiting_store.DUE_TO_ASK, end - HELD / 100)
    await SUBSCRIBING.finish(session, now=BEFORE)
    assert await fetch("SELECT outcome FROM waiting") == [("joined",)]
    assert (await fetch("SELECT count(*) FROM subscription WHERE status = 'active'")) == [(3,)]


async def test_two_who_pay_at_once_do_not_both_get_the_last_place(database: str) -> None:
    market = await full_round()
    await set_capacity(3)
    sessions = [await begin(wanted(market, name)) for name in ("ida", "ben", "eva")]
    ended = await asyncio.gather(
        *(SUBSCRIBING.finish(session, now=BEFORE) for session in sessions), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in ended) == ["RoundFull", "RoundFull", "Subscribed"]
    assert (await fetch("SELECT count(*) FROM subscription WHERE status = 'active'")) == [(3,)]
    winner = next(n for n, each in enumerate(ended) if not isinstance(each, BaseException))
    again = await SUBSCRIBING.finish(sessions[winner], now=BEFORE)
    assert again.subscription_id, "loading the page again changes nothing"


async def test_one_place_is_kept_for_one_however_often_it_is_asked_at_once(database: str) -> None:
    market = await full_round()
    await join(market, "ida")
    await join(market, "ben", now=BEFORE.add(minutes=1))
    await set_capacity(3)
    n_asked = await asyncio.gather(*(WAITING.ask(market.round, now=BEFORE) for _ in range(4)))
    assert (sum(n_asked), await asked()) == (1, ["Ida"])
