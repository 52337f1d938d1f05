"""The provider's news: kept once, applied once, in whatever order and number it comes."""

from dataclasses import dataclass

import structlog
from pendulum import DateTime

from ripeday.kit.errors import Refused
from subscriptions.adapters import charge_store, event_store
from subscriptions.ports import PaymentEvent, PaymentEventKind
from subscriptions.services.billing import BillingService
from subscriptions.services.subscribing import SubscribingService

log = structlog.get_logger("subscriptions.payment_news")


@dataclass(frozen=True, slots=True)
class PaymentNewsService:
    """Applies verified events."""

    billing: BillingService
    subscribing: SubscribingService

    async def receive(self, event: PaymentEvent, payload: str, *, now: DateTime) -> bool:
        """Keep an event and apply it; returns whether it had its effect now.

        An event that came before, but whose effect was cut off, is applied this time. Each effect is itself safe to
        repeat, so two deliveries at once do no harm.

        Raises
        ------
        PaymentUnavailable
            The provider does not answer a question the event raises; it will deliver again.
        """
        is_new = await charge_store.keep_event(
            event.event_id, event.provider_type, payload, now=now
        )
        if not is_new and await event_store.was_applied(event.event_id):
            return False
        try:
            await self._apply(event, now=now)
        except Refused as refusal:
            # About a box or a card page that is not ours (any more): delivering again would not help.
            log.warning("payment_news_refused", event_id=event.event_id, code=refusal.code)
            return False
        await charge_store.mark_event_applied(event.event_id, now=now)
        return True

    async def _apply(self, event: PaymentEvent, *, now: DateTime) -> None:
        if event.kind is PaymentEventKind.CHARGE_SETTLED and event.receipt is not None:
            if event.box_id is not None and event.attempt is not None:
                await self.billing.apply_receipt(
                    event.box_id, event.attempt, event.receipt, now=now
                )
        elif event.kind is PaymentEventKind.CARD_SAVED and event.session_id is not None:
            await self.subscribing.finish(event.session_id, now=now)
