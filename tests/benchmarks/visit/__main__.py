"""Measures first visits as a middling phone on slow 4G has them: weight, largest paint, layout shift, answer to a tap.

    python -m tests.benchmarks.visit [--url http://...] [--times 5]

Without `--url` a sample farm is started. Conditions are those that page-speed tools call "slow 4G": 150 ms there and
back, 1.6 Mbit/s down, 0.75 Mbit/s up, the processor four times slower. Prints the middle of the runs. [kB, ms]
"""

import argparse
import statistics
import tempfile
from collections import defaultdict
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    ViewportSize,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.chromium import LAUNCH_OPTIONS, find_chromium
from tests.journeys.farm_process import FarmProcess
from tests.journeys.person import PHONE, sign_in
from tests.sandbox_fixture import free_port

ROUND_TRIP_MS: Final = 150
DOWN_BYTES_S: Final = 1_600_000 / 8
UP_BYTES_S: Final = 750_000 / 8
SLOWER: Final = 4
_VIEW: Final = ViewportSize(width=PHONE["width"], height=PHONE["height"])
CUSTOMER: Final = "customer@havelkorb.example"

WATCH: Final = """
window.seen = {lcp: 0, cls: 0, tap: 0};
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.lcp = e.startTime })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) seen.cls += e.value })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => {
  for (const e of l.getEntries()) if (e.interactionId) seen.tap = Math.max(seen.tap, e.duration)
}).observe({type: 'event', durationThreshold: 16, buffered: true});
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page, and what is tapped on it: the first that is found; none where the page is only read."""

    name: str
    path: str
    tapped: str | None = None
    signed_in: bool = True


VISITS: Final = (
    Visit("storefront", "/m/havelkorb", "#my-week .stepper button >> nth=-1", signed_in=False),
    Visit("subscribe: where", "/m/havelkorb/subscribe/where", "input[name=postcode]", signed_in=False),
    Visit("today", "/today", "main summary"),
    Visit("next boxes", "/boxes", None),
    Visit("an open box", "open-box", "#in-box button:has-text('Take out')"),
    Visit("calendar", "/calendar", None),
    Visit("household", "/household", None),
    Visit("tastes", "tastes", "main summary"),
)  # fmt: skip


@dataclass(slots=True)
class Seen:
    """What several visits of one page came to; `is_tapped` where something on it was tapped. [bytes, ms]"""

    is_tapped: bool
    kinds: dict[str, int] = field(default_factory=dict)
    repeat: int = 0
    lcp_ms: list[float] = field(default_factory=list)
    shifts: list[float] = field(default_factory=list)
    tap_ms: list[float] = field(default_factory=list)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url")
    parser.add_argument("--times", type=int, default=5)
    told = parser.parse_args()
    with ExitStack() as stack:
        url = told.url or _own_farm(stack)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()), args=[*LAUNCH_OPTIONS, "--disable-gpu"]
        )
        _print({visit.name: _measure(browser, url, visit, told.times) for visit in VISITS})
        browser.close()


def _own_farm(stack: ExitStack) -> str:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    farm = FarmProcess(Path(folder), free_port())
    farm.start()
    stack.callback(farm.stop)
    return farm.url


def _measure(browser: Browser, url: str, visit: Visit, times: int) -> Seen:
    """Visit a page with nothing kept several times, and once more with what the browser keeps."""
    seen = Seen(visit.tapped is not None)
    state = _signed_in(browser, url) if visit.signed_in else None
    path = _found(browser, url, visit, state)
    for n in range(times):
        context = browser.new_context(viewport=_VIEW, locale="en-GB", storage_state=state)
        page, session = _slowly(context)
        weights = _weigh(session)
        _look(page, url + path)
        seen.kinds = dict(weights)
        _tap(page, visit)
        figures = page.evaluate("seen")
        seen.lcp_ms.append(figures["lcp"])
        seen.shifts.append(figures["cls"])
        if visit.tapped and figures["tap"]:
            seen.tap_ms.append(figures["tap"])
        if n == 0:
            weights.clear()
            _look(page, url + path)
            seen.repeat = sum(weights.values())
        context.close()
    return seen


def _signed_in(browser: Browser, url: str) -> Any:
    context = browser.new_context(viewport=_VIEW, locale="en-GB")
    page = context.new_page()
    sign_in(page, _At(url), CUSTOMER)
    page.wait_for_load_state()
    state = context.storage_state()
    context.close()
    return state


@dataclass(frozen=True, slots=True)
class _At:
    """A farm that runs already, as far as signing in goes."""

    url: str


def _found(browser: Browser, url: str, visit: Visit, state: Any) -> str:
    """Return where a page is whose address holds an id."""
    if visit.path.startswith("/"):
        return visit.path
    start, wanted = (
        ("/boxes", "a[href^='/boxes/']")
        if visit.path == "open-box"
        else ("/household", "a[href$='/tastes']")
    )
    context = browser.new_context(viewport=_VIEW, locale="en-GB", storage_state=state)
    page = context.new_page()
    page.goto(url + start)
    hrefs = page.locator(wanted).evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for href in hrefs:
        page.goto(url + href)
        if visit.path == "tastes" or page.locator("#in-box").count():
            break
    context.close()
    return str(href)


def _slowly(context: BrowserContext) -> tuple[Page, CDPSession]:
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": DOWN_BYTES_S,
            "uploadThroughput": UP_BYTES_S,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, session


def _weigh(session: CDPSession) -> dict[str, int]:
    """Add up what comes over the line, by kind of resource."""
    kinds: dict[str, str] = {}
    weights: dict[str, int] = defaultdict(int)

    def begun(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def ended(event: dict[str, Any]) -> None:
        weights[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    session.on("Network.responseReceived", begun)
    session.on("Network.loadingFinished", ended)
    return weights


def _look(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")


def _tap(page: Page, visit: Visit) -> None:
    if visit.tapped is None:
        return
    page.locator(visit.tapped).first.click()
    with suppress(PlaywrightTimeout):
        page.wait_for_function("seen.tap > 0", timeout=3000)
    page.wait_for_load_state("networkidle")


def _print(measured: dict[str, Seen]) -> None:
    click.echo("| page | HTML | style | script | all | again | largest paint | shift | tap |")
    click.echo("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, seen in measured.items():
        parts = [seen.kinds.get(kind, 0) for kind in ("Document", "Stylesheet", "Script")]
        figures = [*parts, sum(seen.kinds.values()), seen.repeat]
        tap = f"{max(seen.tap_ms):.0f}" if seen.tap_ms else "under 16" if seen.is_tapped else ""
        click.echo(
            f"| {name} | "
            + " | ".join(f"{each / 1000:.1f}" for each in figures)
            + f" | {statistics.median(seen.lcp_ms):.0f} | {max(seen.shifts):.3f} | {tap} |"
        )


if __name__ == "__main__":
    main()
