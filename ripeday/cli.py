"""The `ripeday` command: what a person types.

Exit codes: 0 done, 1 not done (one sentence on stderr says why), 2 the command was typed wrong.
"""

import importlib
import os
import sys
import traceback

import click

from ripeday.embedded.folder import DataFolder
from ripeday.kit.errors import RipedayError
from ripeday.settings import data_dir

_COMMANDS = {
    "up": "ripeday.commands.up",
    "web": "ripeday.commands.serve",
    "worker": "ripeday.commands.serve",
    "sandbox": "ripeday.commands.serve",
    "migrate": "ripeday.commands.database",
    "sample": "ripeday.commands.farm",
    "cycle": "ripeday.commands.farm",
    "picklist": "ripeday.commands.farm",
    "plan": "ripeday.commands.plan",
    "instance": "ripeday.commands.instance",
    "simulate": "ripeday.commands.simulate",
    "why": "ripeday.commands.why",
    "receipts": "ripeday.commands.receipts",
    "backup": "ripeday.commands.database",
    "restore": "ripeday.commands.database",
    "reset": "ripeday.commands.database",
    "windows": "ripeday.commands.windows",
    "warm-up": "ripeday.commands.warm_up",
    "doctor": "ripeday.commands.doctor",
}


class _Commands(click.Group):
    """Finds commands by name and imports only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def commands() -> None:
    """Plan, sell and ship weekly fruit and flower boxes in which something is ripe every day.

    Begin with `script/server`: it starts everything on this machine with a sample farm. When something does
    not work, `script/ripeday doctor` says what and how to mend it.
    """


def main() -> None:
    """Run one command and end the process with its exit code."""
    os.umask(0o077)
    os.environ.setdefault("PICCOLO_CONF", "ripeday.piccolo_conf")
    try:
        commands(prog_name="ripeday", standalone_mode=True)
    except RipedayError as error:
        _fail(str(error))
    except Exception as error:  # noqa: BLE001
        _fail(f"Something unexpected went wrong: {_sentence(error)} ({_recorded()}).")


def _fail(sentence: str) -> None:
    if os.environ.get("RIPEDAY_DEBUG"):
        traceback.print_exc()
    click.echo(sentence, err=True)
    sys.exit(1)


def _sentence(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _recorded() -> str:
    """Put the traceback where it can be found, and say where."""
    log = DataFolder(data_dir(os.environ)).log
    if not log.parent.is_dir():
        return "RIPEDAY_DEBUG=1 shows where"
    with log.open("a") as file:
        traceback.print_exc(file=file)
    return f"{log} says where"
