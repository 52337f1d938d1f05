"""What the subscriptions package asks of a payment provider and of a mail server.

Adapters fulfil these protocols; services and tests know nothing else of Stripe or SMTP.

A charge has four ends that are told by a `ChargeReceipt` (the provider answered), and one that is
raised, `PaymentUnavailable` (no answer, or one that says nothing about the money). After the latter
the truth is unknown: ask with `find_charge`, or repeat the same charge under the same key.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.errors import Invalid, Refused, Unavailable
from ripeday.kit.money import Money
from ripeday.kit.text import Message, message

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\.]+")


class PaymentUnavailable(Unavailable):
    """No answer that settles anything: time-out, 5xx, 429, 409, connection trouble.

    `cause` is for the log: the kind of trouble in the provider's words, without any secret.
    """

    code = "payment_unavailable"

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(message("The bank's answer is not known yet. We will ask again."))


class PaymentRefused(Refused):
    """The provider will never do this (refund more than was paid; a customer unknown to it)."""

    code = "payment_refused"

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(message("The payment provider refused this."))


class WebhookRefused(Refused):
    """A delivery that is not a fresh event signed for us; nothing of it may be stored."""

    code = "webhook_refused"

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(message("This is not a delivery for us."))


class MailUnavailable(Unavailable):
    """The mail server cannot be reached or asks to try later.

    `may_have_left`: it fell silent after it had been given the mail, which may lie in the mailbox all the same.
    """

    code = "mail_unavailable"

    def __init__(self, cause: str, *, may_have_left: bool = False) -> None:
        self.cause = cause
        self.may_have_left = may_have_left
        super().__init__(message("The mail could not be sent yet. We will try again."))


class MailRefused(Refused):
    """The mail server will never take this mail (no such mailbox, for instance)."""

    code = "mail_refused"

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(message("The mail server refused this mail."))


class ChargeOutcome(StrEnum):
    """How the provider answered a charge."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    NEEDS_AUTHENTICATION = "needs_authentication"
    PROCESSING = "processing"


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """One attempt to take the money for one box from a saved card.

    `merchant` is the merchant's id, kept in the provider's books beside box and attempt.
    """

    box_id: UUID
    attempt: int
    amount: Money
    customer: str
    payment_method: str
    description: str
    merchant: str

    @property
    def idempotency_key(self) -> str:
        """Return the key under which a repeat of this attempt is the same charge."""
        return f"box:{self.box_id}:charge:{self.attempt}"


@dataclass(frozen=True, slots=True)
class ChargeReceipt:
    """What the provider said about one attempt.

    `decline_code` is the provider's word (`insufficient_funds`, …) when declined or when the bank
    asks for the customer; `hard` means that this card must not be tried again. `intent_id` is
    missing only when the provider refused to open a payment at all (a card it no longer knows).
    """

    outcome: ChargeOutcome
    intent_id: str | None
    decline_code: str | None = None
    hard: bool = False


@dataclass(frozen=True, slots=True)
class CardSetup:
    """A page of the provider on which the customer enters a card; send the browser to `url`."""

    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card kept by the provider; we know only what may be shown to its owner."""

    customer: str
    payment_method: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True, slots=True)
class OnSessionPayment:
    """A payment with the customer present: settled, or `url` is the bank's page to send them to."""

    receipt: ChargeReceipt
    url: str | None


