"""The weeks that are planned: a design over size, tightness, lots and seed, not every combination."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ripeday.sample.offer import season_offers
from subscriptions.adapters.plan_file import read_problem, write_problem
from subscriptions.planning.instance import InstanceParams, make_instance
from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.instance import digest

SIZES: Final = (500, 5_000, 100_000)
LARGE: Final = 1_000_000
MODES: Final = ("usual", "fast", "certify")
FOLDER: Final = Path(tempfile.gettempdir()) / "ripeday-scale"

# Lots, tightness, seed: a middle on two seeds, both arms through it, and the two corners that differ most from it.
_DESIGN: Final = (
    (100, 1.15, 1),
    (100, 1.15, 2),
    (100, 1.05, 3),
    (100, 1.3, 1),
    (40, 1.15, 2),
    (200, 1.15, 3),
    (400, 1.15, 1),
    (40, 1.3, 3),
    (400, 1.05, 2),
)
_OF_LARGE: Final = ((100, 1.15, 1), (200, 1.05, 2))
_FAST: Final = ((100, 1.15, 1), (400, 1.05, 2))


@dataclass(frozen=True, slots=True)
class Case:
    """One week and a way to plan it; `file` where the week is stored, else it is made."""

    households: int
    lots: int
    tight: float
    seed: int
    mode: str
    file: Path | None = None

    @property
    def name(self) -> str:
        """Name the week."""
        if self.file is not None:
            return self.file.stem
        return f"n{self.households}-l{self.lots}-t{self.tight:g}-s{self.seed}"

    def path(self, folder: Path) -> Path:
        """Return the file of the week, which is made where it is not there yet."""
        if self.file is not None:
            return self.file
        made = folder / f"{self.name}-{digest(self._week(1))[:8]}.npz"  # as weeks are made today
        if not made.exists():
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = made.with_suffix(".part.npz")
            write_problem(unfinished, self._week(self.households), {})
            unfinished.rename(made)
        return made

    def _week(self, households: int) -> Problem:
        params = InstanceParams(
            households=households, seed=self.seed, tight=self.tight, lots=self.lots
        )
        return make_instance(season_offers(params.first_on), params)


def designed(*, large: bool) -> Iterator[Case]:
    """Yield the made-up weeks, small ones first, each in all modes that are asked of it."""
    for households in (*SIZES, LARGE) if large else SIZES:
        for week in _OF_LARGE if households == LARGE else _DESIGN:
            for mode in MODES:
                if mode != "fast" or (week in _FAST and households == SIZES[-1]):
                    yield Case(households, *week, mode)


def stored(folder: Path) -> Iterator[Case]:
    """Yield the weeks in the files of a folder, small ones first."""
    weeks = [(read_problem(file), file) for file in folder.glob("*.npz")]
    for problem, file in sorted(weeks, key=lambda week: week[0].n_subscribers):
        for mode in MODES:
            if mode != "fast" or problem.n_subscribers >= SIZES[-1]:
                yield Case(problem.n_subscribers, problem.n_lots, 0.0, 0, mode, file)


def digest_of(path: Path) -> str:
    """Name what the week in a file asks."""
    return digest(read_problem(path))
