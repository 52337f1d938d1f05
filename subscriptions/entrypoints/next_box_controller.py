"""The next boxes of a customer, one line each, and those that came before."""

import datetime as dt
from collections.abc import Mapping

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from pendulum import DateTime

from ripening.produce import Produce
from subscriptions.adapters import box_view_store, order_store, place_store
from subscriptions.entrypoints.customer_view import load_cards, troubles_of
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.next_box_view import order_lines
from subscriptions.role import Identity

PAST_SHOWN = 8


class NextBoxController(Controller):
    """What comes when, and what may be done about it."""

    path = "/boxes"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def list_boxes(
        self,
        *,
        identity: NamedDependency[Identity],
        profiles: NamedDependency[Mapping[str, Produce]],
        now: NamedDependency[DateTime],
        before: FromQuery[dt.date | None] = None,
    ) -> Template:
        """Show the next deliveries and the boxes of the last weeks; `before` leads further back."""
        today, person = now.date(), identity.person_id
        books = [] if before else await order_store.order_books(person, now=now)
        coming = [] if before else await box_view_store.boxes_of(person, since=today)
        past = await box_view_store.boxes_before(
            person, before=before or today, limit=PAST_SHOWN + 1
        )
        places = await place_store.places_of([book.order.id for book in books])
        orders = [order_lines(book, places[book.order.id], now=now) for book in books]
        context = {
            "orders": [each for each in orders if each.lines or each.pause_until],
            "past": await load_cards(past[:PAST_SHOWN], profiles=profiles, now=now),
            "troubles": troubles_of([*coming, *past], now=now),
            "earlier": past[PAST_SHOWN - 1].delivery_on if len(past) > PAST_SHOWN else None,
            "is_earlier": before is not None,
        }
        return Template("customer/boxes.html", context=context)
