"""Plans weeks of some hundred or thousand households at prices that balance all boxes seen.

Prices that follow demand from household to household come near those at which wishes meet the stock, but where many
lots can stand in for each other, or stock is short, they swing, and do not get there. So every box that a household
was ever seen to want is kept, and now and then prices are found at which the wishes among all these boxes take just the
stock (`balance.py`); the next boxes are looked for from there, and so on. Boxes handed out and refilled count too.
"""

from typing import Final

import numpy as np

from subscriptions.planning.balance import Known, balance
from subscriptions.planning.effort import HASTY, QUICK, USUAL
from subscriptions.planning.run import Run, silent

LEARNERS: Final = 2000
PACES: Final = (16.0, 16.0, 8.0, 8.0, 4.0, 4.0, 2.0, 2.0, 1.0)
"""How fast prices follow demand while little is known, round by round."""
ROUNDS: Final = ((300.0, 1.0), (200.0, 0.7), (100.0, 0.5), (100.0, 0.5))
"""Blur [1/100 cent] of the balance that a round starts from, and how fast prices follow demand in it."""
ASKED: Final = 0.5
"""Share of the households that are asked in such a round."""
HANDING: Final = 1.5
"""How fast prices follow what is left while boxes are handed out."""
BLUR: Final = 50.0
"""Blur of the balance before each sweep. [1/100 cent]"""
SWEEPS: Final = (1.0, 1.0, 1.0, 0.9, 0.8, 0.6, 0.4, 0.0)
"""Shares of the prices at which boxes are refilled; the last takes what nobody wanted."""
# The figures above were found by trial on made-up weeks of 5,000 households with 40 to 200 lots, see docs/planner.md.


def hand_out_balanced(run: Run) -> Known:
    """Learn what stock is worth and hand out all boxes; returns every box seen on the way."""
    known = Known(run)
    learners = max(min(LEARNERS, len(run.who)), int(0.4 * len(run.who)))
    starts = [(None, pace, learners) for pace in PACES]
    rounds = [(blur, pace, int(np.ceil(ASKED * len(run.who)))) for blur, pace in ROUNDS]
    order = run.rng.permutation(run.who)
    for k, (blur, pace, asked) in enumerate((*starts, *rounds)):
        if run.stopped():
            break
        if blur is not None:
            run.prices = balance(known.choice(), run.stock, run.prices, blur)
        run.ask(order[:asked], pace, QUICK)
        known.note()
        order = np.roll(order, -asked) if blur else run.rng.permutation(run.who)
        run.told("prices", k + 1, len(PACES) + len(ROUNDS))
    run.take_back()
    if not run.stopped():
        run.prices = balance(known.choice(), run.stock, run.prices, ROUNDS[-1][0])
    run.hand_out(HANDING, USUAL, HASTY)
    known.note()
    return known


def improve_balanced(run: Run, known: Known) -> None:
    """Refill boxes one at a time, each sweep at prices that balance all boxes seen till then."""
    told, run.told = run.told, silent
    for k, factor in enumerate(SWEEPS):
        if run.stopped():
            break
        run.prices = balance(known.choice(), run.stock, run.prices, BLUR)
        run.improve((factor,), USUAL)
        known.note()
        told("improve", k + 1, len(SWEEPS))
    run.told = told
