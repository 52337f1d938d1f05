"""Writes what is told of one box."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.money import Money
from ripeday.kit.text import message
from ripening.reading import read
from ripening.unit import units_in_words
from subscriptions.adapters import addon_store, change_store, notice_store, place_store
from subscriptions.adapters.addon_store import BoxAddon
from subscriptions.adapters.notice_store import BoxToTell, Line, Reader
from subscriptions.box_change import change_words
from subscriptions.cutoff_wording import cutoff_words
from subscriptions.notice.box import BOX_NOTICES, GIFT_NOTICES, WHILE_OPEN, BoxFacts
from subscriptions.notice.letter import Item, Letter, Section
from subscriptions.services.notice_desk import Desk, Writer, named


async def _about_box(
    desk: Desk, payload: Mapping[str, Any], now: DateTime
) -> tuple[Reader, Letter] | None:
    box_id, kind = UUID(payload["box"]), payload["kind"]
    box = await notice_store.box_to_tell(box_id)
    if box is None or (kind in WHILE_OPEN and not (box.is_open and now < box.cutoff_at)):
        return None
    letter_of = (BOX_NOTICES if box.given_to is None else GIFT_NOTICES).get(kind)
    if letter_of is None:
        return None
    changes = (await change_store.changes_of([box_id]))[box_id]
    riding = (await addon_store.lines_of([box_id]))[box_id]
    price = sum((each.price for each in riding), box.price) if box.is_open else box.price
    facts = BoxFacts(
        merchant=named(box.reader, box.merchant, box.merchant_zh),
        delivery_on=box.delivery_on,
        pack_on=box.pack_on,
        next_on=box.next_on,
        price=price,
        credit=min(box.credit, price, key=_amount),
        card_last4=box.card_last4,
        decline_code=box.status_note,
        items=_items(desk, box),
        page_url=desk.url(f"/boxes/{box_id}"),
        confirm_url=desk.url(f"/boxes/{box_id}/confirm"),
        household_url=desk.url("/household"),
        cutoff=cutoff_words(box.cutoff_at, now=now, timezone=box.timezone),
        tracking=box.number,
        changes=tuple(change_words(change, desk.profiles) for change in changes),
        elsewhere=await place_store.elsewhere_of(box_id),
        given_to=named(box.reader, box.given_to, box.given_to_zh) if box.given_to else None,
    )
    return box.reader, with_riding(letter_of(facts), riding)


def with_riding(letter: Letter, riding: Sequence[BoxAddon]) -> Letter:
    """Return a letter that says what rides along, where it says what is in the box."""
    if not (letter.items and riding):
        return letter
    items = tuple(
        Item(
            message("{n} × {addon}", n=each.units, addon=each.called),
            message("{price}", price=each.price),
        )
        for each in riding
    )
    return replace(letter, sections=(*letter.sections, Section(message("What rides along"), items)))


def _amount(money: Money) -> int:
    return money.minor


def _items(desk: Desk, box: BoxToTell) -> tuple[Item, ...]:
    return tuple(_item(desk, line, box.delivery_on) for line in box.lines)


def _item(desk: Desk, line: Line, delivery_on: dt.date) -> Item:
    produce = desk.profiles[line.produce]
    reading = read(
        line.chance,
        best_chance=line.best,
        mode=line.mode,
        move_day=line.move_day,
        planned_days=[day for day, portions in enumerate(line.eat) if portions],
        delivery_on=delivery_on,
        is_flower=produce.is_flower,
    )
    return Item(units_in_words(produce, line.units), reading.short, reading.columns)


WRITERS: Mapping[str, Writer] = dict.fromkeys(BOX_NOTICES, _about_box)
