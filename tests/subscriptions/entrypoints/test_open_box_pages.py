"""A box that is open to change: every tap is a form of its own, says what it does to the days, and can be undone."""

import gzip
import re
from uuid import UUID, uuid4

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.box_controller import BoxController
from subscriptions.entrypoints.open_box_controller import OpenBoxController
from tests.market import AFTER, BEFORE, add_household, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.open_box import Form, Visit, form_of, forms, line_of, most_of
from tests.subscriptions.entrypoints.test_today_pages import counted, customer_of
from tests.subscriptions.people import fetch

FRUIT = ("apple_fuji", "mandarin", "kiwifruit_green", "banana", "pear_european", "avocado_hass")
FLOWERS = ("tulip", "rose")
HTMX = {"hx-request": "true"}


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (BoxController, OpenBoxController)


async def open_box(
    web: Web, *, kind: str = "fruit", language: str = "en", units: int = 60, ip: str = "203.0.113.7"
) -> Visit:
    market = await open_market()
    for key in FRUIT if kind == "fruit" else (*FRUIT, *FLOWERS):
        await add_lot(market, key, units=units)
    if kind != "fruit":
        portions = 1 if kind == "mixed" else 0
        await fetch(
            "UPDATE box_plan SET kind = $1, stems_a_day = 1, portions_a_day = $2, price_minor = 6000 RETURNING id",
            kind, portions,
        )  # fmt: skip
    await add_household(market)
    web.clock.at = BEFORE
    assert await web.house.planning.plan_day(market.day, now=BEFORE)
    ((box,),) = await fetch("SELECT id FROM box")
    assert isinstance(box, UUID)
    browser = await customer_of(web, box, ip)
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)
    return Visit(browser, market, box)


async def taken_out(visit: Visit) -> tuple[str, str]:
    """Take out what there is most of; returns the page and the produce."""
    key = most_of(await visit.lines())
    page = await visit.tap("Take out", line_of(await visit.page(), key))
    return page, key


async def test_an_open_box_shows_its_days_what_is_in_it_and_what_can_be_done(web: Web) -> None:
    visit = await open_box(web)
    page = await visit.page()
    assert "Yours to change for one more hour" in page
    assert "7 of 7 days ripe" in page
    assert page.count('href="/calendar/') == 7
    for key in await visit.lines():
        line = line_of(page, key)
        assert {form.button.split()[0] for form in forms(line)} >= {"More", "Take"}
        assert f'href="{visit.path}/swap?out={key}"' in line
        assert all(form.of("_csrf_token") and form.of("seen") for form in forms(line))
    assert "€22.00" in page
    assert "The price stays, whatever you swap." in page
    assert 'id="gap"' in page
    assert "note warn" not in page


async def test_a_gap_is_told_at_once_and_its_fix_closes_it(web: Web) -> None:
    visit = await open_box(web)
    page, key = await taken_out(visit)
    assert key not in await visit.lines()
    assert "Put back" in line_of(page, key)
    assert "You took out" in page
    assert re.search(r"\d of 7 days ripe", page)
    fix = next(form for form in forms(page[page.index('id="gap"') :]) if form.of("change"))
    answer = await visit.send(fix)
    assert answer.status_code == 303
    mended = await visit.page()
    assert "Something ripe every day of this box" in mended
    assert "note warn" not in mended
    assert key not in await visit.lines()


async def test_what_was_taken_out_comes_back_by_the_button_in_its_place(web: Web) -> None:
    visit = await open_box(web)
    before = await visit.lines()
    page, key = await taken_out(visit)
    page = await visit.tap("Put back", line_of(page, key))
    assert await visit.lines() == before
    assert "Put back" not in page


