"""From a visitor's answers to an active subscription with a saved card."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import (
    place_store,
    round_store,
    subscribing_store,
    trial_store,
    waiting_store,
)
from subscriptions.adapters.round_store import Round
from subscriptions.adapters.subscribing_store import HouseholdToSave
from subscriptions.cutoff import DatedDelivery, first_open_delivery
from subscriptions.errors import (
    CardNotEntered,
    RoundFull,
    SignInFirst,
    StopFull,
    TrialChanged,
    TrialTaken,
)
from subscriptions.lifecycle import SubscriptionStatus
from subscriptions.ports import CardSetup, PaymentGateway, SavedCard
from subscriptions.trial import TrialOffer
from subscriptions.waiting import WaitingEnd

log = structlog.get_logger("subscriptions.subscribing")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor asks for; the forms above have checked each field by itself."""

    merchant_id: UUID
    plan_id: UUID
    round_id: UUID
    cadence_weeks: int
    email: str
    locale: str
    household: HouseholdToSave
    stop_id: UUID | None = None
    """Where the boxes are fetched; None when they are brought to the door."""
    trial: TrialOffer | None = None
    waiting_id: UUID | None = None
    """Their row on the round's waiting list, while a place is kept for them."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A subscription that waits for its card, and the provider's page to enter it on."""

    subscription_id: UUID
    person_id: UUID
    is_new_person: bool
    setup: CardSetup


@dataclass(frozen=True, slots=True)
class Subscribed:
    """An active subscription and the first box it brings."""

    subscription_id: UUID
    person_id: UUID
    first: DatedDelivery
    has_moved: bool


