"""Writes to those who wait for a place. The secret of a link is made here and kept nowhere but in the mail."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripening.reading import weekday_name_words
from subscriptions.adapters import waiting_store
from subscriptions.adapters.notice_store import Reader
from subscriptions.notice.letter import Letter
from subscriptions.notice.waiting import (
    WaitingFacts,
    waiting_asked,
    waiting_expired,
    waiting_joined,
)
from subscriptions.services.notice_desk import Desk, Writer, named
from subscriptions.waiting import Waiter, WaitingEnd

_NOBODY = UUID(int=0)
_MONDAY = dt.date(2027, 1, 4)


async def _joined(
    desk: Desk, payload: Mapping[str, Any], _: DateTime
) -> tuple[Reader, Letter] | None:
    waiter = await waiting_store.waiter(UUID(payload["waiting"]))
    if waiter is None or waiter.outcome is not None:
        return None
    token = await waiting_store.renew_link(waiter.id, asks=False)
    return _told(waiter, desk.url(f"/waiting?token={token}"), waiting_joined)


async def _asked(
    desk: Desk, payload: Mapping[str, Any], now: DateTime
) -> tuple[Reader, Letter] | None:
    waiter = await waiting_store.waiter(UUID(payload["waiting"]))
    if waiter is None or not waiter.is_asked(now):
        return None
    token = await waiting_store.renew_link(waiter.id, asks=True)
    return _told(waiter, desk.url(f"/waiting?token={token}"), waiting_asked)


async def _expired(
    desk: Desk, payload: Mapping[str, Any], _: DateTime
) -> tuple[Reader, Letter] | None:
    waiter = await waiting_store.waiter(UUID(payload["waiting"]))
    if waiter is None or waiter.outcome is not WaitingEnd.EXPIRED:
        return None
    url = desk.url(f"/m/{waiter.slug}/waiting/{waiter.round_id}")
    return _told(waiter, url, waiting_expired)


def _told(
    waiter: Waiter, url: str, letter: Callable[[WaitingFacts], Letter]
) -> tuple[Reader, Letter]:
    reader, until = Reader(_NOBODY, waiter.email, waiter.locale), waiter.held_until
    local = None if until is None else until.in_timezone(waiter.timezone)
    facts = WaitingFacts(
        merchant=named(reader, waiter.merchant_name, waiter.merchant_name_zh),
        weekday=weekday_name_words(_MONDAY + dt.timedelta(days=waiter.weekday)),
        place=waiter.place,
        until=None if local is None else (local.date(), local.time()),
        url=url,
    )
    return reader, letter(facts)


WRITERS: Mapping[str, Writer] = {
    "waiting_joined": _joined,
    "waiting_asked": _asked,
    "waiting_expired": _expired,
}
