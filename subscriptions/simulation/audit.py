"""Living through stored plans: every household in every world, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ripening.misfit import MISFITS, Misfit
from ripening.produce import Produce
from ripening.truth import Lives, clocks, draw_lives, draw_world, steps_of
from ripening.weather import HeatWave, Kitchens, draw_kitchens
from subscriptions.simulation.layout import Layout, Marks, lay_out
from subscriptions.simulation.measure import Measure, Sent, Table, measure, sent_out
from subscriptions.simulation.people import (
    Habits,
    advised_cold,
    draw_habits,
    eat,
    forgets_fridge,
)
from subscriptions.simulation.promise import Promise, promise_of
from subscriptions.simulation.report import (
    Group,
    Report,
    after_delivery,
    bins_of,
    group_of,
    produce_of,
)
from subscriptions.simulation.stored import StoredPlan
from subscriptions.simulation.tally import Tally

WORLDS = 40
"""How often all lots are drawn anew; below about 20 the intervals are not to be trusted."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """How the truth differs from the plan's assumptions.

    `households` are drawn from each plan, or None for each box once; `followers` is the share of those who
    follow the advice, or None for what is usual under the misfit.
    """

    misfit: str = "usual"
    households: int | None = None
    worlds: int = WORLDS
    seed: int = 0
    followers: float | None = None
    heat_wave: HeatWave | None = None

    @property
    def law(self) -> Misfit:
        """Return the misfit's numbers."""
        return MISFITS[self.misfit]

    @property
    def share_following(self) -> float:
        """Return the share of households that follow the advice."""
        return self.law.followers if self.followers is None else self.followers


def simulate(
    plans: Sequence[StoredPlan],
    setting: Setting,
    *,
    profiles: Mapping[str, Produce],
    progress: Progress | None = None,
) -> Report:
    """Live through plans; the same seed gives the same report.

    Parameters
    ----------
    plans
        At least one of them with a box that has a line.
    progress
        Called with (worlds lived, worlds in all).
    """
    seeds = np.random.SeedSequence(setting.seed).spawn(3 + setting.worlds)
    first, again, homes, *of_worlds = map(np.random.default_rng, seeds)
    layout = lay_out(plans, profiles=profiles, rng=first, households=setting.households)
    promise, sent = promise_of(layout), sent_out(layout)
    tally = Tally(households=layout.households.n, worlds=setting.worlds, rng=again)
    scene = draw_scene(layout, setting, homes)
    groups = _groups(layout, scene.habits)
    for number, rng in enumerate(of_worlds):
        found = live(layout, promise, sent, scene, rng)
        by_group = {
            f"household/{i}": found.household * members for i, (_, _, members) in enumerate(groups)
        }
        tally.add(
            number,
            {
                **by_group,
                "produce": found.produce,
                "day_bins": found.day_bins,
                "portion_bins": found.portion_bins,
                "after": found.after,
            },
        )
        if progress is not None:
            progress(number + 1, setting.worlds)
    return _report(layout, setting, tally, groups, profiles)


@dataclass(frozen=True, slots=True)
class Scene:
    """What stays the same in every world: homes, the people in them, and the advice they got.

    `cold` are the days that each line should lie in the fridge; shape (days, n_lines).
    """

    misfit: Misfit
    kitchens: Kitchens
    habits: Habits
    cold: Marks


def draw_scene(layout: Layout, setting: Setting, rng: np.random.Generator) -> Scene:
    """Draw the homes and the people."""
    households = layout.households
    kitchens = draw_kitchens(
        households.rooms,
        households.delivered_on,
        setting.law,
        rng,
        days=layout.days + 1,
        heat_wave=setting.heat_wave,
    )
    habits = draw_habits(households.n, setting.share_following, rng)
    cold = advised_cold(layout.lines, days=layout.days + 1)
    return Scene(setting.law, kitchens, habits, cold)


def live(
    layout: Layout, promise: Promise, sent: Sent, scene: Scene, rng: np.random.Generator
) -> Measure:
    """Live through one world."""
    lives = grow(layout, scene, rng)
    fruit, stems = lives.split(len(layout.fruit_line))
    meals = eat(layout, fruit, scene.habits, rng)
    return measure(layout, promise, sent, lives=(fruit, stems), meals=meals)


def grow(layout: Layout, scene: Scene, rng: np.random.Generator) -> Lives:
    """Draw the lives of all fruit and stems of one world."""
    lines, misfit = layout.lines, scene.misfit
    world = draw_world(layout.consignments, layout.cultivars, misfit, rng)
    room_c = scene.kitchens.lived(misfit, rng)
    is_cold = scene.cold & ~forgets_fridge(lines, scene.habits, rng)
    room, fridge = steps_of(room_c), steps_of(scene.kitchens.fridge_c)
    steps = np.where(is_cold, fridge[lines.household], room[:, lines.household])
    ripened, kept = clocks(layout.cultivars, world, misfit, cultivar=lines.cultivar, steps=steps)
    item = layout.item_line
    return draw_lives(
        world,
        misfit,
        rng,
        consignment=lines.consignment[item],
        line=item,
        ripened=ripened,
        kept=kept,
    )


Members = tuple[str, str, Table]


def _groups(layout: Layout, habits: Habits) -> list[Members]:
    """Return (kind of group, its name, its households); all of them first."""
    households = layout.households
    groups: list[tuple[str, str, Marks]] = [
        ("total", "all", np.full(households.n, fill_value=True))
    ]
    groups += [("plan", name, households.plan == i) for i, name in enumerate(layout.plans)]
    groups += [("size", str(size), households.size == size) for size in np.unique(households.size)]
    groups += [
        ("habit", "follows the advice", habits.follows),
        ("habit", "own ways", ~habits.follows & ~habits.takes_ripest),
        ("habit", "takes what is ripest", habits.takes_ripest),
    ]
    return [(kind, name, who.astype(np.float32)) for kind, name, who in groups if who.any()]


def _report(
    layout: Layout,
    setting: Setting,
    tally: Tally,
    groups: Sequence[Members],
    profiles: Mapping[str, Produce],
) -> Report:
    def named(kind: str) -> tuple[Group, ...]:
        return tuple(
            group_of(
                tally,
                f"household/{number}",
                name=name,
                households=int(members.sum()),
                worlds=setting.worlds,
            )
            for number, (of, name, members) in enumerate(groups)
            if of == kind
        )

    keys = layout.cultivars.keys
    flowers = [profiles[key].is_flower for key in keys]
    wave = setting.heat_wave
    n_items = len(layout.fruit_line) + len(layout.stem_line)
    return Report(
        plans=layout.plans,
        misfit=setting.misfit,
        followers=setting.share_following,
        heat_wave=None if wave is None else wave.text,
        seed=setting.seed,
        worlds=setting.worlds,
        households=layout.households.n,
        fruit=n_items,
        fruit_days=n_items * layout.days * setting.worlds,
        total=named("total")[0],
        per_plan=named("plan"),
        per_size=named("size"),
        per_habit=named("habit"),
        per_produce=tuple(produce_of(tally, keys, flowers, worlds=setting.worlds)),
        per_day=tuple(after_delivery(tally)),
        day_calibration=tuple(bins_of(tally, "day_bins", worlds=setting.worlds)),
        fruit_calibration=tuple(bins_of(tally, "portion_bins", worlds=setting.worlds)),
    )
