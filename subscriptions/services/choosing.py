"""Choosing the boxes of some households with the planner, checked before anybody sees them. Touches no database."""

from collections.abc import Sequence

from ripeday.kit.errors import RipedayError
from ripeday.kit.text import plural
from subscriptions.planning.assemble import (
    BoxProposal,
    DueHousehold,
    LotOffer,
    build_problem,
    read_boxes,
)
from subscriptions.planning.checker_verdict import Verdict
from subscriptions.planning.problem import PlanWeights
from subscriptions.planning.solve import Params, Progress, solve
from subscriptions.planning.spare import SPARE_WORTH

WEIGHTS = {"EUR": 1, "GBP": 1, "CNY": 5}
"""How many times the planner's weights, which are in euro cents, count in another currency."""

PARAMS = Params()
"""The number of threads is the same on every machine: with it a run's seed says all that its plan depends on."""


class PlanRejected(RipedayError):
    """The independent checker found a breach, so the plan was not stored."""

    code = "plan_rejected"

    def __init__(self, breaches: Sequence[object]) -> None:
        self.breaches = breaches
        super().__init__(
            plural(
                "The plan breaks {n} rule and was not stored.",
                "The plan breaks {n} rules and was not stored.",
                len(breaches),
            )
        )


def plan_boxes(
    households: Sequence[DueHousehold],
    offers: Sequence[LotOffer],
    currency: str,
    *,
    seed: int,
    progress: Progress | None,
) -> tuple[list[BoxProposal], Verdict]:
    """Plan, have the independent checker pass it, and read the boxes off."""
    problem = build_problem(households, offers, weights_in(currency))
    made = solve(problem, seed=seed, params=PARAMS, progress=progress)
    if made.verdict.breaches:
        raise PlanRejected(made.verdict.breaches)
    boxes = read_boxes(problem, made.plan, made.verdict, households, offers)
    return boxes, made.verdict


def weights_in(currency: str) -> PlanWeights:
    """Return the planner's weights in minor units of a currency."""
    times, euro = WEIGHTS[currency], PlanWeights()
    return PlanWeights(
        uncovered_portion=euro.uncovered_portion * times,
        uncovered_stem_day=euro.uncovered_stem_day * times,
        waste_portion=euro.waste_portion * times,
        pref_cents=euro.pref_cents * times,
        novelty_portion=euro.novelty_portion * times,
        missing_product=euro.missing_product * times,
        missing_reserve=SPARE_WORTH * times,
    )
