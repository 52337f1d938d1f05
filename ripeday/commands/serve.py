"""`web`, `worker`, `sandbox`: the processes of the house, one command each."""

import os
from pathlib import Path

import click

from ripeday.commands.console import run
from ripeday.commands.warm_up import compile_planner
from ripeday.embedded.folder import DataFolder
from ripeday.embedded.servers import Servers
from ripeday.embedded.watchdog import end_with_supervisor
from ripeday.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def web(host: str) -> None:
    """Serve the pages: storefront, customers, merchant, warehouse.

    Reads everything from the environment (RIPEDAY_DATABASE_URL, RIPEDAY_REDIS_URL, RIPEDAY_SECRET and so on, listed
    in ripeday/settings.py). `ripeday up` starts this by itself; run it by hand to have several.
    """
    settings = _settings()
    compile_planner()  # or the first visitor waits for it
    run(_serve_web(settings, host))


@click.command()
def worker() -> None:
    """Do the work that is due: cut-offs, charges, mails, papers.

    Reads the same environment as `ripeday web`. Any number of workers may run side by side.
    """
    settings = _settings()
    compile_planner()  # or the first cut-off waits for it
    run(_work(settings))


@click.command()
def sandbox() -> None:
    """Play the payment provider and the mail server on this machine; no real money moves, no mail leaves.

    Reads the same environment as `ripeday web`; listens where RIPEDAY_STRIPE_API and RIPEDAY_SMTP_URL point.
    """
    run(_serve_sandbox(_settings()))


def _settings() -> Settings:
    settings = Settings.from_environment(os.environ)
    end_with_supervisor(os.environ, lambda: _stop_servers(settings.data_dir))
    return settings


def _stop_servers(data_dir: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"RIPEDAY_DATABASE_URL", "RIPEDAY_REDIS_URL"}
    }
    Servers.of(DataFolder(data_dir), environment).stop_leftovers()


async def _serve_web(settings: Settings, host: str) -> None:
    import uvicorn  # noqa: PLC0415

    from ripeday.app import create_app  # noqa: PLC0415
    from ripeday.composition import House  # noqa: PLC0415

    async with House.open(settings) as house:
        configuration = uvicorn.Config(
            create_app(house),
            host=host,
            port=settings.port,
            access_log=False,
            timeout_graceful_shutdown=5,
            server_header=False,
        )
        await uvicorn.Server(configuration).serve()


async def _work(settings: Settings) -> None:
    from ripeday.composition import House  # noqa: PLC0415
    from ripeday.worker import work  # noqa: PLC0415

    async with House.open(settings) as house:
        await work(house)


async def _serve_sandbox(settings: Settings) -> None:
    from ripeday.sandbox.app import serve  # noqa: PLC0415

    await serve(settings)
