"""Finds prices of days, variety, weight and budget at which the bound on any box is low."""

from subscriptions.planning.engine.bench import (
    BUDGET,
    FOUND_CENTS,
    FOUND_GRAMS,
    GRAMS_MAX,
    HORIZON,
    KNOWN,
    LEAST_CENTS,
    MISSING,
    MU,
    PER_CENT,
    PER_GRAM,
    PER_LEAST,
    SLOPE,
    WORTH,
    WORTH_BEST,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.price import bound_at, fill_cheapest, open_all
from subscriptions.planning.engine.worth import set_prices


@compiled
def _limit_price(price: float, over: int, known: Floats, start: float) -> float:
    """Next price of a limit: raised while it is broken, else lowered, halving what is `known` of it (low, high)."""
    if not over and price == 0.0:
        return 0.0
    known[0 if over else 1] = price
    if not over:
        return 0.5 * (price + max(known[0], 0.0))
    if known[1] >= 0.0:
        return 0.5 * (price + known[1])
    return price * 2.0 if price > 0.0 else start


@compiled
def _value_price(w: Ints, r: Floats, price: float, known: Floats) -> float:
    """Next price of cents that earn: lower while the box found is worth too little, else nearer to nought.

    `known` holds a price at which it is worth enough, or the lowest, and one at which it is not.
    """
    if r[FOUND_CENTS] >= w[LEAST_CENTS]:
        known[0] = price
        return 0.5 * (price + known[1])
    known[1] = price
    return known[0] if price == 0.0 else 0.5 * (price + known[0])


@compiled
def _variety_price(r: Floats, mu: float, bound: float, slope: float, known: Floats) -> float:
    """Next price of variety, where two tangents of the bound meet; `mu` itself where there is nothing to gain.

    `known` holds price, bound and slope of the best point on either side.
    """
    if slope == 0.0 or (slope < 0.0 and mu >= r[MISSING]) or (slope > 0.0 and mu <= 0.0):
        return mu
    side = 0 if slope < 0.0 else 3
    known[side], known[side + 1], known[side + 2] = mu, bound, slope
    if known[0] < 0.0 or known[3] < 0.0:
        return min(mu * 1.5 + 1000.0, r[MISSING]) if slope < 0.0 else max(mu * 0.6 - 300.0, 0.0)
    width = known[3] - known[0]
    if width < 100.0:
        return mu
    meet = known[4] - known[1] + known[2] * known[0] - known[5] * known[3]
    meet /= known[2] - known[5]
    if not meet >= known[0] + 0.15 * width:
        meet = known[0] + 0.15 * width
    return min(meet, known[3] - 0.15 * width)


@compiled
def learn_prices(w: Ints, r: Floats, rounds: int) -> float:
    """Find prices of days, variety, weight and budget with a low bound; they are left in place.

    Returns the bound. WORTH_BEST holds the day values. Starts from the prices that are there.
    """
    best = 1e300
    best_mu = mu = r[MU]
    best_gram = gram = r[PER_GRAM]
    best_cent = cent = r[PER_CENT]
    known = r[KNOWN : KNOWN + 12]
    known[:] = -1.0
    known[10], known[11] = -r[PER_LEAST], 0.0
    open_all(w)
    k = 0
    while k < rounds or (k < 3 * rounds and (gram > 0.0 or cent != 0.0)):
        k += 1
        r[MU] = mu
        set_prices(w, r, gram, cent)
        fill_cheapest(w, r, WORTH)
        bound = bound_at(w, r)
        if bound < best:
            best, best_mu, best_gram, best_cent = bound, mu, gram, cent
            for t in range(w[HORIZON]):
                r[WORTH_BEST + t] = r[WORTH + t]
        tried = mu, gram, cent
        gram = _limit_price(gram, r[FOUND_GRAMS] > w[GRAMS_MAX], known[6:8], 2.0)
        if cent < 0.0 or (cent == 0.0 and r[FOUND_CENTS] < w[LEAST_CENTS]):
            cent = _value_price(w, r, cent, known[10:12])
        else:
            cent = _limit_price(cent, r[FOUND_CENTS] > w[BUDGET], known[8:10], 10.0)
        mu = _variety_price(r, mu, bound, r[SLOPE], known)
        if tried == (mu, gram, cent):
            break
    r[MU] = best_mu
    set_prices(w, r, best_gram, best_cent)
    return best
