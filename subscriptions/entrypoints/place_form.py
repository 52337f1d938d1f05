"""What is asked for another place, read field by field; pages and programs are read alike."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from litestar.datastructures import FormMultiDict

from ripeday.kit.text import message
from subscriptions.entrypoints.form_reader import FormReader
from subscriptions.place import Door, HowLong
from subscriptions.services.placing import ELSEWHERE, Asked

FIELDS = ("place", "how_long", "until", "street", "postcode", "city", "delivery_note")


def read_asked(typed: Mapping[str, Any], *, country: str) -> Asked:
    """Read where boxes should go and for how long; an address is read only where one is chosen.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(FormMultiDict(typed))
    where = str(typed.get("place") or "").strip()
    if not where:
        reader.refuse("place", message("Choose where the box goes."))
    door = _door(reader, country) if where == ELSEWHERE else None
    how_long = reader.choice(
        "how_long", [each.value for each in HowLong], message("Choose for how long.")
    )
    until_on = _day(reader) if how_long == HowLong.SPAN else None
    reader.done()
    return Asked(where, HowLong(how_long), until_on, door)


def _door(reader: FormReader, country: str) -> Door:
    street = reader.line("street", message("Enter the street and number."), most=200)
    postcode = reader.postcode(country)
    city = reader.line("city", message("Enter the town."), most=100)
    note = reader.line("delivery_note", None, most=200)
    return Door(street, city, postcode, note or None)


def _day(reader: FormReader) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(reader.form.get("until") or "").strip())
    except ValueError:
        reader.refuse("until", message("Choose a day, like 2027-01-04."))
        return None
