"""Carrying news to webhook endpoints: signed, repeated until taken, and out of order on demand."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpx
from stripe import WebhookSignature

from ripeday.sandbox.books import Books

TIMEOUT_S = 15.0
LONGEST_PAUSE_S = 300.0
IDLE_S = 30.0
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one delivery went; status 0: nobody answered."""

    event: str
    type: str
    status: int


class Courier:
    """Delivers what lies in the books."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._http = httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()

    def wake(self) -> None:
        """Look at the books again: there may be news."""
        self._news.set()

    async def run(self) -> None:
        """Deliver what falls due, until cancelled."""
        try:
            while True:
                self._news.clear()
                async with self._turn:
                    await self._deliver_due()
                await self._rest()
        finally:
            await self._http.aclose()

    async def release(
        self, events: Sequence[str] | None, *, newest_first: bool = False, copies: int = 1
    ) -> list[Delivered]:
        """Deliver what waits now, one after the other, whenever it was due.

        Parameters
        ----------
        events
            Ids of events in the wished order, repeats included; None: all that wait.
        newest_first
            Turn the order round, when `events` is None.
        copies
            How many times each goes out.
        """
        async with self._turn:
            rows = self._waiting() if events is None else self._chosen(events)
            ordered = rows[::-1] if newest_first else rows
            return [await self._deliver(row) for row in ordered for _ in range(copies)]

    def drop(self, events: Iterable[str] | None) -> None:
        """Lose deliveries for good: those of `events`, or all that wait."""
        with self._books.whole():
            rows = self._waiting() if events is None else self._chosen(list(events))
            for row in rows:
                self._books.db.execute("delete from delivery where seq = ?", (row["seq"],))

    async def _deliver_due(self) -> None:
        while rows := self._books.db.execute(
            "select * from delivery where delivered_at is null and due_at <= ? order by seq "
            "limit ?",
            (time.time(), AT_ONCE),
        ).fetchall():
            await asyncio.gather(*(self._deliver(row) for row in rows))

    async def _rest(self) -> None:
        """Sleep until there is news or the next repeat falls due."""
        due_at = self._books.db.execute(
            "select min(due_at) from delivery where delivered_at is null"
        ).fetchone()[0]
        pause = IDLE_S if due_at is None else min(max(due_at - time.time(), 0.01), IDLE_S)
        try:
            async with asyncio.timeout(pause):
                await self._news.wait()
        except TimeoutError:
            return

    def _waiting(self) -> list[sqlite3.Row]:
        return self._books.db.execute(
            "select * from delivery where delivered_at is null order by seq"
        ).fetchall()

    def _chosen(self, events: Sequence[str]) -> list[sqlite3.Row]:
        found = (
            self._books.db.execute(
                "select * from delivery where event = ? order by seq limit 1", (event,)
            ).fetchone()
            for event in events
        )
        return [row for row in found if row is not None]

    async def _deliver(self, row: sqlite3.Row) -> Delivered:
        """Try one delivery; a failure is repeated with growing pauses."""
        event = self._books.find("event", row["event"])
        if event is None:
            return Delivered(row["event"], "", 0)
        status, error = await self._post(row["url"], row["secret"], json.dumps(event))
        taken = status // 100 == 2
        pause = min(2.0 ** row["tries"], LONGEST_PAUSE_S)
        now = time.time()
        with self._books.whole():
            self._books.db.execute(
                "update delivery set tries = tries + 1, last_status = ?, error = ?, "
                "delivered_at = coalesce(delivered_at, ?), due_at = ? where seq = ?",
                (status, error, now if taken else None, now + pause, row["seq"]),
            )
        return Delivered(row["event"], event["type"], status)

    async def _post(self, url: str, secret: str, payload: str) -> tuple[int, str | None]:
        """Return the status (0: no answer) and what went wrong."""
        signature = WebhookSignature.generate_signature_header(payload, secret)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            answer = await self._http.post(url, content=payload, headers=headers)
        except httpx.HTTPError as error:
            return 0, type(error).__name__
        return answer.status_code, None
