"""Rows of the sample, complete or not at all, under ids that depend on the day alone."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from piccolo.table import Table

Row = dict[str, Any]


@dataclass(slots=True)
class RowBook:
    """Collects rows by table and deals out ids and chance; the same day gives the same of both."""

    as_of: dt.date
    rows: dict[type[Table], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def key(self, *name: object) -> UUID:
        """Return the id of a thing of the sample."""
        return uuid5(NAMESPACE_URL, f"ripeday-sample/{self.as_of}/" + "/".join(map(str, name)))

    def chance(self, *name: object) -> Random:
        """Return the dice for one part of the sample, so that parts do not disturb each other."""
        return Random(f"{self.as_of}/" + "/".join(map(str, name)))  # noqa: S311  # not a secret

    def add(self, table: type[Table], **row: object) -> None:
        """Add one row.

        Raises
        ------
        ValueError
            A column is missing, or there is no such column.
        """
        columns = {column._meta.name for column in table._meta.columns}  # noqa: SLF001
        if columns != set(row):
            raise ValueError(f"{table.__name__}: {sorted(columns ^ set(row))}")
        self.rows[table].append(row)
