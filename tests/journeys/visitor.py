"""Who looks at pages in a journey over all of them, and where each begins."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser, BrowserContext

from tests.journeys.every_page import find_pages
from tests.journeys.farm_process import FarmProcess
from tests.journeys.person import PATIENCE_MS, PHONE, sign_in


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of the sample farm, or a stranger without an e-mail."""

    name: str
    email: str | None
    starts: tuple[str, ...]
    width: int = PHONE["width"]


VISITORS: Final = (
    Visitor("stranger", None, ("/", "/m/havelkorb", "/m/havelkorb/subscribe/where", "/produce", "/style", "/reset")),
    Visitor("customer", "customer@havelkorb.example", ("/today", "/boxes", "/calendar", "/household")),
    Visitor("planner", "planner@havelkorb.example", ("/merchant",), 1280),
    Visitor("admin", "admin@havelkorb.example", ("/work", "/merchant", "/merchant/staff"), 1280),
    Visitor("packer", "packer@havelkorb.example", ("/warehouse",)),
)  # fmt: skip


def arrive(
    browser: Browser, farm: FarmProcess, who: Visitor, *, dark: bool = False, width: int = 0
) -> BrowserContext:
    """Open a browser of their own, signed in where they have an e-mail."""
    context = browser.new_context(
        viewport={"width": width or who.width, "height": PHONE["height"]},
        locale="en-GB",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    if who.email:
        page = context.new_page()
        sign_in(page, farm, who.email)
        page.close()
    return context


def rounds(browser: Browser, farm: FarmProcess) -> dict[str, dict[str, str]]:
    """Return for every visitor the pages that nobody before them has found: address by template."""
    known: dict[str, str] = {}
    found: dict[str, dict[str, str]] = {}
    for who in VISITORS:
        context = arrive(browser, farm, who)
        found[who.name] = find_pages(
            context, (farm.url + start for start in who.starts), known=known
        )
        known |= found[who.name]
        context.close()
    return found
