"""What is in season at a merchant, as tiles: now with until when, and next with from when."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message
from ripening.produce import Produce
from ripening.reading import day_words, month_words
from ripening.season import availability, last_month_of_season
from ripening.unit import name_in_words
from subscriptions.season_ahead import SeasonAhead

N_TILES = 8
_TILES_OF_FLOWERS = 2
_DAY = dt.timedelta(days=1)
_REGIONS = {
    "ncn": marked("northern China"),
    "ca": marked("California"),
    "med": marked("the Mediterranean"),
    "nh": marked("the northern hemisphere"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One produce in season and until when, or from when."""

    key: str
    name: Message
    when: Message


@dataclass(frozen=True, slots=True)
class SeasonView:
    """What is in season this week and what comes next, and whose harvest that is."""

    now: tuple[Tile, ...]
    to_come: tuple[Tile, ...]
    region: Message


def season_view(
    ahead: SeasonAhead, profiles: Mapping[str, Produce], *, region: str, on: dt.date
) -> SeasonView:
    """Return the tiles of a merchant's season, at most eight of a kind."""
    ranked = sorted(
        (profiles[key] for key in ahead.now if key in profiles),
        key=lambda produce: (*_rank(produce, region, on), produce.key),
    )
    return SeasonView(
        now=tuple(
            Tile(produce.key, name_in_words(produce), _until(produce, ahead, region, on))
            for produce in _chosen(ranked)
        ),
        to_come=tuple(
            Tile(key, name_in_words(profiles[key]), message("from {day}", day=day_words(starts_on)))
            for key, starts_on in ahead.to_come.items()
            if key in profiles
        )[:N_TILES],
        region=message(_REGIONS[region]),
    )


def _chosen(ranked: Sequence[Produce]) -> list[Produce]:
    """Return up to eight, two of them flowers where there are any."""
    flowers = _mixed([produce for produce in ranked if produce.is_flower])
    fruit = _mixed([produce for produce in ranked if not produce.is_flower])
    chosen = fruit[: N_TILES - min(len(flowers), _TILES_OF_FLOWERS)]
    return chosen + flowers[: N_TILES - len(chosen)]


def _mixed(ranked: Sequence[Produce]) -> list[Produce]:
    """Return the same produce with the first of each family before any second: three apples are no season."""
    seen: Counter[str] = Counter()
    rounds = []
    for place, produce in enumerate(ranked):
        rounds.append((seen[produce.family], place))
        seen[produce.family] += 1
    return [ranked[place] for _, place in sorted(rounds)]


def _rank(produce: Produce, region: str, on: dt.date) -> tuple[int, int]:
    """Return first whether it is harvested now with an end in sight, now all year, or only kept; then the end."""
    if availability(produce, region, on) != "harvest":
        return 2, 0
    last = last_month_of_season(produce, region, on)
    return (1, 0) if last is None else (0, (last - on.month) % 12)


def _until(produce: Produce, ahead: SeasonAhead, region: str, on: dt.date) -> Message:
    """Return until when: the end of its harvest, or of its offers where they end before."""
    last_on = ahead.now[produce.key] - _DAY
    goes_on = ahead.known_until_on is not None and last_on + _DAY >= ahead.known_until_on
    source = availability(produce, region, on)
    last = last_month_of_season(produce, region, on) if source == "harvest" else None
    if source is None:
        return _until_month(last_on.month, on)
    months_left = (last_on.year - on.year) * 12 + last_on.month - on.month
    if not goes_on and (last is None or months_left < (last - on.month) % 12):
        return _until_month(last_on.month, on)
    return message("all year") if last is None else _until_month(last, on)


def _until_month(month: int, on: dt.date) -> Message:
    if month == on.month:
        return message("until the end of {month}", month=month_words(month))
    return message("until {month}", month=month_words(month))
