"""Somebody changes an open box on a phone: a gap is warned of and fixed, by thumb and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.farm_process import FarmProcess
from tests.journeys.person import PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

CUSTOMER = "customer@havelkorb.example"


def open_box(page: Page, farm: FarmProcess, *, email: str = CUSTOMER) -> None:
    """Go to the next box, as its planner filled it."""
    sign_in(page, farm, email)
    page.goto(f"{farm.url}/language/en?back=/boxes")
    hrefs = [a.get_attribute("href") for a in page.locator("a[href^='/boxes/']").all()]
    for href in hrefs:
        page.goto(f"{farm.url}{href}")
        if page.locator("#in-box").count():
            break
    expect(page.locator("#in-box")).to_be_visible()
    again = page.get_by_role("button", name="Have the box as we planned it")
    if again.count():
        again.click()
        expect(again).to_have_count(0)


def lines(page: Page) -> Locator:
    return page.locator("#in-box .card.lines > li")


def take_out_until_bare(page: Page) -> None:
    """Take things out, what is eaten first at first, until a day has too little."""
    for n in range(4):
        lines(page).get_by_role("button", name="Take out").first.click()
        expect(page.get_by_role("button", name="Put back")).to_have_count(n + 1)
        if page.locator("#gap .note").count():
            return
    raise AssertionError("four things less, and every day has enough")


def test_a_swap_with_a_gap_warned_of_and_fixed(page: Page, farm: FarmProcess) -> None:
    open_box(page, farm)
    ripe = page.locator("#box-foot b").first.inner_text()

    take_out_until_bare(page)
    expect(page.locator(":focus")).to_contain_text("Put back")
    expect(page.locator("#box-said")).to_contain_text("taken out.")
    expect(page.locator("#gap h2")).to_be_visible()
    fix = page.locator("#gap .card button.filled").first
    said = fix.inner_text()
    assert re.match(r"(Put|Swap) in |Fill the rest anew", said)
    fix.click()

    expect(page.locator("#box-foot")).to_contain_text("Saved, ")
    expect(page.locator("#box-said")).not_to_contain_text("taken out.")
    expect(page.locator("#gap .note")).to_have_count(0)
    expect(page.locator("#box-days .covered")).to_be_visible()
    assert page.locator("#box-foot b").first.inner_text() == ripe
    page.reload()
    expect(page.locator("#gap .note")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    while page.locator("#box-foot").get_by_role("button", name="Undo").count():
        undo = page.locator("#box-foot").get_by_role("button", name="Undo")
        label = undo.inner_text()
        undo.click()
        expect(page.locator("#box-said")).to_contain_text("Undone.")
        expect(page.locator("#box-foot")).not_to_contain_text(label)
    expect(page.locator("#box-foot")).to_contain_text("As we filled it for you.")


def test_what_could_come_instead_is_looked_at_before_anything_is_done(
    page: Page, farm: FarmProcess
) -> None:
    open_box(page, farm)
    held = lines(page).all_inner_texts()

    lines(page).first.get_by_role("link", name="Swap").click()
    panel = lines(page).first.locator(".ideas")
    expect(panel.locator("h3")).to_be_focused()
    assert panel.get_by_role("button", name="Put in").count() >= 1
    panel.get_by_role("link", name="Leave it as it is").click()
    expect(panel).to_have_count(1)
    expect(lines(page).first.locator(".ideas h3")).to_have_count(0)
    assert lines(page).all_inner_texts() == held

    page.get_by_role("link", name="Add something").click()
    idea = page.locator("#ideas-add .idea-list > li").first
    what = idea.locator(".name").inner_text()
    idea.get_by_role("button", name="Put in").click()
    expect(page.locator("#box-foot")).to_contain_text("Undo")
    assert what.split()[-1][:4].lower() in page.locator("#in-box").inner_text().lower()
    page.locator("#box-foot").get_by_role("button", name="Undo").click()
    expect(page.locator("#box-foot")).to_contain_text("As we filled it for you.")


def press_until(page: Page, name: str, *, most: int = 80) -> None:
    """Walk on with the Tab key until something of that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()"
        )
        if str(here).startswith(name):
            seen = page.evaluate(
                "(() => { const box = document.activeElement.getBoundingClientRect(),"
                " foot = document.querySelector('#box-foot'), inFoot = foot.contains(document.activeElement);"
                " return inFoot || box.bottom <= foot.getBoundingClientRect().top + 1 })()"
            )
            assert seen, f"{name} lies under the foot"
            return
    raise AssertionError(f"no way to {name!r} by keyboard")


def test_a_box_is_changed_by_keyboard_alone(page: Page, farm: FarmProcess) -> None:
    open_box(page, farm)
    for _ in range(lines(page).count()):
        press_until(page, "Take out")
        page.keyboard.press("Enter")
        expect(page.locator(":focus")).to_contain_text("Put back")
        if page.locator("#gap .note").count():
            break
    fix = page.locator("#gap .card button.filled").first
    label = fix.inner_text()
    for _ in range(80):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.innerText || ''").startswith(label):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#gap .note")).to_have_count(0)
    focused = page.locator(":focus")
    assert focused.evaluate("e => e.closest('#in-box') !== null")

    press_until(page, "Have the box as we planned it")
    page.keyboard.press("Enter")
    expect(page.locator("#box-foot")).to_contain_text("As we filled it for you.")


def test_without_any_script_the_same_buttons_do_the_same(page: Page, farm: FarmProcess) -> None:
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        viewport={"width": 390, "height": 844}, locale="en-GB", java_script_enabled=False
    )
    plain = context.new_page()
    open_box(plain, farm)
    plain.get_by_role("button", name="Take out").last.click()
    expect(plain).to_have_url(re.compile(r"\?at=\w+#line-"))
    plain.get_by_role("button", name="Put back").click()
    expect(plain.get_by_role("button", name="Put back")).to_have_count(0)
    plain.get_by_role("link", name="Swap").first.click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Instead of")
    plain.get_by_role("button", name="Put in").first.click()
    expect(plain.locator("#box-foot")).to_contain_text("Undo")
    plain.get_by_role("button", name="Have the box as we planned it").click()
    expect(plain.locator("#box-foot")).to_contain_text("As we filled it for you.")
    context.close()
