"""Stops in a browser's hands: fetched from the first box on, until a place is gone."""

import asyncio

import httpx

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.place_store import HELD_MINUTES
from tests.market import BEFORE, add_stop
from tests.subscriptions.entrypoints.conftest import Browser
from tests.subscriptions.entrypoints.test_shop_pages import (
    STEPS,
    Town,
    count,
    enter_card,
    fill,
    town,
)

__all__ = ["town"]


async def ask_for(town: Town, browser: Browser, stop: object, *, email: str) -> httpx.Response:
    """Answer every step, the first one with a stop, and ask for the card page."""
    await fill(town, browser, email=email)
    answer = await browser.send_form(f"{STEPS}/where", how="stop", stop=str(stop))
    assert answer.status_code == 303, answer.text
    return await browser.send_form(STEPS)


async def test_who_fetches_the_box_says_no_address_and_gets_it_at_the_stop(town: Town) -> None:
    stop = await add_stop(town.market)
    browser = await town.browser()
    assert "Old Bakery" in (await browser.get(f"{STEPS}/where")).text
    page = await ask_for(town, browser, stop, email="mira@example.org")
    review = (await browser.get(f"{STEPS}/review")).text
    assert "Tue 16:00 to 19:00" in review
    assert "4711" not in review
    done = await browser.get(await asyncio.to_thread(enter_card, page.headers["location"]))
    assert done.status_code == 200
    sql = "SELECT count(*) FROM subscription JOIN household ON household.id = household WHERE stop = $1 AND street = ''"
    assert await count(sql, stop) == 1


async def test_two_visitors_at_once_do_not_both_begin_at_the_last_place(town: Town) -> None:
    stop = await add_stop(town.market, capacity=1)
    browsers = [await town.browser(), await town.browser()]
    for n, each in enumerate(browsers):
        await fill(town, each, email=f"mira{n}@example.org")
        await each.send_form(f"{STEPS}/where", how="stop", stop=str(stop))

    answers = await asyncio.gather(*(each.send_form(STEPS) for each in browsers))

    assert sorted(each.status_code for each in answers) == [303, 409]
    refused = next(each.text for each in answers if each.status_code == 409)
    assert "The last place at this stop has just gone." in refused
    again = await (await town.browser()).send_form(f"{STEPS}/where", how="stop", stop=str(stop))
    assert "This stop is full." in again.text


async def test_a_place_is_kept_while_the_card_is_entered_and_not_for_ever(town: Town) -> None:
    stop = await add_stop(town.market, capacity=1)
    slow, quick = await town.browser(), await town.browser()
    first = await ask_for(town, slow, stop, email="slow@example.org")
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET created_at = $1", BEFORE.subtract(days=2, minutes=HELD_MINUTES)
        )
    second = await ask_for(town, quick, stop, email="quick@example.org")
    done = await quick.get(await asyncio.to_thread(enter_card, second.headers["location"]))
    assert done.status_code == 200

    late = await slow.get(await asyncio.to_thread(enter_card, first.headers["location"]))

    assert late.status_code == 409
    assert "Choose another stop, or your door" in late.text
    assert await count("SELECT count(*) FROM subscription WHERE status = 'active'") == 1