async def test_each_change_is_undone_by_itself_until_the_box_is_the_planners_again(
    web: Web,
) -> None:
    visit = await open_box(web)
    before, at_first = await visit.lines(), await visit.page()
    assert "Undo" not in at_first
    first, second, *_ = before
    page = await visit.tap("Take out", line_of(at_first, first))
    assert "Saved, " in page
    less = await visit.lines()
    page = await visit.tap("Take out", line_of(page, second))
    assert page.count("Put back") == 2
    assert "out”" in page
    page = await visit.tap("Undo", page)
    assert (await visit.lines(), await visit.status()) == (less, "edited")
    page = await visit.tap("Undo", page)
    assert (await visit.lines(), await visit.status()) == (before, "proposed")
    assert "Undo" not in page
    assert await fetch("SELECT 1 FROM box_line WHERE is_override") == []
    stale = Form(f"{visit.path}/undo", form_of(at_first, "More").fields, "")
    assert (await visit.send(stale)).status_code == 303, "nothing left to undo is no mistake"
    assert await visit.lines() == before


async def test_the_box_as_it_was_planned_can_be_had_again(web: Web) -> None:
    visit = await open_box(web)
    page, _ = await taken_out(visit)
    page = await visit.tap("Have the box as we planned it", page)
    assert await visit.status() == "proposed"
    assert "7 of 7 days ripe" in page
    assert "Undo" not in page
    assert await fetch("SELECT 1 FROM box_edit WHERE undone_at IS NULL") == []


async def test_a_swap_shows_what_it_does_to_the_days_before_it_is_done(web: Web) -> None:
    visit = await open_box(web)
    before = await visit.lines()
    key = most_of(before)
    page = await visit.page(f"/swap?out={key}")
    assert await visit.lines() == before
    assert await visit.status() == "proposed"
    ideas = re.findall(r'<li class="line edit-line">.*?</li>', page, re.DOTALL)
    assert ideas
    promised = {
        "covered" if "Every day stays covered." in idea else "too little": form_of(idea, "Put in")
        for idea in ideas
    }
    for said, form in promised.items():
        assert key not in form.of("at")
        assert (await visit.send(form)).status_code == 303
        assert key not in await visit.lines()
        after = await visit.page()
        is_covered = "Something ripe every day" in after
        assert is_covered == (said == "covered"), said
        await visit.tap("Undo", after)
        assert await visit.lines() == before


async def test_what_comes_in_besides_is_chosen_from_what_still_fits(web: Web) -> None:
    visit = await open_box(web)
    before = await visit.lines()
    page = await visit.page("/add")
    form = form_of(page, "Put in")
    assert "Worth €" in page
    assert (await visit.send(form)).status_code == 303
    after = await visit.lines()
    assert sum(after.values()) > sum(before.values())
    assert not before - after


async def test_a_tap_brings_all_that_has_changed_and_one_sentence_to_be_read_out(web: Web) -> None:
    visit = await open_box(web)
    key = most_of(await visit.lines())
    form = form_of(line_of(await visit.page(), key), "Take out")
    answer = await visit.send(form, **HTMX)
    assert answer.status_code == 200
    part = answer.text
    assert "<html" not in part
    assert part.lstrip().startswith('<section id="in-box"')
    for each in ("box-days", "gap", "box-foot"):
        assert re.search(rf'id="{each}"[^>]* hx-swap-oob="true"', part), each
    assert part.count('role="status"') == 1
    assert part.count("data-focus") == 1
    assert "Put back" in part[part.index("data-focus") :][:200]
    (said,) = re.findall(r'role="status"[^>]*>([^<]+)<', part)
    assert "taken out." in said
    assert "nothing ripe" in said or "too little" in said
    drawn, used = (set(re.findall(p, part)) for p in (r'symbol id="([^"]+)"', r'href="#([^"]+)"'))
    assert used <= drawn | {""}, "pictures come with the part that shows them"


