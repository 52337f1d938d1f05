"""Where boxes go on which day, and what mails say of it."""

import datetime as dt
from uuid import UUID

import pendulum
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.money import Money
from subscriptions.cutoff_wording import cutoff_words
from subscriptions.notice.box import BoxFacts, box_delivered, box_preview, box_shipped
from subscriptions.place import Door, Place, Places, PlaceSpan, StopPlace

HOME = Door("Lindenweg 4", "Berlin", "10115")
AWAY = Door("Nachbarweg 9", "Berlin", "10119")
BAKERY = StopPlace(
    UUID(int=1), "Old Bakery", "老面包房", "Marktplatz 2", "Berlin", "10117", "Tue 16:00 to 19:00", "周二 16:00–19:00",
    "Code 4711#", True,
)  # fmt: skip
DAY = dt.date(2026, 12, 1)
NOW = pendulum.datetime(2026, 11, 27, tz="UTC")

lengths = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=5)


def spans_of(gaps_and_lengths: list[tuple[int, int]]) -> tuple[PlaceSpan, ...]:
    """Return spans one after the other, gaps between them."""
    found, at = [], DAY
    for gap, length in gaps_and_lengths:
        start = at + dt.timedelta(days=gap)
        at = start + dt.timedelta(days=length)
        found.append(PlaceSpan(start, at, AWAY))
    return tuple(found)


@given(lengths, st.integers(-2, 60), st.integers(1, 12))
def test_a_day_goes_where_its_span_says_and_a_span_touches_another_where_they_share_a_day(
    gaps_and_lengths: list[tuple[int, int]], offset: int, length: int
) -> None:
    places = Places(HOME, None, spans_of(gaps_and_lengths))
    first = DAY + dt.timedelta(days=offset)
    days = [first + dt.timedelta(days=n) for n in range(length)]
    away = [on for on in days if places.on(on) == AWAY]
    assert away == [on for on in days if any(s.from_on <= on < s.until_on for s in places.spans)]
    assert places.as_usual(days) == [on for on in days if on not in away]
    assert (places.touching(first, first + dt.timedelta(days=length)) is not None) == bool(away)


def facts(elsewhere: Place | None) -> BoxFacts:
    return BoxFacts(
        merchant="Greengate", delivery_on=DAY, pack_on=DAY, next_on=DAY, price=Money(2200, "EUR"),
        credit=Money(0, "EUR"), card_last4="4242",
        decline_code=None, items=(), page_url="/", confirm_url="/", household_url="/",
        cutoff=cutoff_words(NOW.add(days=1), now=NOW, timezone="Europe/Berlin"), elsewhere=elsewhere,
    )  # fmt: skip


def test_mails_say_where_a_box_is_fetched_and_never_how_to_get_in() -> None:
    for letter in (box_preview, box_shipped, box_delivered):
        said = " ".join(str(each) for each in letter(facts(BAKERY)).paragraphs)
        assert "Old Bakery" in said
        assert "16:00 to 19:00" in said
        assert "4711" not in said
        assert "door" not in said
        at_home = " ".join(str(each) for each in letter(facts(None)).paragraphs)
        assert "Bakery" not in at_home
    assert "Nachbarweg 9" in " ".join(str(each) for each in box_delivered(facts(AWAY)).paragraphs)
