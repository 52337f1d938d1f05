"""The mail catcher: takes every mail by SMTP, sends none on, and shows them on a page."""

import functools
from asyncio import Server, get_running_loop
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pendulum
from aiosmtpd.smtp import SMTP, Envelope, Session

from ripeday.sandbox.books import Books
from ripeday.sandbox.fault import FaultKind, next_fault

LARGEST_MAIL = 5_000_000
_SHOWN_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Date")


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """One mail to one recipient; `received_at` is ISO 8601 in UTC."""

    seq: int
    message_id: str
    sender: str
    recipient: str
    subject: str
    received_at: str
    text: str
    html: str | None
    headers: str


class Catcher:
    """What aiosmtpd calls for each mail."""

    def __init__(self, books: Books) -> None:
        self._books = books

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or say the trouble that was planned for it."""
        fault = next_fault(self._books, method="", path="", body=address, mail=True)
        if fault is not None and fault.kind is FaultKind.MAIL_LATER:
            return "451 4.3.0 Try again later"
        if fault is not None:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail, once for each recipient."""
        content = cast("bytes", envelope.content)
        letter = message_from_bytes(content, policy=default)
        with self._books.whole():
            for recipient in envelope.rcpt_tos:
                self._keep(letter, _travelled(content), str(envelope.mail_from), recipient)
        return "250 OK: caught"

    def _keep(self, letter: EmailMessage, headers: str, sender: str, recipient: str) -> None:
        self._books.db.execute(
            "insert into mail (message_id, sender, recipient, subject, received_at, text, html, "
            "headers) values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                str(letter["Message-ID"] or "").strip("<> "),
                str(letter["From"] or sender),
                recipient.lower(),
                str(letter["Subject"] or ""),
                pendulum.now("UTC").to_iso8601_string(),
                _body(letter, "plain") or "",
                _body(letter, "html"),
                headers,
            ),
        )


def _travelled(content: bytes) -> str:
    """Return the headers that matter as they came, not as a kind reader would mend them."""
    letter = message_from_bytes(content)
    return "\n".join(f"{name}: {letter[name]}" for name in _SHOWN_HEADERS if letter[name])


def _body(letter: EmailMessage, kind: str) -> str | None:
    part = letter.get_body((kind,))
    return str(cast("Any", part).get_content()) if part is not None else None


async def listen(books: Books, *, host: str, port: int) -> Server:
    """Start taking mail; returns the listening server."""
    receiver = functools.partial(
        SMTP, Catcher(books), data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, ident="sandbox"
    )
    return await get_running_loop().create_server(receiver, host=host, port=port)


def caught(books: Books, *, recipient: str | None = None, limit: int = 200) -> list[CaughtMail]:
    """Return the mails, newest first; `recipient` narrows to one address."""
    rows = books.db.execute(
        "select * from mail where ? is null or recipient = ? order by seq desc limit ?",
        (recipient, (recipient or "").lower(), limit),
    )
    return [CaughtMail(**dict(row)) for row in rows]


def caught_mail(books: Books, seq: int) -> CaughtMail | None:
    """Return one mail."""
    row = books.db.execute("select * from mail where seq = ?", (seq,)).fetchone()
    return CaughtMail(**dict(row)) if row else None
