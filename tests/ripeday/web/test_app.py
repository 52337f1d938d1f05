"""The frame keeps its promises on every answer, whatever the page inside does."""

import gzip
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.kit.entrypoints.session import sign_in, sign_out, signed_in_person
from ripeday.kit.errors import Invalid, InvalidForm, NotAllowed, NotFound, Refused, Unavailable
from ripeday.kit.text import message
from ripeday.web.choice import choose_language, choose_theme
from ripeday.web.style import style_page
from tests.ripeday.web.place import visited

PERSON = UUID("6f9619ff-8b86-4011-b42d-00c04fc964ff")
Visit = Request[Any, Any, Any]
_WORD = message("Choose a day of the week")
ERRORS = {
    "refused": (Refused(_WORD), 409),
    "invalid": (Invalid("day", _WORD), 422),
    "form": (InvalidForm([Invalid("day", _WORD), Invalid("name", _WORD)]), 422),
    "missing": (NotFound(), 404),
    "forbidden": (NotAllowed(), 403),
    "later": (Unavailable(_WORD), 503),
    "crash": (RuntimeError("card 4242 of Ana"), 500),
}


@get("/{where:str}/fail/{kind:str}", sync_to_thread=False)
def fail(where: FromPath[str], kind: FromPath[str]) -> str:
    raise ERRORS[kind][0]


@get("/who", sync_to_thread=False)
def who(request: Visit, now: NamedDependency[DateTime]) -> str:
    return f"{signed_in_person(request)} {now.timezone_name}"


@post("/in", sync_to_thread=False)
def enter(request: Visit) -> str:
    sign_in(request, PERSON)
    return "in"


@post("/out", sync_to_thread=False)
def leave(request: Visit) -> str:
    sign_out(request)
    return "out"


ROUTES = (fail, who, enter, leave, choose_language, choose_theme, style_page)


