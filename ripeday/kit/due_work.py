"""Due work: found by a query over business rows, claimed for a while, done, and found again if it was not done.

The schedule is a query, not a queue. A `DueKind` is one kind of work; its query tells which rows are due.
A claim says who works on one of them until when; its fence tells a worker that woke up late to stop.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pendulum import DateTime


@dataclass(frozen=True, slots=True)
class DueKind:
    """One kind of due work.

    `query` returns one text column, the business keys that are due, what is to be done first at first; its only
    parameter `$1` is the present instant. A claim is renewed while its work is done; `lease_s` after its worker was
    killed another may begin. Heavy work keeps processors busy for long: a worker does one such piece at a time.
    """

    name: str
    query: str
    handle: Callable[[str, DateTime], Awaitable[None]]
    lease_s: int = 30
    max_attempts: int = 12
    is_heavy: bool = False

    def __post_init__(self) -> None:
        if "$1" not in self.query:
            raise ValueError(f"the query of {self.name} must depend on the present instant, $1")
        if self.lease_s <= 0 or self.max_attempts <= 0:
            raise ValueError(f"{self.name} needs a positive lease and number of attempts")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one piece of due work; lost as soon as a newer fence is given out."""

    kind: str
    business_key: str
    fence: int
    attempts: int

    @property
    def job_id(self) -> str:
        """Return the name under which the queue knows this claim."""
        return f"{self.kind}:{self.business_key}:{self.fence}"


def backoff_s(attempts: int, lease_s: int) -> int:
    """Return how long to wait after the `attempts`-th failure: from 5 s, doubling, to ten minutes."""
    return int(min(600, max(5, lease_s // 6) * 2 ** (attempts - 1)))
