"""Somebody does without deliveries and comes back: with no script at all, and with nothing but a keyboard."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from ripeday.sample.staff import SAMPLE_PASSWORD
from tests.journeys.farm_process import FarmProcess
from tests.journeys.person import PATIENCE_MS, PHONE, press_by_key, sign_in, walk_to
from tests.journeys.reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

CUSTOMER: Final = "customer@guoshi.example"


@pytest.fixture
def plain(browser: Browser, farm: FarmProcess) -> Iterator[Reader]:
    """A phone that runs no script."""
    context = browser.new_context(viewport=PHONE, locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sign_in(page, farm, CUSTOMER)
    page.goto(f"{farm.url}/language/en?back=/boxes")
    yield Reader(page, farm, "en")
    context.close()


def order_of(reader: Reader) -> tuple[str, list[dict[str, Any]]]:
    """Return where the customer's subscription has its pages, and its deliveries that can still be changed."""
    reader.go("/boxes")
    href = reader.page.locator("a[href^='/subscriptions/']").first.get_attribute("href") or ""
    at = "/".join(href.split("/")[:3])
    return at, [each for each in deliveries(reader, at) if each["can_change"]]


def deliveries(reader: Reader, at: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reader.api(f"{at}/deliveries")["deliveries"]
    return found


def states(reader: Reader, at: str) -> dict[str, str]:
    return {each["on"]: each["state"] for each in deliveries(reader, at)}


def do(reader: Reader, path: str, button: str) -> None:
    """Press the button of a page, below what it says that it does; a receipt comes of it."""
    reader.go(path)
    expect(reader.page.locator("ul.points li")).not_to_have_count(0)
    reader.press(button)
    expect(reader.page).to_have_url(re.compile(r"/receipts/"))
    expect(reader.page.locator(".receipt dl dt").first).to_be_visible()


def test_without_any_script_boxes_are_skipped_moved_and_paused_and_all_of_it_taken_back(
    plain: Reader,
) -> None:
    at, before = order_of(plain)
    first, second, third = (each["on"] for each in before[-3:])

    do(plain, f"{at}/skips/{first}", "Skip this box")
    assert states(plain, at)[first] == "skipped"
    do(plain, f"{at}/skips/{first}", "Have this box")

    plain.go(f"{at}/moves/{second}")
    plain.page.locator(f"input[name=to][value='{third}']").check()
    plain.press("Move this box")
    expect(plain.page.locator("a[href^='/verify/']")).to_be_visible()
    assert states(plain, at)[second] == "moved"
    do(plain, f"{at}/moves/{second}", "Move it back")

    until = dt.date.fromisoformat(third) + dt.timedelta(days=1)
    do(plain, f"{at}/pause?from={third}&until={until}", "Pause the boxes")
    assert states(plain, at)[third] == "paused"
    do(plain, f"{at}/pause", "End the pause now")
    assert [each for each in deliveries(plain, at) if each["can_change"]] == before

    plain.go(f"{at}/cancel")
    plain.follow("Pause instead")
    expect(plain.page.locator("input[name=until]")).to_be_visible()


def test_with_nothing_but_a_keyboard_a_box_is_skipped_proved_and_had_after_all(
    page: Page, farm: FarmProcess
) -> None:
    sign_in_by_key(page, farm)
    reader = Reader(page, farm, "en")
    at, open_ones = order_of(reader)
    on = open_ones[-1]["on"]

    press_by_key(page, page.locator(f"a[href='{at}/skips/{on}']"))
    press_by_key(page, page.get_by_role("button", name="Skip this box"))
    proof = page.locator("a[href^='/verify/']")
    press_by_key(page, proof)
    expect(page.get_by_role("heading", level=1)).to_have_text("This receipt is genuine.")
    assert states(reader, at)[on] == "skipped"
    page.go_back()
    press_by_key(page, page.get_by_role("link", name="Take it back"))
    press_by_key(page, page.get_by_role("button", name="Have this box"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("comes after all")
    assert states(reader, at)[on] == "open"


def sign_in_by_key(page: Page, farm: FarmProcess) -> None:
    page.goto(f"{farm.url}/sign-in?next=/language/en")
    walk_to(page, page.get_by_label("E-mail").first)
    page.keyboard.type(CUSTOMER)
    walk_to(page, page.get_by_label("Password"))
    page.keyboard.type(SAMPLE_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
