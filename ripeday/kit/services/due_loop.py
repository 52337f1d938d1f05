"""Doing due work: one claim, or all there is until it is quiet."""

from collections.abc import Iterable

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import due_work
from ripeday.kit.due_work import Claim, DueKind, backoff_s
from ripeday.kit.errors import RipedayError, Unavailable

log = structlog.get_logger("ripeday.work")


async def do_claim(kind: DueKind, claim: Claim, *, now: DateTime) -> bool:
    """Do one claimed piece of work; return whether it was done.

    A failure is written to the claim, so that the sweep finds the work again after a pause; after
    `max_attempts` failures it is parked. Only what kills the process leaves the claim to expire.
    """
    if not await due_work.is_held(claim):
        log.info("claim_lost", kind=kind.name, key=claim.business_key)
        return False
    try:
        await kind.handle(claim.business_key, now)
    except RipedayError as error:
        await _put_off(kind, claim, now=now, error=error)
        return False
    except Exception as error:
        await _put_off(kind, claim, now=now, error=error)
        raise
    await due_work.finish(claim)
    return True


async def _put_off(kind: DueKind, claim: Claim, *, now: DateTime, error: Exception) -> None:
    given_up = claim.attempts >= kind.max_attempts
    waiting = isinstance(error, Unavailable)
    log.log(
        30 if waiting else 40,
        "work_parked" if given_up else "work_put_off",
        kind=kind.name, key=claim.business_key, attempts=claim.attempts, error=repr(error),
    )  # fmt: skip
    await due_work.fail(
        claim,
        retry_at=now.add(seconds=backoff_s(claim.attempts, kind.lease_s)),
        error=repr(error),
        parked_at=now if given_up else None,
    )


async def do_all_due(kinds: Iterable[DueKind], *, now: DateTime) -> dict[str, int]:
    """Claim and do all due work of `kinds`, in their order, until none is left; return the counts done.

    Work that failed is left for later, as the worker would.
    """
    done: dict[str, int] = {}
    for kind in kinds:
        while claims := await due_work.claim_due(kind, now=now):
            for claim in claims:
                done[kind.name] = done.get(kind.name, 0) + await do_claim(kind, claim, now=now)
    return done
