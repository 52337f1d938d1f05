"""Who asks, and what they may: every controller takes its doors from here.

A page for one role::

    class BoxController(Controller):
        path = "/boxes"
        guards = (customer_only,)          # strangers are led to sign in, others get 403
        dependencies = WHO                 # makes `identity` available

        @get("/")
        async def list_boxes(self, identity: NamedDependency[Identity], now: NamedDependency[DateTime]) -> Template:
            boxes = await box_view_store.boxes_of(identity.person_id, since=...)

A page of a merchant's staff asks which merchants it may touch, and every query takes them::

    guards = (catalog_staff,)
    merchant_id = chosen_merchant(identity, CATALOG_ROLES, wanted)      # 404 for another's
    rows = await store.lots(identity.merchants(CATALOG_ROLES), ...)

A public page that greets those it knows awaits `identity_of(request)`, which is None for strangers. Whoever has shown
who they are by other means (a finished subscription) is signed in by `begin_session(request, signed_in)`.

A session keeps a person's id and epoch. Each request reads the person and their roles anew, in one query: a role taken
away, a raised epoch or a disabled person shows in the very next request.
"""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import MediaType, Request, Response
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect
from litestar.types import Guard

from ripeday.kit.entrypoints.page import Place, current_page, speak_own, speaker
from ripeday.kit.entrypoints.session import sign_in, signed_in_person
from ripeday.kit.errors import NotAllowed, NotFound
from ripeday.kit.text import message
from subscriptions.account import safe_path
from subscriptions.adapters import account_store
from subscriptions.entrypoints.work_place import CATALOG_PLACES
from subscriptions.role import CATALOG_ROLES, WAREHOUSE_ROLES, Identity, Role
from subscriptions.services.account import SignedIn

Visit = ASGIConnection[Any, Any, Any, Any]

_EPOCH = "epoch"
_KNOWN = "ripeday_identity"


class SignInNeeded(NotAllowed):
    """Nobody is signed in; pages lead to the sign-in page, programs get 401."""

    code = "sign_in_needed"

    def __init__(self) -> None:
        super().__init__(message("Please sign in first."))


async def identity_of(connection: Visit) -> Identity | None:
    """Return who is signed in, None for a stranger; a request asks the database once."""
    state: dict[str, Any] = connection.scope["state"]
    if _KNOWN not in state:
        state[_KNOWN] = await _read(connection)
    known: Identity | None = state[_KNOWN]
    return known


async def present_identity(request: Request[Any, Any, Any]) -> Identity:
    """Return who is signed in.

    Raises
    ------
    SignInNeeded
    """
    identity = await identity_of(request)
    if identity is None:
        raise SignInNeeded
    return identity


WHO = {"identity": Provide(present_identity)}
"""Dependencies of a controller whose handlers ask for `identity`."""


def begin_session(connection: Visit, signed_in: SignedIn) -> None:
    """Begin a session under a fresh id, for somebody who has just shown who they are."""
    sign_in(connection, signed_in.person_id)
    connection.session[_EPOCH] = signed_in.epoch
    connection.scope["state"].pop(_KNOWN, None)


def end_session(connection: Visit) -> None:
    """End the session of this browser."""
    connection.set_session({})
    connection.scope["state"][_KNOWN] = None


async def signed_in(connection: Visit, _: BaseRouteHandler) -> None:
    """Let in whoever is signed in."""
    if await identity_of(connection) is None:
        raise SignInNeeded


def _only(roles: frozenset[Role]) -> Guard:
    async def guard(connection: Visit, _: BaseRouteHandler) -> None:
        identity = await identity_of(connection)
        if identity is None:
            raise SignInNeeded
        if not identity.holds(roles):
            raise NotAllowed

    return guard


customer_only = _only(frozenset({Role.CUSTOMER}))
"""Lets in customers; which boxes are theirs, queries decide by `identity.person_id`."""

catalog_staff = _only(CATALOG_ROLES)
"""Lets in planners and merchant admins; queries take `identity.merchants(CATALOG_ROLES)`."""

warehouse_staff = _only(WAREHOUSE_ROLES)
"""Lets in packers, planners and merchant admins; queries take `identity.merchants(WAREHOUSE_ROLES)`."""

merchant_admin = _only(frozenset({Role.MERCHANT_ADMIN}))
"""Lets in merchant admins."""


def chosen_merchant(identity: Identity, roles: frozenset[Role], wanted: UUID | None = None) -> UUID:
    """Return the merchant to work on: the one wanted, or else the first one the person works for.

    Raises
    ------
    NotFound
        The person holds none of `roles` there; whether there is such a merchant is not told.
    """
    allowed = identity.merchants(roles)
    if not allowed or (wanted is not None and wanted not in allowed):
        raise NotFound
    return wanted or allowed[0]


def lead_to_sign_in(request: Request[Any, Any, Any], error: SignInNeeded) -> Response[Any]:
    """Answer a stranger: pages lead to the sign-in page and back, programs are told."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = safe_path(here) if request.method == "GET" else None
    address = "/sign-in" + (f"?next={quote(back, safe='/')}" if back else "")
    accept = request.headers.get("accept", "")
    if request.headers.get("hx-request") == "true":
        return Response(b"", status_code=401, headers={"hx-redirect": "/sign-in"})
    if request.url.path.startswith("/api") or (
        "application/json" in accept and "text/html" not in accept
    ):
        body = {"code": error.code, "message": speaker().render(error.message)}
        return Response(body, status_code=401, media_type=MediaType.JSON)
    return Redirect(address, status_code=303)


async def _read(connection: Visit) -> Identity | None:
    person_id = signed_in_person(connection)
    if person_id is None:
        return None
    identity = await account_store.identity(person_id, int(connection.session.get(_EPOCH, 0)))
    if identity is None:
        # Emptied, not cleared: handlers of public pages may still look into it in this request.
        connection.set_session({})
        return None
    page = current_page()
    page.reader_name = identity.name
    page.places = page.places or _places(identity)
    if identity.locale:
        speak_own(identity.locale)
    return identity


def _places(identity: Identity) -> tuple[Place, ...]:
    """Return the entries of the side bar of work pages that a person may open."""
    found: list[Place] = []
    if identity.holds(CATALOG_ROLES):
        found += CATALOG_PLACES
    if identity.holds(WAREHOUSE_ROLES):
        found.append(Place("/warehouse", "warehouse", message("Warehouse")))
    if identity.holds(frozenset({Role.MERCHANT_ADMIN})):
        found.append(Place("/merchant/staff", "users", message("Staff")))
    return tuple(found)
