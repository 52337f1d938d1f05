"""What growers have said they will send: lots that boxes may be planned from before they arrive."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, InvalidForm
from ripeday.kit.text import message, plural
from ripening.lot_state import LotState, Stay
from ripening.produce import Produce, sellable_keys
from ripening.use_by import last_delivery_on
from subscriptions.adapters import lot_store
from subscriptions.adapters.lot_store import LotToAnnounce
from subscriptions.adapters.merchant_page import Shop
from subscriptions.case_number import case_number
from subscriptions.supply import StockAccounts

LOOK_AHEAD_DAYS = 28
UNKNOWN_STORAGE_DAYS = 6
"""Produce of unknown storage life goes out within the week."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A grower's word; `ripe_fraction` places the lot on its way from dispatch stage (0) to edible (1).

    That is its stage on arrival or, where it says how the lot travelled, the one at which it left.
    """

    produce_key: str
    depot_id: UUID
    grower_id: UUID
    code: str
    units: int
    case_units: int
    unit_cost_minor: int
    harvested_on: dt.date
    due_on: dt.date
    ripe_fraction: float
    store_c: float
    is_treated: bool
    stored_days: int = 0
    road_days: int = 0
    road_c: float | None = None

    @property
    def road(self) -> tuple[Stay, ...]:
        """Return what the lot lives through between its grower and the depot, as far as it is known."""
        if not self.road_days or self.road_c is None:
            return ()
        return (Stay(float(self.road_days), self.road_c),)

    @property
    def left_on(self) -> dt.date:
        """Return the day it leaves its grower, from which it is reckoned."""
        return self.due_on - dt.timedelta(days=self.road_days)


@dataclass(frozen=True, slots=True)
class SupplyBook:
    """Keeps announced lots; `accounts` is where stock is counted."""

    accounts: StockAccounts
    profiles: Mapping[str, Produce]

    async def announce(self, shop: Shop, said: Announcement, *, actor: UUID, now: DateTime) -> UUID:
        """Save an announced lot and open its stock account, in one transaction.

        Raises
        ------
        InvalidForm
            Naming each field that is wrong.
        """
        lot = await self._lot(shop, said)
        async with unit_of_work():
            if await lot_store.has_code(shop.id, lot.code):
                said_so = message(
                    "There is a lot {code} already. Give this one another code.", code=lot.code
                )
                raise InvalidForm([Invalid("code", said_so)])
            if not await lot_store.add(lot):
                raise InvalidForm([Invalid("grower_id", message("Choose one of your growers."))])
            await self.accounts.open_account(lot.id)
            await audit.write(
                "lot_announced", subject="lot", subject_id=lot.id, merchant_id=shop.id, actor_id=actor,
                now=now, detail={"code": lot.code, "produce": said.produce_key, "units": lot.units},
            )  # fmt: skip
        return lot.id

    async def _lot(self, shop: Shop, said: Announcement) -> LotToAnnounce:
        faults = _faults(said)
        if faults:
            raise InvalidForm(faults)
        produce = self.profiles[said.produce_key]
        ready = produce.ready_spread(treated=said.is_treated).mean
        state = LotState(
            produce.key,
            round(ready * said.ripe_fraction, 2),
            said.left_on,
            said.store_c,
            said.is_treated,
            transit=said.road,
            stored_days=float(said.stored_days),
        )
        gtin = await lot_store.gtin_of(shop.id, produce.key, case_units=said.case_units)
        if gtin is None:
            gtin = case_number(shop.gs1_prefix, await lot_store.gtins_of(shop.id))
        return LotToAnnounce(
            id=uuid4(),
            merchant_id=shop.id,
            depot_id=said.depot_id,
            grower_id=said.grower_id,
            code=said.code,
            gtin=gtin,
            state=state,
            units=said.units,
            case_units=said.case_units,
            unit_cost_minor=said.unit_cost_minor,
            unit_grams=round(produce.unit_grams.shipped),
            unit_portions=produce.portions_per_unit or 1,
            harvested_on=said.harvested_on,
            due_on=said.due_on,
            must_leave_on=self._must_leave(produce, state, said),
        )

    def _must_leave(self, produce: Produce, state: LotState, said: Announcement) -> dt.date:
        """Return the last delivery day that leaves a household a day to eat it."""
        first = said.due_on + dt.timedelta(days=1)
        without_past = replace(state, graded_on=said.due_on, transit=(), stored_days=0.0)
        last, last_without_past = last_delivery_on(
            [state, without_past], profiles=self.profiles, on=first, ahead_days=LOOK_AHEAD_DAYS
        )
        if last is None and last_without_past is None:
            stage = message("At that stage nobody could eat it in time. Choose an earlier one.")
            raise InvalidForm([Invalid("ripe_pct", stage)])
        if last is None:
            past = message("After so long in storage and on the road nobody could eat it in time.")
            raise InvalidForm([Invalid(_past_field(said), past)])
        life = produce.storage_life
        days = int(life.mean) - said.stored_days if life is not None else UNKNOWN_STORAGE_DAYS
        return max(first, min(last, state.graded_on + dt.timedelta(days=days)))


def _faults(said: Announcement) -> list[Invalid]:
    faults = []
    if said.produce_key not in sellable_keys():
        faults.append(Invalid("produce_key", message("Choose one of the produce in the list.")))
    if said.units % said.case_units:
        text = message("Only whole cases come: a multiple of {case}.", case=said.case_units)
        faults.append(Invalid("units", text))
    if said.harvested_on > said.due_on:
        faults.append(Invalid("harvested_on", message("It cannot arrive before it is harvested.")))
    elif said.harvested_on + dt.timedelta(days=said.stored_days) > said.left_on:
        text = plural(
            "Only {n} day lies between its harvest and the depot.",
            "Only {n} days lie between its harvest and the depot.",
            (said.due_on - said.harvested_on).days,
        )
        faults.append(Invalid(_past_field(said), text))
    return faults


def _past_field(said: Announcement) -> str:
    return "stored_days" if said.stored_days else "road_days"
