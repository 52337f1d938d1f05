"""The way back from the provider's page: the subscription begins, and its first week is shown when it is planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Response, Template
from pendulum import DateTime

from ripeday.kit.errors import NotFound
from ripeday.kit.money import Money
from ripeday.kit.text import Message
from ripening.produce import Produce
from subscriptions.adapters import box_view_store, shop_page
from subscriptions.adapters.shop_page import FirstBox, Shop
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.eating_calendar import EatingCalendar
from subscriptions.entrypoints.guard import WHO, begin_session, identity_of, signed_in
from subscriptions.entrypoints.shop_controller import shop_named
from subscriptions.entrypoints.shop_view import lines_of, strip_of
from subscriptions.entrypoints.subscribe_session import forget_answers, is_begun_here, made_here
from subscriptions.errors import CardNotEntered, RoundFull, StopFull, TrialTaken
from subscriptions.ports import PaymentRefused
from subscriptions.role import Identity
from subscriptions.services.account import AccountService
from subscriptions.services.subscribing import Subscribed, SubscribingService
from subscriptions.trial_wording import what_happens

Visit = Request[Any, Any, Any]
Profiles = NamedDependency[Mapping[str, Produce]]
Now = NamedDependency[DateTime]

PLANNED_DAYS_AHEAD = 8
"""A delivery is planned once its cut-off is that near; before, there is no week to show."""


@dataclass(frozen=True, slots=True)
class DoneView:
    """What a new subscriber is told."""

    shop: Shop
    subscribed: Subscribed
    price: Money
    cutoff: CutoffWords
    is_soon: bool
    trial_happens: tuple[Message, ...]


class SubscribedController(Controller):
    """What comes after the card."""

    path = "/m/{slug:str}/subscribe"

    @get("/done")
    async def finish(
        self,
        request: Visit,
        *,
        slug: FromPath[str],
        session: FromQuery[str],
        subscribing: NamedDependency[SubscribingService],
        accounts: NamedDependency[AccountService],
        profiles: Profiles,
        now: Now,
    ) -> Response[Any]:
        """Begin the subscription; loading the page again changes nothing."""
        shop = await shop_named(slug)
        try:
            subscribed = await subscribing.finish(session, now=now)
        except CardNotEntered as error:
            context = {"shop": shop, "said": error.message}
            return Template("shop/no_card.html", context=context, status_code=409)
        except RoundFull:
            return Template("shop/round_full.html", context={"shop": shop}, status_code=409)
        except TrialTaken as error:
            context = {"shop": shop, "said": error.message}
            return Template("shop/trial_taken.html", context=context, status_code=409)
        except StopFull as error:
            context = {"shop": shop, "said": error.message}
            return Template("shop/stop_full.html", context=context, status_code=409)
        except PaymentRefused:
            raise NotFound from None
        if not await _knows(request, subscribed, session, accounts):
            return Template("shop/done_elsewhere.html", context={"shop": shop})
        forget_answers(request, slug)
        found = await shop_page.first_box(subscribed.subscription_id, subscribed.person_id)
        if found is None:
            raise NotFound
        calendar = await _first_week(found, subscribed.person_id, profiles)
        view = _view(shop, subscribed, found, now)
        return Template("shop/done.html", context={**_week(calendar), "view": view})

    @get("/first-week/{subscription_id:uuid}", guards=(signed_in,), dependencies=WHO)
    async def show_week(
        self,
        slug: FromPath[str],
        subscription_id: FromPath[UUID],
        identity: NamedDependency[Identity],
        profiles: Profiles,
    ) -> Template:
        """Show the first week of one's own subscription, or that it is still being planned."""
        shop = await shop_named(slug)
        found = await shop_page.first_box(subscription_id, identity.person_id)
        if found is None:
            raise NotFound
        calendar = await _first_week(found, identity.person_id, profiles)
        context = {
            **_week(calendar),
            "shop": shop,
            "subscription_id": subscription_id,
            "is_soon": True,
        }
        return Template("shop/first_week.html", context=context)


async def _knows(
    request: Visit, subscribed: Subscribed, session_id: str, accounts: AccountService
) -> bool:
    """Tell whether this browser may see the subscription; signs in whoever was new with it here."""
    identity = await identity_of(request)
    if identity is not None:
        return identity.person_id == subscribed.person_id
    if made_here(request, session_id) == subscribed.person_id:
        begin_session(request, await accounts.session_of(subscribed.person_id))
        await identity_of(request)
        return True
    return is_begun_here(request, session_id)


async def _first_week(
    found: FirstBox, person_id: UUID, profiles: Mapping[str, Produce]
) -> EatingCalendar | None:
    box = found.box_id and await box_view_store.box_of(person_id, found.box_id)
    if not box:
        return None
    lines = await box_view_store.lines_of([box.id])
    return box_view_store.calendar_of(box, lines[box.id], profiles)


def _view(shop: Shop, subscribed: Subscribed, found: FirstBox, now: DateTime) -> DoneView:
    first = subscribed.first
    return DoneView(
        shop=shop,
        subscribed=subscribed,
        price=found.price,
        cutoff=cutoff_words(first.cutoff_at, now=now, timezone=shop.timezone),
        is_soon=first.cutoff_at <= now.add(days=PLANNED_DAYS_AHEAD),
        trial_happens=what_happens(found.trial) if found.trial else (),
    )


def _week(calendar: EatingCalendar | None) -> dict[str, Any]:
    return {
        "calendar": calendar,
        "lines": lines_of(calendar) if calendar else (),
        "strip": strip_of(calendar) if calendar else (),
        "vase_strip": strip_of(calendar, vase=True) if calendar else (),
    }
