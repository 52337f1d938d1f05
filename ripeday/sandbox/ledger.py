"""Charges, refunds and the balance they add up to. The sandbox takes no fee."""

from typing import Any

from ripeday.sandbox.books import new_id
from ripeday.sandbox.call import Call
from ripeday.sandbox.refusal import ApiRefusal
from ripeday.sandbox.thing import listing, thing, with_metadata


def enter_charge(
    call: Call,
    intent: dict[str, Any],
    method: dict[str, Any],
    *,
    failure: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Enter one try at an intent's money; `failure` is its code and text."""
    charge_id = new_id("ch")
    paid = failure is None
    movement = (
        _enter_movement(call, "charge", charge_id, intent["amount"], intent) if paid else None
    )
    charge = thing(
        "charge",
        charge_id,
        created=call.now,
        amount=intent["amount"],
        amount_captured=intent["amount"] if paid else 0,
        amount_refunded=0,
        balance_transaction=movement,
        billing_details=method["billing_details"],
        calculated_statement_descriptor="RIPEDAY SANDBOX",
        captured=paid,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=failure[0] if failure else None,
        failure_message=failure[1] if failure else None,
        fraud_details={},
        metadata=intent["metadata"],
        outcome=_outcome(failure),
        paid=paid,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": "card", "card": method["card"]},
        refunded=False,
        status="succeeded" if paid else "failed",
    )
    return call.books.add(charge)


def create_refund(call: Call) -> dict[str, Any]:
    """POST /v1/refunds."""
    charge = _charge_to_refund(call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = call.params.get("amount", left)
    _refuse_refund(charge, amount, left)
    refund_id = new_id("re")
    refund = thing(
        "refund",
        refund_id,
        created=call.now,
        amount=amount,
        balance_transaction=_enter_movement(call, "refund", refund_id, -amount, charge),
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details={"type": "card", "card": {"type": "refund"}},
        metadata=with_metadata({}, call.params.get("metadata")),
        payment_intent=charge["payment_intent"],
        reason=call.params.get("reason"),
        status="succeeded",
    )
    call.books.add(refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    call.books.change(charge)
    call.tell("refund.created", refund)
    call.tell("charge.refunded", charge)
    return refund


def retrieve_refund(call: Call) -> dict[str, Any]:
    """GET /v1/refunds/{id}."""
    return call.need("refund", call.path[0])


def list_refunds(call: Call) -> dict[str, Any]:
    """GET /v1/refunds."""
    page = call.books.page(
        "refund",
        call.params,
        payment_intent=call.params.get("payment_intent"),
        charge=call.params.get("charge"),
    )
    return listing("/v1/refunds", page.things, has_more=page.has_more)


def retrieve_charge(call: Call) -> dict[str, Any]:
    """GET /v1/charges/{id}."""
    return call.need("charge", call.path[0])


def list_charges(call: Call) -> dict[str, Any]:
    """GET /v1/charges."""
    page = call.books.page(
        "charge",
        call.params,
        customer=call.params.get("customer"),
        payment_intent=call.params.get("payment_intent"),
    )
    return listing("/v1/charges", page.things, has_more=page.has_more)


def list_movements(call: Call) -> dict[str, Any]:
    """GET /v1/balance_transactions."""
    params = call.params
    page = call.books.page(
        "balance_transaction",
        params,
        currency=params.get("currency"),
        source=params.get("source"),
        type=params.get("type"),
    )
    return listing("/v1/balance_transactions", page.things, has_more=page.has_more)


def retrieve_movement(call: Call) -> dict[str, Any]:
    """GET /v1/balance_transactions/{id}."""
    return call.need("balance_transaction", call.path[0])


def retrieve_balance(call: Call) -> dict[str, Any]:
    """GET /v1/balance: what was taken and not given back, per currency."""
    rows = call.books.db.execute(
        "select json_extract(body, '$.currency') as currency, "
        "sum(json_extract(body, '$.net')) as amount "
        "from thing where kind = 'balance_transaction' group by 1 order by 1"
    )
    available = [
        {
            "amount": row["amount"],
            "currency": row["currency"],
            "source_types": {"card": row["amount"]},
        }
        for row in rows
    ]
    nothing = [{**part, "amount": 0, "source_types": {"card": 0}} for part in available]
    balance = thing("balance", "", created=call.now, available=available, pending=nothing)
    return {name: value for name, value in balance.items() if name not in {"id", "created"}}


def _charge_to_refund(call: Call) -> dict[str, Any]:
    """Return the charge that a refund names, directly or by its intent."""
    if charge := call.params.get("charge"):
        return call.need("charge", charge, param="charge")
    intent_id = call.params.get("payment_intent")
    if intent_id is None:
        raise ApiRefusal(
            400,
            "One of the following params should be provided for this request: "
            "payment_intent or charge.",
        )
    intent = call.need("payment_intent", intent_id, param="payment_intent")
    if intent["status"] != "succeeded":
        raise ApiRefusal(
            400,
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
            param="payment_intent",
        )
    return call.need("charge", intent["latest_charge"])


def _refuse_refund(charge: dict[str, Any], amount: int, left: int) -> None:
    if left == 0:
        raise ApiRefusal(
            400,
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
        )
    if amount < 1:
        raise ApiRefusal(
            400,
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param="amount",
        )
    if amount > left:
        raise ApiRefusal(
            400,
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            code="amount_too_large",
            param="amount",
        )


def _enter_movement(call: Call, kind: str, source: str, amount: int, paid: dict[str, Any]) -> str:
    """Enter a movement of the balance and return its id."""
    movement = thing(
        "balance_transaction",
        new_id("txn"),
        created=call.now,
        amount=amount,
        available_on=call.now,
        balance_type="payments",
        currency=paid["currency"],
        description=paid["description"],
        fee=0,
        fee_details=[],
        net=amount,
        reporting_category=kind,
        source=source,
        status="available",
        type=kind,
    )
    return str(call.books.add(movement)["id"])


def _outcome(failure: tuple[str, str] | None) -> dict[str, Any]:
    """Return how the card network judged the try."""
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if failure else "approved_by_network",
        "reason": failure[0] if failure else None,
        "risk_level": "normal",
        "seller_message": failure[1] if failure else "Payment complete.",
        "type": "issuer_declined" if failure else "authorized",
    }
