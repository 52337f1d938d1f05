"""Writes what is told of a recalled lot."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.clock import as_date, local_day
from ripening.unit import name_in_words
from subscriptions.adapters import notice_store
from subscriptions.adapters.notice_store import Reader
from subscriptions.notice.letter import Letter
from subscriptions.notice.recall import RecallFacts, recall
from subscriptions.services.notice_desk import Desk, Writer, named


async def _recall(
    desk: Desk, payload: Mapping[str, Any], now: DateTime
) -> tuple[Reader, Letter] | None:
    box_id = UUID(payload["box"])
    found = await notice_store.recall_to_tell(box_id, UUID(payload["lot"]))
    if found is None:
        return None
    day = (local_day(now, found.timezone) - as_date(found.delivery_on)).days
    facts = RecallFacts(
        merchant=named(found.reader, found.merchant, found.merchant_zh),
        fruit=name_in_words(desk.profiles[found.produce]),
        lot=found.code,
        delivery_on=found.delivery_on,
        is_left=sum(found.eat[max(day, 0) :]) > 0,
        page_url=desk.url(f"/boxes/{box_id}"),
    )
    return found.reader, recall(facts)


WRITERS: Mapping[str, Writer] = {"recall": _recall}
