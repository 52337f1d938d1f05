"""The sample farm: the same for the same day, and made of what the product itself would accept."""

import datetime as dt
import itertools
import re
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean

from delivery.adapters.tables import Place
from ripeday.sample.calendar import SampleDays
from ripeday.sample.farm import SampleFarm, grow
from ripeday.sample.merchant import MERCHANTS
from ripeday.sample.staff import logins
from ripening.lot_state import LotState
from ripening.produce import load_profiles, sellable_keys
from ripening.use_by import last_delivery_on
from subscriptions.adapters.box_tables import Subscription
from subscriptions.adapters.catalog_tables import BoxPlan, Catalog, Lot, Offer
from subscriptions.adapters.order_tables import Donation
from subscriptions.adapters.people_tables import (
    DeliveryRound,
    Household,
    HouseholdTaste,
    Merchant,
    Person,
    RoleGrant,
)
from subscriptions.adapters.stop_tables import Stop
from subscriptions.role import Role

PROFILES = load_profiles()
MONTHS = [dt.date(2026, month, 22) for month in range(1, 13)]
ODD_DAYS = [
    dt.date(2027, 10, 31),
    dt.date(2028, 2, 29),
    dt.date(2026, 12, 31),
    dt.date(2027, 3, 28),
]


@pytest.fixture(scope="module", params=[*MONTHS, *ODD_DAYS], ids=str)
def farm(request: pytest.FixtureRequest) -> SampleFarm:
    return grow(request.param, PROFILES)


def by_id(farm: SampleFarm, table: Any) -> dict[Any, dict[str, Any]]:
    return {row["id"]: row for row in farm.book.rows[table]}


def slug_of(farm: SampleFarm, row: dict[str, Any]) -> str:
    return str(by_id(farm, Merchant)[row["merchant"]]["slug"])


@settings(max_examples=5, deadline=None)
@given(st.dates(dt.date(2025, 1, 1), dt.date(2030, 12, 31)))
def test_the_same_day_makes_the_same_farm_and_another_day_another(day: dt.date) -> None:
    once, again = grow(day, PROFILES), grow(day, PROFILES)
    assert once.book.rows == again.book.rows
    assert (once.receipts, once.subscribers) == (again.receipts, again.subscribers)
    other = grow(day + dt.timedelta(days=1), PROFILES)
    assert other.book.rows[Household] != once.book.rows[Household]


def test_its_size_is_what_is_promised(farm: SampleFarm) -> None:
    rows = farm.book.rows
    assert len(rows[Merchant]) == 2
    assert len(rows[Household]) == len(rows[Subscription]) == 300
    assert 60 <= len(rows[Lot]) <= 100
    assert Counter(slug_of(farm, row) for row in rows[Household]) == {
        "havelkorb": 170,
        "guoshi": 130,
    }
    assert {row["currency"] for row in rows[Merchant]} == {"EUR", "CNY"}


def test_no_id_and_no_address_is_used_twice(farm: SampleFarm) -> None:
    for table, rows in farm.book.rows.items():
        key = "key" if table.__name__ == "Produce" else "id"
        assert len({row[key] for row in rows}) == len(rows), table.__name__
    people = farm.book.rows[Person]
    assert len({row["email"] for row in people}) == len(people)
    assert all(
        re.search(r"@(example\.(org|com|net)|[a-z]+\.example)$", row["email"]) for row in people
    )


def test_yesterdays_cutoff_packs_today_and_next_week_is_still_open(farm: SampleFarm) -> None:
    days = SampleDays(farm.book.as_of)
    for row in farm.book.rows[DeliveryRound]:
        assert (row["cutoff_days_before"], row["pack_days_before"]) == (2, 1)
    weekdays = {row["weekday"] for row in farm.book.rows[DeliveryRound]}
    assert weekdays == {days.current_on.weekday(), days.second_on.weekday()}
    assert days.last_on.weekday() == days.next_on.weekday() == days.current_on.weekday()
    assert days.current_on - dt.timedelta(days=1) == farm.book.as_of


def test_every_lot_is_offered_and_leaves_while_it_is_still_good(farm: SampleFarm) -> None:
    offers = defaultdict(list)
    for offer in farm.book.rows[Offer]:
        offers[offer["merchant"], offer["produce"]].append((offer["starts_on"], offer["ends_on"]))
    for lot in farm.book.rows[Lot]:
        state = LotState(
            lot["produce"], lot["age_days"], lot["graded_on"], lot["store_c"], lot["is_treated"]
        )
        assert lot["produce"] in sellable_keys()
        assert lot["harvested_on"] < lot["graded_on"] <= lot["due_on"] < lot["must_leave_on"]
        (last,) = last_delivery_on([state], profiles=PROFILES, on=lot["must_leave_on"])
        assert last is not None, lot["code"]
        first_on = lot["due_on"] + dt.timedelta(days=2)
        spans = offers[lot["merchant"], lot["produce"]]
        assert any(
            start <= first_on + dt.timedelta(days=1) and first_on < end for start, end in spans
        )


