"""The steps of subscribing as their templates see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.text import Message
from ripening.home import RoomClass
from ripening.unit import family_in_words, name_in_words
from subscriptions.adapters.place_store import StopChoice
from subscriptions.adapters.shop_page import OpenDay, Shop
from subscriptions.box_price import box_price
from subscriptions.entrypoints.shop_view import Family, charged_words, never_list
from subscriptions.entrypoints.subscribe_form import STEPS, Counter, trial_of
from subscriptions.first_week import PlanOffer, contents_words, price_words, tax_words
from subscriptions.lifecycle import PlanKind, Taste
from subscriptions.place import StopPlace
from subscriptions.rhythm import RHYTHMS, rhythm_words
from subscriptions.role import Identity
from subscriptions.trial import TrialOffer
from subscriptions.trial_wording import TrialTerms, last_words, trial_terms, try_words, what_happens
from subscriptions.trial_wording import price_words as trial_price_words


@dataclass(frozen=True, slots=True)
class StepView:
    """One page of the steps: its form, what can be chosen, and what stands at its foot."""

    step: str
    counter: Counter
    answers: Mapping[str, Any]
    form: Form
    identity: Identity | None
    plan: PlanOffer | None
    day: OpenDay | None
    price: Message | None
    tax: Message | None
    charged: Message | None
    trial: TrialTerms | None

    @property
    def trials(self) -> tuple[tuple[PlanOffer, Message, Message], ...]:
        """Return the plans that can be tried first, with what a trial costs and ends, in the rhythm chosen so far."""
        return tuple(
            (plan, trial_price_words(terms), last_words(terms))
            for plan in self.counter.plans
            if (terms := _terms(plan, plan.trial, self.answers, self.day))
        )

    @property
    def try_first(self) -> Message:
        """Return "Try 2 boxes first"."""
        return try_words([plan.trial.n_boxes for plan in self.counter.plans if plan.trial])

    @property
    def trial_happens(self) -> tuple[Message, ...]:
        """Say what the trial that was chosen means."""
        return what_happens(self.trial) if self.trial else ()

    @property
    def shop(self) -> Shop:
        """Return the merchant."""
        return self.counter.shop

    @property
    def stop(self) -> StopPlace | None:
        """Return the stop at which the boxes are fetched; None when they come to the door."""
        chosen = self.counter.stop_of(self.answers)
        return chosen.place if chosen else None

    @property
    def stops(self) -> tuple[tuple[StopChoice, OpenDay], ...]:
        """Return the stops that can be joined, each with the first delivery of its round."""
        days = {day.round_id: day for day in self.counter.days}
        return tuple(
            (each, days[each.round_id]) for each in self.counter.stops if each.round_id in days
        )

    @property
    def path(self) -> str:
        """Return where the steps begin."""
        return f"/m/{self.shop.slug}/subscribe"

    @property
    def number(self) -> int:
        """Return which step this is, from 1."""
        return list(STEPS).index(self.step) + 1 if self.step in STEPS else len(STEPS) + 1

    @property
    def n_steps(self) -> int:
        """Return how many pages there are."""
        return len(STEPS) + 1

    @property
    def back(self) -> str:
        """Return where "Back" leads."""
        before = [f"/m/{self.shop.slug}", *(f"{self.path}/{step}" for step in STEPS)]
        return before[self.number - 1]

    @property
    def families(self) -> tuple[Family, ...]:
        """Return what may be ruled out or wished for in a box of the kind chosen."""
        kind = self.plan.kind if self.plan else PlanKind.MIXED
        unwanted = _OTHER.get(kind)
        offered = [key for key, each in self.counter.profiles.items() if each.kind != unwanted]
        return never_list(offered, self.counter.profiles)

    @property
    def rooms(self) -> tuple[tuple[int, Message], ...]:
        """Return how warm a kitchen may be."""
        return tuple((int(room), room.words) for room in RoomClass)

    @property
    def rhythms(self) -> tuple[tuple[int, Message], ...]:
        """Return how often a box may come, and how long it lasts."""
        return tuple((weeks, rhythm_words(weeks, self._kind)) for weeks in RHYTHMS)

    @property
    def rhythm(self) -> Message:
        """Return how often the box comes, and how long it lasts."""
        return rhythm_words(self.answers["cadence"], self._kind)

    @property
    def _kind(self) -> PlanKind:
        return self.plan.kind if self.plan else PlanKind.FRUIT

    @property
    def room(self) -> Message:
        """Return how warm the kitchen is."""
        return RoomClass(self.answers["room"]).words

    @property
    def never(self) -> list[Message]:
        """Return what must not come, in words."""
        families = [family_in_words(key) for key in self.answers.get("families", ())]
        return families + self._said(Taste.NEVER)

    @property
    def liked(self) -> list[Message]:
        """Return what is gladly eaten, in words."""
        return self._said(Taste.LIKE)

    def _said(self, taste: Taste) -> list[Message]:
        profiles = self.counter.profiles
        said = self.answers.get("tastes", {})
        return [
            name_in_words(profiles[key]) for key in said if said[key] == taste and key in profiles
        ]

    def contents(self, plan: PlanOffer) -> Message:
        """Return what a box holds."""
        return contents_words(plan)

    def price_of(self, plan: PlanOffer) -> Message:
        """Return what a box costs, and how often."""
        return price_words(plan.price, plan.cadence_weeks)


def step_view(
    step: str,
    counter: Counter,
    answers: Mapping[str, Any],
    form: Form | None,
    *,
    identity: Identity | None,
    now: DateTime,
) -> StepView:
    """Return what a step shows; without a form that came back, it shows what was answered before."""
    plan, day = counter.plan_of(answers), counter.day_of(answers)
    known = {"email": identity.email, "name": identity.name} if identity else {}
    shown = {**_DEFAULTS, "plan": str(plan.id) if plan else "", **known, **answers}
    shown["round"] = str(day.round_id) if day else ""
    shown["trial"] = "yes" if answers.get("trial") else ""
    weeks = int(answers.get("cadence") or (plan.cadence_weeks if plan else 1))
    price = box_price(plan.price, plan_weeks=plan.cadence_weeks, weeks=weeks) if plan else None
    trial = _terms(plan, trial_of(answers, counter.shop.currency), answers, day)
    per_box = trial_price_words(trial) if trial else None
    return StepView(
        step=step,
        counter=counter,
        answers=answers,
        form=form or Form(shown),
        identity=identity,
        plan=plan,
        day=day,
        price=per_box or (price_words(price, weeks) if price else None),
        tax=tax_words(counter.shop.country),
        charged=charged_words(day, counter.shop, now=now) if day else None,
        trial=trial,
    )


def _terms(
    plan: PlanOffer | None,
    offer: TrialOffer | None,
    answers: Mapping[str, Any],
    day: OpenDay | None,
) -> TrialTerms | None:
    """Return what a trial of a plan comes to in the rhythm that was chosen."""
    if plan is None or offer is None or day is None:
        return None
    weeks = int(answers.get("cadence") or plan.cadence_weeks)
    return trial_terms(
        offer, plan.price, plan_weeks=plan.cadence_weeks, weeks=weeks, first_on=day.delivery_on
    )


_OTHER = {PlanKind.FRUIT: "flower", PlanKind.FLOWER: "fruit"}
_DEFAULTS: Mapping[str, object] = {
    "how": "door",
    "people": 2,
    "cadence": 1,
    "room": int(RoomClass.MILD),
    "fridge": "yes",
}
