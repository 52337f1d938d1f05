"""Only fresh news that is signed for us is believed."""

import json
import time
from typing import Any
from uuid import UUID

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.adapters.stripe_event import LONGEST_PAYLOAD, TOLERANCE_S, read_event
from subscriptions.ports import ChargeOutcome, PaymentEventKind, WebhookRefused

SECRET = "whsec_ours"
BOX = UUID("0e1f9d2c-8a67-4b1d-9a37-3f5f6f0a1b2c")


def event(**change: Any) -> dict[str, Any]:
    intent = {
        "id": "pi_1",
        "object": "payment_intent",
        "status": "succeeded",
        "metadata": {"box_id": str(BOX), "attempt": "2"},
        "last_payment_error": None,
    }
    return {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": 1_795_000_000,
        "livemode": False,
        "data": {"object": intent},
        **change,
    }


def signed(payload: str, *, secret: str = SECRET, at: int | None = None) -> str:
    return stripe.WebhookSignature.generate_signature_header(payload, secret, at)


def test_a_paid_box_is_read() -> None:
    payload = json.dumps(event())
    read = read_event(payload.encode(), signed(payload), secret=SECRET, livemode=False)

    assert (read.kind, read.event_id) == (PaymentEventKind.CHARGE_SETTLED, "evt_1")
    assert (read.box_id, read.attempt, read.intent_id) == (BOX, 2, "pi_1")
    assert read.receipt is not None
    assert read.receipt.outcome is ChargeOutcome.SUCCEEDED
    assert read.created_at.timestamp() == 1_795_000_000


def test_news_that_we_do_not_know_is_other_not_an_error() -> None:
    payload = json.dumps(event(type="moon.landed", data={"object": {"id": "m", "object": "moon"}}))
    read = read_event(payload.encode(), signed(payload), secret=SECRET, livemode=False)
    assert (read.kind, read.provider_type) == (PaymentEventKind.OTHER, "moon.landed")


@pytest.mark.parametrize("ahead_s", [-TOLERANCE_S - 2, TOLERANCE_S + 2])
def test_a_signature_too_old_or_from_the_future_is_refused(ahead_s: int) -> None:
    payload = json.dumps(event())
    signature = signed(payload, at=int(time.time()) + ahead_s)
    with pytest.raises(WebhookRefused):
        read_event(payload.encode(), signature, secret=SECRET, livemode=False)


@pytest.mark.parametrize(
    ("change", "livemode"),
    [
        ({"livemode": True}, False),
        ({}, True),
        ({"account": "acct_1"}, False),
        ({"object": "x"}, False),
    ],
)
def test_news_of_another_mode_account_or_kind_is_refused(
    change: dict[str, Any], livemode: bool
) -> None:
    payload = json.dumps(event(**change))
    with pytest.raises(WebhookRefused):
        read_event(payload.encode(), signed(payload), secret=SECRET, livemode=livemode)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=,v1=",
        "v1=abc",
        f"t={int(time.time())}",
        f"t={int(time.time())},v0=abc",
        f"t={int(time.time())},v1={'0' * 64},v1={'1' * 64}",
        signed(json.dumps(event()), secret="whsec_of_another_endpoint"),
    ],
    ids=["empty", "bare", "no time", "no sign", "old scheme", "two wrong", "another endpoint"],
)
def test_a_forged_signature_is_refused(signature: str) -> None:
    payload = json.dumps(event())
    with pytest.raises(WebhookRefused):
        read_event(payload.encode(), signature, secret=SECRET, livemode=False)


def test_a_body_written_anew_is_refused_though_it_means_the_same() -> None:
    signature = signed(json.dumps(event()))
    with pytest.raises(WebhookRefused):
        read_event(json.dumps(event(), indent=1).encode(), signature, secret=SECRET, livemode=False)


def test_a_very_long_body_is_refused_unread() -> None:
    payload = "x" * (LONGEST_PAYLOAD + 1)
    with pytest.raises(WebhookRefused, match="not a delivery"):
        read_event(payload.encode(), signed(payload), secret=SECRET, livemode=False)


@given(st.binary(max_size=200), st.text(max_size=80))
def test_noise_is_refused_and_never_crashes(payload: bytes, signature: str) -> None:
    with pytest.raises(WebhookRefused):
        read_event(payload, signature, secret=SECRET, livemode=False)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda below: (
            st.lists(below, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "object", "type", "data", "created", "livemode", "metadata"]
                ),
                below,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_nonsense_signed_by_our_own_secret_is_refused_or_other(value: Any) -> None:
    payload = json.dumps(value)
    try:
        read = read_event(payload.encode(), signed(payload), secret=SECRET, livemode=False)
    except WebhookRefused:
        return
    assert read.kind is PaymentEventKind.OTHER
