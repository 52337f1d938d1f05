"""`python -m ripeday.sandbox`: the sandbox by itself, for tests and for trying things out."""

import asyncio
from pathlib import Path
from typing import Any

import click

from ripeday.sandbox.app import SandboxSettings, run


@click.command()
@click.option("--data-dir", type=click.Path(path_type=Path), required=True, help="For its books.")
@click.option("--port", type=int, required=True, help="For the API and the pages.")
@click.option("--smtp-port", type=int, required=True, help="For mail.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--api-key", default="sk_test_sandbox", show_default=True, help="The only key let in."
)
@click.option("--webhook-url", help="Where news is sent.")
@click.option("--webhook-secret", default="whsec_sandbox", show_default=True, help="Signs news.")
def main(**options: Any) -> None:
    """Play the payment provider and the mail server on this machine.

    No money moves, and no mail leaves.
    """
    asyncio.run(run(SandboxSettings(**options)))


if __name__ == "__main__":
    main()
