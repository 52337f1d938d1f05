"""Writes what is told of a subscription as a whole."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pendulum import DateTime

from subscriptions.adapters import notice_store, round_store
from subscriptions.adapters.notice_store import Reader
from subscriptions.cutoff import dated
from subscriptions.notice.letter import Letter
from subscriptions.notice.subscription import SubscriptionFacts, subscribed
from subscriptions.services.notice_desk import Desk, Writer, named
from subscriptions.trial_wording import what_happens


async def _subscribed(
    desk: Desk, payload: Mapping[str, Any], _: DateTime
) -> tuple[Reader, Letter] | None:
    found = await notice_store.subscription_to_tell(UUID(payload["subscription"]))
    round_ = None if found is None else await round_store.round_of(found.round_id)
    if found is None or round_ is None:
        return None
    cutoff = dated(round_.rule, found.first_on).cutoff_at.in_timezone(round_.rule.timezone)
    facts = SubscriptionFacts(
        merchant=named(found.reader, found.merchant, found.merchant_zh),
        plan=named(found.reader, found.plan, found.plan_zh),
        first_on=found.first_on,
        cutoff_on=cutoff.date(),
        cutoff_wall=cutoff.time(),
        price=found.price,
        card_last4=found.card_last4,
        cadence_weeks=found.cadence_weeks,
        page_url=desk.url("/today"),
        trial_happens=what_happens(found.trial) if found.trial else (),
    )
    return found.reader, subscribed(facts)


WRITERS: Mapping[str, Writer] = {"subscribed": _subscribed}
