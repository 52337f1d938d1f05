"""Judges a plan by the rules of the format alone; shares no code with the planner that made it.

Every rule is recomputed from the instance and the plan's own lines. A plan with a breach is never stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.text import Message, marked, message
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, EXCLUDED, FLOWER, FRUIT, Problem

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]

_SENTENCES: Final = {
    "boxes": marked("The plan has {found} boxes for {allowed} households."),
    "unknown_lot": marked("Box {subscriber} names lot {found}; the lots end at {allowed}."),
    "unknown_mode": marked(
        "Box {subscriber} keeps lot {lot} in way {found}; the ways end at {allowed}."
    ),
    "units": marked(
        "Box {subscriber} has a line of {found} units of lot {lot}; at least {allowed} is needed."
    ),
    "duplicate": marked("Box {subscriber} names lot {lot} twice in the same way of keeping."),
    "stock": marked("Lot {lot} is planned {found} times; there are {allowed} units."),
    "plan_kind": marked("Box {subscriber} holds lot {lot}, which its plan does not include."),
    "excluded": marked("Box {subscriber} holds lot {lot}, which is on its never-list."),
    "must_use_by": marked(
        "Lot {lot} in box {subscriber} leaves on weekday {found}; its last is {allowed}."
    ),
    "mode_unavailable": marked("Lot {lot} in box {subscriber} cannot be kept that way there."),
    "outside_window": marked(
        "Lot {lot} in box {subscriber} is eaten on day {day}, when it is not ripe."
    ),
    "after_horizon": marked(
        "Lot {lot} in box {subscriber} is eaten on day {day}, after the next box."
    ),
    "flower_eaten": marked("Lot {lot} in box {subscriber} is a flower and is eaten on day {day}."),
    "more_than_shipped": marked(
        "Box {subscriber} eats {found} portions of lot {lot}; {allowed} are in the box."
    ),
    "portions_a_day": marked(
        "Box {subscriber} eats {found} portions on day {day}; {allowed} are wanted."
    ),
    "product_a_day": marked(
        "Box {subscriber} eats {found} portions of the produce of lot {lot} on day {day}; {allowed} is the limit."
    ),
    "product_units": marked(
        "Box {subscriber} holds {found} units of the produce of lot {lot}; {allowed} is the limit."
    ),
    "budget": marked("Box {subscriber} costs {found}; {allowed} is the limit."),
    "weight": marked("Box {subscriber} weighs {found} g; {allowed} g is the limit."),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken rule: what was found and what is allowed; -1 where no subscriber, lot or day is meant."""

    rule: str
    subscriber: int
    lot: int
    day: int
    found: int
    allowed: int

    @property
    def message(self) -> Message:
        """Say it in a sentence."""
        return message(
            _SENTENCES[self.rule],
            subscriber=self.subscriber,
            lot=self.lot,
            day=self.day,
            found=self.found,
            allowed=self.allowed,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a plan is worth and what is wrong with it.

    `objective` is exact, in 1/100 minor unit. `uncovered` and `stems_missing` have shape (N, 14).
    `goods_minor` is the cost of the goods. A plan with breaches is priced on the lines that exist.
    """

    objective: int
    breaches: tuple[Breach, ...]
    uncovered: Ints
    stems_missing: Ints
    waste_portions: int
    goods_minor: int
    days: int
    covered_days: int

    @property
    def is_feasible(self) -> bool:
        """Tell whether the plan may be stored."""
        return not self.breaches

    @property
    def cover_fraction(self) -> float:
        """Share of household days with enough portions and stems; 1 when no day is asked for."""
        return self.covered_days / self.days if self.days else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The lines that name a real lot and mode, with what the rules ask about each."""

    who: Ints
    lot: Ints
    mode: Ints
    units: Ints
    eat: Ints
    prod: Ints
    is_fruit: Marks
    opens: Ints
    closes: Ints


def check(problem: Problem, plan: Plan) -> Verdict:
    """Recompute every hard rule and the objective of `plan` on `problem`."""
    breaches: list[Breach] = []
    n = problem.n_subscribers
    if plan.n_boxes != n:
        breaches.append(Breach("boxes", -1, -1, -1, plan.n_boxes, n))
    lines = _known_lines(problem, plan, breaches)
    breaches += _line_breaches(problem, lines)
    breaches += _eating_breaches(problem, lines)
    breaches += _box_breaches(problem, lines)
    return _priced(problem, lines, tuple(breaches))


def _known_lines(problem: Problem, plan: Plan, breaches: list[Breach]) -> _Lines:
    who = plan.line_subscriber.astype(np.int64)
    lot, mode = plan.line_lot.astype(np.int64), plan.line_mode.astype(np.int64)
    n_modes = problem.win_a.shape[3]
    bad_lot = (lot < 0) | (lot >= problem.n_lots)
    bad_mode = ~bad_lot & ((mode < 0) | (mode >= n_modes))
    breaches += [
        Breach("unknown_lot", int(who[i]), -1, -1, int(lot[i]), problem.n_lots - 1)
        for i in np.flatnonzero(bad_lot)
    ]
    breaches += [
        Breach("unknown_mode", int(who[i]), int(lot[i]), -1, int(mode[i]), n_modes - 1)
        for i in np.flatnonzero(bad_mode)
    ]
    known = ~bad_lot & ~bad_mode & (who < problem.n_subscribers)
    who, lot, mode = who[known], lot[known], mode[known]
    day, home = problem.weekday[who], problem.home[who]
    prod = problem.lot_prod[lot].astype(np.int64)
    return _Lines(
        who=who,
        lot=lot,
        mode=mode,
        units=plan.line_units[known].astype(np.int64),
        eat=plan.line_eat[known].astype(np.int64),
        prod=prod,
        is_fruit=problem.prod_kind[prod] == FRUIT,
        opens=problem.win_a[lot, day, home, mode].astype(np.int64),
        closes=problem.win_b[lot, day, home, mode].astype(np.int64),
    )


def _line_breaches(problem: Problem, lines: _Lines) -> Iterator[Breach]:
    """Rules that one line breaks by itself."""
    who, lot, one = lines.who, lines.lot, np.ones_like(lines.who)
    kind = problem.plan[who]
    weekday, last = problem.weekday[who].astype(np.int64), problem.lot_last[lot].astype(np.int64)
    wrong_kind = np.where(lines.is_fruit, kind == FLOWER, kind == FRUIT)
    yield from _at("units", lines.units < 1, who, lot, lines.units, one)
    yield from _at("duplicate", _repeats(lines), who, lot, 2 * one, one)
    yield from _at("plan_kind", wrong_kind, who, lot, one, 0 * one)
    excluded = problem.pref[who, lines.prod] == EXCLUDED
    yield from _at("excluded", excluded, who, lot, one, 0 * one)
    yield from _at("must_use_by", weekday > last, who, lot, weekday, last)
    yield from _at("mode_unavailable", lines.opens > lines.closes, who, lot, one, 0 * one)
    shipped = problem.lot_portions[lot] * lines.units
    eaten = lines.eat.sum(axis=1)
    too_much = lines.is_fruit & (eaten > shipped)
    yield from _at("more_than_shipped", too_much, who, lot, eaten, shipped)


def _repeats(lines: _Lines) -> Marks:
    """Mark each line whose subscriber, lot and mode an earlier line already has."""
    keys = np.stack([lines.who, lines.lot, lines.mode])
    _, first = np.unique(keys, axis=1, return_index=True)
    repeated = np.ones(len(lines.who), dtype=np.bool_)
    repeated[first] = False
    return repeated


def _eating_breaches(problem: Problem, lines: _Lines) -> Iterator[Breach]:
    """Rules about the days on which portions are eaten."""
    days = np.arange(DAYS_MAX)
    eaten = lines.eat > 0
    beyond = days >= problem.horizon[lines.who].astype(np.int64)[:, None]
    outside = (days < lines.opens[:, None]) | (days > lines.closes[:, None])
    fruit = lines.is_fruit[:, None]
    for rule, wrong in (
        ("flower_eaten", eaten & ~fruit),
        ("outside_window", eaten & fruit & outside),
        ("after_horizon", eaten & fruit & beyond),
    ):
        for i, t in np.argwhere(wrong):
            found = int(lines.eat[i, t])
            yield Breach(rule, int(lines.who[i]), int(lines.lot[i]), int(t), found, 0)
    a_day = _summed(lines.who, lines.eat, problem.n_subscribers)
    for n, t in np.argwhere(a_day > problem.n_por[:, None]):
        found, allowed = int(a_day[n, t]), int(problem.n_por[n])
        yield Breach("portions_a_day", int(n), -1, int(t), found, allowed)
    who, lot, rows = _by_product(problem, lines)
    of_product = _summed(rows, lines.eat, len(who))
    for k, t in np.argwhere(of_product > problem.c_day[who][:, None]):
        found, allowed = int(of_product[k, t]), int(problem.c_day[who[k]])
        yield Breach("product_a_day", int(who[k]), int(lot[k]), int(t), found, allowed)


def _box_breaches(problem: Problem, lines: _Lines) -> Iterator[Breach]:
    """Rules about whole boxes, and the stock that all boxes share."""
    who, lot, rows = _by_product(problem, lines)
    units = _summed(rows, lines.units, len(who))
    allowed = problem.u_max[who].astype(np.int64)
    yield from _at("product_units", units > allowed, who, lot, units, allowed)
    everyone, nowhere = np.arange(problem.n_subscribers), np.full(problem.n_subscribers, -1)
    for rule, each, limit in (
        ("budget", problem.lot_cost, problem.budget),
        ("weight", problem.lot_grams, problem.grams_max),
    ):
        total = _summed(lines.who, each[lines.lot] * lines.units, problem.n_subscribers)
        yield from _at(rule, total > limit, everyone, nowhere, total, limit.astype(np.int64))
    used = _summed(lines.lot, lines.units, problem.n_lots)
    nobody, stock = np.full(problem.n_lots, -1), problem.lot_stock.astype(np.int64)
    yield from _at("stock", used > stock, nobody, np.arange(problem.n_lots), used, stock)


def _by_product(problem: Problem, lines: _Lines) -> tuple[Ints, Ints, Ints]:
    """Group lines by subscriber and product: their subscriber and first lot, and each line's group."""
    keys = lines.who * problem.n_products + lines.prod
    groups, first, rows = np.unique(keys, return_index=True, return_inverse=True)
    return groups // problem.n_products, lines.lot[first], rows


def _summed(rows: Ints, values: NDArray[Any], n_rows: int) -> Ints:
    """Add up `values` by row."""
    total = np.zeros((n_rows, *values.shape[1:]), dtype=np.int64)
    np.add.at(total, rows, values)
    return total


def _at(  # noqa: PLR0917 - one column each of the breaches
    rule: str, wrong: Marks, who: Ints, lot: Ints, found: Ints, allowed: Ints
) -> Iterator[Breach]:
    for i in np.flatnonzero(wrong):
        yield Breach(rule, int(who[i]), int(lot[i]), -1, int(found[i]), int(allowed[i]))


def _priced(problem: Problem, lines: _Lines, breaches: tuple[Breach, ...]) -> Verdict:
    n, weights = problem.n_subscribers, problem.weights
    wanted = np.arange(DAYS_MAX) < problem.horizon.astype(np.int64)[:, None]
    eaten = _summed(lines.who, lines.eat, n)
    uncovered = np.where(wanted, np.maximum(problem.n_por[:, None] - eaten, 0), 0)
    shown = _summed(lines.who, _display(problem, lines), n)
    stems_missing = np.where(wanted, np.maximum(problem.k_stem[:, None] - shown, 0), 0)
    shipped = problem.lot_portions[lines.lot] * lines.units
    waste = int((shipped - lines.eat.sum(axis=1))[lines.is_fruit].sum())
    missing = np.maximum(problem.min_dist.astype(np.int64) - _distinct_fruit(problem, lines), 0)
    objective = (
        int((lines.units * _unit_price(problem, lines)).sum())
        + 100 * weights.uncovered_portion * int(uncovered.sum())
        + 100 * weights.uncovered_stem_day * int(stems_missing.sum())
        + 100 * weights.waste_portion * waste
        + 100 * weights.missing_product * int(missing.sum())
    )
    asked = wanted & ((problem.n_por > 0) | (problem.k_stem > 0))[:, None]
    covered = asked & (uncovered == 0) & (stems_missing == 0)
    goods = int((problem.lot_cost[lines.lot] * lines.units).sum())
    return Verdict(
        objective,
        breaches,
        uncovered,
        stems_missing,
        waste,
        goods,
        int(asked.sum()),
        int(covered.sum()),
    )


def _unit_price(problem: Problem, lines: _Lines) -> Ints:
    """Cost of one unit less what taste and must-use-by earn, plus what a repetition costs. [1/100 minor]"""
    weights, lot, who = problem.weights, lines.lot, lines.who
    pref = problem.pref[who, lines.prod].astype(np.int64)
    had = (problem.last_week[who, lines.prod // 8] >> (lines.prod % 8).astype(np.uint8)) % 2
    pv = problem.lot_pv[lot].astype(np.int64)
    bonus = problem.lot_bonus[lot, problem.weekday[who]].astype(np.int64)
    price: Ints = (
        100 * problem.lot_cost[lot].astype(np.int64)
        - weights.pref_cents * pref * pv
        + 100 * weights.novelty_portion * had.astype(np.int64) * pv
        - 100 * bonus
    )
    return price


def _display(problem: Problem, lines: _Lines) -> Ints:
    """Stems that each line shows on each day; shape (lines, 14)."""
    days = np.arange(DAYS_MAX)
    inside = (days >= lines.opens[:, None]) & (days <= lines.closes[:, None])
    stems = problem.lot_portions[lines.lot] * lines.units
    return np.where(inside & ~lines.is_fruit[:, None], stems[:, None], 0)


def _distinct_fruit(problem: Problem, lines: _Lines) -> Ints:
    """Count the different fruit in each box; shape (N,)."""
    counted = lines.is_fruit & (lines.units > 0)
    pairs = np.unique(lines.who[counted] * problem.n_products + lines.prod[counted])
    return np.bincount(pairs // problem.n_products, minlength=problem.n_subscribers)
