"""The floor in a packer's hands: receive, pick, pack, load, trace; and nothing of anybody else's."""

from uuid import UUID, uuid4

import pytest

from delivery.adapters import trace_page
from ripeday.kit.adapters.engine import connection
from subscriptions.role import Role
from tests.delivery.papers.reading import scan, text_of
from tests.delivery.services.floor import MORNING, paid, paid_boxes
from tests.market import Market, add_box, add_lot, open_market, stock
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import add_person


async def worker(
    web: Web, *merchants: UUID, role: Role = Role.PACKER, locale: str = "en"
) -> Browser:
    web.clock.at = MORNING
    address = f"{role.value}.{uuid4().hex[:6]}@example.org"
    await add_person(address, *((role, merchant) for merchant in merchants), locale=locale)
    browser = await web.browser()
    await browser.sign_in(address)
    return browser


async def ready_market() -> Market:
    """Two paid boxes wait for a wave; Fuji apples lie at A-01-1."""
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20)
    await paid_boxes(m, [[(lot, 2)], [(lot, 3)]])
    return m


async def released(browser: Browser, m: Market) -> str:
    """Release the day's wave; returns the address of its page."""
    answer = await browser.send_form(f"/warehouse/days/{m.day}/release")
    assert answer.status_code == 303
    address = str(answer.headers["location"]).partition("?")[0]
    assert address.startswith("/warehouse/waves/")
    return address


async def test_a_day_goes_from_paid_to_arrived_by_hand(web: Web) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant)
    home = (await browser.get("/warehouse")).text
    assert "2 boxes are paid and wait for a wave." in home
    assert "Release wave (2 boxes)" in home

    wave = await released(browser, m)
    pick = (await browser.get(wave)).text
    assert "A-01-1" in pick
    assert "L-2200" in pick

    pack = (await browser.get(f"{wave}/pack")).text
    assert "0 of 2 packed" in pack
    assert "Anna 0." not in pack  # a name is short, and a number is no initial
    one = await browser.send_form(f"{wave}/pack", box=str(m.boxes[0]))
    assert "did=packed&n=1" in one.headers["location"]
    rest = await browser.send_form(f"{wave}/pack", all="1")
    assert "did=packed&n=1" in rest.headers["location"]
    assert await stock(m.lots[0]) == (0, 15, 0)
    assert "Every box is packed." in (await browser.get(f"{wave}/pack")).text

    assert "2 boxes have left" in (await browser.get(f"{wave}/load")).text
    left = await browser.send_form(f"{wave}/ship", carrier="own_van")
    assert "2 boxes have left." in (await browser.get(left.headers["location"])).text
    arrived = await browser.send_form(f"{wave}/deliver")
    assert "Every box has arrived." in (await browser.get(arrived.headers["location"])).text
    assert "all arrived" in (await browser.get("/warehouse")).text


async def test_doing_it_twice_changes_nothing(web: Web) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant)
    wave = await released(browser, m)

    again = await browser.send_form(f"/warehouse/days/{m.day}/release")
    assert again.headers["location"].startswith("/warehouse?did=nothing")
    for deed, form in (("pack", {"all": "1"}), ("ship", {"carrier": "own_van"}), ("deliver", {})):
        first = await browser.send_form(f"{wave}/{deed}", **form)
        second = await browser.send_form(f"{wave}/{deed}", **form)
        assert "n=2" in first.headers["location"]
        assert "did=nothing" in second.headers["location"]
    assert await stock(m.lots[0]) == (0, 15, 0)


@pytest.mark.parametrize(("lang", "title"), [("en", "Pick list"), ("zh", "拣货单")])
async def test_papers_open_in_both_languages(web: Web, lang: str, title: str) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant)
    wave = await released(browser, m)

    pick_list = await browser.get(f"{wave}/pick-list.pdf?lang={lang}")
    labels = await browser.get(f"{wave}/labels.pdf?lang={lang}")

    assert pick_list.headers["content-type"] == "application/pdf"
    assert title in text_of(pick_list.content)
    assert {code.text for code in scan(pick_list.content, dpi=300)} == {"W26-1201-3-1"}
    assert scan(labels.content)
    assert (await browser.get(f"{wave}/pack-list.pdf")).content.startswith(b"%PDF")
    assert (await browser.get(f"{wave}/secret.pdf")).status_code == 404


