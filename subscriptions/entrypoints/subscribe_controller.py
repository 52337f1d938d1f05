"""Subscribing, one question a page; the card is entered on the payment provider's own page.

Answers are kept in the server-side session, so nothing is asked twice, also when somebody has to sign in on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import InvalidForm, NotFound, Refused
from ripening.produce import Produce
from subscriptions.adapters import place_store, shop_page, waiting_store
from subscriptions.adapters.shop_page import OpenDay
from subscriptions.box_price import box_price
from subscriptions.entrypoints.guard import identity_of
from subscriptions.entrypoints.shop_controller import WEEKS_AHEAD, shop_named
from subscriptions.entrypoints.shop_view import lines_of, strip_of, today_of
from subscriptions.entrypoints.subscribe_form import (
    AT_STOP,
    STEPS,
    Answers,
    Counter,
    first_answers,
    home_of,
    household_of,
    next_step,
    plan_id,
    trial_of,
)
from subscriptions.entrypoints.subscribe_session import (
    answers_of,
    begun_person,
    keep_answers,
    keep_begun,
    place_of,
)
from subscriptions.entrypoints.subscribe_view import StepView, step_view
from subscriptions.errors import RoundFull, SignInFirst, StopFull, TrialChanged, TrialTaken
from subscriptions.ports import PaymentUnavailable
from subscriptions.role import Identity
from subscriptions.services.first_week import FirstWeekService
from subscriptions.services.subscribing import SubscribingService, Wanted
from subscriptions.waiting import Waiter

Visit = Request[Any, Any, Any]
Answer = Response[Any]
Profiles = NamedDependency[Mapping[str, Produce]]
Now = NamedDependency[DateTime]


@dataclass(frozen=True, slots=True)
class Desk:
    """One visitor at one merchant: what there is to choose, and what they said so far."""

    counter: Counter
    answers: Answers
    identity: Identity | None
    now: DateTime
    waiting_id: UUID | None

    @property
    def path(self) -> str:
        """Return where this merchant's steps begin."""
        return f"/m/{self.counter.shop.slug}/subscribe"

    def view(self, step: str, form: Form | None = None) -> StepView:
        """Return what a step shows."""
        return step_view(
            step, self.counter, self.answers, form, identity=self.identity, now=self.now
        )


class SubscribeController(Controller):
    """From "Start with this week" to the provider's page."""

    path = "/m/{slug:str}/subscribe"

    @get("/")
    async def go_on(
        self, request: Visit, slug: FromPath[str], profiles: Profiles, now: Now
    ) -> Redirect:
        """Lead to the first question without an answer."""
        desk = await _desk(request, slug, profiles, now)
        return Redirect(f"{desk.path}/{next_step(desk.answers)}", status_code=303)

    @post("/start", status_code=303)
    async def start(
        self, request: Visit, slug: FromPath[str], profiles: Profiles, now: Now
    ) -> Redirect:
        """Take over what the storefront's controls said, and ask the rest."""
        desk = await _desk(request, slug, profiles, now)
        said = first_answers(await request.form(), desk.counter)
        keep_answers(request, slug, {**desk.answers, **said})
        return Redirect(f"{desk.path}/where", status_code=303)

    @get("/{step:str}")
    async def ask(
        self,
        request: Visit,
        *,
        slug: FromPath[str],
        step: FromPath[str],
        profiles: Profiles,
        first_weeks: NamedDependency[FirstWeekService],
        now: Now,
    ) -> Answer:
        """Ask one question, or show all answers to be looked over."""
        desk = await _desk(request, slug, profiles, now)
        if step == "review":
            if next_step(desk.answers) != "review":
                return Redirect(f"{desk.path}/{next_step(desk.answers)}", status_code=303)
            return await _review(desk, first_weeks)
        if step not in STEPS:
            raise NotFound
        return Template(f"shop/{step}.html", context={"view": desk.view(step)})

    @post("/{step:str}", status_code=303)
    async def answer(
        self, request: Visit, slug: FromPath[str], step: FromPath[str], profiles: Profiles, now: Now
    ) -> Answer:
        """Keep what was answered and go on; what is wrong stands at its field."""
        if step not in STEPS:
            raise NotFound
        desk, typed = await _desk(request, slug, profiles, now), await request.form()
        try:
            said = STEPS[step](typed, desk.counter)
        except InvalidForm as error:
            form = Form({name: typed.get(name) for name in typed}).refused(error)
            context = {"view": desk.view(step, form)}
            return Template(f"shop/{step}.html", context=context, status_code=422)
        answered = [*desk.answers.get("answered", ()), step]
        answers = {**desk.answers, **said, "answered": list(dict.fromkeys(answered))}
        keep_answers(request, slug, answers)
        return Redirect(f"{desk.path}/{next_step(answers)}", status_code=303)

    @post("/", status_code=303)
    async def subscribe(
        self,
        request: Visit,
        *,
        slug: FromPath[str],
        profiles: Profiles,
        first_weeks: NamedDependency[FirstWeekService],
        subscribing: NamedDependency[SubscribingService],
        now: Now,
    ) -> Answer:
        """Save the subscription and lead to the provider's page for the card."""
        desk = await _desk(request, slug, profiles, now)
        if next_step(desk.answers) != "review":
            return Redirect(f"{desk.path}/{next_step(desk.answers)}", status_code=303)
        try:
            return await _begin(request, desk, subscribing)
        except SignInFirst as error:
            context = {"view": desk.view("review"), "said": error.message}
            return Template("shop/sign_in_first.html", context=context, status_code=409)
        except (RoundFull, StopFull, TrialTaken, TrialChanged) as error:
            return _asked_again(desk, error)
        except PaymentUnavailable:
            return await _review(desk, first_weeks, is_unavailable=True)


