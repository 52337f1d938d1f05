"""One household and the fruit it may get, in a few readable words, and how that goes on a bench."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from subscriptions.planning.engine import bench as at
from subscriptions.planning.engine.bench import Floats, Ints, make_bench

VALUE, MISSING = 27_500, 15_000
"""Worth of an eaten portion and of one more kind that is wished for. [1/100 cent]"""


@dataclass(frozen=True)
class Fruit:
    """A lot in one mode; eaten from day `first` to day `last`, both included."""

    product: int
    portions: int = 1
    first: int = 0
    last: int = 13
    cost: int = 0
    """One unit, less what it is liked. [1/100 cent]"""
    cents: int = 0
    grams: int = 0
    most: int = 9
    """Units of the lot that may be taken, in all its modes."""
    lot: int | None = None
    """Fruit of one lot in several modes has the same number here."""


@dataclass(frozen=True)
class Household:
    """What is eaten each day, and the limits of the box."""

    need: tuple[int, ...]
    fruit: tuple[Fruit, ...]
    same_a_day: int = 9
    units_max: int = 9
    distinct: int = 0
    budget: int = 100_000
    grams_max: int = 100_000
    missing: int = MISSING

    @property
    def products(self) -> list[int]:
        """Numbers of the products, each once."""
        return sorted({each.product for each in self.fruit})

    def stock_of(self, lot: int) -> int:
        """Units of a lot that may be taken."""
        return min(each.most for each in self.fruit if each.lot == lot)

    def days_of(self, fruit: Fruit) -> list[int]:
        """Days of the horizon on which the fruit can be eaten."""
        return [t for t in range(len(self.need)) if fruit.first <= t <= fruit.last]

    def a_day(self, t: int) -> int:
        """Most portions of one product on a day."""
        return min(self.need[t], self.same_a_day)

    def usable(self, fruit: Fruit) -> int:
        """Most portions of the fruit that can be eaten at all."""
        return sum(self.a_day(t) for t in self.days_of(fruit))


def on_bench(household: Household) -> tuple[Ints, Floats]:
    """Lay the household out as the engine wants it; `fruit` must be in order of products."""
    products, horizon = household.products, len(household.need)
    w, r = make_bench(
        products=len(products), portions=sum(household.need), distinct=household.distinct
    )
    w[at.HORIZON] = horizon
    w[at.SAME : at.SAME + horizon] = household.same_a_day
    w[at.UNITS_MAX], w[at.DISTINCT] = household.units_max, household.distinct
    w[at.BUDGET], w[at.GRAMS_MAX] = household.budget, household.grams_max
    w[at.N_ITEMS] = w[at.N_SENT] = len(household.fruit)
    w[at.N_PRODS] = w[at.N_KINDS] = len(products)
    w[at.UNITS_OF : at.UNITS_OF + len(products)] = household.units_max
    w[at.DAYS_OF : at.DAYS_OF + len(products)] = range(len(products))
    r[at.VALUE], r[at.MOST_VALUE], r[at.MISSING] = VALUE, VALUE, household.missing
    r[at.FULL : at.FULL + horizon] = VALUE
    a_day = [household.a_day(t) for t in range(horizon)]
    w[at.NEED : at.NEED + horizon] = household.need
    w[at.PER_PRODUCT : at.PER_PRODUCT + horizon] = a_day
    w[at.EVEN] = a_day[0] if len(set(a_day)) == 1 else 0
    assert [each.product for each in household.fruit] == sorted(
        each.product for each in household.fruit
    )
    for i, fruit in enumerate(household.fruit):
        p = products.index(fruit.product)
        w[at.FIRST + p + 1] = i + 1
        for place, number in (
            (at.LOT, 1000 + i if fruit.lot is None else fruit.lot),
            (at.PROD, p),
            (at.MASK, sum(1 << t for t in household.days_of(fruit))),
            (at.PORTIONS, fruit.portions),
            (at.CENTS, fruit.cents),
            (at.GRAMS, fruit.grams),
            (at.USABLE, household.usable(fruit)),
            (at.MOST, min(fruit.most, household.units_max)),
            (at.HIGH, min(fruit.most, household.units_max)),
        ):
            w[place + i] = number
        r[at.COST + i] = r[at.LAGRANGE + i] = fruit.cost
    return w, r


def put(w: Ints, row: int, units: tuple[int, ...] | list[int]) -> None:
    """Write one number per item."""
    w[row : row + len(units)] = units


def units_in(w: Ints, row: int) -> list[int]:
    """Read one number per item."""
    return [int(units) for units in w[row : row + w[at.N_ITEMS]]]


@st.composite
def lots(draw: st.DrawFn, horizon: int, n_products: int) -> list[Fruit]:
    """A lot in a mode or two: single portions or several, cheap, dear or loved, for any days."""
    portions = draw(st.sampled_from([1, 1, 2, 3, 5]))
    firsts = draw(st.lists(st.integers(0, horizon - 1), min_size=1, max_size=2))
    one = Fruit(
        product=draw(st.integers(0, n_products - 1)),
        portions=portions,
        cost=portions * draw(st.integers(-4_000, 32_000)),
        cents=portions * draw(st.integers(0, 200)),
        grams=portions * draw(st.integers(20, 200)),
        most=draw(st.integers(1, 4)),
    )
    return [replace(one, first=t, last=draw(st.integers(t, horizon))) for t in firsts]


@st.composite
def households(
    draw: st.DrawFn, *, max_lots: int = 6, horizons: tuple[int, ...] = (3, 4, 5, 6, 7)
) -> Household:
    """Any small household: odd days, tight limits, several lots of a product, a wish for variety."""
    horizon = draw(st.sampled_from(horizons))
    n_products = draw(st.integers(1, 5))
    some = draw(st.lists(lots(horizon, n_products), min_size=1, max_size=max_lots))
    fruit = [replace(each, lot=lot) for lot, modes in enumerate(some) for each in modes]
    a_day = draw(st.integers(1, 3))
    odd = draw(st.booleans())
    need = [draw(st.integers(0, 3)) if odd else a_day for _ in range(horizon)]
    eaten = max(sum(need), 1)
    return Household(
        need=tuple(need),
        fruit=tuple(sorted(fruit, key=lambda each: each.product)),
        same_a_day=draw(st.integers(1, 3)),
        units_max=draw(st.integers(1, 4)),
        distinct=draw(st.integers(0, 4)),
        budget=draw(st.sampled_from([100_000, 60 * eaten, 20 * eaten])),
        grams_max=draw(st.sampled_from([100_000, 80 * eaten, 30 * eaten])),
        missing=draw(st.sampled_from([MISSING, MISSING, 0])),
    )


def unloved(household: Household) -> Household:
    """The same household where no fruit is worth having but for eating it."""
    return replace(
        household,
        fruit=tuple(replace(each, cost=max(each.cost, 0)) for each in household.fruit),
    )
