"""Taking the money for boxes: one attempt at a time, each written down before the bank is asked."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from subscriptions import ports
from subscriptions.adapters import charge_store
from subscriptions.adapters.charge_store import Attempt, Bill
from subscriptions.lifecycle import BoxStatus, ChargeOutcome
from subscriptions.ports import ChargeReceipt, PaymentGateway, PaymentUnavailable
from subscriptions.supply import Supply

log = structlog.get_logger("subscriptions.billing")

KEY_LIFETIME_H = 20
"""The provider forgets idempotency keys after 24 h; past this we only ask, and never repeat."""

_OPEN_OUTCOMES = (ChargeOutcome.STARTED, ChargeOutcome.UNKNOWN)
_AFTER = {
    ports.ChargeOutcome.SUCCEEDED: (ChargeOutcome.SUCCEEDED, BoxStatus.PAID),
    ports.ChargeOutcome.DECLINED: (ChargeOutcome.DECLINED, BoxStatus.DECLINED),
    ports.ChargeOutcome.NEEDS_AUTHENTICATION: (
        ChargeOutcome.NEEDS_AUTHENTICATION,
        BoxStatus.NEEDS_AUTHENTICATION,
    ),
    ports.ChargeOutcome.PROCESSING: (ChargeOutcome.UNKNOWN, BoxStatus.CHARGE_UNKNOWN),
}
_NOTICES = {
    BoxStatus.PAID: "box_paid",
    BoxStatus.DECLINED: "card_declined",
    BoxStatus.NEEDS_AUTHENTICATION: "card_needs_you",
}


@dataclass(frozen=True, slots=True)
class BillingService:
    """Charges boxes, and finds out what became of charges that were cut off."""

    payments: PaymentGateway
    supply: Supply

    async def charge(self, box_id: UUID, *, now: DateTime) -> BoxStatus:
        """Take the money for one reserved box; running it again changes nothing.

        Returns the box's status afterwards. A declined card gives the stock back in the same transaction.

        Raises
        ------
        NotFound
        PaymentUnavailable
            The outcome is unknown; the box is now `charge_unknown`, and `settle` will ask.
        """
        async with unit_of_work():
            bill = await _held(box_id)
            if bill.status is not BoxStatus.RESERVED:
                return bill.status
            attempt = await self._next_attempt(bill, now=now)
        if (now - attempt.started_at).total_seconds() > KEY_LIFETIME_H * 3600:
            return await self._settle(bill, attempt, now=now)
        return await self._ask(bill, attempt, now=now)

    async def settle(self, box_id: UUID, *, now: DateTime) -> BoxStatus:
        """Find out what became of the open attempt of a box whose charge is unknown.

        Raises
        ------
        NotFound, PaymentUnavailable
        """
        async with unit_of_work():
            bill = await _held(box_id)
            tried = await charge_store.attempts(box_id)
        if bill.status is not BoxStatus.CHARGE_UNKNOWN or not tried:
            return bill.status
        return await self._settle(bill, tried[0], now=now)

    async def apply_receipt(
        self, box_id: UUID, number: int, receipt: ChargeReceipt, *, now: DateTime
    ) -> BoxStatus:
        """Apply what the provider says of an attempt, from its answer or its webhook; once is enough."""
        outcome, status = _AFTER[receipt.outcome]
        async with unit_of_work():
            bill = await _held(box_id)
            tried = {attempt.number: attempt for attempt in await charge_store.attempts(box_id)}
            attempt = tried.get(number)
            if attempt is None or not _may_become(attempt.outcome, outcome):
                return bill.status
            if attempt.outcome is ChargeOutcome.NEEDS_AUTHENTICATION:
                await charge_store.reopen_as_paid(attempt.id, receipt, now=now)
            else:
                await charge_store.settle_attempt(attempt.id, outcome, receipt, now=now)
            await charge_store.set_status(box_id, status, now=now, note=receipt.decline_code)
            if status is BoxStatus.PAID:
                await charge_store.post_sale(bill, attempt, now=now)
            await self._follow_up(bill, status, number, now=now)
        log.info("charge_settled", box=str(box_id), attempt=number, outcome=outcome)
        return status

    async def give_up(self, box_id: UUID, *, now: DateTime) -> BoxStatus:
        """Let go of a box whose bank still waits for the customer when packing begins."""
        async with unit_of_work():
            bill = await _held(box_id)
            if bill.status is not BoxStatus.NEEDS_AUTHENTICATION:
                return bill.status
            intent = (await charge_store.attempts(box_id))[0].intent_id
        if intent is not None:
            await self.payments.void(intent, idempotency_key=f"box:{box_id}:void:{intent}")
        async with unit_of_work():
            bill = await _held(box_id)
            if bill.status is BoxStatus.NEEDS_AUTHENTICATION:
                await charge_store.set_status(
                    box_id, BoxStatus.DECLINED, now=now, note="authentication_missed"
                )
                await self._follow_up(bill, BoxStatus.DECLINED, 0, now=now)
        return BoxStatus.DECLINED

    async def _next_attempt(self, bill: Bill, *, now: DateTime) -> Attempt:
        tried = await charge_store.attempts(bill.box_id)
        if tried and tried[0].outcome in _OPEN_OUTCOMES:
            return tried[0]
        return await charge_store.open_attempt(bill, len(tried) + 1, now=now)

    async def _ask(self, bill: Bill, attempt: Attempt, *, now: DateTime) -> BoxStatus:
        request = charge_store.request_for(bill, attempt)
        try:
            receipt = await self.payments.charge(request, idempotency_key=request.idempotency_key)
        except PaymentUnavailable:
            await self._mark_unknown(bill, attempt, now=now)
            raise
        return await self.apply_receipt(bill.box_id, attempt.number, receipt, now=now)

    async def _settle(self, bill: Bill, attempt: Attempt, *, now: DateTime) -> BoxStatus:
        receipt = await self.payments.find_charge(
            bill.box_id, attempt.number, customer=bill.customer, intent_id=attempt.intent_id
        )
        if receipt is not None:
            return await self.apply_receipt(bill.box_id, attempt.number, receipt, now=now)
        age_h = (now - attempt.started_at).total_seconds() / 3600
        if age_h <= KEY_LIFETIME_H:
            return await self._ask(bill, attempt, now=now)
        if age_h <= 2 * KEY_LIFETIME_H:
            raise PaymentUnavailable("waiting until the unanswered attempt can no longer arrive")
        never = ChargeReceipt(ports.ChargeOutcome.DECLINED, None, "never_arrived")
        return await self.apply_receipt(bill.box_id, attempt.number, never, now=now)

    async def _mark_unknown(self, bill: Bill, attempt: Attempt, *, now: DateTime) -> None:
        async with unit_of_work():
            held = await _held(bill.box_id)
            if held.status in (BoxStatus.RESERVED, BoxStatus.CHARGE_UNKNOWN):
                await charge_store.settle_attempt(attempt.id, ChargeOutcome.UNKNOWN, None, now=now)
                await charge_store.set_status(bill.box_id, BoxStatus.CHARGE_UNKNOWN, now=now)

    async def _follow_up(
        self, bill: Bill, status: BoxStatus, number: int, *, now: DateTime
    ) -> None:
        if status is BoxStatus.DECLINED:
            await self.supply.release_box(bill.box_id, now=now)
        if notice := _NOTICES.get(status):
            payload = {"kind": notice, "box": str(bill.box_id)}
            await outbox.put(
                "notice", payload, dedupe_key=f"box:{bill.box_id}:{notice}:{number}", now=now
            )


async def _held(box_id: UUID) -> Bill:
    bill = await charge_store.hold_bill(box_id)
    if bill is None:
        raise NotFound
    return bill


def _may_become(before: ChargeOutcome, after: ChargeOutcome) -> bool:
    """Tell whether news can still change an attempt: an open one, or one the bank wanted the customer for."""
    if before in _OPEN_OUTCOMES:
        return after is not before
    return before is ChargeOutcome.NEEDS_AUTHENTICATION and after is ChargeOutcome.SUCCEEDED
