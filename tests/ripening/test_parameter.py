"""Every number that a page shows has a source that may be linked, or says that it is assumed and why."""

import pytest

from ripening.card import card_of, sign_of
from ripening.fact import load_sources
from ripening.parameter import parameters_of, secure
from ripening.produce import load_profiles

PROFILES = load_profiles()
MODELLED = [key for key, produce in PROFILES.items() if produce.modelled]


@pytest.mark.parametrize("key", PROFILES)
def test_a_value_is_published_or_says_why_it_is_assumed(key: str) -> None:
    parameters = parameters_of(PROFILES[key])

    assert len(parameters) > 5
    for parameter in parameters:
        assert str(parameter.value)
        if parameter.is_assumed:
            assert parameter.why is not None, parameter.label
        else:
            assert parameter.origins, parameter.label


def test_what_the_profile_assumes_is_marked_so() -> None:
    banana = PROFILES["banana"]
    marked = {str(each.label): each.is_assumed for each in parameters_of(banana)}

    assert "ethylene_sensitivity" in banana.assumed
    assert marked["how much ripening gas harms it"]
    assert "storage_c" not in banana.assumed
    assert not marked["storage temperature"]


def test_only_addresses_that_nobody_can_tamper_with_are_linked() -> None:
    assert secure("https://postharvest.ucdavis.edu/node/5196")
    for url in (
        "http://example.org/",
        "javascript:alert(1)",
        "",
        "https:///nowhere",
        "ftp://x.org",
    ):
        assert secure(url) is None
    for source in load_sources().values():
        link = secure(source.url)
        assert link is None or link.startswith("https://")


@pytest.mark.parametrize("key", MODELLED)
def test_a_card_says_how_to_keep_it_in_three_short_lines(key: str) -> None:
    card = card_of(PROFILES[key], PROFILES, url="https://ripeday.example/produce/" + key)

    assert len(card.lines) == 3
    assert all(len(str(line)) <= 48 for line in card.lines)
    assert str(sign_of(PROFILES[key]))
    assert [bar.day for bar in card.bars] == list(range(14))
    assert {bar.pattern for bar in card.bars} <= {"dot", "light", "ripe"}
    counted = [bar.height for bar in card.bars if bar.is_counted_on]
    assert not counted or min(counted) >= 2
