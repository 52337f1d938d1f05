"""Mails: what the outbox says must be told, told in the reader's language, once."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import pendulum
import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.outbox import Parcel
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import as_date
from ripeday.kit.text import Translator
from ripening.produce import Produce
from ripening.reading import read
from ripening.unit import units_in_words
from subscriptions import notice
from subscriptions.account import INVITATION_LIFETIME, LINK_LIFETIME, STALE_AFTER
from subscriptions.adapters import account_store, change_store, notice_store, round_store
from subscriptions.adapters.mailer import message_id
from subscriptions.adapters.notice_store import BoxToTell, Line, Reader
from subscriptions.adapters.people_tables import TokenPurpose
from subscriptions.box_change import change_words
from subscriptions.cutoff import dated
from subscriptions.notice import (
    BoxFacts,
    InvitationFacts,
    Item,
    Letter,
    LinkFacts,
    SubscriptionFacts,
)
from subscriptions.ports import Mail, Mailer, MailRefused

log = structlog.get_logger("subscriptions.notice")

TOPIC = "notice"
_PURPOSES = {"sign_in_link": TokenPurpose.SIGN_IN, "reset_link": TokenPurpose.RESET}
_PATHS = {"sign_in_link": "/sign-in/link", "reset_link": "/reset/link"}


@dataclass(frozen=True, slots=True)
class NoticeService:
    """Sends what the outbox holds. The secret of a link is made here and kept nowhere but in the mail."""

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

    async def _send(self, parcel: Parcel, reader: Reader, letter: Letter) -> str | None:
        """Hand the letter to the mailer; returns why it never can be, if so."""
        words = self.translator(_language(reader.locale))
        mail = Mail(
            to=reader.email,
            subject=words.render(letter.subject),
            text=notice.plain_text(letter, words),
            html=notice.html(letter, words),
            message_id=message_id(parcel.id, host=urlsplit(self.base_url).hostname or "localhost"),
        )
        try:
            await self.mailer.send(mail)
        except MailRefused as error:
            log.warning("mail_refused", parcel=parcel.id, kind=parcel.payload.get("kind"))
            return error.cause
        return None

    async def _write(self, parcel: Parcel, *, now: DateTime) -> tuple[Reader, Letter] | None:
        """Return who is told what; None when there is nobody or nothing left to tell."""
        kind, payload = str(parcel.payload.get("kind")), parcel.payload
        if kind in notice.BOX_NOTICES:
            return await self._about_box(kind, UUID(payload["box"]))
        if kind in notice.LINK_NOTICES:
            return await self._link(kind, payload, now=now)
        if kind == "invite":
            return await self._invitation(UUID(payload["invitation"]), now=now)
        if kind == "subscribed":
            return await self._about_subscription(UUID(payload["subscription"]))
        raise LookupError(f"no such notice: {kind}")

    async def _about_box(self, kind: str, box_id: UUID) -> tuple[Reader, Letter] | None:
        box = await notice_store.box_to_tell(box_id)
        if box is None:
            return None
        facts = BoxFacts(
            merchant=_named(box.reader, box.merchant, box.merchant_zh),
            delivery_on=box.delivery_on,
            pack_on=box.pack_on,
            next_on=as_date(box.delivery_on).add(weeks=box.cadence_weeks),
            price=box.price,
            card_last4=box.card_last4,
            decline_code=box.status_note,
            items=self._items(box),
            page_url=f"{self.base_url}/boxes/{box_id}",
            confirm_url=f"{self.base_url}/boxes/{box_id}/confirm",
            household_url=f"{self.base_url}/household",
            changes=tuple(
                change_words(change, self.profiles)
                for change in (await change_store.changes_of([box_id]))[box_id]
            ),
        )
        return box.reader, notice.BOX_NOTICES[kind](facts)

    def _items(self, box: BoxToTell) -> tuple[Item, ...]:
        return tuple(self._item(line, box.delivery_on) for line in box.lines)

    def _item(self, line: Line, delivery_on: dt.date) -> Item:
        produce = self.profiles[line.produce]
        reading = read(
            line.chance,
            best_chance=line.best,
            mode=line.mode,
            move_day=line.move_day,
            planned_days=[day for day, portions in enumerate(line.eat) if portions],
            delivery_on=delivery_on,
            is_flower=produce.is_flower,
        )
        return Item(units_in_words(produce, line.units), reading.short)

    async def _about_subscription(self, subscription_id: UUID) -> tuple[Reader, Letter] | None:
        found = await notice_store.subscription_to_tell(subscription_id)
        round_ = None if found is None else await round_store.round_of(found.round_id)
        if found is None or round_ is None:
            return None
        cutoff = dated(round_.rule, found.first_on).cutoff_at.in_timezone(round_.rule.timezone)
        facts = SubscriptionFacts(
            merchant=_named(found.reader, found.merchant, found.merchant_zh),
            plan=_named(found.reader, found.plan, found.plan_zh),
            first_on=found.first_on,
            cutoff_on=cutoff.date(),
            cutoff_wall=cutoff.time(),
            price=found.price,
            card_last4=found.card_last4,
            cadence_weeks=found.cadence_weeks,
            page_url=f"{self.base_url}/today",
        )
        return found.reader, notice.subscribed(facts)

    async def _link(
        self, kind: str, payload: Mapping[str, Any], *, now: DateTime
    ) -> tuple[Reader, Letter] | None:
        asked_at = pendulum.instance(dt.datetime.fromisoformat(payload["asked_at"]))
        person = await notice_store.person_to_tell(payload["email"])
        if person is None or now > asked_at + STALE_AFTER:
            return None
        token = await account_store.save_link(
            person.person_id, _PURPOSES[kind], expires_at=now + LINK_LIFETIME
        )
        then = quote(payload.get("then") or "", safe="")
        url = f"{self.base_url}{_PATHS[kind]}?token={token}" + (f"&next={then}" if then else "")
        facts = LinkFacts(url, int(LINK_LIFETIME.total_minutes()))
        return person.reader, notice.LINK_NOTICES[kind](facts)

    async def _invitation(
        self, invitation_id: UUID, *, now: DateTime
    ) -> tuple[Reader, Letter] | None:
        found = await notice_store.invitation_to_tell(invitation_id, now=now)
        if found is None:
            return None
        token = await account_store.renew_secret(invitation_id)
        facts = InvitationFacts(
            merchant=_named(found.reader, found.merchant, found.merchant_zh),
            inviter=found.inviter,
            role=found.role,
            url=f"{self.base_url}/invite?token={token}",
            days=INVITATION_LIFETIME.days,
        )
        return found.reader, notice.invite(facts)


def _language(locale: str) -> str:
    return "zh" if locale.startswith("zh") else "en"


def _named(reader: Reader, name: str, name_zh: str) -> str:
    return name_zh if _language(reader.locale) == "zh" else name
