"""`warm-up`: compiles the planner before anybody waits for it."""

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from ripeday.commands.console import progress, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@click.command()
def warm_up() -> None:
    """Compile the planner: about a minute, once per machine and version.

    The machine code is kept in the user's cache folder. `script/bootstrap`, `ripeday up`, `web` and `worker` do this
    by themselves; run it by hand where a machine image is made. Needs no server and no settings.
    """
    if not compile_planner():
        say("The planner is compiled; nothing to do.")


def compile_planner() -> float:
    """Compile what is not kept yet, and show it; returns the seconds it took, 0 where nothing was to do."""
    from subscriptions.planning.warm import warm_up as compile_all  # noqa: PLC0415

    with _Bar() as bar:
        seconds = compile_all(bar)
        return seconds if bar.is_shown else 0.0


class _Bar(ExitStack):
    """Shows a bar from the first time that there is something to show."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: Progress | None = None
        self._task: TaskID | None = None

    @property
    def is_shown(self) -> bool:
        """Tell whether there was something to do."""
        return self._bars is not None

    def __call__(self, done: int, total: int) -> None:
        if self._bars is None or self._task is None:
            say("Compiling the planner (once, about a minute)…")
            self._bars = self.enter_context(progress())
            self._task = self._bars.add_task("Functions", total=total)
        self._bars.update(self._task, completed=done, total=total)
