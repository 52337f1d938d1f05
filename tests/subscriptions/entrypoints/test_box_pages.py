"""A customer's boxes: what they show, in pages and for programs, and that nobody else's can be opened."""

from uuid import UUID, uuid4

import httpx
import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.box_api import BoxApiController
from subscriptions.entrypoints.box_controller import BoxController
from subscriptions.entrypoints.next_box_controller import NextBoxController
from subscriptions.entrypoints.today_controller import TodayController
from tests.market import AFTER, BEFORE, CUTOFF, Market, add_lot, insert, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_today_pages import boxed, counted, customer_of, pay
from tests.subscriptions.people import fetch
from tests.subscriptions.services.scarce_street import PLENTY, SCARCE, open_scarce_street


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (NextBoxController, BoxController, BoxApiController, TodayController)


async def stand(box: UUID, status: str) -> None:
    await fetch(
        "UPDATE box SET status = $2, locked_at = status_at WHERE id = $1 RETURNING id", box, status
    )


def text(answer: httpx.Response) -> str:
    assert answer.status_code == 200
    return answer.text.replace("\u00a0", " ")


async def ship(m: Market, box: UUID, *, tracking: str | None = None) -> None:
    await insert(
        "shipment", id=uuid4(), merchant=m.merchant, box=box, serial=1, sscc="095212340000000017",
        carrier="manual", tracking=tracking, status="shipped", labelled_at=AFTER, packed_at=AFTER, shipped_at=AFTER,
    )  # fmt: skip


