"""The plain, slow, obvious checker: one box, line, day after the other, in Python's own numbers.

It says of a plan what `checker.check` should say: every breach and every sum.
"""

from collections import Counter
from dataclasses import dataclass, field

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, Problem

Finding = tuple[str, int, int, int, int, int, int]
"""rule, subscriber, lot, day, found, allowed, carried item."""


@dataclass
class Line:
    lot: int
    mode: int
    units: int
    eat: list[int]
    reserve: int
    prod: int = -1
    fruit: bool = False
    opens: int = 0
    closes: int = -1
    shipped: int = 0


@dataclass
class Item:
    number: int
    prod: int
    fruit: bool
    portions: int
    opens: int
    closes: int
    eat: list[int]


@dataclass
class Books:
    """All that was found."""

    breaches: Counter[Finding] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    uncovered: list[list[int]] = field(default_factory=list)
    stems_missing: list[list[int]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)

    def note(
        self, rule: str, n: int = -1, *, lot: int = -1, day: int = -1, found: int = 1,
        allowed: int = 0, item: int = -1,
    ) -> None:  # fmt: skip
        self.breaches[rule, n, lot, day, found, allowed, item] += 1

    def objective(self, problem: Problem) -> int:
        w, s = problem.weights, self.sums
        return (
            s["price"]
            + 100 * w.uncovered_portion * s["uncovered"]
            + 100 * w.uncovered_stem_day * s["stems_missing"]
            + 100 * w.waste_portion * s["waste"]
            + 100 * w.missing_product * s["kinds_missing"]
            + 100 * w.missing_reserve * s["reserve_missing"]
            + 100 * w.missing_value * s["value_missing"]
        )


def judge(problem: Problem, plan: Plan, before: Plan | None = None) -> Books:
    books = Books()
    n = problem.n_subscribers
    if plan.n_boxes != n:
        books.note("boxes", found=plan.n_boxes, allowed=n)
    eaten_at_home = plan.carry_eat.tolist()
    if len(eaten_at_home) != problem.extras.n_carried:
        if eaten_at_home:
            books.note("carried", found=len(eaten_at_home), allowed=problem.extras.n_carried)
        eaten_at_home = [[0] * 14 for _ in range(problem.extras.n_carried)]
    used = [0] * problem.n_lots
    for who in range(n):
        lines = _known_lines(problem, plan, who, books)
        items = _items(problem, who, eaten_at_home)
        for line in lines:
            used[line.lot] += line.units
            _judge_line(problem, who, line, books)
        for item in items:
            _judge_item(problem, who, item, books)
        _judge_days(problem, who, lines, items, books)
        _judge_box(problem, who, lines, books)
    for lot, units in enumerate(used):
        if units > problem.lot_stock[lot]:
            books.note("stock", lot=lot, found=units, allowed=int(problem.lot_stock[lot]))
    if before is not None and problem.extras.keep is not None:
        for who in range(n):
            if problem.extras.keep[who] and _contents(plan, who) != _contents(before, who):
                books.note("confirmed", who)
    return books


def _contents(plan: Plan, who: int) -> Counter[tuple[int, int, int]]:
    if who >= plan.n_boxes:
        return Counter()
    return Counter(
        (int(plan.line_lot[i]), int(plan.line_mode[i]), int(plan.line_units[i]))
        for i in plan.lines_of(who)
    )


def _known_lines(problem: Problem, plan: Plan, who: int, books: Books) -> list[Line]:
    n_modes = problem.win_a.shape[3]
    lines: list[Line] = []
    for i in plan.lines_of(who) if who < plan.n_boxes else ():
        lot, mode = int(plan.line_lot[i]), int(plan.line_mode[i])
        if not 0 <= lot < problem.n_lots:
            books.note("unknown_lot", who, found=lot, allowed=problem.n_lots - 1)
            continue
        if not 0 <= mode < n_modes:
            books.note("unknown_mode", who, lot=lot, found=mode, allowed=n_modes - 1)
            continue
        line = Line(
            lot, mode, int(plan.line_units[i]), plan.line_eat[i].tolist(), int(plan.line_reserve[i])
        )
        line.prod = int(problem.lot_prod[lot])
        line.fruit = bool(problem.prod_kind[line.prod] == FRUIT)
        where = lot, int(problem.weekday[who]), int(problem.home[who]), mode
        line.opens, line.closes = int(problem.win_a[where]), int(problem.win_b[where])
        line.shipped = int(problem.lot_portions[lot]) * line.units
        lines.append(line)
    return lines


