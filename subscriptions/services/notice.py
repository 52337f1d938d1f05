"""Mails: what the outbox says must be told, told in the reader's language, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.outbox import Parcel
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.text import Translator, message
from ripening.produce import Produce
from subscriptions.adapters import notice_choice_store
from subscriptions.adapters.letter_html import html
from subscriptions.adapters.mailer import message_id
from subscriptions.adapters.notice_store import Reader
from subscriptions.notice.letter import Foot, Letter
from subscriptions.notice.rendering import Palette, capital, plain_text
from subscriptions.notice.topic import TOPIC_WORDS, Topic, topic_of
from subscriptions.ports import Mail, Mailer, MailRefused, MailUnavailable
from subscriptions.services import (
    notice_box,
    notice_digest,
    notice_door,
    notice_problem,
    notice_recall,
    notice_receipt,
    notice_subscription,
    notice_trial,
    notice_waiting,
)
from subscriptions.services.notice_desk import Desk, Writer, language_of
from subscriptions.stop_link import stop_token

log = structlog.get_logger("subscriptions.notice")

TOPIC = "notice"
WRITERS: Mapping[str, Writer] = {
    **notice_box.WRITERS,
    **notice_digest.WRITERS,
    **notice_recall.WRITERS,
    **notice_subscription.WRITERS,
    **notice_trial.WRITERS,
    **notice_waiting.WRITERS,
    **notice_receipt.WRITERS,
    **notice_door.WRITERS,
    **notice_problem.WRITERS,
}
"""Who writes which kind of notice."""


@dataclass(frozen=True, slots=True)
class NoticeService:
    """Sends what the outbox holds.

    A mail that people can switch off leaves at most once: it is noted before it leaves. One that is needed (a declined
    card, a recall) leaves at least once, always under the same Message-ID. `secret` signs the links that stop mails.
    """

    mailer: Mailer
    translator: Callable[[str], Translator]
    profiles: Mapping[str, Produce]
    base_url: str
    palette: Palette
    secret: str = field(repr=False)

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
            told = await self._write(parcel, now=now)
            if told is not None and not await told.begin(now=now):
                told = None
        problem = None if told is None else await self._send(told)
        async with unit_of_work():
            await outbox.forget(parcel_id, "email")
            if problem is None:
                await outbox.settle(parcel_id, now=now)
            else:
                await outbox.park(parcel_id, now=now, error=problem)
        kind = parcel.payload.get("kind")
        log.info("notice_told", kind=kind, parcel=parcel_id, sent=told is not None)

    async def _write(self, parcel: Parcel, *, now: DateTime) -> "_Told | None":
        """Return who is told what; None when there is nobody or nothing left to tell."""
        kind = str(parcel.payload.get("kind"))
        if kind not in WRITERS:
            raise LookupError(f"no such notice: {kind}")
        written = await WRITERS[kind](Desk(self.profiles, self.base_url), parcel.payload, now)
        return None if written is None else _Told(parcel, kind, *written)

    async def _send(self, told: "_Told") -> str | None:
        """Hand the letter to the mailer; returns why it never can be, if so."""
        words, letter = self.translator(language_of(told.reader)), told.letter
        foot = self._foot(told)
        mail = Mail(
            to=told.reader.email,
            subject=capital(words.render(letter.subject)),
            text=plain_text(letter, words, foot),
            html=html(letter, words, self.palette, foot),
            message_id=message_id(
                told.parcel.id, host=urlsplit(self.base_url).hostname or "localhost"
            ),
            unsubscribe_url=foot.stop_url if foot else None,
        )
        try:
            await self.mailer.send(mail)
        except MailUnavailable as error:
            if not error.may_have_left:
                await told.take_back()
            raise
        except MailRefused as error:
            log.warning("mail_refused", parcel=told.parcel.id, kind=told.kind)
            return error.cause
        return None

    def _foot(self, told: "_Told") -> Foot | None:
        """Return why the mail comes and how to stop it; mails of the door, and to who waits, say that themselves."""
        if told.kind in notice_door.WRITERS or told.kind in notice_waiting.WRITERS:
            return None
        choose_url = f"{self.base_url}/household/notices"
        if told.topic is Topic.NEEDED:
            return Foot(
                message("Mails like this belong to your boxes and cannot be switched off."),
                choose_url,
            )
        token = stop_token(self.secret, told.reader.person_id, told.topic)
        why = message(
            "You get this because “{topic}” is switched on.", topic=TOPIC_WORDS[told.topic].name
        )
        return Foot(why, choose_url, f"{self.base_url}/notices/stop?token={token}")


@dataclass(frozen=True, slots=True)
class _Told:
    """A mail that is about to leave."""

    parcel: Parcel
    kind: str
    reader: Reader
    letter: Letter

    @property
    def topic(self) -> Topic:
        return topic_of(self.kind)

    @property
    def subject(self) -> str:
        """Return the business fact: the box, or whatever else was put into the outbox once."""
        return str(self.parcel.payload.get("box") or self.parcel.dedupe_key)

    async def begin(self, *, now: DateTime) -> bool:
        """Note that it leaves; False when it is not wanted, or has left before."""
        if self.topic is Topic.NEEDED:
            return True
        return await notice_choice_store.begin(
            self.reader.person_id, self.kind, self.subject, self.topic, now=now
        )

    async def take_back(self) -> None:
        """Note that it has surely not left."""
        await notice_choice_store.take_back(self.reader.person_id, self.kind, self.subject)
