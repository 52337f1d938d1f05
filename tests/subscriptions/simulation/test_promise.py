"""What a stored plan has promised."""

from dataclasses import replace

import numpy as np
import pytest

from ripening.produce import load_profiles
from subscriptions.simulation.layout import NEVER, Layout, lay_out
from subscriptions.simulation.promise import Promise, promise_of
from subscriptions.simulation.stored import StoredLine, StoredPlan
from tests.subscriptions.simulation.plans import ON, lots_of, make_plan

LOTS = lots_of(["mango", "avocado_hass", "strawberry", "tulip"])
MANGO, AVOCADO, STRAWBERRY, TULIP = LOTS


def line(lot, units: int, eat: list[int], chance: float) -> StoredLine:  # type: ignore[no-untyped-def]
    each = 10 if lot == TULIP else 2
    return StoredLine(
        lot, LOTS[lot].produce_key, units, units * each, 100.0, 0, None, 0, 6, eat, [chance] * 14
    )


def promised(*lines: StoredLine, wanted: int = 1, stems: int = 0) -> tuple[Promise, Layout]:
    box = replace(
        make_plan(boxes=1).boxes[0], portions_a_day=wanted, stems_a_day=stems, lines=lines
    )
    plan = StoredPlan("m", ON, LOTS, [box])
    layout = lay_out([plan], profiles=load_profiles(), rng=np.random.default_rng(0))
    return promise_of(layout), layout


def test_one_fruit_promises_its_own_chance() -> None:
    promise, _ = promised(line(MANGO, 1, [1], 0.8))
    assert promise.enough[0, 0] == pytest.approx(0.8, abs=1e-6)
    assert promise.any[0, 0] == pytest.approx(0.8, abs=1e-6)
    assert promise.enough[1, 0] == promise.any[1, 0] == 0


def test_two_portions_of_one_fruit_are_one_chance() -> None:
    promise, _ = promised(line(MANGO, 1, [2], 0.8), wanted=2)
    assert promise.enough[0, 0] == pytest.approx(0.8, abs=1e-6)


def test_fruit_of_one_lot_are_neither_independent_nor_one() -> None:
    promise, _ = promised(line(MANGO, 2, [4], 0.8), wanted=4)
    assert 0.64 + 0.02 < promise.enough[0, 0] < 0.8 - 0.02
    assert 0.8 + 0.02 < promise.any[0, 0] < 0.96 - 0.02


def test_lots_are_independent() -> None:
    promise, _ = promised(line(MANGO, 1, [1], 0.8), line(AVOCADO, 1, [1], 0.6), wanted=2)
    assert promise.enough[0, 0] == pytest.approx(0.48, abs=1e-6)
    assert promise.any[0, 0] == pytest.approx(1 - 0.2 * 0.4, abs=1e-6)


def test_a_day_with_fewer_portions_than_wanted_promises_nothing() -> None:
    promise, _ = promised(line(MANGO, 1, [1], 1.0), wanted=2)
    assert not promise.is_planned[0, 0]
    assert promise.enough[0, 0] == 0
    assert promise.any[0, 0] == pytest.approx(1.0)


def test_flowers_promise_a_share_of_their_stems() -> None:
    promise, _ = promised(line(TULIP, 1, [], 0.7), wanted=0, stems=10)
    assert promise.stems[:7, 0] == pytest.approx(0.7)
    assert promise.stems_planned[:7].all()


def test_portions_are_cut_from_fruit_in_the_order_of_their_days() -> None:
    _, layout = promised(line(MANGO, 2, [1, 2], 0.8), line(STRAWBERRY, 1, [0, 1], 0.9))
    assert layout.portions.fruit.tolist() == [0, 0, 1, 1, 2, 3]
    assert layout.portions.day.tolist() == [0, 1, 1, NEVER, 1, NEVER]
    assert layout.fruit_line.tolist() == [0, 0, 1, 1]
    assert layout.stem_line.size == 0
