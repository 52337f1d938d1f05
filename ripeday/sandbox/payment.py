"""PaymentIntents: taking money from a card, with the customer absent or present."""

from typing import Any

from ripeday.sandbox.books import new_id
from ripeday.sandbox.call import Call
from ripeday.sandbox.card import Bank, BankCard, bank_of, saying
from ripeday.sandbox.customer import payment_method, refuse_used_up
from ripeday.sandbox.ledger import enter_charge
from ripeday.sandbox.refusal import ApiRefusal, wrong_state
from ripeday.sandbox.search import matching
from ripeday.sandbox.thing import listing, shown, thing, with_metadata

SMALLEST = {"usd": 50, "eur": 50, "gbp": 30, "chf": 50, "jpy": 50, "cny": 400, "hkd": 400}
LARGEST = 99_999_999
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def create_payment_intent(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents."""
    given = call.params
    _refuse_amount(given["amount"], given["currency"])
    _refuse_combinations(given)
    if customer := given.get("customer"):
        call.need("customer", customer, param="customer")
    method = payment_method(call, given["payment_method"]) if "payment_method" in given else None
    intent_id = new_id("pi")
    intent = thing(
        "payment_intent",
        intent_id,
        created=call.now,
        amount=given["amount"],
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        allowed_payment_method_types=given.get("allowed_payment_method_types"),
        automatic_payment_methods=_automatic(given),
        capture_method="automatic_async",
        client_secret=f"{intent_id}_secret_{new_id('', 25)[1:]}",
        confirmation_method="automatic",
        currency=given["currency"].lower(),
        customer=customer,
        description=given.get("description") or None,
        metadata=with_metadata({}, given.get("metadata")),
        payment_method=method["id"] if method else None,
        payment_method_options={"card": {"request_three_d_secure": "automatic"}},
        payment_method_types=["card"],
        receipt_email=given.get("receipt_email"),
        setup_future_usage=given.get("setup_future_usage"),
        statement_descriptor_suffix=given.get("statement_descriptor_suffix"),
        status="requires_confirmation" if method else "requires_payment_method",
    )
    _refuse_strangers_card(intent, method)
    call.books.add(intent)
    call.tell("payment_intent.created", intent)
    return _confirmed(call, intent) if given.get("confirm") else intent


def confirm_payment_intent(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents/{id}/confirm."""
    intent = call.need("payment_intent", call.path[0])
    if intent["status"] not in _OPEN:
        raise wrong_state("PaymentIntent", intent["status"], "confirm", payment_intent=intent)
    if name := call.params.get("payment_method"):
        method = payment_method(call, name)
        _refuse_strangers_card(intent, method)
        intent["payment_method"] = method["id"]
    return _confirmed(call, intent)


def update_payment_intent(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents/{id}."""
    intent = call.need("payment_intent", call.path[0])
    if "amount" in call.params and intent["status"] not in _OPEN:
        raise wrong_state("PaymentIntent", intent["status"], "update", payment_intent=intent)
    for name in ("amount", "description"):
        if name in call.params:
            intent[name] = call.params[name]
    intent["metadata"] = with_metadata(intent["metadata"], call.params.get("metadata"))
    return call.books.change(intent)


def cancel_payment_intent(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents/{id}/cancel."""
    intent = call.need("payment_intent", call.path[0])
    if intent["status"] not in {*_OPEN, "processing"}:
        raise wrong_state("PaymentIntent", intent["status"], "cancel", payment_intent=intent)
    intent |= {
        "status": "canceled",
        "canceled_at": call.now,
        "cancellation_reason": call.params.get("cancellation_reason"),
        "next_action": None,
    }
    call.tell("payment_intent.canceled", intent)
    return call.books.change(intent)


def retrieve_payment_intent(call: Call) -> dict[str, Any]:
    """GET /v1/payment_intents/{id}."""
    return call.need("payment_intent", call.path[0])


def list_payment_intents(call: Call) -> dict[str, Any]:
    """GET /v1/payment_intents."""
    page = call.books.page("payment_intent", call.params, customer=call.params.get("customer"))
    return listing("/v1/payment_intents", page.things, has_more=page.has_more)


def search_payment_intents(call: Call) -> dict[str, Any]:
    """GET /v1/payment_intents/search."""
    found = matching(call.books.all("payment_intent"), call.params["query"])
    limit, page = call.params.get("limit", 10), int(call.params.get("page", "0") or 0)
    part = found[page * limit : (page + 1) * limit]
    has_more = len(found) > (page + 1) * limit
    return {
        **listing("/v1/payment_intents/search", part, has_more=has_more),
        "object": "search_result",
        "next_page": str(page + 1) if has_more else None,
    }


def authenticate_payment(call: Call, intent: dict[str, Any], *, accepted: bool) -> dict[str, Any]:
    """Settle a payment whose customer has answered their bank's question."""
    method = call.need("payment_method", intent["payment_method"])
    if accepted:
        return _paid(call, intent, method)
    code = "payment_intent_authentication_failure"
    text = "The customer did not confirm the payment with their bank."
    _fail(call, intent, method, (code, None, text))
    return intent


def _confirmed(call: Call, intent: dict[str, Any]) -> dict[str, Any]:
    """Ask the bank for the money."""
    if intent["payment_method"] is None:
        raise ApiRefusal(
            400,
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method or ConfirmationToken.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    method = call.need("payment_method", intent["payment_method"])
    refuse_used_up(method)
    card = bank_of(method)
    if card.bank in {Bank.DECLINES, Bank.DECLINES_LATER}:
        raise _declined(call, intent, method, card)
    off_session = bool(call.params.get("off_session"))
    saved_for_later = method["customer"] is not None and off_session
    asks = card.bank is Bank.AUTHENTICATES_ALWAYS or (
        card.bank is Bank.AUTHENTICATES_ONCE and not saved_for_later
    )
    if not asks:
        return _paid(call, intent, method)
    if off_session or call.params.get("error_on_requires_action"):
        raise _declined(call, intent, method, card)
    return _asks_customer(call, intent)


def _asks_customer(call: Call, intent: dict[str, Any]) -> dict[str, Any]:
    """Send the customer to their bank's page."""
    return_url = call.params.get("return_url")
    url = f"{call.base_url}/authenticate/{intent['id']}"
    action: dict[str, Any] = {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"type": "three_d_secure"},
    }
    if return_url:
        action = {
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": return_url, "url": url},
        }
    intent |= {
        "status": "requires_action",
        "next_action": action,
        "last_payment_error": None,
        "_return_url": return_url,
    }
    call.tell("payment_intent.requires_action", intent)
    return call.books.change(intent)


def _paid(call: Call, intent: dict[str, Any], method: dict[str, Any]) -> dict[str, Any]:
    """Take the money."""
    charge = enter_charge(call, intent, method)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    if method["customer"] is None:
        call.books.change({**method, "_used_up": True})
    call.tell("charge.succeeded", charge)
    call.tell("payment_intent.succeeded", intent)
    return call.books.change(intent)


def _declined(
    call: Call, intent: dict[str, Any], method: dict[str, Any], card: BankCard
) -> ApiRefusal:
    """Enter the failure and return the 402 that reports it."""
    error = _fail(call, intent, method, (card.code, card.decline_code, saying(card)))
    refusal = ApiRefusal(402, error["message"], kind="card_error")
    refusal.body |= {
        **{name: value for name, value in error.items() if value is not None},
        "payment_intent": shown(intent),
    }
    return refusal


def _fail(
    call: Call,
    intent: dict[str, Any],
    method: dict[str, Any],
    why: tuple[str, str | None, str],
) -> dict[str, Any]:
    """Enter a failed try; the intent waits for another card. Return the error as it is told.

    `why` is code, decline code and text.
    """
    code, decline_code, text = why
    charge = enter_charge(call, intent, method, failure=(code, text))
    error = {
        "type": "card_error",
        "code": code,
        "decline_code": decline_code,
        "message": text,
        "charge": charge["id"],
        "payment_method": shown(method),
        "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
    }
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": error,
        "latest_charge": charge["id"],
        "next_action": None,
    }
    call.tell("charge.failed", charge)
    call.tell("payment_intent.payment_failed", intent)
    call.books.change(intent)
    return error


def _automatic(given: dict[str, Any]) -> dict[str, Any] | None:
    """Return the setting for automatic payment methods; on unless types were named."""
    if "allowed_payment_method_types" in given:
        return None
    return {
        "allow_redirects": "always",
        **given.get("automatic_payment_methods", {"enabled": True}),
    }


def _refuse_amount(amount: int, currency: str) -> None:
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise ApiRefusal(400, f"Invalid currency: {currency}.", param="currency")
    if amount < 1:
        raise ApiRefusal(
            400,
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param="amount",
        )
    if amount < SMALLEST.get(currency.lower(), 50):
        raise ApiRefusal(
            400,
            "Amount must convert to at least 50 cents.",
            code="amount_too_small",
            param="amount",
        )
    if amount > LARGEST:
        raise ApiRefusal(
            400, "Amount must be no more than 999,999.99.", code="amount_too_large", param="amount"
        )


def _refuse_combinations(given: dict[str, Any]) -> None:
    """Refuse parameters that exclude or need each other."""
    if {"allowed_payment_method_types", "automatic_payment_methods"} <= given.keys():
        raise ApiRefusal(
            400,
            "You may only specify one of these parameters: allowed_payment_method_types, "
            "automatic_payment_methods.",
        )
    confirm = given.get("confirm", False)
    for name in ("off_session", "return_url", "error_on_requires_action"):
        if given.get(name) and not confirm:
            raise ApiRefusal(
                400, f"{name} can only be used when confirm is set to true.", param=name
            )
    automatic = _automatic(given)
    redirects = automatic is not None and automatic["allow_redirects"] == "always"
    if confirm and redirects and "return_url" not in given and not given.get("off_session"):
        raise ApiRefusal(
            400,
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. "
            "Because some of these payment methods might redirect your customer off of your page, "
            "you must provide a `return_url`. If you don't want to accept redirect-based payment "
            "methods, set `automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to `never`.",
        )


def _refuse_strangers_card(intent: dict[str, Any], method: dict[str, Any] | None) -> None:
    """Refuse a card that belongs to another customer than the payment."""
    if method is None or method["customer"] in {None, intent["customer"]}:
        return
    if intent["customer"] is None:
        text = (
            f"The provided PaymentMethod ({method['id']}) belongs to a customer. Please include "
            "the customer in the `customer` parameter on the PaymentIntent."
        )
    else:
        text = (
            f"The customer does not have a payment method with the ID {method['id']}. The payment "
            "method must be attached to the customer."
        )
    raise ApiRefusal(400, text, param="payment_method")
