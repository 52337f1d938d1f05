"""Produce is found by what people call it, in whichever language they think of it."""

import pytest

from ripeday.translation import translator
from ripening.produce import load_profiles
from subscriptions.taste_search import found

PROFILES = load_profiles()
BOTH = [translator("en"), translator("zh")]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("kiwi", "kiwifruit_green"),
        ("  KIWI  gold ", "kiwifruit_gold"),
        ("猕猴桃", "kiwifruit_green"),
        ("pear", "pear_european"),
        ("Bartlett", "pear_european"),
        ("柑", "mandarin"),
        ("stone", "plum"),
    ],
)
def test_what_is_looked_for_is_found_in_both_languages(query: str, key: str) -> None:
    assert key in found(query, PROFILES, BOTH)


@pytest.mark.parametrize(
    "query", ["", "   ", "potato", "%", "*", "\x00", "kiwi potato", "x" * 5000]
)
def test_nothing_is_found_for_what_we_do_not_have(query: str) -> None:
    assert found(query, PROFILES, BOTH) == frozenset()


def test_accents_and_case_do_not_count() -> None:
    assert found("KÍWI", PROFILES, BOTH) == found("kiwi", PROFILES, BOTH) != frozenset()


def test_a_language_nobody_asked_for_is_not_searched() -> None:
    assert found("猕猴桃", PROFILES, [translator("en")]) == frozenset()
