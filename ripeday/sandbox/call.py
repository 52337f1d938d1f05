"""One request to the API on its way through the books."""

import json
from dataclasses import dataclass
from typing import Any

from ripeday.sandbox.books import Books, new_id
from ripeday.sandbox.refusal import missing
from ripeday.sandbox.thing import API_VERSION, shown, thing


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where news is sent, and the secret that signs it."""

    url: str
    secret: str
    enabled: frozenset[str] = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the door: its values, and the books it writes into.

    `now` is in whole seconds since 1970; `base_url` is how the client reached us.
    """

    books: Books
    params: dict[str, Any]
    path: tuple[str, ...]
    now: int
    base_url: str
    endpoint: Endpoint | None
    request_id: str | None = None
    idempotency_key: str | None = None

    def need(self, kind: str, thing_id: str, *, param: str | None = None) -> dict[str, Any]:
        """Return an object that must exist; `param` names the parameter that pointed to it.

        Raises
        ------
        ApiRefusal
            404 for an object in the path, 400 for one in a parameter.
        """
        if found := self.books.find(kind, thing_id):
            return found
        noun = {"checkout.session": "checkout.session"}.get(kind, kind.replace("_", ""))
        raise missing(noun, thing_id, param or "id", 400 if param else 404)

    def tell(self, event_type: str, subject: dict[str, Any]) -> None:
        """Enter an event into the books and queue it for whoever listens."""
        event = thing(
            "event",
            new_id("evt"),
            created=self.now,
            api_version=API_VERSION,
            type=event_type,
            pending_webhooks=0,
            data={"object": shown(subject)},
            request={"id": self.request_id, "idempotency_key": self.idempotency_key},
        )
        listeners = [e for e in self._endpoints() if {"*", event_type} & e.enabled]
        event["pending_webhooks"] = len(listeners)
        self.books.add(event)
        mode = json.loads(self.books.setting("webhooks", "{}"))
        due_at = None if mode.get("hold") else self.now + float(mode.get("delay_s", 0.0))
        for listener in listeners * int(mode.get("copies", 1)):
            self.books.db.execute(
                "insert into delivery (event, url, secret, due_at) values (?, ?, ?, ?)",
                (event["id"], listener.url, listener.secret, due_at),
            )

    def _endpoints(self) -> list[Endpoint]:
        registered = [
            Endpoint(e["url"], e["_secret"], frozenset(e["enabled_events"]))
            for e in self.books.all("webhook_endpoint", status="enabled")
        ]
        return [self.endpoint, *registered] if self.endpoint else registered
