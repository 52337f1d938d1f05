"""What a household wants, never wants, and does without in one box. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.produce import Produce
from subscriptions.lifecycle import Taste


@dataclass(frozen=True, slots=True)
class Tastes:
    """A never-list and wishes."""

    tastes: Mapping[str, Taste]
    never_families: frozenset[str]


@dataclass(frozen=True, slots=True)
class WeekNevers:
    """What stays out of the boxes of one delivery day; the standing never-list stays as it is."""

    produce: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is ruled out."""
        return not (self.produce or self.families)


def refuse_everything_ruled_out(never: frozenset[str], profiles: Mapping[str, Produce]) -> None:
    """See that something is left that may come.

    Raises
    ------
    Invalid
        No box could be planned.
    """
    if never >= profiles.keys():
        raise Invalid("tastes", message("Leave something that may come."))
