"""The sample's days, all counted from the day on which the farm is looked at.

The main round delivers tomorrow: its cut-off was yesterday evening and its boxes are packed today. So a farm that is
started at any hour of any day has a delivery behind it, one on the packing bench and one that can still be changed.
"""

import datetime as dt
from dataclasses import dataclass

CUTOFF_DAYS_BEFORE = 2
CUTOFF_MINUTE = 20 * 60
PACK_DAYS_BEFORE = 1


@dataclass(frozen=True, slots=True)
class SampleDays:
    """The delivery days around `as_of` that lots and households are made for."""

    as_of: dt.date

    def _on(self, days: int) -> dt.date:
        return self.as_of + dt.timedelta(days=days)

    @property
    def last_on(self) -> dt.date:
        """Return the main round's delivery of last week."""
        return self._on(-6)

    @property
    def current_on(self) -> dt.date:
        """Return the main round's delivery that is packed today."""
        return self._on(1)

    @property
    def next_on(self) -> dt.date:
        """Return the main round's delivery that can still be changed."""
        return self._on(8)

    @property
    def second_on(self) -> dt.date:
        """Return the first delivery of the second round, which has just begun to take households."""
        return self._on(4)

    @property
    def second_next_on(self) -> dt.date:
        """Return the second round's delivery after that."""
        return self._on(11)

    @property
    def all(self) -> tuple[dt.date, ...]:
        """Return every delivery that the sample has supply for, earliest first."""
        return (
            self.last_on, self.current_on, self.second_on, self.next_on, self.second_next_on,
        )  # fmt: skip
