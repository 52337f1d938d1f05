"""One household's whole way, on a phone in Chinese and on a desk in English: it comes, changes its boxes, and goes.

On the way another household says that its fruit is still hard, and a third one's calendar moves.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import icalendar
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from ripeday.kit import wording
from ripeday.kit.money import Money
from ripeday.sample.merchant import MERCHANTS, PLANS, SampleMerchant
from ripening.produce import load_profiles
from ripening.unit import name_in_words
from subscriptions.cancelling import CancelReason
from subscriptions.notice.rendering import capital
from tests.journeys.barrier import barriers
from tests.journeys.farm_process import FarmProcess
from tests.journeys.neighbours import Neighbours, neighbours
from tests.journeys.person import DESK, PATIENCE_MS, PHONE, enter_card
from tests.journeys.reader import WORKED_OFF_MS, Reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

PLAN: Final = next(plan for plan in PLANS if plan.key == "fruit-1")


@dataclass(frozen=True, slots=True)
class Way:
    """Who comes, with what screen, and where they live."""

    merchant: SampleMerchant
    locale: str
    screen: dict[str, int]
    postcode: str
    street: str
    town: str
    name: str
    email: str

    @property
    def price(self) -> Money:
        """Return what the list says that a box costs."""
        prices = dict(zip(PLANS, self.merchant.prices_minor, strict=True))
        return Money(prices[PLAN], self.merchant.currency)

    @property
    def plan_name(self) -> str:
        """Return the plan as the reader's language calls it."""
        return PLAN.name_zh if self.locale == "zh" else PLAN.name


BERLIN, HANGZHOU = MERCHANTS
WAYS: Final = (
    Way(
        HANGZHOU, "zh", PHONE, "310013", "文三路 88 号", "杭州", "林一帆", "lin.yifan@example.org",
    ),
    Way(
        BERLIN, "en", DESK, "13347", "Lindenweg 7", "Berlin", "Ida Sommer", "ida.sommer@example.org",
    ),
)  # fmt: skip


@pytest.fixture(params=WAYS, ids=["phone-chinese", "desk-english"])
def way(request: pytest.FixtureRequest) -> Way:
    assert isinstance(request.param, Way)
    return request.param


@dataclass
class Street:
    """Browsers of people who do not know each other."""

    browser: Browser
    farm: FarmProcess
    way: Way
    contexts: list[BrowserContext]
    errors: list[Exception]

    def reader(self) -> Reader:
        """Return somebody new with an empty browser."""
        context = self.browser.new_context(
            viewport=self.way.screen, locale="zh-CN" if self.way.locale == "zh" else "en-GB"
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(error))  # noqa: PLW0108
        return Reader(page, self.farm, self.way.locale)


@pytest.fixture
def street(browser: Browser, farm: FarmProcess, way: Way) -> Iterator[Street]:
    opened = Street(browser, farm, way, [], [])
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.errors == []


def test_somebody_subscribes_changes_boxes_and_goes_while_a_word_moves_a_neighbours_fruit(
    street: Street, way: Way
) -> None:
    reader = street.reader()
    subscribe(reader, way)
    at = deliveries_at(reader)
    first, second, third, fourth = (each["on"] for each in expect_list(reader, at, way)[:4])
    swap_and_mend(reader, way)
    skip_and_have_after_all(reader, at, way, second)
    shift(reader, at, way, second, third)
    pause(reader, at, way, fourth)
    say_that_it_is_still_hard(street, way)
    cancel(reader, at, way, first)
    expect_receipts_by_mail(reader, way, 5)


