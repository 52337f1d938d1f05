"""The payment gateway on Stripe, or on the local sandbox, which speaks the same language."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast
from uuid import UUID

import httpx
import stripe

from ripeday.kit.money import Money
from subscriptions.adapters.stripe_event import read_event
from subscriptions.adapters.stripe_receipt import answered_receipt, card_error_receipt
from subscriptions.ports import (
    CardSetup,
    ChargeOutcome,
    ChargeReceipt,
    ChargeRequest,
    OnSessionPayment,
    PaymentEvent,
    PaymentRefused,
    PaymentUnavailable,
    RefundReceipt,
    RefundState,
    SavedCard,
)

# One repeat (same key) inside a call: two times 10 s and the pause stay below a job's 30 s.
TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 3.0
NETWORK_RETRIES = 1
PAGE = 100

_REFUND_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}


class StripeGateway:
    """Fulfils `subscriptions.ports.PaymentGateway` with stripe-python as it comes.

    Parameters
    ----------
    api_key
        A secret key (`sk_…`, or restricted `rk_…`).
    webhook_secret
        The signing secret of our webhook endpoint (`whsec_…`).
    api_base
        Another server that speaks the same API (the sandbox); None for Stripe itself.
    network_retries
        Repeats inside one call, all under one idempotency key.
    """

    def __init__(
        self,
        api_key: str,
        *,
        webhook_secret: str,
        api_base: str | None = None,
        timeout_s: float = TIMEOUT_S,
        network_retries: int = NETWORK_RETRIES,
    ) -> None:
        timeout = httpx.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))
        self._http = stripe.HTTPXClient(timeout=timeout)
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base} if api_base else {},
            max_network_retries=network_retries,
            http_client=self._http,
        )
        self._webhook_secret = webhook_secret
        self._livemode = "_live_" in api_key[:8]

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def create_customer(
        self, *, email: str, name: str, locale: str, reference: str, idempotency_key: str
    ) -> str:
        """Make Stripe's record of a subscriber; see the port."""
        async with _translated():
            customer = await self._client.v1.customers.create_async(
                {
                    "email": email,
                    "name": name,
                    "preferred_locales": [locale],
                    "metadata": {"subscriber": reference},
                },
                {"idempotency_key": idempotency_key},
            )
        return customer.id

    async def start_card_setup(
        self, *, customer: str, success_url: str, cancel_url: str, locale: str, reference: str
    ) -> CardSetup:
        """Open a Checkout page in setup mode; see the port.

        Without an idempotency key on purpose: a second page harms nobody, a stale one is useless.
        """
        async with _translated():
            session = await self._client.v1.checkout.sessions.create_async(
                {
                    "mode": "setup",
                    "customer": customer,
                    "allowed_payment_method_types": ["card"],
                    "success_url": success_url,
                    "cancel_url": cancel_url,
                    "locale": "zh" if locale == "zh" else "en",
                    "client_reference_id": reference,
                    "setup_intent_data": {"metadata": {"reference": reference}},
                }
            )
        return CardSetup(session.id, cast("str", session.url))

    async def finished_card_setup(self, session_id: str) -> SavedCard | None:
        """Return the card saved on that page, or None while it is not finished."""
        async with _translated():
            session = await self._client.v1.checkout.sessions.retrieve_async(
                session_id, {"expand": ["setup_intent.payment_method"]}
            )
        intent = session.setup_intent
        if not isinstance(intent, stripe.SetupIntent) or intent.status != "succeeded":
            return None
        method = intent.payment_method
        if not isinstance(method, stripe.PaymentMethod) or method.card is None:
            return None
        card = method.card
        return SavedCard(
            customer=cast("str", session.customer),
            payment_method=method.id,
            brand=card.brand,
            last4=card.last4,
            exp_month=card.exp_month,
            exp_year=card.exp_year,
        )

    async def charge(self, request: ChargeRequest, *, idempotency_key: str) -> ChargeReceipt:
        """Open and confirm one PaymentIntent for one attempt; see the port."""
        try:
            async with _translated():
                intent = await self._client.v1.payment_intents.create_async(
                    {
                        "amount": request.amount.minor,
                        "currency": request.amount.currency.lower(),
                        "customer": request.customer,
                        "payment_method": request.payment_method,
                        "allowed_payment_method_types": ["card"],
                        "off_session": True,
                        "confirm": True,
                        "description": request.description,
                        "metadata": {
                            "box_id": str(request.box_id),
                            "attempt": str(request.attempt),
                            "merchant": request.merchant,
                        },
                    },
                    {"idempotency_key": idempotency_key},
                )
        except stripe.CardError as error:
            return card_error_receipt(error)
        except PaymentRefused as refused:
            # No payment was opened: the card is gone, or cannot carry this amount.
            return ChargeReceipt(ChargeOutcome.DECLINED, None, refused.cause, hard=True)
        return answered_receipt(intent)

    async def find_charge(
        self, box_id: UUID, attempt: int, *, customer: str, intent_id: str | None = None
    ) -> ChargeReceipt | None:
        """Look an attempt up; see the port.

        Goes through the customer's payments, newest first: a list is right at once, where Stripe's
        search lags behind by up to a minute.
        """
        wanted = {"box_id": str(box_id), "attempt": str(attempt)}
        async with _translated():
            if intent_id is not None:
                return answered_receipt(
                    await self._client.v1.payment_intents.retrieve_async(intent_id)
                )
            page = await self._client.v1.payment_intents.list_async(
                {"customer": customer, "limit": PAGE}
            )
            async for intent in page.auto_paging_iter():
                if wanted.items() <= intent.metadata.to_dict().items():
                    return answered_receipt(intent)
        return None

    async def pay_on_session(
        self, intent_id: str, *, payment_method: str, return_url: str, idempotency_key: str
    ) -> OnSessionPayment:
        """Confirm an unpaid intent again, allowing the bank to ask the customer; see the port."""
        try:
            async with _translated():
                intent = await self._client.v1.payment_intents.confirm_async(
                    intent_id,
                    {"payment_method": payment_method, "return_url": return_url},
                    {"idempotency_key": idempotency_key},
                )
        except stripe.CardError as error:
            return OnSessionPayment(card_error_receipt(error), url=None)
        action = intent.next_action
        redirect = action.redirect_to_url if action is not None else None
        return OnSessionPayment(answered_receipt(intent), redirect.url if redirect else None)

    async def void(self, intent_id: str, *, idempotency_key: str) -> None:
        """Cancel an unpaid intent; see the port."""
        async with _translated():
            await self._client.v1.payment_intents.cancel_async(
                intent_id,
                {"cancellation_reason": "abandoned"},
                {"idempotency_key": idempotency_key},
            )

    async def refund(
        self, intent_id: str, *, amount: Money, reason: str, idempotency_key: str
    ) -> RefundReceipt:
        """Refund a part or all of an intent; see the port."""
        async with _translated():
            refund = await self._client.v1.refunds.create_async(
                {
                    "payment_intent": intent_id,
                    "amount": amount.minor,
                    "reason": "requested_by_customer",
                    "metadata": {"reason": reason},
                },
                {"idempotency_key": idempotency_key},
            )
        state = _REFUND_STATES.get(refund.status or "", RefundState.PENDING)
        given = Money(refund.amount, refund.currency.upper())
        return RefundReceipt(refund.id, intent_id, given, state)

    def read_event(self, payload: bytes, signature: str) -> PaymentEvent:
        """Verify a webhook delivery, then read it; see the port."""
        return read_event(payload, signature, secret=self._webhook_secret, livemode=self._livemode)


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Turn Stripe's errors into ours; a `CardError` passes, being an answer and not a failure."""
    try:
        yield
    except stripe.CardError:
        raise
    except stripe.InvalidRequestError as error:
        raise PaymentRefused(error.code or "invalid_request") from error
    except stripe.StripeError as error:
        # Also a refused key, and a key used for other values: then our set-up is wrong, but nothing
        # is known of the money, and saying "declined" could cost somebody their box.
        cause = f"{type(error).__name__} {error.http_status or ''}".strip()
        raise PaymentUnavailable(cause) from error
