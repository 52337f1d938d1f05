"""A box of the sample that its household gives to the food bank: it is packed today like all others."""

import datetime as dt
from collections.abc import Sequence

from ripeday.kit.clock import instant
from ripeday.sample.calendar import SampleDays
from ripeday.sample.household import PAYS, SampleSubscriber
from ripeday.sample.merchant import SampleMerchant
from ripeday.sample.row import RowBook
from ripeday.sample.stop import food_bank_of
from subscriptions.adapters.order_tables import Donation

ASKED_DAYS_BEFORE = 9


def add_donation(
    book: RowBook,
    merchant: SampleMerchant,
    days: SampleDays,
    subscribers: Sequence[SampleSubscriber],
) -> None:
    """Have one household give a box away, not that of the customer whose login is printed."""
    on = days.current_on
    giver = next(
        each
        for each in subscribers[1:]
        if each.round == "main" and each.is_due(on) and each.card == PAYS
    )
    asked_on = on - dt.timedelta(days=ASKED_DAYS_BEFORE)
    book.add(
        Donation,
        id=book.key(giver.subscription_id, "donation"),
        merchant=book.key(merchant.slug),
        subscription=giver.subscription_id,
        delivery_on=on,
        stop=food_bank_of(book, merchant),
        asked_at=instant(asked_on, dt.time(18, 12), merchant.timezone),
    )