def subscribe(reader: Reader, way: Way) -> None:
    page, price = reader.page, reader.money(way.price)
    reader.go(f"/m/{way.merchant.slug}")
    assert barriers(page) == []
    reader.press("Start with this week")
    for label, typed in (
        ("Postcode", way.postcode), ("Street and number", way.street), ("Town", way.town),
    ):  # fmt: skip
        page.get_by_role("textbox", name=reader.say(label)).fill(typed)
    page.locator("input[name=round]").last.check()
    reader.expect_heading("Where does the box go?")
    reader.press("Go on")

    plan = page.locator("label", has=page.get_by_text(way.plan_name, exact=True))
    plan.get_by_role("radio").check()
    expect(plan).to_contain_text(price)
    page.locator("input[name=fridge][value=yes]").check()
    reader.expect_heading("Who eats, and in what kitchen?")
    reader.press("Go on")
    reader.expect_heading("What do you like?")
    reader.press("Go on")
    page.get_by_role("textbox", name=reader.say("Name")).fill(way.name)
    page.get_by_role("textbox", name=reader.say("E-mail")).fill(way.email)
    reader.expect_heading("Who are you?")
    reader.press("Look everything over")

    reader.expect_heading("Is everything right?")
    expect(page.get_by_role("main")).to_contain_text(price)
    reader.press("Enter the card")
    page.wait_for_url(re.compile(r"/c/pay/"))
    enter_card(page, "4242 4242 4242 4242")
    page.wait_for_url(re.compile(r"/subscribe/done"))
    expect(page.get_by_role("main")).to_contain_text(
        reader.say(
            "Then {price} is charged to your card, once, and the box is packed.", price=price
        )
    )
    expect(page.locator("#first-week .week")).to_be_visible(timeout=WORKED_OFF_MS)
    assert barriers(page) == []


def deliveries_at(reader: Reader) -> str:
    """Return where the household's one subscription has its pages."""
    reader.go("/boxes")
    href = reader.page.locator("a[href$='/pause']").first.get_attribute("href") or ""
    return href.removesuffix("/pause")


def expect_list(reader: Reader, at: str, way: Way) -> list[dict[str, Any]]:
    """Expect that the list of next boxes says what the API says; return that, days as days."""
    deliveries: list[dict[str, Any]] = reader.api(f"{at}/deliveries")["deliveries"]
    reader.go("/boxes")
    rows = reader.page.locator("li.of-box")
    expect(rows).to_have_count(len(deliveries))
    for row, said in zip(rows.all(), deliveries, strict=True):
        said["on"] = dt.date.fromisoformat(said["on"])
        is_off = said["state"] in {"skipped", "moved", "paused"}
        price = Money(said["price_minor"], said["currency"])
        expect(row).to_contain_text(wording.long_day(said["on"], way.locale))
        expect(row).to_contain_text(reader.say("not charged") if is_off else reader.money(price))
        if is_off:
            expect(row).to_contain_text(reader.say(said["state"]))
        else:
            assert price == way.price * (2 if said["holds"] else 1)
    return deliveries


def swap_and_mend(reader: Reader, way: Way) -> None:
    """Swap something, take out until a day has too little, and put in what is offered for it."""
    page = reader.page
    page.locator("a[href^='/boxes/']").first.click()
    page.wait_for_url(re.compile(r"/boxes/.+"))
    box = page.url.rsplit("/", 1)[-1]
    reader.expect_heading(
        "Box for {day}", day=wording.long_day(box_of(reader, box)["on"], way.locale)
    )
    lines = page.locator("#in-box .card.lines > li")
    lines.first.get_by_role("link", name=re.compile("^" + reader.say("Swap"))).click()
    lines.first.locator(".ideas").get_by_role("button").first.click()
    undo = page.locator("#box-foot").get_by_role("button")
    expect(undo).to_be_visible()
    take_out = lines.get_by_role("button", name=re.compile("^" + reader.say("Take out")))
    while not page.locator("#gap .note").count():
        done = undo.inner_text()
        take_out.first.click()
        expect(undo).not_to_have_text(done)
    expect(page.locator("#gap h2")).to_be_visible()
    assert box_of(reader, box)["uncovered"] != []
    assert barriers(page) == []

    page.locator("#gap .card button.filled").first.click()
    expect(page.locator("#gap .note")).to_have_count(0)
    expect(page.locator("#box-days .covered")).to_be_visible()
    now = box_of(reader, box)
    assert now["uncovered"] == []
    assert now["price_minor"] == way.price.minor
    expect(page.locator("#box-foot")).to_contain_text(reader.money(way.price))
    expect(lines.filter(has_not_text=reader.say("Put back"))).to_have_count(
        len({line["produce"] for line in now["lines"]})
    )


