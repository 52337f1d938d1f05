"""The storefront's answers to visitors: their kitchen, their postcode, prices, what comes next, how often."""

import re
from uuid import uuid4

import httpx
import pytest
from pendulum import Date

from tests.market import BEFORE, add_household, add_produce, insert
from tests.subscriptions.entrypoints.conftest import Browser
from tests.subscriptions.entrypoints.test_shop_pages import SHOP, STEPS, Town, fill
from tests.subscriptions.entrypoints.test_shop_pages import town as town  # noqa: PLC0414 - a fixture
from tests.subscriptions.people import fetch

HTMX = {"hx-request": "true"}


def text(answer: httpx.Response, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", answer.text.replace("\u00a0", " "))


async def seen(browser: Browser, query: str = "") -> str:
    return text(await browser.get(f"{SHOP}?{query}"))


async def test_a_warm_kitchen_without_a_fridge_has_another_week_and_is_not_asked_for_again(
    town: Town,
) -> None:
    browser = await town.browser()
    usual, hot = await seen(browser), await seen(browser, "room=3&fridge=no")
    assert "about 20 °C with a fridge" in usual
    assert "about 28 °C without a fridge" in hot
    bars = re.compile(r'<span class="bar b30".*?</span>')
    assert bars.findall(usual) != bars.findall(hot)
    assert "k-keep" not in "".join(bars.findall(hot)), "nothing lies in a fridge that is not there"
    await browser.send_form(
        f"{STEPS}/start", people="1", room="3", fridge="no", never="banana", postcode="10115"
    )
    assert 'value="10115"' in text(await browser.get(f"{STEPS}/where"))
    who = text(await browser.get(f"{STEPS}/who"))
    assert 'name="room" value="3" checked' in who
    assert 'name="fridge" value="no" checked' in who


@pytest.mark.parametrize(
    ("postcode", "said"),
    [
        ("10115", "Yes, we come to 10115."),
        ("20095", "We do not come to 20095 yet."),
        ("1011", "Enter a postcode, like 10115"),
        ("<b>10115", "Enter a postcode, like 10115"),
    ],
)
async def test_a_postcode_is_answered_with_and_without_script(
    town: Town, postcode: str, said: str
) -> None:
    browser = await town.browser()
    part = text(await browser.get(f"{SHOP}/area", params={"postcode": postcode}, headers=HTMX))
    assert said in part
    assert "<html" not in part
    whole = await browser.get(f"{SHOP}/area", params={"postcode": postcode})
    assert whole.headers["location"].startswith(f"{SHOP}?postcode=")
    page = text(await browser.get(whole.headers["location"].split("#")[0]))
    assert said in page
    assert "<b>10115" not in page
    assert ("First box Tuesday 1 December, order until Sunday, 8 pm." in page) is ("Yes" in said)


async def test_a_full_round_says_so_before_anything_is_asked(town: Town) -> None:
    await add_household(town.market)
    await fetch("UPDATE delivery_round SET capacity = 1 RETURNING id")
    page = await seen(await town.browser(), "postcode=10115")
    assert "We come to 10115, but every round is full." in page
    assert f'href="{SHOP}/waiting/{town.market.round}"' in page


async def test_prices_seasons_and_when_the_real_box_is_seen_stand_on_the_page(town: Town) -> None:
    await add_produce("strawberry")
    await insert(
        "offer", id=uuid4(), merchant=town.market.merchant, catalog=town.market.catalog, produce="strawberry",
        starts_on=Date(2026, 12, 14), ends_on=Date(2027, 3, 1), price_minor=120, box_limit=4, season_source="local",
    )  # fmt: skip
    browser = await town.browser()
    page = await seen(browser)
    assert "€22.00 a week" in page
    assert "€44.00 for two weeks at once" in page
    assert "€3.14 a portion" in page
    assert "from 14 December" in page
    assert "harvest in the Mediterranean" in page
    assert "The boxes of 1 December are planned already" in page
    town.house.clock.at = BEFORE.subtract(days=10)  # type: ignore[attr-defined]
    assert "stands in your account from 21 November on" in await seen(await town.browser())


async def test_every_third_week_can_be_chosen_and_says_what_it_lacks(town: Town) -> None:
    browser = await town.browser()
    await fill(town, browser)
    third = {"people": "1", "plan": str(town.market.plan), "room": "1", "fridge": "yes"}
    await browser.send_form(f"{STEPS}/who", cadence="3", **third)
    review = text(await browser.get(f"{STEPS}/review"))
    assert "a box lasts two weeks; in the third there is nothing ripe from us" in review
    assert "€44.00 every 3 weeks" in review
    await fetch("UPDATE box_plan SET cadence_weeks = 2 RETURNING id")
    weekly = await browser.send_form(f"{STEPS}/who", cadence="1", **third)
    assert "it cannot come every week" in text(weekly, 422)
