"""Lots, kitchens and eaters to learn from, drawn by a process that shares no code with the learning.

Truth is a fruit's two times, drawn fruit by fruit; a verdict is a comparison of them with a clock.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ripening.calibration import Learning, LotEvidence, Report, Verdict, learn
from ripening.course import Course, steady
from ripening.spread import Spread

ROOMS_C = (17.0, 20.0, 24.0, 28.0)
SLIPS = 0.03
WAVE = 10

CULTIVARS: dict[str, tuple[Spread, Spread]] = {
    name: (Spread(*ready), Spread(*keep))
    for name, ready, keep in (
        ("banana", (2.0, 0.30), (4.0, 0.61)),
        ("avocado", (4.5, 0.91), (2.5, 0.38)),
        ("mango", (7.0, 1.22), (4.0, 0.61)),
        ("kiwifruit", (2.5, 0.38), (3.5, 0.91)),
        ("peach", (1.5, 0.30), (1.5, 0.30)),
        ("nectarine", (1.5, 0.30), (1.5, 0.30)),
        ("plum", (3.0, 0.61), (1.5, 0.30)),
        ("apricot", (2.0, 0.61), (1.5, 0.30)),
        ("pear", (5.0, 0.75), (1.5, 0.30)),
        ("papaya", (3.5, 0.91), (4.0, 0.61)),
        ("guava", (3.0, 0.61), (4.0, 0.61)),
        ("cherimoya", (4.5, 0.91), (1.5, 0.30)),
        ("cantaloupe", (1.5, 0.30), (7.0, 1.05)),
        ("honeydew", (3.0, 0.61), (7.0, 1.05)),
        ("tomato", (3.0, 0.61), (7.0, 1.05)),
        ("rose", (1.5, 0.30), (7.0, 1.27)),
        ("tulip", (1.5, 0.30), (3.5, 1.22)),
        ("oriental lily", (3.0, 0.61), (4.5, 2.13)),
        ("asiatic lily", (2.0, 0.61), (5.5, 2.13)),
        ("chrysanthemum", (1.0, 0.61), (9.5, 2.13)),
        ("carnation", (2.0, 0.61), (15.5, 2.62)),
        ("alstroemeria", (3.5, 0.53), (7.0, 2.13)),
        ("sunflower", (2.5, 0.38), (6.0, 1.27)),
        ("gladiolus", (1.5, 0.30), (7.0, 1.27)),
    )
}
"""Times until edible (open) and of keeping that such produce has; frozen, so that figures stay."""


@dataclass(frozen=True)
class Truth:
    """What a cultivar really does; days at 20 °C."""

    mean: float
    lot_sigma: float
    fruit_sigma: float
    keep_mean: float
    keep_sigma: float

    @classmethod
    def off(
        cls, ready: Spread, keep: Spread, *, mean: float, spread: float, ratio: float, kept: float
    ) -> "Truth":
        """Published values times these factors; `ratio` is variance of lots over that of fruit."""
        sigma = ready.sigma * spread
        share = ratio / (1 + ratio)
        return cls(
            ready.mean * mean,
            sigma * share**0.5,
            sigma * (1 - share) ** 0.5,
            keep.mean * kept,
            keep.sigma * spread,
        )


@dataclass(frozen=True)
class Habits:
    """What eaters do, and how kitchens are not as they are taken to be.

    They try their fruit `off_days` (standard deviation) from the day they were told. `slips` of all
    verdicts are wrong; kitchens are off by `off_c` (standard deviation); `by_feel` of the households
    try their fruit every day and say so only once it is not hard any more.
    """

    slips: float = SLIPS
    off_days: float = 1.0
    off_c: float = 0.0
    by_feel: float = 0.0


USUAL = Habits()


@dataclass(frozen=True)
class Home:
    """A kitchen: what its fruit are taken to live through, and what they do live through."""

    course: Course
    truly: Course
    age: float


def home(rng: Generator, ready_days: float, off_c: float) -> Home:
    """Draw a home; a third of them put fruit into the fridge some days after delivery."""
    room_c = rng.choice(ROOMS_C)
    warmth = 2.5 ** ((np.array([0.0, off_c * rng.standard_normal()]) + room_c - 20) / 10)
    age = min(float(rng.uniform(0, 1.5)), ready_days / 2)
    if rng.random() < 1 / 3:
        starts = np.array([0.0, float(rng.integers(2, 8))])
        courses = (Course(starts, np.array([w, 0.2]), np.array([w, 0.3])) for w in warmth)
    else:
        courses = (steady(float(w), float(w)) for w in warmth)
    return Home(*courses, age)


def verdict_at(home: Home, day: float, needs: float, keeps: float) -> Verdict:
    """Say what a fruit is at a time, by walking the clock."""
    missing = needs - home.age
    if float(home.truly.ripened(np.array([day]))[0]) < missing:
        return Verdict.HARD
    ready_on = home.truly.reached(np.array([max(missing, 0.0)]))
    lived = float((home.truly.kept(np.array([day])) - home.truly.kept(ready_on))[0])
    return Verdict.LATE if lived + max(-missing, 0.0) > keeps else Verdict.RIGHT


def reports_on_fruit(
    truth: Truth, place: float, told: float, name: str, habits: Habits, rng: Generator
) -> list[Report]:
    """Let one household try one fruit of a lot: on about the day it was told, again while hard."""
    there = home(rng, truth.mean, habits.off_c)
    needs = place + truth.fruit_sigma * rng.standard_normal()
    keeps = -1.0
    while keeps < 0:
        keeps = truth.keep_mean + truth.keep_sigma * rng.standard_normal()
    ready_on = float(there.course.reached(np.array([max(told - there.age, 0.0)]))[0])
    by_feel = rng.random() < habits.by_feel
    hoped = min(ready_on, 20.0) + habits.off_days * rng.standard_normal()
    day = 0.0 if by_feel else max(0.0, round(hoped))
    found: list[Report] = []
    while True:
        at = max(0.0, day + rng.uniform(-0.25, 0.25))
        verdict = verdict_at(there, at, needs, keeps)
        if by_feel and verdict is Verdict.HARD and day < 20:
            day += 1.0
            continue
        if rng.random() < habits.slips:
            verdict = rng.choice([other for other in Verdict if other is not verdict])
        found.append(Report(Verdict(verdict), there.age, there.course, day, name))
        if verdict is not Verdict.HARD or rng.random() < 0.4:
            return found
        day += 2.0


def lots_of(
    truth: Truth,
    told: float,
    rng: Generator,
    *,
    n_lots: int,
    n_reports: int,
    start: int = 0,
    habits: Habits = USUAL,
) -> dict[int, tuple[LotEvidence, float]]:
    """Draw lots with exactly so many reports each, and where each really lies."""
    lots = {}
    for key in range(start, start + n_lots):
        place = truth.mean + truth.lot_sigma * rng.standard_normal()
        reports: list[Report] = []
        while len(reports) < n_reports:
            name = f"{key}-{len(reports)}"
            reports += reports_on_fruit(truth, place, told, name, habits, rng)
        lots[key] = (LotEvidence(tuple(reports[:n_reports])), place)
    return lots


def season(
    truth: Truth,
    ready: Spread,
    keep: Spread,
    rng: Generator,
    *,
    n_lots: int,
    n_reports: int,
    wave: int = WAVE,
    habits: Habits = USUAL,
) -> tuple[dict[int, tuple[LotEvidence, float]], Learning[int]]:
    """Live through a season: every `wave` lots what was learned changes what eaters are told."""
    lots: dict[int, tuple[LotEvidence, float]] = {}
    learned = learn(ready, keep, {})
    while len(lots) < n_lots:
        lots |= lots_of(
            truth,
            learned.cultivar.ready.mean,
            rng,
            n_lots=wave,
            n_reports=n_reports,
            start=len(lots),
            habits=habits,
        )
        learned = learn(ready, keep, {key: lot for key, (lot, _) in lots.items()})
    return lots, learned
