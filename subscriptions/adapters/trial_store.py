"""Trial boxes in PostgreSQL: what was agreed, which boxes are trial boxes, and whom to tell of the last one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.box_price import box_price
from subscriptions.lifecycle import CHANGEABLE, BoxStatus
from subscriptions.trial import TrialOffer

if TYPE_CHECKING:
    from subscriptions.adapters.planning_store import DayToPlan

_OPEN = ", ".join(repr(status.value) for status in CHANGEABLE)
_NEVER_CAME = ", ".join(
    repr(status.value)
    for status in (
        BoxStatus.DECLINED, BoxStatus.SHORT, BoxStatus.MISSED, BoxStatus.CANCELLED, BoxStatus.REFUNDED,
    )
)  # fmt: skip

USED = f"""
SELECT coalesce(sum(box.n_trial), 0)::int AS n, coalesce(bool_or(box.n_trial IS NULL), FALSE) AS is_over
FROM box WHERE box.subscription = trial.subscription AND box.status NOT IN ({_OPEN}, {_NEVER_CAME})
"""
"""Of a row of `trial`: how many trial boxes have closed and come, and whether a box at the usual price has."""

_RUNNING = f"""
SELECT trial.subscription, trial.price_minor, trial.n_boxes - used.n AS n_left
FROM trial CROSS JOIN LATERAL ({USED}) used
WHERE trial.begun_at IS NOT NULL AND trial.ended_at IS NULL AND NOT used.is_over
"""
