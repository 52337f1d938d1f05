"""Writes the morning's mail of one person, as their boxes stand that morning."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripening.reading import MOST_IN_TEN, in_ten_words
from ripening.unit import pieces_in_words
from subscriptions.adapters import box_view_store, household_page, notice_store, report_store
from subscriptions.adapters.notice_store import Reader
from subscriptions.at_home import Kept, at_home
from subscriptions.digest import Digest, digest_of
from subscriptions.notice.digest import DigestFacts, digest, place_words
from subscriptions.notice.letter import Item, Letter
from subscriptions.services.notice_desk import Desk, Writer, named
from subscriptions.today_wording import each_once, headline, portion_words, then_of

LONGEST_BOX_DAYS = 14


async def _digest(
    desk: Desk, payload: Mapping[str, Any], now: DateTime
) -> tuple[Reader, Letter] | None:
    person, merchant = UUID(payload["person"]), UUID(payload["merchant"])
    on = dt.date.fromisoformat(payload["on"])
    found = await box_view_store.boxes_of(person, since=on - dt.timedelta(days=LONGEST_BOX_DAYS))
    boxes = [box for box in found if box.merchant_id == merchant and box.is_eaten_on(on)]
    reader = await notice_store.reader_of(person, merchant)
    if not boxes or reader is None or now.in_timezone(boxes[0].timezone).date() != on:
        return None
    at_door = [box for box in boxes if box.delivery_on == on and box.delivered_at is None]
    lines = await box_view_store.lines_of([box.id for box in boxes if box not in at_door])
    said = await report_store.verdicts_on(
        person, [line.line_id for held in lines.values() for line in held], judged_on=on
    )
    calendars = [
        box_view_store.calendar_of(box, lines[box.id], desk.profiles, today=on)
        for box in boxes
        if box.id in lines
    ]
    told = digest_of(at_home(calendars, on, said=said), is_box_coming=bool(at_door))
    if told is None:
        return None
    deliveries = await household_page.deliveries_of(person, now=now, each=1)
    ordered = {box.subscription_id for box in boxes}
    coming = [each.delivery_on for each in deliveries if each.subscription_id in ordered]
    next_on = min(coming, default=None)
    shop = named(reader, boxes[0].merchant_name, boxes[0].merchant_name_zh)
    return reader, digest(_facts(told, shop, next_on, desk))


def _facts(told: Digest, shop: str, next_on: dt.date | None, desk: Desk) -> DigestFacts:
    in_vase = not told.eat and bool(told.vase)
    eaten = [portion_words(each.item.produce, each.pieces_today) for each in told.eat]
    names = [each.item.name for each in told.vase] if in_vase else eaten
    return DigestFacts(
        merchant=shop,
        headline=headline(
            each_once(names),
            today=told.on,
            then=then_of(told.home, in_vase=in_vase),
            next_box_on=next_on,
            in_vase=in_vase,
        ),
        eat=tuple(_item(kept, kept.pieces_today) for kept in told.eat),
        also=tuple(_item(kept, kept.pieces_left) for kept in told.also),
        vase=tuple(_item(kept, kept.pieces_left) for kept in told.vase),
        jobs=tuple(Item(job.heading, job.detail) for _, job in told.jobs),
        is_box_coming=told.is_box_coming,
        page_url=desk.url("/today"),
    )


def _item(kept: Kept, pieces: int) -> Item:
    in_ten = min(math.floor(10 * kept.chance + 1e-9), MOST_IN_TEN)
    units = pieces_in_words(kept.item.produce, pieces)
    return Item(units, place_words(in_ten_words(in_ten), kept.place))


WRITERS: Mapping[str, Writer] = {"digest": _digest}
