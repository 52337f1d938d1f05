"""Requests that nobody meant: forged, overloaded with fields, leading astray; and what logs say of all of them."""

import re
from itertools import product

import httpx
import structlog

from ripeday.kit.adapters.engine import connection
from tests.ripeday.web.form_table import NOT_A_FORM, filled
from tests.ripeday.web.test_access import DOORS, address
from tests.ripeday.web.test_hostile_form import meant_for
from tests.ripeday.web.two_markets import (
    ADMIN,
    ANNA,
    EVERYBODY,
    PACKER,
    PLANNER,
    STRANGER,
    Town,
    fingerprints,
)
from tests.subscriptions.people import BASE_URL, PASSWORD, fetch

CHANGES = sorted(route for route in DOORS if not route.startswith("GET"))
BOXES = "SELECT id, price_minor, tax_minor, status FROM box WHERE status <> 'proposed' ORDER BY id"
EXTRA = {
    "role": "platform_admin", "merchant_id": "", "merchant": "", "price_minor": "1", "price": "0.01", "tax_minor": "0",
    "total": "0", "credit": "100000", "paid_at": "2026-01-01", "status": "paid", "person_id": "", "id": "",
    "is_override": "yes", "units_received": "9999", "session_epoch": "9", "disabled_at": "", "capacity": "9",
}  # fmt: skip
CANARY = {
    "password": "canary-pass-77aa", "card": "4242424242424242", "token": "canary-token-55ee",
    "name": "Canaria Bird", "street": "Canary Wharf 12", "phone": "+49 30 5550199",
    "cookie": "canary-cookie-33cc", "email": "canary@cage.example",
}  # fmt: skip
ASTRAY = (
    "//evil.example", "///evil.example", "https://evil.example", "https:evil.example", "http:///evil.example",
    "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/%09/evil.example", "/%2f%2fevil.example",
    "/%5cevil.example", "/..//evil.example", "/%0d%0aSet-Cookie:x=1", "/a\r\nSet-Cookie: x=1",
    "javascript:alert(1)", " //evil.example", "/\u2028/evil.example", "@evil.example",
)  # fmt: skip


def own_address(town: Town, person: str, route: str) -> str:
    door = DOORS[route]
    return address(route, door, town.own(person, door.thing) if door.thing else "")


async def test_a_change_without_the_right_token_is_no_change(town: Town) -> None:
    foreign, own = await town.token(PLANNER), await town.token(ADMIN)
    before = await fingerprints()
    browser = town.browsers[ADMIN]
    for route in [each for each in CHANGES if each not in NOT_A_FORM]:
        path, form = own_address(town, meant_for(route), route), filled(route, town.ours)
        evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        tries = {
            "none": await browser.post(path, data=form),
            "empty": await browser.post(path, data={**form, "_csrf_token": ""}),
            "wrong": await browser.post(path, data={**form, "_csrf_token": own[:-1] + "~"}),
            "another's": await browser.post(path, data={**form, "_csrf_token": foreign}),
            "in the address": await browser.post(f"{path}?_csrf_token={own}", data=form),
            "foreign page": await browser.post(path, data=form, headers=evil),
            "as text": await browser.post(
                path, content='{"a": "b"}', headers={"content-type": "text/plain"}
            ),
        }
        for kind, answer in tries.items():
            assert answer.status_code == 403, (route, kind, answer.status_code)
        if f"GET {route.partition(' ')[2]}" not in DOORS:
            assert (await browser.get(path, params=form)).status_code in (404, 405), route
        for method in ("PUT", "PATCH", "DELETE"):
            answer = await browser.request(method, path)
            assert answer.status_code in (403, 405), (route, method)
    news = await browser.post("/webhooks/stripe", content=b'{"id": "evt_1"}')
    assert (news.status_code, news.content) == (400, b""), "here the signature is the token"
    assert await fingerprints() == before


async def test_fields_that_no_form_has_change_nothing(town: Town) -> None:
    theirs = town.theirs.market.merchant
    foreign = EXTRA | {"merchant_id": str(theirs), "merchant": str(theirs), "id": str(theirs)}
    before, grants = await fingerprints(theirs), await fetch("SELECT * FROM role_grant ORDER BY id")
    prices = await fetch(BOXES)
    for route in [each for each in CHANGES if each not in NOT_A_FORM and "sign-out" not in each]:
        form = filled(route, town.ours)
        who = meant_for(route)
        extra = {name: value for name, value in foreign.items() if name not in form}
        answer = await town.ask(who, "POST", own_address(town, who, route), {**extra, **form})
        assert answer.status_code < 500, route
    assert await fingerprints(theirs) == before
    assert await fetch("SELECT * FROM role_grant ORDER BY id") == grants
    assert await fetch(BOXES) == prices
    found = await fetch("SELECT price_minor FROM offer WHERE produce = 'kiwifruit_green'")
    assert found == [(45,)], "the offer was made, at the price of its own field"
    assert (2990,) in await fetch("SELECT price_minor FROM box_plan")
    assert (
        await fetch("SELECT 1 FROM person WHERE session_epoch = 9 OR disabled_at IS NOT NULL") == []
    )


