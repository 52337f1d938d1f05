"""Columns as this product wants them: required unless said otherwise, every foreign key indexed.

Piccolo fills a forgotten value with 0, '' or today. `default=None, null=False` makes it an error instead.
"""

from enum import StrEnum
from typing import Any

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults import UUID4
from piccolo.table import Table


def key() -> UUID:
    """Return a random primary key."""
    return UUID(primary_key=True, default=UUID4())


def reference(table: type[Table] | str, *, optional: bool = False, cascade: bool = False) -> Any:
    """Return an indexed foreign key; the row it points to cannot be deleted under it, unless `cascade`."""
    on_delete = OnDelete.cascade if cascade else OnDelete.restrict
    return ForeignKey(table, default=None, null=optional, index=True, on_delete=on_delete)


def words(length: int = 200, *, optional: bool = False, **rest: Any) -> Varchar:
    """Return a short text."""
    return Varchar(length=length, default=None, null=optional, **rest)


def choice(among: type[StrEnum], **rest: Any) -> Varchar:
    """Return a text that names one of a closed list; a CHECK beside it holds the list."""
    length = max(len(member.value) for member in among)
    return Varchar(length=max(20, length), default=None, null=False, **rest)


def one_of(column: str, among: type[StrEnum]) -> str:
    """Return the CHECK that holds a `choice` column to its list."""
    return f"{column} IN ({', '.join(repr(member.value) for member in among)})"


def whole(*, optional: bool = False, **rest: Any) -> Integer:
    """Return a whole number."""
    return Integer(default=None, null=optional, **rest)


def small(*, optional: bool = False, **rest: Any) -> SmallInt:
    """Return a small whole number."""
    return SmallInt(default=None, null=optional, **rest)


def minor(*, help_text: str = "Minor units.") -> BigInt:
    """Return an amount in minor units of the currency beside it."""
    return BigInt(default=None, null=False, help_text=help_text)


def real(*, optional: bool = False, **rest: Any) -> DoublePrecision:
    """Return a measured quantity; its unit is in its name."""
    return DoublePrecision(default=None, null=optional, **rest)


def claim(*, default: bool | None = None) -> Boolean:
    """Return a yes or no."""
    return Boolean(default=default, null=False)


def day(*, optional: bool = False, **rest: Any) -> Date:
    """Return a calendar day."""
    return Date(default=None, null=optional, **rest)


def moment(*, optional: bool = False, **rest: Any) -> Timestamptz:
    """Return an instant in UTC."""
    return Timestamptz(default=None, null=optional, **rest)
