"""What people do on most journeys."""

from typing import Final, Protocol

from playwright.sync_api import Locator, Page, expect

from ripeday.sample.staff import SAMPLE_PASSWORD

PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1280, "height": 900}
PATIENCE_MS: Final = 30_000


class Open(Protocol):
    """A house that has opened at an address."""

    @property
    def url(self) -> str: ...


def sign_in(page: Page, farm: Open, email: str) -> None:
    """Sign in with the password of the sample's people."""
    page.goto(f"{farm.url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(SAMPLE_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def go_on(page: Page) -> None:
    """Press the one button of a step."""
    page.get_by_role("button", name="Go on").click()


def enter_card(page: Page, number: str) -> None:
    """Fill in the card page of the payment provider."""
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=expiry]").fill("12/34")
    page.locator("input[name=cvc]").fill("123")
    page.locator("input[name=name]").fill("Ida Sommer")
    page.locator("form.sheet").get_by_role("button").click()


def walk_to(page: Page, wanted: Locator, *, most: int = 80) -> None:
    """Walk on with the Tab key until something has the focus, and can be seen to have it."""
    expect(wanted).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            expect(wanted).to_be_in_viewport()
            assert wanted.evaluate("it => it.matches(':focus-visible')")
            return
    raise AssertionError(f"no way to {wanted} by keyboard")


def press_by_key(page: Page, wanted: Locator) -> None:
    """Walk to a link or a button, and press it."""
    walk_to(page, wanted)
    page.keyboard.press("Enter")
