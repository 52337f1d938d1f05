"""One running house and one browser for all journeys; every journey has a phone of its own."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import LAUNCH_OPTIONS, find_chromium
from tests.journeys.farm_process import FarmProcess
from tests.journeys.person import PATIENCE_MS, PHONE
from tests.sandbox_fixture import free_port

AS_OF: Final = dt.date(2026, 11, 23)
"""The day on which the house lives: its sample, and so what happens to people, is the same at every run."""


@pytest.fixture(scope="session")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmProcess]:
    house = FarmProcess(tmp_path_factory.mktemp("farm"), free_port(), AS_OF)
    house.start()
    yield house
    assert house.stop() == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    assert program is not None, "no Chromium: install Debian's chromium, or run with --no-browser"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(program),
            args=[*LAUNCH_OPTIONS, "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone whose owner reads English; any error of a script fails the test."""
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    opened, errors = context.new_page(), []
    # A builtin method cannot carry the mark that Playwright puts on its listeners.
    opened.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108
    yield opened
    context.close()
    assert errors == []
