"""Small instances for the planner's tests, by hand and at random."""

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, LAYOUT, PlanWeights, Problem

DATA = Path(__file__).parents[2] / "data" / "plans"
N_WEEKDAYS, N_HOMES, N_MODES = 5, 8, 3
WEIGHTS = PlanWeights()


def problem_of(
    households: list[dict[str, Any]],
    lots: list[dict[str, Any]],
    kinds: list[int],
    weights: PlanWeights = WEIGHTS,
) -> Problem:
    """Make an instance; a household or lot states only what differs from an easy-going one.

    A lot's `windows` are (first, last) day by mode, the same in every home and on every weekday.
    """
    n_lots, n = len(lots), len(households)
    arrays: dict[str, Any] = {"prod_kind": kinds}
    for name, usual in {
        "prod": 0,
        "stock": 9,
        "cost": 50,
        "grams": 100,
        "portions": 1,
        "pv": 1,
        "last": 4,
    }.items():
        arrays[f"lot_{name}"] = [lot.get(name, usual) for lot in lots]
    arrays["lot_bonus"] = [[lot.get("bonus", 0)] * N_WEEKDAYS for lot in lots]
    windows = np.array([lot.get("windows", [(0, 6), (9, 0), (9, 0)]) for lot in lots]).reshape(
        n_lots, 1, 1, N_MODES, 2
    )
    windows = np.broadcast_to(windows, (n_lots, N_WEEKDAYS, N_HOMES, N_MODES, 2))
    arrays["win_a"], arrays["win_b"] = windows[..., 0], windows[..., 1]
    for name, usual in {
        "plan": FRUIT, "n_por": 1, "k_stem": 0, "horizon": 7, "weekday": 0, "home": 0, "budget": 10_000,
        "grams_max": 10_000, "u_max": 9, "c_day": 2, "min_dist": 0,
    }.items():  # fmt: skip
        arrays[name] = [household.get(name, usual) for household in households]
    arrays["pref"] = np.array([h.get("pref", [0] * len(kinds)) for h in households]).reshape(
        n, len(kinds)
    )
    had = np.array([h.get("had", [0] * len(kinds)) for h in households], dtype=np.uint8).reshape(
        n, len(kinds)
    )
    arrays["last_week"] = np.packbits(had, axis=1, bitorder="little")
    typed: dict[str, Any] = {
        name: np.asarray(arrays[name]).astype(dtype) for name, (dtype, _) in LAYOUT.items()
    }
    return Problem(**typed, weights=weights)


@st.composite
def problems(
    draw: st.DrawFn, *, max_households: int = 4, max_lots: int = 6, longest: int = 14
) -> Problem:
    """Any small week: scarce stock, empty windows, tight budgets, exclusions and all three kinds of plan."""
    n_products = draw(st.integers(1, 4))
    kinds = draw(
        st.lists(st.sampled_from([FRUIT, FRUIT, FLOWER]), min_size=n_products, max_size=n_products)
    )
    day = st.integers(0, longest + 1)
    lots = [
        {
            "prod": draw(st.integers(0, n_products - 1)),
            "stock": draw(st.integers(0, 8)),
            "cost": draw(st.integers(0, 200)),
            "grams": draw(st.integers(0, 900)),
            "portions": draw(st.integers(1, 6)),
            "pv": draw(st.integers(0, 4)),
            "last": draw(st.integers(0, 4)),
            "bonus": draw(st.integers(0, 30)),
            "windows": [(draw(day), draw(day)) for _ in range(N_MODES)],
        }
        for _ in range(draw(st.integers(1, max_lots)))
    ]
    taste = st.one_of(st.integers(-100, 100), st.just(EXCLUDED))
    households = []
    for _ in range(draw(st.integers(1, max_households))):
        plan = draw(st.sampled_from([0, 1, 2]))
        households.append(
            {
                "plan": plan,
                "n_por": draw(st.integers(0, 3)) if plan != FLOWER else 0,
                "k_stem": draw(st.integers(0, 8)) if plan != FRUIT else 0,
                "horizon": draw(st.integers(1, longest)),
                "weekday": draw(st.integers(0, 4)),
                "budget": draw(st.integers(0, 1500)),
                "grams_max": draw(st.integers(0, 6000)),
                "u_max": draw(st.integers(0, 5)),
                "c_day": draw(st.integers(0, 3)),
                "min_dist": draw(st.integers(0, 3)),
                "pref": [draw(taste) for _ in range(n_products)],
                "had": [draw(st.integers(0, 1)) for _ in range(n_products)],
            }
        )
    return problem_of(households, lots, kinds)
