"""The same cases against Stripe itself, in test mode; they move no money.

They need RIPEDAY_TEST_STRIPE_KEY (sk_test_…) and the internet; without the key they are skipped.
"""

import os
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import stripe

from ripeday.kit.money import Money
from subscriptions.adapters.stripe_gateway import StripeGateway
from subscriptions.ports import (
    ChargeOutcome,
    ChargeRequest,
    PaymentRefused,
    PaymentUnavailable,
    RefundState,
)

pytestmark = pytest.mark.stripe_live
PRICE = Money(2450, "EUR")


@pytest.fixture
def key() -> str:
    key = os.environ["RIPEDAY_TEST_STRIPE_KEY"]
    assert key.startswith(("sk_test_", "rk_test_")), "a live key must never run tests"
    return key


@pytest.fixture
async def gateway(key: str) -> AsyncIterator[StripeGateway]:
    gateway = StripeGateway(key, webhook_secret="whsec_unused", timeout_s=30)
    yield gateway
    await gateway.close()


async def request_for(gateway: StripeGateway, key: str, card: str) -> ChargeRequest:
    """Return a charge of a new customer's saved card; `card` is one of Stripe's test names."""
    reference = str(uuid4())
    customer = await gateway.create_customer(
        email="test@ripeday.example",
        name="Test",
        locale="en",
        reference=reference,
        idempotency_key=f"customer:{reference}",
    )
    client = stripe.StripeClient(key, http_client=stripe.HTTPXClient(timeout=30))
    method = await client.v1.payment_methods.attach_async(card, {"customer": customer})
    return ChargeRequest(uuid4(), 1, PRICE, customer, method.id, "A test box", "test")


async def test_a_charge_is_taken_once_and_found(gateway: StripeGateway, key: str) -> None:
    request = await request_for(gateway, key, "pm_card_visa")
    first = await gateway.charge(request, idempotency_key=request.idempotency_key)
    again = await gateway.charge(request, idempotency_key=request.idempotency_key)
    found = await gateway.find_charge(request.box_id, 1, customer=request.customer)

    assert first.outcome is ChargeOutcome.SUCCEEDED
    assert first == again == found


async def test_a_key_is_bound_to_its_parameters(gateway: StripeGateway, key: str) -> None:
    request = await request_for(gateway, key, "pm_card_visa")
    other = await request_for(gateway, key, "pm_card_visa")
    await gateway.charge(request, idempotency_key=request.idempotency_key)
    with pytest.raises(PaymentUnavailable):
        await gateway.charge(other, idempotency_key=request.idempotency_key)


async def test_a_decline_is_soft_or_hard(gateway: StripeGateway, key: str) -> None:
    soft = await request_for(gateway, key, "pm_card_chargeCustomerFail")
    receipt = await gateway.charge(soft, idempotency_key=soft.idempotency_key)
    assert receipt.outcome is ChargeOutcome.DECLINED
    assert not receipt.hard


async def test_a_bank_asks_for_the_customer(gateway: StripeGateway, key: str) -> None:
    request = await request_for(gateway, key, "pm_card_authenticationRequired")
    receipt = await gateway.charge(request, idempotency_key=request.idempotency_key)
    assert receipt.outcome is ChargeOutcome.NEEDS_AUTHENTICATION
    assert receipt.intent_id is not None

    page = await gateway.pay_on_session(
        receipt.intent_id,
        payment_method=request.payment_method,
        return_url="https://ripeday.example/paid",
        idempotency_key=f"on-session:{request.box_id}",
    )
    assert page.url is not None
    await gateway.void(receipt.intent_id, idempotency_key=f"void:{request.box_id}")


async def test_money_goes_back(gateway: StripeGateway, key: str) -> None:
    request = await request_for(gateway, key, "pm_card_visa")
    paid = await gateway.charge(request, idempotency_key=request.idempotency_key)
    assert paid.intent_id is not None
    refund = await gateway.refund(
        paid.intent_id, amount=PRICE, reason="test", idempotency_key=f"r:{request.box_id}"
    )
    assert refund.state in {RefundState.SUCCEEDED, RefundState.PENDING}
    with pytest.raises(PaymentRefused):
        await gateway.refund(
            paid.intent_id, amount=PRICE, reason="test", idempotency_key=f"r2:{request.box_id}"
        )


async def test_a_card_page_opens(gateway: StripeGateway, key: str) -> None:
    request = await request_for(gateway, key, "pm_card_visa")
    setup = await gateway.start_card_setup(
        customer=request.customer,
        success_url="https://ripeday.example/card/{CHECKOUT_SESSION_ID}",
        cancel_url="https://ripeday.example/pay",
        locale="zh",
        reference="test",
    )
    assert setup.url.startswith("https://checkout.stripe.com/")
    assert await gateway.finished_card_setup(setup.session_id) is None
