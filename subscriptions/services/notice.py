"""Mails: what the outbox says must be told, told in the reader's language, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.outbox import Parcel
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.text import Translator
from ripening.produce import Produce
from subscriptions.adapters.mailer import message_id
from subscriptions.adapters.notice_store import Reader
from subscriptions.notice.letter import Letter
from subscriptions.notice.rendering import html, plain_text
from subscriptions.ports import Mail, Mailer, MailRefused
from subscriptions.services import notice_box, notice_door, notice_subscription
from subscriptions.services.notice_desk import Desk, Writer, language_of

log = structlog.get_logger("subscriptions.notice")

TOPIC = "notice"
WRITERS: Mapping[str, Writer] = {
    **notice_box.WRITERS,
    **notice_subscription.WRITERS,
    **notice_door.WRITERS,
}
"""Who writes which kind of notice."""


@dataclass(frozen=True, slots=True)
class NoticeService:
    """Sends what the outbox holds."""

    mailer: Mailer
    translator: Callable[[str], Translator]
    profiles: Mapping[str, Produce]
    base_url: str

    async def deliver(self, parcel_id: int, *, now: DateTime) -> None:
        """Send one mail of the outbox; one that was sent, given up or has lost its reason is left alone.

        Raises
        ------
        MailUnavailable
            Try later.
        """
        async with unit_of_work():
            parcel = await outbox.open_parcel(parcel_id)
            if parcel is None:
                return
            written = await self._write(parcel, now=now)
        problem = None if written is None else await self._send(parcel, *written)
        async with unit_of_work():
            await outbox.forget(parcel_id, "email")
            if problem is None:
                await outbox.settle(parcel_id, now=now)
            else:
                await outbox.park(parcel_id, now=now, error=problem)
        log.info(
            "notice_told",
            kind=parcel.payload.get("kind"),
            parcel=parcel_id,
            sent=written is not None,
        )

    async def _write(self, parcel: Parcel, *, now: DateTime) -> tuple[Reader, Letter] | None:
        """Return who is told what; None when there is nobody or nothing left to tell."""
        kind = str(parcel.payload.get("kind"))
        if kind not in WRITERS:
            raise LookupError(f"no such notice: {kind}")
        return await WRITERS[kind](Desk(self.profiles, self.base_url), parcel.payload, now)

    async def _send(self, parcel: Parcel, reader: Reader, letter: Letter) -> str | None:
        """Hand the letter to the mailer; returns why it never can be, if so."""
        words = self.translator(language_of(reader))
        mail = Mail(
            to=reader.email,
            subject=words.render(letter.subject),
            text=plain_text(letter, words),
            html=html(letter, words),
            message_id=message_id(parcel.id, host=urlsplit(self.base_url).hostname or "localhost"),
        )
        try:
            await self.mailer.send(mail)
        except MailRefused as error:
            log.warning("mail_refused", parcel=parcel.id, kind=parcel.payload.get("kind"))
            return error.cause
        return None
