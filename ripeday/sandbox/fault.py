"""Trouble on demand: what a provider does to its clients on a bad day."""

import sqlite3
from dataclasses import asdict, dataclass
from enum import StrEnum

from ripeday.sandbox.books import Books


class FaultKind(StrEnum):
    """What goes wrong. "After" means that the request took full effect, and the client never knows."""

    DOWN = "down"  # 503, nothing happens
    RATE_LIMIT = "rate_limit"  # 429, nothing happens
    IN_USE = "in_use"  # 409: another request holds the key
    FAIL_BEFORE = "fail_before"  # 500, nothing happens
    FAIL_AFTER = "fail_after"  # 500, but the key remembers the true answer
    FAIL_AFTER_STORED = "fail_after_stored"  # 500, and the key repeats the 500 for 24 hours
    TIMEOUT_BEFORE = "timeout_before"  # no answer for `seconds`, nothing happens
    TIMEOUT_AFTER = "timeout_after"  # no answer for `seconds`, but it happened
    DROP_AFTER = "drop_after"  # it happened, and the connection breaks within the answer
    SLOW = "slow"  # everything is well, after `seconds`
    MAIL_LATER = "mail_later"  # SMTP 451
    MAIL_REFUSED = "mail_refused"  # SMTP 550


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned piece of trouble.

    It strikes the next `times` requests (None: all, until cleared) after letting `skip` pass, of those
    with this method, a path that begins with `path`, and a body (or recipient) that contains `contains`.
    """

    kind: FaultKind
    method: str | None = None
    path: str | None = None
    contains: str | None = None
    skip: int = 0
    times: int | None = 1
    seconds: float = 0.0


def plan_fault(books: Books, fault: Fault) -> None:
    """Enter a fault; it survives a restart."""
    with books.whole():
        books.db.execute(
            "insert into fault (kind, method, path, contains, skip, times, seconds) values "
            "(:kind, :method, :path, :contains, :skip, :times, :seconds)",
            asdict(fault),
        )


def planned_faults(books: Books) -> list[Fault]:
    """Return what is still to go wrong, in order of planning."""
    return [_fault(row) for row in books.db.execute("select * from fault order by seq")]


def clear_faults(books: Books) -> None:
    """Let everything go well again."""
    with books.whole():
        books.db.execute("delete from fault")


def next_fault(
    books: Books, *, method: str, path: str, body: str, mail: bool = False
) -> Fault | None:
    """Return the fault that strikes this request, using up one of its times."""
    for row in books.db.execute("select * from fault order by seq").fetchall():
        fault = _fault(row)
        if mail != fault.kind.startswith("mail_") or not _strikes(fault, method, path, body):
            continue
        with books.whole():
            if fault.skip:
                books.db.execute("update fault set skip = skip - 1 where seq = ?", (row["seq"],))
                continue
            books.db.execute("update fault set times = times - 1 where seq = ?", (row["seq"],))
            books.db.execute("delete from fault where times = 0")
        return fault
    return None


def _strikes(fault: Fault, method: str, path: str, body: str) -> bool:
    return (
        fault.method in {None, method}
        and path.startswith(fault.path or "")
        and (fault.contains or "") in body
    )


def _fault(row: sqlite3.Row) -> Fault:
    values = {name: row[name] for name in row.keys() if name != "seq"}  # noqa: SIM118
    return Fault(**{**values, "kind": FaultKind(row["kind"])})