def _items(problem: Problem, who: int, eaten: list[list[int]]) -> list[Item]:
    e = problem.extras
    if e.carry_ptr is None:
        return []
    assert e.carry_prod is not None
    assert e.carry_portions is not None
    assert e.carry_a is not None
    assert e.carry_b is not None
    return [
        Item(
            k, int(e.carry_prod[k]), bool(problem.prod_kind[e.carry_prod[k]] == FRUIT),
            int(e.carry_portions[k]), int(e.carry_a[k]), int(e.carry_b[k]), eaten[k],
        )
        for k in range(int(e.carry_ptr[who]), int(e.carry_ptr[who + 1]))
    ]  # fmt: skip


def _judge_line(problem: Problem, who: int, line: Line, books: Books) -> None:
    lot, kind = line.lot, int(problem.plan[who])
    if line.units < 1:
        books.note("units", who, lot=lot, found=line.units, allowed=1)
    if (line.fruit and kind == FLOWER) or (not line.fruit and kind == FRUIT):
        books.note("plan_kind", who, lot=lot)
    if problem.pref[who, line.prod] == EXCLUDED:
        books.note("excluded", who, lot=lot)
    weekday, last = int(problem.weekday[who]), int(problem.lot_last[lot])
    if weekday > last:
        books.note("must_use_by", who, lot=lot, found=weekday, allowed=last)
    if line.opens > line.closes:
        books.note("mode_unavailable", who, lot=lot)
    horizon = int(problem.horizon[who])
    for day, eaten in enumerate(line.eat):
        if eaten and not line.fruit:
            books.note("flower_eaten", who, lot=lot, day=day, found=eaten)
        if eaten and line.fruit and not line.opens <= day <= line.closes:
            books.note("outside_window", who, lot=lot, day=day, found=eaten)
        if eaten and line.fruit and day >= horizon:
            books.note("after_horizon", who, lot=lot, day=day, found=eaten)
    taken = sum(line.eat) + line.reserve
    if line.fruit and taken > line.shipped:
        books.note("more_than_shipped", who, lot=lot, found=taken, allowed=line.shipped)
    if line.reserve and not (line.fruit and line.closes >= horizon - 1):
        books.note("reserve_gone_by", who, lot=lot, found=line.reserve)
    _price(problem, who, line, books)


def _price(problem: Problem, who: int, line: Line, books: Books) -> None:
    w, pv, prod = problem.weights, int(problem.lot_pv[line.lot]), line.prod
    had = int(problem.last_week[who, prod >> 3]) >> (prod & 7) & 1
    taste = w.pref_cents * int(problem.pref[who, prod]) * pv
    cost = int(problem.lot_cost[line.lot])
    bonus = int(problem.lot_bonus[line.lot, problem.weekday[who]])
    price = 100 * cost - taste + 100 * w.novelty_portion * had * pv - 100 * bonus
    books.sums["price"] += line.units * price
    if line.fruit and problem.extras.win_risk is not None:
        risk = problem.extras.win_risk[line.lot, problem.weekday[who], problem.home[who], line.mode]
        books.sums["price"] += line.shipped * int(risk)
    books.sums["preference"] += line.units * taste
    books.sums["goods"] += line.units * cost
    if line.fruit:
        books.sums["shipped"] += line.shipped
        books.sums["reserve"] += line.reserve
        books.sums["waste"] += line.shipped - sum(line.eat) - line.reserve


def _judge_item(problem: Problem, who: int, item: Item, books: Books) -> None:
    for day, eaten in enumerate(item.eat):
        if eaten and not item.fruit:
            books.note("carried_flower_eaten", who, day=day, found=eaten, item=item.number)
        if eaten and item.fruit and not item.opens <= day <= item.closes:
            books.note("carried_outside_window", who, day=day, found=eaten, item=item.number)
        if eaten and item.fruit and day >= problem.horizon[who]:
            books.note("carried_after_horizon", who, day=day, found=eaten, item=item.number)
    if item.fruit and sum(item.eat) > item.portions:
        books.note(
            "carried_more_than_left", who, found=sum(item.eat), allowed=item.portions,
            item=item.number,
        )  # fmt: skip


