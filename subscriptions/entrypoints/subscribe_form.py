"""What the steps of subscribing ask for, checked field by field; answers are plain values that a session can keep."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar.datastructures import FormMultiDict

from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money
from ripeday.kit.text import message
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.unit import families
from subscriptions.adapters.place_store import StopChoice
from subscriptions.adapters.shop_page import OpenDay, Shop
from subscriptions.adapters.subscribing_store import HouseholdToSave
from subscriptions.entrypoints.form_reader import FormReader
from subscriptions.first_week import PEOPLE_MAX, Home, PlanOffer, fitting_plan
from subscriptions.lifecycle import PlanKind, Taste
from subscriptions.postcode import read_postcode
from subscriptions.rhythm import RHYTHMS, rhythms_of
from subscriptions.trial import TrialOffer

Answers = dict[str, Any]

AT_STOP = "stop"
"""The answer to how a box gets to somebody, where they fetch it."""
_TASTE = "taste-"
_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Counter:
    """What can be chosen from: the merchant, its open days, its plans, and what it may send."""

    shop: Shop
    days: Sequence[OpenDay]
    plans: Sequence[PlanOffer]
    profiles: Mapping[str, Produce]
    stops: Sequence[StopChoice] = ()

    def stop_of(self, answers: Mapping[str, Any]) -> StopChoice | None:
        """Return the stop at which the boxes are fetched; None when they come to the door."""
        if answers.get("how") != AT_STOP:
            return None
        return next(
            (each for each in self.stops if str(each.place.id) == answers.get("stop")), None
        )

    def day_of(self, answers: Mapping[str, Any]) -> OpenDay | None:
        """Return the day chosen, or the one that would be."""
        with_room = [day for day in self.days if not day.is_full]
        chosen = [day for day in self.days if str(day.round_id) == answers.get("round")]
        return next(iter([*chosen, *with_room]), None)

    def plan_of(self, answers: Mapping[str, Any]) -> PlanOffer | None:
        """Return the plan chosen, or the one that would fit."""
        chosen = [plan for plan in self.plans if str(plan.id) == answers.get("plan")]
        people = int(answers.get("people") or 2)
        fitting = fitting_plan(self.plans, PlanKind.FRUIT, people)
        return next(iter([*chosen, *([fitting] if fitting else self.plans)]), None)


def read_where(form: FormMultiDict, counter: Counter) -> Answers:
    """Read the stop, or the address and the day; who fetches the box need not say where they live.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    if form.get("how") == AT_STOP and counter.stops:
        return _at_stop(reader, counter)
    postcode = _postcode(reader, counter)
    street = reader.line("street", message("Enter the street and number."), most=200)
    city = reader.line("city", message("Enter the town."), most=100)
    day = _day(reader, counter, postcode) if postcode else None
    note = reader.line("delivery_note", None, most=200)
    reader.done()
    chosen = str(day.round_id) if day else ""
    return {
        "how": "door",
        "stop": "",
        "postcode": postcode,
        "street": street,
        "city": city,
        "round": chosen,
        "delivery_note": note,
    }


def _at_stop(reader: FormReader, counter: Counter) -> Answers:
    asked = str(reader.form.get("stop") or "")
    chosen = next((each for each in counter.stops if str(each.place.id) == asked), None)
    day = next((day for day in counter.days if chosen and day.round_id == chosen.round_id), None)
    if chosen is None or day is None:
        reader.refuse("stop", message("Choose the stop at which you fetch your box."))
    elif chosen.is_full:
        reader.refuse("stop", message("This stop is full. Choose another one."))
    elif day.is_full:
        reader.refuse("stop", message("The round of this stop is full. Choose another one."))
    reader.done()
    nowhere = dict.fromkeys(("postcode", "street", "city", "delivery_note"), "")
    return {**nowhere, "how": AT_STOP, "stop": asked, "round": str(day.round_id) if day else ""}


def _postcode(reader: FormReader, counter: Counter) -> str:
    text = reader.postcode(counter.shop.country)
    if text and not any(day.serves(text) for day in counter.days):
        return reader.refuse("postcode", message("We do not deliver to this postcode yet."))
    return text


def _day(reader: FormReader, counter: Counter, postcode: str) -> OpenDay | None:
    """Return the day chosen; where only one comes to the postcode it need not be chosen."""
    serving = [day for day in counter.days if day.serves(postcode)]
    asked = str(reader.form.get("round") or "")
    day = next((day for day in serving if str(day.round_id) == asked), None)
    if (
        day is None
        and len(serving) == 1
        and not any(str(d.round_id) == asked for d in counter.days)
    ):
        day = serving[0]
    if day is None and any(str(d.round_id) == asked for d in counter.days):
        reader.refuse(
            "round",
            message(
                "This round does not come to {postcode}. Choose another day.", postcode=postcode
            ),
        )
    elif day is None:
        reader.refuse("round", message("Choose a delivery day."))
    elif day.is_full:
        reader.refuse("round", message("This delivery day is full. Choose another day."))
    return day


def n_people(form: FormMultiDict, *, most: int = PEOPLE_MAX) -> int | None:
    """Return how many eat, None when it is no number from 1 to `most`."""
    typed = str(form.get("people") or "")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS
    return int(typed) if is_number and 1 <= int(typed) <= most else None


