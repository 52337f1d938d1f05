"""Every request the API knows: its address, the type of its parameters, and what it does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ripeday.sandbox import customer, ledger, news, payment, setup
from ripeday.sandbox.call import Call
from ripeday.sandbox.refusal import ApiRefusal

Operation = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """A request; `module` and `name` say where stripe-python keeps its parameters."""

    method: str
    pattern: re.Pattern[str]
    module: str
    name: str
    operation: Operation


def _route(request: str, types: str, operation: Operation) -> Route:
    """Return a route written "POST /v1/customers/{id}"; `types` is "module Name"."""
    method, path = request.split(" ")
    pattern = re.compile(re.sub(r"\{\w+\}", r"([^/]+)", path))
    module, name = types.split(" ")
    return Route(method, pattern, module, name, operation)


def _resource(path: str, module: str, name: str, **operations: Operation) -> list[Route]:
    """Return the usual routes of a resource, for those operations that it has."""
    shapes = {
        "create": f"POST {path}",
        "list": f"GET {path}",
        "retrieve": f"GET {path}/{{id}}",
        "update": f"POST {path}/{{id}}",
        "delete": f"DELETE {path}/{{id}}",
    }
    return [
        _route(
            shapes.get(action, f"POST {path}/{{id}}/{action}"),
            f"{module}_{action}_params {name}{action.title()}Params",
            operation,
        )
        for action, operation in operations.items()
    ]


ROUTES = (
    _route(
        "GET /v1/payment_intents/search",
        "_payment_intent_search_params PaymentIntentSearchParams",
        payment.search_payment_intents,
    ),
    _route(
        "GET /v1/customers/{id}/payment_methods",
        "_customer_payment_method_list_params CustomerPaymentMethodListParams",
        customer.list_payment_methods,
    ),
    _route(
        "GET /v1/customers/{id}/payment_methods/{id}",
        "_customer_payment_method_retrieve_params CustomerPaymentMethodRetrieveParams",
        customer.retrieve_payment_method,
    ),
    _route(
        "GET /v1/balance",
        "_balance_retrieve_params BalanceRetrieveParams",
        ledger.retrieve_balance,
    ),
    *_resource(
        "/v1/customers",
        "_customer",
        "Customer",
        create=customer.create_customer,
        list=customer.list_customers,
        retrieve=customer.retrieve_customer,
        update=customer.update_customer,
        delete=customer.delete_customer,
    ),
    *_resource(
        "/v1/payment_methods",
        "_payment_method",
        "PaymentMethod",
        create=customer.create_payment_method,
        list=customer.list_payment_methods,
        retrieve=customer.retrieve_payment_method,
        attach=customer.attach_payment_method,
        detach=customer.detach_payment_method,
    ),
    *_resource(
        "/v1/setup_intents",
        "_setup_intent",
        "SetupIntent",
        create=setup.create_setup_intent,
        list=setup.list_setup_intents,
        retrieve=setup.retrieve_setup_intent,
        confirm=setup.confirm_setup_intent,
        cancel=setup.cancel_setup_intent,
    ),
    *_resource(
        "/v1/checkout/sessions",
        "checkout._session",
        "Session",
        create=setup.create_session,
        list=setup.list_sessions,
        retrieve=setup.retrieve_session,
        expire=setup.expire_session,
    ),
    *_resource(
        "/v1/payment_intents",
        "_payment_intent",
        "PaymentIntent",
        create=payment.create_payment_intent,
        list=payment.list_payment_intents,
        retrieve=payment.retrieve_payment_intent,
        update=payment.update_payment_intent,
        confirm=payment.confirm_payment_intent,
        cancel=payment.cancel_payment_intent,
    ),
    *_resource(
        "/v1/refunds",
        "_refund",
        "Refund",
        create=ledger.create_refund,
        list=ledger.list_refunds,
        retrieve=ledger.retrieve_refund,
    ),
    *_resource(
        "/v1/charges",
        "_charge",
        "Charge",
        list=ledger.list_charges,
        retrieve=ledger.retrieve_charge,
    ),
    *_resource(
        "/v1/balance_transactions",
        "_balance_transaction",
        "BalanceTransaction",
        list=ledger.list_movements,
        retrieve=ledger.retrieve_movement,
    ),
    *_resource(
        "/v1/events", "_event", "Event", list=news.list_events, retrieve=news.retrieve_event
    ),
    *_resource(
        "/v1/webhook_endpoints",
        "_webhook_endpoint",
        "WebhookEndpoint",
        create=news.create_webhook_endpoint,
        list=news.list_webhook_endpoints,
        retrieve=news.retrieve_webhook_endpoint,
        update=news.update_webhook_endpoint,
        delete=news.delete_webhook_endpoint,
    ),
)


def route_for(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """Return the route of a request and the ids in its address.

    Raises
    ------
    ApiRefusal
        404, as Stripe says it.
    """
    for route in ROUTES:
        match = route.pattern.fullmatch(path) if route.method == method else None
        if match:
            return route, match.groups()
    raise ApiRefusal(
        404,
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we "
        "can help at https://support.stripe.com/.",
    )