def _judge_days(
    problem: Problem, who: int, lines: list[Line], items: list[Item], books: Books
) -> None:
    uncovered, stems_missing = [0] * 14, [0] * 14
    stems = int(problem.k_stem[who])
    found: Counter[str] = Counter()
    for day in range(14):
        odd = problem.extras.day_need
        need = int(problem.n_por[who] if odd is None else odd[who, day])
        eaten = sum(each.eat[day] for each in [*lines, *items])
        if eaten > need:
            books.note("portions_a_day", who, day=day, found=eaten, allowed=need)
        _judge_same_produce(problem, who, day, lines, items, books)
        if day >= problem.horizon[who]:
            continue
        shown = sum(
            max(0, line.shipped)
            for line in lines
            if not line.fruit and line.opens <= day <= line.closes
        ) + sum(
            item.portions for item in items if not item.fruit and item.opens <= day <= item.closes
        )
        uncovered[day], stems_missing[day] = max(0, need - eaten), max(0, stems - shown)
        found["fruit_days"] += need > 0
        found["covered_fruit_days"] += need > 0 and not uncovered[day]
        found["flower_days"] += stems > 0
        found["covered_flower_days"] += stems > 0 and not stems_missing[day]
        found["days"] += need > 0 or stems > 0
        covered = not uncovered[day] and not stems_missing[day]
        found["covered_days"] += (need > 0 or stems > 0) and covered
    found["boxes"] = int(found["days"] > 0)
    found["covered_boxes"] = int(0 < found["days"] == found["covered_days"])
    books.sums.update(found)
    books.sums["uncovered"] += sum(uncovered)
    books.sums["stems_missing"] += sum(stems_missing)
    books.uncovered.append(uncovered)
    books.stems_missing.append(stems_missing)


def _judge_same_produce(
    problem: Problem, who: int, day: int, lines: list[Line], items: list[Item], books: Books
) -> None:
    limit = int(problem.c_day[who])
    for prod in {each.prod for each in [*lines, *items]}:
        eaten = sum(each.eat[day] for each in [*lines, *items] if each.prod == prod)
        if eaten > limit:
            lot = min((line.lot for line in lines if line.prod == prod), default=-1)
            books.note("product_a_day", who, lot=lot, day=day, found=eaten, allowed=limit)


def _judge_box(problem: Problem, who: int, lines: list[Line], books: Books) -> None:
    for (lot, _), times in Counter((line.lot, line.mode) for line in lines).items():
        for _ in range(times - 1):
            books.note("duplicate", who, lot=lot, found=2, allowed=1)
    for prod in {line.prod for line in lines}:
        of_prod = [line for line in lines if line.prod == prod]
        units, limit = sum(line.units for line in of_prod), int(problem.u_max[who])
        if units > limit:
            lot = min(line.lot for line in of_prod)
            books.note("product_units", who, lot=lot, found=units, allowed=limit)
    cost = sum(line.units * int(problem.lot_cost[line.lot]) for line in lines)
    grams = sum(line.units * int(problem.lot_grams[line.lot]) for line in lines)
    for rule, found, limit in (
        ("budget", cost, int(problem.budget[who])),
        ("weight", grams, int(problem.grams_max[who])),
    ):
        if found > limit:
            books.note(rule, who, found=found, allowed=limit)
    _judge_wishes(problem, who, lines, cost, books)


def _judge_wishes(problem: Problem, who: int, lines: list[Line], cost: int, books: Books) -> None:
    extras = problem.extras
    reserve = sum(line.reserve for line in lines)
    wished = 0 if extras.reserve is None else int(extras.reserve[who])
    if reserve > wished:
        books.note("reserve", who, found=reserve, allowed=wished)
    books.sums["reserve_missing"] += max(0, wished - reserve)
    held = {line.prod for line in lines if line.units > 0}
    kinds = len({line.prod for line in lines if line.units > 0 and line.fruit})
    books.kinds.append(kinds)
    books.sums["kinds_missing"] += max(0, int(problem.min_dist[who]) - kinds)
    if extras.min_cost is not None:
        books.sums["value_missing"] += max(0, int(extras.min_cost[who]) - cost)
    if extras.prod_group is None:
        return
    for group in {int(extras.prod_group[prod]) for prod in held} - {-1}:
        together = [prod for prod in held if extras.prod_group[prod] == group]
        if len(together) > 1:
            lot = min(line.lot for line in lines if line.prod == min(together))
            books.note("either_or", who, lot=lot, found=len(together), allowed=1)
