"""Mails about one box, from its proposal to the door."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ripeday.kit.money import Money
from ripeday.kit.text import Message, marked, message
from subscriptions.cutoff_wording import CutoffWords
from subscriptions.notice.letter import Item, Letter
from subscriptions.place import Door, Place
from subscriptions.place_prospect import whereto_words


@dataclass(frozen=True, slots=True)
class BoxFacts:
    """A box as a mail tells of it. `merchant` and `plan` are names in the reader's language."""

    merchant: str
    delivery_on: dt.date
    pack_on: dt.date
    next_on: dt.date
    price: Money
    credit: Money
    """What of the price the household's account pays; the card pays the rest."""
    card_last4: str
    decline_code: str | None
    items: tuple[Item, ...]
    page_url: str
    confirm_url: str
    household_url: str
    cutoff: CutoffWords
    tracking: str | None = None
    """What the carrier calls the parcel: a number, or the address of its page."""
    changes: tuple[Message, ...] = ()
    """Why the box has changed since it was proposed, the latest reason first."""
    given_to: str | None = None
    """The food bank that gets it instead of its household."""
    elsewhere: Place | None = None
    """Where it goes, when that is not the household's own door."""

    @property
    def whereto(self) -> tuple[Message, ...]:
        """Say where it goes; nothing of one's own door."""
        return () if self.elsewhere is None else (whereto_words(self.elsewhere),)

    @property
    def charge(self) -> Money:
        """Return what the card pays."""
        return self.price - self.credit

    @property
    def tracking_url(self) -> str | None:
        """Return the carrier's page of the parcel, when that is what we were given."""
        is_page = self.tracking and self.tracking.startswith("https://") and self.tracking.isascii()
        return self.tracking if is_page and not any(map(str.isspace, self.tracking or "")) else None


def box_preview(box: BoxFacts) -> Letter:
    """Tell what is planned for a box, days before its cut-off."""
    return Letter(
        message("Your box of {day} is planned", day=box.delivery_on),
        (box.cutoff.said, *box.whereto, message("This is what we have in mind for you:")),
        box.merchant,
        items=box.items,
        closing=(message("If you like it as it is, there is nothing to do."),),
        action=(message("Look at it, or change it"), box.page_url),
    )


def box_reminder(box: BoxFacts) -> Letter:
    """Tell that a box is about to close, and what is in it."""
    return Letter(
        message(
            "Box of {day}: yours to change until {when}", day=box.delivery_on, when=box.cutoff.when
        ),
        (message("This is in it now:"),),
        box.merchant,
        items=box.items,
        closing=(
            message("If you like it as it is, there is nothing to do."),
            _to_be_taken(box),
        ),
        action=(message("Look at it, or change it"), box.page_url),
    )


def _to_be_taken(box: BoxFacts) -> Message:
    """Say what is taken after the cut-off, from the household's account and from the card."""
    return _by_card_or_account(
        box,
        card=marked("After that we take {amount} from the card ending in {last4}."),
        both=marked(
            "After that we take {credit} from your account and {amount} from the card ending in {last4}."
        ),
        account=marked("After that we take {credit} from your account, and nothing from the card."),
    )


def _taken(box: BoxFacts) -> Message:
    """Say what was taken from the household's account and from the card."""
    return _by_card_or_account(
        box,
        card=marked("We took {amount} from the card ending in {last4}."),
        both=marked(
            "We took {credit} from your account and {amount} from the card ending in {last4}."
        ),
        account=marked("We took {credit} from your account, and nothing from the card."),
    )


def _by_card_or_account(box: BoxFacts, *, card: str, both: str, account: str) -> Message:
    said = card if not box.credit.minor else both if box.charge.minor else account
    return message(said, credit=box.credit, amount=box.charge, last4=box.card_last4)


