"""What reports have taught about produce, laid over what is published."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ripening.produce import Produce
from ripening.spread import Spread


@dataclass(frozen=True, slots=True)
class LearnedTimes:
    """Times of a produce as learned, by whether its lots were treated. [days at 20 °C]

    The spreads hold how unsure the means still are; `ready_mean_sd_days` and `keep_mean_sd_days`
    are that part alone. Everything reported until `learned_at` is in them. With no lot behind them
    they say what is published.
    """

    produce_key: str
    treated: bool
    ready: Spread
    keep: Spread
    ready_mean_sd_days: float
    keep_mean_sd_days: float
    n_reports: int
    n_lots: int
    learned_at: dt.datetime


class LearnedProfiles(Mapping[str, Produce]):
    """Profiles that everybody in a process shares, and that get better while it runs.

    Read like any mapping of profiles; `published` is what lies beneath.
    """

    def __init__(
        self, published: Mapping[str, Produce], learned: Sequence[LearnedTimes] = ()
    ) -> None:
        self.published = published
        self._now = overlaid(published, learned)

    def lay(self, learned: Sequence[LearnedTimes]) -> None:
        """Put what is known now in the place of what was known before."""
        self._now = overlaid(self.published, learned)

    def __getitem__(self, key: str) -> Produce:
        return self._now[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)


def overlaid(
    published: Mapping[str, Produce], learned: Sequence[LearnedTimes]
) -> Mapping[str, Produce]:
    """Return profiles with learned times in the place of published ones, once they are the surer.

    How long a produce keeps is taken from those of its lots, treated or not, that more was reported
    of.
    """
    profiles = dict(published)
    known = [
        times
        for times in learned
        if times.produce_key in published and _is_surer(times, published[times.produce_key])
    ]
    for times in sorted(known, key=_n_reports):
        produce = profiles[times.produce_key]
        if times.treated:
            produce = replace(produce, ready=times.ready, keep=times.keep)
        else:
            produce = replace(produce, ready_untreated=times.ready, keep=times.keep)
        profiles[times.produce_key] = produce
    return MappingProxyType(profiles)


def _is_surer(times: LearnedTimes, produce: Produce) -> bool:
    """Tell whether the mean is known better than a lot by its published law.

    A published range does not say how wrong it may be, so what the first lot or two have taught
    looks less sure than what it stands on.
    """
    if not times.n_lots:
        return False
    if not produce.ripens:
        return times.keep_mean_sd_days <= produce.keep_spread().lot_sigma
    ready = produce.ready_spread(treated=times.treated)
    return times.ready_mean_sd_days <= ready.lot_sigma


def _n_reports(times: LearnedTimes) -> int:
    return times.n_reports
