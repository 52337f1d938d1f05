"""The picture of gap and time by number of households."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from tests.benchmarks.scale.stored import Row

INK, QUIET, LINE = "#241B22", "#615862", "#E2DED7"
PLANNER, GREEDY = "#7A1F52", "#B5410C"
_STYLE: Final[dict[Any, Any]] = {
    "font.size": 10.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "grid.color": LINE,
    "legend.frameon": False,
    "svg.hashsalt": "ripeday",
    "svg.fonttype": "none",
}
_LOTS: Final = (
    (60, "#1F6587", "up to 60 lots"),
    (150, "#4E6E24", "60-150"),
    (10**9, "#7A1F52", "more"),
)


def draw(rows: Sequence[Row], bounds: Mapping[str, float], file: Path) -> None:
    """Draw the usual runs into an SVG file."""
    usual = [row for row in rows if row["mode"] == "usual"]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9.5, 3.6), layout="constrained")
        gaps, times = figure.subplots(1, 2)
        _gaps(gaps, usual, bounds)
        _times(times, usual)
        for axes in (gaps, times):
            axes.set_xscale("log")
            axes.set_xlabel("households")
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
            axes.grid(axis="y")
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, metadata={"Date": None})


def _gaps(axes: Axes, rows: Sequence[Row], bounds: Mapping[str, float]) -> None:
    low = 0
    for high, colour, words in _LOTS:
        here = [row for row in rows if low < int(row["lots"]) <= high and row["digest"] in bounds]
        low = high
        if not here:
            continue
        axes.plot(
            [int(row["households"]) for row in here],
            [
                (int(row["objective"]) - bounds[row["digest"]]) / int(row["goods_cents"])
                for row in here
            ],
            "o",
            color=colour,
            alpha=0.8,
            label=words,
        )
    axes.set_ylim(bottom=0)
    axes.set_title("Gap to the best bound, % of goods")
    axes.legend()


def _times(axes: Axes, rows: Sequence[Row]) -> None:
    at = [int(row["households"]) for row in rows]
    for column, colour, words in (
        ("cpu_s", PLANNER, "planner"),
        ("greedy_cpu_s", GREEDY, "plain greedy pass"),
    ):
        axes.plot(
            at, [float(row[column]) for row in rows], "o", color=colour, alpha=0.8, label=words
        )
    axes.set_yscale("log")
    axes.set_title("Processor seconds")
    axes.legend()
