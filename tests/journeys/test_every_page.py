"""Every page of the house, seen by those who may: no barrier that a checker finds, nothing cut off when narrow."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.barrier import barriers
from tests.journeys.every_page import KINDS
from tests.journeys.farm_process import FarmProcess
from tests.journeys.visitor import VISITORS, Visitor, arrive, rounds

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NARROW: Final = 320
"""What a page must fit without scrolling sideways (WCAG 1.4.10). [px]"""


@pytest.fixture(scope="session")
def pages(browser: Browser, farm: FarmProcess) -> dict[str, dict[str, str]]:
    """Return the address of one page of each kind, for the visitor who finds it first."""
    return rounds(browser, farm)


@pytest.fixture(params=VISITORS, ids=lambda who: who.name)
def who(request: pytest.FixtureRequest) -> Visitor:
    assert isinstance(request.param, Visitor)
    return request.param


@pytest.fixture(params=[False, True], ids=["english-light", "chinese-dark"])
def context(
    request: pytest.FixtureRequest, browser: Browser, farm: FarmProcess, who: Visitor
) -> Iterator[BrowserContext]:
    opened = arrive(browser, farm, who, dark=request.param)
    language = "zh" if request.param else "en"
    opened.request.get(f"{farm.url}/language/{language}")
    yield opened
    opened.request.get(f"{farm.url}/language/en")
    opened.close()


def test_a_checker_finds_no_barrier_on_any_page_and_narrow_phones_show_all_of_it(
    context: BrowserContext, who: Visitor, pages: dict[str, dict[str, str]]
) -> None:
    page, wrong = context.new_page(), {}
    for kind, address in pages[who.name].items():
        page.goto(address)
        found = barriers(page)
        wide = page.viewport_size
        assert wide is not None
        page.set_viewport_size({"width": NARROW, "height": wide["height"]})
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            found.append(f"wider than {NARROW} px")
        page.set_viewport_size(wide)
        if found:
            wrong[kind] = found
    assert wrong == {}


FOR_MACHINES: Final = "answers machines"
LEADS_ON: Final = "leads on to another page"
PART: Final = "a part of a page, or a file"
MAILED: Final = "stands in a mail"
UNLINKED: Final = {
    "/health": FOR_MACHINES,
    "/ready": FOR_MACHINES,
    "/schema": FOR_MACHINES,
    "/schema/{path}": FOR_MACHINES,
    "/schema/openapi.json": FOR_MACHINES,
    "/static/{path}": PART,
    "/language/{language}": LEADS_ON,
    "/theme/{theme}": LEADS_ON,
    "/sign-out": "ends the visit",
    "/warehouse/lots": "answers a search",
    "/": LEADS_ON,
    "/work": LEADS_ON,
    "/m/{slug}/subscribe": LEADS_ON,
    "/subscriptions/{subscription_id}/place": LEADS_ON,
    "/merchant/plan": LEADS_ON,
    "/m/{slug}/area": PART,
    "/m/{slug}/week": PART,
    "/merchant/plan/{day_id}/progress": PART,
    "/warehouse/waves/{wave_id}/{file}": PART,
    "/calendar/feed.ics": PART,
    "/m/{slug}/subscribe/done": "comes after the card",
    "/m/{slug}/subscribe/first-week/{subscription_id}": "comes after the card",
    "/boxes/{box_id}/confirm": "only when a bank asks",
    "/boxes/{box_id}/confirm/done": "only when a bank asks",
    "/receipts/{number}": "comes after a change",
    "/verify/{number}": "comes after a change",
    "/boxes/{box_id}/swap": "answers a form",
    "/problems/photos/{photo_id}": PART,
    "/merchant/problems/photos/{photo_id}": PART,
    "/account/data.zip": PART,
    "/account/deleted": "ends the visit",
    "/account/delete/link": MAILED,
    "/invite": MAILED,
    "/reset/link": MAILED,
    "/sign-in/link": MAILED,
    "/notices/stop": MAILED,
    "/waiting": MAILED,
    "/m/{slug}/waiting/{round_id}": "only when a round is full",
}
"""Pages that no link leads to, and why."""


def test_links_lead_to_every_page_there_is(pages: dict[str, dict[str, str]]) -> None:
    found = {kind for of_visitor in pages.values() for kind in of_visitor}
    pages_there_are = {kind.template for kind in KINDS if not kind.template.startswith("/api/")}
    assert pages_there_are - found - set(UNLINKED) == set()
