"""The sample's catalogs: the season that its days fall in, and what is on sale in which weeks of it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from ripeday.sample.calendar import SampleDays
from ripeday.sample.merchant import SampleMerchant
from ripeday.sample.row import RowBook
from ripeday.sample.table_file import rows, rows_of
from ripening.produce import Produce, sellable_keys
from ripening.season import in_season, season_is_assumed, year_round
from subscriptions.adapters.catalog_tables import Catalog, Offer, SeasonSource

LOOK_AHEAD = dt.timedelta(days=70)
"""Catalogs reach at least as far as delivery days are opened."""


@dataclass(frozen=True, slots=True)
class Season:
    """A half year, `[starts_on, ends_on)`: November to April, or May to October."""

    starts_on: dt.date
    ends_on: dt.date

    @property
    def name(self) -> str:
        """Return its English name."""
        if self.starts_on.year == self.ends_on.year:
            return f"Summer season {self.starts_on.year}"
        return f"Winter season {self.starts_on.year}–{self.ends_on:%y}"

    @property
    def name_zh(self) -> str:
        """Return its Chinese name."""
        if self.starts_on.year == self.ends_on.year:
            return f"{self.starts_on.year} 年夏季"
        return f"{self.starts_on.year}–{self.ends_on:%y} 年冬季"

    def months(self) -> Iterator[dt.date]:
        """Yield the first day of each of its months."""
        day = self.starts_on
        while day < self.ends_on:
            yield day
            day = _next_month(day)


@dataclass(frozen=True, slots=True)
class _Span:
    """Weeks `[starts_on, ends_on)` in which produce is sold for one reason."""

    starts_on: dt.date
    ends_on: dt.date
    source: SeasonSource


def season_of(on: dt.date) -> Season:
    """Return the season that a day falls in."""
    if 5 <= on.month <= 10:
        return Season(dt.date(on.year, 5, 1), dt.date(on.year, 11, 1))
    year = on.year if on.month >= 11 else on.year - 1
    return Season(dt.date(year, 11, 1), dt.date(year + 1, 5, 1))


def seasons(days: SampleDays) -> list[Season]:
    """Return the seasons that the sample's deliveries and the open weeks after them fall in."""
    found = {season_of(day) for day in (days.last_on, days.as_of + LOOK_AHEAD)}
    return sorted(found, key=lambda season: season.starts_on)


def source_on(merchant: SampleMerchant, produce: Produce, on: dt.date) -> SeasonSource | None:
    """Return why a merchant sells produce in the month of `on`; None when it does not."""
    if in_season(produce, merchant.season_region, on):
        assumed = season_is_assumed(produce, merchant.season_region, on)
        return SeasonSource.ASSUMED if assumed else SeasonSource.LOCAL
    if produce.key in year_round() or _is_extra(merchant, produce.key, on.month):
        return SeasonSource.ASSUMED
    return None


def add_catalogs(
    book: RowBook, merchant: SampleMerchant, days: SampleDays, profiles: Mapping[str, Produce]
) -> None:
    """Add the merchant's catalogs, each with an offer for every run of months of one source."""
    for season in seasons(days):
        catalog = book.key(merchant.slug, "catalog", season.starts_on)
        book.add(
            Catalog,
            id=catalog,
            merchant=book.key(merchant.slug),
            name=season.name,
            name_zh=season.name_zh,
            starts_on=season.starts_on,
            ends_on=season.ends_on,
        )
        for price in rows("offer"):
            if price["key"] not in sellable_keys():
                continue
            for span in _spans(merchant, profiles[price["key"]], season):
                _add_offer(book, merchant, catalog, price, span)


def _add_offer(
    book: RowBook,
    merchant: SampleMerchant,
    catalog: UUID,
    price: Mapping[str, str],
    span: _Span,
) -> None:
    book.add(
        Offer,
        id=book.key(merchant.slug, "offer", price["key"], span.starts_on),
        merchant=book.key(merchant.slug),
        catalog=catalog,
        produce=price["key"],
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        price_minor=int(price[f"{merchant.currency.lower()}_minor"]),
        box_limit=int(price["box_limit"]),
        season_source=span.source.value,
    )


def _spans(merchant: SampleMerchant, produce: Produce, season: Season) -> list[_Span]:
    """Return each run of months in which produce is sold for one reason."""
    runs: list[_Span] = []
    for month in season.months():
        source = source_on(merchant, produce, month)
        if source is None:
            continue
        starts_on = month
        if runs and runs[-1].ends_on == month and runs[-1].source is source:
            starts_on = runs.pop().starts_on
        runs.append(_Span(starts_on, _next_month(month), source))
    return runs


def _is_extra(merchant: SampleMerchant, key: str, month: int) -> bool:
    for row in rows_of("extra", merchant.slug):
        if row["key"] == key:
            first, last = int(row["first_month"]), int(row["last_month"])
            if first <= month <= last or (first > last and not last < month < first):
                return True
    return False


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
