"""A payment provider's books in memory, for tests of what we do with its answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from subscriptions.ports import ChargeOutcome, ChargeReceipt, ChargeRequest, PaymentUnavailable


def nothing_happens() -> None:
    """Let a call pass."""


@dataclass
class Bank:
    """Answers by card; one intent per key; `step` is told of each moment at which a process may die."""

    answers: dict[str, ChargeOutcome] = field(default_factory=dict)
    intents: dict[str, ChargeReceipt] = field(default_factory=dict)
    taken: list[UUID] = field(default_factory=list)
    silent: int = 0
    step: Callable[[], None] = nothing_happens

    async def charge(self, request: ChargeRequest, *, idempotency_key: str) -> ChargeReceipt:
        """Take the money once per key, then answer, or not."""
        self.step()
        if idempotency_key not in self.intents:
            outcome = self.answers.get(request.payment_method, ChargeOutcome.SUCCEEDED)
            self.intents[idempotency_key] = ChargeReceipt(outcome, f"pi_{len(self.intents)}")
            if outcome is ChargeOutcome.SUCCEEDED:
                self.taken.append(request.box_id)
        self.step()
        if self.silent:
            self.silent -= 1
            raise PaymentUnavailable("no answer")
        return self.intents[idempotency_key]

    async def find_charge(
        self, box_id: UUID, attempt: int, *, customer: str, intent_id: str | None = None
    ) -> ChargeReceipt | None:
        """Look an attempt up."""
        self.step()
        return self.intents.get(f"box:{box_id}:charge:{attempt}")
