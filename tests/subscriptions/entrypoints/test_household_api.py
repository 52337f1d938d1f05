"""A household, its ratings and its data by program: what the pages do, under the same rules."""

import io
import json
import zipfile
from uuid import UUID, uuid4

import httpx
import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.household_api import HouseholdApiController, HouseholdsApiController
from subscriptions.entrypoints.own_data_api import OwnDataApiController
from subscriptions.entrypoints.rating_api import RatingApiController, RatingsApiController
from tests.market import AFTER, DELIVERY_ON
from tests.ripeday.web.two_markets import fingerprints
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_household_pages import (
    home_of,
    lines_of,
    planned_market,
    resident,
)
from tests.subscriptions.entrypoints.test_notice_api import send
from tests.subscriptions.entrypoints.test_problem_pages import delivered
from tests.subscriptions.entrypoints.test_today_pages import customer_of
from tests.subscriptions.people import fetch

HOME = {"people": 3, "room": 2, "has_fridge": False}


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (
        HouseholdsApiController,
        HouseholdApiController,
        RatingsApiController,
        RatingApiController,
        OwnDataApiController,
    )


async def told(browser: Browser, home: UUID) -> dict[str, object]:
    (household,) = (await browser.get("/api/v1/households")).json()["households"]
    assert household == (await browser.get(f"/api/v1/households/{home}")).json()
    return household  # type: ignore[no-any-return]


async def test_a_change_says_what_holds_now_and_how_many_boxes_it_reached(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    home, gone = await home_of(mine), min(await lines_of(mine))
    browser = await resident(web, mine)
    at = f"/households/{home}"

    changed = await send(
        browser,
        f"{at}/tastes",
        {"tastes": {gone: "never", "mandarin": "sometimes"}, "never_families": ["stone"]},
    )
    await send(browser, f"{at}/home", HOME)
    await send(browser, f"{at}/consent", {"consent": "ask"})
    once = {"produce": [], "families": ["citrus"]}
    week = await send(browser, f"{at}/weeks/{DELIVERY_ON}", once)

    assert (changed.status_code, changed.json()["boxes_changed"]) == (200, 1)
    assert not await lines_of(mine) & {gone, "mandarin", "orange"}
    assert week.json()["household"] == await told(browser, home)
    assert await told(browser, home) == {
        "id": str(home),
        "home": HOME,
        "tastes": {gone: "never"},
        "never_families": ["stone"],
        "weeks": [{**once, "on": str(DELIVERY_ON)}],
        "consent": "ask",
    }
    written = await fetch("SELECT detail->>'what' FROM audit_entry WHERE subject = 'household'")
    assert sorted(written) == [("consent",), ("home",), ("tastes",), ("week",)]


WRONG: tuple[tuple[str, object, str | None], ...] = (
    ("home", {**HOME, "people": 0}, "people"), ("home", {**HOME, "people": 13}, "people"),
    ("home", {**HOME, "people": 10**30}, "people"), ("home", {**HOME, "room": 4}, None),
    ("home", {"people": 3, "room": 2}, None), ("home", {**HOME, "street": "Lindenweg 4"}, None),
    ("tastes", {"tastes": {}}, None), ("tastes", {"tastes": {"grape": "love"}, "never_families": []}, None),
    ("tastes", {"tastes": {"g\0": "like"}, "never_families": []}, "tastes"),
    ("tastes", {"tastes": {}, "never_families": ["x" * 10_000]}, "never_families"),
    ("tastes", {"tastes": [["grape", "like"]], "never_families": []}, None),
    ("consent", {"consent": "whatever"}, None), ("consent", None, None), ("consent", [], None),
    (f"weeks/{DELIVERY_ON}", {"produce": ["grape", 7], "families": []}, None),
    (f"weeks/{DELIVERY_ON}", {"produce": ["gr\u0430pe"], "families": []}, "produce"),
    (f"weeks/{DELIVERY_ON}", {"produce": [], "families": ["'; --"]}, "families"),
)  # fmt: skip


async def test_what_is_wrong_changes_nothing(web: Web) -> None:
    m = await planned_market(web)
    (mine,) = m.subscriptions
    browser, at = await resident(web, mine), f"/households/{await home_of(mine)}"
    before = await fingerprints()
    for path, document, field in WRONG:
        answer = await send(browser, f"{at}/{path}", document)
        assert answer.status_code == (422 if field else 400), (path, document, answer.text)
        assert answer.json().get("field") == field
        assert answer.json()["code"] == ("invalid" if field else "bad_request")
    every = list(web.house.profiles)
    nothing_left = (
        ("tastes", {"tastes": dict.fromkeys(every, "never"), "never_families": []}),
        (f"weeks/{DELIVERY_ON}", {"produce": every, "families": []}),
    )
    for path, document in nothing_left:
        assert (await send(browser, f"{at}/{path}", document)).json()["field"] == "tastes"
    assert await fingerprints() == before


async def test_somebody_elses_household_is_like_none_and_a_closed_day_too(web: Web) -> None:
    m = await planned_market(web, households=2)
    mine, theirs = m.subscriptions
    browser, home = await resident(web, mine), await home_of(mine)
    other, week = await home_of(theirs), {"produce": ["grape"], "families": []}
    before = await fingerprints()
    answers = []
    for id_ in (other, uuid4()):
        at = f"/households/{id_}"
        answers += [
            await browser.get(f"/api/v1{at}"),
            await send(browser, f"{at}/home", HOME),
            await send(browser, f"{at}/tastes", "no such document"),
            await send(browser, f"{at}/weeks/{DELIVERY_ON}", week),
            await send(browser, f"{at}/consent", {"consent": "never"}),
        ]
    web.clock.at = AFTER
    answers.append(await send(browser, f"/households/{home}/weeks/{DELIVERY_ON}", week))
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "not_found")}
    assert await fingerprints() == before


async def test_a_rating_suggests_a_taste_that_a_program_can_send(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    path = f"/lines/{line}/rating"

    for liking in ("gladly", "not_for_us"):
        rated = await send(browser, path, {"liking": liking})

    assert rated.status_code == 200
    assert rated.json() == (await browser.get(f"/api/v1/boxes/{m.boxes[0]}/ratings")).json()
    (apples,) = [each for each in rated.json()["lines"] if each["produce"] == "apple_fuji"]
    assert apples == {
        "line": str(line),
        "produce": "apple_fuji",
        "units": 4,
        "liking": "not_for_us",
        "suggested_taste": "never",
    }
    wrongs: tuple[object, ...] = (
        {"liking": "love"},
        {"liking": None},
        {"liking": "fine", "box": "x"},
        [],
        None,
    )
    for wrong in wrongs:
        assert (await send(browser, path, wrong)).status_code == 400
    assert (await send(browser, f"/lines/{uuid4()}/rating", {"liking": 7})).status_code == 404
    assert await fetch("SELECT liking FROM item_rating") == [("not_for_us",)]
    web.clock.at = AFTER  # the day before it comes
    for answer in (
        await send(browser, path, {"liking": "fine"}),
        await browser.get(f"/api/v1/boxes/{m.boxes[0]}/ratings"),
    ):
        assert answer.status_code == 404


async def test_own_data_comes_as_the_same_file(web: Web) -> None:
    m, _ = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")

    answer = await browser.get("/api/v1/account/data.zip")

    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        households = json.loads(archive.read("household.json"))
    assert [each["street"] for each in households] == ["Lindenweg 0"]
    stranger = await web.browser("203.0.113.9")
    refused: httpx.Response = await stranger.get("/api/v1/account/data.zip")
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")
