"""Saving a card for later: SetupIntents, and Checkout sessions in setup mode."""

from typing import Any
from urllib.parse import urlsplit

from ripeday.sandbox.books import new_id
from ripeday.sandbox.call import Call
from ripeday.sandbox.card import Bank, BankCard, bank_of, saying
from ripeday.sandbox.customer import attach, new_payment_method, payment_method
from ripeday.sandbox.refusal import ApiRefusal, wrong_state
from ripeday.sandbox.thing import listing, shown, thing, with_metadata

SESSION_LIFETIME_S = 24 * 3600
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def create_setup_intent(call: Call) -> dict[str, Any]:
    """POST /v1/setup_intents."""
    given = call.params
    if customer := given.get("customer"):
        call.need("customer", customer, param="customer")
    intent = _enter_intent(call, customer, given)
    if name := given.get("payment_method"):
        intent["payment_method"] = payment_method(call, name)["id"]
        intent["status"] = "requires_confirmation"
        call.books.change(intent)
    return _confirmed(call, intent) if given.get("confirm") else intent


def confirm_setup_intent(call: Call) -> dict[str, Any]:
    """POST /v1/setup_intents/{id}/confirm."""
    intent = call.need("setup_intent", call.path[0])
    if intent["status"] not in _OPEN:
        raise wrong_state("SetupIntent", intent["status"], "confirm", setup_intent=intent)
    if name := call.params.get("payment_method"):
        intent["payment_method"] = payment_method(call, name)["id"]
    return _confirmed(call, intent)


def cancel_setup_intent(call: Call) -> dict[str, Any]:
    """POST /v1/setup_intents/{id}/cancel."""
    intent = call.need("setup_intent", call.path[0])
    if intent["status"] not in _OPEN:
        raise wrong_state("SetupIntent", intent["status"], "cancel", setup_intent=intent)
    intent |= {
        "status": "canceled",
        "cancellation_reason": call.params.get("cancellation_reason"),
    }
    call.tell("setup_intent.canceled", intent)
    return call.books.change(intent)


def retrieve_setup_intent(call: Call) -> dict[str, Any]:
    """GET /v1/setup_intents/{id}."""
    return call.need("setup_intent", call.path[0])


def list_setup_intents(call: Call) -> dict[str, Any]:
    """GET /v1/setup_intents."""
    page = call.books.page(
        "setup_intent",
        call.params,
        customer=call.params.get("customer"),
        payment_method=call.params.get("payment_method"),
    )
    return listing("/v1/setup_intents", page.things, has_more=page.has_more)


def create_session(call: Call) -> dict[str, Any]:
    """POST /v1/checkout/sessions, in setup mode."""
    given = call.params
    _refuse_session(given)
    if customer := given.get("customer"):
        call.need("customer", customer, param="customer")
    intent = _enter_intent(call, customer, given.get("setup_intent_data", {}))
    session_id = new_id("cs_test", 58)
    session = thing(
        "checkout.session",
        session_id,
        created=call.now,
        mode="setup",
        allowed_payment_method_types=given.get("allowed_payment_method_types"),
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        cancel_url=given.get("cancel_url"),
        client_reference_id=given.get("client_reference_id"),
        currency=given.get("currency"),
        custom_fields=[],
        custom_text=dict.fromkeys(
            ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        ),
        customer=customer,
        customer_email=given.get("customer_email"),
        expires_at=given.get("expires_at", call.now + SESSION_LIFETIME_S),
        locale=given.get("locale"),
        metadata=with_metadata({}, given.get("metadata")),
        payment_method_types=["card"],
        payment_method_collection="always",
        payment_status="no_payment_required",
        setup_intent=intent["id"],
        shipping_options=[],
        status="open",
        success_url=given["success_url"],
        ui_mode="hosted_page",
        url=f"{call.base_url}/c/pay/{session_id}",
    )
    return call.books.add(session)


def retrieve_session(call: Call) -> dict[str, Any]:
    """GET /v1/checkout/sessions/{id}."""
    return expired_or(call, call.need("checkout.session", call.path[0]))


def list_sessions(call: Call) -> dict[str, Any]:
    """GET /v1/checkout/sessions."""
    page = call.books.page(
        "checkout.session",
        call.params,
        customer=call.params.get("customer"),
        status=call.params.get("status"),
    )
    return listing("/v1/checkout/sessions", page.things, has_more=page.has_more)


def expire_session(call: Call) -> dict[str, Any]:
    """POST /v1/checkout/sessions/{id}/expire."""
    session = call.need("checkout.session", call.path[0])
    if session["status"] != "open":
        raise ApiRefusal(
            400,
            "Only Checkout Sessions with a status in [open] can be expired. "
            f"This Checkout Session has a status of {session['status']}.",
        )
    return _expire(call, session)


def expired_or(call: Call, session: dict[str, Any]) -> dict[str, Any]:
    """Return the session, expired if its time is over."""
    if session["status"] == "open" and session["expires_at"] <= call.now:
        return _expire(call, session)
    return session


def enter_card(
    call: Call, session: dict[str, Any], card: BankCard, *, expires: tuple[int, int], name: str
) -> str | None:
    """Save the card that the customer typed on the session's page.

    Returns
    -------
    The address of their bank's page when the bank asks first, else None: the card is saved.

    Raises
    ------
    ApiRefusal
        402 when the bank declines the card; the page stays open for another.
    """
    intent = call.need("setup_intent", session["setup_intent"])
    method = new_payment_method(call, card, expires=expires, name=name)
    intent["payment_method"] = method["id"]
    if card.bank in {Bank.AUTHENTICATES_ALWAYS, Bank.AUTHENTICATES_ONCE}:
        url = f"{call.base_url}/authenticate/{intent['id']}"
        return_url = f"{call.base_url}/c/pay/{session['id']}"
        _ask_customer(call, intent, url, return_url)
        return url
    _confirmed(call, intent)
    finish_session(call, session)
    return None


