"""One tap reaches everybody who holds of the lot, and can be taken back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeday.audit import audit
from ripeday.kit.errors import Invalid, NotFound
from subscriptions.errors import NotAtHome
from tests.market import DELIVERY_ON, open_market
from tests.subscriptions.people import add_person, fetch
from tests.subscriptions.services.kitchen import SATURDAY, Street, open_street

pytestmark = pytest.mark.usefixtures("database")
TODAY = (SATURDAY.date() - DELIVERY_ON).days


def ahead(eat: list[int]) -> list[int]:
    """Return the days from today on that something is planned for."""
    return [day for day, portions in enumerate(eat) if portions and day >= TODAY]


async def test_a_neighbours_calendar_moves_when_somebody_says_still_hard() -> None:
    street = await open_street()
    before = await street.kitchens()
    neighbour = before[-1]
    others = [kitchen for kitchen in before if kitchen.person != neighbour.person]

    for kitchen in others:
        await street.say(kitchen, "hard")
    after = (await street.kitchens())[-1]

    assert others
    assert (await street.shift())[0] < -0.3
    assert sum(after.chance[: TODAY + 1]) < sum(neighbour.chance[: TODAY + 1])
    assert after.eat != neighbour.eat
    assert after.eat[:TODAY] == neighbour.eat[:TODAY]
    assert min(ahead(after.eat), default=99) > TODAY


async def test_undo_puts_it_back() -> None:
    street = await open_street()
    before = await street.kitchens()

    for kitchen in before:
        await street.say(kitchen, "hard")
    for kitchen in before:
        await street.take_back(kitchen)

    assert await street.kitchens() == before
    assert await street.shift() == (0.0, None)
    ((n_moved,),) = await fetch("SELECT count(*) FROM box_line WHERE planned_eat IS NOT NULL")
    assert n_moved == 0


async def test_the_one_who_says_still_hard_does_not_eat_it_today() -> None:
    street = await open_street(households=1, age_days=1.5)
    (kitchen, *_) = [each for each in await street.kitchens() if each.eat[TODAY]]

    await street.say(kitchen, "hard")
    (after,) = [each for each in await street.kitchens() if each.line == kitchen.line]

    assert after.eat[TODAY] == 0
    assert sum(after.eat) <= sum(kitchen.eat)


async def test_reports_move_the_lot_the_right_way() -> None:
    street = await open_street(age_days=1.0)
    kitchens = await street.kitchens()
    shifts = {}
    for said in ("hard", "right", "late"):
        await street.say(kitchens[0], said)
        shifts[said] = (await street.shift())[0]

    assert shifts["hard"] < shifts["right"] < shifts["late"]
    ((n_rows,),) = await fetch("SELECT count(*) FROM report")
    assert n_rows == 1, "a later word of a day takes the place of the earlier one"


async def test_what_became_bare_says_why_and_is_covered_again_by_undo() -> None:
    street = await open_street(households=1)
    said = "SELECT day_on, missing, reason FROM uncovered_day ORDER BY day_on"
    before = await fetch(said)
    kitchens = await street.kitchens()

    for kitchen in kitchens:
        await street.say(kitchen, "late")
    late = await fetch(said)
    for kitchen in kitchens:
        await street.take_back(kitchen)

    assert "ripens_otherwise" in {reason for _, _, reason in late}
    assert [row[:2] for row in await fetch(said)] == [row[:2] for row in before]


async def test_a_second_tap_changes_nothing() -> None:
    street = await open_street()
    (kitchen, *_) = await street.kitchens()
    await street.say(kitchen, "hard")
    once = await fetch("SELECT * FROM report"), await street.kitchens()

    await asyncio.gather(*(street.say(kitchen, "hard") for _ in range(5)))

    assert (await fetch("SELECT * FROM report"), await street.kitchens()) == once
    assert await street.take_back(kitchen) >= 0
    assert await street.take_back(kitchen) == 0


async def test_two_reports_at_once_both_count() -> None:
    street = await open_street(households=6)
    kitchens = await street.kitchens()

    await asyncio.gather(*(street.say(kitchen, "hard") for kitchen in kitchens))
    together = await street.shift()
    for kitchen in kitchens:
        await street.take_back(kitchen)
    for kitchen in kitchens:
        await street.say(kitchen, "hard")

    assert await street.shift() == pytest.approx(together)
    ((n_alive,),) = await fetch("SELECT count(*) FROM report WHERE undone_at IS NULL")
    assert n_alive == len(kitchens)


async def test_only_the_household_that_holds_it_may_judge() -> None:
    street = await open_street()
    mine, *_ = kitchens = await street.kitchens()
    theirs = next(each for each in kitchens if each.person != mine.person)
    stranger = await add_person("mia@example.org")

    for person in (theirs.person, stranger):
        with pytest.raises(NotFound):
            await street.reporting.report(
                person, mine.line, "hard", judged_on=SATURDAY.date(), now=SATURDAY
            )
        with pytest.raises(NotFound):
            await street.reporting.take_back(
                person, mine.line, judged_on=SATURDAY.date(), now=SATURDAY
            )
    with pytest.raises(NotFound):
        await street.reporting.report(
            mine.person, uuid4(), "hard", judged_on=SATURDAY.date(), now=SATURDAY
        )
    assert await fetch("SELECT * FROM report") == []


@pytest.mark.parametrize(
    ("said", "days", "field"),
    [("green", 0, "felt"), ("", 0, "felt"), ("hard", 1, "on"), ("hard", -TODAY - 1, "on")],
)
async def test_a_strange_verdict_or_day_is_refused_in_a_sentence(
    said: str, days: int, field: str
) -> None:
    street = await open_street(households=1)
    (kitchen, *_) = await street.kitchens()

    with pytest.raises(Invalid) as refused:
        await street.reporting.report(
            kitchen.person,
            kitchen.line,
            said,
            judged_on=SATURDAY.add(days=days).date(),
            now=SATURDAY,
        )

    assert refused.value.field == field
    assert str(refused.value.message).endswith(".")
    assert await fetch("SELECT * FROM report") == []


async def test_a_box_that_did_not_come_cannot_be_judged() -> None:
    street = await open_street(households=1, paid=False)
    (kitchen, *_) = await street.kitchens()

    with pytest.raises(NotAtHome):
        await street.say(kitchen, "hard")


async def test_lots_of_other_merchants_stay_as_they_are() -> None:
    street = await open_street()
    other = await open_market(slug="elsewhere")
    before = await fetch("SELECT id, shift_days FROM lot WHERE merchant = $1", other.merchant)
    (kitchen, *_) = await street.kitchens()

    await street.say(kitchen, "hard")

    ((merchant,),) = await fetch("SELECT merchant FROM report")
    assert merchant == street.market.merchant
    assert (
        await fetch("SELECT id, shift_days FROM lot WHERE merchant = $1", other.merchant) == before
    )


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Keep every statement."""
    said: list[str] = []

    def keeping(name: str) -> Any:
        whole = getattr(asyncpg.Connection, name)

        async def keep(self: object, query: str, *args: object, **more: object) -> object:
            said.append(query)
            return await whole(self, query, *args, **more)

        return keep

    with monkeypatch.context() as patch:
        for name in ("fetch", "fetchrow", "fetchval", "execute", "executemany"):
            patch.setattr(asyncpg.Connection, name, keeping(name))
        yield said


