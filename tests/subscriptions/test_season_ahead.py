"""What is on sale now and what begins next, from the weeks of offers."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from ripeday.translation import translator
from ripening.produce import load_profiles
from subscriptions.entrypoints.shop_season import season_view
from subscriptions.season_ahead import OfferSpan, season_ahead

TODAY = dt.date(2026, 11, 23)
WINTER_ENDS = dt.date(2027, 5, 1)


def span(key: str, starts: int, ends: int) -> OfferSpan:
    """Return an offer by days from today on."""
    return OfferSpan(key, TODAY + dt.timedelta(days=starts), TODAY + dt.timedelta(days=ends))


def test_what_is_sold_on_does_not_begin_anew_and_what_comes_back_does() -> None:
    ahead = season_ahead(
        [span("kiwi", -20, 8), span("kiwi", 8, 100), span("pear", -20, -1), span("pear", 20, 90), span("fig", 6, 20)],
        on=TODAY, weeks=8,
    )  # fmt: skip
    assert ahead.now == {"fig": span("", 0, 20).ends_on, "kiwi": span("", 0, 100).ends_on}
    assert ahead.to_come == {"pear": span("", 20, 0).starts_on}
    assert season_ahead([], on=TODAY, weeks=8).known_until_on is None


@given(
    offers=st.lists(
        st.builds(
            lambda key, starts, lasts: span(key, starts, starts + lasts),
            st.sampled_from("abc"), st.integers(-30, 90), st.integers(1, 60),
        )
    )
)  # fmt: skip
def test_now_and_next_are_true_of_the_offers(offers: list[OfferSpan]) -> None:
    ahead = season_ahead(offers, on=TODAY, weeks=8)
    assert not set(ahead.now) & set(ahead.to_come)
    for key, ends_on in ahead.now.items():
        own = [each for each in offers if each.produce == key]
        assert any(each.starts_on < TODAY + dt.timedelta(days=7) and each.ends_on > TODAY for each in own)  # fmt: skip
        assert not any(each.starts_on <= ends_on < each.ends_on for each in own), "it goes on"
    assert list(ahead.to_come.values()) == sorted(ahead.to_come.values())
    for key, starts_on in ahead.to_come.items():
        own = [each for each in offers if each.produce == key and each.ends_on > TODAY]
        assert min(each.starts_on for each in own) == starts_on


def test_tiles_say_until_when_by_harvest_and_by_what_is_on_offer() -> None:
    offers = [
        OfferSpan("kiwifruit_green", TODAY, WINTER_ENDS),
        OfferSpan("banana", TODAY, WINTER_ENDS),
        OfferSpan("mandarin", TODAY, dt.date(2027, 1, 1)),
        OfferSpan("strawberry", dt.date(2026, 12, 14), WINTER_ENDS),
    ]
    view = season_view(
        season_ahead(offers, on=TODAY, weeks=8), load_profiles(), region="med", on=TODAY
    )
    english = translator("en")
    now = {tile.key: english.render(tile.when) for tile in view.now}
    assert now["banana"] == "all year"
    assert now["mandarin"] == "until December", "its offers end before its harvest"
    assert now["kiwifruit_green"].startswith("until")
    ((key, when),) = [(tile.key, english.render(tile.when)) for tile in view.to_come]
    assert (key, when.replace("\u00a0", " ")) == ("strawberry", "from 14 December")
