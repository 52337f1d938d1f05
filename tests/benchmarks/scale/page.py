"""Writes the stored runs as tables and a picture between the markers of docs/planner.md."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.scale.picture import draw
from tests.benchmarks.scale.stored import MENDING, RESULTS, Row, best_bounds, read_rows

DOCS: Final = Path(__file__).parents[3] / "docs"
PAGE: Final = DOCS / "planner.md"
PICTURE: Final = DOCS / "pictures" / "planner-scale.svg"
BEGIN: Final = "<!-- scale: written by `python -m tests.benchmarks.scale --write` -->"
END: Final = "<!-- /scale -->"

_WORDS: Final = """\
Gap: (objective − best certified bound known) / cost of goods. Times are from loaded arrays to a checked plan, on \
{threads} threads; × greedy: processor seconds over those of one plain compiled greedy pass over the same boxes in the \
same process. Memory is that of the whole process."""
_AIMS: Final = {
    500: "0.10 % in 10 s",
    5_000: "0.20 % in 5 s",
    100_000: "0.15 % in 20 s, 2 GiB",
    1_000_000: "0.5 % in 90 s, 3 GiB",
}
_MENDING: Final = """\
Mending after a lot in about 10 % of boxes failed and 3 % of households changed: goods above planning anew, and the \
least that changing only those boxes can come to (certified)."""


def write_page(page: Path = PAGE, picture: Path = PICTURE) -> None:
    """Put tables and picture between the markers.

    Raises
    ------
    ValueError
        The page lacks the markers.
    """
    text = page.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{page.name} lacks the lines {BEGIN} and {END}")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    rows = sorted(read_rows(RESULTS), key=lambda row: int(row["households"]))
    if rows:
        draw(rows, best_bounds(), picture)
    page.write_text(f"{before}{BEGIN}\n{tables(rows)}\n{END}{after}", encoding="utf-8")


def tables(rows: list[Row]) -> str:
    """Say what was measured: by size, week by week, previews, and mending."""
    usual = [row for row in rows if row["mode"] == "usual"]
    threads = ", ".join(sorted({row["threads"] for row in usual})) or "no"
    engines = {row["engine"] for row in usual}
    parts = [
        _WORDS.format(threads=threads) + (" Rows of several engines!" if len(engines) > 1 else ""),
        _table(_by_size(usual)),
        "![Gap and time by number of households](pictures/planner-scale.svg)",
        _table(_week_by_week(rows)),
    ]
    parts += _mending()
    return "\n\n".join(parts)


def gap_of(row: Row, bounds: dict[str, float]) -> float | None:
    """Return (objective - best bound known) / goods; None where no bound is known."""
    bound = bounds.get(row["digest"])
    return (
        None if bound is None else (int(row["objective"]) - bound) / (100 * int(row["goods_cents"]))
    )


def _by_size(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    yield (
        "households", "weeks", "aim", "gap, middle", "gap, worst", "seconds, middle", "worst", "CPU s, middle",
        "× greedy", "MiB, worst",
    )  # fmt: skip
    bounds = best_bounds()
    for size in sorted({int(row["households"]) for row in rows}):
        here = [row for row in rows if int(row["households"]) == size]
        gaps = [gap for row in here if (gap := gap_of(row, bounds)) is not None]
        seconds = [float(row["seconds"]) for row in here]
        yield (
            f"{size:,}",
            str(len(here)),
            _AIMS.get(size, ""),
            _percent(median(gaps)) if gaps else "–",
            _percent(max(gaps)) if gaps else "–",
            f"{median(seconds):.1f}",
            f"{max(seconds):.1f}",
            f"{median(float(row['cpu_s']) for row in here):.1f}",
            f"{median(map(_times_greedy, here)):.0f}",
            str(max(int(row["memory_mib"]) for row in here)),
        )


def _week_by_week(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    yield (
        "week", "objective, cents a box", "gap", "own bound's gap (s more)", "seconds", "CPU s", "× greedy", "MiB",
        "days covered", "waste", "greedy's objective",
    )  # fmt: skip
    bounds = best_bounds()
    certified = {row["digest"]: row for row in rows if row["mode"] == "certify"}
    for row in rows:
        if row["mode"] == "certify":
            continue
        n, gap = int(row["households"]), gap_of(row, bounds)
        yield (
            _week(row),
            f"{int(row['objective']) / n / 100:.2f}",
            "–" if gap is None else _percent(gap),
            _own(certified.get(row["digest"])) if row["mode"] == "usual" else "",
            f"{float(row['seconds']):.1f}",
            f"{float(row['cpu_s']):.1f}",
            f"{_times_greedy(row):.0f}",
            row["memory_mib"],
            f"{int(row['covered_days']) / int(row['days']):.1%}".replace("%", " %"),
            f"{int(row['waste_portions']) / int(row['shipped_portions']):.1%}".replace("%", " %"),
            f"{int(row['greedy_objective']) / n / 100:.0f}",
        )


def _week(row: Row) -> str:
    words = f"{int(row['households']):,}, {row['lots']} lots"
    words += f", tight {row['tight']}, seed {row['seed']}" if row["tight"] else " (stored)"
    return words + (", fast" if row["mode"] == "fast" else "")


def _own(row: Row | None) -> str:
    """Gap to the bound that the planner's own run certified, and how long that took."""
    if row is None or not row["bound"]:
        return "–"
    gap = (int(row["objective"]) - float(row["bound"])) / (100 * int(row["goods_cents"]))
    phases = dict(each.split("=") for each in row["phases"].split())
    return f"{_percent(gap)} ({float(phases['bound']):.0f})"


def _mending() -> Iterator[str]:
    rows = read_rows(MENDING)
    if rows:
        yield _MENDING
        yield _table(_mended(rows))


def _mended(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    yield (
        "households", "others allowed", "boxes changed", "above planning anew", "at least", "seconds", "CPU s",
        "of planning anew",
    )  # fmt: skip
    for row in rows:
        n, anew = int(row["households"]), int(row["anew_objective"])
        goods = 100 * int(row["anew_goods_cents"])
        limit = f"{_percent((float(row['limit']) - anew) / goods)}" if row["limit"] else ""
        yield (
            f"{n:,}",
            row["others"],
            f"{int(row['changed']) / n:.1%}".replace("%", " %"),
            _percent((int(row["objective"]) - anew) / goods),
            limit,
            f"{float(row['seconds']):.2f}",
            f"{float(row['cpu_s']):.2f}",
            f"{float(row['cpu_s']) / float(row['anew_cpu_s']):.1%}".replace("%", " %"),
        )


def _times_greedy(row: Row) -> float:
    return float(row["cpu_s"]) / max(float(row["greedy_cpu_s"]), 1e-3)


def _percent(share: float) -> str:
    return f"{100 * share:.3f} %"


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    head, *body = rows
    lines = [head, ("---", *["--:"] * (len(head) - 1)), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
