"""Paths that are safe to return to, and places that tries are counted by."""

from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.account import TooManyTries, home_path, place_of, safe_path
from subscriptions.role import Grant, Identity, Role

OURS = "https://boxes.example"


@pytest.mark.parametrize("path", ["/", "/boxes/1?on=2026-12-01", "/merchant/staff", "/今天"])
def test_a_page_of_ours_is_gone_back_to(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "boxes", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/boxes\r\nset-cookie: a=b",
        "/sign-in?next=/sign-in", "/sign-out", "/a\\b", "/" + "a" * 500, "http:/evil.example",
    ],
)  # fmt: skip
def test_nothing_else_is(path: str | None) -> None:
    assert safe_path(path) is None


@given(st.text(alphabet=st.sampled_from("/\\:.@?#%ae \t\n")) | st.text())
def test_whatever_is_typed_a_safe_path_stays_with_us(path: str) -> None:
    """A browser that follows it never leaves our host."""
    safe = safe_path(path)
    assert safe is None or urlsplit(urljoin(OURS, safe)).netloc == "boxes.example"


def test_one_household_is_one_place() -> None:
    assert place_of("203.0.113.7") == "203.0.113.7" == place_of("::ffff:203.0.113.7")
    assert place_of("2001:db8:1:2::1") == place_of("2001:db8:1:2:ffff::9")
    assert place_of("2001:db8:1:2::1") != place_of("2001:db8:1:3::1")
    assert place_of(None) == place_of("testclient") == "unknown"


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ((Role.CUSTOMER,), "/today"), ((Role.CUSTOMER, Role.PACKER), "/warehouse"), ((Role.DRIVER,), "/warehouse"),
        ((Role.PACKER, Role.PLANNER), "/merchant"), ((Role.MERCHANT_ADMIN,), "/merchant"), ((), "/"),
    ],
)  # fmt: skip
def test_everybody_begins_where_they_work(roles: tuple[Role, ...], home: str) -> None:
    grants = tuple(Grant(role, uuid4()) for role in roles)
    assert home_path(Identity(uuid4(), "Anna", "anna@example.org", None, grants)) == home


def test_the_wait_is_said_in_whole_minutes_rounded_up() -> None:
    assert str(TooManyTries(61).message).startswith(
        "Those were too many tries. Please wait 2 minutes"
    )
    assert "one minute" in str(TooManyTries(0).message)
