"""A person's own calendar: private, theirs to end, and never other than the calendar of the pages."""

import datetime as dt
from uuid import UUID

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.types import ControllerRouterHandler

from ripeday.translation import translator
from ripening.produce import load_profiles
from subscriptions.adapters.box_view_store import boxes_of
from subscriptions.adapters.calendar_store import Edition
from subscriptions.adapters.ical import WrittenEntry, write_calendar
from subscriptions.entrypoints.calendar_controller import CalendarController
from subscriptions.entrypoints.customer_view import load_cards
from subscriptions.entrypoints.feed_controller import FeedController, OwnCalendarController
from tests.market import DELIVERY_ON, Market, add_box, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_today_pages import customer_of
from tests.subscriptions.people import BASE_URL, NOW, fetch

HERE = "/calendar/own"


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (CalendarController, OwnCalendarController, FeedController)


async def boxed(web: Web) -> tuple[Market, Browser, UUID]:
    m = await open_market()
    lots = [await add_lot(m, key, units=90) for key in ("banana", "kiwifruit_green")]
    box = await add_box(m, [(lot, 4) for lot in lots])
    await fetch("UPDATE box SET status = 'paid', locked_at = status_at RETURNING id")
    await fetch(
        "UPDATE box_line SET eat = CASE produce WHEN 'banana' THEN '{1,1,1,0,0,0,0}'::smallint[]"
        " ELSE '{0,0,1,1,0,0,0}'::smallint[] END RETURNING id"
    )
    return m, await customer_of(web, box), box


async def made(browser: Browser) -> str:
    """Make a link on the page and return its path and query."""
    sent = await browser.send_form(HERE)
    assert (sent.status_code, sent.headers["location"]) == (303, HERE)
    page = (await browser.get(HERE)).text
    return page.partition(f'spellcheck="false">{BASE_URL}')[2].partition("<")[0]


def events(content: bytes) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def by_day(content: bytes, kind: str) -> dict[dt.date, icalendar.Event]:
    return {
        event["dtstart"].dt: event for uid, event in events(content).items() if uid.startswith(kind)
    }


async def test_the_link_is_shown_once_and_read_by_whoever_has_it(web: Web) -> None:
    _, browser, _ = await boxed(web)
    path = await made(browser)
    assert path.startswith("/calendar/feed.ics?token=")
    assert path not in (await browser.get(HERE)).text
    stranger = await web.browser("203.0.113.99")

    answer = await stranger.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "set-cookie" not in answer.headers or "session" not in answer.headers["set-cookie"]
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")


