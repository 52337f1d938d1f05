"""What the facts say of each crop, and what had to be assumed."""

import pytest

from ripening.clock import fridge_helps, keeping_rate, ripening_rate, store_rate
from ripening.fact import load_facts, load_sources, rows
from ripening.produce import load_profiles, profile_without, sellable_keys

PROFILES = load_profiles()
CLASSES = {None, "vl", "l", "m", "h", "vh"}


def test_every_fact_has_a_source_that_can_be_looked_up() -> None:
    for fact in load_facts():
        named = fact.source_id.removeprefix("derived<").removeprefix("derived")
        assert not named or named in {"label", "unverified"} or named in load_sources(), fact


def test_each_crop_has_at_most_one_chosen_value_a_field() -> None:
    chosen = [(fact.key, fact.field) for fact in load_facts() if fact.chosen]
    assert len(chosen) == len(set(chosen))


def test_every_crop_has_a_unit_and_a_family_and_no_unit_lacks_its_crop() -> None:
    assert {row["key"] for row in rows("units.csv")} == set(PROFILES)
    families = {row["family"]: row["kind"] for row in rows("families.csv")}
    assert all(families[produce.family] == produce.kind for produce in PROFILES.values())


def test_every_crop_has_a_model() -> None:
    """Second readings of the literature gave gold kiwifruit, Hachiya and pomelo the times they lacked."""
    assert [key for key, produce in PROFILES.items() if not produce.modelled] == []


def test_what_has_no_weight_or_is_too_heavy_for_a_box_is_not_sold() -> None:
    assert PROFILES["dragonfruit"].portions_per_unit is None
    assert PROFILES["watermelon"].unit_grams.shipped > 8000
    assert not {"dragonfruit", "watermelon"} & set(sellable_keys())


def test_everything_sold_is_whole() -> None:
    assert len(sellable_keys()) == 66
    for key in sellable_keys():
        produce = PROFILES[key]
        assert produce.ready is not None
        assert produce.keep is not None
        assert produce.keep.mean > 0
        assert produce.portions_per_unit is not None
        assert produce.portions_per_unit >= 1
        assert produce.ethylene_production in CLASSES
        assert produce.ethylene_sensitivity in CLASSES - {None}
        assert {"ready", "keep", "unit"} <= produce.sources.keys()


def test_a_rule_in_place_of_a_fact_is_listed_as_assumed() -> None:
    assert {"keep", "fridge_hold"} <= set(PROFILES["pear_asian"].assumed)
    assert "q10_ripening" in PROFILES["banana"].assumed
    assert "keep" not in PROFILES["banana"].assumed
    assert "unit" in PROFILES["plum"].assumed  # our own choice of a name


def test_a_value_names_everybody_whose_times_were_pooled_into_it() -> None:
    mango = PROFILES["mango"]
    assert {"ucd_mango", "brecht2017"} <= set(mango.evidence["ready"])
    assert mango.sources["ready"] in mango.evidence["ready"]


def test_a_profile_without_a_publication_does_not_lean_on_it() -> None:
    without = profile_without("avocado_hass", "ucd_avocado")
    assert all("ucd_avocado" not in named for named in without.evidence.values())
    assert without.ready != PROFILES["avocado_hass"].ready


@pytest.mark.parametrize(
    ("key", "production"),
    [("banana", "m"), ("avocado_hass", "vh"), ("grape", "vl"), ("papaya", "h"), ("fig", "m")],
)
def test_ethylene_rates_are_classed_as_the_trade_does(key: str, production: str) -> None:
    assert PROFILES[key].ethylene_production == production


def test_warmer_never_runs_either_clock_slower() -> None:
    for key in sellable_keys():
        produce = PROFILES[key]
        for rate in (ripening_rate, keeping_rate):
            warm = [rate(produce, temperature / 2) for temperature in range(20, 61)]
            if rate is keeping_rate and not fridge_helps(produce) and not produce.is_flower:
                warm = warm[2:]  # at 10 °C the cold that harms takes over from the law
            assert warm == sorted(warm), (key, rate.__name__)


def test_a_day_at_20_degrees_counts_for_one() -> None:
    for key in sellable_keys():
        assert ripening_rate(PROFILES[key], 20.0) == pytest.approx(1.0)
        assert keeping_rate(PROFILES[key], 20.0) == pytest.approx(1.0)


def test_ripening_nearly_stops_below_the_chilling_threshold() -> None:
    """By the Q10 of 17 that mature-green tomato showed between 5 and 15 °C (k_pai1990)."""
    for key in ("banana", "mango", "tomato"):
        produce = PROFILES[key]
        assert produce.chilling_threshold_c is not None
        warm, cold = (ripening_rate(produce, produce.chilling_threshold_c - c) for c in (0, 10))
        assert warm / cold == pytest.approx(17.0)
        assert ripening_rate(produce, 4.0) < 0.1


def test_ripening_is_no_faster_in_a_heat_wave_than_on_a_hot_day() -> None:
    assert ripening_rate(PROFILES["mango"], 36.0) == ripening_rate(PROFILES["mango"], 30.0)


def test_fruit_stored_cold_and_unripe_stays_so_for_its_storage_life() -> None:
    for key in ("kiwifruit_green", "pear_european"):
        produce = PROFILES[key]
        assert produce.storage_life is not None
        assert produce.ready is not None
        at_c = produce.storage_c[1] if produce.storage_c else 0.0
        days = produce.ready.mean / ripening_rate(produce, at_c)
        assert days == pytest.approx(produce.storage_life.mean)


def test_fruit_shipped_ready_lives_its_storage_life_in_good_storage() -> None:
    for key in ("apple_fuji", "grape", "mandarin"):
        produce = PROFILES[key]
        assert produce.storage_life is not None
        assert produce.keep is not None
        at_c = produce.storage_c[1] if produce.storage_c else 0.0
        assert produce.keep.mean / store_rate(produce, at_c) >= produce.storage_life.mean - 1e-9
