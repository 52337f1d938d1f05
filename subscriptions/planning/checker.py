"""Judges a plan by the rules of the format alone; shares no code with the planner that made it.

Every rule is recomputed from the instance and the plan's own lines, some thousand boxes at a time, so that a
million boxes need little memory. A plan with a breach is never stored.
"""

from collections import Counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.checker_confirmed import changed_boxes
from subscriptions.planning.checker_home import AtHome, at_home, carry_eat_of, home_breaches
from subscriptions.planning.checker_lines import (
    DAYS,
    Ints,
    Lines,
    Marks,
    lines_of,
    plus,
    starts_of,
    sums,
    times,
    total,
)
from subscriptions.planning.checker_verdict import Breach, Findings, Verdict
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, EXCLUDED, FLOWER, FRUIT, Problem

__all__ = ["Breach", "Verdict", "check"]

RUN: Final = 16_384
"""Boxes judged at a time."""


def check(problem: Problem, plan: Plan, *, before: Plan | None = None) -> Verdict:
    """Recompute every hard rule and the objective of `plan` on `problem`.

    With `before`, boxes that the problem marks as confirmed (`extras.keep`) must hold the same units of the
    same lots in the same modes as there; their days may move. A line with fewer than one unit is a breach and
    shows no stems, but its units count as they are in every other sum.
    """
    n, findings, sum_of = problem.n_subscribers, Findings(), Counter[str]()
    if plan.n_boxes != n:
        findings.note("boxes", np.ones(1, dtype=np.bool_), found=plan.n_boxes, allowed=n)
    carry_eat = carry_eat_of(problem, plan, findings)
    uncovered = np.zeros((n, DAYS_MAX), dtype=np.int8)
    stems_missing = np.zeros((n, DAYS_MAX), dtype=np.int8)
    fruit_kinds = np.zeros(n, dtype=np.int32)
    used = np.zeros(problem.n_lots, dtype=np.int64)
    for first in range(0, n, RUN):
        here = slice(first, min(first + RUN, n))
        lines = _known_lines(problem, plan, here.start, here.stop, findings)
        home = at_home(problem, carry_eat, here.start, here.stop)
        _breaches(problem, lines, home, findings)
        if before is not None and problem.extras.keep is not None:
            kept = np.flatnonzero(problem.extras.keep[here]) + first
            findings.note("confirmed", changed_boxes(plan, before, kept), subscriber=kept)
        # At most 2**31 a line, so the lines of 2**32 would fit.
        np.add.at(used, lines.lot, lines.units.astype(np.int64))
        fruit_kinds[here] = _fruit_kinds(lines)
        uncovered[here], stems_missing[here] = _missing(problem, lines, home)
        sum_of.update(_earned(problem, lines))
        sum_of.update(_penalties(problem, lines, fruit_kinds[here]))
        sum_of.update(_days(problem, here, uncovered[here], stems_missing[here]))
    stock = problem.lot_stock
    findings.note("stock", used > stock, lot=np.arange(len(stock)), found=used, allowed=stock)
    return _verdict(
        problem, findings, sum_of,
        uncovered=uncovered, stems_missing=stems_missing, fruit_kinds=fruit_kinds,
    )  # fmt: skip


def _breaches(problem: Problem, lines: Lines, home: AtHome, findings: Findings) -> None:
    """Every rule but those on stock and on confirmed boxes."""
    _line_breaches(problem, lines, findings)
    _eating_breaches(problem, lines, home, findings)
    home_breaches(problem, home, findings)
    _box_breaches(problem, lines, findings)


def _known_lines(problem: Problem, plan: Plan, first: int, last: int, findings: Findings) -> Lines:
    """Note lines that name no lot or mode; return the others."""
    ptr = plan.box_ptr[np.minimum(np.arange(first, last + 1), plan.n_boxes)]
    box = np.repeat(np.arange(last - first), np.diff(ptr))
    here = slice(int(ptr[0]), int(ptr[-1]))
    lot, mode = plan.line_lot[here], plan.line_mode[here]
    n_lots, n_modes = problem.n_lots, problem.win_a.shape[3]
    bad_lot = (lot < 0) | (lot >= n_lots)
    bad_mode = ~bad_lot & ((mode < 0) | (mode >= n_modes))
    who = box + first
    findings.note("unknown_lot", bad_lot, subscriber=who, found=lot, allowed=n_lots - 1)
    findings.note(
        "unknown_mode", bad_mode, subscriber=who, lot=lot, found=mode, allowed=n_modes - 1
    )
    known = np.flatnonzero(~bad_lot & ~bad_mode)
    return lines_of(problem, plan, slice(first, last), known + here.start, box[known])


