"""Receipts: written with the deed, told by mail, and proved to whoever has their number."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import audit, outbox
from subscriptions.adapters import receipt_store
from subscriptions.adapters.receipt_store import ReceiptView
from subscriptions.receipt import Done, Receipt, broken_at, next_receipt, read_number

log = structlog.get_logger("subscriptions.receipts")


@dataclass(frozen=True, slots=True)
class ReceiptDesk:
    """Where receipts are proved, and what draws the code that leads there."""

    base_url: str
    draw_code: Callable[[str], str]

    def verify_url(self, number: str) -> str:
        """Return the public address that proves a receipt."""
        return f"{self.base_url}/verify/{number}"

    def code_of(self, number: str) -> str:
        """Return that address as a square code, an SVG picture."""
        return self.draw_code(self.verify_url(number))


@dataclass(frozen=True, slots=True)
class Proof:
    """What a number proves: the receipt, and whether it and the chain up to it hold."""

    view: ReceiptView
    is_true: bool


async def write_receipt(
    subscription_id: UUID,
    merchant_id: UUID,
    done: Done,
    *,
    actor_id: UUID | None,
    n_boxes: int,
    now: DateTime,
) -> Receipt:
    """Put what was done at the end of the subscription's chain; call it inside the deed's unit of work.

    `n_boxes` is how many boxes were planned anew for it. The customer is told by mail.
    """
    receipt = next_receipt(subscription_id, await receipt_store.last_of(subscription_id), done)
    await receipt_store.append(merchant_id, receipt)
    detail = {
        "delivery_on": done.delivery_on,
        "until_on": done.until_on,
        "receipt": receipt.number,
        "boxes": n_boxes,
    }
    await audit.write(
        f"{'subscription' if done.delivery_on is None else 'delivery'}_{done.deed.value}",
        subject="subscription",
        subject_id=subscription_id,
        merchant_id=merchant_id,
        actor_id=actor_id,
        now=now,
        detail={name: value for name, value in detail.items() if value is not None},
    )
    await outbox.put(
        "notice",
        {"kind": "receipt", "number": receipt.number},
        dedupe_key=f"receipt:{receipt.number}",
        now=now,
    )
    log.info(done.deed.value, subscription=str(subscription_id), receipt=receipt.number)
    return receipt


async def prove(typed: str) -> Proof | None:
    """Recompute the chain up to the receipt of a number, however it was typed; None where there is no such receipt."""
    number = read_number(typed)
    view = None if number is None else await receipt_store.receipt_by_number(number)
    if view is None:
        return None
    chain = await receipt_store.chain_of(view.receipt.subscription_id)
    broken = broken_at(chain)
    return Proof(view, broken is None or broken > view.receipt.position)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at all chains found; `broken` names each broken chain and the receipt at which it breaks."""

    n_chains: int
    n_receipts: int
    broken: tuple[str, ...]


async def check_chains() -> Checked:
    """Recompute every chain of receipts."""
    n_chains, n_receipts, broken = 0, 0, []
    async for chain in receipt_store.chains():
        n_chains += 1
        n_receipts += len(chain)
        position = broken_at(chain)
        if position is not None:
            broken.append(f"{chain[0].subscription_id} at {chain[position - 1].number}")
    return Checked(n_chains, n_receipts, tuple(broken))
