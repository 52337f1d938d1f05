"""The button that plans a day again: a worker does it, and the board says how far it is and what it brought."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.merchant_board_controller import MerchantBoardController
from subscriptions.role import Role
from tests.market import BEFORE, add_household, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.people import add_person, fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantBoardController,)


@pytest.mark.parametrize(
    ("language", "at_work", "done", "same"),
    [
        ("en", "This day is being planned", "Planned again: proposal 2", "Nothing changed"),
        ("zh", "正在排这一天", "已重新排过：第 2 版方案", "没有变化"),
    ],
)
async def test_planning_again_is_seen_at_work_and_says_what_changed(
    web: Web, language: str, at_work: str, done: str, same: str
) -> None:
    m = await open_market()
    await add_household(m)
    await add_person("planner@example.org", (Role.PLANNER, m.merchant))
    browser = await web.browser()
    await browser.sign_in("planner@example.org")
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)
    board = f"/merchant/plan/{m.day}"
    assert await web.house.planning.plan_day(m.day, now=BEFORE)
    for produce in ("apple_gala", "apple_fuji", "mandarin"):
        await add_lot(m, produce, units=60)

    pressed = [await browser.send_form(f"{board}/again") for _ in range(2)]
    assert {answer.headers["location"] for answer in pressed} == {f"{board}?after=1"}
    waiting = await browser.get(f"{board}?after=1")
    assert at_work in waiting.text
    assert f'action="{board}/again"' not in waiting.text
    assert f'<a href="{board}?after=1">' in waiting.text
    assert at_work in (await browser.get(f"{board}/progress?after=1")).text

    await web.house.planning_again.plan_asked(m.day, now=BEFORE)
    ended = await browser.get(f"{board}/progress?running=yes&after=1")
    page = await browser.get(f"{board}?after=1")

    assert f'hx-get="{board}?after=1" hx-trigger="load"' in ended.text
    assert at_work not in page.text
    assert done in page.text
    runs = await fetch("SELECT n_uncovered_days FROM plan_run ORDER BY number")
    assert runs[0] == (7,)
    assert f"<dd>7 → {runs[1][0]}</dd>" in page.text
    await browser.send_form(f"{board}/again")
    await web.house.planning_again.plan_asked(m.day, now=BEFORE)
    assert same in (await browser.get(f"{board}?after=2")).text
