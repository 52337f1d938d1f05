"""The door's pages, in a browser's hands."""

import re

import httpx
import pytest

from subscriptions.account import MOST_TRIES
from subscriptions.role import Role
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.people import PASSWORD, add_merchant, add_person, fetch

ANNA = "anna@example.org"


def session(answer: httpx.Response) -> str | None:
    found = re.search(r"session=([0-9a-f]*)", " ".join(answer.headers.get_list("set-cookie")))
    return found[1] if found else None


async def test_a_customer_signs_in_and_out(web: Web) -> None:
    merchant = await add_merchant()
    await add_person(ANNA, (Role.CUSTOMER, merchant), locale="zh")
    browser = await web.browser()

    answer = await browser.sign_in(ANNA)
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert browser.cookies["lang"] == "zh"
    assert (await browser.get("/sign-in")).headers["location"] == "/today"
    page = await browser.get("/sign-out")
    assert "Anna Roth" in page.text
    assert "退出" in page.text

    held = browser.cookies["session"]
    assert (await browser.send_form("/sign-out")).status_code == 303
    browser.cookies.set("session", held, domain="boxes.example")
    assert (await browser.get("/sign-in")).status_code == 200  # the old id opens nothing


async def test_strangers_get_no_session(web: Web) -> None:
    browser = await web.browser()
    answer = await browser.get("/sign-in")
    assert answer.status_code == 200
    assert session(answer) is None
    assert await web.redis.keys("ripeday:web*") == []


async def test_a_session_known_before_signing_in_is_worth_nothing_after(web: Web) -> None:
    await add_person(ANNA)
    browser = await web.browser()
    await browser.sign_in(ANNA)
    planted = browser.cookies["session"]
    answer = await browser.sign_in(ANNA)
    assert session(answer) not in (None, planted)
    thief = await web.browser("198.51.100.66")
    thief.cookies.set("session", planted, domain="boxes.example")
    assert (await thief.get("/sign-in")).status_code == 200


async def test_a_wrong_password_keeps_the_address_and_never_the_password(web: Web) -> None:
    await add_person(ANNA)
    browser = await web.browser()
    known = await browser.sign_in(ANNA, "another fruit")
    unknown = await browser.sign_in("nobody@example.org", "another fruit")
    assert known.status_code == unknown.status_code == 401
    assert ANNA in known.text
    assert "another fruit" not in known.text
    assert known.text.replace(ANNA, "x") == unknown.text.replace("nobody@example.org", "x")


async def test_too_many_tries_say_when_to_come_back(web: Web) -> None:
    browser = await web.browser()
    for _ in range(MOST_TRIES):
        assert (await browser.sign_in(ANNA)).status_code == 401
    answer = await browser.sign_in(ANNA)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert "15 minutes" in answer.text


async def test_a_form_without_its_token_is_refused(web: Web) -> None:
    await add_person(ANNA)
    browser = await web.browser()
    await browser.get("/sign-in")
    for path in (
        "/sign-in",
        "/sign-in/link",
        "/sign-in/link/use",
        "/reset",
        "/reset/link",
        "/invite",
        "/sign-out",
    ):
        answer = await browser.post(path, data={"email": ANNA, "password": PASSWORD})
        assert answer.status_code == 403, path
    assert "session" not in browser.cookies


@pytest.mark.parametrize(
    ("asked", "lands"),
    [("/boxes/7?a=1", "/boxes/7?a=1"), ("https://evil.example", "/today"), ("//evil.example", "/today"),
     ("/\\evil.example", "/today")],
)  # fmt: skip
async def test_nobody_is_led_away_after_signing_in(web: Web, asked: str, lands: str) -> None:
    await add_person(ANNA, (Role.CUSTOMER, await add_merchant()))
    browser = await web.browser()
    shown = await browser.get("/sign-in", params={"next": asked})
    assert ("evil" in shown.text.partition("<form")[2]) is False
    answer = await browser.send_form("/sign-in", email=ANNA, password=PASSWORD, then=asked)
    assert answer.headers["location"] == lands
    again = await browser.get("/sign-in", params={"next": asked})
    assert again.headers["location"] == lands


async def test_a_link_that_is_only_looked_at_stays_good(web: Web) -> None:
    await add_person(ANNA, (Role.CUSTOMER, await add_merchant()), password=False)
    browser = await web.browser()
    sent = await browser.send_form("/sign-in/link", email=ANNA, then="/boxes")
    assert sent.status_code == 200
    unknown = await browser.send_form("/sign-in/link", email="nobody@example.org", then="/boxes")
    assert sent.text.replace(ANNA, "x") == unknown.text.replace("nobody@example.org", "x")
    await web.door.relay()

    link, token = web.door.mailbox.link(), web.door.mailbox.token()
    scanner = await web.browser("198.51.100.9")
    for _ in range(3):
        looked = await scanner.get(link)
        assert looked.status_code == 200
        assert looked.headers["referrer-policy"] == "no-referrer"
    assert 'value="/boxes"' in looked.text

    answer = await browser.send_form("/sign-in/link/use", token=token, then="/boxes")
    assert answer.headers["location"] == "/boxes"
    assert (await scanner.send_form("/sign-in/link/use", token=token)).status_code == 410


