"""Which stored plans are meant: MERCHANT/DATE, MERCHANT for its next planned day, nothing for everyone's."""

import datetime as dt
from collections.abc import Mapping, Sequence

from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message

PlanName = tuple[str, dt.date | None]

_SHOWN = 8


def read_name(text: str) -> PlanName:
    """Read MERCHANT or MERCHANT/YYYY-MM-DD.

    Raises
    ------
    Invalid
        It is not of that form.
    """
    merchant, slash, day = text.partition("/")
    try:
        if not merchant:
            raise ValueError(text)
        return merchant, dt.date.fromisoformat(day) if slash else None
    except ValueError:
        raise Invalid(
            "plan",
            message("A plan is named MERCHANT or MERCHANT/YYYY-MM-DD, not “{text}”.", text=text),
        ) from None


def chosen_plans(
    names: Sequence[PlanName],
    planned: Mapping[str, Sequence[dt.date]],
    *,
    merchants: Sequence[str],
    today: dt.date,
) -> list[tuple[str, dt.date]]:
    """Return merchant and delivery day of each plan that is meant, each once.

    Parameters
    ----------
    planned
        Delivery days that have boxes, in order, by merchant.
    today
        A merchant's next planned day is its first one from here on; after its last one, that.

    Raises
    ------
    NotFound
        There is no such merchant or no such plan; says which there are.
    """
    if not names:
        names = [(merchant, None) for merchant in planned]
    if not names:
        raise NotFound(message("Nothing is planned yet; `ripeday cycle` plans a delivery day."))
    found = [_plan(name, planned, merchants, today) for name in names]
    return list(dict.fromkeys(found))


def _plan(
    name: PlanName,
    planned: Mapping[str, Sequence[dt.date]],
    merchants: Sequence[str],
    today: dt.date,
) -> tuple[str, dt.date]:
    merchant, on = name
    if merchant not in merchants:
        raise NotFound(
            message(
                "There is no merchant {merchant}; there are: {known}.",
                merchant=merchant,
                known=", ".join(merchants) or "–",
            )
        )
    days = planned.get(merchant, ())
    if not days or (on is not None and on not in days):
        raise NotFound(
            message(
                "{merchant} has no plan for {day}; it has plans for: {known}.",
                merchant=merchant,
                day=(on or today).isoformat(),
                known=", ".join(day.isoformat() for day in days[-_SHOWN:]) or "–",
            )
        )
    if on is None:
        on = next((day for day in days if day >= today), days[-1])
    return merchant, on
