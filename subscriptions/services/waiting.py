"""Waiting for a place on a full round: joining the list, being asked, taking the place, leaving."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from subscriptions.adapters import waiting_store
from subscriptions.adapters.waiting_store import Wish
from subscriptions.waiting import Waiter, WaitingEnd

log = structlog.get_logger("subscriptions.waiting")


@dataclass(frozen=True, slots=True)
class WaitingService:
    """Keeps the lists: whoever joined first is asked first, and has a place kept for two days."""

    async def join(self, wish: Wish, *, now: DateTime) -> None:
        """Put somebody on a round's list and write to them; whoever is on it stays where they are.

        They are written to once a day at most.
        """
        async with unit_of_work():
            waiting_id = await waiting_store.join(wish, now=now)
            payload = {"kind": "waiting_joined", "waiting": str(waiting_id)}
            key = f"waiting:{waiting_id}:joined:{now.date().isoformat()}"
            await outbox.put("notice", payload, dedupe_key=key, now=now)
        log.info("waiting_joined", round=str(wish.round_id))

    async def by_link(self, token: str) -> Waiter:
        """Return whose link it is.

        Raises
        ------
        NotFound
        """
        found = await waiting_store.waiter_by_link(token)
        if found is None:
            raise NotFound
        return found

    async def leave(self, token: str, *, now: DateTime) -> Waiter:
        """Take somebody off the list by their link; doing it again changes nothing.

        Raises
        ------
        NotFound
        """
        waiter = await self.by_link(token)
        async with unit_of_work():
            await waiting_store.hold_round(waiter.round_id)
            if await waiting_store.end(waiter.id, WaitingEnd.LEFT, now=now):
                log.info("waiting_left", round=str(waiter.round_id))
        return await self.by_link(token)

    async def ask(self, round_id: UUID, *, now: DateTime) -> int:
        """Ask as many as a round has room for, after those who did not come; returns how many.

        Running it again changes nothing.
        """
        async with unit_of_work():
            await waiting_store.hold_round(round_id)
            await waiting_store.forget(round_id, now=now)
            late = await waiting_store.expire(round_id, now=now)
            asked = await waiting_store.ask(round_id, now=now)
            told = {"waiting_expired": late, "waiting_asked": asked}
            for kind, ids in told.items():
                await outbox.put_many(
                    "notice",
                    {
                        f"waiting:{each}:{kind}": {"kind": kind, "waiting": str(each)}
                        for each in ids
                    },
                    now=now,
                )
        log.info("waiting_asked", round=str(round_id), asked=len(asked), expired=len(late))
        return len(asked)
