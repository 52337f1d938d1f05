"""Journeys of people through the running house, in a real headless browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.farm_process import FarmProcess
from tests.journeys.person import PHONE, go_on, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_a_postcode_we_do_not_serve_is_told_at_its_field_and_kept(
    page: Page, farm: FarmProcess
) -> None:
    page.goto(f"{farm.url}/m/havelkorb/subscribe/where")
    page.get_by_role("textbox", name="Postcode").fill("99999")
    page.get_by_role("textbox", name="Street and number").fill("Lindenweg 7")
    page.get_by_role("textbox", name="Town").fill("Berlin")
    go_on(page)

    summary = page.locator("#error-summary")
    expect(summary).to_be_visible()
    expect(page.get_by_role("textbox", name="Postcode")).to_have_value("99999")
    expect(page.get_by_role("textbox", name="Town")).to_have_value("Berlin")


def test_a_customer_reads_the_week_in_both_languages(page: Page, farm: FarmProcess) -> None:
    sign_in(page, farm, "customer@havelkorb.example")
    page.goto(f"{farm.url}/today")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto(f"{farm.url}/language/zh?back=/today")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh"))
    latin = re.findall(r"[A-Za-z]{4,}", page.get_by_role("main").inner_text())
    assert set(latin) <= {"Ripeday"}, latin


def test_a_packer_opens_the_printed_pick_list_and_not_the_catalog(
    page: Page, farm: FarmProcess
) -> None:
    sign_in(page, farm, "packer@havelkorb.example")
    page.goto(f"{farm.url}/warehouse")
    link = page.locator("a[href*='/warehouse/waves/']").first
    wave = re.match(r"(/warehouse/waves/[^/?]+)", link.get_attribute("href") or "")
    assert wave is not None
    paper = page.request.get(f"{farm.url}{wave.group(1)}/pick-list.pdf?lang=en")

    assert paper.status == 200
    assert paper.body().startswith(b"%PDF")
    assert page.goto(f"{farm.url}/merchant/season").status == 403  # type: ignore[union-attr]


def test_the_papers_of_the_sample_lie_where_the_terminal_said(farm: FarmProcess) -> None:
    found = re.search(r"pick list\s+(\S+\.pdf)", "".join(farm.lines))

    assert found is not None
    assert Path(found.group(1)).read_bytes().startswith(b"%PDF")


def test_a_reader_finds_a_mango_and_asks_for_a_hot_kitchen(page: Page, farm: FarmProcess) -> None:
    page.goto(f"{farm.url}/produce")
    page.get_by_label("Find a fruit or flower").fill("芒果")
    expect(page.locator("#found .tile")).to_have_count(1)
    page.locator("#found .tile a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mango")
    curve = page.locator("#curves svg[role=img]").nth(4)
    mild = curve.get_attribute("aria-label")

    page.get_by_label("Kitchen", exact=True).select_option("hot")

    page.wait_for_url(re.compile("kitchen=hot"))
    expect(curve).not_to_have_attribute("aria-label", mild or "")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="A card to print").click()
    card = page.locator(".ripe-card")
    assert card.evaluate("e => e.scrollHeight <= e.clientHeight + 1")


def test_a_tap_on_how_it_really_is_is_thanked_for_and_taken_back(
    page: Page, farm: FarmProcess
) -> None:
    sign_in(page, farm, "customer@havelkorb.example")
    page.goto(f"{farm.url}/language/en?back=/today")
    trio = page.locator(".trio").first
    assert all(
        (button.bounding_box() or {"height": 0})["height"] >= 64
        for button in trio.get_by_role("button").all()
    )

    trio.get_by_role("button").nth(1).click()
    told = page.locator(".told")
    expect(told).to_contain_text("Thank you.")
    expect(told).to_be_focused()
    expect(page.locator('.trio [aria-pressed="true"]')).to_have_count(1)
    told.get_by_role("button", name="Undo").click()

    expect(page.locator(".told")).to_have_count(0)
    expect(page.locator('.trio [aria-pressed="true"]')).to_have_count(0)
