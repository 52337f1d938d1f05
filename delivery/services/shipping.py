"""Packing, shipping and arrival of boxes; each is done once and told to the household."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from delivery.adapters import lot_store, shipment_store, stock_store, wave_store
from delivery.errors import LotWithheld, NotPackable
from delivery.lifecycle import Carrier, ShipmentStatus
from ripeday.kit.adapters import audit, outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound

log = structlog.get_logger("delivery.shipping")


@dataclass(frozen=True, slots=True)
class ShippingService:
    """Takes boxes from the packing bench to the door."""

    async def pack(
        self,
        box_ids: Sequence[UUID],
        *,
        merchant_ids: Sequence[UUID],
        actor_id: UUID | None,
        now: DateTime,
    ) -> int:
        """Note that boxes are packed and take their units out of stock; packing again changes nothing.

        `merchant_ids` are the merchants the actor works for.

        Raises
        ------
        NotFound
            A box is unknown, not in a wave, or another merchant's.
        NotPackable
            A box has left already.
        LotWithheld
            A box has something in it that is held or recalled.
        """
        async with unit_of_work():
            held = await shipment_store.hold_shipments(box_ids, merchant_ids)
            if len(held) != len(set(box_ids)):
                raise NotFound
            for _, number, status in held:
                if status not in (ShipmentStatus.LABELLED, ShipmentStatus.PACKED):
                    raise NotPackable(number)
            fresh = [box for box, _, status in held if status == ShipmentStatus.LABELLED]
            if (withheld := await lot_store.withheld_in(fresh)) is not None:
                raise LotWithheld(*withheld)
            await stock_store.consume(fresh, now=now)
            await shipment_store.mark_packed(fresh, now=now)
            for box in fresh if actor_id else ():
                await audit.write(
                    "pack",
                    subject="box",
                    subject_id=box,
                    merchant_id=None,
                    actor_id=actor_id,
                    now=now,
                )
        return len(fresh)

    async def ship(
        self,
        wave_id: UUID,
        *,
        merchant_ids: Sequence[UUID],
        now: DateTime,
        carrier: Carrier = Carrier.OWN_VAN,
        tracking: str | None = None,
    ) -> int:
        """Note that the packed boxes of a wave have left; returns how many left now.

        Raises
        ------
        NotFound
            The wave is unknown, or another merchant's.
        """
        await _known(wave_id, merchant_ids)
        async with unit_of_work():
            boxes = await shipment_store.mark_shipped(
                wave_id, merchant_ids, carrier=carrier.value, tracking=tracking, now=now
            )
            told = {f"box:{box}:shipped": {"kind": "box_shipped", "box": str(box)} for box in boxes}
            await outbox.put_many("notice", told, now=now)
        log.info("wave_shipped", wave=str(wave_id), boxes=len(boxes))
        return len(boxes)

    async def deliver(self, wave_id: UUID, *, merchant_ids: Sequence[UUID], now: DateTime) -> int:
        """Note that the boxes of a wave that left have arrived; returns how many arrived now.

        Raises
        ------
        NotFound
            The wave is unknown, or another merchant's.
        """
        await _known(wave_id, merchant_ids)
        async with unit_of_work():
            boxes = await shipment_store.mark_delivered(wave_id, merchant_ids, now=now)
            told = {
                f"box:{box}:delivered": {"kind": "box_delivered", "box": str(box)} for box in boxes
            }
            await outbox.put_many("notice", told, now=now)
        log.info("wave_delivered", wave=str(wave_id), boxes=len(boxes))
        return len(boxes)


async def _known(wave_id: UUID, merchant_ids: Sequence[UUID]) -> None:
    if await wave_store.wave_head(wave_id, merchant_ids=merchant_ids) is None:
        raise NotFound
