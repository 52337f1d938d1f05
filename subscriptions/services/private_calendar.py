"""A person's private calendar: its link, and what it says today."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.errors import NotFound
from ripeday.kit.text import Translator, message
from ripening.produce import Produce
from subscriptions.adapters import box_view_store, calendar_store, household_page
from subscriptions.adapters.box_view_store import BoxView
from subscriptions.adapters.household_page import Delivery, SubscriptionView
from subscriptions.adapters.ical import WrittenEntry, write_calendar
from subscriptions.box_state import BoxState, state_of
from subscriptions.eating_calendar import EatingCalendar
from subscriptions.notice.rendering import capital
from subscriptions.private_calendar import Coming, Entry, day_entries, delivery_entry

DAYS_BACK = 14
BOXES_MOST = 60
DELIVERIES_MOST = 9


@dataclass(frozen=True, slots=True)
class PrivateCalendarService:
    """Makes and ends links, and writes calendars for those who know them."""

    translator: Callable[[str], Translator]
    profiles: Mapping[str, Produce]
    base_url: str

    async def renew(self, person_id: UUID, *, now: DateTime) -> str:
        """Return the address of a person's calendar under a new secret; the old one is dead at once."""
        token = await calendar_store.renew_link(person_id, now=now)
        return f"{self.base_url}/calendar/feed.ics?token={token}"

    async def end(self, person_id: UUID) -> None:
        """Take the calendar away; its link is dead at once."""
        await calendar_store.end_link(person_id)

    async def read(self, token: str, *, now: DateTime) -> bytes:
        """Return the calendar behind a secret, in its owner's language.

        Raises
        ------
        NotFound
            The secret is not, or no longer, good.
        """
        feed = await calendar_store.find_feed(token, now=now)
        if feed is None:
            raise NotFound
        words = self.translator("zh" if feed.locale.startswith("zh") else "en")
        said = [
            self._said(entry, words) for entry in await self._entries(feed.person_id, words, now)
        ]
        editions = await calendar_store.editions(
            feed.id, {uid: _content_hash(*rest) for uid, *rest in said}, now=now
        )
        written = [WrittenEntry(*each, editions[each[0]]) for each in said]
        name = words.render(message("Ripeday: what is ripe when"))
        return write_calendar(name, "zh-Hans" if words.locale == "zh" else "en", written)

    def _said(self, entry: Entry, words: Translator) -> tuple[str, dt.date, str, str, str, bool]:
        host = urlsplit(self.base_url).hostname or "localhost"
        return (
            f"{entry.key}@{host}",
            entry.on,
            _clean(capital(words.render(entry.summary))),
            "\n".join(_clean(capital(words.render(line))) for line in entry.lines),
            self.base_url + entry.path,
            entry.is_tentative,
        )

    async def _entries(self, person_id: UUID, words: Translator, now: DateTime) -> list[Entry]:
        since = now.date() - dt.timedelta(days=DAYS_BACK)
        found = await box_view_store.boxes_of(
            person_id, since=since - dt.timedelta(days=DAYS_BACK), limit=BOXES_MOST
        )
        own = [box for box in found if not box.is_given]
        boxes = [(box, state) for box in own if _is_shown(state := _state(box, now))]
        lines = await box_view_store.lines_of([box.id for box, _ in boxes])
        calendars = [
            box_view_store.calendar_of(box, lines[box.id], self.profiles) for box, _ in boxes
        ]
        are_open = {place: state is BoxState.OPEN for place, (_, state) in enumerate(boxes)}
        planned = [
            delivery_entry(_planned(box, state, calendar, words))
            for (box, state), calendar in zip(boxes, calendars, strict=True)
            if box.delivery_on >= since and state is not BoxState.REFUNDED
        ]
        days = day_entries(calendars, open_boxes=are_open, since=since)
        later = await self._later(person_id, words, now)
        entries = {entry.key: entry for entry in (*later, *planned, *days)}
        return sorted(entries.values(), key=_in_order)

    async def _later(self, person_id: UUID, words: Translator, now: DateTime) -> list[Entry]:
        """Return the deliveries whose boxes are not planned yet."""
        deliveries = await household_page.deliveries_of(person_id, now=now, each=DELIVERIES_MOST)
        ordered = {each.id: each for each in await household_page.subscriptions_of(person_id)}
        return [
            delivery_entry(_unplanned(each, ordered[each.subscription_id], words))
            for each in deliveries
            if each.box_id is None and each.subscription_id in ordered
        ]


def _state(box: BoxView, now: DateTime) -> BoxState:
    return state_of(box.status, box.stage, cutoff_at=pendulum.instance(box.cutoff_at), now=now)


def _is_shown(state: BoxState) -> bool:
    """Tell whether a box stands in the calendar of the pages, too."""
    return state.is_coming or state is BoxState.REFUNDED


def _planned(box: BoxView, state: BoxState, calendar: EatingCalendar, words: Translator) -> Coming:
    cutoff = pendulum.instance(box.cutoff_at).in_timezone(box.timezone)
    return Coming(
        box.subscription_id,
        box.delivery_on,
        box.merchant_name_zh if words.locale == "zh" else box.merchant_name,
        calendar.items,
        (cutoff.date(), cutoff.time()) if state is BoxState.OPEN else None,
        box.id,
    )


def _unplanned(each: Delivery, ordered: SubscriptionView, words: Translator) -> Coming:
    cutoff = each.cutoff_at.in_timezone(each.timezone)
    merchant = ordered.merchant_named(words.locale)
    return Coming(
        each.subscription_id, each.delivery_on, merchant, cutoff=(cutoff.date(), cutoff.time())
    )


def _in_order(entry: Entry) -> tuple[dt.date, str]:
    return entry.on, entry.key


def _clean(text: str) -> str:
    """Return one line without control characters, which no calendar may hold."""
    return "".join(
        " " if char.isspace() else char for char in text if char.isprintable() or char.isspace()
    )


def _content_hash(*said: object) -> str:
    return hashlib.sha256("\0".join(map(str, said)).encode()).hexdigest()