async def test_only_a_hash_of_the_secret_is_kept_and_no_log_has_it(
    web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    _, browser, _ = await boxed(web)
    path = await made(browser)
    secret = path.partition("token=")[2]
    await (await web.browser("203.0.113.99")).get(path)
    ((kept,),) = await fetch("SELECT token_hash FROM calendar_feed")
    assert secret not in str(kept)
    said = capsys.readouterr()
    assert "/calendar/feed.ics" in said.out + said.err
    assert secret not in said.out + said.err


async def test_a_renewed_link_kills_the_old_one_at_once_and_an_ended_one_is_dead(web: Web) -> None:
    _, browser, _ = await boxed(web)
    old = await made(browser)
    new = await made(browser)
    assert (await browser.get(old)).status_code == 404
    assert (await browser.get(new)).status_code == 200
    assert (await browser.send_form(f"{HERE}/end")).status_code == 303
    assert (await browser.get(new)).status_code == 404
    assert await fetch("SELECT count(*) FROM calendar_entry") == [(0,)]


@pytest.mark.parametrize("token", ["", "x", "%00", "x" * 5000, "' OR 1=1 --"])
async def test_guesses_find_nothing(web: Web, token: str) -> None:
    await boxed(web)
    answer = await (await web.browser("203.0.113.99")).get(
        "/calendar/feed.ics", params={"token": token}
    )
    assert answer.status_code == 404


async def test_somebody_who_may_not_come_in_has_no_calendar_either(web: Web) -> None:
    _, browser, _ = await boxed(web)
    path = await made(browser)
    await fetch("UPDATE person SET disabled_at = $1 RETURNING id", NOW)
    assert (await (await web.browser("203.0.113.99")).get(path)).status_code == 404


async def test_each_day_says_what_the_page_says(web: Web) -> None:
    _, browser, _ = await boxed(web)
    path = await made(browser)
    ((person,),) = await fetch("SELECT id FROM person")
    boxes = await boxes_of(UUID(str(person)), since=DELIVERY_ON)
    (card,) = await load_cards(boxes, profiles=load_profiles(), now=web.clock.at)
    words = translator("en")

    days = by_day((await browser.get(path)).content, "day.")

    for day in card.calendar.days:
        names = [words.render(item.name).lower() for item in day.items]
        said = str(days[day.on]["summary"]).lower() if day.on in days else ""
        assert [name for name in names if name.rstrip("s") not in said] == [], day.on
        assert bool(names or day.jobs) == (day.on in days)
    deliveries = by_day((await browser.get(path)).content, "delivery.")
    assert "Greengate Fruit" in deliveries[DELIVERY_ON]["summary"]
    assert "4 bananas" in str(deliveries[DELIVERY_ON]["description"])


async def test_what_has_not_changed_is_not_sent_again(web: Web) -> None:
    _, browser, _ = await boxed(web)
    path = await made(browser)
    first = await browser.get(path)
    web.clock.at = web.clock.at.add(hours=5)
    again = await browser.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = await browser.get(path, headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    assert weak.status_code == 304


async def test_a_lot_that_moves_moves_its_days_under_the_same_names(web: Web) -> None:
    _, browser, _ = await boxed(web)
    path = await made(browser)
    first = await browser.get(path)
    before = events(first.content)
    web.clock.at = web.clock.at.add(hours=5)
    await fetch(
        "UPDATE box_line SET eat = '{0,0,0,0,1,1,0}' WHERE produce = 'kiwifruit_green' RETURNING id"
    )

    answer = await browser.get(path, headers={"if-none-match": first.headers["etag"]})

    assert answer.status_code == 200
    after = events(answer.content)
    moved = {
        uid
        for uid in before.keys() & after.keys()
        if before[uid]["summary"] != after[uid]["summary"]
    }
    assert f"day.{DELIVERY_ON.add(days=2).isoformat()}@boxes.example" in moved
    for uid in before.keys() & after.keys():
        has_changed = before[uid].to_ical() != after[uid].to_ical()
        assert after[uid]["sequence"] == before[uid]["sequence"] + has_changed, uid
        assert (after[uid]["last-modified"].dt == web.clock.at) == has_changed, uid
    assert moved
    later = by_day(answer.content, "day.")[DELIVERY_ON.add(days=5)]
    assert "iwi" in str(later["summary"])


async def test_a_calendar_speaks_its_owners_language(web: Web) -> None:
    _, browser, _ = await boxed(web)
    path = await made(browser)
    await fetch("UPDATE person SET locale = 'zh' RETURNING id")
    answer = await browser.get(path)
    said = " ".join(str(event["summary"]) for event in events(answer.content).values())
    assert "香蕉" in said
    assert "绿门果园" in said
    assert "Eat" not in said
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


async def test_a_merchants_name_cannot_write_entries(web: Web) -> None:
    m, browser, _ = await boxed(web)
    hostile = "Fruit; a,b\\n\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil"
    await fetch(
        "UPDATE merchant SET name = $1 WHERE id = $2 RETURNING id", hostile[:80], m.merchant
    )
    path = await made(browser)
    found = events((await browser.get(path)).content)
    assert "evil" not in found
    assert b"\nUID:evil" not in (await browser.get(path)).content
    (delivery, *_) = [event for uid, event in found.items() if uid.startswith("delivery.")]
    assert "Fruit; a,b\\n" in str(delivery["summary"])


LINE = st.text(
    st.one_of(
        st.sampled_from('香蕉猕猴桃，。；“”,;:\\"'),
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    ),
    max_size=120,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(LINE, st.lists(LINE, max_size=4), st.dates(), st.booleans()), max_size=5
    )
)
def test_whatever_is_written_is_read_back(
    said: list[tuple[str, list[str], dt.date, bool]],
) -> None:
    entries = [
        WrittenEntry(
            f"day.{n}@boxes.example", on if on < dt.date.max else dt.date(2026, 1, 1), summary, "\n".join(lines),
            f"{BASE_URL}/calendar/{n}", is_tentative, Edition(n, NOW),
        )
        for n, (summary, lines, on, is_tentative) in enumerate(said)
    ]  # fmt: skip

    content = write_calendar("Ripeday：什么哪天熟", "zh-Hans", entries)

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    content.decode("utf-8")
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT2H\r\nX-PUBLISHED-TTL:PT2H\r\n" in content
    read = events(content)
    assert len(read) == len(entries)
    for entry in entries:
        event = read[entry.uid]
        assert str(event["summary"]) == entry.summary
        assert str(event.get("description", "")) == entry.description
        assert (event["dtstart"].dt, event["sequence"]) == (entry.on, entry.edition.sequence)
        assert event["status"] == ("TENTATIVE" if entry.is_tentative else "CONFIRMED")
