"""What may be lost of the lots of a made-up week, said as the product's own planning says it."""

import datetime as dt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripening.home import HOME_CLASSES, PLANNED_MODES
from ripening.loss import loss_by_day, loss_of
from ripening.produce import load_profiles
from ripening.window import all_chances
from subscriptions.planning.extras import Extras
from subscriptions.planning.instance_supply import WeekOfLots
from subscriptions.planning.problem import DAYS_MAX, PlanWeights
from subscriptions.planning.risk import HORIZONS, day_risk_of, shut_when_late, win_risk_of

_N_MODES: Final = len(PLANNED_MODES)
Days = NDArray[np.int8]


def home_until_next_box(home: Days, horizon: Days) -> Days:
    """Return the home of each household in `at_risk`: its class, for one of `HORIZONS`."""
    place = np.searchsorted(HORIZONS, horizon)
    return (len(HOME_CLASSES) * place + home).astype(np.int8)


def at_risk(
    week: WeekOfLots, *, first_on: dt.date, weights: PlanWeights
) -> tuple[Days, Days, Extras]:
    """Return windows and risks with a home for every class of home and every one of `HORIZONS`.

    The windows are of shape (L, W, 16 homes, modes); what is not ready before the next box has none.
    """
    win_a, win_b = week.arrays["win_a"], week.arrays["win_b"]
    lost, by_day = [], []
    for weekday in range(win_a.shape[1]):
        chances = all_chances(
            week.states,
            profiles=load_profiles(),
            delivery_on=first_on + dt.timedelta(days=weekday),
            days=DAYS_MAX,
        )
        window = win_a[:, weekday], win_b[:, weekday]
        lost.append(
            np.concatenate([loss_of(chances, *window, horizon=days) for days in HORIZONS], axis=1)
        )
        by_day.append(np.concatenate([loss_by_day(chances)[:, :, :_N_MODES]] * len(HORIZONS), 1))
    shut = [shut_when_late(win_a, win_b, horizon=days) for days in HORIZONS]
    opens, closes = (np.concatenate(each, axis=2) for each in zip(*shut, strict=True))
    risks = Extras(
        win_risk=win_risk_of(np.stack(lost, axis=1), weights),
        day_risk=day_risk_of(np.stack(by_day, axis=1)),
    )
    return opens.astype(np.int8), closes.astype(np.int8), risks
