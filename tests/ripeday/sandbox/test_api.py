"""The sandbox refuses and answers as Stripe does, to stripe-python as it comes."""

import asyncio
from typing import Any, get_args

import httpx
import pytest
import stripe

from tests.sandbox_fixture import Sandbox

ENDING = {"amount": 2450, "currency": "eur", "allowed_payment_method_types": ["card"]}


async def test_an_unknown_field_is_refused(sandbox: Sandbox) -> None:
    intents = sandbox.stripe().v1.payment_intents

    with pytest.raises(stripe.InvalidRequestError) as caught:
        await intents.create_async({**ENDING, "amout": 1})  # type: ignore[typeddict-unknown-key]

    assert (caught.value.code, caught.value.param) == ("parameter_unknown", "amout")
    assert caught.value.request_id.startswith("req_")
    assert sandbox.books()["intents"] == []


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"currency": "eur"}, "parameter_missing", "amount"),
        ({"amount": 2450}, "parameter_missing", "currency"),
        ({**ENDING, "amount": "many"}, "parameter_invalid_integer", "amount"),
        ({**ENDING, "amount": 10}, "amount_too_small", "amount"),
        ({**ENDING, "capture_method": "later"}, None, "capture_method"),
        ({**ENDING, "shipping": {"name": "A"}}, "parameter_missing", "shipping[address]"),
        (
            {**ENDING, "payment_method_options": {"card": {"colour": "red"}}},
            "parameter_unknown",
            "payment_method_options[card][colour]",
        ),
        (
            {"amount": 2450, "currency": "eur", "payment_method_types": ["card"]},
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        ),
        ({**ENDING, "off_session": True}, None, "off_session"),
        ({**ENDING, "customer": "cus_nobody"}, "resource_missing", "customer"),
        ({**ENDING, "payment_method": "pm_none"}, "resource_missing", "payment_method"),
    ],
)
async def test_what_stripe_would_refuse_is_refused(
    sandbox: Sandbox, params: dict[str, Any], code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sandbox.stripe().v1.payment_intents.create_async(params)  # type: ignore[arg-type]

    assert (caught.value.code, caught.value.param) == (code, param)
    assert caught.value.http_status == 400


async def test_a_stranger_is_turned_away_and_the_key_is_not_repeated(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        await sandbox.stripe("sk_test_somebody_elses_key").v1.customers.list_async()

    assert caught.value.http_status == 401
    assert "somebody_elses" not in str(caught.value)
    async with httpx.AsyncClient() as nobody:
        assert (await nobody.get(f"{sandbox.url}/v1/customers")).status_code == 401


async def test_an_open_page_cannot_press_the_sandboxs_buttons(sandbox: Sandbox) -> None:
    await sandbox.saved_card()
    async with httpx.AsyncClient() as browser:
        answer = await browser.post(
            f"{sandbox.url}/_sandbox/reset", headers={"Origin": "http://evil.example"}
        )
    assert answer.status_code == 403
    assert len((await sandbox.stripe().v1.customers.list_async()).data) == 1


async def test_an_unknown_address_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as caught:
        await sandbox.stripe().v1.products.list_async()
    assert caught.value.http_status == 404


async def test_an_object_has_every_field_that_the_library_declares(sandbox: Sandbox) -> None:
    client = sandbox.stripe()
    card = await sandbox.saved_card()
    intent = await client.v1.payment_intents.create_async(
        {
            **ENDING,
            "customer": card.customer,
            "payment_method": card.payment_method,
            "confirm": True,
            "off_session": True,
            "expand": ["latest_charge.balance_transaction", "customer", "payment_method"],
        }
    )
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)

    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 100})
    objects: list[stripe.StripeObject] = [
        intent, charge, charge.balance_transaction, refund, await client.v1.balance.retrieve_async()
    ]  # fmt: skip
    for thing in objects:
        for name, hint in type(thing).__annotations__.items():
            if name == "OBJECT_NAME" or type(None) in get_args(hint):
                continue
            assert getattr(thing, name) is not None, f"{type(thing).__name__}.{name}"
    assert intent.last_payment_error is None
    assert charge.failure_code is None


async def test_the_same_key_gives_the_same_intent_and_charges_once(sandbox: Sandbox) -> None:
    client, card = sandbox.stripe(), await sandbox.saved_card()
    params = {
        **ENDING,
        "customer": card.customer,
        "payment_method": card.payment_method,
        "confirm": True,
        "off_session": True,
        "metadata": {"box_id": "b1"},
    }

    first = await client.v1.payment_intents.create_async(params, {"idempotency_key": "k"})  # type: ignore[arg-type]
    again = await client.v1.payment_intents.create_async(params, {"idempotency_key": "k"})  # type: ignore[arg-type]

    assert first.id == again.id
    assert first.last_response.headers.get("idempotent-replayed") is None
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert sandbox.succeeded_intents("b1") == 1


async def test_a_key_used_for_something_else_is_refused(sandbox: Sandbox) -> None:
    intents = sandbox.stripe().v1.payment_intents
    await intents.create_async({**ENDING}, {"idempotency_key": "k"})  # type: ignore[typeddict-item]

    with pytest.raises(stripe.IdempotencyError) as caught:
        await intents.create_async({**ENDING, "amount": 9900}, {"idempotency_key": "k"})  # type: ignore[typeddict-item]

    assert caught.value.http_status == 400
    assert [i["amount"] for i in sandbox.books()["intents"]] == [2450]