def _line_breaches(problem: Problem, lines: Lines, findings: Findings) -> None:
    """Rules that one line breaks by itself."""
    who, lot = lines.who, lines.lot
    kind, weekday, last = problem.plan[who], problem.weekday[who], problem.lot_last[lot]
    wrong_kind = np.where(lines.is_fruit, kind == FLOWER, kind == FRUIT)
    whose: dict[str, Any] = {"subscriber": who, "lot": lot}
    findings.note("units", lines.units < 1, **whose, found=lines.units, allowed=1)
    findings.note("duplicate", lines.repeats, **whose, found=2, allowed=1)
    findings.note("plan_kind", wrong_kind, **whose)
    findings.note("excluded", _of_household(problem, lines) == EXCLUDED, **whose)
    findings.note("must_use_by", weekday > last, **whose, found=weekday, allowed=last)
    findings.note("mode_unavailable", lines.opens > lines.closes, **whose)
    taken = lines.eat.sum(axis=0, dtype=np.int32) + lines.reserve
    too_much = lines.is_fruit & (taken > lines.shipped)
    findings.note("more_than_shipped", too_much, **whose, found=taken, allowed=lines.shipped)
    keeps = lines.is_fruit & (lines.closes >= problem.horizon[who] - 1)
    gone_by = (lines.reserve > 0) & ~keeps
    findings.note("reserve_gone_by", gone_by, **whose, found=lines.reserve)


def _of_household(problem: Problem, lines: Lines) -> NDArray[np.int8]:
    """What the household of each line thinks of its produce."""
    tastes = problem.pref[lines.first : lines.last].ravel()
    found: NDArray[np.int8] = tastes[lines.box * problem.n_products + lines.prod]
    return found


def _eating_breaches(problem: Problem, lines: Lines, home: AtHome, findings: Findings) -> None:
    """Rules about the days on which portions are eaten."""
    eaten, who = lines.eat > 0, lines.who
    told: dict[str, Any] = {"subscriber": who, "lot": lines.lot, "day": DAYS, "found": lines.eat}
    fruit = eaten & lines.is_fruit
    outside = (lines.opens > DAYS) | (lines.closes < DAYS)
    findings.note("flower_eaten", eaten & ~lines.is_fruit, **told)
    findings.note("outside_window", fruit & outside, **told)
    findings.note("after_horizon", fruit & (problem.horizon[who] <= DAYS), **told)
    a_day, need = _eaten_a_day(lines, home), _need(problem, slice(lines.first, lines.last))
    boxes = np.arange(lines.first, lines.last)
    findings.note(
        "portions_a_day", a_day > need, subscriber=boxes, day=DAYS, found=a_day, allowed=need
    )
    box, lot, starts, eat = lines.box, lines.lot, lines.product_starts, lines.eat
    if len(home.box):
        box, lot, starts, eat = _with_home(problem, lines, home)
    leader = starts[:-1]
    of_product, allowed = sums(eat, starts), problem.c_day[box[leader] + lines.first]
    findings.note(
        "product_a_day", of_product > allowed, subscriber=box[leader] + lines.first, lot=lot[leader],
        day=DAYS, found=of_product, allowed=allowed,
    )  # fmt: skip


def _with_home(problem: Problem, lines: Lines, home: AtHome) -> tuple[Ints, Ints, Ints, Ints]:
    """Put items at home (as lot -1) behind the lines of the same box and product."""
    box = np.concatenate([lines.box, home.box])
    prod = np.concatenate([lines.prod, home.prod])
    order = np.argsort(box * problem.n_products + prod, kind="stable")
    lot = np.concatenate([lines.lot, np.full(len(home.box), -1)])
    eat = np.concatenate([lines.eat, home.eat], axis=1)
    return box[order], lot[order], starts_of(box[order], prod[order]), eat[:, order]


def _eaten_a_day(lines: Lines, home: AtHome) -> Ints:
    """Portions eaten by day and box, of the box and of what was at home; shape (14, boxes)."""
    eaten = sums(lines.eat, lines.box_starts)
    return plus(eaten, sums(home.eat, home.starts)) if len(home.box) else eaten


def _need(problem: Problem, here: slice) -> Ints:
    """Portions wanted by day and box; shape (14, boxes)."""
    if problem.extras.day_need is not None:
        return problem.extras.day_need[here].T
    n_por = problem.n_por[here]
    return np.broadcast_to(n_por, (DAYS_MAX, len(n_por)))


