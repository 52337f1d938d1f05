"""Reads what was typed into a form, field by field, and tells everything that is wrong at once."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal, DecimalException
from typing import TypeVar
from uuid import UUID

from babel.numbers import get_currency_precision
from pendulum import Date

from ripeday.kit.errors import Invalid, InvalidForm
from ripeday.kit.text import Message, message
from subscriptions.ports import single_line

T = TypeVar("T")

_MOST_MINOR = 10_000_000
_YEARS = range(2000, 2200)
"""Days of other years are slips of the hand, and reckoning with them could leave the calendar."""


class Typed:
    """The values of one form. Ask for each field, then `check()`; until then a wrong one reads as a stand-in."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = {name: value for name, value in values.items() if not name.startswith("_")}
        self.faults: list[Invalid] = []

    def check(self) -> None:
        """Refuse the form when a field was wrong.

        Raises
        ------
        InvalidForm
        """
        if self.faults:
            raise InvalidForm(self.faults)

    def text(self, name: str, *, most: int, said: Message) -> str:
        """Return a line of text; `said` is what to write when there is none."""
        value = " ".join(self.values.get(name, "").split())
        if not value:
            return self._wrong(name, said, "")
        if len(value) > most:
            return self._wrong(name, message("Keep it to {most} characters.", most=most), "")
        try:
            return single_line(name, value)
        except Invalid as error:
            return self._wrong(name, error.message, "")

    def one_of(self, name: str, allowed: Collection[str], *, said: Message) -> str:
        """Return one of a closed list."""
        value = self.values.get(name, "").strip()
        return value if value in allowed else self._wrong(name, said, value)

    def key(self, name: str, *, said: Message) -> UUID:
        """Return the id of something chosen."""
        try:
            return UUID(self.values.get(name, ""))
        except ValueError:
            return self._wrong(name, said, UUID(int=0))

    def has(self, name: str) -> bool:
        """Tell whether anything was typed into a field that may stay empty."""
        return bool(self.values.get(name, "").strip())

    def whole(self, name: str, *, least: int, most: int) -> int:
        """Return a whole number within limits."""
        value = self.values.get(name, "").strip()
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
        if least <= number <= most:
            return number
        said = message("Give a whole number from {least} to {most}.", least=least, most=most)
        return self._wrong(name, said, least)

    def number(self, name: str, *, least: float, most: float) -> float:
        """Return a number within limits; a comma counts as a point."""
        try:
            number = float(self.values.get(name, "").strip().replace(",", "."))
        except ValueError:
            number = float("nan")
        if least <= number <= most:
            return number
        said = message(
            "Give a number from {least} to {most}.", least=f"{least:g}", most=f"{most:g}"
        )
        return self._wrong(name, said, least)

    def minor(self, name: str, currency: str) -> int:
        """Return an amount above zero in minor units; a comma counts as a point."""
        places = get_currency_precision(currency)
        try:
            typed = Decimal(self.values.get(name, "").strip().replace(",", "."))
            minor = typed.scaleb(places)
            is_right = minor == minor.to_integral_value() and 0 < minor <= _MOST_MINOR
        except DecimalException:
            is_right = False
        if is_right:
            return int(minor)
        example = Decimal("1.20") if places == 2 else Decimal(120)
        return self._wrong(
            name, message("Give a price above zero, like {example}.", example=str(example)), 1
        )

    def day(self, name: str) -> Date:
        """Return a calendar day."""
        try:
            day = dt.date.fromisoformat(self.values.get(name, "").strip())
        except ValueError:
            day = dt.date.min
        if day.year not in _YEARS:
            return self._wrong(name, message("Choose a day."), Date(2000, 1, 1))
        return Date(day.year, day.month, day.day)

    def _wrong(self, name: str, said: Message, stand_in: T) -> T:
        self.faults.append(Invalid(name, said))
        return stand_in