async def test_a_new_password_signs_out_elsewhere_within_one_request(web: Web) -> None:
    await add_person(ANNA)
    elsewhere, here = await web.browser("198.51.100.1"), await web.browser()
    await elsewhere.sign_in(ANNA)
    assert (await elsewhere.get("/sign-in")).status_code == 303

    await here.send_form("/reset", email=ANNA)
    await web.door.relay()
    shown = await here.get(web.door.mailbox.link())
    assert shown.status_code == 200
    token = web.door.mailbox.token()
    assert (await here.send_form("/reset/link", token=token, password="short")).status_code == 422
    answer = await here.send_form("/reset/link", token=token, password="twelve plums")

    assert answer.status_code == 303
    assert (await here.get("/sign-in")).status_code == 303
    out = await elsewhere.get("/sign-in")
    assert out.status_code == 200
    assert session(out) == ""  # the cookie is taken back, too
    assert (await here.get(web.door.mailbox.link())).status_code == 410


async def test_a_disabled_person_is_out_with_the_next_request(web: Web) -> None:
    await add_person(ANNA)
    browser = await web.browser()
    await browser.sign_in(ANNA)
    await fetch("UPDATE person SET disabled_at = now() RETURNING id")
    assert (await browser.get("/sign-in")).status_code == 200


async def test_an_admin_invites_and_lets_go(web: Web) -> None:
    merchant = await add_merchant()
    await add_person("clara@example.org", (Role.MERCHANT_ADMIN, merchant), name="Clara")
    clara, jule = await web.browser(), await web.browser("198.51.100.1")
    await clara.sign_in("clara@example.org")
    answer = await clara.send_form("/merchant/staff", email="jule@example.org", role="packer")
    assert answer.status_code == 303
    assert "jule@example.org" in (await clara.get(answer.headers["location"])).text

    await web.door.relay()
    shown = await jule.get(web.door.mailbox.link())
    assert "Greengate" in shown.text
    token = web.door.mailbox.token()
    nameless = await jule.send_form("/invite", token=token, name=" ", password="twelve plums")
    assert nameless.status_code == 422
    taken = await jule.send_form("/invite", token=token, name="Jule", password="twelve plums")
    assert taken.headers["location"] == "/warehouse"
    assert (await jule.get("/merchant/staff")).status_code == 403

    ((person,),) = await fetch("SELECT id FROM person WHERE name = 'Jule'")
    await clara.send_form("/merchant/staff/remove", person=str(person), role="packer")
    assert (await jule.get("/merchant/staff")).headers["location"].startswith("/sign-in")


async def test_one_merchants_admin_sees_and_changes_nothing_at_another(web: Web) -> None:
    here, there = await add_merchant("here"), await add_merchant("there")
    await add_person("clara@example.org", (Role.MERCHANT_ADMIN, here))
    packer = await add_person("jule@example.org", (Role.PACKER, there))
    clara = await web.browser()
    await clara.sign_in("clara@example.org")
    theirs = {"merchant": str(there)}
    assert (await clara.get("/merchant/staff", params=theirs)).status_code == 404
    for path, fields in (
        ("/merchant/staff", {"email": "eve@example.org", "role": "merchant_admin"}),
        ("/merchant/staff/remove", {"person": str(packer), "role": "packer"}),
        (
            "/merchant/staff/remove",
            {"person": str(packer), "role": "packer", "merchant": str(here)},
        ),
        ("/merchant/staff/withdraw", {"invitation": str(packer)}),
    ):
        answer = await clara.send_form(path, **{**theirs, **fields})
        assert answer.status_code == 404, path
    assert await fetch("SELECT id FROM sign_in_token") == []
    assert len(await fetch("SELECT id FROM role_grant")) == 2


async def test_extra_fields_give_nothing(web: Web) -> None:
    merchant = await add_merchant()
    await add_person("clara@example.org", (Role.MERCHANT_ADMIN, merchant))
    clara = await web.browser()
    await clara.sign_in("clara@example.org")
    answer = await clara.send_form(
        "/merchant/staff", email="eve@example.org", role="platform_admin"
    )
    assert answer.status_code == 422
    assert await fetch("SELECT id FROM sign_in_token") == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_page_of_the_door_speaks_both_languages(web: Web, language: str) -> None:
    browser = await web.browser()
    browser.cookies.set("lang", language, domain="boxes.example")
    for path in (
        "/sign-in",
        "/reset",
        "/sign-in/link?token=x",
        "/reset/link?token=x",
        "/invite?token=x",
    ):
        page = (
            (await browser.get(path))
            .text.partition("<main ")[2]
            .partition(">")[2]
            .partition("</main")[0]
        )
        said = re.sub(r"<[^>]+>", " ", page)
        assert "{" not in said
        assert bool(re.search(r"[\u4e00-\u9fff]", said)) is (language == "zh"), path
        if language == "zh":
            assert not re.search(r"[A-Za-z]{3,}", said), said
