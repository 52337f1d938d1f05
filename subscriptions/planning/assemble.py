"""Turns due households and offered lots into a problem, and a plan back into boxes. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.home import HOME_CLASSES, PLANNED_MODES, home_class
from subscriptions.planning.bridge import Bridge, with_bridges
from subscriptions.planning.checker_verdict import Verdict
from subscriptions.planning.extras import NO_EXTRAS, Extras
from subscriptions.planning.leftover import CarriedLine, Leftover, carried_lines, carry_arrays
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import (
    DAYS_MAX,
    EXCLUDED,
    FLOWER,
    FRUIT,
    LAYOUT,
    MIXED,
    PlanWeights,
    Problem,
)
from subscriptions.planning.reason import UncoveredDay, reasons
from subscriptions.planning.risk import HORIZONS, day_risk_of, shut_when_late, win_risk_of

N_WEEKDAYS: Final = 5
N_HOMES: Final = len(HOME_CLASSES)
N_MODES: Final = len(PLANNED_MODES)
DEFAULT_WEIGHTS: Final = PlanWeights()
_PLAN_KINDS: Final = {"fruit": FRUIT, "flower": FLOWER, "mixed": MIXED}
_LOT_KINDS: Final = {"fruit": FRUIT, "flower": FLOWER}


@dataclass(frozen=True, slots=True)
class DueHousehold:
    """One subscription that gets a box: what it is sold, where it lives and what it likes.

    `horizon_days` are the days until its next box, and `portions` how many it gets in all where these are not
    `portions_a_day` on each. `weekday` is the delivery day, 0 to 4; `tastes` are hundredths from -100 to 100 by
    produce key, absent meaning indifferent; `grams_max`, `u_max` (units of one produce) and `c_day` (portions of one
    produce on one day) are hard. `spare` are the portions it should still have on the last day if none is lost,
    and `at_home` what is to be counted on from its last box.
    """

    subscription_id: UUID
    plan_kind: str
    portions_a_day: int
    stems_a_day: int
    horizon_days: int
    weekday: int
    home_class: int
    tastes: Mapping[str, int]
    excluded: frozenset[str]
    last_week: frozenset[str]
    budget_minor: int
    grams_max: int
    u_max: int
    c_day: int
    min_distinct: int
    portions: int | None = None
    spare: int = 0
    at_home: tuple[Leftover, ...] = ()


def _no_loss() -> NDArray[np.float64]:
    return np.zeros((len(HORIZONS), N_HOMES, N_MODES))


def _no_loss_by_day() -> NDArray[np.float64]:
    return np.zeros((N_HOMES, N_MODES, DAYS_MAX))


@dataclass(frozen=True, slots=True, eq=False)
class LotOffer:
    """One lot that can be packed; windows are for the delivery day that is planned, shape (8 homes, 3 modes).

    `portions` are portions or stems per unit, `pv` preference portions per unit, `last_weekday` the last delivery
    weekday it may leave on, `bonus_minor` what using a unit earns, by weekday. `loss` is the chance that a portion is
    lost, by `HORIZONS`, shape (2, 8, modes), and `loss_by_day` that it is if it is to be eaten on a day, shape
    (8, modes, 14).
    """

    lot_id: UUID
    produce_key: str
    kind: str
    units_available: int
    cost_minor: int
    grams: int
    portions: int
    pv: int
    last_weekday: int
    bonus_minor: Sequence[int]
    win_a: NDArray[np.int8]
    win_b: NDArray[np.int8]
    loss: NDArray[np.float64] = field(default_factory=_no_loss)
    loss_by_day: NDArray[np.float64] = field(default_factory=_no_loss_by_day)


@dataclass(frozen=True, slots=True)
class LineProposal:
    """Units of one lot, kept in one way; `eat[t]` portions are eaten `t` days after delivery, `spare` are for none.

    `ready_day` and `last_day` are the window in days after delivery, clipped to the horizon.
    """

    lot_id: UUID
    produce_key: str
    mode: str
    units: int
    eat: tuple[int, ...]
    ready_day: int
    last_day: int
    spare: int = 0


@dataclass(frozen=True, slots=True)
class BoxProposal:
    """What the plan proposes for one subscription; `cost_minor` is the cost of the goods.

    `need` are the portions it was planned for on each day, where not the same on all; `carried` are of the box before.
    """

    subscription_id: UUID
    lines: tuple[LineProposal, ...]
    uncovered: tuple[UncoveredDay, ...]
    cost_minor: int
    need: tuple[int, ...] | None = None
    carried: tuple[CarriedLine, ...] = ()


def build_problem(
    households: Sequence[DueHousehold],
    offers: Sequence[LotOffer],
    weights: PlanWeights = DEFAULT_WEIGHTS,
) -> Problem:
    """Write households and offers as the arrays the planner reads, in the order given.

    A home of the problem is a class of home with the days until its next box: what is not ready before that
    has no window there, and is not sent.

    Raises
    ------
    Invalid
        A kind is unknown, one produce is offered as fruit and as flower, or a number does not fit its array.
    """
    kinds: dict[str, int] = {}
    for offer in offers:
        kind = _LOT_KINDS.get(offer.kind)
        if kind is None or kinds.setdefault(offer.produce_key, kind) != kind:
            raise _unknown_kind(offer.kind)
    at_home = [household.at_home for household in households]
    products = sorted({*kinds, *(each.produce_key for held in at_home for each in held)})
    stays = sorted({household.horizon_days for household in households}) or [HORIZONS[0]]
    place = {key: p for p, key in enumerate(products)}
    arrays: dict[str, Any] = {
        "prod_kind": [kinds.get(key, FRUIT) for key in products],
        **_offer_arrays(offers, place, stays),
        **_household_arrays(households, place, stays),
    }
    fitted: dict[str, Any] = {name: _fitted(name, arrays[name]) for name in LAYOUT}
    week = Problem(
        **fitted,
        weights=weights,
        products=tuple(products),
        modes=PLANNED_MODES,
        extras=replace(
            _risks(offers, stays, weights),
            reserve=_spare(households),
            **carry_arrays(at_home, place),
        ),
    )
    day_need = with_bridges(week, bridges_of(households))
    return week if day_need is None else wanting(week, day_need)


def bridges_of(households: Sequence[DueHousehold]) -> dict[int, Bridge]:
    """Return the boxes that have to last longer than usual, by household."""
    return {
        n: Bridge(household.portions, household.horizon_days)
        for n, household in enumerate(households)
        if household.portions is not None
    }


def wanting(problem: Problem, day_need: NDArray[np.int8]) -> Problem:
    """Return the week with other portions wanted on each day."""
    return replace(problem, extras=replace(problem.extras, day_need=day_need))


def read_boxes(
    problem: Problem,
    plan: Plan,
    verdict: Verdict,
    households: Sequence[DueHousehold],
    offers: Sequence[LotOffer],
) -> list[BoxProposal]:
    """Name the plan's lots and subscriptions again; one proposal per household, in the order given.

    `verdict` is the checker's on this very plan, and found no breach.
    """
    uncovered: dict[int, list[UncoveredDay]] = defaultdict(list)
    for day in reasons(problem, plan, verdict):
        uncovered[day.subscriber].append(day)
    boxes = []
    for n, household in enumerate(households):
        lines = plan.lines_of(n)
        lots = [int(plan.line_lot[i]) for i in lines]
        boxes.append(
            BoxProposal(
                subscription_id=household.subscription_id,
                lines=tuple(_line(problem, plan, n, i, offers) for i in lines),
                uncovered=tuple(uncovered[n]),
                cost_minor=sum(
                    offers[lot].cost_minor * int(plan.line_units[i])
                    for lot, i in zip(lots, lines, strict=True)
                ),
                need=_need(problem, n) if household.portions is not None else None,
                carried=_carried(problem, plan, n, household),
            )
        )
    return boxes


def _carried(
    problem: Problem, plan: Plan, n: int, household: DueHousehold
) -> tuple[CarriedLine, ...]:
    ptr = problem.extras.carry_ptr
    if ptr is None or not len(plan.carry_eat):
        return ()
    eaten = plan.carry_eat[int(ptr[n]) : int(ptr[n + 1])]
    return carried_lines(household.at_home, eaten, horizon=int(problem.horizon[n]))


def _need(problem: Problem, n: int) -> tuple[int, ...] | None:
    wanted = problem.extras.day_need
    return None if wanted is None else tuple(wanted[n, : int(problem.horizon[n])].tolist())


def _line(
    problem: Problem, plan: Plan, subscriber: int, line: int, offers: Sequence[LotOffer]
) -> LineProposal:
    lot, mode = int(plan.line_lot[line]), int(plan.line_mode[line])
    where = lot, int(problem.weekday[subscriber]), int(problem.home[subscriber]), mode
    horizon = int(problem.horizon[subscriber])
    return LineProposal(
        lot_id=offers[lot].lot_id,
        produce_key=offers[lot].produce_key,
        mode=problem.modes[mode],
        units=int(plan.line_units[line]),
        eat=tuple(int(n) for n in plan.line_eat[line, :horizon]),
        ready_day=int(problem.win_a[where]),
        last_day=min(int(problem.win_b[where]), horizon - 1),
        spare=int(plan.line_reserve[line]),
    )


def _spare(households: Sequence[DueHousehold]) -> NDArray[np.int8] | None:
    """Portions to spare by household; shape (N,). None where nobody is to have any."""
    spare = [household.spare for household in households]
    return np.array(spare, dtype=np.int8) if any(spare) else None


def _risks(offers: Sequence[LotOffer], stays: Sequence[int], weights: PlanWeights) -> Extras:
    """What may be lost of each lot, the same on every weekday; nothing is said where nothing may be."""
    if not any(offer.loss.any() or offer.loss_by_day.any() for offer in offers):
        return NO_EXTRAS
    loss = np.stack([offer.loss[_place_of(stays)].reshape(-1, N_MODES) for offer in offers])
    by_day = np.stack([np.tile(offer.loss_by_day, (len(stays), 1, 1)) for offer in offers])
    shape = (len(offers), N_WEEKDAYS, len(stays) * N_HOMES, N_MODES)
    return Extras(
        win_risk=np.broadcast_to(win_risk_of(loss, weights)[:, None], shape).copy(),
        day_risk=np.broadcast_to(day_risk_of(by_day)[:, None], (*shape, DAYS_MAX)).copy(),
    )


def _place_of(stays: Sequence[int]) -> list[int]:
    """Place in `HORIZONS` of the shortest one that is no shorter, for each number of days."""
    return [sum(days > each for each in HORIZONS[:-1]) for days in stays]


def _windows(offers: Sequence[LotOffer], stays: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    """Windows by lot, weekday and home; the same for every weekday, as only one is planned at a time."""
    size = (len(offers), 1, N_HOMES, N_MODES)
    opens, closes = (
        np.array([getattr(offer, name) for offer in offers], dtype=np.int64).reshape(size)
        for name in ("win_a", "win_b")
    )
    shut = [shut_when_late(opens, closes, horizon=days) for days in stays]
    shape = (len(offers), N_WEEKDAYS, len(stays) * N_HOMES, N_MODES)
    return {
        name: np.broadcast_to(np.concatenate(each, 2), shape)
        for name, each in zip(("win_a", "win_b"), zip(*shut, strict=True), strict=True)
    }


def _offer_arrays(
    offers: Sequence[LotOffer], place: Mapping[str, int], stays: Sequence[int]
) -> dict[str, Any]:
    """Lots as columns."""
    return {
        "lot_prod": [place[offer.produce_key] for offer in offers],
        "lot_stock": [offer.units_available for offer in offers],
        "lot_cost": [offer.cost_minor for offer in offers],
        "lot_grams": [offer.grams for offer in offers],
        "lot_portions": [offer.portions for offer in offers],
        "lot_pv": [offer.pv for offer in offers],
        "lot_last": [offer.last_weekday for offer in offers],
        "lot_bonus": np.array([list(offer.bonus_minor) for offer in offers]).reshape(
            len(offers), N_WEEKDAYS
        ),
        **_windows(offers, stays),
    }


def _household_arrays(
    households: Sequence[DueHousehold], place: Mapping[str, int], stays: Sequence[int]
) -> dict[str, Any]:
    n_bytes = (len(place) + 7) // 8
    pref = np.zeros((len(households), len(place)), dtype=np.int64)
    last_week = np.zeros((len(households), n_bytes * 8), dtype=np.uint8)
    for n, household in enumerate(households):
        for key, taste in household.tastes.items():
            if key in place:
                pref[n, place[key]] = taste
        pref[n, _places(household.excluded, place)] = EXCLUDED
        last_week[n, _places(household.last_week, place)] = 1
    kinds = [_PLAN_KINDS.get(household.plan_kind) for household in households]
    if None in kinds:
        raise _unknown_kind(households[kinds.index(None)].plan_kind)
    return {
        "plan": kinds,
        "n_por": [h.portions_a_day if h.plan_kind != "flower" else 0 for h in households],
        "k_stem": [h.stems_a_day if h.plan_kind != "fruit" else 0 for h in households],
        "horizon": [household.horizon_days for household in households],
        "weekday": [household.weekday for household in households],
        "home": [
            N_HOMES * stays.index(household.horizon_days) + home_class(household.home_class).index
            for household in households
        ],
        "pref": pref,
        "last_week": np.packbits(last_week, axis=1, bitorder="little"),
        "budget": [household.budget_minor for household in households],
        "grams_max": [household.grams_max for household in households],
        "u_max": [household.u_max for household in households],
        "c_day": [household.c_day for household in households],
        "min_dist": [household.min_distinct for household in households],
    }


def _places(keys: Iterable[str], place: Mapping[str, int]) -> list[int]:
    return [place[key] for key in keys if key in place]


def _fitted(name: str, values: Any) -> NDArray[Any]:
    """Store values in the dtype of their array, refusing those that do not fit."""
    wide = np.asarray(values, dtype=np.int64)
    bounds = np.iinfo(LAYOUT[name][0])
    if wide.size and (wide.min() < bounds.min or wide.max() > bounds.max):
        raise Invalid(name, message("A number is too large for the array {array}.", array=name))
    return wide.astype(LAYOUT[name][0])


def _unknown_kind(kind: str) -> Invalid:
    return Invalid(
        "kind", message("{kind} is not a kind of box or produce we know here.", kind=kind)
    )