def _box_breaches(problem: Problem, lines: Lines, findings: Findings) -> None:
    """Rules about whole boxes."""
    here, boxes = slice(lines.first, lines.last), np.arange(lines.first, lines.last)
    leader = lines.product_starts[:-1]
    who, lot = lines.who[leader], lines.lot[leader]
    units, allowed = sums(lines.units, lines.product_starts), problem.u_max[who]
    findings.note(
        "product_units", units > allowed, subscriber=who, lot=lot, found=units, allowed=allowed
    )
    for rule, each, limit in (
        ("budget", problem.lot_cost, problem.budget[here]),
        ("weight", problem.lot_grams, problem.grams_max[here]),
    ):
        found = sums(times(each[lines.lot], lines.units), lines.box_starts)
        findings.note(rule, found > limit, subscriber=boxes, found=found, allowed=limit)
    reserve, wished = _reserve(problem, lines)
    findings.note("reserve", reserve > wished, subscriber=boxes, found=reserve, allowed=wished)
    if problem.extras.prod_group is not None:
        _either_or_breaches(problem.extras.prod_group, lines, findings)


def _reserve(problem: Problem, lines: Lines) -> tuple[Ints, Ints]:
    """Portions held in reserve, and wished for, by box."""
    wished = problem.extras.reserve
    none = np.zeros(lines.last - lines.first, dtype=np.int8)
    return (
        sums(lines.reserve, lines.box_starts),
        none if wished is None else wished[lines.first : lines.last],
    )


def _either_or_breaches(prod_group: NDArray[np.int16], lines: Lines, findings: Findings) -> None:
    """A box holds products of at most one kind per group; the breach names one of its lots."""
    leader = lines.product_starts[:-1]
    group = prod_group[lines.prod[leader]]
    chosen = np.flatnonzero(_held(lines) & (group >= 0))
    chosen = chosen[np.lexsort((group[chosen], lines.box[leader][chosen]))]
    starts = starts_of(lines.box[leader][chosen], group[chosen])
    first = leader[chosen[starts[:-1]]]
    kinds = np.diff(starts)
    findings.note(
        "either_or", kinds > 1, subscriber=lines.who[first], lot=lines.lot[first], found=kinds,
        allowed=1,
    )  # fmt: skip


def _held(lines: Lines) -> Marks:
    """Mark the products of boxes of which there is at least one line with a unit."""
    return sums((lines.units > 0).astype(np.int8), lines.product_starts) > 0


def _fruit_kinds(lines: Lines) -> Ints:
    """Count the different fruit in each box."""
    leader = lines.product_starts[:-1]
    counted = leader[_held(lines) & lines.is_fruit[leader]]
    return np.bincount(lines.box[counted], minlength=lines.last - lines.first)


def _missing(problem: Problem, lines: Lines, home: AtHome) -> tuple[Ints, Ints]:
    """Portions and stems missing by box and day; both between 0 and what is wanted, so a byte holds them."""
    here = slice(lines.first, lines.last)
    wanted = problem.horizon[here] > DAYS
    need = _need(problem, here)
    uncovered = np.where(wanted, np.maximum(need - _eaten_a_day(lines, home), 0), 0)
    stems = problem.k_stem[here]
    shown = plus(_stems_shown(lines), _shown_at_home(home))
    stems_missing = np.where(wanted, np.maximum(stems - shown, 0), 0)
    return uncovered.T.astype(np.int8), stems_missing.T.astype(np.int8)


def _stems_shown(lines: Lines) -> Ints:
    """Stems of the box in display by day and box; shape (14, boxes)."""
    flower = np.flatnonzero(~lines.is_fruit)
    inside = (lines.opens[flower] <= DAYS) & (lines.closes[flower] >= DAYS)
    stems = np.where(inside, np.maximum(lines.shipped[flower], 0), 0)
    return sums(stems, np.searchsorted(flower, lines.box_starts))


def _shown_at_home(home: AtHome) -> Ints:
    """Stems of flowers at home in display by day and box; shape (14, boxes)."""
    inside = (home.opens <= DAYS) & (home.closes >= DAYS) & ~home.is_fruit
    return sums(np.where(inside, home.portions, 0), home.starts)