async def test_a_carrier_needs_a_tracking_number(web: Web) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant)
    wave = await released(browser, m)
    await browser.send_form(f"{wave}/pack", all="1")

    for tracking in ("", "x" * 81):
        refused = await browser.send_form(f"{wave}/ship", carrier="manual", tracking=tracking)
        assert refused.status_code == 422
        assert refused.text.count("Enter the carrier&#39;s tracking number") == 2
    nobody = await browser.send_form(f"{wave}/ship", carrier="pigeon")
    assert "Choose who takes the boxes" in nobody.text

    sent = await browser.send_form(f"{wave}/ship", carrier="manual", tracking=" SF 123 ")
    assert "SF 123" in (await browser.get(sent.headers["location"])).text


async def test_a_lot_is_taken_in_by_hand(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=40, received=False)
    browser = await worker(web, m.merchant)
    assert "L-2200" in (await browser.get("/warehouse/receive")).text
    form = (await browser.get(f"/warehouse/receive/{lot}")).text
    assert "stage 6, all yellow" in form

    answer = await browser.send_form(
        f"/warehouse/receive/{lot}",
        units_1="36",
        place_1=str(m.place),
        stage="6",
        temperature="13,5",
    )

    page = (await browser.get(answer.headers["location"])).text
    assert "36 units taken in." in page
    assert "stage 6, all yellow" in page
    assert await stock(lot) == (0, 36, 0)
    again = await browser.get(f"/warehouse/receive/{lot}")
    assert again.headers["location"] == f"/warehouse/lots/{lot}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"units_1": "many"}, "Enter a whole number, like 120"),
        ({"units_1": "4000"}, "4,000 is far more than the 40 units announced."),
        ({"units_1": ""}, "Enter how many came, at least at one place"),
        ({"units_1": "40", "place_1": ""}, "Choose where they lie"),
        ({"units_1": "40", "place_1": str(uuid4())}, "Choose a place of this depot"),
        ({"units_1": "40", "temperature": "warm"}, "Enter a temperature in °C"),
        ({"units_1": "40", "stage": "12"}, "Choose how ripe it is from the list"),
    ],
)
async def test_what_was_typed_wrong_is_named_and_kept(
    web: Web, typed: dict[str, str], said: str
) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=40, received=False)
    browser = await worker(web, m.merchant)

    answer = await browser.send_form(
        f"/warehouse/receive/{lot}", **{"place_1": str(m.place), "stage": "announced", **typed}
    )

    assert answer.status_code == 422
    assert answer.text.count(said) == 2  # in the summary and at the field
    assert f'value="{typed["units_1"]}"' in answer.text
    assert await stock(lot) == (40, 0, 0)


async def test_fewer_than_promised_is_told_in_a_sentence(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20, received=False)
    await add_box(m, [(lot, 12)])
    await paid(m)
    browser = await worker(web, m.merchant)

    answer = await browser.send_form(
        f"/warehouse/receive/{lot}", units_1="11", place_1=str(m.place)
    )

    assert answer.status_code == 422
    assert "11 came of lot L-2200, but boxes already count on 12." in answer.text


async def test_a_lot_is_found_followed_held_and_let_go(web: Web) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant)
    wave = await released(browser, m)
    found = await browser.get("/warehouse/lots?code=l-22")
    address = found.headers["location"]
    page = (await browser.get(address)).text
    assert "In 2 boxes" in page
    assert "Finca Luz" in page

    await browser.send_form(f"{address}/hold")
    assert "Held: L-2200" in (await browser.get(wave)).text
    refused = await browser.send_form(f"{wave}/pack", all="1")
    assert refused.status_code == 409
    assert "L-2200" in refused.text
    assert (await browser.send_form(f"{address}/hold")).status_code == 409
    await browser.send_form(f"{address}/let-go")

    assert (await browser.send_form(f"{wave}/pack", all="1")).status_code == 303


@pytest.mark.parametrize("code", ["%", "_", "\\", "L-99", "<b>"])
async def test_a_search_takes_signs_as_they_are(web: Web, code: str) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant)

    answer = await browser.get("/warehouse/lots", params={"code": code})

    assert answer.status_code == 200
    assert "No lot begins with" in answer.text
    assert "<b>”" not in answer.text


