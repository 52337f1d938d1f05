"""Signing in and out, new passwords, invitations.

Secrets of links travel in the query and in forms, never in the path: paths stand in logs. A link that is merely looked
at, as mail scanners do, is not used up: its page has a button.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, NotFound, Refused
from ripeday.kit.text import Message
from subscriptions.account import (
    ROLE_NAMES,
    LinkSpent,
    TooManyTries,
    WrongSignIn,
    home_path,
    safe_path,
)
from subscriptions.adapters import account_store
from subscriptions.adapters.people_tables import TokenPurpose
from subscriptions.entrypoints.guard import begin_session, end_session, identity_of
from subscriptions.services.account import AccountService, SignedIn

Visit = Request[Any, Any, Any]
Accounts = NamedDependency[AccountService]
Now = NamedDependency[DateTime]
Answer = Response[Any]

_A_YEAR_S = 365 * 24 * 3600
_HEADERS = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
_STATUS = {WrongSignIn: 401, TooManyTries: 429, LinkSpent: 410, Invalid: 422}


@dataclass(frozen=True, slots=True)
class Typed:
    """What the forms of the door hold; each handler takes what its form has."""

    email: str = ""
    password: str = ""
    name: str = ""
    token: str = ""
    then: str = ""


class AccountController(Controller):
    """The door, for everybody."""

    path = "/"

    @get("/sign-in")
    async def ask(self, request: Visit) -> Answer:
        """Show both ways in; `?next=` names the page to go on to."""
        then = safe_path(request.query_params.get("next"))
        identity = await identity_of(request)
        if identity is not None:
            return Redirect(then or home_path(identity), status_code=303)
        return _page("sign_in", Form({"then": then or ""}))

    @post("/sign-in", status_code=303)
    async def sign_in(
        self, request: Visit, data: URLEncodedBody[Typed], accounts: Accounts, now: Now
    ) -> Answer:
        """Let in by password; a wrong one says the same for every address."""
        try:
            who = await accounts.sign_in(data.email, data.password, ip=_place(request), now=now)
        except (WrongSignIn, TooManyTries, Invalid) as error:
            return _again("sign_in", data, error, field="password")
        return await _enter(request, who, data.then)

    @post("/sign-in/link", status_code=200)
    async def send_link(
        self, request: Visit, data: URLEncodedBody[Typed], accounts: Accounts, now: Now
    ) -> Answer:
        """Mail a link to sign in with; the answer does not tell whether the address is known."""
        try:
            await accounts.send_sign_in_link(
                data.email, ip=_place(request), then=safe_path(data.then), now=now
            )
        except (TooManyTries, Invalid) as error:
            return _again("sign_in", data, error)
        return _page("sent", Form({"email": data.email}), purpose="sign_in")

    @get("/sign-in/link", sync_to_thread=False)
    def show_link(self, request: Visit, token: FromQuery[str] = "") -> Answer:
        """Show the button that uses the link."""
        then = safe_path(request.query_params.get("next"))
        return _page("link", Form({"token": token, "then": then or ""}))

    @post("/sign-in/link/use", status_code=303)
    async def use_link(
        self, request: Visit, data: URLEncodedBody[Typed], accounts: Accounts, now: Now
    ) -> Answer:
        """Let in by link, once."""
        try:
            who = await accounts.sign_in_by_link(data.token, ip=_place(request), now=now)
        except (LinkSpent, TooManyTries) as error:
            return _again("spent", data, error, purpose="sign_in")
        return await _enter(request, who, data.then)

    @get("/reset", sync_to_thread=False)
    def ask_reset(self) -> Answer:
        """Ask which address needs a new password."""
        return _page("reset", Form())

    @post("/reset", status_code=200)
    async def send_reset(
        self, request: Visit, data: URLEncodedBody[Typed], accounts: Accounts, now: Now
    ) -> Answer:
        """Mail a link to choose a new password with; the answer does not tell whether the address is known."""
        try:
            await accounts.send_reset_link(data.email, ip=_place(request), now=now)
        except (TooManyTries, Invalid) as error:
            return _again("reset", data, error)
        return _page("sent", Form({"email": data.email}), purpose="reset")

    @get("/reset/link")
    async def show_reset(
        self, request: Visit, accounts: Accounts, now: Now, token: FromQuery[str] = ""
    ) -> Answer:
        """Ask for the new password."""
        try:
            await accounts.open_link(token, TokenPurpose.RESET, ip=_place(request), now=now)
        except (LinkSpent, TooManyTries) as error:
            return _again("spent", Typed(), error, purpose="reset")
        return _page("new_password", Form({"token": token}))

    @post("/reset/link", status_code=303)
    async def reset(
        self, request: Visit, data: URLEncodedBody[Typed], accounts: Accounts, now: Now
    ) -> Answer:
        """Set the new password; whoever was signed in elsewhere is signed out."""
        try:
            who = await accounts.reset_password(
                data.token, data.password, ip=_place(request), now=now
            )
        except (LinkSpent, TooManyTries) as error:
            return _again("spent", data, error, purpose="reset")
        except Invalid as error:
            return _again("new_password", data, error)
        return await _enter(request, who, "")

    @get("/invite")
    async def show_invitation(
        self, request: Visit, accounts: Accounts, now: Now, token: FromQuery[str] = ""
    ) -> Answer:
        """Show who invites, and to what."""
        return await _invitation(request, Typed(token=token), accounts, now)

    @post("/invite", status_code=303)
    async def accept(
        self, request: Visit, data: URLEncodedBody[Typed], accounts: Accounts, now: Now
    ) -> Answer:
        """Take up the invitation; somebody new chooses a name and a password."""
        try:
            who = await accounts.accept(
                data.token, name=data.name, password=data.password, ip=_place(request), now=now
            )
        except (LinkSpent, TooManyTries) as error:
            return _again("spent", data, error, purpose="invite")
        except Invalid as error:
            return await _invitation(request, data, accounts, now, error=error)
        return await _enter(request, who, "")

    @get("/sign-out")
    async def ask_sign_out(self, request: Visit) -> Answer:
        """Show the button that signs out."""
        identity = await identity_of(request)
        if identity is None:
            return Redirect("/", status_code=303)
        return _page("sign_out", Form(), back=home_path(identity))

    @post("/sign-out", status_code=303)
    async def sign_out(self, request: Visit) -> Answer:
        """End the session of this browser."""
        end_session(request)
        return Redirect("/", status_code=303)

    @get("/work")
    async def work(self, request: Visit) -> Answer:
        """Lead to the page a person begins at."""
        identity = await identity_of(request)
        return Redirect(home_path(identity) if identity else "/sign-in", status_code=303)


async def _enter(request: Visit, who: SignedIn, then: str) -> Answer:
    """Begin the session and go where the person wanted to, or where they begin."""
    begin_session(request, who)
    identity = await account_store.identity(who.person_id, who.epoch)
    if identity is None:
        raise NotFound
    cookies = []
    if who.locale and "lang" not in request.cookies:
        cookies.append(
            Cookie(
                key="lang", value=who.locale[:2], max_age=_A_YEAR_S, path="/", httponly=True, samesite="lax",
                secure=request.url.scheme == "https",
            )
        )  # fmt: skip
    return Redirect(safe_path(then) or home_path(identity), status_code=303, cookies=cookies)


async def _invitation(
    request: Visit,
    data: Typed,
    accounts: AccountService,
    now: DateTime,
    error: Invalid | None = None,
) -> Answer:
    try:
        link = await accounts.open_link(
            data.token, TokenPurpose.INVITE, ip=_place(request), now=now
        )
    except (LinkSpent, TooManyTries) as spent:
        return _again("spent", data, spent, purpose="invite")
    form = Form({"token": data.token, "name": data.name})
    context: dict[str, Any] = {"link": link, "role": ROLE_NAMES.get(link.role) if link.role else ""}
    if error is None:
        return _page("invite", form, **context)
    return _page("invite", form.refused(error), status=422, **context)


def _page(
    name: str,
    form: Form,
    *,
    status: int = 200,
    said: Message | None = None,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Template:
    return Template(
        f"account/{name}.html",
        context={"form": form, "said": said, **context},
        status_code=status,
        headers={**_HEADERS, **(headers or {})},
    )


def _again(
    name: str, data: Typed, error: Refused, *, field: str = "email", **context: Any
) -> Template:
    """Show the form once more with what is wrong; what was typed is kept, but never a password."""
    form = Form({"email": data.email, "then": safe_path(data.then) or "", "token": data.token})
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 409)
    if isinstance(error, Invalid):
        return _page(name, form.refused(error), status=status, **context)
    if isinstance(error, WrongSignIn):
        wrong = Invalid(field, error.message)
        return _page(name, form.refused(wrong), status=status, **context)
    headers = {}
    if isinstance(error, TooManyTries):
        headers["retry-after"] = str(error.retry_after_s)
    return _page(name, form, status=status, said=error.message, headers=headers, **context)


def _place(request: Visit) -> str | None:
    return request.client.host if request.client else None
