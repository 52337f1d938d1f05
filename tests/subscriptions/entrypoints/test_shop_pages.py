"""The public side in a browser's hands: the storefront, and subscribing down to the saved card."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis

from ripeday.app import create_app
from ripeday.composition import House
from ripeday.kit.adapters.engine import connection
from ripeday.settings import Settings
from ripening.entrypoints.produce_controller import ProduceController
from subscriptions.entrypoints.account_controller import AccountController
from subscriptions.entrypoints.shop_controller import ShopController
from subscriptions.entrypoints.subscribe_controller import SubscribeController
from subscriptions.entrypoints.subscribed_controller import SubscribedController
from tests.market import BEFORE, Market, add_household, add_lot, insert, open_market
from tests.sandbox_fixture import Sandbox
from tests.subscriptions.entrypoints.conftest import Browser, StandingClock
from tests.subscriptions.people import BASE_URL, PASSWORD, add_person

SHOP = "/m/greengate"
STEPS = f"{SHOP}/subscribe"
ADDRESS = {"postcode": "10115", "street": "Lindenweg 4", "city": "Berlin"}
EMAIL = "mira@example.org"
NAMES = {
    "Ripeday",
    "English",
    "Lindenweg",
    "Berlin",
    "Mira",
    "Holm",
    "mira",
    "example",
    "org",
    "Banana",
    "Cavendish",
}


@dataclass
class Town:
    """A market with fruit, its pages, and the provider's."""

    market: Market
    house: House
    sandbox: Sandbox
    open: object

    async def browser(self) -> Browser:
        return await self.open()  # type: ignore[operator, no-any-return]


