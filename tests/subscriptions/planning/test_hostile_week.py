"""Weeks with any numbers that their arrays can hold: planned within the rules, whatever was asked of the planner."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from subscriptions.planning.checker import check
from subscriptions.planning.extras import Extras
from subscriptions.planning.plan import empty_plan
from subscriptions.planning.problem import FLOWER, FRUIT, LAYOUT, MIXED, PlanWeights, Problem
from subscriptions.planning.solve import Params, solve

LARGE = 2**31 - 1
BYTES: tuple[list[int], ...] = ([0, 1, 2, 3], [0, 1, 2, 3, 7, 126, 127])
WIDE: tuple[list[int], ...] = ([0, 1, 50, 300], [0, 1, 2, 100, 5000, LARGE - 1, LARGE])
WEIGHTS = [0, 1, 25, 250, 10_000_000]


class Wild:
    """Draws arrays of a few plausible or of all extreme numbers."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.sizes = {
            letter: int(self.rng.integers(low, high))
            for letter, low, high in (("N", 0, 5), ("L", 0, 8), ("P", 1, 5), ("W", 1, 4), ("C", 1, 4), ("M", 1, 5))
        }  # fmt: skip
        self.sizes |= {"B": (self.sizes["P"] + 7) // 8, "D": 14}

    def pick(self, values: ArrayLike, axes: str) -> NDArray[Any]:
        shape = tuple(self.sizes[axis] for axis in axes)
        found: NDArray[Any] = self.rng.choice(np.asarray(values, dtype=np.int64), shape)
        return found

    def problem(self) -> Problem:
        rng, sizes, pick = self.rng, self.sizes, self.pick
        byte, wide = BYTES[rng.integers(2)], WIDE[rng.integers(2)]
        plan = pick([FRUIT, FLOWER, MIXED], "N")
        values: dict[str, Any] = {
            "prod_kind": [FRUIT, FRUIT, FLOWER],
            "lot_prod": range(sizes["P"]), "lot_portions": [max(n, 1) for n in byte], "lot_pv": byte,
            "lot_stock": wide, "lot_cost": wide, "lot_grams": wide, "budget": wide, "grams_max": wide,
            "lot_last": [-128, -1, 0, 1, 2, 4, 127], "lot_bonus": [-32768, -1, 0, 0, 30, 32767],
            "win_a": [0, 0, 1, 2, 5, 13, 14, 127], "win_b": [-128, -1, 0, 3, 6, 13, 14, 127],
            "horizon": [1, 2, 7, 13, 14], "weekday": range(sizes["W"]), "home": range(sizes["C"]),
            "pref": [-128, -100, 0, 50, 100], "last_week": range(256),
            "n_por": byte, "k_stem": byte, "u_max": byte, "c_day": byte, "min_dist": byte, "plan": [0],
        }  # fmt: skip
        arrays = {name: pick(values[name], axes) for name, (_, axes) in LAYOUT.items()}
        arrays["plan"] = plan
        arrays["n_por"][plan == FLOWER] = 0
        arrays["k_stem"][plan == FRUIT] = 0
        typed: dict[str, Any] = {
            name: arrays[name].astype(dtype) for name, (dtype, _) in LAYOUT.items()
        }
        weights = PlanWeights(*self.pick(WEIGHTS, "D").tolist()[:8])
        return Problem(
            **typed,
            weights=weights if rng.random() < 0.5 else PlanWeights(),
            modes=("a", "b", "c", "d")[: sizes["M"]],
            extras=self.extras(plan, byte),
        )

    def extras(self, plan: NDArray[Any], byte: list[int]) -> Extras:
        day_need = self.pick(byte, "ND").astype(np.int8)
        day_need[plan == FLOWER] = 0
        arrays: dict[str, Any] = {
            "win_risk": self.pick([0, 0, 2500, 2**24 - 1], "LWCM").astype(np.int32),
            "day_risk": self.pick(range(256), "LWCMD").astype(np.uint8),
            "day_need": day_need,
        }
        return Extras(**{name: each for name, each in arrays.items() if self.rng.random() < 0.4})


@pytest.mark.parametrize(
    "params",
    [Params(threads=1), Params(threads=2, fast=True), Params(threads=3, bound=True), Params(exact=True)],
    ids=["usual", "fast", "bound", "exact"],
)  # fmt: skip
@settings(max_examples=75, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_the_numbers_the_plan_keeps_the_rules_and_its_bound(
    params: Params, seed: int
) -> None:
    problem = Wild(seed).problem()
    found = solve(problem, params=params)
    assert found.verdict.breaches == ()
    assert found.verdict.objective <= check(problem, empty_plan(problem.n_subscribers)).objective
    if found.bound is not None:
        rounding = 1.0 + 1e-9 * abs(found.verdict.objective)
        assert found.bound <= found.verdict.objective + rounding
