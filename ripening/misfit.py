"""How far a simulated truth strays from what the model believes. Every number here is assumed: what
matters is that a plan is tried on a truth that is not the planner's own.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misfit:
    """Errors of the model, each a standard deviation unless said otherwise; 0 everywhere is the model.

    `cultivar` and `lot` are of the logarithm of a factor on the mean times; `spread` multiplies how
    fruit differ (1 = as believed) and `skew` is the shape of the log-normal law they then follow;
    `response` is of the logarithm of a power on the temperature law, `cold_ripening` the rate at
    which chilled fruit ripens all the same; `misgraded` is the share of lots of a wrong grade, wrong
    by `grade` times their days until edible (0.6 of it, of the days they keep, for what comes
    ready); `store` is of the logarithm of a factor on what the depot's store did. `home_c`,
    `season_c`, `day_c` and `fridge_c` are °C: by home, by season for all homes, by day, by fridge.
    `followers` is the share of households that follow the advice.
    """

    cultivar: float = 0.0
    lot: float = 0.0
    spread: float = 1.0
    skew: float = 0.0
    response: float = 0.0
    cold_ripening: float = 0.0
    misgraded: float = 0.0
    grade: float = 0.0
    store: float = 0.0
    home_c: float = 0.0
    season_c: float = 0.0
    day_c: float = 0.0
    fridge_c: float = 0.0
    followers: float = 1.0


MISFITS = {
    "none": Misfit(),
    "usual": Misfit(
        cultivar=0.15, lot=0.10, spread=1.25, skew=0.4, response=0.15, cold_ripening=0.01,
        misgraded=0.08, grade=0.3, store=0.3, home_c=1.5, season_c=0.5, day_c=1.0, fridge_c=1.2,
        followers=0.7,
    ),
    "harsh": Misfit(
        cultivar=0.30, lot=0.15, spread=1.5, skew=0.7, response=0.3, cold_ripening=0.03,
        misgraded=0.2, grade=0.4, store=0.5, home_c=2.5, season_c=1.5, day_c=2.0, fridge_c=2.0,
        followers=0.4,
    ),
}  # fmt: skip
"""`none` is the model itself; `usual` is what a good shop may meet; `harsh` has means off by 30 % and
spreads by 50 %."""
