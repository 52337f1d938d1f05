"""Errors as answers: a page in the person's language, a line for htmx, or JSON for a program.

What the person did wrong is told; what we did wrong is not shown, only logged under the id that the page names.
"""

import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Template

from ripeday.kit.entrypoints.page import current_page, speaker
from ripeday.kit.errors import (
    Invalid,
    InvalidForm,
    NotAllowed,
    NotFound,
    Refused,
    RipedayError,
    Unavailable,
)
from ripeday.kit.text import Message, message
from subscriptions.entrypoints.guard import SignInNeeded, lead_to_sign_in

RETRY_AFTER_S = 30
Visit = Request[Any, Any, Any]

_log = structlog.get_logger("ripeday.web")
_STATUS: tuple[tuple[type[RipedayError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Invalid, 422),
    (InvalidForm, 422),
    (Refused, 409),
    (Unavailable, 503),
)
_HEADINGS = {
    403: message("This is not for your role"),
    404: message("There is nothing here"),
    409: message("That cannot be done"),
    422: message("Something needs to be put right"),
    500: message("Something went wrong on our side"),
    503: message("We cannot do this right now"),
}
_OURS = message("It has been written down and we will look into it. Please try again in a moment.")
_STALE = message("This page was open for too long. Go back, load it again, and try once more.")
_NOTHING = message("The page may have moved, or the address was typed wrong.")
_NOT_UNDERSTOOD = message("This request could not be understood.")


def status_of(error: RipedayError) -> int:
    """Return the HTTP status that fits an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def answer_refusal(request: Visit, error: RipedayError) -> Response[Any]:
    """Answer with what went wrong, in the person's language."""
    status = status_of(error)
    extra: dict[str, Any] = {}
    if isinstance(error, Invalid):
        extra["field"] = error.field
    if isinstance(error, InvalidForm):
        extra["errors"] = [
            {"field": each.field, "message": speaker().render(each.message)}
            for each in error.errors
        ]
    if status >= 500:
        _log.warning("unavailable", code=error.code, reason=str(error))
    return _answer(request, status, error.code, error.message, extra)


def answer_http(request: Visit, error: HTTPException) -> Response[Any]:
    """Answer what Litestar itself refused: no such page, a stale form, an unreadable request."""
    status = error.status_code
    if status >= 500:
        return answer_crash(request, error)
    said = {403: _STALE, 404: _NOTHING}.get(status, _NOT_UNDERSTOOD)
    extra: dict[str, Any] = {}
    if isinstance(error, ValidationException) and _wants_json(request):
        extra["detail"] = error.extra
    code = {403: "stale_form", 404: "not_found", 405: "method_not_allowed"}.get(
        status, "bad_request"
    )
    return _answer(request, status, code, said, extra, headers=error.headers)


def answer_crash(request: Visit, error: Exception) -> Response[Any]:
    """Answer an error nobody foresaw: say nothing of it, log it whole."""
    # The trace as text: a renderer that prints local variables would write names and addresses.
    trace = "".join(traceback.format_exception(_without_rows(error)))
    _log.error("crashed", path=request.url.path, trace=trace)
    return _answer(request, 500, "internal_error", _OURS, {})


def _without_rows(error: BaseException) -> BaseException:
    """Take out what a database tells of the row in question: it may be somebody's name and address."""
    told: BaseException | None = error
    while told is not None:
        if getattr(told, "detail", None) is not None:
            told.detail = None  # type: ignore[attr-defined]
        told = told.__cause__ or told.__context__
    return error


def _wants_json(request: Visit) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api") or (
        "application/json" in accept and "text/html" not in accept
    )


def _answer(
    request: Visit,
    status: int,
    code: str,
    said: Message,
    extra: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    sent = dict(headers or {})
    if status == 503:
        sent["retry-after"] = str(RETRY_AFTER_S)
    if _wants_json(request):
        body = {"code": code, "message": speaker().render(said), **extra}
        return Response(body, status_code=status, media_type=MediaType.JSON, headers=sent)
    context = {
        "status": status,
        "heading": _HEADINGS.get(status, _HEADINGS[409]),
        "said": said,
        "request_id": current_page().request_id,
    }
    if current_page().is_fragment:
        sent |= {"hx-retarget": "#toast", "hx-reswap": "outerHTML"}
        return Template("pages/error_toast.html", context=context, status_code=status, headers=sent)
    return Template("pages/error.html", context=context, status_code=status, headers=sent)


HANDLERS: dict[int | type[Exception], Any] = {
    SignInNeeded: lead_to_sign_in,
    RipedayError: answer_refusal,
    HTTPException: answer_http,
    Exception: answer_crash,
}