async def test_a_refused_request_leaves_its_key_free(sandbox: Sandbox) -> None:
    intents = sandbox.stripe().v1.payment_intents
    with pytest.raises(stripe.InvalidRequestError):
        await intents.create_async({"currency": "eur"}, {"idempotency_key": "k"})  # type: ignore[typeddict-item]

    intent = await intents.create_async({**ENDING}, {"idempotency_key": "k"})  # type: ignore[typeddict-item]
    assert intent.status == "requires_payment_method"


async def test_a_second_request_while_the_first_runs_is_told_to_wait(sandbox: Sandbox) -> None:
    client = sandbox.stripe()
    sandbox.fault("slow", path="/v1/payment_intents", seconds=1.0)

    async def create() -> stripe.PaymentIntent:
        return await client.v1.payment_intents.create_async({**ENDING}, {"idempotency_key": "k"})  # type: ignore[typeddict-item]

    results = await asyncio.gather(create(), create(), return_exceptions=True)

    errors = [r for r in results if isinstance(r, stripe.APIError)]
    assert [e.http_status for e in errors] == [409]
    assert len(sandbox.books()["intents"]) == 1


async def test_a_decline_is_remembered_under_its_key(sandbox: Sandbox) -> None:
    client = sandbox.stripe()
    card = await sandbox.saved_card(card="pm_card_chargeCustomerFail")
    params = {
        **ENDING,
        "customer": card.customer,
        "payment_method": card.payment_method,
        "confirm": True,
        "off_session": True,
    }
    seen = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            await client.v1.payment_intents.create_async(params, {"idempotency_key": "k"})  # type: ignore[arg-type]
        assert caught.value.error is not None
        assert caught.value.error.payment_intent is not None
        seen.append((caught.value.error.decline_code, caught.value.error.payment_intent.id))

    assert seen[0] == seen[1]
    assert seen[0][0] == "generic_decline"
    assert len(sandbox.books()["intents"]) == 1


async def test_a_card_that_declines_cannot_be_saved(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.CardError) as caught:
        await sandbox.saved_card(card="pm_card_visa_chargeDeclined")
    assert caught.value.code == "card_declined"


async def test_another_customers_card_cannot_be_charged(sandbox: Sandbox) -> None:
    anna, ben = await sandbox.saved_card(), await sandbox.saved_card(email="ben@example.org")
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        await sandbox.stripe().v1.payment_intents.create_async(
            {**ENDING, "customer": anna.customer, "payment_method": ben.payment_method}  # type: ignore[typeddict-item]
        )


async def test_more_than_was_paid_is_not_given_back(sandbox: Sandbox) -> None:
    client, card = sandbox.stripe(), await sandbox.saved_card()
    intent = await client.v1.payment_intents.create_async(
        {
            **ENDING,
            "customer": card.customer,
            "payment_method": card.payment_method,
            "confirm": True,
            "off_session": True,
        }  # type: ignore[typeddict-item]
    )
    await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 2000})

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 451})
    await client.v1.refunds.create_async({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await client.v1.refunds.create_async({"payment_intent": intent.id})

    assert caught.value.code == "charge_already_refunded"
    assert sandbox.books()["balance"] == {"EUR": 0}


async def test_lists_come_in_pages_newest_first(sandbox: Sandbox) -> None:
    client = sandbox.stripe()
    for n in range(5):
        await client.v1.customers.create_async({"email": f"c{n}@example.org"})

    page = await client.v1.customers.list_async({"limit": 2})
    emails = [c.email async for c in page.auto_paging_iter()]

    assert [c.email for c in page.data] == ["c4@example.org", "c3@example.org"]
    assert page.has_more
    assert emails == [f"c{n}@example.org" for n in (4, 3, 2, 1, 0)]


async def test_intents_are_found_by_their_metadata(sandbox: Sandbox) -> None:
    client = sandbox.stripe()
    for box in ("b1", "b2"):
        await client.v1.payment_intents.create_async({**ENDING, "metadata": {"box_id": box}})  # type: ignore[typeddict-item]

    found = await client.v1.payment_intents.search_async({"query": 'metadata["box_id"]:"b2"'})
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.payment_intents.search_async({"query": "box b2"})

    assert [i.metadata["box_id"] for i in found.data] == ["b2"]


async def test_a_killed_sandbox_still_has_its_books_and_keys(sandbox: Sandbox) -> None:
    card = await sandbox.saved_card()
    params = {
        **ENDING,
        "customer": card.customer,
        "payment_method": card.payment_method,
        "confirm": True,
        "off_session": True,
        "metadata": {"box_id": "b1"},
    }
    first = await sandbox.stripe().v1.payment_intents.create_async(params, {"idempotency_key": "k"})  # type: ignore[arg-type]

    sandbox.kill()
    sandbox.start()
    again = await sandbox.stripe().v1.payment_intents.create_async(params, {"idempotency_key": "k"})  # type: ignore[arg-type]

    assert again.id == first.id
    assert sandbox.succeeded_intents("b1") == 1
    assert sandbox.books()["balance"] == {"EUR": 2450}
