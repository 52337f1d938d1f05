"""The door of the API: key, faults, parameters, idempotency; then the books."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ripeday.sandbox.books import Answer, Books, new_id
from ripeday.sandbox.call import Call, Endpoint
from ripeday.sandbox.fault import Fault, FaultKind, next_fault
from ripeday.sandbox.parameter import checked, decoded
from ripeday.sandbox.refusal import ApiRefusal
from ripeday.sandbox.route import Route, route_for
from ripeday.sandbox.thing import API_VERSION, shown

LONGEST_KEY = 255
_UNKNOWN = "An unknown error occurred."


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What the door needs of a request; header names in lower case."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]
    base_url: str


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What goes back. `is_broken`: the connection ends in the middle of it."""

    status: int
    body: str
    headers: dict[str, str]
    is_broken: bool = False


class Api:
    """Answers requests as Stripe's servers do, one after the other.

    Parameters
    ----------
    api_key
        The only secret key that is let in.
    endpoint
        Where news goes besides the registered webhook endpoints.
    told
        Called after each request that may have made news.
    """

    def __init__(
        self,
        books: Books,
        *,
        api_key: str,
        endpoint: Endpoint | None,
        told: Callable[[], None],
    ) -> None:
        self._books, self._api_key, self._endpoint, self._told = books, api_key, endpoint, told
        self._in_flight: set[str] = set()

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer one request."""
        request_id = new_id("req", 14)
        wire = (
            request.query
            if request.method in {"GET", "DELETE"}
            else request.body.decode(errors="replace")
        )
        fault = next_fault(self._books, method=request.method, path=request.path, body=wire)
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
        if key := request.headers.get("idempotency-key"):
            headers["Idempotency-Key"] = key
        try:
            self._refuse_stranger(request)
            await _strike_before(fault)
            answer = await self._executed(request, wire, fault, headers)
        except ApiRefusal as refusal:
            answer = _refused(refusal, headers)
        self._told()
        return await _struck_after(answer, fault)

    def call(self, *, path: tuple[str, ...], base_url: str) -> Call:
        """Return a call that the sandbox's own pages make, in a customer's name."""
        return Call(self._books, {}, path, int(time.time()), base_url, self._endpoint)

    def _refuse_stranger(self, request: HttpRequest) -> None:
        """Let in who has the key, as Bearer or as the user of Basic authentication."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            token = base64.b64decode(token + "==").decode(errors="replace").partition(":")[0]
        if not token:
            raise ApiRefusal(
                401,
                "You did not provide an API key. You need to provide your API key in the "
                "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
                "YOUR_SECRET_KEY').",
            )
        if not hmac.compare_digest(token.encode(), self._api_key.encode()):
            masked = f"{token[:8]}{'*' * max(len(token) - 12, 4)}{token[-4:]}"
            raise ApiRefusal(401, f"Invalid API Key provided: {masked}")

    async def _executed(
        self, request: HttpRequest, wire: str, fault: Fault | None, headers: dict[str, str]
    ) -> HttpAnswer:
        """Run the request, or repeat what was answered under its key."""
        route, ids = route_for(request.method, request.path)
        params = decoded(parse_qsl(wire, keep_blank_values=True))
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        if key is not None and len(key) > LONGEST_KEY:
            raise ApiRefusal(400, "Idempotency keys are at most 255 characters long.")
        fingerprint = _fingerprint(request, params)
        if key is not None and (kept := self._kept(key, fingerprint)):
            replayed = {**headers, "Idempotent-Replayed": "true"}
            return HttpAnswer(kept.status, kept.body, replayed)
        values = checked(route.module, route.name, params)
        call = Call(
            self._books,
            values,
            ids,
            int(time.time()),
            request.base_url,
            self._endpoint,
            headers["Request-Id"],
            key,
        )
        await self._hold(key, fault)
        return self._entered(route, call, fingerprint, fault, headers)

    def _kept(self, key: str, fingerprint: str) -> Answer | None:
        """Return what was answered under the key.

        Raises
        ------
        ApiRefusal
            409 while the first request still runs, 400 when this one asks for something else.
        """
        if key in self._in_flight:
            raise _key_in_use(key)
        kept = self._books.answer(key, now=int(time.time()))
        if kept is not None and kept.fingerprint != fingerprint:
            raise ApiRefusal(
                400,
                "Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{key}' if you meant to execute a "
                "different request.",
                kind="idempotency_error",
            )
        return kept

    async def _hold(self, key: str | None, fault: Fault | None) -> None:
        """Be slow, if so planned, holding the key meanwhile."""
        if fault is None or fault.kind is not FaultKind.SLOW:
            return
        self._in_flight |= {key} if key else set()
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            self._in_flight.discard(key or "")

    def _entered(
        self,
        route: Route,
        call: Call,
        fingerprint: str,
        fault: Fault | None,
        headers: dict[str, str],
    ) -> HttpAnswer:
        """Do it and keep the answer under its key, both or neither."""
        with self._books.whole():
            answer = self._operated(route, call, headers)
            if fault is not None and fault.kind is FaultKind.FAIL_AFTER_STORED:
                lost = ApiRefusal(500, _UNKNOWN, kind="api_error")
                answer = _refused(lost, {**headers, "Stripe-Should-Retry": "false"})
            if call.idempotency_key is not None:
                kept = Answer(fingerprint, answer.status, answer.body)
                self._books.keep_answer(call.idempotency_key, kept, now=call.now)
        return answer

    def _operated(self, route: Route, call: Call, headers: dict[str, str]) -> HttpAnswer:
        """Do it. A refusal undoes what was begun, but a bank's decline is itself an entry."""
        self._books.db.execute("savepoint operation")
        try:
            thing = _expanded(self._books, route.operation(call), call.params.get("expand", []))
        except ApiRefusal as refusal:
            if refusal.body["type"] != "card_error":
                self._books.db.execute("rollback to operation")
            return _refused(refusal, headers)
        finally:
            self._books.db.execute("release operation")
        return HttpAnswer(200, json.dumps(shown(thing)), headers)


