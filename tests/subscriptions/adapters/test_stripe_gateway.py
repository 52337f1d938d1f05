"""The farm's gateway against the payment sandbox: each end that a charge can have."""

import json
from itertools import islice, permutations
from uuid import UUID, uuid4

import httpx
import pytest
import stripe

from ripeday.kit.money import Money
from subscriptions.ports import (
    ChargeOutcome,
    ChargeRequest,
    PaymentEventKind,
    PaymentRefused,
    PaymentUnavailable,
    RefundState,
    SavedCard,
)
from tests.sandbox_fixture import Sandbox

PRICE = Money(2450, "EUR")


def request_for(card: SavedCard, *, attempt: int = 1, box_id: UUID | None = None) -> ChargeRequest:
    return ChargeRequest(
        box_id=box_id or uuid4(),
        attempt=attempt,
        amount=PRICE,
        customer=card.customer,
        payment_method=card.payment_method,
        description="Box of 8 December",
        merchant="orchard",
    )


async def test_a_saved_card_is_charged_in_the_customers_absence(sandbox: Sandbox) -> None:
    request = request_for(await sandbox.saved_card())
    receipt = await sandbox.gateway().charge(request, idempotency_key=request.idempotency_key)

    (intent,) = sandbox.books(request.box_id)["intents"]
    assert receipt.outcome is ChargeOutcome.SUCCEEDED
    assert (intent["id"], intent["amount"], intent["currency"]) == (receipt.intent_id, 2450, "EUR")
    assert intent["attempt"] == "1"


async def test_yuan_are_charged_in_fen(sandbox: Sandbox) -> None:
    card = await sandbox.saved_card()
    request = ChargeRequest(
        uuid4(), 1, Money(9800, "CNY"), card.customer, card.payment_method, "一箱", "果园"
    )
    await sandbox.gateway().charge(request, idempotency_key="k")
    assert sandbox.books()["balance"] == {"CNY": 9800}


@pytest.mark.parametrize(
    ("card", "decline_code", "hard"),
    [
        ("pm_card_chargeCustomerFail", "generic_decline", False),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds", False),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", False),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", True),
        ("pm_card_chargeDeclinedLostCard", "lost_card", True),
        ("pm_card_chargeDeclinedStolenCard", "stolen_card", True),
    ],
)
async def test_a_decline_says_whether_the_card_may_be_tried_again(
    sandbox: Sandbox, card: str, decline_code: str, hard: bool
) -> None:
    saved = await sandbox.saved_card()
    request = request_for(SavedCard(saved.customer, card, "visa", "0000", 12, 2030))
    receipt = await sandbox.gateway().charge(request, idempotency_key=request.idempotency_key)

    assert receipt.outcome is ChargeOutcome.DECLINED
    assert (receipt.decline_code, receipt.hard) == (decline_code, hard)
    assert receipt.intent_id is not None
    assert sandbox.books()["balance"] == {}


async def test_a_card_that_the_provider_no_longer_knows_is_a_hard_decline(
    sandbox: Sandbox,
) -> None:
    card = await sandbox.saved_card()
    await sandbox.stripe().v1.payment_methods.detach_async(card.payment_method)
    request = request_for(card)
    receipt = await sandbox.gateway().charge(request, idempotency_key=request.idempotency_key)

    assert (receipt.outcome, receipt.intent_id) == (ChargeOutcome.DECLINED, None)
    assert receipt.hard


async def test_a_bank_that_asks_is_answered_by_the_customer_on_its_page(sandbox: Sandbox) -> None:
    gateway = sandbox.gateway()
    card = await sandbox.saved_card(card="pm_card_authenticationRequired")
    request = request_for(card)
    asked = await gateway.charge(request, idempotency_key=request.idempotency_key)
    assert asked.outcome is ChargeOutcome.NEEDS_AUTHENTICATION
    assert asked.intent_id is not None

    page = await gateway.pay_on_session(
        asked.intent_id,
        payment_method=card.payment_method,
        return_url="http://farm.example/paid",
        idempotency_key="on session",
    )
    assert page.receipt.outcome is ChargeOutcome.NEEDS_AUTHENTICATION
    assert page.url is not None
    async with httpx.AsyncClient() as browser:
        assert "€24.50" in (await browser.get(page.url)).text
        back = await browser.post(page.url, data={"answer": "yes"})

    assert back.headers["location"].startswith("http://farm.example/paid?payment_intent=pi_")
    found = await gateway.find_charge(request.box_id, 1, customer=card.customer)
    assert found is not None
    assert found.outcome is ChargeOutcome.SUCCEEDED
    assert sandbox.succeeded_intents(request.box_id) == 1


