"""What of a box can be rated, what was said of it, and the taste to suggest."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.errors import NotFound
from ripeday.kit.text import Message
from ripening.produce import Produce
from ripening.unit import name_in_words, units_in_words
from subscriptions.adapters import rating_store
from subscriptions.adapters.rating_store import RatedLine
from subscriptions.due import never_produce
from subscriptions.entrypoints.own_household import own_household
from subscriptions.lifecycle import Taste
from subscriptions.rating import suggestion
from subscriptions.role import Identity


@dataclass(frozen=True, slots=True)
class Rated:
    """A line with what was said of it, and the taste to suggest."""

    line: RatedLine
    produce: Produce
    suggested: Taste | None

    @property
    def amount(self) -> Message:
        """Return how many of it: "4 kiwifruit"."""
        return units_in_words(self.produce, self.line.units)

    @property
    def name(self) -> Message:
        """Return what it is called."""
        return name_in_words(self.produce)


async def rated_lines(
    identity: Identity, box_id: UUID, profiles: Mapping[str, Produce], *, now: DateTime
) -> list[Rated]:
    """Return the things of a box of one's own that has come.

    Raises
    ------
    NotFound
        There is no such box, it is somebody else's, or it has not come yet.
    """
    lines = await rating_store.lines_to_rate(identity.person_id, box_id, now=now)
    if not lines:
        raise NotFound
    household = await own_household(identity, lines[0].household_id)
    likings = await rating_store.likings_of(household.id)
    never = never_produce(household.tastes, household.never_families, profiles)
    rated = []
    for line in lines:
        key = line.produce_key
        taste = Taste.NEVER if key in never else household.tastes.get(key, Taste.SOMETIMES)
        better = suggestion(likings.get(key, ()), taste) if line.liking else None
        rated.append(Rated(line, profiles[key], better.taste if better else None))
    return rated


async def line_to_rate(identity: Identity, line_id: UUID, *, now: DateTime) -> RatedLine:
    """Return one thing of a box of one's own that has come.

    Raises
    ------
    NotFound
    """
    found = await rating_store.lines_to_rate(identity.person_id, line_id, now=now)
    line = next((each for each in found if each.line_id == line_id), None)
    if line is None:
        raise NotFound
    return line
