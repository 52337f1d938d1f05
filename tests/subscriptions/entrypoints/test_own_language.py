"""The language that a person has saved goes with them, whatever a browser remembers."""

import pytest
from litestar.types import ControllerRouterHandler

from ripeday.web.choice import choose_language
from subscriptions.role import Role
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import add_merchant, add_person, fetch

ANNA = "anna@example.org"


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (choose_language,)


async def anna(web: Web, locale: str | None) -> Browser:
    """Sign in on a browser that remembers English."""
    await add_person(ANNA, (Role.CUSTOMER, await add_merchant()), locale=locale)
    browser = await web.browser()
    await browser.get("/language/en")
    await browser.sign_in(ANNA)
    return browser


async def saved() -> object:
    return (await fetch("SELECT locale FROM person WHERE email = $1", ANNA))[0][0]


async def test_a_saved_language_goes_before_what_the_browser_remembers(web: Web) -> None:
    browser = await anna(web, "zh")

    page = await browser.get("/sign-out")

    assert "要在这台设备上退出登录吗？" in page.text
    assert page.headers["content-language"] == "zh"
    assert browser.cookies["lang"] == "zh"  # pages that ask nobody's name speak it too


async def test_errors_speak_the_saved_language(web: Web) -> None:
    browser = await anna(web, "zh")
    answer = await browser.get("/merchant/staff")
    assert answer.status_code == 403
    assert "这不在您的权限内" in answer.text


async def test_without_a_saved_language_the_browser_decides_and_nothing_is_saved(web: Web) -> None:
    browser = await anna(web, None)
    assert "Sign out on this device?" in (await browser.get("/sign-out")).text
    assert await saved() is None


@pytest.mark.parametrize("before", ["zh", None])
async def test_a_language_chosen_while_signed_in_is_saved(web: Web, before: str | None) -> None:
    browser = await anna(web, before)
    assert (await browser.get("/language/zh")).status_code == 303
    assert await saved() == "zh"

    await browser.get("/language/en")

    assert await saved() == "en"
    assert browser.cookies["lang"] == "en"
    assert "Sign out on this device?" in (await browser.get("/sign-out")).text
    elsewhere = await web.browser()
    await elsewhere.sign_in(ANNA)
    assert "Sign out on this device?" in (await elsewhere.get("/sign-out")).text


async def test_a_stranger_changes_nobodys_language(web: Web) -> None:
    await anna(web, "zh")
    await (await web.browser()).get("/language/en")
    assert await saved() == "zh"


async def test_a_link_on_another_site_does_not_change_the_saved_language(web: Web) -> None:
    browser = await anna(web, "zh")
    await browser.get("/language/en", headers={"sec-fetch-site": "cross-site"})
    assert await saved() == "zh"
    assert "要在这台设备上退出登录吗？" in (await browser.get("/sign-out")).text