def box_short(box: BoxFacts) -> Letter:
    """Tell that a box cannot come, for want of stock."""
    return Letter(
        message("Your box of {day} cannot come", day=box.delivery_on),
        (
            message(
                "We promised more than we have, and there is not enough left for your box of {day}."
                " That was our mistake, and we are sorry.",
                day=box.delivery_on,
            ),
            message("You pay nothing for it. Your next box comes on {day}.", day=box.next_on),
        ),
        box.merchant,
        action=(message("See your next boxes"), box.page_url),
    )


def box_changed(box: BoxFacts) -> Letter:
    """Tell that a box had to change, and why: to whoever had set it up, or wants to be asked."""
    return Letter(
        message("Your box of {day} had to change", day=box.delivery_on),
        (
            message("Something that was in it cannot come, so we planned it anew. You can still change it."),
            *box.changes[:1],
            message("This is in it now:"),
        ),
        box.merchant,
        items=box.items,
        action=(message("See your box"), box.page_url),
    )  # fmt: skip


def box_left_out(box: BoxFacts) -> Letter:
    """Tell that something was left out of a box whose household wants no substitutes, and what it costs now."""
    return Letter(
        message("Something is missing from your box of {day}", day=box.delivery_on),
        (
            *box.changes[:1],
            message(
                "We put nothing else in its place, as you chose, and took it off the price: the box costs {price} now."
                " You can still change it.",
                price=box.price,
            ),
            message("This is in it now:"),
        ),
        box.merchant,
        items=box.items,
        action=(message("See your box"), box.page_url),
    )  # fmt: skip


def box_paid(box: BoxFacts) -> Letter:
    """Tell that a box is paid and will be packed."""
    return Letter(
        message("Your box of {day} is paid", day=box.delivery_on),
        (
            _taken(box),
            message(
                "The box is packed on {pack_day} and comes on {day}.",
                pack_day=box.pack_on,
                day=box.delivery_on,
            ),
            message("This is in it:"),
        ),
        box.merchant,
        items=box.items,
        action=(message("See your box"), box.page_url),
    )


def card_declined(box: BoxFacts) -> Letter:
    """Tell that the bank did not pay, so that the box stays."""
    why = message("The bank did not take the card ending in {last4}.", last4=box.card_last4)
    if box.decline_code == "authentication_missed":
        why = message("The bank waited for your yes, and packing had to begin without it.")
    return Letter(
        message("Your box of {day} was not paid and stays here", day=box.delivery_on),
        (
            why,
            message("So we did not pack the box of {day}. You pay nothing for it.", day=box.delivery_on),
            message(
                "Your next box comes on {day}. Please look at your card before then, or ask your bank what it needs.",
                day=box.next_on,
            ),
        ),
        box.merchant,
        action=(message("Look at your card"), box.household_url),
    )  # fmt: skip


def card_needs_you(box: BoxFacts) -> Letter:
    """Ask the customer to answer their bank."""
    return Letter(
        message("Your bank asks for your yes: box of {day}", day=box.delivery_on),
        (
            message(
                "Your bank wants you to confirm {amount} from the card ending in {last4}.",
                amount=box.charge, last4=box.card_last4,
            ),
            message(
                "Your box is kept until we pack on {pack_day}. Confirm before then and it comes on {day}.",
                pack_day=box.pack_on, day=box.delivery_on,
            ),
        ),
        box.merchant,
        action=(message("Confirm with your bank"), box.confirm_url),
    )  # fmt: skip


def box_shipped(box: BoxFacts) -> Letter:
    """Tell that a box has left, and where the carrier shows it."""
    number: tuple[Message, ...] = ()
    if box.tracking and box.tracking_url is None:
        number = (message("The carrier knows it as {number}.", number=box.tracking),)
    url = box.tracking_url
    return Letter(
        message("Your box of {day} is on its way", day=box.delivery_on),
        (
            message("It has left our packing room and comes on {day}.", day=box.delivery_on),
            *box.whereto,
            *number,
            message("This is in it, and when each is at its best:"),
        ),
        box.merchant,
        items=box.items,
        action=(message("See where it is"), box.page_url),
        tracking=(message("Follow it with the carrier"), url) if url else None,
    )


