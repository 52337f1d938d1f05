"""Runs everything there is to run, keeps going after a failure, and says at the end what failed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import click

from ripeday.settings import PROJECT
from tests.chromium import find_chromium, install_chromium

_PYTHON = sys.executable
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Step:
    """One thing to run; `ready` may prepare it, and says why it cannot run."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], str | None] = lambda: None


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    name: str
    is_good: bool
    seconds: float


def steps(*, nightly: bool, release: bool, browser: bool) -> list[Step]:
    """Return what is to be run, quick steps first."""
    longer = ("--release",) if release else ("--nightly",) if nightly else ()
    pytest = (_PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", *longer)
    found = [
        Step("format", (_PYTHON, "-m", "ruff", "format", "--check", ".")),
        Step("lint", (_PYTHON, "-m", "ruff", "check", ".")),
        Step("types", (_PYTHON, "-W", "ignore", "-m", "mypy")),
        Step("imports", (_PYTHON, "-c", _LINT_IMPORTS)),
        Step("migrations", (_PYTHON, "-m", "tests.migration_proof")),
        Step("tests", (*pytest, "-n", "2", "-m", "not browser", "tests")),
    ]
    if browser:
        found.append(
            Step("browser", (*pytest, "-m", "browser", "tests/journeys"), _chromium_is_there)
        )
    return found


def _chromium_is_there() -> str | None:
    if find_chromium() or install_chromium():
        return None
    return (
        "There is no Chromium for the browser journeys: install Chromium or Google Chrome, or leave"
        " them out with --no-browser."
    )


def run(step: Step) -> Outcome:
    """Run one step with its output as it comes."""
    click.secho(f"\n── {step.name}", bold=True)
    started = time.monotonic()
    if trouble := step.ready():
        click.echo(trouble, err=True)
        return Outcome(step.name, is_good=False, seconds=time.monotonic() - started)
    done = subprocess.run(
        step.command,
        cwd=PROJECT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    seconds = time.monotonic() - started
    click.echo(f"   {step.name}: {'good' if done.returncode == 0 else 'failed'} in {seconds:.1f} s")
    return Outcome(step.name, is_good=done.returncode == 0, seconds=seconds)


def _environment() -> dict[str, str]:
    """Return an environment in which tests see no house of this machine but its Stripe test key."""
    kept = {"RIPEDAY_PG_BIN", "RIPEDAY_STRIPE_KEY"}
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("RIPEDAY_") or name in kept
    } | {"PICCOLO_CONF": "ripeday.piccolo_conf"}


@click.command()
@click.option("--nightly", is_flag=True, help="With the long runs, within the hour.")
@click.option("--release", is_flag=True, help="With the longest runs.")
@click.option("--no-browser", is_flag=True, help="Without journeys in a real browser.")
@click.option("--only", multiple=True, metavar="STEP", help="Only this step; may be repeated.")
def main(*, nightly: bool, release: bool, no_browser: bool, only: tuple[str, ...]) -> None:
    """Run everything: format, lint, types, imports, migrations, tests, browser journeys."""
    chosen = steps(nightly=nightly, release=release, browser=not no_browser)
    names = [step.name for step in chosen]
    if unknown := set(only) - set(names):
        raise click.BadParameter(f"{', '.join(sorted(unknown))}; there are {', '.join(names)}")
    outcomes = [run(step) for step in chosen if not only or step.name in only]
    click.secho("\n── summary", bold=True)
    for outcome in outcomes:
        click.echo(f"{'✓' if outcome.is_good else '✗'} {outcome.name:<11}{outcome.seconds:7.1f} s")
    click.echo(f"  {'all':<11}{sum(outcome.seconds for outcome in outcomes):7.1f} s")
    sys.exit(0 if all(outcome.is_good for outcome in outcomes) else 1)


if __name__ == "__main__":
    main()