def box_of(reader: Reader, box: str) -> dict[str, Any]:
    """Return a box as the API has it, with its day as a day."""
    found: dict[str, Any] = reader.api(f"/boxes/{box}")
    return {**found, "on": dt.date.fromisoformat(found["delivery_on"])}


def do(reader: Reader, button: str) -> None:
    """Press the button below what it says that it does."""
    expect(reader.page.locator("ul.points li")).not_to_have_count(0)
    assert barriers(reader.page) == []
    reader.press(button)


def expect_receipt(reader: Reader, text: str, **values: object) -> None:
    """Expect a receipt of these words, one that whoever has its number can check."""
    page = reader.page
    page.wait_for_url(re.compile(r"/receipts/"))
    reader.expect_heading(text, **values)
    receipt, number = page.url, page.url.rsplit("/", 1)[-1]
    page.locator("a[href^='/verify/']").click()
    page.wait_for_url(re.compile(f"/verify/{number}$"))
    reader.expect_heading("This receipt is genuine.")
    expect(page.locator(".note.ok")).to_contain_text(reader.say(text, **values))
    page.goto(receipt)


def expect_receipts_by_mail(reader: Reader, way: Way, n: int) -> None:
    """Expect the list of receipts to be complete, and each of them to have been mailed, too."""
    reader.go("/receipts")
    rows = reader.page.locator("a.receipt-row")
    expect(rows).to_have_count(n)
    assert barriers(reader.page) == []
    for href in [row.get_attribute("href") or "" for row in rows.all()]:
        assert reader.mailed(way.email, href.rsplit("/", 1)[-1])


def skip_and_have_after_all(reader: Reader, at: str, way: Way, on: dt.date) -> None:
    day = wording.day_and_month(on, way.locale)
    reader.go("/boxes")
    reader.page.locator(f"a[href='{at}/skips/{on}']").click()
    reader.expect_heading("Skip the box of {day}?", day=day)
    do(reader, "Skip this box")
    expect_receipt(reader, "Box of {day} skipped", day=day)
    nothing = reader.money(Money(0, way.price.currency))
    expect(reader.page.locator(".receipt dl")).to_contain_text(nothing)
    assert state_on(expect_list(reader, at, way), on) == "skipped"

    reader.page.locator(f"a[href='{at}/skips/{on}']").click()
    reader.expect_heading("Have the box of {day} after all?", day=day)
    do(reader, "Have this box")
    expect_receipt(reader, "Box of {day} comes after all", day=day)
    assert state_on(expect_list(reader, at, way), on) == "open"


def state_on(deliveries: list[dict[str, Any]], on: dt.date) -> object:
    return next(each["state"] for each in deliveries if each["on"] == on)


def shift(reader: Reader, at: str, way: Way, on: dt.date, to: dt.date) -> None:
    page, day = reader.page, wording.day_and_month(on, way.locale)
    page.locator(f"a[href='{at}/moves/{on}']").click()
    reader.expect_heading("Move the box of {day}?", day=day)
    page.locator(f"input[name=to][value='{to}']").check()
    expect(page.locator("ul.points")).to_contain_text(reader.money(way.price * 2))
    do(reader, "Move this box")
    until = wording.day_and_month(to, way.locale)
    expect_receipt(reader, "Box of {day} moved to {until}", day=day, until=until)
    after = expect_list(reader, at, way)
    assert state_on(after, on) == "moved"
    assert [each["on"] for each in after if each["holds"] == on.isoformat()] == [to]


def pause(reader: Reader, at: str, way: Way, since: dt.date) -> None:
    page, until = reader.page, since + dt.timedelta(weeks=3)
    reader.follow("Pause until a day")
    page.locator("select[name=from]").select_option(since.isoformat())
    page.locator("input[name=until]").fill(until.isoformat())
    reader.press("Show what this does")
    expect(page.locator("ul.points")).to_be_visible()
    reader.expect_heading("Pause the boxes")
    do(reader, "Pause the boxes")
    day = wording.day_and_month(until, way.locale)
    expect_receipt(reader, "Boxes paused until {until}", until=day)
    paused = [each["on"] for each in expect_list(reader, at, way) if each["state"] == "paused"]
    assert paused == [since + dt.timedelta(weeks=n) for n in range(3)]


