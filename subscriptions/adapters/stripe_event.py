"""Reading Stripe's webhook deliveries: first the signature and its age, then the words."""

import time
from typing import Any
from uuid import UUID

import pendulum
import stripe

from subscriptions.adapters.stripe_receipt import answered_receipt
from subscriptions.ports import PaymentEvent, PaymentEventKind, WebhookRefused

TOLERANCE_S = 300
LONGEST_PAYLOAD = 256 * 1024

_SETTLING = frozenset(
    {
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.requires_action",
        "payment_intent.canceled",
    }
)
_REFUNDING = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refunded"})


def read_event(
    payload: bytes, signature: str, *, secret: str, livemode: bool, tolerance_s: int = TOLERANCE_S
) -> PaymentEvent:
    """Return the verified event in a delivery.

    Parameters
    ----------
    payload
        The body, byte for byte as it came.
    signature
        The header `Stripe-Signature`.
    secret
        Our endpoint's signing secret.
    livemode
        Whether our own key is a live one; news of the other mode is not ours.
    tolerance_s
        How old, or how far ahead, a signature may be. [s]

    Raises
    ------
    WebhookRefused
        The reason is for our log only; a stranger is told nothing.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise WebhookRefused("too long")
    try:
        event = stripe.Webhook.construct_event(payload, signature, secret, tolerance_s)
    except stripe.SignatureVerificationError as error:
        raise WebhookRefused("signature") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WebhookRefused("not an event") from error
    try:
        _refuse_foreign(event, signature, livemode=livemode, tolerance_s=tolerance_s)
        return _read(event)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WebhookRefused("an event without its parts") from error


def _refuse_foreign(
    event: stripe.Event, signature: str, *, livemode: bool, tolerance_s: int
) -> None:
    """Refuse what the library lets pass: from the future, of another mode or account."""
    signed_at = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
    # Signatures bear the provider's true time, whatever day the farm was started for.
    if signed_at > time.time() + tolerance_s:
        raise WebhookRefused("from the future")
    if event.object != "event" or event.livemode is not livemode:
        raise WebhookRefused("another mode")
    if getattr(event, "account", None):
        raise WebhookRefused("another account")


def _read(event: stripe.Event) -> PaymentEvent:
    """Return the event in our words."""
    subject: Any = event.data.object
    created_at = pendulum.from_timestamp(event.created)
    if event.type in _SETTLING:
        return _settling(event, subject)
    if event.type == "checkout.session.completed" and subject.mode == "setup":
        return PaymentEvent(
            event.id, PaymentEventKind.CARD_SAVED, event.type, created_at, session_id=subject.id
        )
    kind = PaymentEventKind.OTHER
    if event.type in _REFUNDING:
        kind = PaymentEventKind.REFUNDED
    elif event.type.startswith("charge.dispute."):
        kind = PaymentEventKind.DISPUTED
    return PaymentEvent(
        event.id, kind, event.type, created_at, intent_id=getattr(subject, "payment_intent", None)
    )


def _settling(event: stripe.Event, intent: stripe.PaymentIntent) -> PaymentEvent:
    """Return the event of a payment that came to an end, with the box it is for when it says so."""
    metadata = intent.metadata.to_dict()
    box_id, attempt = metadata.get("box_id"), metadata.get("attempt")
    return PaymentEvent(
        event.id,
        PaymentEventKind.CHARGE_SETTLED,
        event.type,
        pendulum.from_timestamp(event.created),
        intent_id=intent.id,
        box_id=UUID(box_id) if box_id else None,
        attempt=int(attempt) if attempt else None,
        receipt=answered_receipt(intent),
    )
