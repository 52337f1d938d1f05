"""What is harvested near by, and what is sold all year all the same."""

import datetime as dt

import pytest

from ripeday.kit.errors import Invalid
from ripening.produce import load_profiles, sellable_keys
from ripening.season import (
    REGIONS,
    availability,
    in_season,
    last_month_of_season,
    season_is_assumed,
    year_round,
)

NOVEMBER, JUNE = dt.date(2026, 11, 24), dt.date(2026, 6, 24)


def test_persimmons_are_autumn_fruit_and_cherries_are_not() -> None:
    assert in_season("persimmon_nonastringent", "ncn", NOVEMBER)
    assert not in_season("cherry", "ncn", NOVEMBER)
    assert in_season("cherry", "ncn", JUNE)


def test_flowers_follow_the_hemisphere_in_every_region() -> None:
    for region in REGIONS:
        assert in_season("peony", region, JUNE)
        assert not in_season("peony", region, NOVEMBER)


def test_stored_and_imported_produce_is_told_apart_from_a_harvest() -> None:
    assert availability("apple_fuji", "ncn", NOVEMBER) == "harvest"
    assert availability("apple_fuji", "ncn", JUNE) == "stored"
    assert availability("mango", "med", NOVEMBER) == "imported"
    assert availability("cherry", "med", NOVEMBER) is None


def test_what_no_source_says_about_a_season_is_assumed() -> None:
    assert not season_is_assumed("apple_fuji", "ncn", NOVEMBER)
    assert season_is_assumed("apple_fuji", "ncn", JUNE)
    assert season_is_assumed("tulip", "ncn", dt.date(2026, 2, 1))  # "unverified" in the facts
    assert year_round().keys() <= load_profiles().keys()


def test_a_season_ends_in_a_month_that_is_the_last_of_its_run() -> None:
    assert last_month_of_season("persimmon_nonastringent", "ncn", NOVEMBER) == 11
    assert last_month_of_season("mandarin", "med", NOVEMBER) == 4
    assert last_month_of_season("lemon", "ca", NOVEMBER) is None
    assert last_month_of_season("cherry", "med", NOVEMBER) is None


@pytest.mark.parametrize("region", ["ncn", "med"])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_box_can_be_filled_in_every_month(region: str, month: int) -> None:
    on = dt.date(2026, month, 15)
    sold = [key for key in sellable_keys() if availability(key, region, on)]
    flowers = [key for key in sold if load_profiles()[key].is_flower]
    assert len(flowers) >= 8
    assert len(sold) - len(flowers) >= 15


def test_an_unknown_region_or_produce_is_named() -> None:
    with pytest.raises(Invalid, match="atlantis"):
        in_season("apple_fuji", "atlantis", NOVEMBER)
    with pytest.raises(Invalid, match="unicorn"):
        in_season("unicorn", "ncn", NOVEMBER)