class RefundState(StrEnum):
    """How far money is on its way back."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundReceipt:
    """Money given back for one intent."""

    refund_id: str
    intent_id: str
    amount: Money
    state: RefundState


class PaymentEventKind(StrEnum):
    """The provider's news that we act upon; everything else is `other`."""

    CHARGE_SETTLED = "charge_settled"
    CARD_SAVED = "card_saved"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One verified piece of news from the provider; `event_id` is the same in each repeat of it.

    `box_id` and `attempt` come from the payment's metadata and are missing where it has none;
    `receipt` is set for `charge_settled`, `session_id` for `card_saved`.
    News may come twice, late and in any order: `receipt` tells the state at `created_at`.
    """

    event_id: str
    kind: PaymentEventKind
    provider_type: str
    created_at: DateTime
    intent_id: str | None = None
    box_id: UUID | None = None
    attempt: int | None = None
    receipt: ChargeReceipt | None = None
    session_id: str | None = None


class PaymentGateway(Protocol):
    """Takes and returns money. Every method may raise `PaymentUnavailable`."""

    async def create_customer(
        self, *, email: str, name: str, locale: str, reference: str, idempotency_key: str
    ) -> str:
        """Make the provider's record of a subscriber, return its id; `reference` is our own id."""
        ...

    async def start_card_setup(
        self, *, customer: str, success_url: str, cancel_url: str, locale: str, reference: str
    ) -> CardSetup:
        """Open a page on which the customer saves a card for later charges in their absence.

        `{CHECKOUT_SESSION_ID}` in `success_url` is replaced by the session's id on return.
        """
        ...

    async def finished_card_setup(self, session_id: str) -> SavedCard | None:
        """Return the card saved on that page, or None while it is not finished.

        Raises
        ------
        PaymentRefused
            When the provider does not know the session.
        """
        ...

    async def charge(self, request: ChargeRequest, *, idempotency_key: str) -> ChargeReceipt:
        """Take the money with the customer absent; the same key never takes it twice.

        Raises
        ------
        PaymentUnavailable
            The outcome is unknown. Keys are forgotten after 24 h: past that, `find_charge` first.
        """
        ...

    async def find_charge(
        self, box_id: UUID, attempt: int, *, customer: str, intent_id: str | None = None
    ) -> ChargeReceipt | None:
        """Look up an attempt of unknown outcome, by its intent or among the customer's payments.

        None means that the provider has no such payment now; one still on its way may yet arrive,
        so either repeat the attempt under its key (within 24 h) or wait that long.
        """
        ...

    async def pay_on_session(
        self, intent_id: str, *, payment_method: str, return_url: str, idempotency_key: str
    ) -> OnSessionPayment:
        """Try an unpaid attempt again with the customer present, who can satisfy their bank.

        Raises
        ------
        PaymentRefused
            When the intent is already paid or cancelled, or unknown.
        """
        ...

    async def void(self, intent_id: str, *, idempotency_key: str) -> None:
        """Close an unpaid attempt, so that nobody can pay it any more (the box was given up).

        Raises
        ------
        PaymentRefused
            When it is already paid.
        """
        ...

    async def refund(
        self, intent_id: str, *, amount: Money, reason: str, idempotency_key: str
    ) -> RefundReceipt:
        """Give back a part or all of a payment; `reason` is our own word, kept in their books.

        Raises
        ------
        PaymentRefused
            When more would be given back than was paid.
        """
        ...

    def read_event(self, payload: bytes, signature: str) -> PaymentEvent:
        """Verify a webhook delivery, then read it.

        Raises
        ------
        WebhookRefused
            When it is not signed for us, too old, from the future, too long, or of another mode.
        """
        ...


def single_line(field_: str, value: str) -> str:
    """Return `value` when it is one line of text; a mail's header can hold nothing else.

    Raises
    ------
    Invalid
        When it has a line break or another control character.
    """
    if _CONTROL.search(value):
        raise Invalid(field_, _ONE_LINE)
    return value


_ONE_LINE: Message = message("Write this in one line.")
_ONE_ADDRESS: Message = message("Enter one e-mail address, like anna@example.org.")


def one_address(field_: str, value: str) -> str:
    """Return `value` when it is exactly one e-mail address.

    Raises
    ------
    Invalid
    """
    if not _ADDRESS.fullmatch(value) or _CONTROL.search(value) or len(value) > 254:
        raise Invalid(field_, _ONE_ADDRESS)
    return value


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person.

    `message_id` stands without angle brackets; the same mail sent twice has the same one.

    Raises
    ------
    Invalid
        When the address is not exactly one, or a header would need a second line.
    """

    to: str
    subject: str
    text: str
    message_id: str
    html: str | None = None
    unsubscribe_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        one_address("to", self.to)
        single_line("subject", self.subject)
        single_line("message_id", self.message_id)
        single_line("unsubscribe_url", self.unsubscribe_url or "")
        for name, value in self.headers.items():
            single_line("headers", name + value)


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, mail: Mail) -> None:
        """Hand one mail to the mail server.

        Raises
        ------
        MailUnavailable
            Try later; the mail may or may not have left, its `message_id` tells a repeat.
        MailRefused
            Never try this one again.
        """
        ...
