"""Whatever is sent, in any field of any form or address, is answered in words and never with a crash."""

import re
from itertools import product
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.routes import HTTPRoute

from tests.ripeday.web.form_table import NOT_A_FORM, WITHOUT_FIELDS, filled
from tests.ripeday.web.test_access import DOORS, address
from tests.ripeday.web.two_markets import ADMIN, ANNA, STRANGER, Town
from tests.subscriptions.people import fetch

FORMS = sorted(route for route in DOORS if route.startswith("POST") and route not in NOT_A_FORM)
PAGES = sorted(route for route in DOORS if route.startswith("GET"))
SENTINEL = "\N{SNOWMAN}"
SHARP = (
    "", "a\0b", "a\0b@example.org", "x" * 10_000, "1e999999", "0001" + "9" * 5000, "9999-12-31",
    "/\\evil.example",
)  # fmt: skip
"""Each goes into every field of every form."""
NASTY = (
    *SHARP, "NaN", "٣", "https://evil.example", "<script>alert(1)</script>",
    " ", "0", "-1", "1.5", "Infinity", "-Infinity", "sNaN", "9" * 30,
    "１２", "\0", "\r\nSet-Cookie: evil=1", "{{7*7}}", "%00", "%",
    "' OR 1=1 --", "../../etc/passwd", "\u202e\u2066", "\ufeff", "👩‍👩‍👧‍👦" * 50, "é" * 300, "0001-01-01",
    "2026-02-30", "10000-01-01", "00000000-0000-0000-0000-000000000000", "true", "null", "[]", "//evil.example",
    "\\\\evil.example", "a@b\r\nBcc: c@d", "-0", "+1", "1_000", "0x10", "-2147483649", "2147483648",
)  # fmt: skip
HIDDEN = frozenset(
    {
        "POST /merchant/staff/remove",
        "POST /merchant/staff/withdraw",
        "POST /warehouse/waves/{wave_id}/ship",
        "POST /boxes/{box_id}/confirm",
        "POST /reports/{line_id}",
        "POST /reports/{line_id}/undo",
        "POST /api/v1/boxes/{box_id}/edit",
        "POST /api/v1/subscriptions/{subscription_id}/pause",
        "POST /api/v1/subscriptions/{subscription_id}/cancel",
        "POST /boxes/{box_id}/change",
    }
)
"""Forms of a button and hidden fields, or gone once all has left: no field at which a mistake could stand. The API
names it in JSON."""
READ_BY_HAND = {
    "GET /m/{slug}": ("kind", "people", "round", "never", "family"),
    "GET /sign-in": ("next",),
    "GET /sign-in/link": ("next",),
}
"""What handlers take from an address beside what their signatures say."""
STEPS = {
    "where": ("postcode", "street", "city", "delivery_note", "round"),
    "who": ("people", "plan", "cadence", "room", "fridge"),
    "tastes": ("taste-grape", "family"),
    "you": ("email", "name", "phone"),
}
"""The pages of one form, and what each reads of it."""
GRACE = (200, 201, 204, 303, 400, 401, 404, 405, 409, 410, 422, 429)
"""Answers that say something; 404 is right for an id of nobody."""
OFTEN = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
values = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.text(alphabet="\0\r\n\t'\"<>&%;=\\", max_size=12),
)


async def sent(town: Town, route: str, form: dict[str, str]) -> str | None:
    """Send a form as whoever it is for; returns what is wrong with the answer, None when it says something."""
    door = DOORS[route]
    person = meant_for(route)
    path = address(route, door, town.own(person, door.thing) if door.thing else "")
    if "{step}" in route:
        path = path.replace("/where", "/" + step_of(form))
    answer = await town.ask(person, "POST", path, form)
    if "/sign-" in route or "/reset" in route or "/invite" in route:
        await let_try_again(town)
    if "/places/" in route:
        # One place at a time: what the sweep asked for by accident would hide the form from its next try.
        await fetch("DELETE FROM place_change RETURNING id")
    told = f"{route} {answer.status_code} {shortened(form)}"
    if answer.status_code not in GRACE:
        return told
    naming = '"field":' if "/api/" in route else "wrong-word"
    if (
        answer.status_code == 422
        and route not in HIDDEN | WITHOUT_FIELDS
        and naming not in answer.text
    ):
        return f"no field named: {told}"
    if answer.status_code == 303 and not re.match(r"/(?![/\\])", answer.headers["location"]):
        return f"leads to {answer.headers['location']}: {told}"
    return None


