"""What people hear of: chosen by themselves, stopped by the link in a mail, and by nobody else."""

from uuid import UUID, uuid4

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.adapters.notice_choice_store import choices_of
from subscriptions.entrypoints.notice_controller import NoticesController, StopController
from subscriptions.notice.topic import TOPIC_WORDS, WANTED_AT_FIRST, Topic
from subscriptions.stop_link import stop_token
from tests.market import add_box, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_today_pages import customer_of
from tests.subscriptions.people import add_person, fetch

PAGE = "/household/notices"


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (NoticesController, StopController)


async def customer(web: Web) -> tuple[Browser, UUID, UUID]:
    m = await open_market()
    box = await add_box(m, [(await add_lot(m, "banana", units=20), 3)])
    ((person,),) = await fetch("SELECT id FROM person")
    return await customer_of(web, box), UUID(str(person)), box


def link(web: Web, person: UUID, topic: Topic) -> str:
    return f"/notices/stop?token={stop_token(web.house.settings.secret, person, topic)}"


async def test_at_first_the_box_is_told_of_and_the_morning_is_not(web: Web) -> None:
    browser, person, _ = await customer(web)

    page = (await browser.get(PAGE)).text

    for topic in TOPIC_WORDS:
        ticked = f'name="topic" value="{topic}"{" checked" if topic in WANTED_AT_FIRST else ""}>'
        assert ticked in page, topic
    assert "cannot be switched off" in page
    assert '<option value="7" selected>7 am</option>' in page.replace("\u00a0", " ")
    assert (await choices_of(person)).wanted == WANTED_AT_FIRST


async def test_what_is_ticked_is_told_and_nothing_else(web: Web) -> None:
    browser, person, _ = await customer(web)

    sent = await browser.send_form(PAGE, topic="digest", hour="6")

    assert (sent.status_code, sent.headers["location"]) == (303, f"{PAGE}?saved=yes")
    choices = await choices_of(person)
    assert choices.wanted == {Topic.DIGEST}
    assert choices.digest_minute == 360
    page = (await browser.get(f"{PAGE}?saved=yes")).text
    assert 'value="digest" checked' in page
    assert 'value="receipt">' in page
    assert "Saved." in page


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"topic": "digest", "hour": ""}, "hour"),
        ({"topic": "digest", "hour": "4"}, "hour"),
        ({"topic": "digest", "hour": "7.5"}, "hour"),
        ({"topic": "digest", "hour": "-7"}, "hour"),
        ({"topic": "digest", "hour": "<script>"}, "hour"),
        ({"topic": "digest", "hour": "7\x00"}, "hour"),
        ({"topic": "needed", "hour": "7"}, "topic"),
        ({"topic": "'; DROP TABLE person; --", "hour": "7"}, "topic"),
    ],
)
async def test_nothing_is_kept_of_a_form_that_is_wrong(
    web: Web, fields: dict[str, str], wrong: str
) -> None:
    browser, _, _ = await customer(web)
    answer = await browser.send_form(PAGE, **fields)
    assert answer.status_code == 422
    assert f'href="#field-{wrong}"' in answer.text
    assert f'id="wrong-{wrong}"' in answer.text
    assert "<script>" not in answer.text.partition("</head>")[2]
    if fields["topic"] == "digest":
        assert 'value="digest" checked' in answer.text
    assert await fetch("SELECT count(*) FROM notice_choice") == [(0,)]


async def test_one_click_in_a_mail_program_stops_that_kind_of_mail(web: Web) -> None:
    _, person, _ = await customer(web)
    stranger = await web.browser("203.0.113.99")

    answer = await stranger.post(
        link(web, person, Topic.DELIVERED), data={"List-Unsubscribe": "One-Click"}
    )

    assert answer.status_code == 200
    assert answer.content == b""
    assert (await choices_of(person)).wanted == WANTED_AT_FIRST - {Topic.DELIVERED}


async def test_following_the_link_changes_nothing_until_the_button_is_pressed(web: Web) -> None:
    _, person, _ = await customer(web)
    stranger = await web.browser("203.0.113.99")
    here = link(web, person, Topic.REMINDER)

    page = await stranger.get(here)
    assert "Stop mails of “Before the cut-off”?" in page.text
    assert "@" not in page.text.partition("<main")[2]
    assert (await choices_of(person)).wanted == WANTED_AT_FIRST

    pressed = await stranger.post(here)
    assert pressed.status_code == 303
    assert "No more mails of" in (await stranger.get(pressed.headers["location"])).text
    assert (await choices_of(person)).wanted == WANTED_AT_FIRST - {Topic.REMINDER}


async def test_a_stop_can_be_taken_back_on_the_same_page(web: Web) -> None:
    _, person, _ = await customer(web)
    stranger = await web.browser("203.0.113.99")
    here = link(web, person, Topic.DIGEST)
    await stranger.post(here)
    await stranger.get(here)

    back = await stranger.send_form(here.replace("/stop", "/resume"))

    assert back.status_code == 303
    assert Topic.DIGEST in (await choices_of(person)).wanted


async def test_the_hour_survives_a_stop(web: Web) -> None:
    browser, person, _ = await customer(web)
    await browser.send_form(PAGE, topic="digest", hour="9")
    await (await web.browser("203.0.113.99")).post(link(web, person, Topic.DIGEST))
    choices = await choices_of(person)
    assert Topic.DIGEST not in choices.wanted
    assert choices.digest_minute == 540


async def test_links_of_nobody_and_links_made_up_are_not_found(web: Web) -> None:
    _, person, _ = await customer(web)
    stranger = await web.browser("203.0.113.99")
    made_up = stop_token("another secret of thirty-two chars", person, Topic.DIGEST)
    for here in (
        "/notices/stop", "/notices/stop?token=", f"/notices/stop?token={made_up}",
        link(web, uuid4(), Topic.DIGEST), link(web, person, Topic.NEEDED),
    ):  # fmt: skip
        answer = await stranger.post(here, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 404, here
    assert await fetch("SELECT count(*) FROM notice_choice") == [(0,)]


async def test_each_customer_chooses_for_themselves(web: Web) -> None:
    browser, person, _ = await customer(web)
    other = await add_person("mia@example.org")
    await browser.send_form(PAGE, topic="receipt", hour="7")
    assert (await choices_of(person)).wanted == {Topic.RECEIPT}
    assert (await choices_of(other)).wanted == WANTED_AT_FIRST
