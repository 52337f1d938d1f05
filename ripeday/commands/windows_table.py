"""A forecast as text for a terminal: readable without colour."""

import io
import shutil
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from ripeday.kit.text import Message, message
from ripeday.translation import Words
from ripening.forecast import Forecast, Quantiles, usually_treated
from ripening.produce import Produce
from ripening.stage import scale_words, stage_scale, stage_words

_LEAST_WIDTH, _MOST_WIDTH = 60, 100
_BAR = 30
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LOW = " ▁▂▃▄▅▆▇█"
_NEXT_TO_NOTHING = 0.005


def told(found: Forecast, words: Words) -> str:
    """Return a forecast as text."""
    out, console = _console()
    produce = found.produce
    console.print(f"[bold]{_name(produce, words)}[/bold]  {produce.key}")
    console.print(_given(found, words))
    console.print(_times(found, words))
    _say(console, words, _run_words(found))
    for warning in found.warnings:
        console.print(f"[bold]![/bold] {words.render(warning.words)}")
    console.print(_curve(found, words))
    console.print(_days(found, words))
    _print_list(console, words.gettext("Assumed"), [words.render(each) for each in found.assumed])
    cited = [
        f"{each.citation} <{each.url}>" if each.url else each.citation for each in found.sources
    ]
    _print_list(console, words.gettext("Sources"), cited)
    return out.getvalue()


def listed(profiles: Sequence[Produce], words: Words) -> str:
    """Return all produce there is, as text."""
    out, console = _console()
    table = Table(box=SIMPLE_HEAD)
    for heading in (message("Produce"), message("What it is"), message("Scale of its trade")):
        table.add_column(words.render(heading))
    for produce in profiles:
        name = f"{produce.name_en} {produce.name_zh}"
        why = "" if produce.modelled else f" ({words.gettext('no forecast')})"
        table.add_row(produce.key, name + why, words.render(scale_words(produce)))
    console.print(table)
    return out.getvalue()


def _console() -> tuple[io.StringIO, Console]:
    out = io.StringIO()
    width = min(max(shutil.get_terminal_size((90, 24)).columns, _LEAST_WIDTH), _MOST_WIDTH)
    return out, Console(file=out, width=width, highlight=False, markup=True)


def _name(produce: Produce, words: Words) -> str:
    return produce.name_zh if words.locale == "zh" else produce.name_en


def _given(found: Forecast, words: Words) -> Table:
    """Return what was asked, defaults included."""
    produce = found.produce
    usual = stage_scale(produce).dispatch == found.stage
    stage = words.render(stage_words(produce, found.stage))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    at = words.gettext("as usually shipped") if usual else words.render(scale_words(produce))
    table.add_row(words.gettext("Stage"), f"{stage} ({at})")
    table.add_row(words.gettext("Treated"), words.render(_treated_words(found)))
    steps = zip(found.steps.days, found.steps.celsius, strict=True)
    said = [
        f"{celsius:g} °C"
        if not day
        else words.render(
            message("from day {day} on {celsius} °C", day=f"{day:g}", celsius=f"{celsius:g}")
        )
        for day, celsius in steps
    ]
    table.add_row(words.gettext("Temperature"), ("，" if words.locale == "zh" else ", ").join(said))
    table.add_row(words.gettext("Confidence"), f"{100 * found.confidence:g} %")
    return table


def _treated_words(found: Forecast) -> Message:
    if not usually_treated(found.produce):
        return message("makes no difference")
    if found.treated:
        return message("ripened beforehand, as the trade ships it")
    return message("left as picked; the trade ripens it beforehand")


def _times(found: Forecast, words: Words) -> Table:
    table = Table(box=SIMPLE_HEAD, title_justify="left")
    table.add_column(words.gettext("Days"))
    for heading in ("p10", "p50", "p90"):
        table.add_column(heading, justify="right")
    rows: list[tuple[Message, Quantiles]]
    if found.produce.is_flower:
        rows = [
            (message("until it opens"), found.ready_days),
            (message("in bloom from then on"), found.keep_days),
            (message("vase life from the first day in water"), found.life_days),
        ]
    else:
        rows = [
            (message("until ready"), found.ready_days),
            (message("it then keeps"), found.keep_days),
        ]
    for label, quantiles in rows:
        values = (quantiles.p10, quantiles.p50, quantiles.p90)
        table.add_row(words.render(label), *(_days_words(value, words) for value in values))
    life = found.storage_life_days
    if life is not None:
        table.add_row(words.gettext("storage life as shipped, so kept"), "", f"{life:.1f}", "")
    if found.florets is not None:
        floret = words.render(message("one floret of {n} is open", n=str(found.florets.count)))
        table.add_row(floret, "", f"{found.florets.life_days:.1f}", "")
    return table


def _days_words(value: float | None, words: Words) -> str:
    return words.gettext("not at all") if value is None else f"{value:.1f}"


def _run_words(found: Forecast) -> Message | None:
    run = found.run
    if run is None:
        return None
    values = {
        "first": str(run.ready_from),
        "best": str(run.best),
        "last": str(run.eat_by),
        "pct": f"{100 * found.confidence:g}",
    }
    if not run.holds:
        return message("Likelier than not on days {first} to {last}, best on day {best}.", **values)
    if found.produce.is_flower:
        return message(
            "In bloom on days {first} to {last} with {pct}% confidence, best on day {best}.",
            **values,
        )
    return message(
        "Ready from day {first}, best on day {best}, eat by day {last}, each with {pct}% confidence.",
        **values,
    )


def _curve(found: Forecast, words: Words) -> Padding:
    """Return one block for each day; the words say what it is."""
    blocks = "".join(_LOW[round(each * 8)] for each in found.edible_chance)
    label = words.gettext("Chance by day")
    return Padding(f"{label}  |{blocks}|  0–{found.days}", (1, 0, 0, 0))


def _days(found: Forecast, words: Words) -> Table:
    """Return a row for each day that has any chance, and one to either side."""
    table = Table(box=SIMPLE_HEAD)
    table.add_column(words.gettext("Day after arrival"), justify="right")
    heading = "P(in bloom)" if found.produce.is_flower else "P(edible)"
    table.add_column(heading, justify="right")
    table.add_column("")
    chance = found.edible_chance
    likely = [day for day, each in enumerate(chance) if each >= _NEXT_TO_NOTHING]
    first, last = (likely[0] - 1, likely[-1] + 1) if likely else (0, 0)
    run = found.run
    for day in range(max(first, 0), min(last, found.days) + 1):
        inside = run is not None and run.ready_from <= day <= run.eat_by
        mark = " *" if run is not None and day == run.best else " ." if inside else ""
        table.add_row(str(day), f"{100 * chance[day]:.0f} %", _bar(chance[day]) + mark)
    return table


def _bar(share: float) -> str:
    full, part = divmod(round(share * _BAR * 8), 8)
    return ("█" * full + (_EIGHTHS[part] if part else "")).ljust(_BAR)


def _say(console: Console, words: Words, said: Message | None) -> None:
    if said is not None:
        console.print(words.render(said))


def _print_list(console: Console, heading: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(f"\n[bold]{heading}[/bold]")
    for line in lines:
        table = Table.grid(padding=(0, 1))
        table.add_column()
        # Addresses have no spaces to break at, and a cut one leads nowhere.
        table.add_column(overflow="fold")
        table.add_row("-", escape(line))
        console.print(table)
