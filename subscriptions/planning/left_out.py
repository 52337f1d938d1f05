"""A box without what cannot come, for a household that wants nothing else in its place. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from subscriptions.planning.assemble import (
    BoxProposal,
    DueHousehold,
    LotOffer,
    build_problem,
    read_boxes,
)
from subscriptions.planning.checker import check
from subscriptions.planning.edit import alone, outcome_of_lines
from subscriptions.planning.mending import OpenLine
from subscriptions.planning.problem import PlanWeights


def left_out(
    household: DueHousehold,
    lines: Sequence[OpenLine],
    failed: frozenset[UUID],
    offers: Sequence[LotOffer],
    weights: PlanWeights,
) -> BoxProposal | None:
    """Return the box with its other lines as they are, eaten in the best way.

    None where nothing is left, or what is left breaks a limit that a box has to keep.
    """
    place = {offer.lot_id: n for n, offer in enumerate(offers)}
    kept = [line for line in lines if line.lot_id not in failed and line.lot_id in place]
    if not kept:
        return None
    held: dict[UUID, int] = {}
    for line in kept:
        held[line.lot_id] = held.get(line.lot_id, 0) + line.units
    own = [
        replace(offer, units_available=offer.units_available + held.get(offer.lot_id, 0))
        for offer in offers
    ]
    problem = alone(build_problem([household], own, weights), 0)
    after = outcome_of_lines(
        problem, [(place[line.lot_id], line.mode, line.units) for line in kept]
    )
    if after.breaches:
        return None
    verdict = check(problem, after.plan)
    (box,) = read_boxes(problem, after.plan, verdict, [household], own)
    return box