@dataclass(frozen=True, slots=True)
class SubscribingService:
    """Takes subscriptions."""

    payments: PaymentGateway
    base_url: str

    async def begin(
        self,
        wanted: Wanted,
        *,
        return_path: str,
        cancel_path: str,
        person_id: UUID | None,
        now: DateTime,
    ) -> Begun:
        """Save a pending subscription and open the provider's page for its card.

        `person_id` is whoever is signed in.

        Raises
        ------
        NotFound, Invalid, RoundFull, StopFull, TrialChanged, TrialTaken, SignInFirst, PaymentUnavailable
        """
        round_ = await self._checked_round(wanted)
        if person_id is None and await subscribing_store.person_by_email(wanted.email) is not None:
            raise SignInFirst
        if wanted.trial is not None and person_id is not None:
            await _refuse_second_trial(wanted.merchant_id, person_id)
        subscription_id = uuid4()
        # The page is opened first: without it nothing is saved, and the visitor can simply try again.
        customer, setup = await self._open_card_page(
            wanted, subscription_id, return_path, cancel_path
        )
        first_on = first_open_delivery(round_.rule, now).delivery_on
        async with unit_of_work():
            await _hold_place(wanted.stop_id, wanted.round_id, first_on, besides=None, now=now)
            person, is_new = await self._person(wanted, person_id, now=now)
            household_id = await subscribing_store.save_household(
                wanted.household, merchant_id=wanted.merchant_id, person_id=person, now=now
            )
            await subscribing_store.save_pending(
                subscription_id,
                merchant_id=wanted.merchant_id,
                household_id=household_id,
                plan_id=wanted.plan_id,
                round_id=round_.id,
                cadence_weeks=wanted.cadence_weeks,
                first_on=first_on,
                now=now,
                stop_id=wanted.stop_id,
            )
            if wanted.waiting_id is not None:
                await waiting_store.goes_to_pay(wanted.waiting_id, subscription_id, now=now)
            if wanted.trial is not None:
                await trial_store.agree(
                    subscription_id, wanted.trial, merchant_id=wanted.merchant_id, person_id=person, now=now
                )  # fmt: skip
            await subscribing_store.note_setup(
                subscription_id, customer=customer, session_id=setup.session_id
            )
        return Begun(subscription_id, person, is_new, setup)

    async def finish(self, session_id: str, *, now: DateTime) -> Subscribed:
        """Make the subscription of a finished card page active; doing it again changes nothing.

        The first delivery is found again: while the card was entered, a cut-off may have passed. So is room on the
        round and at the stop, where one was chosen: its place is kept for a while only.

        Raises
        ------
        NotFound, RoundFull, StopFull, TrialTaken, CardNotEntered, PaymentUnavailable, PaymentRefused
        """
        card = await self.payments.finished_card_setup(session_id)
        if card is None:
            raise CardNotEntered
        async with unit_of_work():
            return await self._activate(session_id, card, now=now)

    async def _activate(self, session_id: str, card: SavedCard, *, now: DateTime) -> Subscribed:
        row = await subscribing_store.hold_by_setup(session_id)
        round_ = None if row is None else await round_store.round_of(row.round_id)
        if row is None or round_ is None:
            raise NotFound
        first = first_open_delivery(round_.rule, now)
        has_moved = first.delivery_on != row.first_delivery_on
        if row.status is SubscriptionStatus.PENDING:
            await _take_place(row.id, round_.id, now=now)
            if not await trial_store.begin(row.id, now=now):
                raise TrialTaken
            await _hold_place(row.stop_id, round_.id, first.delivery_on, besides=row.id, now=now)
            await subscribing_store.activate(row.id, card, first_on=first.delivery_on)
            await subscribing_store.grant_customer(row.person_id, row.merchant_id, now=now)
            await round_store.plan_again(round_.id, now=now)
            payload = {"kind": "subscribed", "subscription": str(row.id)}
            await outbox.put(
                "notice", payload, dedupe_key=f"subscription:{row.id}:subscribed", now=now
            )
            log.info("subscribed", subscription=str(row.id), merchant=str(row.merchant_id))
        return Subscribed(row.id, row.person_id, first, has_moved)

    async def _checked_round(self, wanted: Wanted) -> Round:
        round_ = await round_store.round_of(wanted.round_id)
        if round_ is None or round_.merchant_id != wanted.merchant_id:
            raise NotFound
        if wanted.stop_id is None and not any(
            wanted.household.postcode.upper().replace(" ", "").startswith(prefix)
            for prefix in round_.postcode_prefixes
        ):
            raise Invalid("postcode", message("We do not deliver to this postcode yet."))
        plans = await subscribing_store.plans_on_sale(wanted.merchant_id)
        plan = next((plan for plan in plans if plan.id == wanted.plan_id), None)
        if plan is None:
            raise NotFound
        if wanted.trial is not None and plan.trial(wanted.trial.price.currency) != wanted.trial:
            raise TrialChanged
        if await waiting_store.n_taken(round_.id, besides=wanted.waiting_id) >= round_.capacity:
            raise RoundFull
        return round_

    async def _person(
        self, wanted: Wanted, person_id: UUID | None, *, now: DateTime
    ) -> tuple[UUID, bool]:
        if person_id is not None:
            return person_id, False
        if await subscribing_store.person_by_email(wanted.email) is not None:
            raise SignInFirst
        made = await subscribing_store.save_person(
            email=wanted.email, name=wanted.household.name, locale=wanted.locale, now=now
        )
        return made, True

    async def _open_card_page(
        self, wanted: Wanted, subscription_id: UUID, return_path: str, cancel_path: str
    ) -> tuple[str, CardSetup]:
        customer = await self.payments.create_customer(
            email=wanted.email,
            name=wanted.household.name,
            locale=wanted.locale,
            reference=str(subscription_id),
            idempotency_key=f"subscription:{subscription_id}:customer",
        )
        setup = await self.payments.start_card_setup(
            customer=customer,
            success_url=f"{self.base_url}{return_path}?session={{CHECKOUT_SESSION_ID}}",
            cancel_url=f"{self.base_url}{cancel_path}",
            locale=wanted.locale,
            reference=str(subscription_id),
        )
        return customer, setup


async def _hold_place(
    stop_id: UUID | None,
    round_id: UUID,
    first_on: dt.date,
    *,
    besides: UUID | None,
    now: DateTime,
) -> None:
    """Hold the stop that was chosen, once it has room on every day from the first delivery on.

    Raises
    ------
    StopFull
    """
    if stop_id is None:
        return
    held = await place_store.held_stop(
        stop_id, from_on=first_on, until_on=None, besides=besides, now=now
    )
    if held is None or held.round_id != round_id or not held.place.is_open or held.is_full:
        raise StopFull


async def _take_place(subscription_id: UUID, round_id: UUID, *, now: DateTime) -> None:
    """Take a place on a round, nobody else taking one until the unit of work ends; who was asked has one kept.

    Raises
    ------
    RoundFull
    """
    capacity = await waiting_store.hold_round(round_id)
    waiting_id = await waiting_store.of_subscription(subscription_id)
    if await waiting_store.n_taken(round_id, besides=waiting_id) >= capacity:
        raise RoundFull
    if waiting_id is not None:
        await waiting_store.end(waiting_id, WaitingEnd.JOINED, now=now)


async def _refuse_second_trial(merchant_id: UUID, person_id: UUID) -> None:
    if await trial_store.has_begun(merchant_id, person_id):
        raise TrialTaken
