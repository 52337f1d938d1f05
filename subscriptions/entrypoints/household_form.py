"""What a household may change about itself, checked field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import FormMultiDict

from ripeday.kit.errors import Invalid
from ripeday.kit.text import marked, message
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.unit import families
from subscriptions.adapters.household_page import HouseholdView
from subscriptions.adapters.household_store import Address, Home
from subscriptions.entrypoints.subscribe_form import PHONE, POSTCODES, FormReader, n_people
from subscriptions.lifecycle import Taste

PEOPLE_MOST = 12
_TASTE = "taste-"
TASTE_WORDS: Mapping[Taste, str] = {
    Taste.NEVER: marked("never"),
    Taste.SOMETIMES: marked("sometimes"),
    Taste.LIKE: marked("like"),
    Taste.ALWAYS: marked("always"),
}


@dataclass(frozen=True, slots=True)
class Tastes:
    """A never-list and wishes."""

    tastes: Mapping[str, Taste]
    never_families: frozenset[str]


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


def read_address(form: FormMultiDict, *, country: str) -> Address:
    """Read where the box goes.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    name = reader.line("name", message("Enter your name."), most=120)
    street = reader.line("street", message("Enter the street and number."), most=200)
    postcode = _postcode(reader, country)
    city = reader.line("city", message("Enter the town."), most=100)
    phone = reader.line("phone", None, most=30)
    if phone and not PHONE.fullmatch(phone):
        reader.refuse("phone", message("Enter a phone number, or leave this empty."))
    delivery_note = reader.line("delivery_note", None, most=200)
    food_note = reader.line("food_note", None, most=200)
    reader.done()
    return Address(
        name, street, city, postcode, phone or None, delivery_note or None, food_note or None
    )


def _postcode(reader: FormReader, country: str) -> str:
    pattern, example = POSTCODES[country]
    text = " ".join(str(reader.form.get("postcode") or "").upper().split())
    if pattern.fullmatch(text):
        return text
    return reader.refuse("postcode", message("Enter a postcode, like {example}", example=example))


def read_tastes(form: FormMultiDict, profiles: Mapping[str, Produce]) -> Tastes:
    """Read the never-list and the wishes; what a form leaves out is `sometimes`, which needs no row.

    Raises
    ------
    Invalid
        When everything is ruled out: no box could be planned.
    """
    never = frozenset(str(key) for key in form.getall("family", []) if key in families())
    said = {
        name.removeprefix(_TASTE): Taste(str(value))
        for name, value in form.multi_items()
        if name.startswith(_TASTE)
        and name.removeprefix(_TASTE) in profiles
        and value in (Taste.NEVER, Taste.LIKE, Taste.ALWAYS)
    }
    left = [
        key
        for key, produce in profiles.items()
        if produce.family not in never and said.get(key) is not Taste.NEVER
    ]
    if not left:
        raise Invalid("tastes", message("Leave something that may come."))
    return Tastes(said, never)
