"""A simulation's report as tables for a terminal."""

import io
from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from subscriptions.simulation.report import Bin, Group, Report
from subscriptions.simulation.tally import Estimate

_WIDTH, _NAME = 136, 24


def tables(report: Report, names: Mapping[str, str]) -> str:
    """Return what was found, as text; `names` are the words for produce."""
    out = io.StringIO()
    console = Console(file=out, width=_WIDTH, highlight=False)
    wave = f", heat wave {report.heat_wave}" if report.heat_wave else ""
    console.print(
        f"{report.households} households of {', '.join(report.plans)} lived through {report.worlds} worlds"
        f" (misfit {report.misfit}, {report.followers:.0%} follow the advice{wave}).",
        soft_wrap=True,
    )
    console.print(_cover(report))
    console.print(_eaten(report))
    console.print(_produce(report, names))
    console.print(_bins("A day's promise: all planned for it is edible", report.day_calibration))
    console.print(_bins("A fruit's promise: edible on its day", report.fruit_calibration))
    if report.total.cover.stems_seen is not None:
        console.print(_flowers(report.total))
    return out.getvalue()


def _rows(report: Report) -> Sequence[tuple[str, Group]]:
    return (
        ("all", report.total),
        *((group.name, group) for group in report.per_plan),
        *((f"households of {group.name}", group) for group in report.per_size),
        *((group.name, group) for group in report.per_habit),
    )


def _cover(report: Report) -> Table:
    table = _table(
        "Days with enough ripe fruit", "", "boxes", "planned", "promised", "came true", "covered",
        "something ripe",
    )  # fmt: skip
    for name, group in _rows(report):
        cover = group.cover
        if cover.seen is not None:
            table.add_row(
                name,
                str(group.households),
                _alone(cover.planned),
                _alone(cover.promised),
                _alone(cover.kept),
                _with_ends(cover.seen),
                _alone(cover.any_seen),
            )
    return table


def _eaten(report: Report) -> Table:
    table = _table(
        "What became of the portions, and grams a box", "", "best", "good", "unripe", "past", "thrown",
        "left", "thrown, g", "left, g",
    )  # fmt: skip
    for name, group in _rows(report):
        portions, waste = group.portions, group.waste
        if not portions.n:
            continue
        shares = (
            portions.best, portions.acceptable, portions.unripe, portions.past, portions.thrown, portions.left,
        )  # fmt: skip
        grams = (_grams(waste.thrown_g), _grams(waste.left_g))
        table.add_row(name, *map(_alone, shares), *grams)
    return table


def _produce(report: Report, names: Mapping[str, str]) -> Table:
    table = _table(
        "By produce (flowers: stems in display in their window)", "", "portions", "promised", "came true",
        "best", "good", "unripe", "past", "wasted", "g a portion",
    )  # fmt: skip
    for each in sorted(report.per_produce, key=lambda fate: (fate.is_flower, fate.key)):
        portions = each.portions
        table.add_row(
            names[each.key].partition(" (")[0] if len(names[each.key]) > _NAME else names[each.key],
            f"{portions.n:.0f}" if portions.n else "–",
            _alone(each.promised),
            _with_ends(each.kept),
            *map(_alone, (portions.best, portions.acceptable, portions.unripe, portions.past)),
            _sum(portions.thrown, portions.left),
            _grams(each.waste_g),
        )
    return table


def _bins(title: str, bins: Sequence[Bin]) -> Table:
    is_of_days = any(each.seen is not None for each in bins)
    last = ("covered all the same",) if is_of_days else ()
    table = _table(title, "promised", "how many", "on average", "came true", *last)
    for each in bins:
        cells = (f"{each.low:.1f}–{each.high:.1f}", f"{each.n:.0f}", _alone(each.promised))
        table.add_row(*cells, _with_ends(each.kept), *([_alone(each.seen)] if is_of_days else []))
    return table


def _flowers(total: Group) -> Table:
    cover = total.cover
    table = _table("Flowers", "planned days", "stems promised", "stems in display", "half or more")
    table.add_row(
        _alone(cover.flower_planned),
        _alone(cover.stems_promised),
        _with_ends(cover.stems_seen),
        _with_ends(cover.bloom_seen),
    )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=True)
    return table


def _alone(found: Estimate | None) -> str:
    return "–" if found is None else f"{100 * found.value:.1f} %"


def _with_ends(found: Estimate | None) -> str:
    if found is None:
        return "–"
    return f"{100 * found.value:.1f} % ({100 * found.low:.1f}–{100 * found.high:.1f})"


def _grams(found: Estimate | None) -> str:
    return "–" if found is None else f"{found.value:.0f} ({found.low:.0f}–{found.high:.0f})"


def _sum(one: Estimate | None, other: Estimate | None) -> str:
    if one is None or other is None:
        return "–"
    return f"{100 * (one.value + other.value):.1f} %"
