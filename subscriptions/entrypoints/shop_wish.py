"""What a visitor of the storefront has set: read from an address, always to something that can be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from litestar.datastructures import MultiDict

from ripeday.kit.errors import Invalid
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.unit import families
from subscriptions.adapters.shop_page import OpenDay
from subscriptions.first_week import PEOPLE_MAX, Home, PlanOffer
from subscriptions.lifecycle import PlanKind, Taste
from subscriptions.postcode import read_postcode

KINDS = (PlanKind.FRUIT, PlanKind.FLOWER, PlanKind.MIXED)
FIRST_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """The controls of "My first week", with whatever made no sense left out, and a postcode that was asked about."""

    kind: PlanKind
    people: int
    day: OpenDay | None
    room: RoomClass
    has_fridge: bool
    postcode: str | None
    never: tuple[str, ...]
    never_families: tuple[str, ...]

    @property
    def home(self) -> Home:
        """Return the household this is."""
        return Home(
            room_class=int(self.room),
            has_fridge=self.has_fridge,
            tastes=dict.fromkeys(self.never, Taste.NEVER),
            never_families=frozenset(self.never_families),
        )

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return the controls besides the day as a form or an address carries them."""
        return (
            ("kind", self.kind.value),
            ("people", str(self.people)),
            ("room", str(int(self.room))),
            ("fridge", "yes" if self.has_fridge else "no"),
            *((("postcode", self.postcode),) if self.postcode else ()),
            *(("never", key) for key in self.never),
            *(("family", key) for key in self.never_families),
        )

    def address(self, day: OpenDay) -> str:
        """Return the query that asks for the same week on another day."""
        return urlencode([*self.fields, ("round", str(day.round_id))])


def read_wish(
    query: "MultiDict[str]",
    *,
    days: Sequence[OpenDay],
    plans: Sequence[PlanOffer],
    profiles: Mapping[str, Produce],
    country: str,
) -> Wish:
    """Return what the address asks for; a value nobody offered counts as not given."""
    kinds = [kind for kind in KINDS if any(plan.kind is kind for plan in plans)]
    asked = query.get("kind", "")
    kind = next((kind for kind in kinds if kind.value == asked), kinds[0] if kinds else KINDS[0])
    people = query.get("people", "")
    n_people = (
        int(people) if people.isascii() and people.isdigit() and len(people) < 4 else FIRST_PEOPLE
    )
    rooms = {str(int(room)): room for room in RoomClass}
    return Wish(
        kind=kind,
        people=min(max(n_people, 1), PEOPLE_MAX),
        day=_chosen_day(query.get("round", ""), days),
        room=rooms.get(query.get("room", ""), RoomClass.MILD),
        has_fridge=query.get("fridge", "yes") != "no",
        postcode=_postcode(query.get("postcode", ""), country),
        never=tuple(dict.fromkeys(key for key in query.getall("never", []) if key in profiles)),
        never_families=tuple(
            dict.fromkeys(key for key in query.getall("family", []) if key in families())
        ),
    )


def _postcode(typed: str, country: str) -> str | None:
    try:
        return read_postcode(typed, country)
    except Invalid:
        return None


def _chosen_day(asked: str, days: Sequence[OpenDay]) -> OpenDay | None:
    """Return the round asked for, else the first with room, else the first."""
    try:
        wanted = UUID(asked)
    except ValueError:
        wanted = None
    found = next((day for day in days if day.round_id == wanted), None)
    with_room = next((day for day in days if not day.is_full), None)
    return found or with_room or next(iter(days), None)
