"""What tests and demonstrations may do behind the provider's back, below `/_sandbox`.

Stripe has nothing like it: faults on demand, the books in plain sight, news held back and let go.
"""

import json
from typing import Any, Literal

from litestar import Controller, delete, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from msgspec import Struct, to_builtins

from ripeday.sandbox.books import Books
from ripeday.sandbox.courier import Courier, Delivered
from ripeday.sandbox.fault import Fault, clear_faults, plan_fault, planned_faults


class News(Struct, forbid_unknown_fields=True):
    """How news is sent from now on; `hold` keeps it back until released."""

    hold: bool = False
    copies: int = 1
    delay_s: float = 0.0


class Release(Struct, forbid_unknown_fields=True):
    """Which held news goes out now and in what order; None: everything that waits."""

    events: list[str] | None = None
    order: Literal["oldest_first", "newest_first"] = "oldest_first"
    copies: int = 1


class Drop(Struct, forbid_unknown_fields=True):
    """Which waiting news is lost; None: all of it."""

    events: list[str] | None = None


class CardChange(Struct, forbid_unknown_fields=True):
    """What a bank will do with a saved card from now on.

    `outcome` is "pays", "authentication_required" or a decline code; None: as its number says.
    """

    payment_method: str
    outcome: str | None


def refuse_pages(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let only programs press the buttons, not a page that happens to be open in a browser."""
    if connection.headers.get("origin"):
        raise PermissionDeniedException


class Control(Controller):
    """The sandbox's own buttons."""

    path = "/_sandbox"
    guards = (refuse_pages,)

    @get("/health")
    async def health(self, state: State) -> dict[str, Any]:
        """Say that the process lives, and where it takes mail."""
        return {"status": "ok", "smtp_port": state.smtp_port}

    @post("/reset", status_code=204)
    async def reset(self, state: State) -> None:
        """Forget everything."""
        books: Books = state.books
        books.empty()

    @get("/faults")
    async def faults(self, state: State) -> list[Fault]:
        """Return the faults that are still to strike."""
        return planned_faults(state.books)

    @post("/faults", status_code=204)
    async def plan(self, data: Fault, state: State) -> None:
        """Plan a fault; see `Fault`."""
        plan_fault(state.books, data)

    @delete("/faults")
    async def heal(self, state: State) -> None:
        """Let everything go well again."""
        clear_faults(state.books)

    @post("/forget-keys", status_code=204)
    async def forget_keys(self, state: State) -> None:
        """Forget idempotency keys as after 24 hours."""
        books: Books = state.books
        with books.whole():
            books.forget_answers()

    @post("/cards", status_code=204)
    async def change_card(self, data: CardChange, state: State) -> None:
        """Change what a bank does with a saved card."""
        books: Books = state.books
        with books.whole():
            method = books.find("payment_method", data.payment_method)
            if method is not None:
                books.change({**method, "_reason": data.outcome})

    @get("/books")
    async def read_books(self, state: State, box_id: str | None = None) -> dict[str, Any]:
        """Return what was paid: every intent, by box, and the balance per currency."""
        return _open_books(state.books, box_id)

    @post("/webhooks", status_code=204)
    async def steer(self, data: News, state: State) -> None:
        """Hold, delay or multiply the news from now on."""
        books: Books = state.books
        with books.whole():
            books.set("webhooks", json.dumps(to_builtins(data)))

    @get("/webhooks")
    async def waiting(self, state: State) -> list[dict[str, Any]]:
        """Return the news that waits, oldest first."""
        books: Books = state.books
        rows = books.db.execute(
            "select d.event, json_extract(t.body, '$.type') as type, d.url, d.tries, d.last_status,"
            " d.error from delivery d join thing t on t.id = d.event"
            " where d.delivered_at is null order by d.seq"
        )
        return [dict(row) for row in rows]

    @post("/webhooks/release", status_code=200)
    async def release(self, data: Release, state: State) -> list[Delivered]:
        """Deliver held news now, in the wished order; returns how each was taken."""
        courier: Courier = state.courier
        return await courier.release(
            data.events, newest_first=data.order == "newest_first", copies=data.copies
        )

    @post("/webhooks/drop", status_code=204)
    async def drop(self, data: Drop, state: State) -> None:
        """Lose held news for good."""
        courier: Courier = state.courier
        courier.drop(data.events)


CONTROLS = [Control]


def _open_books(books: Books, box_id: str | None) -> dict[str, Any]:
    """Return the intents (of one box, or all), the paid ones by box, and the balance."""
    charges = {charge["id"]: charge for charge in books.all("charge")}
    intents = []
    for intent in reversed(books.all("payment_intent")):
        if box_id is not None and intent["metadata"].get("box_id") != box_id:
            continue
        charge = charges.get(intent["latest_charge"] or "")
        intents.append(
            {
                "id": intent["id"],
                "status": intent["status"],
                "amount": intent["amount"],
                "currency": intent["currency"].upper(),
                "refunded": charge["amount_refunded"] if charge else 0,
                "customer": intent["customer"],
                "box_id": intent["metadata"].get("box_id"),
                "attempt": intent["metadata"].get("attempt"),
            }
        )
    paid: dict[str, list[dict[str, Any]]] = {}
    for entry in intents:
        if entry["status"] == "succeeded" and entry["box_id"] is not None:
            paid.setdefault(str(entry["box_id"]), []).append(entry)
    balance = books.db.execute(
        "select upper(json_extract(body, '$.currency')), sum(json_extract(body, '$.net')) "
        "from thing where kind = 'balance_transaction' group by 1"
    )
    return {"intents": intents, "paid_by_box": paid, "balance": dict(map(tuple, balance))}
