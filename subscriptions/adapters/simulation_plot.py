"""Pictures of what a simulation saw, each as SVG and PNG. The drawing library is loaded only here, and only
when it is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ripening.produce import Produce
from subscriptions.simulation.measure import FATES
from subscriptions.simulation.report import Bin, Group, Report
from subscriptions.simulation.tally import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, LINE = "#241B22", "#615862", "#E2DED7"
PROMISED, SEEN, KEPT = "#7A1F52", "#B5410C", "#1F6587"
FATE_COLOURS = ("#E4602A", "#F0C755", "#4E6E24", "#6B635B", "#B42318", "#D3DFB8")
FATE_WORDS = ("at its best", "while good", "unripe", "past", "thrown away", "left over")
"""The words' order is that of `FATES`."""

_STYLE: dict[Any, Any] = {
    "font.size": 10.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": 12.0,
    "grid.color": LINE,
    "legend.frameon": False,
    "figure.dpi": 100,
    "savefig.dpi": 144,
    "svg.hashsalt": "ripeday",
    "svg.fonttype": "none",
}


def draw(report: Report, profiles: Mapping[str, Produce], folder: Path) -> list[Path]:
    """Draw every picture into a folder, which is made if need be; returns the files."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    files = []
    pictures: dict[str, Callable[[Figure], None]] = {
        "cover-by-day": lambda figure: _cover_by_day(figure, report),
        "cover-by-group": lambda figure: _cover_by_group(figure, report),
        "calibration": lambda figure: _calibration(figure, report),
        "portions": lambda figure: _portions(figure, report, profiles),
    }
    with mpl.rc_context(_STYLE):
        for name, picture in pictures.items():
            figure = Figure(layout="constrained")
            picture(figure)
            for ending, metadata in (("svg", {"Date": None}), ("png", {})):
                file = folder / f"{name}.{ending}"
                figure.savefig(file, metadata=metadata)
                files.append(file)
    return files


def _told(report: Report) -> str:
    people = f"{report.households} households, {report.worlds} times"
    follow = f"{report.followers:.0%} follow the advice"
    wave = " · heat wave" if report.heat_wave else ""
    return f"{people} · misfit {report.misfit} · {follow}{wave}"


def _cover_by_day(figure: "Figure", report: Report) -> None:
    figure.set_size_inches(8, 4.6)
    axes = figure.subplots()
    days = report.per_day
    at = [each.day for each in days]
    for name, colour, dashes, words in (
        ("promised", PROMISED, "--", "promised: all that is planned for the day is edible"),
        ("kept", KEPT, ":", "came true: all that was planned was edible"),
        ("seen", SEEN, "-", "seen: enough edible, whatever was planned"),
    ):
        known = [getattr(each, name) for each in days]
        axes.plot(
            at, [each.value for each in known], dashes, color=colour, label=words, marker="o", ms=4
        )
        axes.fill_between(
            at, [each.low for each in known], [each.high for each in known], color=colour, alpha=0.15, lw=0
        )  # fmt: skip
    axes.set(
        xlabel="days after delivery", ylabel="share of household days", ylim=(0, 1.02), xticks=at
    )
    axes.yaxis.set_major_formatter(_percent)
    axes.grid(axis="y")
    axes.legend(loc="lower left")
    axes.set_title("Days with enough ripe fruit")
    figure.supxlabel(_told(report), x=0.01, ha="left", fontsize=8, color=QUIET)


def _cover_by_group(figure: "Figure", report: Report) -> None:
    rows: list[tuple[str, Group]] = [("all households", report.total)]
    rows += [(group.name, group) for group in report.per_plan]
    rows += [(_people(group.name), group) for group in report.per_size]
    rows += [(group.name, group) for group in report.per_habit]
    rows = [(name, group) for name, group in rows if group.cover.seen is not None]
    figure.set_size_inches(10.5, 1.6 + 0.36 * len(rows))
    cover, waste = figure.subplots(1, 2, sharey=True, width_ratios=(5, 4))
    for y, (_, group) in enumerate(rows):
        _whisker(cover, y, group.cover.seen, SEEN)
        if group.cover.promised is not None:
            cover.plot(group.cover.promised.value, y, "D", mfc="none", mec=PROMISED, ms=6)
        _whisker(waste, y - 0.12, group.waste.thrown_g, FATE_COLOURS[4])
        _whisker(waste, y + 0.12, group.waste.left_g, INK, hollow=True)
    cover.set_yticks(range(len(rows)), [name for name, _ in rows])
    cover.invert_yaxis()
    cover.set_xlim(None, 1.0)
    cover.xaxis.set_major_formatter(_percent)
    waste.set_xlim(0, None)
    cover.set_title("Days covered: ● seen, ◇ promised")
    waste.set_title("Grams a box: ● thrown, ○ left over")
    for axes in (cover, waste):
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
    figure.supxlabel(
        f"{_told(report)} · bars: 95 % intervals", x=0.01, ha="left", fontsize=8, color=QUIET
    )


def _calibration(figure: "Figure", report: Report) -> None:
    figure.set_size_inches(9.5, 4.9)
    days, fruit = figure.subplots(1, 2)
    _reliability(days, report.day_calibration, "A day: everything planned for it is edible")
    _reliability(fruit, report.fruit_calibration, "One fruit on the day it is planned for")
    days.set_ylabel("seen")
    figure.supxlabel(
        f"{_told(report)} · area of a dot: how many such promises · bars: 95 % intervals",
        x=0.01, ha="left", fontsize=8, color=QUIET,
    )  # fmt: skip


def _reliability(axes: "Axes", bins: Sequence[Bin], title: str) -> None:
    axes.plot([0, 1], [0, 1], color=QUIET, lw=1)
    axes.text(
        0.04, 0.07, "as promised", rotation=45, rotation_mode="anchor", color=QUIET, fontsize=8
    )
    most = max((each.n for each in bins), default=1.0)
    for each in bins:
        if each.promised is None or each.kept is None:
            continue
        x = each.promised.value
        axes.scatter(x, each.kept.value, s=20 + 180 * each.n / most, color=SEEN, alpha=0.45, lw=0)
        axes.plot([x, x], [each.kept.low, each.kept.high], color=INK, lw=1.5)
    axes.set(xlim=(0, 1.04), ylim=(0, 1.04), xlabel="promised", title=title, aspect="equal")
    axes.xaxis.set_major_formatter(_percent)
    axes.yaxis.set_major_formatter(_percent)
    axes.grid()


def _portions(figure: "Figure", report: Report, profiles: Mapping[str, Produce]) -> None:
    known = [each for each in report.per_produce if not each.is_flower and each.portions.n]
    known.sort(
        key=lambda each: each.portions.best.value if each.portions.best else 0.0, reverse=True
    )
    rows = [("all fruit", report.total.portions)]
    rows += [(profiles[each.key].name_en, each.portions) for each in known]
    figure.set_size_inches(9.5, 1.9 + 0.3 * len(rows))
    axes = figure.subplots()
    left = [0.0] * len(rows)
    for fate, words, colour in zip(FATES, FATE_WORDS, FATE_COLOURS, strict=True):
        shares = [getattr(portions, fate) for _, portions in rows]
        widths = [share.value if share is not None else 0.0 for share in shares]
        axes.barh(range(len(rows)), widths, left=left, color=colour, label=words, height=0.72)
        left = [before + width for before, width in zip(left, widths, strict=True)]
    labels = [f"{name}  ({portions.n:.0f})" for name, portions in rows]
    axes.set_yticks(range(len(rows)), labels)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(_percent)
    axes.tick_params(axis="y", length=0)
    axes.set_title("What became of the portions (how many there were)", pad=26)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(FATES), fontsize=9, handlelength=1
    )
    figure.supxlabel(_told(report), x=0.01, ha="left", fontsize=8, color=QUIET)


def _whisker(
    axes: "Axes", y: float, found: Estimate | None, colour: str, *, hollow: bool = False
) -> None:
    if found is not None:
        axes.plot([found.low, found.high], [y, y], color=colour, lw=2)
        axes.plot(found.value, y, "o", color=colour, mfc="white" if hollow else colour, ms=6)


def _people(size: str) -> str:
    return f"{size} person" if size == "1" else f"{size} people"


def _percent(value: float, _: object = None) -> str:
    return f"{value:.0%}"
