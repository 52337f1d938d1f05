"""What is compiled before anybody waits is all that planning needs."""

import fcntl

import numba
import pytest
from numba.core.event import install_recorder

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning import warm
from subscriptions.planning.solve import Params, solve
from tests.subscriptions.planning.instances import DATA, problem_of


@pytest.fixture(scope="module", autouse=True)
def warmed_up() -> None:
    warm.warm_up()


def test_a_second_time_there_is_nothing_to_do() -> None:
    told: list[tuple[int, int]] = []
    warm.warm_up(lambda done, total: told.append((done, total)))
    assert told == []


@pytest.mark.parametrize("params", [Params(), Params(fast=True), Params(bound=True, threads=1)])
def test_no_week_needs_more(params: Params) -> None:
    weeks = [
        read_problem(DATA / "n50.npz"),
        problem_of([{"plan": 0}], [{"prod": 0, "stock": 0}], [0]),
        problem_of([], [{"prod": 0}], [0]),
    ]
    with install_recorder("numba:compile") as record:
        for week in weeks:
            solve(week, params=params)
    compiled = {event.data["dispatcher"].__name__ for _, event in record.buffer}
    assert not compiled


def test_it_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    @numba.njit
    def grown(n: int) -> int:
        return n + 1

    monkeypatch.setattr(warm, "solve", lambda *_, **__: grown(1))
    total, told = len(warm.functions()), list[tuple[int, int]]()
    warm.warm_up(lambda done, total: told.append((done, total)))
    assert told == [(0, total), (1, total), (total, total)]


def test_who_waits_for_another_process_says_so() -> None:
    total, told = len(warm.functions()), list[tuple[int, int]]()
    with (warm.KEPT_IN / "compiling.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def tell(done: int, of: int) -> None:
            told.append((done, of))
            fcntl.flock(other, fcntl.LOCK_UN)

        warm.warm_up(tell)
    assert told == [(0, total), (total, total)]