def _asked_again(desk: Desk, error: Refused) -> Template:
    """Return the step whose answer does not hold any more, with why."""
    step, field = _STEP_OF[type(error)]
    form = desk.view(step).form
    form = Form(
        {**form.values, field: "" if field == "trial" else form.value(field)},
        {field: error.message},
    )
    return Template(f"shop/{step}.html", context={"view": desk.view(step, form)}, status_code=409)


_STEP_OF: Mapping[type[Refused], tuple[str, str]] = {
    RoundFull: ("where", "round"),
    StopFull: ("where", "stop"),
    TrialTaken: ("who", "trial"),
    TrialChanged: ("who", "trial"),
}


async def _desk(request: Visit, slug: str, profiles: Mapping[str, Produce], now: DateTime) -> Desk:
    shop = await shop_named(slug)
    offered = await shop_page.produce_offered(
        shop.id, from_on=today_of(shop, now), weeks=WEEKS_AHEAD
    )
    counter = Counter(
        shop,
        await shop_page.open_days(shop.id, now=now),
        await shop_page.plan_offers(shop),
        {key: produce for key, produce in profiles.items() if key in offered},
        await place_store.stops_of_merchant(shop.id, from_on=today_of(shop, now), now=now),
    )
    if not counter.days or not counter.plans:
        raise NotFound
    waiter = await _asked(place_of(request, slug), now)
    if waiter is not None:
        counter = replace(counter, days=[_kept(day, waiter) for day in counter.days])
    waiting_id = None if waiter is None else waiter.id
    return Desk(counter, answers_of(request, slug), await identity_of(request), now, waiting_id)


async def _asked(waiting_id: UUID | None, now: DateTime) -> Waiter | None:
    """Return who on a waiting list somebody came as, while a place is kept for them."""
    waiter = None if waiting_id is None else await waiting_store.waiter(waiting_id)
    return waiter if waiter is not None and waiter.is_asked(now) else None


def _kept(day: OpenDay, waiter: Waiter) -> OpenDay:
    """Return a day as somebody sees it for whom a place is kept."""
    return replace(day, is_full=False) if day.round_id == waiter.round_id else day


async def _review(desk: Desk, weeks: FirstWeekService, *, is_unavailable: bool = False) -> Template:
    day, plan = desk.counter.day_of(desk.answers), desk.counter.plan_of(desk.answers)
    if day is None or plan is None:
        raise NotFound
    n_weeks = int(desk.answers["cadence"])
    price = box_price(plan.price, plan_weeks=plan.cadence_weeks, weeks=n_weeks)
    as_often = replace(plan, cadence_weeks=n_weeks, price=price)
    week = await weeks.plan(day.delivery_day_id, as_often, home_of(desk.answers), now=desk.now)
    context = {
        "view": desk.view("review"),
        "week": week,
        "lines": lines_of(week.calendar),
        "strip": strip_of(week.calendar),
        "vase_strip": strip_of(week.calendar, vase=True),
        "is_unavailable": is_unavailable,
    }
    return Template("shop/review.html", context=context, status_code=503 if is_unavailable else 200)


async def _begin(request: Visit, desk: Desk, subscribing: SubscribingService) -> Redirect:
    answers, identity = desk.answers, desk.identity
    day = desk.counter.day_of(answers)
    if day is None:
        raise RoundFull
    email = identity.email if identity else answers["email"]
    stop = desk.counter.stop_of(answers)
    if stop is None and answers.get("how") == AT_STOP:
        raise StopFull
    wanted = Wanted(
        merchant_id=desk.counter.shop.id,
        plan_id=plan_id(answers),
        round_id=day.round_id,
        cadence_weeks=answers["cadence"],
        email=email,
        locale=speaker().locale,
        household=household_of(answers),
        stop_id=stop.place.id if stop else None,
        trial=trial_of(answers, desk.counter.shop.currency),
        waiting_id=desk.waiting_id,
    )
    begun = await subscribing.begin(
        wanted,
        return_path=f"{desk.path}/done",
        cancel_path=f"{desk.path}/review",
        person_id=identity.person_id if identity else begun_person(request, email),
        now=desk.now,
    )
    keep_begun(request, begun, email=email)
    return Redirect(begun.setup.url, status_code=303)
