"""Changes to a household; those that ripeness or taste hangs on reach every box that may still change."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import household_store
from subscriptions.adapters.household_store import Address, Home
from subscriptions.box_change import ChangeReason
from subscriptions.lifecycle import Consent, Taste
from subscriptions.services.planning import PlanningService
from subscriptions.taste import WeekNevers

log = structlog.get_logger("subscriptions.household")


@dataclass(frozen=True, slots=True)
class HouseholdService:
    """Changes who eats, what they like, and where the box goes.

    A change and the boxes planned anew for it are one transaction: either both are there or neither. Boxes that the
    household has edited, and those past their cut-off, stay as they are. Changes of home and tastes return how many
    boxes changed. The audit log keeps what was changed, not where somebody lives.
    """

    planning: PlanningService

    async def change_home(
        self, person_id: UUID, household_id: UUID, home: Home, *, now: DateTime
    ) -> int:
        """Change who eats and in what kitchen.

        Raises
        ------
        NotFound, PlanRejected
        """
        async with unit_of_work():
            merchant_id = await _held(person_id, household_id)
            await household_store.save_home(household_id, home)
            n_boxes = await self._plan_again(household_id, now=now)
            await _note("home", person_id, household_id, merchant_id, n_boxes=n_boxes, now=now)
        return n_boxes

    async def change_tastes(
        self,
        person_id: UUID,
        household_id: UUID,
        *,
        tastes: Mapping[str, Taste],
        never_families: frozenset[str],
        now: DateTime,
    ) -> int:
        """Put new tastes and a new never-list in the place of the old ones.

        Raises
        ------
        NotFound, PlanRejected
        """
        async with unit_of_work():
            merchant_id = await _held(person_id, household_id)
            await household_store.save_tastes(
                household_id, merchant_id=merchant_id, tastes=tastes, never_families=never_families
            )
            n_boxes = await self._plan_again(household_id, now=now)
            await _note("tastes", person_id, household_id, merchant_id, n_boxes=n_boxes, now=now)
        return n_boxes

    async def change_week(
        self,
        person_id: UUID,
        household_id: UUID,
        said: WeekNevers,
        *,
        delivery_on: dt.date,
        now: DateTime,
    ) -> int:
        """Change what stays out of the boxes of one day; the standing never-list holds besides.

        Raises
        ------
        NotFound, PlanRejected
        """
        async with unit_of_work():
            merchant_id = await _held(person_id, household_id)
            await household_store.save_week_nevers(
                household_id,
                said,
                merchant_id=merchant_id,
                delivery_on=delivery_on,
                today=now.date(),
            )
            n_boxes = await self._plan_again(household_id, now=now, delivery_on=delivery_on)
            await _note("week", person_id, household_id, merchant_id, n_boxes=n_boxes, now=now)
        return n_boxes

    async def change_consent(
        self, person_id: UUID, household_id: UUID, consent: Consent, *, now: DateTime
    ) -> None:
        """Change what may be done when something is short.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            merchant_id = await _held(person_id, household_id)
            await household_store.save_consent(household_id, consent)
            await _note("consent", person_id, household_id, merchant_id, n_boxes=0, now=now)

    async def change_address(
        self, person_id: UUID, household_id: UUID, address: Address, *, now: DateTime
    ) -> None:
        """Change where the box goes; its rounds must come there.

        Raises
        ------
        NotFound, Invalid
        """
        postcode = address.postcode.upper().replace(" ", "")
        async with unit_of_work():
            merchant_id = await _held(person_id, household_id)
            for prefixes in await household_store.served_postcodes(household_id):
                if not postcode.startswith(prefixes):
                    raise Invalid(
                        "postcode", message("Your delivery round does not come to this postcode.")
                    )
            await household_store.save_address(household_id, address)
            await _note("address", person_id, household_id, merchant_id, n_boxes=0, now=now)

    async def _plan_again(
        self, household_id: UUID, *, now: DateTime, delivery_on: dt.date | None = None
    ) -> int:
        days: dict[UUID, list[UUID]] = {}
        for delivery_day_id, subscription_id in await household_store.open_boxes(
            household_id, now=now, delivery_on=delivery_on
        ):
            days.setdefault(delivery_day_id, []).append(subscription_id)
        n_boxes = 0
        for delivery_day_id, subscription_ids in days.items():
            n_boxes += await self.planning.plan_boxes_again(
                delivery_day_id, subscription_ids, why=ChangeReason.ASKED, now=now
            )
        log.info("household_changed", household=str(household_id), boxes=n_boxes)
        return n_boxes


async def _held(person_id: UUID, household_id: UUID) -> UUID:
    merchant_id = await household_store.hold(person_id, household_id)
    if merchant_id is None:
        raise NotFound
    return merchant_id


async def _note(
    what: str,
    person_id: UUID,
    household_id: UUID,
    merchant_id: UUID,
    *,
    n_boxes: int,
    now: DateTime,
) -> None:
    await audit.write(
        "household_changed",
        subject="household",
        subject_id=household_id,
        merchant_id=merchant_id,
        actor_id=person_id,
        now=now,
        detail={"what": what, "boxes": n_boxes},
    )
