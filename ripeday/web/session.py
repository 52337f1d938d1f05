"""Server-side sessions that only people who need one have.

Litestar's own backend writes a row and a cookie for every visitor; this one leaves strangers alone, and gives a new id
whenever somebody signs in.
"""

from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.middleware.session.server_side import (
    ServerSideSessionBackend,
    ServerSideSessionConfig,
)
from litestar.types import Message, ScopeSession

from ripeday.kit.entrypoints.session import RENEWED

LIFETIME_S = 30 * 24 * 3600


class QuietSessionBackend(ServerSideSessionBackend):
    """Stores a session only when there is something in it."""

    async def store_in_message(
        self,
        scope_session: ScopeSession,
        message: Message,
        connection: ASGIConnection[Any, Any, Any, Any],
    ) -> None:
        """Write the session and its cookie, or take both away."""
        held = connection.cookies.get(self.config.key)
        if isinstance(scope_session, dict) and scope_session:
            await self._store(dict(scope_session), held, message, connection)
        elif held:
            await self.delete(held, store=self.config.get_store_from_app(connection.app))
            self._set_cookie(message, "", max_age=0)

    async def _store(
        self,
        session: dict[str, Any],
        held: str | None,
        message: Message,
        connection: ASGIConnection[Any, Any, Any, Any],
    ) -> None:
        store = self.config.get_store_from_app(connection.app)
        is_new = session.pop(RENEWED, False)
        if is_new and held:
            await self.delete(held, store=store)
        session_id = held if held and not is_new else self.generate_session_id()
        await self.set(session_id, self.serialize_data(session, connection.scope), store)
        self._set_cookie(message, session_id, max_age=self.config.max_age)

    def _set_cookie(self, message: Message, value: str, *, max_age: int) -> None:
        cookie = Cookie(
            key=self.config.key,
            value=value,
            max_age=max_age,
            path=self.config.path,
            secure=self.config.secure,
            httponly=True,
            samesite="lax",
        )
        MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))


@dataclass
class QuietSessionConfig(ServerSideSessionConfig):
    """Settings of the sessions; see Litestar's own."""

    _backend_class = QuietSessionBackend
    max_age: int = LIFETIME_S
    key: str = "session"
