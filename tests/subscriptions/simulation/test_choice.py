"""Which stored plans are meant."""

import datetime as dt

import pytest

from ripeday.kit.errors import Invalid, NotFound
from subscriptions.simulation.choice import chosen_plans, read_name

MONDAY, THURSDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 26)
PLANNED = {"havelkorb": [MONDAY, THURSDAY], "guoshi": [MONDAY]}
MERCHANTS = ["guoshi", "havelkorb", "newcomer"]


def chosen(*names: str, today: dt.date = MONDAY) -> list[tuple[str, dt.date]]:
    return chosen_plans(
        [read_name(name) for name in names], PLANNED, merchants=MERCHANTS, today=today
    )


def test_a_merchant_alone_means_the_next_planned_day() -> None:
    assert chosen("havelkorb") == [("havelkorb", MONDAY)]
    assert chosen("havelkorb", today=dt.date(2026, 11, 24)) == [("havelkorb", THURSDAY)]
    assert chosen("havelkorb", today=dt.date(2027, 1, 1)) == [("havelkorb", THURSDAY)]


def test_nothing_means_everyone() -> None:
    assert chosen() == [("havelkorb", MONDAY), ("guoshi", MONDAY)]


def test_a_plan_named_twice_is_lived_once() -> None:
    assert chosen("guoshi", "guoshi/2026-11-23") == [("guoshi", MONDAY)]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("nobody", "guoshi, havelkorb"),
        ("havelkorb/2026-11-24", "2026-11-23, 2026-11-26"),
        ("newcomer", "newcomer has no plan"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(name: str, known: str) -> None:
    with pytest.raises(NotFound) as error:
        chosen(name)
    assert known in str(error.value)


def test_before_anything_is_planned_it_says_so() -> None:
    with pytest.raises(NotFound, match="Nothing is planned yet"):
        chosen_plans([], {}, merchants=MERCHANTS, today=MONDAY)


@pytest.mark.parametrize("text", ["", "/2026-11-23", "havelkorb/tomorrow", "havelkorb/2026-11-31"])
def test_a_name_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_name(text)
