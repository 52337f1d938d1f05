"""What a plan came to, as a table for a terminal."""

import io
from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from ripeday.kit.text import Message, message
from ripeday.translation import Words

_WIDTH = 100


def told(figures: Mapping[str, Any], words: Words) -> str:
    """Return what `ripeday plan` found, as text; amounts are in minor units."""
    table = Table(box=SIMPLE, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for label, value, more in _rows(figures):
        table.add_row(words.render(label), value, "" if more is None else words.render(more))
    for phase, spent in figures["seconds"].items():
        label = message("Time: {phase}", phase=phase.replace("_", " "))
        table.add_row(words.render(label), f"{spent:.2f} s")
    out = io.StringIO()
    Console(file=out, width=_WIDTH, highlight=False).print(table)
    return out.getvalue()


def _rows(figures: Mapping[str, Any]) -> list[tuple[Message, str, Message | None]]:
    rows: list[tuple[Message, str, Message | None]] = [
        (message("Boxes planned"), f"{figures['households']:,}", None),
        (
            message("Days covered"),
            f"{100 * figures['cover']:.2f} %",
            message(
                "{covered} of {days}",
                covered=f"{figures['covered_days']:,}",
                days=f"{figures['days']:,}",
            ),
        ),
        (message("Portions wasted"), f"{figures['waste']:,}", None),
        (message("Cost of the goods"), f"{figures['goods']:,}", message("minor units")),
        (message("Objective"), f"{figures['objective'] / 100:,.2f}", message("minor units")),
    ]
    if figures["bound"] is not None:
        proved = figures["bound"] == figures["objective"]
        more = message("minor units: this is the best") if proved else message("minor units")
        rows.append((message("No plan is below"), f"{figures['bound'] / 100:,.2f}", more))
    if figures["gap"] is not None:
        rows.append(
            (message("Gap"), f"{100 * figures['gap']:.3f} %", message("of the cost of the goods"))
        )
    return rows