def meant_for(route: str) -> str:
    """Return somebody who may pass."""
    who = DOORS[route].who
    return STRANGER if STRANGER in who else ADMIN if ADMIN in who else ANNA


def shortened(form: dict[str, str]) -> dict[str, str]:
    return {name: value[:40] for name, value in form.items()}


def step_of(form: dict[str, str]) -> str:
    return form.get(SENTINEL, "where")


async def let_try_again(town: Town) -> None:
    """Forget how often somebody tried: here every try counts as the first."""
    keys = [key async for key in town.house.redis.scan_iter("*tries*")]
    if keys:
        await town.house.redis.delete(*keys)


async def test_no_nasty_value_breaks_a_form(town: Town) -> None:
    bare = {route for route in FORMS if not filled(route, town.ours)}
    assert bare == WITHOUT_FIELDS, "declare in form_table what the new form holds"
    faults = []
    for route in FORMS:
        form = filled(route, town.ours)
        for step, fields in STEPS.items() if "{step}" in route else (("", form),):
            at_step = {SENTINEL: step} if step else {}
            for name in fields:
                rest = {each: form[each] for each in form if each != name} | at_step
                tried = [rest, *({**rest, name: value} for value in SHARP)]
                faults += [fault for each in tried if (fault := await sent(town, route, each))]
    assert not faults, "\n".join(faults)


@OFTEN
@given(route=st.sampled_from(FORMS), data=st.data())
async def test_no_mixture_of_values_breaks_a_form(
    town: Town, route: str, data: st.DataObject
) -> None:
    form = filled(route, town.ours)
    for name in data.draw(st.lists(st.sampled_from(sorted(form)), max_size=4)) if form else ():
        form[name] = data.draw(values)
    assert await sent(town, route, form) is None


def asked_for(town: Town, route: str) -> set[str]:
    """Return the names that a page reads from the query of its address."""
    path = route.partition(" ")[2]
    (found,) = [r for r in town.app.routes if isinstance(r, HTTPRoute) and r.path_format == path]
    handler, _ = found.route_handler_map["GET"]
    taken = {"desk", "identity", "request", "now", "said"} | set(town.app.dependencies)
    said = {"did", "n"} if "said" in handler.parsed_fn_signature.parameters else set()
    names = set(handler.parsed_fn_signature.parameters) - taken | said
    return {name for name in names if f"{{{name}}}" not in path} | {*READ_BY_HAND.get(route, ())}


async def test_no_nasty_value_breaks_an_address(town: Town) -> None:
    faults, n_tried = [], 0
    for route in PAGES:
        door = DOORS[route]
        person = meant_for(route)
        path = address(route, door, town.own(person, door.thing) if door.thing else "")
        for name in asked_for(town, route):
            for value in [each for each in SHARP if len(each) < 200]:
                answer = await town.ask(person, "GET", f"{path}?{urlencode({name: value})}")
                n_tried += 1
                leads_away = re.match(r"(\w+:|//|/\\|\\)", answer.headers.get("location", "/"))
                if answer.status_code not in GRACE or leads_away or "evil=1" in str(answer.headers):
                    faults.append(f"{route}?{name}={value} {answer.status_code}")
                if route in ("GET /invite", "GET /reset/link"):
                    await let_try_again(town)
    assert not faults, "\n".join(faults)
    assert n_tried > 100
    routes = ("GET /m/{slug}", "GET /produce/{key}", "GET /language/{language}", "GET /theme/{theme}",
                  "GET /m/{slug}/subscribe/{step}", "GET /static/{path}", "GET /schema/{path}",
                  "GET /calendar/{on}")  # fmt: skip
    nasty = [quote(each, safe="") for each in NASTY if each and len(each) < 200]
    for route, value in product(routes, nasty):
        path = re.sub(r"{\w+}", value, route.partition(" ")[2])
        assert (await town.ask(meant_for(route), "GET", path)).status_code in GRACE, path
