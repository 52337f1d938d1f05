"""The published facts behind every number, and where each was read."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"

NOT_PUBLISHED = ("derived", "label", "unverified", "assumed")
"""Source ids that are no publication; what rests on them is shown as assumed."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One published value: `low`/`high` in `unit`, or `text`.

    `chosen` values are the tables'; the others were published of the same thing. `quantity`,
    `temperature_c`, `stage` and `treated` say what was measured where the field's name does not
    (`ripening.observation` reads both kinds).
    """

    key: str
    kind: str
    field: str
    low: float | None
    high: float | None
    text: str
    unit: str
    condition: str
    source_id: str
    locator: str
    chosen: bool
    quantity: str = ""
    temperature_c: float | None = None
    stage: str = ""
    treated: bool | None = None

    @property
    def is_assumed(self) -> bool:
        """Whether no publication stands behind it."""
        return is_assumed(self.source_id)


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that facts were taken from."""

    source_id: str
    citation: str
    url: str
    licence_notes: str

    @property
    def is_weak(self) -> bool:
        """Whether it is a shop's, a blog's or a manual's list rather than a study or a handbook."""
        return "weak" in self.licence_notes


def is_assumed(source: str) -> bool:
    """Tell whether a source id (or a rule written in its place) is no publication."""
    return source.startswith(NOT_PUBLISHED)


def publication_id(source: str) -> str:
    """Return the publication behind a source id or rule, its own or the one derived from; else ""."""
    if source.startswith("derived<"):
        return source.removeprefix("derived<").partition(":")[0]
    return "" if is_assumed(source) else source


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the package's own data files."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def load_facts() -> tuple[Fact, ...]:
    """Return every fact, chosen or kept for comparison, in file order."""
    return tuple(_fact(row) for name in ("facts.csv", "more_facts.csv") for row in rows(name))


@cache
def load_sources() -> Mapping[str, Source]:
    """Return the publications by id."""
    found = (row for name in ("sources.csv", "more_sources.csv") for row in rows(name))
    return MappingProxyType({row["source_id"]: Source(**row) for row in found})


def publications_of(source_ids: Iterable[str]) -> tuple[Source, ...]:
    """Return the publications among these ids, each once, in the order given."""
    known = load_sources()
    return tuple(
        known[each] for each in dict.fromkeys(source_ids) if each in known and not is_assumed(each)
    )


def facts_of(key: str, field: str | None = None, *, chosen: bool | None = None) -> tuple[Fact, ...]:
    """Return the facts of one crop, of one field or only the chosen (or only the other) ones."""
    return tuple(
        fact
        for fact in load_facts()
        if fact.key == key
        and field in {None, fact.field}
        and (chosen is None or fact.chosen == chosen)
    )


def _fact(row: Mapping[str, str]) -> Fact:
    return Fact(
        key=row["key"],
        kind="flower" if row["kind"] == "flower" else "fruit",
        field=row["field"],
        low=_number(row["value_low"]),
        high=_number(row["value_high"]),
        text=row["value_text"],
        unit=row["unit"],
        condition=row["condition"],
        source_id=row["source_id"],
        locator=row["locator"],
        chosen=row["use"] == "1",
        quantity=row.get("quantity", ""),
        temperature_c=_number(row.get("temperature_c", "")),
        stage=row.get("stage", ""),
        treated={"yes": True, "no": False}.get(row.get("treated", "")),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
