"""Customers and their cards."""

from typing import Any

from ripeday.sandbox.books import new_id
from ripeday.sandbox.call import Call
from ripeday.sandbox.card import Bank, BankCard, bank_of, card_by_token, saying
from ripeday.sandbox.refusal import ApiRefusal
from ripeday.sandbox.thing import listing, thing, with_metadata

_PLAIN = ("address", "description", "email", "name", "phone", "shipping")


def create_customer(call: Call) -> dict[str, Any]:
    """POST /v1/customers."""
    given = call.params
    customer = thing(
        "customer",
        new_id("cus", 14),
        created=call.now,
        balance=given.get("balance", 0),
        delinquent=False,
        invoice_prefix=new_id("", 8)[1:].upper(),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        metadata=with_metadata({}, given.get("metadata")),
        next_invoice_sequence=1,
        preferred_locales=given.get("preferred_locales", []),
        tax_exempt="none",
        **{name: given.get(name) or None for name in _PLAIN},
    )
    call.books.add(customer)
    call.tell("customer.created", customer)
    if token := given.get("payment_method"):
        attach(call, customer, payment_method(call, token))
    return customer


def update_customer(call: Call) -> dict[str, Any]:
    """POST /v1/customers/{id}."""
    customer = call.need("customer", call.path[0])
    for name in (*_PLAIN, "preferred_locales"):
        if name in call.params:
            customer[name] = call.params[name] or None
    customer["metadata"] = with_metadata(customer["metadata"], call.params.get("metadata"))
    if settings := call.params.get("invoice_settings"):
        if method := settings.get("default_payment_method"):
            call.need("payment_method", method, param="invoice_settings[default_payment_method]")
        customer["invoice_settings"].update(settings)
    call.tell("customer.updated", customer)
    return call.books.change(customer)


def retrieve_customer(call: Call) -> dict[str, Any]:
    """GET /v1/customers/{id}."""
    return call.need("customer", call.path[0])


def delete_customer(call: Call) -> dict[str, Any]:
    """DELETE /v1/customers/{id}; the cards go with the customer."""
    customer = call.need("customer", call.path[0])
    for method in call.books.all("payment_method", customer=customer["id"]):
        call.books.change({**method, "customer": None, "_used_up": True})
    call.books.remove(customer["id"])
    call.tell("customer.deleted", customer)
    return {"id": customer["id"], "object": "customer", "deleted": True}


def list_customers(call: Call) -> dict[str, Any]:
    """GET /v1/customers."""
    page = call.books.page("customer", call.params, email=call.params.get("email"))
    return listing("/v1/customers", page.things, has_more=page.has_more)


def create_payment_method(call: Call) -> dict[str, Any]:
    """POST /v1/payment_methods; a card comes as a test token, never as a number."""
    if call.params.get("type") != "card" or "card" not in call.params:
        raise ApiRefusal(400, "The sandbox knows only cards.", param="type")
    card = call.params["card"]
    if "number" in card:
        raise ApiRefusal(
            402,
            "Sending credit card numbers directly to the Stripe API is generally unsafe. "
            "Use a test token, like tok_visa.",
            kind="card_error",
        )
    method = payment_method(call, card.get("token", ""), param="card[token]")
    method["billing_details"].update(call.params.get("billing_details", {}))
    method["metadata"] = with_metadata({}, call.params.get("metadata"))
    return call.books.change(method)


def retrieve_payment_method(call: Call) -> dict[str, Any]:
    """GET /v1/payment_methods/{id}; a test name makes a new card, as at Stripe."""
    return payment_method(call, call.path[-1], param=None)


def list_payment_methods(call: Call) -> dict[str, Any]:
    """GET /v1/payment_methods and /v1/customers/{id}/payment_methods."""
    customer = call.path[0] if call.path else call.params.get("customer")
    if customer is not None:
        call.need("customer", customer, param=None if call.path else "customer")
    page = call.books.page(
        "payment_method", call.params, customer=customer, type=call.params.get("type")
    )
    return listing("/v1/payment_methods", page.things, has_more=page.has_more)


def attach_payment_method(call: Call) -> dict[str, Any]:
    """POST /v1/payment_methods/{id}/attach; the bank checks the card as it does at Stripe."""
    if "customer" not in call.params:
        raise ApiRefusal(
            400, "Missing required param: customer.", code="parameter_missing", param="customer"
        )
    customer = call.need("customer", call.params["customer"], param="customer")
    return attach(call, customer, payment_method(call, call.path[0], param=None))


def detach_payment_method(call: Call) -> dict[str, Any]:
    """POST /v1/payment_methods/{id}/detach; a detached card cannot be used again."""
    method = call.need("payment_method", call.path[0])
    if method["customer"] is None:
        raise ApiRefusal(
            400, "The payment method you provided is not attached to a customer.", param="id"
        )
    method |= {"customer": None, "_used_up": True}
    call.tell("payment_method.detached", method)
    return call.books.change(method)


def attach(call: Call, customer: dict[str, Any], method: dict[str, Any]) -> dict[str, Any]:
    """Give a card to a customer.

    Raises
    ------
    ApiRefusal
        402 when the bank declines it at once; 400 when it belongs to another.
    """
    refuse_used_up(method)
    if method["customer"] not in {None, customer["id"]}:
        raise ApiRefusal(
            400,
            "The payment method you provided has already been attached to a customer.",
            code="resource_already_exists",
            param="payment_method",
        )
    card = bank_of(method)
    if card.bank is Bank.DECLINES:
        raise declined(card, payment_method=method)
    method["customer"] = customer["id"]
    call.tell("payment_method.attached", method)
    return call.books.change(method)


def refuse_used_up(method: dict[str, Any]) -> None:
    """Refuse a card that was detached, or used once without a customer."""
    if method.get("_used_up"):
        raise ApiRefusal(
            400,
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
            "attachment, shared with a connected account without Customer attachment, or was "
            "detached from a Customer. It may not be used again.",
            code="payment_method_unexpected_state",
            param="payment_method",
        )


def declined(card: BankCard, **detail: Any) -> ApiRefusal:
    """Return the answer of a bank that declines."""
    return ApiRefusal(
        402,
        saying(card),
        kind="card_error",
        code=card.code,
        decline_code=card.decline_code,
        **detail,
    )


def payment_method(
    call: Call, name: str, *, param: str | None = "payment_method"
) -> dict[str, Any]:
    """Return the card with this id; a test name like `pm_card_visa` makes a new one."""
    if card := card_by_token(name):
        return new_payment_method(call, card)
    return call.need("payment_method", name, param=param)


def new_payment_method(
    call: Call, card: BankCard, *, expires: tuple[int, int] | None = None, name: str | None = None
) -> dict[str, Any]:
    """Enter a card into the books; `expires` is (month, year)."""
    year = 1970 + call.now // 31_556_952
    month, year = expires or (12, year + 4)
    method = thing(
        "payment_method",
        new_id("pm"),
        created=call.now,
        type="card",
        allow_redisplay="unspecified",
        billing_details={
            "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
            "email": None,
            "name": name,
            "phone": None,
            "tax_id": None,
        },
        card=_face(card, month, year),
        metadata={},
        _number=card.number,
    )
    return call.books.add(method)


def _face(card: BankCard, month: int, year: int) -> dict[str, Any]:
    """Return what may be shown of a card."""
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": "US",
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": f"sandbox{card.number[-8:]}",
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
