"""What Stripe's answers mean for a charge."""

import stripe

from subscriptions.ports import ChargeOutcome, ChargeReceipt

HARD_DECLINES = frozenset(
    {
        "card_not_supported",
        "currency_not_supported",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "invalid_number",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "no_action_taken",
        "not_permitted",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "service_not_allowed",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
"""Decline codes after which the same card must not be tried again.

From Stripe's list of decline codes, and the card networks' rules against repeating them.
"""

AUTHENTICATION = frozenset({"authentication_required", "authentication_not_handled"})

_OUTCOMES = {
    "succeeded": ChargeOutcome.SUCCEEDED,
    "processing": ChargeOutcome.PROCESSING,
    "requires_action": ChargeOutcome.NEEDS_AUTHENTICATION,
    "requires_capture": ChargeOutcome.PROCESSING,
    "canceled": ChargeOutcome.DECLINED,
    "requires_payment_method": ChargeOutcome.DECLINED,
    "requires_confirmation": ChargeOutcome.DECLINED,
}


def answered_receipt(intent: stripe.PaymentIntent) -> ChargeReceipt:
    """Return what a PaymentIntent says about the money at the moment it was read."""
    outcome = _OUTCOMES.get(intent.status, ChargeOutcome.PROCESSING)
    if outcome in {ChargeOutcome.SUCCEEDED, ChargeOutcome.PROCESSING}:
        return ChargeReceipt(outcome, intent.id)
    error = intent.last_payment_error
    code = (error.decline_code or error.code) if error is not None else None
    return _unpaid(intent.id, outcome, code or intent.status)


def card_error_receipt(error: stripe.CardError) -> ChargeReceipt:
    """Return what a 402 says: a decline, or a bank that wants to see the customer."""
    detail = error.error
    intent = detail.payment_intent if detail is not None else None
    decline_code = detail.decline_code if detail is not None else None
    return _unpaid(
        intent.id if intent is not None else None,
        ChargeOutcome.DECLINED,
        decline_code or error.code or "card_declined",
    )


def _unpaid(intent_id: str | None, outcome: ChargeOutcome, code: str) -> ChargeReceipt:
    """Return the receipt of a payment that did not happen, for the reason in `code`."""
    if code in AUTHENTICATION or outcome is ChargeOutcome.NEEDS_AUTHENTICATION:
        return ChargeReceipt(
            ChargeOutcome.NEEDS_AUTHENTICATION, intent_id, "authentication_required"
        )
    return ChargeReceipt(ChargeOutcome.DECLINED, intent_id, code, hard=code in HARD_DECLINES)