def cancel(reader: Reader, at: str, way: Way, first: dt.date) -> None:
    page = reader.page
    reader.go("/household")
    page.locator(f"a[href='{at}/cancel']").click()
    reader.expect_heading("Cancel the subscription?")
    page.locator(f"input[name=reason][value={CancelReason.AWAY.value}]").check()
    do(reader, "Cancel the subscription")
    expect_receipt(reader, "Subscription cancelled")
    reader.go(f"{at}/cancel")
    assert barriers(page) == []
    expect(page.locator(f"form[action='{at}/cancel']")).to_have_count(0)
    left = reader.api(f"{at}/deliveries")["deliveries"]
    notice = dt.timedelta(days=way.merchant.notice_days)
    assert all(dt.date.fromisoformat(each["on"]) <= reader.farm.as_of + notice for each in left)


def say_that_it_is_still_hard(street: Street, way: Way) -> None:
    """One household says that its fruit is still hard: on another's pages, feed and API that fruit comes later."""
    they = neighbours(street.farm, way.merchant.slug)
    teller, holder = street.reader(), street.reader()
    holder.sign_in_by_mail(they.holder_email)
    address = private_calendar(holder)
    meals, feed = expect_meals(holder, they, address)

    teller.sign_in_by_mail(they.teller_email)
    teller.go(f"/calendar/{they.on}")
    form = teller.page.locator(f"#report-{they.line_id}")
    teller.page.locator("details.ask", has=form).locator("summary").click()
    form.get_by_role("button", name=teller.say("Still hard")).click()
    told = teller.page.locator(".told")
    expect(told).to_contain_text(name_of(teller, they))
    assert barriers(teller.page) == []

    later, feed_after = expect_meals(holder, they, address, besides=meals)
    assert min(later) > min(meals)
    assert max(later) >= max(meals)
    changed = set(meals) ^ set(later)
    for on in changed & feed.keys() & feed_after.keys():
        assert feed_after[on]["SEQUENCE"] > feed[on]["SEQUENCE"]
        assert feed_after[on]["SUMMARY"] != feed[on]["SUMMARY"]
    assert changed & feed.keys() & feed_after.keys() != set()


def private_calendar(holder: Reader) -> str:
    """Make a private calendar, and return its address."""
    holder.go("/calendar/own")
    holder.press("Make a private link")
    return holder.page.locator("#field-link").input_value()


def name_of(reader: Reader, they: Neighbours) -> str:
    return reader.say("{what}", what=name_in_words(load_profiles()[they.produce_key]))


def expect_meals(
    holder: Reader, they: Neighbours, address: str, *, besides: Sequence[dt.date] = ()
) -> tuple[list[dt.date], dict[dt.date, icalendar.Event]]:
    """Expect the API, the pages and the feed to have the fruit on the same days; return these, and the feed.

    Pages of days `besides` are looked at, too.
    """
    name, box = name_of(holder, they), holder.api(f"/boxes/{they.box_id}")
    days = {dt.date.fromisoformat(day["on"]): day["produce"] for day in box["days"]}
    meals = [on for on, produce in days.items() if they.produce_key in produce]
    feed = read_feed(holder, address)
    begins = capital(holder.say("{units}: {when}", units=name, when="")).strip()
    written = [on for on in days if on in feed and begins in str(feed[on]["DESCRIPTION"])]
    assert written == meals
    planned = holder.page.locator("section", has_text=holder.say("Planned for this day"))
    for on in sorted({*meals, *besides}):
        holder.go(f"/calendar/{on}")
        here = planned.filter(has_text=re.compile(re.escape(name), re.IGNORECASE))
        expect(here).to_have_count(1 if on in meals else 0)
    return meals, feed


def read_feed(holder: Reader, address: str) -> dict[dt.date, icalendar.Event]:
    """Return what a calendar program is told of days, by day."""
    answer = holder.page.request.get(address)
    assert answer.ok
    events = icalendar.Calendar.from_ical(answer.body()).walk("VEVENT")
    return {each.start: each for each in events if str(each["UID"]).startswith("day.")}