def box_delivered(box: BoxFacts) -> Letter:
    """Tell that a box has arrived, and what to eat when."""
    return Letter(
        message("Your box has arrived"),
        (
            _arrived(box),
            message("This is in it, and when each is at its best:"),
        ),
        box.merchant,
        items=box.items,
        closing=(message("If something is not right, tell us on the same page. We put it right."),),
        action=(message("See it day by day"), box.page_url),
    )


def gift_reminder(box: BoxFacts) -> Letter:
    """Tell that a box that is given away is about to close."""
    return Letter(
        message("You give your box of {day} away: yours to take back until {when}", day=box.delivery_on,
                when=box.cutoff.when),
        (
            message("It goes to {name}.", name=box.given_to),
            message("If that is right, there is nothing to do."),
            _to_be_taken(box),
        ),
        box.merchant,
        action=(message("Look at it, or take it back"), box.page_url),
    )  # fmt: skip


def gift_paid(box: BoxFacts) -> Letter:
    """Tell that a box that is given away is paid and will be packed."""
    return Letter(
        message("Your box of {day} is paid, and given away", day=box.delivery_on),
        (
            _taken(box),
            message(
                "The box is packed on {pack_day} and goes to {name} on {day}. Thank you.",
                pack_day=box.pack_on, name=box.given_to, day=box.delivery_on,
            ),
        ),
        box.merchant,
        action=(message("See the box"), box.page_url),
    )  # fmt: skip


def gift_delivered(box: BoxFacts) -> Letter:
    """Thank for a box that has arrived at a food bank."""
    return Letter(
        message("Thank you: your box has arrived at {name}", name=box.given_to),
        (
            message(
                "Your box of {day} is there, and is given to people who need it.",
                day=box.delivery_on,
            ),
        ),
        box.merchant,
        action=(message("See the box"), box.page_url),
    )


def gift_needs_you(box: BoxFacts) -> Letter:
    """Ask the customer to answer their bank for a box that is given away."""
    return Letter(
        message("Your bank asks for your yes: box of {day}", day=box.delivery_on),
        (
            message(
                "Your bank wants you to confirm {amount} from the card ending in {last4}.",
                amount=box.charge, last4=box.card_last4,
            ),
            message(
                "The box that you give away is kept until we pack on {pack_day}. Confirm before then and it goes to"
                " {name} on {day}.",
                pack_day=box.pack_on, name=box.given_to, day=box.delivery_on,
            ),
        ),
        box.merchant,
        action=(message("Confirm with your bank"), box.confirm_url),
    )  # fmt: skip


def _arrived(box: BoxFacts) -> Message:
    match box.elsewhere:
        case None:
            return message("Your box of {day} is at your door.", day=box.delivery_on)
        case Door() as door:
            return message(
                "Your box of {day} has been brought to {address}.",
                day=box.delivery_on, address=door.words,
            )  # fmt: skip
        case stop:
            return message(
                "Your box of {day} is at {stop}. Fetch it there: {hours}.",
                day=box.delivery_on, stop=stop.named, hours=stop.open_hours,
            )  # fmt: skip


BOX_NOTICES: Mapping[str, Callable[[BoxFacts], Letter]] = {
    "box_preview": box_preview,
    "box_reminder": box_reminder,
    "box_short": box_short,
    "box_changed": box_changed,
    "box_left_out": box_left_out,
    "box_paid": box_paid,
    "card_declined": card_declined,
    "card_needs_you": card_needs_you,
    "box_shipped": box_shipped,
    "box_delivered": box_delivered,
}

GIFT_NOTICES: Mapping[str, Callable[[BoxFacts], Letter]] = {
    "box_reminder": gift_reminder,
    "box_short": box_short,
    "box_paid": gift_paid,
    "card_declined": card_declined,
    "card_needs_you": gift_needs_you,
    "box_delivered": gift_delivered,
}
"""What is told of a box that is given away; of all else its household has nothing."""

WHILE_OPEN = frozenset({"box_preview", "box_reminder"})
"""These are told only while the box can still be changed."""
