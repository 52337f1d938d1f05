"""Where a box goes, as its own page shows it."""

from dataclasses import dataclass

from pendulum import DateTime

from ripeday.kit.text import Message, Named
from subscriptions.adapters import place_store
from subscriptions.box_state import BoxState
from subscriptions.entrypoints.customer_view import BoxCard
from subscriptions.place import StopPlace


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place in words; a stop has hours, and for who fetches there how to get in. `href` leads to another one."""

    words: Message
    hours: Named | None
    access_note: str | None
    href: str | None


async def place_view(card: BoxCard, *, now: DateTime) -> PlaceView | None:
    """Return where a box goes that comes to its household; None where it does not come."""
    box = card.box
    if box.is_given or not card.state.is_coming:
        return None
    places = (await place_store.places_of([box.subscription_id]))[box.subscription_id]
    there = places.on(box.delivery_on)
    if there is None:
        return None
    stop = there if isinstance(there, StopPlace) else None
    may_change = card.state is BoxState.OPEN and now < box.cutoff_at
    return PlaceView(
        there.words,
        stop.open_hours if stop else None,
        stop.access_note if stop else None,
        f"/subscriptions/{box.subscription_id}/places/{box.delivery_on}" if may_change else None,
    )