async def test_a_box_that_changed_meanwhile_is_shown_and_not_overwritten(web: Web) -> None:
    visit = await open_box(web)
    stale = await visit.page()
    other, key, *_ = await visit.lines()
    await visit.tap("Take out", line_of(stale, other))
    now = await visit.lines()
    form = form_of(line_of(stale, key), "Take out")
    for headers in ({}, HTMX):
        answer = await visit.send(form, **headers)
        assert answer.status_code == 409
        assert "Your box has changed since you looked at it." in line_of(answer.text, key)
    assert await visit.lines() == now


async def test_what_cannot_be_is_told_at_its_line_and_nothing_is_stored(web: Web) -> None:
    visit = await open_box(web)
    page, before = await visit.page(), await visit.lines()
    key = most_of(before)
    ((lot,),) = await fetch("SELECT lot FROM box_line WHERE produce = $1 LIMIT 1", key)
    base = form_of(line_of(page, key), "More")
    tries = {
        f"{lot}:40": (409, ""),
        f"{uuid4()}:1": (422, "One of these lots is not to be had on this day."),
        f"{lot}:-1": (422, "A change is a lot, a colon"),
        "<b>:1": (422, "A change is a lot, a colon"),
        f"{lot}:٣": (422, "A change is a lot, a colon"),
    }
    for change, (status, said) in tries.items():
        fields = [each for each in base.fields if each[0] != "change"] + [("change", change)]
        for headers in ({}, HTMX):
            answer = await visit.send(Form(base.action, fields, ""), **headers)
            assert answer.status_code == status, change
            assert '<p class="wrong-word"' in line_of(answer.text, key)
            assert said in answer.text
            assert "<b>:1" not in answer.text
    every = [f"{each}:0" for (each,) in await fetch("SELECT DISTINCT lot FROM box_line")]
    fields = [each for each in base.fields if each[0] not in ("change", "at")]
    fields += [("change", each) for each in every] + [("at", "x'y")]
    answer = await visit.send(Form(base.action, fields, ""))
    assert answer.status_code == 409
    assert "An empty box is not sent." in answer.text
    assert (await visit.lines(), await visit.status()) == (before, "proposed")


async def test_after_the_cut_off_the_box_is_there_to_read_and_taps_change_nothing(
    web: Web,
) -> None:
    visit = await open_box(web)
    page, before = await visit.page(), await visit.lines()
    web.clock.at = AFTER
    for form in list(forms(page)):
        if form.action.startswith(visit.path):
            answer = await visit.send(form)
            assert answer.status_code in (303, 409)
    answer = await visit.send(form_of(page, "Take out"))
    assert answer.status_code == 409
    assert "closed for changes" in answer.text
    fragment = await visit.send(form_of(page, "Take out"), **HTMX)
    assert (fragment.status_code, fragment.headers["hx-redirect"]) == (409, visit.path)
    assert (await visit.browser.get(f"{visit.path}/add")).status_code == 409
    closed = await visit.page()
    assert "It is being packed." in closed
    assert not [form for form in forms(closed) if form.action.startswith(visit.path)]
    assert await visit.lines() == before


async def test_a_gap_may_be_left_and_looked_at_again(web: Web) -> None:
    visit = await open_box(web)
    page, _ = await taken_out(visit)
    page = await visit.tap("Leave it so", page)
    assert "left-bare" in page
    assert not form_of(page, "Show").of("change")
    part = (await visit.send(form_of(page, "Show"), **HTMX)).text
    assert part.lstrip().startswith('<div id="gap"')
    assert "left-bare" not in part
    assert part.count("data-focus") == 1
    await visit.tap("Leave it so")
    rest = most_of(await visit.lines())
    page = await visit.tap("Take out", line_of(await visit.page(), rest))
    assert "left-bare" not in page, "another bare day is told anew"


