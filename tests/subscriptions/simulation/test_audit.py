"""Living through plans: what the model promises comes true where the model is true, and less elsewhere."""

import math
from dataclasses import replace

import pytest

from ripening.weather import HeatWave
from subscriptions.simulation.audit import Setting, simulate
from subscriptions.simulation.measure import FATES
from subscriptions.simulation.report import Report
from tests.subscriptions.simulation.plans import FRUIT, PROFILES, certain, make_plan

PLAN = make_plan()
QUICK = Setting(worlds=20)


def lived(setting: Setting, *plans: object) -> Report:
    return simulate(plans or (PLAN,), setting, profiles=PROFILES)  # type: ignore[arg-type]


def test_without_spread_or_misfit_it_is_as_the_plan_says() -> None:
    profiles = certain()
    plan = make_plan(profiles=profiles, keys=(*FRUIT, "tulip", "rose"), boxes=24, units=2)

    report = simulate([plan], Setting("none", worlds=2), profiles=profiles)

    cover, portions = report.total.cover, report.total.portions
    assert 0.5 < cover.planned.value <= 1.0
    assert cover.promised.value == pytest.approx(cover.planned.value)
    assert cover.kept.value == pytest.approx(cover.planned.value)
    assert cover.seen.value == pytest.approx(cover.planned.value)
    assert cover.any_seen.value == pytest.approx(cover.any_promised.value)
    assert cover.stems_seen.value == pytest.approx(cover.stems_promised.value)
    assert portions.unripe.value == portions.past.value == 0
    assert all(each.kept.value == 1 for each in report.per_produce if each.kept)
    for group in report.per_plan + report.per_size:
        assert group.cover.kept == group.cover.planned


def test_what_is_eaten_and_what_is_not_is_what_the_plan_has() -> None:
    profiles = certain()
    plan = make_plan(profiles=profiles)
    planned = sum(sum(line.eat) for box in plan.boxes for line in box.lines)

    total = simulate([plan], Setting("none", worlds=2), profiles=profiles).total

    eaten = total.portions.n * (total.portions.best.value + total.portions.acceptable.value)
    assert eaten == pytest.approx(planned, abs=0.01)
    assert total.portions.n == sum(line.portions for box in plan.boxes for line in box.lines)


def test_a_true_model_keeps_its_promises() -> None:
    report = lived(Setting("none", worlds=120))
    cover = report.total.cover
    assert cover.kept.value == pytest.approx(cover.promised.value, abs=0.02)
    for found in report.fruit_calibration:
        if found.n > 20:
            assert found.kept.low - 0.02 <= found.promised.value <= found.kept.high + 0.02


def test_a_misfit_breaks_promises_and_a_harsh_one_more() -> None:
    kept = [lived(replace(QUICK, misfit=m)).total.cover.kept.value for m in ("none", "usual", "harsh")]  # fmt: skip
    assert kept[0] > kept[1] + 0.03
    assert kept[1] > kept[2] + 0.03


def test_people_with_ways_of_their_own_eat_worse() -> None:
    advised = lived(Setting("none", worlds=20, followers=1.0)).total
    careless = lived(Setting("none", worlds=20, followers=0.0)).total
    assert advised.portions.unripe.value == advised.portions.past.value == 0
    assert careless.portions.unripe.value + careless.portions.past.value > 0
    assert careless.cover.kept.value < advised.cover.kept.value
    assert careless.cover.any_seen.value < advised.cover.any_seen.value


def test_a_heat_wave_costs_fruit() -> None:
    cool = lived(Setting("none", worlds=20))
    hot = lived(Setting("none", worlds=20, heat_wave=HeatWave(0, 7, 9.0)))
    assert hot.total.waste.thrown_g.value > 1.5 * cool.total.waste.thrown_g.value
    assert hot.total.cover.kept.value < cool.total.cover.kept.value
    assert hot.heat_wave == "0:7:+9"


def test_the_same_seed_tells_the_same_story() -> None:
    assert lived(QUICK).values() == lived(QUICK).values()
    assert lived(QUICK).values() != lived(replace(QUICK, seed=1)).values()


def test_every_portion_has_one_fate() -> None:
    report = lived(QUICK)
    for group in (report.total, *report.per_plan, *report.per_size, *report.per_habit):
        assert math.isclose(sum(getattr(group.portions, fate).value for fate in FATES), 1, abs_tol=1e-5)  # fmt: skip
    assert sum(each.portions.n for each in report.per_produce) == pytest.approx(
        report.total.portions.n, abs=0.1
    )


def test_households_are_drawn_from_the_plan() -> None:
    report = lived(replace(QUICK, households=50))
    assert report.households == 50
    assert sum(group.households for group in report.per_size) == 50


def test_each_plan_has_its_own_figures() -> None:
    late = make_plan(merchant="southgate", boxes=5)
    report = lived(QUICK, PLAN, late)
    assert [group.name for group in report.per_plan] == ["greengate/2026-11-24", "southgate/2026-11-24"]  # fmt: skip
    assert [group.households for group in report.per_plan] == [len(PLAN.boxes), 5]


def test_progress_counts_the_worlds() -> None:
    seen: list[tuple[int, int]] = []
    simulate([PLAN], replace(QUICK, worlds=3), profiles=PROFILES, progress=lambda *n: seen.append(n))  # fmt: skip
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_intervals_cover_what_many_more_worlds_say() -> None:
    truth = lived(Setting("usual", worlds=800, seed=999)).total
    names = ("kept", "seen")
    inside = 0
    for seed in range(30):
        cover = lived(Setting("usual", worlds=20, households=40, seed=seed)).total.cover
        for name in names:
            found, true = getattr(cover, name), getattr(truth.cover, name)
            inside += found.low <= true.value <= found.high
    assert inside / (30 * len(names)) >= 0.85


def test_intervals_are_not_as_wide_as_the_world() -> None:
    narrow, wide = lived(Setting(worlds=80)), lived(Setting(worlds=10))
    width = [each.total.cover.kept.high - each.total.cover.kept.low for each in (narrow, wide)]
    assert 0 < width[0] < width[1]