async def test_a_box_shows_its_days_its_lines_and_its_price_with_the_tax_in_it(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana", "apple_fuji")
    web.clock.at = BEFORE
    browser = await customer_of(web, box)

    page = text(await browser.get(f"/boxes/{box}"))

    assert "Tuesday 1 December" in page
    assert "Yours to change for one more hour" in page
    assert page.count('href="/calendar/') == 7
    assert "3 bananas" in page
    assert "€22.00" in page
    assert "incl. 7% VAT" in page
    assert "(€1.44)" in page


async def test_the_list_says_of_each_box_where_it_stands(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    web.clock.at = BEFORE
    browser = await customer_of(web, box)

    assert ">open<" in text(await browser.get("/boxes")).replace("</svg>", ">")
    web.clock.at = CUTOFF
    assert ">locked<" in text(await browser.get("/boxes")).replace("</svg>", ">")
    await pay(box)
    await ship(m, box)
    assert ">on the way<" in text(await browser.get("/boxes")).replace("</svg>", ">")


async def test_deliveries_that_are_not_planned_yet_are_named_by_their_day(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await insert(
        "delivery_day", id=uuid4(), merchant=m.merchant, round=m.round, depot=m.depot,
        delivery_on=CUTOFF.date().add(days=9), cutoff_at=CUTOFF.add(weeks=1), pack_on=CUTOFF.date().add(days=8),
    )  # fmt: skip
    browser = await customer_of(web, box)

    page = text(await browser.get("/boxes"))

    assert "Tuesday 8 December" in page
    assert "planned about a week before" in page


async def test_a_shipped_box_tells_its_tracking_number(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await pay(box)
    await ship(m, box, tracking="JJD000390007882")
    browser = await customer_of(web, box)

    assert "JJD000390007882" in text(await browser.get(f"/boxes/{box}"))


async def test_a_day_that_lacks_something_says_why(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await insert(
        "uncovered_day", id=uuid4(), merchant=m.merchant, box=box, day_on=CUTOFF.date().add(days=4),
        kind="fruit", missing=2, reason="out_of_stock",
    )  # fmt: skip
    browser = await customer_of(web, box)

    page = text(await browser.get(f"/boxes/{box}"))

    assert "has all gone into other boxes" in page
    assert "2 portions fewer" in page


async def test_a_declined_card_is_told_with_what_to_do_and_nothing_to_pay(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await stand(box, "declined")
    web.clock.at = AFTER
    browser = await customer_of(web, box)

    for path in ("/boxes", f"/boxes/{box}", "/today"):
        page = text(await browser.get(path))
        assert "The bank did not take the card" in page
        assert "Ask your bank" in page
    assert "You pay nothing for this box." in text(await browser.get(f"/boxes/{box}"))


async def test_somebody_elses_box_is_like_none(web: Web) -> None:
    m = await open_market()
    mine, theirs = await boxed(m, "banana"), await boxed(m, "mango")
    await stand(theirs, "needs_authentication")
    browser = await customer_of(web, mine)

    for box in (theirs, uuid4()):
        for path in (f"/boxes/{box}", f"/boxes/{box}/confirm", f"/boxes/{box}/confirm/done"):
            assert (await browser.get(path)).status_code == 404, path
        answer = await browser.send_form(f"/boxes/{box}/confirm", **{"try": "0" * 16})
        assert answer.status_code == 404
        assert (await browser.get(f"/api/v1/boxes/{box}")).status_code == 404
    assert str(theirs) not in text(await browser.get("/boxes"))
    assert str(theirs) not in text(await browser.get("/api/v1/boxes"))


async def test_strangers_are_led_to_sign_in_and_programs_are_told(web: Web) -> None:
    browser = await web.browser()

    assert (await browser.get("/boxes")).headers["location"] == "/sign-in?next=/boxes"
    assert (await browser.get("/api/v1/boxes")).status_code == 401


async def test_a_program_reads_the_same_box(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    web.clock.at = BEFORE
    browser = await customer_of(web, box)

    (listed,) = (await browser.get("/api/v1/boxes")).json()["boxes"]
    whole = (await browser.get(f"/api/v1/boxes/{box}")).json()

    assert listed["id"] == str(box)
    assert (listed["state"], listed["price_minor"], listed["currency"]) == ("open", 2200, "EUR")
    assert listed.items() <= whole.items()
    assert whole["lines"][0]["produce"] == "banana"
    assert len(whole["days"]) == 7
    assert whole["days"][0]["on"] == "2026-12-01"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There was not enough"), ("zh", "不够")],
)
async def test_a_program_is_told_why_something_is_not_in_the_box(
    web: Web, language: str, sentence: str
) -> None:
    street = await open_scarce_street()
    day = street.market.day
    (holder,) = await street.plan(day)
    other = await street.box((holder + 1) % 3, day)
    browser = await customer_of(web, other)
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)

    every = (await browser.get(f"/api/v1/boxes/{other}/why")).json()
    (asked,) = (await browser.get(f"/api/v1/boxes/{other}/why?produce={SCARCE}")).json()["answers"]
    (absent,) = (await browser.get(f"/api/v1/boxes/{other}/why?produce=rose")).json()["answers"]

    assert every["id"] == str(other)
    assert {each["produce"]: each["answer"] for each in every["answers"]}[PLENTY] == "in_box"
    assert asked in every["answers"]
    assert asked["answer"] in {"not_enough", "worth_more"}
    assert sentence in asked["sentences"][0]
    assert (asked["missed"], asked["wanted"], asked["got"], asked["ahead"]) == (1, 3, 1, 0)
    assert (absent["answer"], absent["wanted"]) == ("not_offered", None)
    theirs = await street.box(holder, day)
    assert (await browser.get(f"/api/v1/boxes/{theirs}/why")).status_code == 404


async def test_a_box_whose_plan_left_no_record_has_no_answers(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    browser = await customer_of(web, box)

    assert (await browser.get(f"/api/v1/boxes/{box}/why")).json() == {"id": str(box), "answers": []}


async def test_the_api_is_documented(web: Web) -> None:
    browser: Browser = await web.browser()

    paths = (await browser.get("/schema/openapi.json")).json()["paths"]

    assert {f"/api/v1/boxes{rest}" for rest in ("", "/{box_id}", "/{box_id}/why")} <= set(paths)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_pages_open_in_both_languages(web: Web, language: str) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await stand(box, "needs_authentication")
    browser = await customer_of(web, box)
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)

    for path in ("/boxes", f"/boxes/{box}", f"/boxes/{box}/confirm"):
        page = text(await browser.get(path))
        assert ("银行" in page) == (language == "zh"), path


async def test_more_boxes_and_lines_ask_no_more_of_the_database(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = await open_market()
    small, large = await boxed(m, "banana"), await boxed(m, "mango", "plum", "fig", "orange")
    asked = []
    for n, box in enumerate((small, large)):
        browser = await customer_of(web, box, ip=f"203.0.113.{n + 8}")
        with counted(monkeypatch) as said:
            for path in ("/boxes", f"/boxes/{box}", "/api/v1/boxes", f"/api/v1/boxes/{box}"):
                assert (await browser.get(path)).status_code == 200
        asked.append(len(said))

    assert asked[0] == asked[1]


async def test_a_list_begins_further_back_when_asked(web: Web) -> None:
    m = await open_market()
    await add_lot(m, "banana", units=5)
    box = await boxed(m, "mango")
    await pay(box)
    web.clock.at = AFTER.add(days=20)
    browser = await customer_of(web, box)

    assert str(box) in text(await browser.get("/boxes?before=2026-12-02"))
    assert str(box) not in text(await browser.get("/boxes?before=2026-12-01"))
