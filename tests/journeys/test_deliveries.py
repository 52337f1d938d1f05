"""Somebody does without deliveries, on a phone in English and on a desk in Chinese: each told first, and proved."""

import re

import pendulum
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.barrier import barriers
from tests.journeys.farm_process import FarmProcess
from tests.journeys.person import PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

CUSTOMER = "customer@guoshi.example"
READERS = [("en", PHONE["width"]), ("zh", 1280)]


@pytest.fixture(params=READERS, ids=["phone-english", "desk-chinese"])
def reader(request: pytest.FixtureRequest, page: Page, farm: FarmProcess) -> Page:
    language, width = request.param
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    sign_in(page, farm, CUSTOMER)
    page.goto(f"{farm.url}/language/{language}?back=/boxes")
    return page


def press(page: Page) -> None:
    """Press the one filled button, below what it says that it does."""
    assert page.locator("ul.points li").count() > 0
    page.locator("button.filled").last.click()


def expect_receipt(page: Page) -> str:
    """Expect the receipt of what was just done; return where its proof is."""
    page.wait_for_url(re.compile(r"/receipts/"))
    expect(page.locator(".receipt dl dt").first).to_be_visible()
    assert barriers(page) == []
    return page.locator("a[href^='/verify/']").get_attribute("href") or ""


def test_a_box_is_skipped_proved_and_had_after_all(reader: Page, farm: FarmProcess) -> None:
    skips = reader.locator("a[href*='/skips/']")
    n_before = skips.count()
    skip = skips.last.get_attribute("href") or ""
    reader.goto(farm.url + skip)

    press(reader)
    proof = expect_receipt(reader)
    reader.goto(farm.url + proof)
    expect(reader.locator(".note.ok")).to_be_visible()
    assert barriers(reader) == []

    reader.goto(farm.url + "/receipts")
    expect(reader.locator(".receipt-row").first).to_be_visible()
    reader.goto(farm.url + skip)
    press(reader)
    expect_receipt(reader)
    reader.goto(farm.url + "/boxes")
    expect(skips).to_have_count(n_before)


def test_boxes_are_paused_until_a_day_and_come_again_early(reader: Page, farm: FarmProcess) -> None:
    reader.locator("a[href$='/pause']").first.click()
    first = pendulum.Date.fromisoformat(reader.locator("select[name=from]").input_value())
    reader.locator("input[name=until]").fill(first.add(weeks=3).isoformat())
    reader.locator("form[method=get] button").click()

    press(reader)
    expect_receipt(reader)
    reader.goto(farm.url + "/boxes")
    reader.locator("a[href$='/pause']").first.click()
    press(reader)
    expect_receipt(reader)


def test_cancelling_says_what_still_comes_and_what_may_be_done_instead(
    reader: Page, farm: FarmProcess
) -> None:
    reader.goto(farm.url + "/household")
    reader.locator("a[href$='/cancel']").first.click()

    assert reader.locator("ul.points li").count() > 0
    assert barriers(reader) == []
    expect(reader.locator("form[action$='/cancel'] button.filled")).to_be_visible()
    reader.locator("a[href$='/pause']").first.click()
    expect(reader.locator("input[name=until]")).to_be_visible()


def test_a_subscription_is_cancelled_with_a_receipt(page: Page, farm: FarmProcess) -> None:
    sign_in(page, farm, CUSTOMER)
    page.goto(farm.url + "/household")
    page.locator("a[href$='/cancel']").first.click()
    cancel = page.url

    press(page)
    proof = expect_receipt(page)

    page.goto(farm.url + proof)
    expect(page.locator(".note.ok")).to_be_visible()
    page.goto(cancel)
    expect(page.locator("form[action$='/cancel']")).to_have_count(0)