async def test_another_merchants_floor_is_like_a_missing_one(web: Web) -> None:
    m, other = await ready_market(), await open_market(slug="havel")
    mine = await worker(web, m.merchant)
    wave = await released(mine, m)
    theirs = await worker(web, other.merchant)
    nowhere = f"/warehouse/waves/{uuid4()}"

    for page in ("", "/pack", "/load", "/pick-list.pdf", "/pack-list.pdf", "/labels.pdf"):
        hidden, missing = await theirs.get(wave + page), await theirs.get(nowhere + page)
        assert hidden.status_code == missing.status_code == 404
    for page in (f"/warehouse/lots/{m.lots[0]}", f"/warehouse/receive/{m.lots[0]}"):
        assert (await theirs.get(page)).status_code == 404
    deeds = (
        f"{wave}/pack", f"{wave}/ship", f"{wave}/deliver", f"{wave}/print",
        f"/warehouse/days/{m.day}/release", f"/warehouse/lots/{m.lots[0]}/hold",
        f"/warehouse/lots/{m.lots[0]}/let-go", f"/warehouse/receive/{m.lots[0]}",
    )  # fmt: skip
    for deed in deeds:
        answer = await theirs.send_form(deed, all="1", carrier="own_van")
        assert answer.status_code == 404, deed
    assert "L-2200" not in (await theirs.get("/warehouse/lots")).text
    assert "W26" not in (await theirs.get("/warehouse")).text
    assert await stock(m.lots[0]) == (0, 20, 5)


async def test_a_box_of_another_wave_cannot_be_packed_through_this_one(web: Web) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant)
    wave = await released(browser, m)

    for box in (str(uuid4()), "none", ""):
        assert (await browser.send_form(f"{wave}/pack", box=box)).status_code == 404


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.DRIVER, Role.GROWER])
async def test_the_floor_is_for_those_who_work_there(web: Web, role: Role) -> None:
    m = await ready_market()
    browser = await worker(web, m.merchant, role=role)

    for page in ("/warehouse", "/warehouse/receive", "/warehouse/lots"):
        assert (await browser.get(page)).status_code == 403
    answer = await browser.send_form(f"/warehouse/days/{m.day}/release")
    assert answer.status_code == 403


@pytest.mark.parametrize("role", [Role.PACKER, Role.PLANNER, Role.MERCHANT_ADMIN])
async def test_who_works_there_may_come_in(web: Web, role: Role) -> None:
    m = await ready_market()

    assert (await (await worker(web, m.merchant, role=role)).get("/warehouse")).status_code == 200


async def test_a_stranger_is_led_to_the_door(web: Web) -> None:
    answer = await (await web.browser()).get("/warehouse")

    assert answer.status_code in {303, 403}


async def test_every_page_speaks_chinese(web: Web) -> None:
    m = await ready_market()
    due = await add_lot(m, "banana", units=40, received=False)
    browser = await worker(web, m.merchant, locale="zh")
    wave = await released(browser, m)
    pages = ("/warehouse", "/warehouse/receive", f"/warehouse/receive/{due}", wave, f"{wave}/pack",
             f"{wave}/load", "/warehouse/lots", f"/warehouse/lots/{due}")  # fmt: skip

    for page in pages:
        text = (await browser.get(page)).text
        assert '<html lang="zh-Hans"' in text
        for english in ("packed", "Receive", "Wave", "Take", "Back", "boxes", "Find", "lot "):
            assert f">{english}" not in text, (page, english)


async def test_the_boxes_of_a_lot_are_found_by_index_alone(web: Web) -> None:
    """So that a recall is a matter of milliseconds, however many boxes there have been."""
    m = await ready_market()
    async with connection() as c, c.transaction():
        await c.execute("SET LOCAL enable_seqscan = off")
        plan = await c.fetch(f"EXPLAIN {trace_page._BOXES}", m.lots[0], [m.merchant])

    lines = [row[0] for row in plan]
    assert any("Index" in line for line in lines)
    assert not [line for line in lines if "Seq Scan" in line]
