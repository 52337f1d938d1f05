"""What a household may change about itself, checked field by field."""

from collections.abc import Mapping
from typing import Any

from litestar.datastructures import FormMultiDict

from ripeday.kit.text import marked, message
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.unit import families
from subscriptions.adapters.household_page import HouseholdView
from subscriptions.adapters.household_store import Address, Home
from subscriptions.due import never_produce
from subscriptions.entrypoints.form_reader import FormReader
from subscriptions.entrypoints.subscribe_form import n_people
from subscriptions.lifecycle import Consent, Taste
from subscriptions.taste import Tastes, WeekNevers, refuse_everything_ruled_out

PEOPLE_MOST = 12
_TASTE = "taste-"
TASTE_WORDS: Mapping[Taste, str] = {
    Taste.ALWAYS: marked("always"),
    Taste.LIKE: marked("like"),
    Taste.SOMETIMES: marked("sometimes"),
    Taste.NEVER: marked("never"),
}


def home_values(household: HouseholdView) -> dict[str, Any]:
    """Return who eats and in what kitchen, as its form shows it."""
    return {
        "people": household.n_people,
        "room": household.room_class,
        "fridge": "yes" if household.has_fridge else "no",
    }


def read_home(form: FormMultiDict) -> Home:
    """Read who eats and in what kitchen.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    people = n_people(form, most=PEOPLE_MOST)
    if people is None:
        reader.refuse("people", message("Give a number from 1 to {most}.", most=PEOPLE_MOST))
    room = reader.choice(
        "room", [str(int(r)) for r in RoomClass], message("Choose how warm your kitchen is.")
    )
    fridge = reader.choice("fridge", ("yes", "no"), message("Tell us whether there is a fridge."))
    reader.done()
    return Home(people or 1, int(room), fridge == "yes")


CONSENTS: Mapping[Consent, tuple[str, str]] = {
    Consent.BEST: (
        marked("Best match"),
        marked("Grapes fall short: pears come instead, ripe on the same days."),
    ),
    Consent.ASK: (
        marked("Ask me"),
        marked(
            "The same, but we write to you at once: keep the pears, or choose yourself until the cut-off."
        ),
    ),
    Consent.NEVER: (
        marked("No substitutes"),
        marked("No grapes and nothing instead: their price comes off, and we write to you."),
    ),
}
"""What may be done when something is short: in a word, and by an example."""


def read_consent(form: FormMultiDict) -> Consent:
    """Read what may be done when something is short.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    chosen = reader.choice(
        "consent", [each.value for each in Consent], message("Choose one of these.")
    )
    reader.done()
    return Consent(chosen)


def address_values(household: HouseholdView) -> dict[str, Any]:
    """Return where the box goes, as its form shows it."""
    return {
        "name": household.name,
        "street": household.street,
        "city": household.city,
        "postcode": household.postcode,
        "phone": household.phone or "",
        "delivery_note": household.delivery_note or "",
        "food_note": household.food_note or "",
    }


def read_address(form: FormMultiDict, *, country: str, is_needed: bool = True) -> Address:
    """Read where the box goes; who fetches it (not `is_needed`) may leave the whole address empty.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    name = reader.line("name", message("Enter your name."), most=120)
    street = postcode = city = ""
    if is_needed or any(form.get(each) for each in ("street", "postcode", "city")):
        street = reader.line("street", message("Enter the street and number."), most=200)
        postcode = reader.postcode(country)
        city = reader.line("city", message("Enter the town."), most=100)
    phone = reader.phone()
    delivery_note = reader.line("delivery_note", None, most=200)
    food_note = reader.line("food_note", None, most=200)
    reader.done()
    return Address(
        name, street, city, postcode, phone or None, delivery_note or None, food_note or None
    )


def read_tastes(form: FormMultiDict, profiles: Mapping[str, Produce]) -> Tastes:
    """Read the never-list and the wishes; what a form leaves out is `sometimes`, which needs no row.

    Raises
    ------
    Invalid
        When everything is ruled out: no box could be planned.
    """
    never = chosen_families(form)
    said = {
        name.removeprefix(_TASTE): Taste(str(value))
        for name, value in form.multi_items()
        if name.startswith(_TASTE)
        and name.removeprefix(_TASTE) in profiles
        and value in (Taste.NEVER, Taste.LIKE, Taste.ALWAYS)
    }
    refuse_everything_ruled_out(never_produce(said, never, profiles), profiles)
    return Tastes(said, never)


def chosen_families(form: FormMultiDict) -> frozenset[str]:
    """Return the families that a form rules out."""
    return frozenset(str(key) for key in form.getall("family", []) if key in families())


def read_week_nevers(
    form: FormMultiDict, household: HouseholdView, profiles: Mapping[str, Produce]
) -> WeekNevers:
    """Read what stays out of one box.

    Raises
    ------
    Invalid
        When nothing is left together with what the household never wants.
    """
    said = chosen_week(form, profiles)
    standing = never_produce(household.tastes, household.never_families | said.families, profiles)
    refuse_everything_ruled_out(standing | said.produce, profiles)
    return said


def chosen_week(form: FormMultiDict, profiles: Mapping[str, Produce]) -> WeekNevers:
    """Return what a form rules out for one box."""
    produce = frozenset(str(key) for key in form.getall("produce", []) if key in profiles)
    return WeekNevers(produce, chosen_families(form))
