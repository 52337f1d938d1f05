"""Having boxes come in another rhythm: said first, then done, from the first delivery that may still change on."""

from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.adapters import rhythm_store
from subscriptions.order import OrderBook
from subscriptions.receipt import Deed, Done, Receipt
from subscriptions.rhythm import rhythms_of
from subscriptions.rhythm_change import RhythmChange, rhythm_change
from subscriptions.rhythm_prospect import RhythmProspect, rhythm_prospect
from subscriptions.services.ordering import Replanning, held_book, order_book
from subscriptions.services.planning import PlanningService
from subscriptions.services.receipts import write_receipt


@dataclass(frozen=True, slots=True)
class RhythmService:
    """Changes rhythms; the change, its receipt, and the boxes that go, come or last longer are one transaction."""

    planning: PlanningService

    async def choices(
        self, person_id: UUID, subscription_id: UUID, *, now: DateTime
    ) -> tuple[OrderBook, tuple[int, ...]]:
        """Return an order and every how many weeks its box may come.

        Raises
        ------
        NotFound
        """
        book = await order_book(person_id, subscription_id, now=now)
        terms = await rhythm_store.plan_terms(book.order.id)
        return book, rhythms_of(terms.weeks)

    async def foresee(
        self, person_id: UUID, subscription_id: UUID, weeks: int, *, now: DateTime
    ) -> RhythmProspect:
        """Say what a box every `weeks` weeks would do; changes nothing.

        Raises
        ------
        NotFound, Invalid, NotRunning, BoxesTogether
        """
        book = await order_book(person_id, subscription_id, now=now)
        terms = await rhythm_store.plan_terms(book.order.id)
        return rhythm_prospect(rhythm_change(book, weeks, terms, now=now), now=now)

    async def change(
        self, person_id: UUID, subscription_id: UUID, weeks: int, *, now: DateTime
    ) -> Receipt | None:
        """Have a box come every `weeks` weeks from now on.

        Returns the receipt; None when it does so already, which changes nothing.

        Raises
        ------
        NotFound, Invalid, NotRunning, BoxesTogether, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            if weeks == book.order.cadence_weeks:
                return None
            terms = await rhythm_store.plan_terms(book.order.id)
            change = rhythm_change(book, weeks, terms, now=now)
            on = change.first.delivery_on
            await rhythm_store.set_rhythm(book.order.id, weeks, first_on=on)
            replanning = Replanning(self.planning)
            await replanning.drop(book, change.gone)
            n_boxes = await replanning.plan_on(book, change.to_plan, now=now)
            return await write_receipt(
                book.order.id, book.order.merchant_id, _done(change, now=now), actor_id=person_id,
                n_boxes=n_boxes, now=now,
            )  # fmt: skip


def _done(change: RhythmChange, *, now: DateTime) -> Done:
    price = change.after.order.price
    return Done(
        deed=Deed.RHYTHM_CHANGED,
        asked_at=now,
        effect_minor=price.minor,
        currency=price.currency,
        delivery_on=change.first.delivery_on,
        next_on=change.next_on,
        cutoff_at=change.before.cutoff_of(change.first),
    )
