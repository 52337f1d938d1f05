"""Learned times in PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from ripeday.kit.adapters.engine import connection
from ripening.learned_times import LearnedTimes
from ripening.spread import Spread

_ALL = """
SELECT produce, is_treated, ready_mean_days, ready_sigma_days, keep_mean_days, keep_sigma_days, lot_share_fraction,
       keep_lot_share_fraction, ready_mean_sd_days, keep_mean_sd_days, n_reports, n_lots, learned_at
FROM learned_produce ORDER BY produce, is_treated
"""


async def learned_times() -> list[LearnedTimes]:
    """Return everything that was learned."""
    async with connection() as c:
        return [_times(row) for row in await c.fetch(_ALL)]


def _times(row: Mapping[str, Any]) -> LearnedTimes:
    return LearnedTimes(
        produce_key=row["produce"],
        treated=row["is_treated"],
        ready=Spread(row["ready_mean_days"], row["ready_sigma_days"], row["lot_share_fraction"]),
        keep=Spread(row["keep_mean_days"], row["keep_sigma_days"], row["keep_lot_share_fraction"]),
        ready_mean_sd_days=row["ready_mean_sd_days"],
        keep_mean_sd_days=row["keep_mean_sd_days"],
        n_reports=row["n_reports"],
        n_lots=row["n_lots"],
        learned_at=row["learned_at"],
    )


_SAVE = """
INSERT INTO learned_produce (id, produce, is_treated, ready_mean_days, ready_sigma_days, lot_share_fraction,
                             keep_mean_days, keep_sigma_days, keep_lot_share_fraction, ready_mean_sd_days,
                             keep_mean_sd_days, n_reports, n_lots, learned_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (produce, is_treated) DO UPDATE
    SET ready_mean_days = excluded.ready_mean_days, ready_sigma_days = excluded.ready_sigma_days,
        lot_share_fraction = excluded.lot_share_fraction, keep_mean_days = excluded.keep_mean_days,
        keep_sigma_days = excluded.keep_sigma_days, keep_lot_share_fraction = excluded.keep_lot_share_fraction,
        ready_mean_sd_days = excluded.ready_mean_sd_days, keep_mean_sd_days = excluded.keep_mean_sd_days,
        n_reports = excluded.n_reports, n_lots = excluded.n_lots, learned_at = excluded.learned_at
"""


async def save(times: LearnedTimes) -> None:
    """Save what is known of a produce now."""
    ready, keep = times.ready, times.keep
    async with connection() as c:
        await c.execute(
            _SAVE, times.produce_key, times.treated, ready.mean, ready.sigma, ready.lot_share, keep.mean,
            keep.sigma, keep.lot_share, times.ready_mean_sd_days, times.keep_mean_sd_days, times.n_reports,
            times.n_lots, times.learned_at,
        )  # fmt: skip
