"""Writes what is told of a receipt."""

from collections.abc import Mapping
from typing import Any

from pendulum import DateTime

from subscriptions.adapters import notice_store, receipt_store
from subscriptions.adapters.notice_store import Reader
from subscriptions.notice.letter import Letter
from subscriptions.notice.receipt import ReceiptFacts, receipt
from subscriptions.services.notice_desk import Desk, Writer, named


async def _receipt(
    desk: Desk, payload: Mapping[str, Any], _: DateTime
) -> tuple[Reader, Letter] | None:
    number = str(payload["number"])
    view = await receipt_store.receipt_by_number(number)
    found = (
        None
        if view is None
        else await notice_store.subscription_to_tell(view.receipt.subscription_id)
    )
    if view is None or found is None:
        return None
    facts = ReceiptFacts(
        merchant=named(found.reader, found.merchant, found.merchant_zh),
        receipt=view.receipt,
        timezone=view.timezone,
        page_url=desk.url(f"/receipts/{number}"),
        verify_url=desk.url(f"/verify/{number}"),
    )
    return found.reader, receipt(facts)


WRITERS: Mapping[str, Writer] = {"receipt": _receipt}
