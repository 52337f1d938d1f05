"""What one household may be sent: lots kept in ways worth having, and prices, without any choice made."""

from dataclasses import dataclass

from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, Problem


@dataclass(frozen=True, slots=True)
class Item:
    """A lot kept in one way: usable on days `first..last` within the horizon (none if first > last).

    `price` is what a unit costs by the objective, waste apart [1/100 minor]; `most` bounds its units.
    """

    lot: int
    mode: int
    prod: int
    portions: int
    first: int
    last: int
    price: int
    most: int

    @property
    def days(self) -> range:
        """Days on which a portion can be eaten, or a stem is in display."""
        return range(self.first, self.last + 1)


def items_of(problem: Problem, n: int) -> tuple[list[Item], list[Item]]:
    """Return the fruit and the flower items of household `n`, without those another one always beats."""
    fruit: list[Item] = []
    flowers: list[Item] = []
    for lot in range(problem.n_lots):
        prod = int(problem.lot_prod[lot])
        is_flower = bool(problem.prod_kind[prod] == FLOWER)
        if (
            problem.pref[n, prod] == EXCLUDED
            or problem.weekday[n] > problem.lot_last[lot]
            or problem.plan[n] == (FRUIT if is_flower else FLOWER)
        ):
            continue
        price = _price(problem, n, lot)
        for mode, first, last in _windows(problem, n, lot):
            item = Item(lot, mode, prod, int(problem.lot_portions[lot]), first, last, price, 0)
            most = _most(problem, n, item, is_flower=is_flower)
            if most:
                kept = Item(lot, mode, prod, item.portions, first, last, price, most)
                (flowers if is_flower else fruit).append(kept)
    return fruit, flowers


def _windows(problem: Problem, n: int, lot: int) -> list[tuple[int, int, int]]:
    """(mode, first, last) of the ways to keep a lot whose days no other way contains."""
    horizon, where = int(problem.horizon[n]), (lot, problem.weekday[n], problem.home[n])
    found: dict[tuple[int, int], int] = {}
    for mode, (opens, closes) in enumerate(
        zip(problem.win_a[where].tolist(), problem.win_b[where].tolist(), strict=True)
    ):
        if opens <= closes:
            first, last = max(opens, 0), min(closes, horizon - 1)
            found.setdefault((first, last) if first <= last else (0, -1), mode)
    beaten = {
        one for one in found for other in found
        if one != other and (one == (0, -1) or (other[0] <= one[0] and one[1] <= other[1]))
    }  # fmt: skip
    return [(mode, *days) for days, mode in found.items() if days not in beaten]


def _price(problem: Problem, n: int, lot: int) -> int:
    weights, prod, pv = problem.weights, int(problem.lot_prod[lot]), int(problem.lot_pv[lot])
    had = int(problem.last_week[n, prod // 8]) >> (prod % 8) & 1
    return (
        100 * int(problem.lot_cost[lot])
        - weights.pref_cents * int(problem.pref[n, prod]) * pv
        + 100 * weights.novelty_portion * had * pv
        - 100 * int(problem.lot_bonus[lot, problem.weekday[n]])
    )


def _most(problem: Problem, n: int, item: Item, *, is_flower: bool) -> int:
    """Bound the units by every hard limit, and by use where another unit would earn nothing by itself."""
    cost, grams = int(problem.lot_cost[item.lot]), int(problem.lot_grams[item.lot])
    limits = [int(problem.u_max[n]), int(problem.lot_stock[item.lot])]
    if cost > 0:
        limits.append(int(problem.budget[n]) // cost)
    if grams > 0:
        limits.append(int(problem.grams_max[n]) // grams)
    if is_flower:
        if item.price >= 0:
            limits.append(-(-int(problem.k_stem[n]) // item.portions) if item.days else 0)
    elif item.price + 100 * problem.weights.waste_portion * item.portions >= 0:
        eaten = len(item.days) * min(int(problem.n_por[n]), int(problem.c_day[n]))
        limits.append(max(-(-eaten // item.portions), 1 if problem.min_dist[n] > 0 else 0))
    return min(limits)