def _fingerprint(request: HttpRequest, params: dict[str, Any]) -> str:
    """Return what makes two requests the same."""
    text = json.dumps([request.method, request.path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _refused(refusal: ApiRefusal, headers: dict[str, str]) -> HttpAnswer:
    body = json.dumps({"error": shown(refusal.body)})
    return HttpAnswer(refusal.status, body, {**headers, **refusal.headers})


def _key_in_use(key: str) -> ApiRefusal:
    return ApiRefusal(
        409,
        "There is currently another in-progress request using this Idempotent Key "
        f"(that probably means you submitted twice, and the other request is still going): {key}",
        kind="idempotency_error",
        code="idempotency_key_in_use",
        headers={"Stripe-Should-Retry": "true"},
    )


async def _strike_before(fault: Fault | None) -> None:
    """Refuse a request before anything of it happens, if so planned."""
    match fault.kind if fault is not None else None:
        case FaultKind.DOWN:
            raise ApiRefusal(503, "The service is not available.", kind="api_error")
        case FaultKind.RATE_LIMIT:
            raise ApiRefusal(429, "Too many requests hit the API too quickly.", code="rate_limit")
        case FaultKind.IN_USE:
            raise _key_in_use("")
        case FaultKind.FAIL_BEFORE:
            raise ApiRefusal(500, _UNKNOWN, kind="api_error")
        case FaultKind.TIMEOUT_BEFORE if fault is not None:
            await asyncio.sleep(fault.seconds)
            raise ApiRefusal(504, _UNKNOWN, kind="api_error")


async def _struck_after(answer: HttpAnswer, fault: Fault | None) -> HttpAnswer:
    """Return the answer, or what becomes of it on its way."""
    match fault.kind if fault is not None else None:
        case FaultKind.FAIL_AFTER:
            return _refused(ApiRefusal(500, _UNKNOWN, kind="api_error"), answer.headers)
        case FaultKind.TIMEOUT_AFTER if fault is not None:
            await asyncio.sleep(fault.seconds)
            return HttpAnswer(answer.status, answer.body, answer.headers, is_broken=True)
        case FaultKind.DROP_AFTER:
            return HttpAnswer(answer.status, answer.body, answer.headers, is_broken=True)
    return answer


def _expanded(books: Books, thing: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return the object with the ids at `paths` replaced by the objects they name.

    Raises
    ------
    ApiRefusal
        400 when there is nothing to expand at a path.
    """
    for path in paths:
        _expand(books, thing, path.split("."), path)
    return thing


def _expand(books: Books, at: Any, steps: list[str], path: str) -> None:
    if isinstance(at, list):
        for each in at:
            _expand(books, each, steps, path)
        return
    if not isinstance(at, dict) or steps[0] not in at:
        raise ApiRefusal(400, f"This property cannot be expanded ({path}).", param="expand")
    value = at[steps[0]]
    if isinstance(value, str) and (found := books.find(None, value)):
        at[steps[0]] = value = found
    if steps[1:] and value is not None:
        _expand(books, value, steps[1:], path)
