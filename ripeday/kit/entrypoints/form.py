"""A form that came back: what was typed is kept, and each mistake stands at its field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from ripeday.kit.errors import Invalid, InvalidForm
from ripeday.kit.text import Message


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: values as typed, and the errors by field name, in reading order."""

    values: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, Message] = field(default_factory=dict)

    def value(self, name: str) -> object:
        """Return what stands in a field; empty when nothing was typed."""
        return self.values.get(name, "")

    def chosen(self, name: str) -> frozenset[str]:
        """Return the values ticked under one name."""
        value = self.values.get(name, ())
        several = value if isinstance(value, list | tuple | set | frozenset) else (value,)
        return frozenset(str(each) for each in several)

    def error(self, name: str) -> Message | None:
        """Return what is wrong with a field."""
        return self.errors.get(name)

    def __iter__(self) -> Iterator[tuple[str, Message]]:
        return iter(self.errors.items())

    def refused(self, error: Invalid | InvalidForm) -> Self:
        """Return the same form with what is wrong with it."""
        several = error.errors if isinstance(error, InvalidForm) else (error,)
        errors = dict(self.errors)
        for each in several:
            errors.setdefault(each.field, each.message)
        return type(self)(self.values, errors)
