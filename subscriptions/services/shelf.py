"""What may still be promised for a delivery day: its lots, how many units of each, when they are ripe in which home."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from ripening.home import PLANNED_MODES
from ripening.loss import loss_by_day, loss_of
from ripening.lot_state import LotState
from ripening.produce import Produce
from ripening.window import all_chances, windows
from subscriptions.adapters import planned_store, planning_store, share_store
from subscriptions.adapters.planning_store import DayToPlan, LotRow
from subscriptions.planning.assemble import N_WEEKDAYS, LotOffer
from subscriptions.planning.risk import HORIZONS
from subscriptions.supply import Supply

HORIZON_MAX = 14
SUNK_SHARE = 0.7
"""Part of a unit's cost that is spent whether it goes into a box or not: supply is bought before boxes are planned.
Without it the cheapest fruit fills every box while the better ones spoil on the shelf."""
CLEARING_SHARE = 0.15
"""Part of its cost that a lot earns back besides when it goes out within two days of its must-leave day."""
KEPT_MOST: Final = 8
"""Days whose chances are kept; those of a hundred lots take some ten megabytes."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The lots of a day: rows, what the planner sees of them, and chances by home, mode and day."""

    rows: Sequence[LotRow]
    offers: Sequence[LotOffer]
    chance: NDArray[np.float64]
    best: NDArray[np.float64]

    @property
    def box_limit(self) -> int:
        """Return the tightest unit limit that no offer exceeds: the most any offer allows."""
        return max((row.box_limit for row in self.rows), default=1)


@dataclass(frozen=True, slots=True, eq=False)
class _Ripening:
    """What the ripening model says of lots that are delivered on a day; leading axis: lots.

    `told` are the arrays of a `LotOffer` by name.
    """

    edible: NDArray[np.float64]
    best: NDArray[np.float64]
    told: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class ShelfService:
    """Loads shelves. What the model says of the same lots on the same day is worked out once."""

    supply: Supply
    profiles: Mapping[str, Produce]
    _kept: OrderedDict[tuple[object, ...], _Ripening] = field(
        default_factory=OrderedDict, repr=False, compare=False
    )

    async def shelf(
        self, day: DayToPlan, *, anew: bool = False, without: Sequence[UUID] = ()
    ) -> Shelf:
        """Return the lots that may still be promised for a day, with their windows in every home.

        What proposed boxes of the day hold counts as free: of all of them with `anew`, else of the subscriptions in
        `without`.
        """
        rows = await planning_store.lots_for(
            day.merchant_id, day.depot_id, delivery_on=day.delivery_on, pack_on=day.pack_on
        )
        rows = [row for row in rows if row.state.produce_key in self.profiles]
        units = dict(await self.supply.promisable_units(day.merchant_id, day.depot_id))
        planned = await planned_store.units_planned(day, anew=anew, without=without)
        for lot_id, count in planned.items():
            units[lot_id] = units.get(lot_id, 0) - count
        shares = await share_store.shares_of(day)
        units = {lot_id: shares.of(lot_id, count) for lot_id, count in units.items()}
        ripening = self._ripening([row.state for row in rows], day.delivery_on, day.service_level)
        offers = [
            self._offer(row, units, day, {name: each[i] for name, each in ripening.told.items()})
            for i, row in enumerate(rows)
        ]
        return Shelf(rows, offers, ripening.edible, ripening.best)

    def _ripening(self, states: Sequence[LotState], on: dt.date, service_level: float) -> _Ripening:
        """Ask the model, or remember; whatever is learned of a lot changes its state."""
        key = (tuple(states), on, service_level)
        if key not in self._kept:
            self._kept[key] = _ripening_of(states, self.profiles, on, service_level)
            if len(self._kept) > KEPT_MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _offer(
        self,
        row: LotRow,
        units: Mapping[UUID, int],
        day: DayToPlan,
        told: Mapping[str, NDArray[Any]],
    ) -> LotOffer:
        """Offer a lot; `told` is what the ripening model says of it."""
        produce = self.profiles[row.state.produce_key]
        leaves_soon = (row.must_leave_on - day.delivery_on).days <= 2
        saved = SUNK_SHARE + (CLEARING_SHARE if leaves_soon else 0)
        return LotOffer(
            lot_id=row.lot_id,
            produce_key=produce.key,
            kind=produce.kind,
            units_available=max(0, units.get(row.lot_id, 0)),
            cost_minor=row.unit_cost_minor,
            grams=row.unit_grams,
            portions=row.unit_portions,
            pv=row.unit_portions if produce.kind == "fruit" else 4,
            last_weekday=0,
            bonus_minor=[int(row.unit_cost_minor * saved)] * N_WEEKDAYS,
            **told,
        )


def _ripening_of(
    states: Sequence[LotState], profiles: Mapping[str, Produce], on: dt.date, service_level: float
) -> _Ripening:
    chances = all_chances(states, profiles=profiles, delivery_on=on, days=HORIZON_MAX)
    planned = chances.edible[:, :, : len(PLANNED_MODES)]
    first, last = windows(planned, service_level=service_level)
    loss = [loss_of(chances, first, last, horizon=days) for days in HORIZONS]
    told: dict[str, NDArray[Any]] = {
        "win_a": first,
        "win_b": last,
        "loss": np.stack(loss, axis=1),
        "loss_by_day": loss_by_day(chances)[:, :, : len(PLANNED_MODES)],
    }
    for array in (chances.edible, chances.best, *told.values()):
        array.flags.writeable = False  # several plans read the same
    return _Ripening(chances.edible, chances.best, told)