async def test_a_card_authenticated_when_saved_is_charged_without_questions(
    sandbox: Sandbox,
) -> None:
    request = request_for(await sandbox.saved_card(card="pm_card_authenticationRequiredOnSetup"))
    receipt = await sandbox.gateway().charge(request, idempotency_key=request.idempotency_key)
    assert receipt.outcome is ChargeOutcome.SUCCEEDED


@pytest.mark.parametrize("kind", ["down", "rate_limit", "in_use", "fail_before", "timeout_before"])
async def test_trouble_before_the_charge_leaves_nothing_behind(sandbox: Sandbox, kind: str) -> None:
    hasty, gateway = sandbox.gateway(timeout_s=1.0), sandbox.gateway()
    request = request_for(await sandbox.saved_card())
    sandbox.fault(kind, path="/v1/payment_intents", seconds=2.0)

    with pytest.raises(PaymentUnavailable):
        await hasty.charge(request, idempotency_key=request.idempotency_key)
    assert await gateway.find_charge(request.box_id, 1, customer=request.customer) is None

    receipt = await gateway.charge(request, idempotency_key=request.idempotency_key)
    assert receipt.outcome is ChargeOutcome.SUCCEEDED
    assert sandbox.succeeded_intents(request.box_id) == 1


@pytest.mark.parametrize("kind", ["fail_after", "timeout_after", "drop_after"])
async def test_a_lost_answer_is_told_again_under_the_same_key(sandbox: Sandbox, kind: str) -> None:
    hasty, gateway = sandbox.gateway(timeout_s=1.0), sandbox.gateway()
    request = request_for(await sandbox.saved_card())
    sandbox.fault(kind, path="/v1/payment_intents", seconds=2.0)

    with pytest.raises(PaymentUnavailable):
        await hasty.charge(request, idempotency_key=request.idempotency_key)
    receipt = await gateway.charge(request, idempotency_key=request.idempotency_key)

    (intent,) = sandbox.books(request.box_id)["intents"]
    assert (receipt.outcome, receipt.intent_id) == (ChargeOutcome.SUCCEEDED, intent["id"])


async def test_a_key_that_repeats_a_500_for_ever_is_settled_by_looking_up(
    sandbox: Sandbox,
) -> None:
    gateway, request = sandbox.gateway(), request_for(await sandbox.saved_card())
    sandbox.fault("fail_after_stored", path="/v1/payment_intents")
    for _ in range(2):
        with pytest.raises(PaymentUnavailable):
            await gateway.charge(request, idempotency_key=request.idempotency_key)

    found = await gateway.find_charge(request.box_id, 1, customer=request.customer)
    assert found is not None
    assert found.outcome is ChargeOutcome.SUCCEEDED
    assert sandbox.succeeded_intents(request.box_id) == 1


async def test_the_librarys_own_repeat_does_not_charge_twice(sandbox: Sandbox) -> None:
    request = request_for(await sandbox.saved_card())
    sandbox.fault("drop_after", path="/v1/payment_intents")
    gateway = sandbox.gateway(network_retries=1)
    receipt = await gateway.charge(request, idempotency_key=request.idempotency_key)

    assert receipt.outcome is ChargeOutcome.SUCCEEDED
    assert sandbox.succeeded_intents(request.box_id) == 1


async def test_a_key_used_for_another_amount_says_nothing_about_the_money(
    sandbox: Sandbox,
) -> None:
    gateway, card = sandbox.gateway(), await sandbox.saved_card()
    first = request_for(card)
    await gateway.charge(first, idempotency_key="k")
    with pytest.raises(PaymentUnavailable):
        await gateway.charge(request_for(card), idempotency_key="k")