async def test_nobody_is_invited_to_a_role_that_is_not_to_be_given(town: Town) -> None:
    for role in ("platform_admin", "customer", "grower", "host", "", "admin"):
        form = {"merchant": town.ours.things["merchant"], "email": "new@example.org", "role": role}
        answer = await town.ask(ADMIN, "POST", "/merchant/staff", form)
        assert answer.status_code == 422, role
    assert await fetch("SELECT 1 FROM sign_in_token WHERE purpose = 'invite'") == []


async def test_no_link_of_ours_leads_astray(town: Town) -> None:
    browser, email = town.browsers[STRANGER], town.ours.households[0]["email"]
    for where in ASTRAY:
        answers: list[httpx.Response] = [
            await browser.get("/language/en", params={"back": where}),
            await browser.get("/theme/dark", params={"back": where}),
            await town.browsers[PACKER].get("/sign-in", params={"next": where}),
        ]
        if where in ASTRAY[::3]:  # a password takes its time
            form = {"email": email, "password": PASSWORD, "then": where}
            answers.append(await browser.send_form("/sign-in", **form))
            await browser.send_form("/sign-out")
        for answer in answers:
            assert answer.status_code == 303
            assert leads_home(answer.headers["location"]), (where, answer.headers["location"])
            assert "x=1" not in answer.headers.get("set-cookie", "")
        shown = (await browser.get("/sign-in", params={"next": where})).text
        then = re.search(r'name="then" value="([^"]*)"', shown)
        assert then is None or not then[1] or leads_home(then[1]), where


def leads_home(location: str) -> bool:
    """Tell whether a browser stays on our site: it drops tabs and line breaks and reads a backslash as a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return httpx.URL(BASE_URL).join(seen).host == httpx.URL(BASE_URL).host and seen[:2] != "//"


async def test_every_kind_of_page_says_what_browsers_must_not_do(town: Town) -> None:
    paths = ("/", "/m/greengate", "/merchant", "/warehouse", "/nowhere", "/sign-in", "/health")
    for person, path in product(EVERYBODY, paths):
        headers = (await town.browsers[person].get(path)).headers
        assert headers["content-security-policy"] == (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {town.house.settings.stripe_api}"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert headers["referrer-policy"] in ("strict-origin-when-cross-origin", "no-referrer")


async def test_a_session_known_before_is_worth_nothing_after(town: Town) -> None:
    browser, email = town.browsers[STRANGER], town.ours.households[0]["email"]
    csrf = await town.token(STRANGER)
    headers = {"cookie": f"session=planted; csrf={csrf}", "x-csrftoken": csrf}
    browser.cookies.clear()
    form = {"email": email, "password": PASSWORD}
    answer = await browser.post("/sign-in", data=form, headers=headers)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("session="))
    assert re.match(r"session=[0-9a-f]{64};", cookie)
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word.lower() in cookie.lower()
    browser.cookies.clear()
    answer = await browser.get("/work", headers={"cookie": "session=planted"})
    assert answer.headers["location"] == "/sign-in"


async def test_logs_name_nobody_and_keep_every_secret(town: Town) -> None:
    where = {
        "postcode": "10115",
        "street": CANARY["street"],
        "city": "Berlin",
        "delivery_note": CANARY["card"],
    }
    you = {"email": CANARY["email"], "name": CANARY["name"], "phone": CANARY["phone"]}
    token, password = CANARY["token"], CANARY["password"]
    with structlog.testing.capture_logs() as lines:
        for person in (STRANGER, ANNA):
            for path, form in (
                ("/m/greengate/subscribe/where", {**where, "round": str(town.ours.market.round)}),
                ("/m/greengate/subscribe/you", you),
                ("/sign-in", {"email": CANARY["email"], "password": password}),
                ("/sign-in/link", {"email": CANARY["email"]}),
                ("/sign-in/link/use", {"token": token}),
                ("/reset/link", {"token": token, "password": password}),
                ("/invite", {"token": token, "name": CANARY["name"], "password": password}),
                ("/merchant/staff", {"email": CANARY["email"], "merchant": token}),
            ):
                await town.ask(person, "POST", path, form)
            for path in ("/reset/link", "/invite", "/sign-in/link", "/m/greengate/subscribe/done"):
                params = {"token": token, "session": token}
                await town.browsers[person].get(path, params=params)
            await town.browsers[person].get(
                "/work", headers={"cookie": f"session={CANARY['cookie']}"}
            )
        await crash_over_a_row(town)
    assert len(lines) > 20
    told = repr(lines)
    assert [name for name, word in CANARY.items() if word in told] == []


async def crash_over_a_row(town: Town) -> None:
    """Make the database refuse a row, whose words hold the row."""
    async with connection() as c:
        await c.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'refused' USING DETAIL = 'Failing row contains (' || NEW.name || ')'; END $$;"
            " CREATE TRIGGER refuse BEFORE INSERT ON box_plan FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    form = filled("POST /merchant/plans", town.ours) | {"name": CANARY["name"]}
    assert (await town.ask(ADMIN, "POST", "/merchant/plans", form)).status_code == 500