def test_every_lot_costs_less_than_its_offer_and_comes_in_whole_cases(farm: SampleFarm) -> None:
    prices = {
        (row["merchant"], row["produce"]): row["price_minor"] for row in farm.book.rows[Offer]
    }
    for lot in farm.book.rows[Lot]:
        assert 0 < lot["unit_cost_minor"] < prices[lot["merchant"], lot["produce"]]
        assert lot["units_announced"] > 0
        assert lot["units_announced"] % lot["case_units"] == 0
        assert len(lot["gtin"]) == 14
        assert lot["gtin"][1:4] == "952"  # kept by GS1 for demonstrations
        assert lot["gtin"][-1] == ean.calc_check_digit(lot["gtin"][:-1])


def test_lots_differ_in_ripeness(farm: SampleFarm) -> None:
    lots = [lot for lot in farm.book.rows[Lot] if lot["produce"] == "banana"]
    assert len({lot["age_days"] for lot in lots}) >= 3
    ages = {lot["age_days"] for lot in farm.book.rows[Lot]}
    assert len(ages) > 20


def test_what_came_in_lies_in_rooms_of_its_temperature(farm: SampleFarm) -> None:
    places, lots = by_id(farm, Place), by_id(farm, Lot)
    assert farm.receipts
    for receipt in farm.receipts:
        lot = lots[receipt.lot_id]
        assert sum(receipt.units.values()) == lot["units_announced"]
        assert receipt.at.date() < farm.book.as_of
        for place_id in receipt.units:
            place = places[place_id]
            assert place["merchant"] == lot["merchant"]
            assert place["low_c"] <= lot["store_c"] <= place["high_c"]
    received = {receipt.lot_id for receipt in farm.receipts}
    assert all((id_ in received) == (lot["due_on"] < farm.book.as_of) for id_, lot in lots.items())


def test_every_household_lives_on_its_round(farm: SampleFarm) -> None:
    rounds, households = by_id(farm, DeliveryRound), by_id(farm, Household)
    on_round: Counter[Any] = Counter()
    for subscription in farm.book.rows[Subscription]:
        round_ = rounds[subscription["round"]]
        postcode = households[subscription["household"]]["postcode"]
        assert any(postcode.startswith(prefix) for prefix in round_["postcode_prefixes"])
        assert subscription["first_delivery_on"].weekday() == round_["weekday"]
        assert subscription["created_at"].date() < subscription["first_delivery_on"]
        on_round[round_["id"]] += 1
    assert all(0 < on_round[id_] < round_["capacity"] for id_, round_ in rounds.items())


def test_one_box_of_each_merchant_is_given_to_its_food_bank(farm: SampleFarm) -> None:
    rows = farm.book.rows
    banks = {row["id"]: row["merchant"] for row in rows[Stop] if row["kind"] == "food_bank"}
    due = {each.subscription_id: each for each in farm.subscribers}
    gifts = rows[Donation]
    assert sorted(row["merchant"] for row in gifts) == sorted(banks.values())
    for row in gifts:
        assert banks[row["stop"]] == row["merchant"]
        assert due[row["subscription"]].is_due(row["delivery_on"])


def test_nobody_likes_what_they_never_want(farm: SampleFarm) -> None:
    never, liked = defaultdict(set), defaultdict(set)
    for row in farm.book.rows[HouseholdTaste]:
        if row["family"]:
            never[row["household"]] |= {
                p.key for p in PROFILES.values() if p.family == row["family"]
            }
        else:
            side = never if row["taste"] == "never" else liked
            side[row["household"]].add(row["produce"])
    assert any(never.values())
    assert any(liked.values())
    assert all(not never[household] & liked[household] for household in never)


def test_a_box_plan_suits_its_household(farm: SampleFarm) -> None:
    plans, households = by_id(farm, BoxPlan), by_id(farm, Household)
    cadences = Counter(row["cadence_weeks"] for row in farm.book.rows[Subscription])
    assert 10 <= cadences[2] <= 60
    for row in farm.book.rows[Subscription]:
        people = households[row["household"]]["n_people"]
        assert plans[row["box_plan"]]["portions_a_day"] <= people + 2


def test_catalogs_cover_every_delivery_that_is_opened(farm: SampleFarm) -> None:
    for merchant in {row["merchant"] for row in farm.book.rows[Catalog]}:
        spans = sorted(
            (row["starts_on"], row["ends_on"])
            for row in farm.book.rows[Catalog]
            if row["merchant"] == merchant
        )
        assert spans[0][0] <= SampleDays(farm.book.as_of).last_on
        assert spans[-1][1] > farm.book.as_of + dt.timedelta(days=63)
        assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


def test_imports_and_stores_are_marked_as_assumed(farm: SampleFarm) -> None:
    bananas = {
        row["season_source"]
        for row in farm.book.rows[Offer]
        if row["produce"] == "banana" and slug_of(farm, row) == "havelkorb"
    }
    assert bananas == {"assumed"}
    assert {row["season_source"] for row in farm.book.rows[Offer]} == {"assumed", "local"}


def test_there_is_a_login_for_every_role_that_signs_in(farm: SampleFarm) -> None:
    people = {row["id"]: row["email"] for row in farm.book.rows[Person]}
    granted = {(people[row["person"]], row["role"]) for row in farm.book.rows[RoleGrant]}
    assert all((login.email, login.role.value) in granted for login in logins())
    roles = {login.role for login in logins()}
    assert roles == set(Role) - {Role.HOST, Role.GROWER}  # those two enter by a link of their own
    assert len(MERCHANTS) == 2
