"""Places of the sample where several boxes are left: two that people fetch theirs from, and a food bank."""

from dataclasses import dataclass
from uuid import UUID

from ripeday.sample.merchant import SampleMerchant
from ripeday.sample.row import RowBook
from subscriptions.adapters.stop_tables import Stop
from subscriptions.lifecycle import StopKind


@dataclass(frozen=True, slots=True)
class SampleStop:
    """A stop on a merchant's main round; of the households, every `every`-th from `first` on fetches its box there."""

    key: str
    kind: StopKind
    name: str
    name_zh: str
    street: str
    postcode: str
    hours: str
    hours_zh: str
    access_note: str | None
    capacity: int
    first: int = 0
    every: int = 0

    def is_of(self, number: int) -> bool:
        """Tell whether a household fetches its box here."""
        return self.every > 0 and number >= self.first and (number - self.first) % self.every == 0


STOPS = {
    "DE": (
        SampleStop(
            "bakery", StopKind.PICKUP, "Bakery at the canal", "运河边面包房", "Uferpromenade 12", "10965",
            "15:00 to 19:00", "15:00–19:00", "Yard door 2580#, shelf on the left", 20, 6, 12,
        ),
        SampleStop(
            "library", StopKind.PICKUP, "Library by the park", "公园旁图书馆", "Am Stadtgarten 3", "12049",
            "16:00 to 20:00", "16:00–20:00", None, 6, 40, 30,
        ),
        SampleStop(
            "table", StopKind.FOOD_BANK, "Community kitchen Wedding", "韦丁社区厨房", "Nordhof 7", "13347",
            "until 18:00", "18:00 前", "Ring at the side entrance", 15,
        ),
    ),
    "CN": (
        SampleStop(
            "shop", StopKind.PICKUP, "Teahouse by the bridge", "桥头茶馆", "西湖区学院路12号", "310012",
            "16:00 to 20:00", "16:00–20:00", "货架在进门左手边，密码 2580#", 16, 6, 12,
        ),
        SampleStop(
            "gate", StopKind.PICKUP, "Gatehouse of Cuiyuan", "翠苑小区门卫室", "西湖区文一路88号", "310012",
            "all day", "全天", None, 5, 40, 30,
        ),
        SampleStop(
            "table", StopKind.FOOD_BANK, "Food bank West Lake", "西湖食物银行", "西湖区古墩路5号", "310013",
            "until 18:00", "18:00 前", None, 12,
        ),
    ),
}  # fmt: skip
"""By the country of a merchant; nobody lives or works there."""
_CITIES = {"DE": "Berlin", "CN": "杭州市"}


def add_stops(book: RowBook, merchant: SampleMerchant) -> None:
    """Add the stops of a merchant's main round."""
    for stop in STOPS[merchant.country]:
        book.add(
            Stop,
            id=_key(book, merchant, stop),
            merchant=book.key(merchant.slug),
            round=book.key(merchant.slug, "round", "main"),
            kind=stop.kind.value,
            name=stop.name,
            name_zh=stop.name_zh,
            street=stop.street,
            city=_CITIES[merchant.country],
            postcode=stop.postcode,
            hours=stop.hours,
            hours_zh=stop.hours_zh,
            access_note=stop.access_note,
            capacity=stop.capacity,
            is_open=True,
        )


def stop_of(book: RowBook, merchant: SampleMerchant, number: int, round_: str) -> UUID | None:
    """Return the stop at which a household fetches its boxes; None where they come to its door."""
    if round_ != "main":
        return None
    found = (each for each in STOPS[merchant.country] if each.is_of(number))
    return next((_key(book, merchant, each) for each in found), None)


def food_bank_of(book: RowBook, merchant: SampleMerchant) -> UUID:
    """Return the stop that takes boxes which households give away."""
    banks = (each for each in STOPS[merchant.country] if each.kind is StopKind.FOOD_BANK)
    return _key(book, merchant, next(banks))


def _key(book: RowBook, merchant: SampleMerchant, stop: SampleStop) -> UUID:
    return book.key(merchant.slug, "stop", stop.key)
