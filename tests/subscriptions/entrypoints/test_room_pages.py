"""How many boxes may make room when a lot fails: chosen on the day's board, with what it brought."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.adapters import planning_store, room_store
from subscriptions.entrypoints.merchant_board_controller import MerchantBoardController
from subscriptions.role import Role
from tests.market import BEFORE, open_market
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.people import add_person, fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantBoardController,)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("When a lot fails", "Last time 3 more changed boxes would have made the day better by €1.25",
                "Last time 3 other boxes made room; the day is better by €1.25")),
        ("zh", ("有批次出问题时", "如果再调整 3 箱，按计划器的算法，这一天能好 €1.25", "上一次有 3 箱让出了一些")),
    ],
)  # fmt: skip
async def test_the_board_says_what_it_brings_and_keeps_what_was_chosen(
    web: Web, language: str, words: tuple[str, str, str]
) -> None:
    m = await open_market()
    await add_person("planner@example.org", (Role.PLANNER, m.merchant))
    browser = await web.browser()
    await browser.sign_in("planner@example.org")
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)
    board = f"/merchant/plan/{m.day}"
    day = await planning_store.day_to_plan(m.day)
    assert day is not None
    assert words[0] in (await browser.get(board)).text
    for k, told in enumerate(words[1:]):
        await room_store.note_mended(
            day, n_boxes=9, n_others=3, gain=12_500, is_trial=k == 0, now=BEFORE.add(minutes=k)
        )
        assert told in (await browser.get(board)).text.replace("\u00a0", " ")

    saved = await browser.send_form(f"{board}/room", others_pct="5")

    assert saved.headers["location"] == f"{board}#room"
    assert '<option value="5" selected>' in (await browser.get(board)).text
    assert await room_store.others_pct(m.merchant) == 5
    assert await fetch("SELECT detail->>'pct' FROM audit_entry WHERE action = 'room_set'") == [
        ("5",)
    ]


async def test_a_number_that_is_not_offered_is_refused_by_its_name(web: Web) -> None:
    m = await open_market()
    await add_person("planner@example.org", (Role.PLANNER, m.merchant))
    browser = await web.browser()
    await browser.sign_in("planner@example.org")

    for typed in ("99", "", "two"):
        answer = await browser.send_form(f"/merchant/plan/{m.day}/room", others_pct=typed)
        assert answer.status_code == 422
        assert 'id="wrong-others_pct"' in answer.text
    assert await room_store.others_pct(m.merchant) == 0
