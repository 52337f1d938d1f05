"""All that one plan was made from and what it answers, so that it can be asked again, and made again, later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.answer import Answers
from subscriptions.planning.assemble import (
    BoxProposal,
    DueHousehold,
    LotOffer,
    build_problem,
    read_boxes,
)
from subscriptions.planning.checker_verdict import Verdict
from subscriptions.planning.fairness import MISSED_MOST, plan_fairly, with_turns
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import PlanWeights, Problem
from subscriptions.planning.solve import Params, Progress, solve

Waits = Mapping[UUID, Mapping[str, int]]
"""Turns missed in a row, by subscription and produce."""


@dataclass(frozen=True, slots=True, eq=False)
class WeekRecord:
    """A week, who had missed how many turns, the seed and the threads, and the plan that came of it."""

    problem: Problem
    missed: NDArray[np.uint8]
    seed: int
    threads: int
    plan: Plan

    def replays(self) -> bool:
        """Make the plan again, and tell whether every box is the same."""
        week = with_turns(self.problem, self.missed)
        again = solve(week, seed=self.seed, params=Params(threads=self.threads)).plan
        return all(
            np.array_equal(getattr(self.plan, name), getattr(again, name))
            for name in (
                "box_ptr",
                "line_lot",
                "line_mode",
                "line_units",
                "line_eat",
                "line_reserve",
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class PlanRecord:
    """What is kept of one plan: its answers, whose they are, and the week it was made from."""

    subscriptions: Sequence[UUID]
    answers: Answers
    week: WeekRecord

    def missed_now(self) -> list[tuple[UUID, str, int]]:
        """Return who missed a turn of what, and how many in a row they had missed before."""
        rows, products = np.nonzero(self.answers.missed_now)
        return [
            (self.subscriptions[n], self.answers.products[p], int(self.answers.missed[n, p]))
            for n, p in zip(rows.tolist(), products.tolist(), strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """The boxes of a plan, the checker's verdict on it, and what is kept of it; no boxes where it has a breach."""

    boxes: Sequence[BoxProposal]
    verdict: Verdict
    record: PlanRecord


def propose_in_turn(
    households: Sequence[DueHousehold],
    offers: Sequence[LotOffer],
    weights: PlanWeights,
    waits: Waits,
    *,
    seed: int,
    params: Params,
    progress: Progress | None = None,
) -> Proposed:
    """Plan the boxes of due households, minding whose turn it is, and put together what is kept of it."""
    problem = build_problem(households, offers, weights)
    ids = [household.subscription_id for household in households]
    missed = missed_turns(waits, ids, problem.products)
    shared = plan_fairly(problem, missed, seed=seed, params=params, progress=progress)
    plan, verdict = shared.result.plan, shared.verdict
    boxes = [] if verdict.breaches else read_boxes(problem, plan, verdict, households, offers)
    week = WeekRecord(problem, missed, seed, params.threads, plan)
    return Proposed(boxes, verdict, PlanRecord(ids, shared.answers, week))


def missed_turns(
    waits: Waits, subscriptions: Sequence[UUID], products: Sequence[str]
) -> NDArray[np.uint8]:
    """Lay out turns missed in a row for a problem with these households and products; shape (N, P)."""
    missed = np.zeros((len(subscriptions), len(products)), dtype=np.uint8)
    place = {key: p for p, key in enumerate(products)}
    for n, subscription in enumerate(subscriptions):
        for key, turns in waits.get(subscription, {}).items():
            if key in place:
                missed[n, place[key]] = min(turns, MISSED_MOST)
    return missed