@pytest.mark.parametrize("households", [2, 12])
async def test_more_holders_ask_no_more_of_the_database(
    monkeypatch: pytest.MonkeyPatch, households: int
) -> None:
    street = await open_street(households=households)
    (kitchen, *_) = await street.kitchens()

    with counted(monkeypatch) as said:
        assert await street.say(kitchen, "late") > 0

    assert len(said) <= 22, "\n".join(said)


async def test_the_books_stay_in_order() -> None:
    street = await open_street()
    for said, kitchen in zip(("hard", "right", "late"), await street.kitchens(), strict=False):
        await street.say(kitchen, said)

    found = {finding.invariant for finding in await audit()}
    assert not {each for each in found if "report" in each or "learned" in each}


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(("hard", "right", "late"))), max_size=6
    )
)
async def test_whatever_is_said_can_be_taken_back(
    street: Street, words: list[tuple[int, str]]
) -> None:
    kitchens = await street.kitchens()
    for who, said in words:
        await street.say(kitchens[who % len(kitchens)], said)
    for kitchen in kitchens:
        await street.take_back(kitchen)

    assert await street.kitchens() == kitchens
    assert await street.shift() == (0.0, None)


@pytest.fixture
async def street() -> Street:
    return await open_street(households=2, age_days=1.0)
