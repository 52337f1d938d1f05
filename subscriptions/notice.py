"""What is said in mails: facts in, messages out; rendered in the reader's language by the service.

Each kind of notice is one small function. Say what happens, then when, then what to do.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import escape

from ripeday.kit.money import Money
from ripeday.kit.text import Message, Translator, message
from subscriptions.account import ROLE_NAMES
from subscriptions.role import Role


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a box: "4 kiwifruit", and when it is at its best ("Sat-Sun, 9 in 10")."""

    units: Message
    when: Message


@dataclass(frozen=True, slots=True)
class BoxFacts:
    """A box as a mail tells of it. `merchant` and `plan` are names in the reader's language."""

    merchant: str
    delivery_on: dt.date
    pack_on: dt.date
    next_on: dt.date
    price: Money
    card_last4: str
    decline_code: str | None
    items: tuple[Item, ...]
    page_url: str
    confirm_url: str
    household_url: str
    changes: tuple[Message, ...] = ()
    """Why the box has changed since it was proposed, the latest reason first."""


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A new subscription as a mail tells of it; the cut-off is a local day and a wall-clock time."""

    merchant: str
    plan: str
    first_on: dt.date
    cutoff_on: dt.date
    cutoff_wall: dt.time
    price: Money
    card_last4: str
    cadence_weeks: int
    page_url: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A mailed link."""

    url: str
    minutes: int


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation to work for a merchant."""

    merchant: str
    inviter: str
    role: Role
    url: str
    days: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is put into a language."""

    subject: Message
    paragraphs: tuple[Message, ...]
    sender: str
    items: tuple[Item, ...] = ()
    closing: tuple[Message, ...] = ()
    action: tuple[Message, str] | None = field(default=None)


HOUSE = "Ripeday"


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
    """Tell that a box the household had set up itself had to change, and why."""
    return Letter(
        message("Your box of {day} had to change", day=box.delivery_on),
        (
            message("Something you had chosen for it cannot come, so we planned it anew. You can still change it."),
            *box.changes[:1],
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
            message(
                "We took {amount} from the card ending in {last4}. The box is packed on {pack_day} and comes on {day}.",
                amount=box.price, last4=box.card_last4, pack_day=box.pack_on, day=box.delivery_on,
            ),
            message("This is in it:"),
        ),
        box.merchant,
        items=box.items,
        action=(message("See your box"), box.page_url),
    )  # fmt: skip


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
                amount=box.price, last4=box.card_last4,
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
    """Tell that a box has left."""
    return Letter(
        message("Your box of {day} is on its way", day=box.delivery_on),
        (
            message("It has left our packing room and comes on {day}.", day=box.delivery_on),
            message("This is in it, and when each is at its best:"),
        ),
        box.merchant,
        items=box.items,
        action=(message("See it day by day"), box.page_url),
    )


def box_delivered(box: BoxFacts) -> Letter:
    """Tell that a box has arrived, and what to eat when."""
    return Letter(
        message("Your box has arrived"),
        (
            message("Your box of {day} is at your door.", day=box.delivery_on),
            message("This is in it, and when each is at its best:"),
        ),
        box.merchant,
        items=box.items,
        closing=(message("If something is not right, tell us on the same page. We put it right."),),
        action=(message("See it day by day"), box.page_url),
    )


def subscribed(subscription: SubscriptionFacts) -> Letter:
    """Tell when the first box comes, and when money is taken."""
    s = subscription
    rhythm = message("After that a box comes every week.")
    if s.cadence_weeks > 1:
        rhythm = message("After that a box comes every {n} weeks.", n=s.cadence_weeks)
    return Letter(
        message("Your first box comes on {day}", day=s.first_on),
        (
            message("Thank you. {plan} begins on {day}.", plan=s.plan, day=s.first_on),
            rhythm,
            message(
                "The first box is yours to change until {cutoff_day}, {time}. Then we take {amount} from the card"
                " ending in {last4}. Nothing has been taken so far.",
                cutoff_day=s.cutoff_on, time=s.cutoff_wall, amount=s.price, last4=s.card_last4,
            ),
            message("Each later box is charged in the same way, only after its own cut-off."),
        ),
        s.merchant,
        action=(message("See your first box"), s.page_url),
    )  # fmt: skip


