"""The customer's yes to their bank: an attempt that the bank wanted them for is tried again while they are there."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from subscriptions.adapters import box_view_store, charge_store
from subscriptions.lifecycle import BoxStatus
from subscriptions.ports import ChargeOutcome, ChargeReceipt, PaymentGateway, PaymentRefused
from subscriptions.services.billing import BillingService

log = structlog.get_logger("subscriptions.confirming")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Where a box stands after the customer was asked; `url` is the bank's page, while it wants to ask them."""

    status: BoxStatus
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmingService:
    """Lets customers confirm a charge with their bank."""

    payments: PaymentGateway
    billing: BillingService
    base_url: str

    async def begin(
        self, person_id: UUID, box_id: UUID, *, try_key: str, return_path: str, now: DateTime
    ) -> Confirmation:
        """Try the charge again with the customer present; the same `try_key` is the same try.

        A bank that says no now leaves the box waiting: the customer may try again until it is packed.

        Raises
        ------
        NotFound, PaymentUnavailable
        """
        status, bill, attempt = await self._waiting(person_id, box_id)
        if attempt is None or attempt.intent_id is None:
            return Confirmation(status)
        try:
            answer = await self.payments.pay_on_session(
                attempt.intent_id,
                payment_method=bill.payment_method,
                return_url=f"{self.base_url}{return_path}",
                idempotency_key=f"box:{box_id}:confirm:{attempt.number}:{try_key}",
            )
        except PaymentRefused:
            # Paid in another window, or given up meanwhile: the provider's books say which.
            return await self.finish(person_id, box_id, now=now)
        if answer.url is not None:
            return Confirmation(status, answer.url)
        return Confirmation(await self._apply(box_id, attempt.number, answer.receipt, now=now))

    async def finish(self, person_id: UUID, box_id: UUID, *, now: DateTime) -> Confirmation:
        """Ask the provider what came of it and apply that; asking again changes nothing.

        Raises
        ------
        NotFound, PaymentUnavailable
        """
        status, bill, attempt = await self._waiting(person_id, box_id)
        if attempt is None:
            return Confirmation(status)
        receipt = await self.payments.find_charge(
            box_id, attempt.number, customer=bill.customer, intent_id=attempt.intent_id
        )
        if receipt is None:
            return Confirmation(status)
        return Confirmation(await self._apply(box_id, attempt.number, receipt, now=now))

    async def _waiting(
        self, person_id: UUID, box_id: UUID
    ) -> tuple[BoxStatus, charge_store.Bill, charge_store.Attempt | None]:
        """Return a person's box, and the attempt that waits for them if there is one."""
        if await box_view_store.box_of(person_id, box_id) is None:
            raise NotFound
        async with unit_of_work():
            bill = await charge_store.hold_bill(box_id)
            tried = await charge_store.attempts(box_id)
        if bill is None:
            raise NotFound
        waits = bill.status is BoxStatus.NEEDS_AUTHENTICATION and tried
        return bill.status, bill, tried[0] if waits else None

    async def _apply(
        self, box_id: UUID, number: int, receipt: ChargeReceipt, *, now: DateTime
    ) -> BoxStatus:
        if receipt.outcome is not ChargeOutcome.SUCCEEDED:
            log.info("confirmation_open", box=str(box_id), outcome=receipt.outcome)
            return BoxStatus.NEEDS_AUTHENTICATION
        return await self.billing.apply_receipt(box_id, number, receipt, now=now)
