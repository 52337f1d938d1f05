"""Who is signed in on this browser: kept on the server, named by a cookie that says nothing."""

from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection

_PERSON = "person_id"
RENEWED = "renewed"
"""Asks the session middleware for a new id, so that nobody can hand a victim a session known to them."""

KEPT = ("subscribing",)
"""What somebody had begun as a stranger and goes on with once they are known."""

type_of_connection = ASGIConnection[Any, Any, Any, Any]


def sign_in(connection: type_of_connection, person_id: UUID) -> None:
    """Begin a session of this person, under a fresh id; answers given as a stranger are kept."""
    kept = {name: connection.session[name] for name in KEPT if connection.session.get(name)}
    connection.set_session({**kept, _PERSON: str(person_id), RENEWED: True})


def sign_out(connection: type_of_connection) -> None:
    """End the session."""
    connection.clear_session()


def signed_in_person(connection: type_of_connection) -> UUID | None:
    """Return who is signed in on this browser."""
    found = connection.session.get(_PERSON) if "session" in connection.scope else None
    return UUID(found) if found else None