def sign_in_link(link: LinkFacts) -> Letter:
    """Carry a link to sign in with."""
    return Letter(
        message("Your link to sign in"),
        (message("This link signs you in. It works once, for {n} minutes.", n=link.minutes),),
        HOUSE,
        closing=(
            message("You did not ask for it? Then do nothing: without this mail nobody gets in."),
        ),
        action=(message("Sign in"), link.url),
    )


def reset_link(link: LinkFacts) -> Letter:
    """Carry a link to choose a new password with."""
    return Letter(
        message("Choose a new password"),
        (
            message("With this link you choose a new password. It works once, for {n} minutes.", n=link.minutes),
            message("Your password stays as it is until you do."),
        ),
        HOUSE,
        closing=(message("You did not ask for it? Then do nothing: without this mail nobody gets in."),),
        action=(message("Choose a new password"), link.url),
    )  # fmt: skip


def invite(invitation: InvitationFacts) -> Letter:
    """Invite somebody to work for a merchant."""
    i = invitation
    return Letter(
        message("{merchant} invites you to Ripeday", merchant=i.merchant),
        (
            message(
                "{inviter} of {merchant} would like to work with you here. Your role: {role}.",
                inviter=i.inviter, merchant=i.merchant, role=ROLE_NAMES[i.role],
            ),
            message("The link works once, for {n} days.", n=i.days),
        ),
        i.merchant,
        closing=(message("You do not know {merchant}? Then do nothing.", merchant=i.merchant),),
        action=(message("Accept the invitation"), i.url),
    )  # fmt: skip


BOX_NOTICES: Mapping[str, Callable[[BoxFacts], Letter]] = {
    "box_short": box_short,
    "box_changed": box_changed,
    "box_paid": box_paid,
    "card_declined": card_declined,
    "card_needs_you": card_needs_you,
    "box_shipped": box_shipped,
    "box_delivered": box_delivered,
}

LINK_NOTICES: Mapping[str, Callable[[LinkFacts], Letter]] = {
    "sign_in_link": sign_in_link,
    "reset_link": reset_link,
}


def plain_text(letter: Letter, words: Translator) -> str:
    """Return the letter as text, in the language of `words`."""
    blocks = [words.render(paragraph) for paragraph in letter.paragraphs]
    if letter.items:
        blocks.append("\n".join(f"- {_item(item, words)}" for item in letter.items))
    if letter.action:
        label, url = letter.action
        blocks.append(words.render(message("{label}: {url}", label=label, url=url)))
    blocks += [words.render(paragraph) for paragraph in letter.closing]
    return "\n\n".join([*blocks, letter.sender]) + "\n"


def html(letter: Letter, words: Translator) -> str:
    """Return the letter as HTML: one column, the reader's own font and colours."""
    parts = [_paragraph(words.render(paragraph)) for paragraph in letter.paragraphs]
    if letter.items:
        rows = "".join(f"<li>{escape(_item(item, words))}</li>" for item in letter.items)
        parts.append(f'<ul style="padding-left:20px">{rows}</ul>')
    if letter.action:
        label, url = letter.action
        parts.append(
            f'<p style="margin:24px 0"><a href="{escape(url)}"><b>{escape(words.render(label))}</b></a></p>'
        )
    parts += [_paragraph(words.render(paragraph)) for paragraph in letter.closing]
    parts.append(_paragraph(letter.sender))
    language = "zh-Hans" if words.locale == "zh" else words.locale
    title = escape(words.render(letter.subject))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
        '<body style="font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:24px auto;padding:0 16px">'
        f"{''.join(parts)}</body></html>"
    )


def _item(item: Item, words: Translator) -> str:
    return words.render(message("{units}: {when}", units=item.units, when=item.when))


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