async def test_a_key_after_its_24_hours_is_looked_up_not_sent_again(sandbox: Sandbox) -> None:
    gateway, request = sandbox.gateway(), request_for(await sandbox.saved_card())
    sandbox.fault("drop_after", path="/v1/payment_intents")
    with pytest.raises(PaymentUnavailable):
        await gateway.charge(request, idempotency_key=request.idempotency_key)
    sandbox.forget_keys()

    found = await gateway.find_charge(request.box_id, 1, customer=request.customer)
    assert found is not None
    assert found.outcome is ChargeOutcome.SUCCEEDED


async def test_an_attempt_is_found_among_many_and_by_its_intent(sandbox: Sandbox) -> None:
    gateway, card = sandbox.gateway(), await sandbox.saved_card()
    requests = [request_for(card) for _ in range(3)]
    receipts = [await gateway.charge(r, idempotency_key=r.idempotency_key) for r in requests]

    for request, receipt in zip(requests, receipts, strict=True):
        by_box = await gateway.find_charge(request.box_id, 1, customer=card.customer)
        by_intent = await gateway.find_charge(
            request.box_id, 1, customer=card.customer, intent_id=receipt.intent_id
        )
        assert by_box == by_intent == receipt
    assert await gateway.find_charge(requests[0].box_id, 2, customer=card.customer) is None


async def test_a_given_up_attempt_can_no_longer_be_paid(sandbox: Sandbox) -> None:
    gateway = sandbox.gateway()
    card = await sandbox.saved_card(card="pm_card_authenticationRequired")
    receipt = await gateway.charge(request_for(card), idempotency_key="k")
    assert receipt.intent_id is not None
    await gateway.void(receipt.intent_id, idempotency_key="void")

    with pytest.raises(PaymentRefused):
        await gateway.pay_on_session(
            receipt.intent_id,
            payment_method=card.payment_method,
            return_url="http://farm.example/",
            idempotency_key="late",
        )


async def test_money_goes_back_once_under_one_key(sandbox: Sandbox) -> None:
    gateway, request = sandbox.gateway(), request_for(await sandbox.saved_card())
    paid = await gateway.charge(request, idempotency_key=request.idempotency_key)
    assert paid.intent_id is not None
    part = Money(450, "EUR")
    for _ in range(2):
        refund = await gateway.refund(
            paid.intent_id, amount=part, reason="short_pick", idempotency_key="r"
        )
    assert (refund.state, refund.amount) == (RefundState.SUCCEEDED, part)
    assert sandbox.books()["balance"] == {"EUR": 2000}

    with pytest.raises(PaymentRefused) as caught:
        await gateway.refund(paid.intent_id, amount=PRICE, reason="all", idempotency_key="r2")
    assert caught.value.cause == "amount_too_large"


async def test_a_customer_made_twice_under_one_key_is_one(sandbox: Sandbox) -> None:
    gateway = sandbox.gateway()
    ids = {
        await gateway.create_customer(
            email="anna@example.org",
            name="Anna",
            locale="zh",
            reference="s1",
            idempotency_key="customer:s1",
        )
        for _ in range(2)
    }
    assert len(ids) == 1


async def test_news_in_any_order_and_doubled_tells_the_same_end(sandbox: Sandbox) -> None:
    """Stripe promises neither order nor single delivery; each piece stands for itself."""
    gateway = sandbox.gateway()
    card = await sandbox.saved_card(card="pm_card_chargeCustomerFail")
    first = request_for(card)
    await gateway.charge(first, idempotency_key="a1")
    sandbox.change_card(card.payment_method, "pays")
    second = request_for(card, attempt=2, box_id=first.box_id)
    await gateway.charge(second, idempotency_key="a2")
    events = await sandbox.stripe().v1.events.list_async({"limit": 100})

    deliveries = []
    for event in events.data:
        payload = json.dumps(event.to_dict())
        signature = stripe.WebhookSignature.generate_signature_header(
            payload, sandbox.webhook_secret
        )
        deliveries.append((payload.encode(), signature))
    settled = {PaymentEventKind.CHARGE_SETTLED}
    for order in islice(permutations(deliveries), 0, 5000, 100):
        read = [gateway.read_event(*delivery) for delivery in [*order, order[0]]]
        ends = {
            (e.box_id, e.attempt, e.receipt.outcome)
            for e in read
            if e.kind in settled and e.receipt is not None
        }
        assert ends == {
            (first.box_id, 1, ChargeOutcome.DECLINED),
            (first.box_id, 2, ChargeOutcome.SUCCEEDED),
        }