@pytest.fixture
async def visitor(valkey_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with visited(valkey_url, ROUTES) as client:
        yield client


async def token(client: httpx.AsyncClient) -> dict[str, str]:
    await client.get("/who")
    return {"x-csrftoken": client.cookies["csrf"]}


@pytest.mark.parametrize("path", ["/style", "/nowhere", "/page/fail/crash", "/health"])
async def test_every_answer_is_protected_and_has_an_id(
    visitor: httpx.AsyncClient, path: str
) -> None:
    answer = await visitor.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action 'self' http://127.0.0.1:8421" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])


async def test_over_https_browsers_are_told_to_stay_there(valkey_url: str) -> None:
    async with visited(valkey_url, ROUTES, "https://ripeday.example") as client:
        answer = await client.get("/style")
        assert "max-age=31536000" in answer.headers["strict-transport-security"]
        assert "Secure" in answer.headers["set-cookie"]


async def test_a_page_has_no_inline_style_or_script(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/style")).text
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son\w+=", page)


async def test_a_stranger_gets_no_session(visitor: httpx.AsyncClient, valkey_url: str) -> None:
    assert (await visitor.get("/who")).text == "None UTC"
    assert "session" not in visitor.cookies
    async with Redis.from_url(valkey_url) as redis:
        assert await redis.dbsize() == 0


async def test_signing_in_begins_a_new_session_and_signing_out_ends_it(
    visitor: httpx.AsyncClient, valkey_url: str
) -> None:
    headers = await token(visitor)
    csrf = headers["x-csrftoken"]
    visitor.cookies.clear()

    def holding(session: str) -> dict[str, str]:
        return headers | {"cookie": f"csrf={csrf}; session={session}"}

    answer = await visitor.post("/in", headers=holding("planted-by-an-attacker"))
    found = re.search(r"session=([0-9a-f]{64});.*HttpOnly", answer.headers["set-cookie"])
    assert found
    visitor.cookies.clear()
    own = holding(found[1])
    assert (await visitor.get("/who", headers=own)).text.startswith(str(PERSON))
    planted = await visitor.get("/who", headers=holding("planted-by-an-attacker"))
    assert planted.text.startswith("None")
    await visitor.post("/out", headers=own)
    async with Redis.from_url(valkey_url) as redis:
        assert await redis.dbsize() == 0
    assert (await visitor.get("/who", headers=own)).text.startswith("None")


async def test_a_form_without_its_token_changes_nothing(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/in")
    assert answer.status_code == 403
    assert "open for too long" in answer.text
    assert "session" not in visitor.cookies
    field = {"_csrf_token": (await token(visitor))["x-csrftoken"]}
    assert (await visitor.post("/in", data=field)).status_code == 201


@pytest.mark.parametrize("kind", list(ERRORS))
async def test_an_error_is_told_to_people_and_to_programs(
    visitor: httpx.AsyncClient, kind: str
) -> None:
    status = ERRORS[kind][1]
    page = await visitor.get(f"/page/fail/{kind}", headers={"accept-language": "zh-CN"})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert 'lang="zh-Hans"' in page.text
    data = await visitor.get(f"/api/fail/{kind}")
    assert data.status_code == status
    assert set(data.json()) <= {"code", "message", "field", "errors"}
    assert data.json()["code"]
    assert "4242" not in page.text + data.text
    assert (data.headers.get("retry-after") == "30") == (status == 503)


async def test_a_wrong_value_names_its_field(visitor: httpx.AsyncClient) -> None:
    body = (await visitor.get("/api/fail/invalid", headers={"accept-language": "zh"})).json()
    assert body == {"code": "invalid", "field": "day", "message": "请选一个星期几"}
    several = (await visitor.get("/api/fail/form")).json()
    assert [each["field"] for each in several["errors"]] == ["day", "name"]


async def test_a_part_of_a_page_gets_a_line_not_a_page(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/page/fail/refused", headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#toast"
    assert "<html" not in answer.text
    assert "Choose a day of the week" in answer.text


async def test_the_log_holds_one_line_without_anybody_in_it(visitor: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        await visitor.get("/who?name=Ana", headers={"cookie": "session=secret"})
        await visitor.get("/health")
    assert [line["event"] for line in lines] == ["answered"]
    assert lines[0].keys() <= {"event", "log_level", "method", "path", "status", "ms"}
    assert lines[0]["path"] == "/who"


async def test_language_follows_browser_then_own_choice(visitor: httpx.AsyncClient) -> None:
    chinese = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}
    assert 'lang="zh-Hans"' in (await visitor.get("/style", headers=chinese)).text
    answer = await visitor.get("/language/en", params={"back": "/style?a=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/style?a=1")
    assert 'lang="en"' in (await visitor.get("/style", headers=chinese)).text
    await visitor.get("/theme/dark")
    assert 'data-theme="dark">' in (await visitor.get("/style")).text
    assert (await visitor.get("/language/xx")).status_code == 404


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "/\\evil.example",
        "evil",
        "/a\r\nx: y",
    ],
)
async def test_a_link_of_ours_never_leads_away(visitor: httpx.AsyncClient, back: str) -> None:
    answer = await visitor.get("/language/en", params={"back": back})
    assert answer.headers["location"] == "/"


async def test_static_files_stay_a_year_under_a_name_that_changes_with_them(
    visitor: httpx.AsyncClient,
) -> None:
    page = (await visitor.get("/style")).text
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(found) >= 4
    for path in found:
        assert re.search(r"\.[0-9a-f]{10}\.\w+$", path)
        answer = await visitor.get(path, headers={"cookie": "session=abc"})
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["cache-control"]
        assert "set-cookie" not in answer.headers
    changed = re.sub(r"\.[0-9a-f]{10}\.", ".0123456789.", found[0])
    assert (await visitor.get(changed)).status_code == 404
    assert (await visitor.get("/static/../app.py")).status_code == 404


async def test_a_customers_page_fits_the_budget(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/style")).text

    async def weight(pattern: str) -> int:
        found = re.search(pattern, page)
        assert found
        return len(gzip.compress((await visitor.get(found[0])).content, 9))

    assert await weight(r"/static/ripeday\.\w+\.css") <= 10_240
    assert await weight(r"/static/ripeday\.\w+\.js") <= 4_096
    assert await weight(r"/static/htmx\.min\.\w+\.js") <= 17_500


async def test_only_the_api_is_described(visitor: httpx.AsyncClient) -> None:
    described = (await visitor.get("/schema/openapi.json")).json()
    assert [path for path in described.get("paths", {}) if not path.startswith("/api/")] == []
