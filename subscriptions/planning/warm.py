"""Compiles the planner before anybody waits for it: `warm_up(progress) -> seconds`.

Machine code is kept on disk per version of the planner, of Python and of the processor; where it is there already,
this is done in a moment. Two processes that begin at once do not compile twice: one waits for the other.
"""

import fcntl
import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.core.event import Event, Listener, install_listener
from numpy.typing import NDArray

from subscriptions.planning import engine
from subscriptions.planning.engine.compiled import KEPT_IN
from subscriptions.planning.extras import NO_EXTRAS, Extras
from subscriptions.planning.problem import DAYS_MAX, FLOWER, FRUIT, LAYOUT, MIXED, Problem
from subscriptions.planning.solve import Params, solve

Progress = Callable[[int, int], None]
"""Told how many functions are compiled, and of how many; never, where nothing is to do."""

_N_EACH: Final = 4
"""Households of each kind of plan; more than the stock can serve, so that prices have to form."""


def warm_up(progress: Progress | None = None) -> float:
    """Compile what planning needs and is not kept yet, by planning a tiny week in every way; returns seconds."""
    began = time.perf_counter()
    teller = _Teller(progress or _say_nothing)
    with _alone(teller.begin), install_listener("numba:compile", teller):
        for extras in (NO_EXTRAS, _extras()):
            for fast in (False, True):
                # One bound compiles all that bounds take; that of a week with extras is proved by a general solver.
                bound = extras is NO_EXTRAS and not fast
                solve(_tiny_week(extras), params=Params(threads=2, fast=fast, bound=bound))
    teller.finish()
    return time.perf_counter() - began


def _say_nothing(_: int, __: int) -> None:
    """Be the progress of those who do not ask."""


@contextmanager
def _alone(waits: Callable[[], None]) -> Iterator[None]:
    """Wait until no other process compiles; the lock ends with the process, however that ends."""
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    with (KEPT_IN / "compiling.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waits()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class _Teller(Listener):  # type: ignore[misc]  # numba does not say what it is
    """Tells of each function that the compiler is done with."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done: set[int] = set()
        self._is_begun = False

    def begin(self) -> None:
        """Tell that there is something to do, or that another process does it."""
        if not self._is_begun:
            self._is_begun = True
            self._progress(0, len(functions()))

    def on_start(self, _: Event) -> None:
        """Tell of the first before it is done."""
        self.begin()

    def on_end(self, event: Event) -> None:
        """Count a function once, however many types of arguments it is compiled for."""
        self._done.add(id(event.data["dispatcher"]))
        self._progress(len(self._done), max(len(self._done), len(functions())))

    def finish(self) -> None:
        """Tell that all is done: what was kept from an earlier time was not counted."""
        if self._is_begun:
            self._progress(len(functions()), len(functions()))


def functions() -> list[Any]:
    """Return what there is to compile."""
    names = [f"{engine.__name__}.{each.name}" for each in pkgutil.iter_modules(engine.__path__)]
    return [
        value
        for name in names
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, Dispatcher) and value.__module__ == name
    ]


def _tiny_week(extras: Extras) -> Problem:
    """Make a week in which every kind of plan wants more than there is of what it likes."""
    plan = np.repeat([FRUIT, FLOWER, MIXED], _N_EACH)
    n, kinds = len(plan), np.array([FRUIT] * 5 + [FLOWER] * 2)
    lots = np.array([0, 1, 1, 2, 3, 4, 4, 5, 6])
    first = np.array([0, 0, 3, 2, 4, 0, 1, 0, 0])
    opens = np.stack([first, first + 2], axis=1)[:, None, None, :]
    arrays: dict[str, Any] = {
        "prod_kind": kinds,
        "lot_prod": lots,
        "lot_stock": 3 + lots,
        "lot_cost": 60 + 10 * lots,
        "lot_grams": np.full(len(lots), 200),
        "lot_portions": 1 + lots % 3,
        "lot_pv": 1 + lots % 3,
        "lot_last": np.full(len(lots), 1),
        "lot_bonus": np.tile(lots[:, None], (1, 2)),
        "win_a": np.tile(opens, (1, 2, 2, 1)),
        "win_b": np.tile(opens + 4, (1, 2, 2, 1)),
        "plan": plan,
        "n_por": np.where(plan == FLOWER, 0, 2),
        "k_stem": np.where(plan == FRUIT, 0, 2),
        "horizon": np.full(n, 7),
        "weekday": np.arange(n) % 2,
        "home": np.arange(n) // 2 % 2,
        "pref": np.arange(n)[:, None] * 7 % 40 - np.arange(len(kinds)) * 10,
        "last_week": np.full((n, 1), 1),
        "budget": np.full(n, 1500),
        "grams_max": np.full(n, 4000),
        "u_max": np.full(n, 9),
        "c_day": np.full(n, 1),
        "min_dist": np.full(n, 3),
    }
    typed: dict[str, Any] = {
        name: np.ascontiguousarray(arrays[name], dtype=dtype) for name, (dtype, _) in LAYOUT.items()
    }
    return Problem(**typed, modes=("counter", "fridge"), extras=extras)


def _extras() -> Extras:
    """Say all that a week may say besides: odd days, a reserve, food at home, either/or, a least value, risks."""
    is_fruit = np.repeat([1, 0, 1], _N_EACH)
    where = (9, 2, 2, 2)
    n = len(is_fruit)

    def i1(*values: int) -> NDArray[np.int8]:
        return np.array(values, dtype=np.int8)

    return Extras(
        day_need=(is_fruit[:, None] * (1 + np.arange(DAYS_MAX) % 2)).astype(np.int8),
        reserve=is_fruit.astype(np.int8),
        carry_ptr=np.minimum(np.arange(n + 1), 2).astype(np.int64),
        carry_prod=np.array([0, 1], dtype=np.int16),
        carry_portions=i1(2, 1),
        carry_a=i1(0, 1),
        carry_b=i1(2, 3),
        prod_group=np.array([0, 0, -1, -1, -1, -1, -1], dtype=np.int16),
        min_cost=np.full(n, 400, dtype=np.int32),
        win_risk=np.arange(np.prod(where), dtype=np.int32).reshape(where),
        day_risk=np.arange(np.prod(where) * DAYS_MAX).astype(np.uint8).reshape(*where, DAYS_MAX),
    )
