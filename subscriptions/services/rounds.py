"""Opening the dated deliveries of rounds, eight weeks ahead."""

from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.errors import NotFound
from subscriptions.adapters import round_store
from subscriptions.adapters.round_store import Round
from subscriptions.cutoff import deliveries_from

WEEKS_AHEAD = 9


@dataclass(frozen=True, slots=True)
class RoundService:
    """Keeps every round's calendar open ahead of time."""

    async def open_days(self, round_id: UUID, *, now: DateTime) -> None:
        """Open the deliveries of the coming weeks whose cut-off is still to come.

        Raises
        ------
        NotFound
        """
        round_ = await round_store.round_of(round_id)
        if round_ is None:
            raise NotFound
        await self.open_days_from(round_, now=now)

    async def open_days_from(self, round_: Round, *, now: DateTime) -> None:
        """Open `WEEKS_AHEAD` deliveries of a round, from the first one on or after today."""
        coming = deliveries_from(round_.rule, local_day(now, round_.rule.timezone))
        days = [next(coming) for _ in range(WEEKS_AHEAD)]
        await round_store.open_days(round_, [day for day in days if day.cutoff_at > now])
