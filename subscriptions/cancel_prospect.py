"""What cancelling does, said before it is done, and where it stands once it was asked for. Pure."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from ripening.reading import day_words
from subscriptions.cancelling import ending
from subscriptions.donation_prospect import gifts_kept_words
from subscriptions.lifecycle import SubscriptionStatus
from subscriptions.order import Order, OrderBook


@dataclass(frozen=True, slots=True)
class CancelProspect:
    """An order and what cancelling it does; `stage` is running, ending (it may be taken back) or ended."""

    subscription_id: UUID
    order: Order
    stage: str
    points: tuple[Message, ...]
    can_pause: bool


def cancel_prospect(book: OrderBook, *, left: Money, now: DateTime) -> CancelProspect:
    """Say what cancelling does now, or did; `left` is what the household has on its account."""
    end, order = ending(book, now=now), book.order
    stage = "running" if order.ends_on is None else "ending"
    if order.status is SubscriptionStatus.CANCELLED:
        stage = "ended"
    points = [
        _coming(tuple(on for on in end.coming if on not in book.gifts)),
        *gifts_kept_words(book, end.coming),
        message("From {day} on no box comes, and nothing is charged.", day=day_words(end.ends_on)),
        *_money(book, end.coming, end.closed),
    ]
    if stage == "running" and order.trial is not None:
        points.append(
            message("You are in your trial: there is no notice, and every box that is still open goes.")
        )  # fmt: skip
    if left.minor > 0:
        points.append(message("{amount} is on your account. It stays yours.", amount=left))
    if stage == "running":
        points.append(message("Your receipts stay, and you can subscribe again at any time."))
    can_pause = order.status is SubscriptionStatus.ACTIVE and book.pause is None
    return CancelProspect(order.id, order, stage, tuple(points), can_pause)


def _coming(days: tuple[dt.date, ...]) -> Message:
    """Say which boxes still come."""
    if not days:
        return message("No more box comes.")
    if len(days) == 1:
        return message("The box of {day} still comes, and is the last.", day=day_words(days[0]))
    return message("Boxes still come up to {day}, which is the last.", day=day_words(days[-1]))


def _money(
    book: OrderBook, coming: tuple[dt.date, ...], closed: tuple[dt.date, ...]
) -> list[Message]:
    """Say what is refunded: each box is paid by itself after its cut-off, so nothing is ever paid ahead."""
    nothing = Money(0, book.order.price.currency)
    points = [
        message("Refund: {amount}. No box is ever paid ahead of its cut-off.", amount=nothing)
    ]
    still_paid = [on for on in coming if on not in closed]
    if still_paid:
        total = sum((book.price_on(on) for on in still_paid), nothing)
        points.append(message("What still comes is charged as usual, {total} in all.", total=total))
    return points
