"""From what a household said to what the planner asks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ripening.home import HomeClass, RoomClass
from ripening.produce import Produce
from subscriptions.box_limit import limit_for
from subscriptions.lifecycle import PlanKind, Taste
from subscriptions.planning.assemble import DueHousehold
from subscriptions.planning.leftover import Leftover
from subscriptions.planning.spare import spare_portions

LIKING = {Taste.SOMETIMES: 0, Taste.LIKE: 50, Taste.ALWAYS: 100}
"""Hundredths of full liking; what a household never wants is left out altogether."""


@dataclass(frozen=True, slots=True)
class Appetite:
    """Who eats, in what kitchen, what they like, and what they pay.

    `horizon_days` are those that the box is paid for; `lasts_days`, where longer, those until the next box comes,
    over which its fruit is spread. Flowers alone are not. `at_home` is to be counted on from the last box.
    """

    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    horizon_days: int
    net_minor: int
    room_class: int
    has_fridge: bool
    tastes: Mapping[str, Taste]
    never_families: frozenset[str]
    last_produce: frozenset[str]
    lasts_days: int = 0
    at_home: tuple[Leftover, ...] = ()


def due_household(
    key: UUID,
    appetite: Appetite,
    *,
    profiles: Mapping[str, Produce],
    box_limit: int,
    spare_pct: int = 0,
) -> DueHousehold:
    """Return the planner's view of one household.

    `box_limit` caps the units of one produce; `spare_pct` are the portions to have to spare, of those wanted.
    """
    portions = appetite.portions_a_day * appetite.horizon_days
    limit = limit_for(
        portions_a_day=appetite.portions_a_day,
        stems_a_day=appetite.stems_a_day,
        horizon_days=appetite.horizon_days,
        net_minor=appetite.net_minor,
    )
    home = HomeClass(RoomClass(appetite.room_class), appetite.has_fridge)
    never = never_produce(appetite.tastes, appetite.never_families, profiles)
    has_to_last = appetite.lasts_days > appetite.horizon_days and appetite.portions_a_day > 0
    return DueHousehold(
        subscription_id=key,
        plan_kind=appetite.kind.value,
        portions_a_day=appetite.portions_a_day,
        stems_a_day=appetite.stems_a_day,
        horizon_days=appetite.lasts_days if has_to_last else appetite.horizon_days,
        weekday=0,
        home_class=home.index,
        tastes={
            key: LIKING[taste] for key, taste in appetite.tastes.items() if taste is not Taste.NEVER
        },
        excluded=never,
        last_week=appetite.last_produce,
        budget_minor=limit.budget_minor,
        grams_max=limit.grams_max,
        u_max=min(limit.units_max, box_limit),
        c_day=limit.same_a_day,
        min_distinct=limit.distinct_wished,
        portions=portions if has_to_last else None,
        spare=spare_portions(portions, spare_pct),
        at_home=tuple(
            each for each in appetite.at_home if portions and each.produce_key not in never
        ),
    )


def never_produce(
    tastes: Mapping[str, Taste], families: frozenset[str], profiles: Mapping[str, Produce]
) -> frozenset[str]:
    """Return every produce that a never-list rules out, by its own name or by its family's."""
    named = {key for key, taste in tastes.items() if taste is Taste.NEVER}
    of_families = {key for key, produce in profiles.items() if produce.family in families}
    return frozenset(named | of_families)