@pytest.fixture
async def town(
    database: str, valkey_url: str, tmp_path: Path, sandbox: Sandbox
) -> AsyncIterator[Town]:
    market = await open_market()
    for key in ("mandarin", "apple_fuji", "grape", "banana"):
        await add_lot(market, key, units=200)
    settings = Settings(
        secret="0123456789abcdefghijklmnopqrstuvwxyz", database_url=database, redis_url=valkey_url,
        stripe_key=sandbox.api_key, stripe_webhook_secret=sandbox.webhook_secret, smtp_url=sandbox.smtp_url,
        stripe_api=sandbox.url, base_url=BASE_URL, data_dir=tmp_path,
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(Redis.from_url(valkey_url))
        house = House.of(settings, redis, payments=sandbox.gateway())
        house = replace(house, clock=StandingClock(BEFORE.subtract(days=2)))
        app = create_app(
            house,
            [
                ProduceController,
                ShopController,
                SubscribeController,
                SubscribedController,
                AccountController,
            ],
        )

        async def open_browser() -> Browser:
            transport = httpx.ASGITransport(app)
            return await stack.enter_async_context(Browser(transport=transport, base_url=BASE_URL))

        yield Town(market, house, sandbox, open_browser)


async def fill(town: Town, browser: Browser, *, email: str = EMAIL) -> httpx.Response:
    """Answer every step; returns the answer to the last."""
    await browser.send_form(f"{STEPS}/where", round=str(town.market.round), **ADDRESS)
    await browser.send_form(
        f"{STEPS}/who", people="1", plan=str(town.market.plan), cadence="1", room="1", fridge="yes"
    )
    await browser.send_form(f"{STEPS}/tastes", **{"taste-banana": "never", "taste-grape": "like"})
    return await browser.send_form(f"{STEPS}/you", email=email, name="Mira Holm", phone="")


def enter_card(page_url: str, *, number: str = "4242 4242 4242 4242") -> str:
    """Save a card on the provider's page; returns the path it leads back to."""
    card = {"number": number, "expiry": "12/34", "cvc": "123", "name": "Mira Holm"}
    answer = httpx.post(page_url, data=card)
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["location"].removeprefix(BASE_URL)


async def count(sql: str, *values: object) -> int:
    async with connection() as c:
        return int(await c.fetchval(sql, *values))


async def test_the_front_door_leads_to_the_merchant_of_the_reader(town: Town) -> None:
    await insert(
        "merchant", id=uuid4(), slug="guoshi", name="A Guoshi", name_zh="果时", country="CN", currency="CNY",
        timezone="Asia/Shanghai", locale="zh", season_region="ncn", gs1_prefix="9521002", service_level=0.7,
    )  # fmt: skip
    browser = await town.browser()
    for wish, slug in (("zh-CN,zh", "guoshi"), ("de-DE,de", "greengate"), ("en", "greengate")):
        answer = await browser.get("/", headers={"accept-language": wish})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/m/{slug}")
    assert 'href="/m/guoshi"' in (await browser.get(SHOP)).text


async def test_the_storefront_plans_a_week_from_the_real_lots(town: Town) -> None:
    page = (await (await town.browser()).get(SHOP)).text
    assert "My first week" in page
    assert "€22.00 a week" in page
    assert "incl. 7% VAT" in page
    assert "Tuesday 1" in page  # the first delivery that can still be joined
    assert page.count('class="bar b30"') >= 3
    assert "/produce/mandarin" in page
    assert "days covered" not in page  # nothing was planned yet, so no numbers are claimed


async def test_what_is_ruled_out_is_not_planned(town: Town) -> None:
    browser, htmx = await town.browser(), {"hx-request": "true"}
    free = (await browser.get(f"{SHOP}/week", headers=htmx)).text
    assert "/produce/mandarin" in free
    strict = (await browser.get(f"{SHOP}/week?never=mandarin&family=grape", headers=htmx)).text
    assert "/produce/mandarin" not in strict
    assert "/produce/grape" not in strict
    assert "<html" not in strict
    nothing = "&".join(f"never={key}" for key in ("mandarin", "apple_fuji", "grape", "banana"))
    assert "Nothing to plan this week from" in (await browser.get(f"{SHOP}?{nothing}")).text


async def test_a_week_asked_for_without_script_is_the_storefront(town: Town) -> None:
    answer = await (await town.browser()).get(f"{SHOP}/week?people=1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SHOP}?people=1#my-week")


@pytest.mark.parametrize(
    "query", ["people=9999", "people=-1", "people=x", "round=1", "kind=beer", "never=<i>!"]
)
async def test_nonsense_in_the_address_shows_the_usual_week(town: Town, query: str) -> None:
    answer = await (await town.browser()).get(f"{SHOP}?{query}")
    assert answer.status_code == 200
    assert "Start with this week" in answer.text
    assert "<i>!" not in answer.text


async def test_the_promise_counts_the_boxes_planned_in_the_last_month(town: Town) -> None:
    now = town.house.clock.now()
    run, box, sub = uuid4(), uuid4(), uuid4()

    sub = await add_household(town.market)
    await insert(
        "plan_run", id=run, merchant=town.market.merchant, delivery_day=town.market.day, number=1, seed=0, n_boxes=1,
        n_uncovered_days=1, n_covered_days=6, objective=0, waste_portions=0, made_at=now.subtract(days=3),
    )  # fmt: skip
    async with connection() as c:
        household = await c.fetchval("SELECT household FROM subscription WHERE id = $1", sub)
    await insert(
        "box", id=box, merchant=town.market.merchant, delivery_day=town.market.day, subscription=sub,
        household=household, plan_run=run, number=1, kind="fruit", portions_a_day=1, stems_a_day=0, horizon_days=7,
        status="proposed", price_minor=2200, tax_minor=144, currency="EUR", status_at=now,
    )  # fmt: skip
    await insert(
        "uncovered_day", id=uuid4(), merchant=town.market.merchant, box=box, day_on=now.date(), kind="fruit", missing=1,
        reason="out_of_stock",
    )  # fmt: skip
    page = (await (await town.browser()).get(SHOP)).text
    assert "85.7%" in page  # six of seven days, rounded down
    async with connection() as c:
        await c.execute("UPDATE plan_run SET made_at = $1", now.subtract(days=31))
    assert "85.7%" not in (await (await town.browser()).get(SHOP)).text


async def test_a_visitor_subscribes_and_is_signed_in(town: Town) -> None:
    browser = await town.browser()
    start = await browser.send_form(
        f"{STEPS}/start", plan=str(town.market.plan), people="1", never="banana"
    )
    assert start.headers["location"] == f"{STEPS}/where"
    assert (await fill(town, browser)).headers["location"] == f"{STEPS}/review"
    review = (await browser.get(f"{STEPS}/review")).text
    assert all(
        word in review for word in ("Lindenweg 4", "Mira Holm", "bananas", "€22.00", "Tuesday 1")
    )

    provider = await browser.send_form(STEPS)
    assert provider.status_code == 303
    back = enter_card(provider.headers["location"])
    assert back.startswith(f"{STEPS}/done?session=")
    done = await browser.get(back)
    assert "Your first box comes" in done.text
    assert "being planned now" in done.text
    assert (await browser.get(back)).status_code == 200  # loading it again changes nothing
    assert await count("SELECT count(*) FROM subscription WHERE status = 'active'") == 1
    assert await count("SELECT count(*) FROM outbox WHERE payload->>'kind' = 'subscribed'") == 1
    assert (await browser.get("/sign-in")).headers["location"] == "/today"  # known from now on
    tastes = await count(
        "SELECT count(*) FROM household_taste WHERE produce = 'banana' AND taste = 'never'"
    )
    assert tastes == 1


async def test_the_first_week_is_shown_to_its_owner_once_it_is_planned(town: Town) -> None:
    browser = await town.browser()
    await fill(town, browser)
    back = enter_card((await browser.send_form(STEPS)).headers["location"])
    await browser.get(back)
    await town.house.planning.plan_day(town.market.day, now=town.house.clock.now())
    assert "/produce/mandarin" in (await browser.get(back)).text
    async with connection() as c:
        subscription = await c.fetchval("SELECT id FROM subscription")
    path = f"{STEPS}/first-week/{subscription}"
    assert "/produce/mandarin" in (await browser.get(path)).text
    await add_person("eve@example.org")
    eve = await town.browser()
    await eve.sign_in("eve@example.org")
    assert (await eve.get(path)).status_code == 404


async def test_another_browser_with_the_same_link_learns_nothing_and_is_not_signed_in(
    town: Town,
) -> None:
    browser, other = await town.browser(), await town.browser()
    await fill(town, browser)
    back = enter_card((await browser.send_form(STEPS)).headers["location"])
    page = await other.get(back)
    assert "Your first box" not in page.text
    assert (await other.get("/sign-in")).status_code == 200


async def test_a_known_address_signs_in_and_goes_on_where_it_was(town: Town) -> None:
    await add_person(EMAIL)
    browser = await town.browser()
    await fill(town, browser)
    refused = await browser.send_form(STEPS)
    assert refused.status_code == 409
    assert f"/sign-in?next={STEPS}/review" in refused.text
    assert await count("SELECT count(*) FROM subscription") == 0
    entered = await browser.send_form(
        "/sign-in", email=EMAIL, password=PASSWORD, then=f"{STEPS}/review"
    )
    assert entered.headers["location"] == f"{STEPS}/review"
    assert "Lindenweg 4" in (await browser.get(f"{STEPS}/review")).text
    back = enter_card((await browser.send_form(STEPS)).headers["location"])
    assert "Your first box comes" in (await browser.get(back)).text
    assert await count("SELECT count(*) FROM person WHERE email = $1", EMAIL) == 1


async def test_coming_back_without_a_card_can_be_tried_again(town: Town) -> None:
    browser = await town.browser()
    await fill(town, browser)
    provider = (await browser.send_form(STEPS)).headers["location"]
    session_id = re.search(r"cs_test_\w+", provider)
    assert session_id is not None
    page = await browser.get(f"{STEPS}/done?session={session_id[0]}")
    assert page.status_code == 409
    assert "No card was saved yet" in page.text
    again = await browser.send_form(STEPS)  # the person made a moment ago is this browser's own
    back = enter_card(again.headers["location"])
    assert "Your first box comes" in (await browser.get(back)).text
    assert (await browser.get(f"{STEPS}/done?session=cs_test_unknown")).status_code == 404


async def test_a_full_round_leads_back_to_the_choice_of_a_day(town: Town) -> None:
    browser = await town.browser()
    await fill(town, browser)
    async with connection() as c:
        await c.execute("UPDATE delivery_round SET capacity = 1")

    await add_household(town.market)
    answer = await browser.send_form(STEPS)
    assert answer.status_code == 409
    assert "This delivery day is full" in answer.text
    assert "Lindenweg 4" in answer.text


async def test_without_the_provider_nothing_is_saved_and_nothing_is_lost(town: Town) -> None:
    browser = await town.browser()
    await fill(town, browser)
    town.sandbox.kill()
    answer = await browser.send_form(STEPS)
    assert answer.status_code == 503
    assert "Your answers are kept" in answer.text
    assert await count("SELECT count(*) FROM person WHERE email = $1", EMAIL) == 0
    town.sandbox.start()
    assert (await browser.send_form(STEPS)).status_code == 303


async def test_mistakes_stand_at_their_fields_and_what_was_typed_stays(town: Town) -> None:
    browser = await town.browser()
    far = await browser.send_form(f"{STEPS}/where", postcode="99999", street="Lindenweg 4", city="")
    assert far.status_code == 422
    assert "We do not deliver to this postcode yet." in far.text
    assert 'value="Lindenweg 4"' in far.text
    assert 'href="#field-city"' in far.text
    short = await browser.send_form(f"{STEPS}/where", postcode="10", street="x", city="y")
    assert "Enter a postcode, like 10115" in short.text
    mail = await browser.send_form(f"{STEPS}/you", email="mira", name="Mira")
    assert "Enter one e-mail address" in mail.text
    who = await browser.send_form(
        f"{STEPS}/who", people="0", plan=str(uuid4()), cadence="5", room="7", fridge=""
    )
    assert who.text.count("wrong-word") >= 5


async def test_steps_cannot_be_jumped(town: Town) -> None:
    browser = await town.browser()
    assert (await browser.get(f"{STEPS}/review")).headers["location"] == f"{STEPS}/where"
    assert (await browser.send_form(STEPS)).headers["location"] == f"{STEPS}/where"
    assert (await browser.get(f"{STEPS}/nowhere")).status_code == 404
    assert (await browser.get("/m/nobody")).status_code == 404


async def test_chinese_pages_have_no_english_left(town: Town) -> None:
    browser = await town.browser()
    browser.cookies.set("lang", "zh", domain="boxes.example")
    await fill(town, browser)
    for path in (
        SHOP,
        *(f"{STEPS}/{step}" for step in ("where", "who", "tastes", "you", "review")),
        "/produce/banana",
    ):
        text = re.sub(
            r"<(style|script|svg)\b.*?</\1>|<[^>]+lang=\"en\".*?</\w+>|<[^>]*>",
            " ",
            (await browser.get(path)).text,
            flags=re.DOTALL,
        )
        words = set(re.findall(r"[A-Za-z]{3,}", text))
        assert words <= NAMES, (path, words - NAMES)
