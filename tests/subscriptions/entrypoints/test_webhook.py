"""The provider's news: believed when signed, applied once, whatever comes in between."""

import asyncio
import json
import time
from typing import Any
from uuid import UUID

import httpx
import pytest
import stripe

from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.adapters import charge_store
from subscriptions.entrypoints.webhook_controller import LONGEST_BODY
from tests.market import BEFORE, add_box, add_lot, open_market
from tests.sandbox_fixture import WEBHOOK_SECRET
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.people import NOW, fetch

PATH = "/webhooks/stripe"


def news(box: UUID, *, attempt: int = 1, event: str = "evt_1", status: str = "succeeded") -> str:
    kind = {"succeeded": "succeeded", "requires_payment_method": "payment_failed"}[status]
    error = (
        {"code": "card_declined", "decline_code": "insufficient_funds"}
        if status != "succeeded"
        else None
    )
    intent: dict[str, Any] = {
        "id": "pi_1", "object": "payment_intent", "status": status, "last_payment_error": error,
        "metadata": {"box_id": str(box), "attempt": str(attempt)},
    }  # fmt: skip
    return json.dumps(
        {"id": event, "object": "event", "type": f"payment_intent.{kind}", "created": 1_795_000_000,
         "livemode": False, "data": {"object": intent}}
    )  # fmt: skip


async def tell(
    web: Web, payload: str, *, secret: str = WEBHOOK_SECRET, at: int | None = None
) -> httpx.Response:
    signature = stripe.WebhookSignature.generate_signature_header(payload, secret, at)
    browser = await web.browser("192.0.2.1")
    return await browser.post(PATH, content=payload, headers={"stripe-signature": signature})


async def charged_box() -> UUID:
    """Return a reserved box whose first attempt waits for the provider's answer."""
    market = await open_market()
    lot = await add_lot(market, "apple_fuji", units=50)
    box = await add_box(market, [(lot, 4)])
    await fetch("UPDATE box SET status = 'reserved', locked_at = $1 RETURNING id", BEFORE)
    async with unit_of_work():
        bill = await charge_store.hold_bill(box)
        assert bill is not None
        await charge_store.open_attempt(bill, 1, now=NOW)
    return box


async def books(box: UUID) -> tuple[Any, ...]:
    ((status,),) = await fetch("SELECT status FROM box WHERE id = $1", box)
    ((sales,),) = await fetch("SELECT count(DISTINCT posting) FROM ledger_entry")
    ((notices,),) = await fetch("SELECT count(*) FROM outbox WHERE topic = 'notice'")
    ((kept,),) = await fetch("SELECT count(*) FROM payment_event WHERE applied_at IS NOT NULL")
    return status, sales, notices, kept


async def test_a_box_is_paid_by_the_news_alone(web: Web) -> None:
    box = await charged_box()
    answer = await tell(web, news(box))
    assert (answer.status_code, answer.content) == (200, b"")
    assert "set-cookie" not in answer.headers
    assert await books(box) == ("paid", 1, 1, 1)


async def test_the_same_news_again_and_again_has_one_effect(web: Web) -> None:
    box = await charged_box()
    answers = await asyncio.gather(*(tell(web, news(box)) for _ in range(8)))
    answers += [await tell(web, news(box)), await tell(web, news(box, event="evt_2"))]
    assert {answer.status_code for answer in answers} == {200}
    assert (await books(box))[:3] == ("paid", 1, 1)


async def test_a_decline_that_comes_after_the_payment_changes_nothing(web: Web) -> None:
    box = await charged_box()
    await tell(web, news(box))
    late = news(box, event="evt_0", status="requires_payment_method")
    assert (await tell(web, late)).status_code == 200
    assert (await books(box))[:3] == ("paid", 1, 1)


async def test_a_decline_is_told_once(web: Web) -> None:
    box = await charged_box()
    for _ in range(3):
        await tell(web, news(box, status="requires_payment_method"))
    assert (await books(box))[:3] == ("declined", 0, 1)


async def test_news_whose_effect_was_cut_off_is_applied_when_it_comes_again(web: Web) -> None:
    box = await charged_box()
    await charge_store.keep_event("evt_1", "payment_intent.succeeded", news(box), now=NOW)
    assert (await tell(web, news(box))).status_code == 200
    assert await books(box) == ("paid", 1, 1, 1)


@pytest.mark.parametrize(
    "forgery", ["none", "empty", "secret", "old", "future", "rewritten", "long", "other"]
)
async def test_forged_news_is_refused_and_leaves_no_trace(web: Web, forgery: str) -> None:
    box = await charged_box()
    payload, now = news(box), int(time.time())
    browser = await web.browser("192.0.2.1")
    if forgery == "secret":
        answer = await tell(web, payload, secret="whsec_of_somebody_else")
    elif forgery in ("old", "future"):
        answer = await tell(web, payload, at=now + (-301 if forgery == "old" else 400))
    elif forgery == "long":
        answer = await tell(web, payload + " " * LONGEST_BODY)
    elif forgery == "other":
        answer = await tell(web, payload.replace('"livemode": false', '"livemode": true'))
    else:
        signature = {
            "none": {},
            "empty": {"stripe-signature": ""},
            "rewritten": {
                "stripe-signature": stripe.WebhookSignature.generate_signature_header(
                    payload, WEBHOOK_SECRET
                )
            },
        }[forgery]
        answer = await browser.post(PATH, content=payload + "\n", headers=signature)

    assert (answer.status_code, answer.content) == (400, b"")
    assert await books(box) == ("reserved", 0, 0, 0)
    assert await fetch("SELECT id FROM payment_event") == []


async def test_news_of_a_box_nobody_knows_is_not_sent_again_and_again(web: Web) -> None:
    stranger = UUID(int=7)
    assert (await tell(web, news(stranger))).status_code == 200
    assert await fetch("SELECT id, applied_at FROM payment_event") == [("evt_1", None)]


async def test_a_question_that_the_provider_does_not_answer_asks_for_the_news_again(
    web: Web,
) -> None:
    # The page's provider listens nowhere, so asking for the saved card must fail.
    session = {"id": "cs_1", "object": "checkout.session", "mode": "setup"}
    payload = json.dumps(
        {"id": "evt_9", "object": "event", "type": "checkout.session.completed", "created": 1_795_000_000,
         "livemode": False, "data": {"object": session}}
    )  # fmt: skip
    answer = await tell(web, payload)
    assert answer.status_code == 503
    assert await fetch("SELECT applied_at FROM payment_event") == [(None,)]