def _earned(problem: Problem, lines: Lines) -> dict[str, int]:
    """What the goods cost and risk, and what taste, novelty and must-use-by are worth before their weights."""
    units, lot = lines.units, lines.lot
    pv = problem.lot_pv[lot]
    repeated = _last_week(problem, lines)
    return {
        "goods": total(times(problem.lot_cost[lot], units)),
        "taste": total(times(_of_household(problem, lines), pv, units)),
        "repeated": total(times(pv[repeated], units[repeated])),
        "bonus": total(times(problem.lot_bonus[lot, problem.weekday[lines.who]], units)),
        "risk": total(times(lines.risk, lines.shipped)),
    }


def _last_week(problem: Problem, lines: Lines) -> Marks:
    """Mark the lines whose produce was in the household's last box."""
    n_bytes = problem.last_week.shape[1]
    had = problem.last_week[lines.first : lines.last].ravel()
    byte = had[lines.box * n_bytes + (lines.prod >> 3)]
    bit = (lines.prod & 7).astype(np.uint8)
    repeated: Marks = (byte >> bit) & 1 > 0
    return repeated


def _penalties(problem: Problem, lines: Lines, kinds: Ints) -> dict[str, int]:
    """Portions wasted, and what boxes lack in variety, reserve and value, before the weights."""
    here, extras = slice(lines.first, lines.last), problem.extras
    fruit = lines.is_fruit
    shipped = total(lines.shipped[fruit])
    eaten = total(lines.eat.sum(axis=0, dtype=np.int32)[fruit])
    reserve, wished = _reserve(problem, lines)
    found = {
        "shipped": shipped,
        "reserve": total(lines.reserve[fruit]),
        "waste": shipped - eaten - total(lines.reserve[fruit]),
        "kinds_missing": total(np.maximum(problem.min_dist[here] - kinds, 0)),
        "reserve_missing": total(np.maximum(wished - reserve, 0)),
    }
    if extras.min_cost is not None:
        cost = sums(times(problem.lot_cost[lines.lot], lines.units), lines.box_starts)
        found["value_missing"] = total(np.maximum(plus(extras.min_cost[here], -cost), 0))
    return found


def _days(problem: Problem, here: slice, uncovered: Ints, stems_missing: Ints) -> dict[str, int]:
    """Count household days and boxes that want something, and those that have it."""
    wanted = (problem.horizon[here] > DAYS).T
    fruit, flowers = (
        wanted & (_need(problem, here).T > 0),
        wanted & (problem.k_stem[here] > 0)[:, None],
    )
    either, bare = fruit | flowers, (uncovered > 0) | (stems_missing > 0)
    asks = either.any(axis=1)
    return {
        "uncovered": total(uncovered),
        "stems_missing": total(stems_missing),
        "days": int(either.sum()),
        "covered_days": int((either & ~bare).sum()),
        "fruit_days": int(fruit.sum()),
        "covered_fruit_days": int((fruit & (uncovered == 0)).sum()),
        "flower_days": int(flowers.sum()),
        "covered_flower_days": int((flowers & (stems_missing == 0)).sum()),
        "boxes": int(asks.sum()),
        "covered_boxes": int((asks & ~bare.any(axis=1)).sum()),
    }


def _verdict(
    problem: Problem,
    findings: Findings,
    sum_of: Counter[str],
    *,
    uncovered: NDArray[np.int8],
    stems_missing: NDArray[np.int8],
    fruit_kinds: NDArray[np.int32],
) -> Verdict:
    """Weigh the sums, as Python's whole numbers, which have no largest one."""
    weights = problem.weights
    preference = weights.pref_cents * sum_of["taste"]
    objective = 100 * (
        sum_of["goods"]
        - sum_of["bonus"]
        + weights.novelty_portion * sum_of["repeated"]
        + weights.uncovered_portion * sum_of["uncovered"]
        + weights.uncovered_stem_day * sum_of["stems_missing"]
        + weights.waste_portion * sum_of["waste"]
        + weights.missing_product * sum_of["kinds_missing"]
        + weights.missing_reserve * sum_of["reserve_missing"]
        + weights.missing_value * sum_of["value_missing"]
    )
    asked = ("days", "fruit_days", "flower_days", "boxes")
    return Verdict(
        objective=objective - preference + sum_of["risk"],
        n_breaches=findings.n,
        breaches=tuple(findings.listed),
        uncovered=uncovered,
        stems_missing=stems_missing,
        fruit_kinds=fruit_kinds,
        goods_minor=sum_of["goods"],
        preference=preference,
        shipped_portions=sum_of["shipped"],
        waste_portions=sum_of["waste"],
        reserve_portions=sum_of["reserve"],
        **{name: sum_of[name] for each in asked for name in (each, f"covered_{each}")},
    )
