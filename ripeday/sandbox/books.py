"""The sandbox's own books, in SQLite: what was paid, under which key, and which news went out.

Every answer is committed before it is sent, so a killed sandbox knows after its restart whatever a
client has seen. All of it runs on one connection in one thread: requests follow one another whole.
"""

import json
import secrets
import sqlite3
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

KEY_LIFETIME_S = 24 * 3600
_ALPHABET = string.ascii_letters + string.digits

_SCHEMA = """
create table if not exists thing (
    seq integer primary key autoincrement, id text not null unique, kind text not null,
    customer text, payment_intent text, created integer not null, body text not null
) strict;
create index if not exists thing_kind_ix on thing (kind, customer, seq);
create index if not exists thing_intent_ix on thing (kind, payment_intent);
create table if not exists answer (
    idempotency_key text primary key, fingerprint text not null, status integer not null,
    body text not null, created integer not null
) strict;
create table if not exists delivery (
    seq integer primary key autoincrement, event text not null, url text not null,
    secret text not null, tries integer not null default 0, due_at real,
    delivered_at real, last_status integer, error text
) strict;
create index if not exists delivery_due_ix on delivery (due_at) where delivered_at is null;
create table if not exists fault (
    seq integer primary key autoincrement, kind text not null, method text, path text,
    contains text, skip integer not null, times integer, seconds real not null
) strict;
create table if not exists setting (name text primary key, value text not null) strict;
create table if not exists mail (
    seq integer primary key autoincrement, message_id text not null, sender text not null,
    recipient text not null, subject text not null, received_at text not null,
    text text not null, html text, headers text not null
) strict;
create index if not exists mail_recipient_ix on mail (recipient, seq);
"""
_TABLES = ("thing", "answer", "delivery", "fault", "setting", "mail")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said under an idempotency key, and to which request."""

    fingerprint: str
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, newest first."""

    things: list[dict[str, Any]]
    has_more: bool


class Books:
    """Reads and writes the books in `path`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("pragma synchronous=normal")
        self.db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Run the block as one transaction: all of it is kept, or nothing."""
        self.db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.db.execute("rollback")
            raise
        self.db.execute("commit")

    def empty(self) -> None:
        """Forget everything (between tests)."""
        with self.whole():
            for table in _TABLES:
                self.db.execute(f"delete from {table}")

    def add(self, thing: dict[str, Any]) -> dict[str, Any]:
        """Enter a new object of the API."""
        self.db.execute(
            "insert into thing (id, kind, customer, payment_intent, created, body) "
            "values (?, ?, ?, ?, ?, ?)",
            (
                thing["id"],
                thing["object"],
                thing.get("customer"),
                thing.get("payment_intent"),
                thing["created"],
                json.dumps(thing),
            ),
        )
        return thing

    def change(self, thing: dict[str, Any]) -> dict[str, Any]:
        """Write an object back."""
        self.db.execute(
            "update thing set customer = ?, body = ? where id = ?",
            (thing.get("customer"), json.dumps(thing), thing["id"]),
        )
        return thing

    def remove(self, thing_id: str) -> None:
        """Take an object out of the books."""
        self.db.execute("delete from thing where id = ?", (thing_id,))

    def find(self, kind: str | None, thing_id: str) -> dict[str, Any] | None:
        """Return an object by id, of this kind or of any."""
        row = self.db.execute(
            "select body from thing where id = ? and kind = coalesce(?, kind)", (thing_id, kind)
        ).fetchone()
        return cast("dict[str, Any]", json.loads(row["body"])) if row else None

    def all(self, kind: str, **equal: str) -> list[dict[str, Any]]:
        """Return all objects of a kind, newest first; `equal` compares fields of the object."""
        where = "".join(f" and {_column(name)} = ?" for name in equal)
        rows = self.db.execute(
            f"select body from thing where kind = ?{where} order by seq desc",
            (kind, *equal.values()),
        )
        return [json.loads(row["body"]) for row in rows]

    def page(self, kind: str, params: Mapping[str, Any], **equal: str | None) -> Page:
        """Return the part of a list that `limit`, `created` and the two cursors ask for."""
        where, values = ["kind = ?"], [kind]
        for name, value in equal.items():
            if value is not None:
                where.append(f"{_column(name)} = ?")
                values.append(value)
        for operator, bound in _bounds(params.get("created")):
            where.append(f"created {operator} {int(bound)}")
        backwards = "ending_before" in params
        for name, operator in (("starting_after", "<"), ("ending_before", ">")):
            if cursor := params.get(name):
                where.append(f"seq {operator} (select seq from thing where id = ?)")
                values.append(cursor)
        limit = int(params.get("limit", 10))
        rows = self.db.execute(
            f"select body from thing where {' and '.join(where)} "
            f"order by seq {'asc' if backwards else 'desc'} limit {limit + 1}",
            values,
        ).fetchall()
        things = [json.loads(row["body"]) for row in rows[:limit]]
        return Page(things[::-1] if backwards else things, len(rows) > limit)

    def answer(self, key: str, *, now: int) -> Answer | None:
        """Return what was answered under a key in the last 24 hours."""
        row = self.db.execute(
            "select fingerprint, status, body from answer "
            "where idempotency_key = ? and created > ?",
            (key, now - KEY_LIFETIME_S),
        ).fetchone()
        return Answer(row["fingerprint"], row["status"], row["body"]) if row else None

    def keep_answer(self, key: str, answer: Answer, *, now: int) -> None:
        """Keep an answer under its key; one older than the keys' lifetime is replaced."""
        self.db.execute(
            "insert or replace into answer values (?, ?, ?, ?, ?)",
            (key, answer.fingerprint, answer.status, answer.body, now),
        )

    def forget_answers(self) -> None:
        """Forget all idempotency keys, as after 24 hours."""
        self.db.execute("delete from answer")

    def setting(self, name: str, default: str) -> str:
        """Return a setting made through the control pages."""
        row = self.db.execute("select value from setting where name = ?", (name,)).fetchone()
        return str(row["value"]) if row else default

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        self.db.execute("insert or replace into setting values (?, ?)", (name, value))


def _column(name: str) -> str:
    """Return where a field lies: a few have an indexed column of their own."""
    return name if name in {"customer", "payment_intent"} else f"json_extract(body, '$.{name}')"


def _bounds(created: Any) -> Iterator[tuple[str, int]]:
    """Yield the comparisons that a `created` filter makes."""
    operators = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
    if isinstance(created, int):
        yield "=", created
    elif created:
        for name, bound in created.items():
            yield operators[name], bound


def new_id(prefix: str, length: int = 24) -> str:
    """Return a fresh id in Stripe's manner, like `pi_3PqX…`."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"
