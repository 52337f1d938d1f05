"""What a merchant sells in a week and what it begins to sell after it, from the weeks of its offers. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OfferSpan:
    """The weeks `[starts_on, ends_on)` in which produce is on sale."""

    produce: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class SeasonAhead:
    """What is on sale in the week from a day, and what begins after it.

    `now` is by key with the day on which it ends, `to_come` with the day on which it begins, soonest first. Nothing is
    known of days from `known_until_on` on: what ends there may well go on.
    """

    now: Mapping[str, dt.date]
    to_come: Mapping[str, dt.date]
    known_until_on: dt.date | None


def season_ahead(offers: Iterable[OfferSpan], *, on: dt.date, weeks: int) -> SeasonAhead:
    """Return what is on sale in the week from `on`, and what begins later, up to `weeks` weeks from then.

    Offers that follow each other without a gap count as one: produce that is sold on does not begin anew.
    """
    by_produce: dict[str, list[OfferSpan]] = defaultdict(list)
    for offer in offers:
        if offer.ends_on > on:
            by_produce[offer.produce].append(offer)
    now: dict[str, dt.date] = {}
    to_come: dict[str, dt.date] = {}
    for key in sorted(by_produce):
        starts_on, ends_on = _first_run(by_produce[key])
        if starts_on < on + WEEK:
            now[key] = ends_on
        elif starts_on < on + weeks * WEEK:
            to_come[key] = starts_on
    soonest = dict(sorted(to_come.items(), key=_day_then_key))
    known = max((each.ends_on for run in by_produce.values() for each in run), default=None)
    return SeasonAhead(now, soonest, known)


def _first_run(offers: list[OfferSpan]) -> tuple[dt.date, dt.date]:
    """Return when the first run of offers without a gap begins and ends."""
    ranked = sorted(offers, key=_start)
    starts_on, ends_on = ranked[0].starts_on, ranked[0].ends_on
    for _, following in pairwise(ranked):
        if following.starts_on > ends_on:
            break
        ends_on = max(ends_on, following.ends_on)
    return starts_on, ends_on


def _start(offer: OfferSpan) -> tuple[dt.date, dt.date]:
    return offer.starts_on, offer.ends_on


def _day_then_key(entry: tuple[str, dt.date]) -> tuple[dt.date, str]:
    return entry[1], entry[0]
