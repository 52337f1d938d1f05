"""A merchant's stops: added, changed, and no longer offered. Nobody is moved by any of it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import stop_store
from subscriptions.adapters.merchant_page import Shop
from subscriptions.adapters.stop_store import StopRow, StopTerms
from subscriptions.lifecycle import StopKind


@dataclass(frozen=True, slots=True)
class StopService:
    """Changes stops. `shop` is one the caller may touch, `actor` who does it."""

    async def add(
        self,
        shop: Shop,
        round_id: UUID,
        kind: StopKind,
        terms: StopTerms,
        *,
        actor: UUID,
        now: DateTime,
    ) -> UUID:
        """Have boxes left at a new place.

        Raises
        ------
        InvalidForm
            The round is not one of the shop's.
        """
        if round_id not in {each.id for each in await stop_store.rounds_of(shop.id)}:
            raise InvalidForm([Invalid("round", message("Choose one of the rounds."))])
        stop_id = uuid4()
        async with unit_of_work():
            await stop_store.add(stop_id, shop.id, round_id, kind, terms)
            await _note("stop_added", shop, stop_id, actor=actor, now=now)
        return stop_id

    async def change(
        self, shop: Shop, stop_id: UUID, terms: StopTerms, *, actor: UUID, now: DateTime
    ) -> None:
        """Say something else of a stop; fewer places than are taken take nobody's away.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            await own_stop(shop, stop_id)
            await stop_store.change(stop_id, terms)
            await _note("stop_changed", shop, stop_id, actor=actor, now=now)

    async def set_open(
        self, shop: Shop, stop_id: UUID, *, is_open: bool, actor: UUID, now: DateTime
    ) -> None:
        """Let a stop be chosen again, or no longer; whoever fetches boxes there goes on doing so.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            await own_stop(shop, stop_id)
            await stop_store.set_open(stop_id, is_open=is_open)
            deed = "stop_reopened" if is_open else "stop_closed"
            await _note(deed, shop, stop_id, actor=actor, now=now)


async def own_stop(shop: Shop, stop_id: UUID) -> StopRow:
    """Return one of a shop's stops.

    Raises
    ------
    NotFound
    """
    found = await stop_store.stops_of(shop.id, stop_id)
    if not found:
        raise NotFound
    return found[0]


async def _note(deed: str, shop: Shop, stop_id: UUID, *, actor: UUID, now: DateTime) -> None:
    await audit.write(
        deed, subject="stop", subject_id=stop_id, merchant_id=shop.id, actor_id=actor, now=now
    )