def read_who(form: FormMultiDict, counter: Counter) -> Answers:
    """Read who eats, in what kitchen, and which box.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    people = n_people(form)
    if people is None:
        reader.refuse("people", message("Give a number from 1 to {most}.", most=PEOPLE_MAX))
    plan = reader.choice("plan", [str(p.id) for p in counter.plans], message("Choose a box."))
    weeks = _rhythm(reader, counter, plan)
    room = reader.choice(
        "room", [str(int(r)) for r in RoomClass], message("Choose how warm your kitchen is.")
    )
    fridge = reader.choice("fridge", ("yes", "no"), message("Tell us whether there is a fridge."))
    trial = _trial(reader, counter, plan)
    reader.done()
    return {
        "people": people,
        "plan": plan,
        "cadence": weeks,
        "room": int(room),
        "fridge": fridge,
        "trial": trial,
    }


def _trial(reader: FormReader, counter: Counter, plan: str) -> Answers | None:
    """Return the trial that is asked for, as it is offered now."""
    chosen = next((each for each in counter.plans if str(each.id) == plan), None)
    if reader.form.get("trial") != "yes" or chosen is None:
        return None
    if chosen.trial is None:
        reader.refuse(
            "trial", message("There is no trial of this box. Choose another one, or begin right away.")
        )  # fmt: skip
        return None
    return {"n_boxes": chosen.trial.n_boxes, "price_minor": chosen.trial.price.minor}


def _rhythm(reader: FormReader, counter: Counter, plan: str) -> int:
    """Return every how many weeks it comes: not oftener than the plan is made for."""
    wrong = message("Choose how often it comes.")
    weeks = reader.choice("cadence", [str(each) for each in RHYTHMS], wrong)
    chosen = next((each for each in counter.plans if str(each.id) == plan), None)
    if not weeks or chosen is None or int(weeks) in rhythms_of(chosen.cadence_weeks):
        return int(weeks or 1)
    reader.refuse("cadence", message("This box is made for two weeks; it cannot come every week."))
    return 1


def read_tastes(form: FormMultiDict, counter: Counter) -> Answers:
    """Read the never-list and the wishes; what is said of a family counts for all of it."""
    never = [key for key in form.getall("family", []) if key in families()]
    tastes = {
        name.removeprefix(_TASTE): str(value)
        for name, value in form.multi_items()
        if name.startswith(_TASTE)
        and name.removeprefix(_TASTE) in counter.profiles
        and value in (Taste.NEVER, Taste.LIKE)
    }
    return {"families": list(dict.fromkeys(never)), "tastes": tastes}


def read_you(form: FormMultiDict, counter: Counter) -> Answers:  # noqa: ARG001 - every step is read alike
    """Read whom to write to.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    email = reader.email()
    name = reader.line("name", message("Enter your name."), most=120)
    phone = reader.phone()
    reader.done()
    return {"email": email, "name": name, "phone": phone}


STEPS: Mapping[str, Callable[[FormMultiDict, Counter], Answers]] = {
    "where": read_where,
    "who": read_who,
    "tastes": read_tastes,
    "you": read_you,
}
"""The steps in order, and how each is read."""


def next_step(answers: Mapping[str, Any]) -> str:
    """Return the first step without an answer; "review" when all have one."""
    answered = answers.get("answered", ())
    return next((step for step in STEPS if step not in answered), "review")


def home_of(answers: Mapping[str, Any]) -> Home:
    """Return the household for planning; what was not asked yet is assumed mild and cool."""
    return Home(
        room_class=int(answers.get("room", RoomClass.MILD)),
        has_fridge=answers.get("fridge", "yes") == "yes",
        tastes={key: Taste(taste) for key, taste in answers.get("tastes", {}).items()},
        never_families=frozenset(answers.get("families", ())),
    )


def household_of(answers: Mapping[str, Any]) -> HouseholdToSave:
    """Return the household to save, from a full set of answers."""
    home = home_of(answers)
    return HouseholdToSave(
        name=answers["name"],
        n_people=answers["people"],
        room_class=home.room_class,
        has_fridge=home.has_fridge,
        street=answers["street"],
        city=answers["city"],
        postcode=answers["postcode"],
        phone=answers["phone"] or None,
        delivery_note=answers["delivery_note"] or None,
        food_note=None,
        tastes=home.tastes,
        never_families=home.never_families,
    )


def first_answers(form: FormMultiDict, counter: Counter) -> Answers:
    """Return what the storefront's controls already answered, each only if it makes sense."""
    people = n_people(form)
    said: Answers = {"answered": []}
    if people is not None:
        said["people"] = people
    for name, offered in (
        ("plan", {str(plan.id) for plan in counter.plans}),
        ("round", {str(day.round_id) for day in counter.days}),
    ):
        if form.get(name) in offered:
            said[name] = str(form.get(name))
    if form.get("room") in {str(int(room)) for room in RoomClass}:
        said["room"] = int(str(form.get("room")))
    if form.get("fridge") in ("yes", "no"):
        said["fridge"] = str(form.get("fridge"))
    with suppress(Invalid):
        said["postcode"] = read_postcode(str(form.get("postcode") or ""), counter.shop.country)
    said["tastes"] = {
        key: Taste.NEVER.value for key in form.getall("never", []) if key in counter.profiles
    }
    said["families"] = [key for key in form.getall("family", []) if key in families()]
    return said


def trial_of(answers: Mapping[str, Any], currency: str) -> TrialOffer | None:
    """Return the trial that was chosen, as it was offered then."""
    said = answers.get("trial")
    return None if not said else TrialOffer(said["n_boxes"], Money(said["price_minor"], currency))


def plan_id(answers: Mapping[str, Any]) -> UUID:
    """Return the plan chosen."""
    return UUID(answers["plan"])
