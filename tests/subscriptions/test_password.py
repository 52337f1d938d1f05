"""What will do as a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from subscriptions import password

EMAIL = "annelise.berg@example.org"


@pytest.mark.parametrize(
    "given_", ["eleven plums", "水果水果每天都有熟的一箱", "Kfz-Haftpflicht 9"]
)
def test_ten_characters_that_are_not_guessed_first_will_do(given_: str) -> None:
    assert password.check(given_, email=EMAIL) == given_


@pytest.mark.parametrize(
    "given_",
    [
        "", "nine chrs", "password123", "PASSWORD123", "1234567890", "0987654321", "aaaaaaaaaaaa", "ababababab",
        "qwertyuiop", "poiuytrewq", "annelise.berg@example.org", "Annelise.Berg", "woaini1314", "x" * 201,
    ],
)  # fmt: skip
def test_what_is_guessed_first_will_not(given_: str) -> None:
    with pytest.raises(Invalid) as caught:
        password.check(given_, email=EMAIL)
    assert caught.value.field == "password"


@given(st.text(max_size=password.SHORTEST - 1, alphabet=st.characters(max_codepoint=127)))
def test_nothing_shorter_than_ten_will_do(given_: str) -> None:
    with pytest.raises(Invalid):
        password.check(given_, email=EMAIL)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert password.normalized("Ko\u0308nigskuchen") == password.normalized("K\u00f6nigskuchen")
