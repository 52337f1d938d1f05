"""What may be offered and sold: rules of catalogs, checked before anything is saved."""

import datetime as dt

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.season import availability, season_is_assumed
from subscriptions.lifecycle import PlanKind

BOX_LIMIT_MOST = 40
PORTIONS_MOST = 8
STEMS_MOST = 40


def rests_on_assumption(
    produce_key: str, region: str, starts_on: dt.date, ends_on: dt.date
) -> bool:
    """Tell whether no publication says that produce is harvested near by in every month of `[starts_on, ends_on)`."""
    day = starts_on
    while day < ends_on:
        if availability(produce_key, region, day) != "harvest" or season_is_assumed(
            produce_key, region, day
        ):
            return True
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return False


def span_faults(
    starts_on: dt.date, ends_on: dt.date, *, catalog: tuple[dt.date, dt.date]
) -> list[Invalid]:
    """Return what is wrong with an offer's days `[starts_on, ends_on)` in a catalog."""
    first, end = catalog
    last = end - dt.timedelta(days=1)
    faults = []
    if not first <= starts_on < end:
        said = message("Choose a first day from {first} to {last}.", first=first, last=last)
        faults.append(Invalid("starts_on", said))
    if ends_on <= starts_on:
        faults.append(Invalid("last_on", message("The last day comes before the first one.")))
    elif ends_on > end:
        said = message("The season ends on {last}. Choose that day or an earlier one.", last=last)
        faults.append(Invalid("last_on", said))
    return faults


def plan_faults(kind: PlanKind, portions_a_day: int, stems_a_day: int) -> list[Invalid]:
    """Return what is wrong with the amounts of a box plan of a kind."""
    faults = []
    has_fruit, has_flowers = kind is not PlanKind.FLOWER, kind is not PlanKind.FRUIT
    if has_fruit and not 1 <= portions_a_day <= PORTIONS_MOST:
        faults.append(
            Invalid(
                "portions_a_day", message("Choose 1 to {most} portions a day.", most=PORTIONS_MOST)
            )
        )
    if not has_fruit and portions_a_day:
        faults.append(
            Invalid("portions_a_day", message("A plan with flowers only has no portions: leave 0."))
        )
    if has_flowers and not 1 <= stems_a_day <= STEMS_MOST:
        faults.append(
            Invalid("stems_a_day", message("Choose 1 to {most} stems in display.", most=STEMS_MOST))
        )
    if not has_flowers and stems_a_day:
        faults.append(
            Invalid("stems_a_day", message("A plan with fruit only has no stems: leave 0."))
        )
    return faults