async def test_somebody_elses_box_is_no_box(web: Web) -> None:
    visit = await open_box(web)
    form = form_of(await visit.page(), "Take out")
    stranger = uuid4()
    await fetch(
        "INSERT INTO person (id, email, name, session_epoch, created_at, password_hash)"
        " SELECT $1, 'mia@example.org', 'Mia', 1, created_at, password_hash FROM person LIMIT 1 RETURNING id",
        stranger,
    )  # fmt: skip
    await fetch(
        "INSERT INTO role_grant (id, person, role, merchant, granted_at)"
        " SELECT $1, $2, role, merchant, granted_at FROM role_grant LIMIT 1 RETURNING id",
        uuid4(), stranger,
    )  # fmt: skip
    other = await web._open("203.0.113.9")
    await other.sign_in("mia@example.org")
    for box in (visit.box, uuid4()):
        for end in ("", "/add", "/swap?out=banana"):
            assert (await other.get(f"/boxes/{box}{end}")).status_code == 404, end
        for end in ("change", "undo", "withdraw", "leave"):
            fields = {name: value for name, value in form.fields if name != "_csrf_token"}
            answer = await other.send_form(f"/boxes/{box}/{end}", **fields)
            assert answer.status_code == 404, end


async def test_where_nothing_is_left_to_give_the_box_is_shown_and_nothing_offered(web: Web) -> None:
    visit = await open_box(web)
    await fetch("UPDATE lot SET status = 'held' RETURNING id")
    page = await visit.page()
    for key in await visit.lines():
        assert "Take out" in line_of(page, key)
    assert "Nothing else fits now" in await visit.page("/add")


@pytest.mark.parametrize("kind", ["mixed", "flower"])
async def test_flowers_are_swapped_for_flowers_and_have_a_row_of_days_of_their_own(
    web: Web, kind: str
) -> None:
    visit = await open_box(web, kind=kind)
    page, held = await visit.page(), await visit.lines()
    assert 'id="strip-vase"' in page
    assert ("In the vase" in page) == (kind == "mixed")
    flower = next(key for key in held if key in FLOWERS)
    ideas = list(forms(await visit.page(f"/swap?out={flower}")))
    chosen = {key for form in ideas for key in form.of("at")}
    assert chosen <= set(FLOWERS) - {flower}
    page = await visit.tap("Take out", line_of(page, flower)) if len(held) > 1 else page
    if len(held) > 1:
        assert "nothing in bloom" in page
        assert "Put in" in page


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_all_of_it_is_said_in_the_readers_language(web: Web, language: str) -> None:
    visit = await open_box(web, language=language)
    key = most_of(await visit.lines())
    take = next(
        form
        for form in forms(line_of(await visit.page(), key))
        if form.of("change")[0].endswith(":0")
    )
    part = (await visit.send(take, **HTMX)).text
    whole, ideas = await visit.page(), await visit.page("/add")
    for page in (part, whole[whole.index("<main") :], ideas[ideas.index("<main") :]):
        shown = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page, flags=re.DOTALL)
        address = {"Lindenweg", "Berlin"}
        latin = set(re.findall(r"[A-Za-z]{3,}", shown)) - address
        assert bool(latin) == (language == "en"), latin


async def test_a_tap_asks_the_database_as_often_whatever_the_box_holds(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await open_box(web)
    with counted(monkeypatch) as first:
        page = await visit.page()
    await visit.tap("Put in", await visit.page("/add"))
    with counted(monkeypatch) as second:
        await visit.page()
    assert len(first) == len(second) <= 20
    with counted(monkeypatch) as tap:
        key = most_of(await visit.lines())
        await visit.send(form_of(line_of(await visit.page(), key), "Take out"), **HTMX)
    assert len(tap) - len(second) <= 32
    assert page


async def test_the_page_and_its_answers_are_light(web: Web) -> None:
    visit = await open_box(web)
    page, key = await taken_out(visit)
    assert len(gzip.compress(page.encode(), 6)) <= 14_000
    part = (await visit.send(form_of(line_of(page, key), "Put back"), **HTMX)).text
    assert len(gzip.compress(part.encode(), 6)) <= 10_000
