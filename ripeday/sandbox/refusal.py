"""How Stripe says no: one shape for every error."""

from typing import Any, Literal

ErrorType = Literal["invalid_request_error", "card_error", "idempotency_error", "api_error"]


class ApiRefusal(Exception):
    """An answer that is an error; `status` is the HTTP status, `body` what is under `error`."""

    def __init__(
        self,
        status: int,
        text: str,
        *,
        kind: ErrorType = "invalid_request_error",
        headers: dict[str, str] | None = None,
        **detail: Any,
    ) -> None:
        self.status = status
        self.headers = headers or {}
        self.body: dict[str, Any] = {
            "message": text,
            "type": kind,
            **{name: value for name, value in detail.items() if value is not None},
        }
        if code := self.body.get("code"):
            self.body["doc_url"] = f"https://stripe.com/docs/error-codes/{code}".replace("_", "-")
        super().__init__(text)


def missing(kind: str, object_id: str, param: str = "id", status: int = 404) -> ApiRefusal:
    """Return the refusal for an object that is not in the books."""
    return ApiRefusal(
        status, f"No such {kind}: '{object_id}'", code="resource_missing", param=param
    )


def wrong_state(kind: str, status: str, doing: str, **detail: Any) -> ApiRefusal:
    """Return the refusal for an intent that is past (or before) what was asked."""
    noun = kind.removesuffix("Intent").lower()
    return ApiRefusal(
        400,
        f"You cannot {doing} this {kind} because it has a status of {status}.",
        code=f"{noun}_intent_unexpected_state",
        **detail,
    )
