"""The objects of the API as they travel: every field that stripe-python expects, null where unused.

Fields whose name begins with an underscore are the sandbox's own and never leave it.
"""

from functools import cache
from typing import Any, get_args

import stripe
from stripe._api_version import _ApiVersion

API_VERSION = _ApiVersion.CURRENT

# Shown by Stripe only when asked for by `expand`, or only for other kinds of payment.
_ABSENT = {
    "customer": {"cash_balance", "deleted", "sources", "subscriptions", "tax", "tax_ids"},
    "charge": {"refunds", "level3", "authorization_code"},
    "checkout.session": {"line_items"},
    "event": {"account", "context"},
    "webhook_endpoint": {"deleted", "secret"},
    "payment_method": set(),
}
_CLASSES: tuple[type[stripe.StripeObject], ...] = (
    stripe.Balance,
    stripe.BalanceTransaction,
    stripe.Charge,
    stripe.Customer,
    stripe.Event,
    stripe.PaymentIntent,
    stripe.PaymentMethod,
    stripe.Refund,
    stripe.SetupIntent,
    stripe.WebhookEndpoint,
    stripe.checkout.Session,
)


def thing(kind: str, thing_id: str, *, created: int, **values: Any) -> dict[str, Any]:
    """Return a whole object: nulls for every optional field, then `values`."""
    return {
        "id": thing_id,
        "object": kind,
        **dict.fromkeys(_optional_fields(kind)),
        "created": created,
        "livemode": False,
        **values,
    }


@cache
def _optional_fields(kind: str) -> tuple[str, ...]:
    """Return the fields that stripe-python declares as possibly null."""
    if kind == "payment_method":
        return ("allow_redisplay", "customer", "customer_account")
    cls = next(c for c in _CLASSES if getattr(c, "OBJECT_NAME", "") == kind)
    return tuple(
        name
        for name, hint in cls.__annotations__.items()
        if type(None) in get_args(hint) and name not in _ABSENT.get(kind, ())
    )


def shown(value: Any) -> Any:
    """Return a value without the sandbox's own fields."""
    if isinstance(value, dict):
        return {name: shown(below) for name, below in value.items() if name[:1] != "_"}
    if isinstance(value, list):
        return [shown(below) for below in value]
    return value


def listing(url: str, things: list[dict[str, Any]], *, has_more: bool = False) -> dict[str, Any]:
    """Return a list object."""
    return {"object": "list", "url": url, "has_more": has_more, "data": things}


def with_metadata(before: dict[str, str], given: Any) -> dict[str, str]:
    """Return metadata after a change: empty values unset their key, an empty text unsets all."""
    if given == "":
        return {}
    return {key: value for key, value in {**before, **(given or {})}.items() if value != ""}
