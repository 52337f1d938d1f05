"""Saved cards for the sample, kept by the payment sandbox through the provider's own library."""

import asyncio

import httpx
import stripe
from rich.progress import Progress

from ripeday.composition import House
from ripeday.sample import store
from ripeday.sample.household import SampleSubscriber
from ripeday.settings import Settings
from subscriptions.ports import PaymentGateway, SavedCard

AT_ONCE = 8
TIMEOUT_S = 20.0


async def save_cards(
    house: House, subscribers: tuple[SampleSubscriber, ...], bars: Progress
) -> int:
    """Save a test card for everyone who has none yet; returns how many were saved.

    Only the sandbox takes test cards from nobody; with Stripe itself the sample stays without.
    """
    if not house.settings.is_sandbox:
        return 0
    waiting = await store.waiting_for_card([each.subscription_id for each in subscribers])
    todo = [each for each in subscribers if each.subscription_id in waiting]
    bar = bars.add_task("Saving cards", total=len(todo))
    turn, client = asyncio.Semaphore(AT_ONCE), _client(house.settings)

    async def save(subscriber: SampleSubscriber) -> None:
        async with turn:
            card = await _saved(house.payments, client, subscriber)
            await store.save_card(subscriber.subscription_id, card)
        bars.update(bar, advance=1)

    async with asyncio.TaskGroup() as tasks:
        for subscriber in todo:
            tasks.create_task(save(subscriber))
    return len(todo)


def _client(settings: Settings) -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.stripe_key,
        base_addresses={"api": settings.stripe_api or ""},
        max_network_retries=2,
        http_client=stripe.HTTPXClient(timeout=httpx.Timeout(TIMEOUT_S)),
    )


async def _saved(
    payments: PaymentGateway, client: stripe.StripeClient, subscriber: SampleSubscriber
) -> SavedCard:
    name = f"sample:{subscriber.subscription_id}"
    customer = await payments.create_customer(
        email=subscriber.email,
        name=subscriber.name,
        locale=subscriber.locale,
        reference=str(subscriber.subscription_id),
        idempotency_key=f"{name}:customer",
    )
    method = await client.v1.payment_methods.attach_async(
        subscriber.card, {"customer": customer}, {"idempotency_key": f"{name}:card"}
    )
    if method.card is None:
        raise TypeError(f"{subscriber.card} is not a card")
    return SavedCard(
        customer,
        method.id,
        method.card.brand,
        method.card.last4,
        method.card.exp_month,
        method.card.exp_year,
    )
