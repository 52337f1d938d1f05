"""Signed webhooks: verified, repeated, doubled, turned round, lost."""

import asyncio
import json

import stripe

from tests.sandbox_fixture import Farm, Sandbox


async def _paid_box(sandbox: Sandbox, box: str = "b1") -> None:
    card = await sandbox.saved_card()
    await sandbox.stripe().v1.payment_intents.create_async(
        {
            "amount": 2450,
            "currency": "eur",
            "customer": card.customer,
            "payment_method": card.payment_method,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "off_session": True,
            "metadata": {"box_id": box, "attempt": "1"},
        }
    )


async def test_news_is_signed_so_that_the_library_believes_it(
    sandbox: Sandbox, listening_farm: Farm
) -> None:
    await _paid_box(sandbox)
    taken = await asyncio.to_thread(sandbox.release_news)

    assert [(t["type"], t["status"]) for t in taken] == [("payment_intent.succeeded", 200)]
    body, signature = listening_farm.received[0]
    event = stripe.Webhook.construct_event(body, signature, sandbox.webhook_secret)
    assert event.data.object.metadata["box_id"] == "b1"
    assert sandbox.waiting_news() == []


async def test_news_that_is_not_taken_is_repeated(sandbox: Sandbox, listening_farm: Farm) -> None:
    listening_farm.answers = [500]
    sandbox.control("POST", "webhooks", {})
    await _paid_box(sandbox)
    while len(listening_farm.received) < 2:
        listening_farm.arrived.clear()
        await asyncio.wait_for(listening_farm.arrived.wait(), timeout=20)

    ids = [json.loads(body)["id"] for body, _ in listening_farm.received]
    assert ids[0] == ids[1]


async def test_news_comes_doubled_and_backwards_on_demand(
    sandbox: Sandbox, listening_farm: Farm
) -> None:
    for box in ("b1", "b2"):
        await _paid_box(sandbox, box)
    await asyncio.to_thread(sandbox.release_news, order="newest_first", copies=2)

    boxes = [
        json.loads(body)["data"]["object"]["metadata"]["box_id"]
        for body, _ in listening_farm.received
    ]
    assert boxes == ["b2", "b2", "b1", "b1"]


async def test_lost_news_stays_in_the_list_of_events(
    sandbox: Sandbox, listening_farm: Farm
) -> None:
    await _paid_box(sandbox)
    sandbox.control("POST", "webhooks/drop", {})
    assert await asyncio.to_thread(sandbox.release_news) == []

    events = await sandbox.stripe().v1.events.list_async({"type": "payment_intent.succeeded"})
    assert listening_farm.received == []
    assert len(events.data) == 1


async def test_an_endpoint_registered_by_program_hears_what_it_asked_for(
    sandbox: Sandbox, listening_farm: Farm
) -> None:
    client = sandbox.stripe()
    endpoint = await client.v1.webhook_endpoints.create_async(
        {
            "url": f"http://127.0.0.1:{sandbox.webhook_port}/webhooks/stripe",
            "enabled_events": ["customer.created"],
        }
    )
    await client.v1.customers.create_async({"email": "anna@example.org"})
    await asyncio.to_thread(sandbox.release_news)

    assert endpoint.secret is not None
    ((body, signature),) = listening_farm.received
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
    assert event.type == "customer.created"