def finish_session(call: Call, session: dict[str, Any]) -> dict[str, Any]:
    """Close the session of a card that was saved."""
    session |= {
        "status": "complete",
        "url": None,
        "customer_details": {
            "address": None,
            "business_name": None,
            "email": session["customer_email"],
            "individual_name": None,
            "name": None,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
    }
    call.tell("checkout.session.completed", session)
    return call.books.change(session)


def authenticate_setup(call: Call, intent: dict[str, Any], *, accepted: bool) -> dict[str, Any]:
    """Settle a set-up whose customer has answered their bank's question."""
    if accepted:
        return _saved(call, intent)
    intent |= {
        "status": "requires_payment_method",
        "next_action": None,
        "payment_method": None,
        "last_setup_error": {
            "type": "invalid_request_error",
            "code": "setup_intent_authentication_failure",
            "message": "The customer did not confirm the card with their bank.",
        },
    }
    call.tell("setup_intent.setup_failed", intent)
    return call.books.change(intent)


def _enter_intent(call: Call, customer: str | None, given: dict[str, Any]) -> dict[str, Any]:
    intent_id = new_id("seti")
    intent = thing(
        "setup_intent",
        intent_id,
        created=call.now,
        client_secret=f"{intent_id}_secret_{new_id('', 25)[1:]}",
        customer=customer,
        description=given.get("description"),
        metadata=with_metadata({}, given.get("metadata")),
        payment_method_options={"card": {"request_three_d_secure": "automatic"}},
        payment_method_types=["card"],
        status="requires_payment_method",
        usage=given.get("usage", "off_session"),
    )
    call.books.add(intent)
    call.tell("setup_intent.created", intent)
    return intent


def _confirmed(call: Call, intent: dict[str, Any]) -> dict[str, Any]:
    """Ask the bank whether the card may be saved."""
    if intent["payment_method"] is None:
        raise ApiRefusal(
            400,
            "You cannot confirm this SetupIntent because it's missing a payment method.",
            code="setup_intent_unexpected_state",
            setup_intent=intent,
        )
    method = call.need("payment_method", intent["payment_method"])
    card = bank_of(method)
    if card.bank is Bank.DECLINES:
        raise _declined(call, intent, method, card)
    if card.bank in {Bank.AUTHENTICATES_ALWAYS, Bank.AUTHENTICATES_ONCE}:
        return_url = call.params.get("return_url")
        return _ask_customer(
            call, intent, f"{call.base_url}/authenticate/{intent['id']}", return_url
        )
    return _saved(call, intent)


def _ask_customer(
    call: Call, intent: dict[str, Any], url: str, return_url: str | None
) -> dict[str, Any]:
    action: dict[str, Any] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    if return_url:
        redirect = {"return_url": return_url, "url": url}
        action = {"type": "redirect_to_url", "redirect_to_url": redirect}
    intent |= {"status": "requires_action", "next_action": action, "_return_url": return_url}
    call.tell("setup_intent.requires_action", intent)
    return call.books.change(intent)


def _saved(call: Call, intent: dict[str, Any]) -> dict[str, Any]:
    method = call.need("payment_method", intent["payment_method"])
    if intent["customer"] is not None:
        attach(call, call.need("customer", intent["customer"]), method)
    intent |= {"status": "succeeded", "next_action": None, "last_setup_error": None}
    call.tell("setup_intent.succeeded", intent)
    return call.books.change(intent)


def _declined(
    call: Call, intent: dict[str, Any], method: dict[str, Any], card: BankCard
) -> ApiRefusal:
    """Enter the failure and return the 402 that reports it."""
    refusal = ApiRefusal(
        402,
        saying(card),
        kind="card_error",
        code=card.code,
        decline_code=card.decline_code,
        payment_method=shown(method),
    )
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_setup_error": dict(refusal.body),
    }
    call.tell("setup_intent.setup_failed", intent)
    call.books.change(intent)
    refusal.body["setup_intent"] = shown(intent)
    return refusal


def _expire(call: Call, session: dict[str, Any]) -> dict[str, Any]:
    session |= {"status": "expired", "url": None}
    call.tell("checkout.session.expired", session)
    return call.books.change(session)


def _refuse_session(given: dict[str, Any]) -> None:
    """Refuse what Stripe refuses for setup mode, and the modes the sandbox does not serve."""
    if given.get("mode") != "setup":
        raise ApiRefusal(400, "The sandbox serves Checkout with mode=setup only.", param="mode")
    if given.get("ui_mode", "hosted_page") != "hosted_page":
        raise ApiRefusal(400, "The sandbox serves hosted pages only.", param="ui_mode")
    if "success_url" not in given:
        raise ApiRefusal(
            400,
            "Missing required param: success_url.",
            code="parameter_missing",
            param="success_url",
        )
    for name in ("success_url", "cancel_url"):
        if name in given and urlsplit(given[name]).scheme not in {"http", "https"}:
            raise ApiRefusal(400, "Not a valid URL", code="url_invalid", param=name)
    if "currency" not in given and "allowed_payment_method_types" not in given:
        raise ApiRefusal(
            400, "Missing required param: currency.", code="parameter_missing", param="currency"
        )
    for name in ("line_items", "payment_intent_data", "subscription_data"):
        if name in given:
            raise ApiRefusal(400, f"You cannot use `{name}` in `setup` mode.", param=name)
