"""The boxes of a customer for programs: the same boxes, days and reasons as on the pages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import NotFound
from ripening.home import MODES
from ripening.produce import Produce
from subscriptions.adapters import addon_store, box_view_store
from subscriptions.adapters.addon_store import BoxAddon
from subscriptions.entrypoints.customer_view import BoxCard, load_cards
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.riding_view import total_of
from subscriptions.planning.answer import Why
from subscriptions.role import Identity
from subscriptions.services.fairness import why_box

DAYS_BACK = 28
BOXES_MOST = 50


class BoxDocument(Struct, frozen=True):
    """A box in one line; the price includes the tax, and what rides along (`addons_minor` of it).

    One that `is_given` away goes to a food bank.
    """

    id: UUID
    delivery_on: dt.date
    last_on: dt.date
    state: str
    kind: str
    price_minor: int
    addons_minor: int
    tax_minor: int
    currency: str
    cutoff_at: dt.datetime
    tracking: str | None
    is_given: bool


class LineDocument(Struct, frozen=True):
    """Units of one produce; arrays begin with the delivery day.

    `chance_fraction` is the chance that it is edible (in bloom) that day at home, `portions` what is planned for it;
    on `moves_on` it goes from the first place of its `handling` to the second.
    """

    id: UUID
    produce: str
    kind: str
    units: int
    lot: str
    handling: str
    moves_on: dt.date | None
    portions: list[int]
    chance_fraction: list[float]


class DayDocument(Struct, frozen=True):
    """A day: `mark` is leaf (8 in 10 or better), half (5 to 8) or bare; absent where the box has no fruit (flowers)."""

    on: dt.date
    mark: str | None
    vase_mark: str | None
    produce: list[str]


class UncoveredDocument(Struct, frozen=True):
    """A day that lacks portions (fruit) or stems (flower), and why."""

    on: dt.date
    kind: str
    missing: int
    reason: str


class WholeBoxDocument(BoxDocument, frozen=True):
    """A box with its lines and its eating calendar."""

    lines: list[LineDocument]
    days: list[DayDocument]
    uncovered: list[UncoveredDocument]


class WhyDocument(Struct, frozen=True):
    """Why a produce is in a box or not: `answer` for programs, `sentences` in the reader's language.

    For produce that the household wanted and went without there are counts of households: `wanted` and `got` it in
    this plan, `ahead` have waited longer too; `missed` are deliveries in a row without it.
    """

    produce: str
    answer: str
    sentences: list[str]
    missed: int
    wanted: int | None
    got: int | None
    ahead: int | None


class WhyBoxDocument(Struct, frozen=True):
    """Why a box holds what it holds; nothing where no record of its plan is kept."""

    id: UUID
    answers: list[WhyDocument]


class BoxesDocument(Struct, frozen=True):
    """Boxes in the order in which they come."""

    boxes: list[BoxDocument]


Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Now = NamedDependency[DateTime]


class BoxApiController(Controller):
    """What a customer's own programs may read, signed in as that customer."""

    path = "/api/v1/boxes"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="Your boxes of the last four weeks and those to come")
    async def list_boxes(
        self,
        *,
        identity: Who,
        profiles: Profiles,
        now: Now,
        since: FromQuery[dt.date | None] = None,
    ) -> BoxesDocument:
        """Return the boxes delivered on `since` or later, at most 50."""
        start = since or now.date() - dt.timedelta(days=DAYS_BACK)
        boxes = await box_view_store.boxes_of(identity.person_id, since=start, limit=BOXES_MOST)
        cards = await load_cards(boxes, profiles=profiles, now=now)
        riding = await addon_store.lines_of([box.id for box in boxes])
        return BoxesDocument([BoxDocument(**_head(each, riding[each.box.id])) for each in cards])

    @get("/{box_id:uuid}", summary="One box with its lines and its eating calendar")
    async def show_box(
        self, box_id: FromPath[UUID], identity: Who, profiles: Profiles, now: Now
    ) -> WholeBoxDocument:
        """Return one of your boxes; 404 for somebody else's."""
        box = await box_view_store.box_of(identity.person_id, box_id)
        if box is None:
            raise NotFound
        (card,) = await load_cards([box], profiles=profiles, now=now)
        bare = (await box_view_store.bare_days_of([box.id]))[box.id]
        riding = (await addon_store.lines_of([box.id]))[box.id]
        return WholeBoxDocument(
            **_head(card, riding),
            lines=_lines(card),
            days=[
                DayDocument(
                    on=day.on,
                    mark=day.mark,
                    vase_mark=day.vase_mark,
                    produce=[item.produce.key for item in (*day.items, *day.blooms)],
                )
                for day in card.calendar.days
            ],
            uncovered=[UncoveredDocument(b.on, b.kind, b.missing, b.reason) for b in bare],
        )

    @get("/{box_id:uuid}/why", summary="Why one box holds what it holds, and not something else")
    async def explain_box(
        self, box_id: FromPath[UUID], identity: Who, produce: FromQuery[str | None] = None
    ) -> WhyBoxDocument:
        """Return the answer for every produce of the plan, or for one; 404 for somebody else's box."""
        box = await box_view_store.box_of(identity.person_id, box_id)
        if box is None:
            raise NotFound
        answers = await why_box(box.id, produce)
        return WhyBoxDocument(box.id, [_why(why) for why in answers or ()])


def _why(why: Why) -> WhyDocument:
    words, went_without = speaker(), why.answer.is_missed_turn
    return WhyDocument(
        produce=why.produce_key,
        answer=why.answer.value,
        sentences=[words.render(each) for each in (why.message, *why.standing)],
        missed=why.missed,
        wanted=why.wanted if went_without else None,
        got=why.got if went_without else None,
        ahead=why.ahead if went_without else None,
    )


def _head(card: BoxCard, riding: Sequence[BoxAddon]) -> dict[str, Any]:
    box = card.box
    return {
        "id": box.id,
        "delivery_on": box.delivery_on,
        "last_on": box.last_on,
        "state": card.state.value,
        "kind": box.kind.value,
        "price_minor": total_of(box, riding).minor,
        "addons_minor": sum(each.price.minor for each in riding),
        "tax_minor": box.tax_minor,
        "currency": box.currency,
        "cutoff_at": box.cutoff_at,
        "tracking": box.tracking,
        "is_given": box.is_given,
    }


def _lines(card: BoxCard) -> list[LineDocument]:
    n_days = card.box.horizon_days
    return [
        LineDocument(
            id=item.line.line_id,
            produce=item.produce.key,
            kind=item.produce.kind,
            units=item.line.units,
            lot=item.line.lot_code,
            handling="vase" if item.is_flower else MODES[item.line.mode],
            moves_on=None
            if item.line.move_day is None
            else card.box.delivery_on + dt.timedelta(days=item.line.move_day),
            portions=list(item.line.eat[:n_days]),
            chance_fraction=list(item.line.chance[:n_days]),
        )
        for item in card.calendar.items
    ]
