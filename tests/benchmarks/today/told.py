"""The stored results in words: the table and the picture of docs/practice.md."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.today.trial import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOCS: Final = Path(__file__).parents[3] / "docs"
PAGE: Final = DOCS / "practice.md"
PICTURE: Final = DOCS / "pictures" / "practice.svg"
BEGIN, END = "<!-- figures: python -m tests.benchmarks.today -->", "<!-- end of figures -->"
WORDS: Final = {
    "bundle-dropped": "fixed bundle, dislikes dropped",
    "bundle-swapped": "fixed bundle, dislikes swapped",
    "greedy": "first come, first served",
    "planner": "the planner",
    "planner-spare": "the planner, a tenth to spare",
}
AIM: Final = 0.99
"""Days of fruit that should be covered where the stock can cover them."""
_COLOURS: Final = ("#B9A88F", "#8C7B62", "#1F6587", "#B5410C", "#7A1F52")
_MARKS: Final = ("s", "s", "D", "o", "o")
_SEASONS: Final = {"01": "January", "06": "June", "10": "October"}
_HEAD: Final = (
    "stock", "season", "", "planned days", "lived, model true", "boxes of a week", "lived, usual misfit",
    "thrown, true / usual", "planned waste", "sold of wanted", "goods a box",
)  # fmt: skip


def told_in(page: str, rows: Sequence[Row]) -> str:
    """Return the page with its figures written anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    figures = "\n\n".join((bounds_table(rows), lived_table(rows), table(rows)))
    return f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}"


def table(rows: Sequence[Row]) -> str:
    """One line for every stock, season and method: the mean over seeds, and the least and most of what is lived."""
    lines = [_line(_HEAD), _line(["---", "---", "---", *["--:"] * (len(_HEAD) - 3)])]
    for (tight, first_on), of_week in _grouped(rows, ("tight", "first_on")).items():
        for (method,), found in sorted(
            _grouped(of_week, ("method",)).items(), key=lambda each: _place(each[0][0])
        ):
            thrown = " / ".join(
                f"{100 * mean(found, f'{m}_thrown'):.1f}" for m in ("none", "usual")
            )
            lines.append(_line([
                tight, _season(first_on), WORDS[method], _percent(found, "planned_days"),
                f"{_percent(found, 'none_covered')} ({_ends(found, 'none_covered')})",
                _percent(found, "none_covered_weekly"), _percent(found, "usual_covered"), f"{thrown} %",
                _percent(found, "planned_waste"), _percent(found, "sold_of_wanted"),
                f"{mean(found, 'goods_a_box'):.0f}",
            ]))  # fmt: skip
    return "\n".join(lines)


def bounds_table(rows: Sequence[Row]) -> str:
    """What any plan could cover at most, by stock and season: the mean over seeds."""
    head = ("stock", "season", "portions in windows", "days in windows", "portions as good as sure")
    lines = [_line(head), _line(["---", "---", *["--:"] * 3])]
    for (tight, first_on), found in _grouped(rows, ("tight", "first_on")).items():
        shares = [
            f"{_percent(found, name, 2)} ({_ends(found, name, 2)})"
            for name in ("bound_portions", "bound_days", "bound_sure")
        ]
        lines.append(_line([tight, _season(first_on), *shares]))
    return "\n".join(lines)


def lived_table(rows: Sequence[Row]) -> str:
    """What is lived through against what any plan could cover: the mean over seeds, and the worst week."""
    head = (
        "stock", "season", "any plan, at most", "without any to spare", "with a tenth", "worst week below any plan",
        "weeks of 99 %", "of it to spare", "goods more",
    )  # fmt: skip
    lines = [_line(head), _line(["---", "---", *["--:"] * (len(head) - 2)])]
    for (tight, first_on), found in _grouped(rows, ("tight", "first_on")).items():
        by_method = _grouped(found, ("method",))
        spared = by_method.get(("planner-spare",), [])
        seeds = {row["seed"] for row in spared}
        plain = [row for row in by_method.get(("planner",), []) if row["seed"] in seeds]
        if not spared:
            continue
        below = [float(row["bound_days"]) - float(row["none_covered"]) for row in spared]
        reached = sum(float(row["none_covered"]) >= AIM for row in spared)
        more = mean(spared, "goods_a_box") / mean(plain, "goods_a_box") - 1
        lines.append(_line([
            tight, _season(first_on), _percent(spared, "bound_days"), _percent(plain, "none_covered"),
            f"{_percent(spared, 'none_covered')} ({_ends(spared, 'none_covered')})",
            f"{100 * max(below):.1f}", f"{reached} of {len(spared)}", _percent(spared, "spare_kept"),
            f"{100 * more:.0f} %",
        ]))  # fmt: skip
    return "\n".join(lines)


def draw(rows: Sequence[Row], file: Path) -> None:
    """Draw days covered in the simulation against portions thrown away, a mark for every week and method."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    file.parent.mkdir(parents=True, exist_ok=True)
    stocks = sorted({row["tight"] for row in rows}, key=float)
    style: dict[Any, Any] = {"svg.hashsalt": "ripeday", "font.size": 9.0, "axes.grid": True}
    with mpl.rc_context({**style, "grid.color": "#E2DED7", "axes.axisbelow": True}):
        figure = Figure(figsize=(4.2 * len(stocks), 4.4), layout="constrained")
        plots = figure.subplots(1, len(stocks), squeeze=False, sharex=True, sharey=True)[0]
        for axes, tight in zip(plots, stocks, strict=True):
            _scatter(axes, [row for row in rows if row["tight"] == tight])
            axes.set_title(f"stock {tight} x what is wanted", loc="left")
            axes.set_xlabel("portions thrown away [%]")
        plots[0].set_ylabel("fruit days covered in the simulation [%]")
        plots[0].legend(loc="lower left", fontsize=8)
        figure.savefig(file, metadata={"Date": None})


def _scatter(axes: "Axes", rows: Sequence[Row]) -> None:
    for method, colour, mark in zip(WORDS, _COLOURS, _MARKS, strict=True):
        mine = [row for row in rows if row["method"] == method]
        axes.scatter(
            [100 * float(row["none_thrown"]) for row in mine],
            [100 * float(row["none_covered"]) for row in mine],
            s=22, color=colour, marker=mark, label=WORDS[method],
        )  # fmt: skip
    axes.axhline(99, color="#4E6E24", linewidth=1, linestyle="--")


def mean(rows: Sequence[Row], name: str) -> float:
    """Average a column; 0 of nothing."""
    return sum(float(row[name]) for row in rows) / max(len(rows), 1)


def _grouped(rows: Sequence[Row], names: tuple[str, ...]) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in sorted(rows, key=lambda row: [row[name] for name in names]):
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return found


def _place(method: str) -> int:
    return list(WORDS).index(method)


def _season(first_on: str) -> str:
    return _SEASONS.get(first_on[5:7], first_on)


def _percent(rows: Sequence[Row], name: str, digits: int = 1) -> str:
    return f"{100 * mean(rows, name):.{digits}f} %"


def _ends(rows: Sequence[Row], name: str, digits: int = 1) -> str:
    values = [100 * float(row[name]) for row in rows]
    return f"{min(values):.{digits}f}-{max(values):.{digits}f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
