"""Doing due work: one claim, or all there is until it is quiet."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator, Iterable

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import due_work
from ripeday.kit.due_work import Claim, DueKind, backoff_s
from ripeday.kit.errors import RipedayError, Unavailable

log = structlog.get_logger("ripeday.work")

RENEWALS = 3
"""So often a claim is renewed within its lease, so that one that comes late loses nothing."""


async def do_claim(kind: DueKind, claim: Claim, *, now: DateTime) -> bool:
    """Do one claimed piece of work; return whether it was done.

    A failure is written to the claim, so that the sweep finds the work again after a pause; after
    `max_attempts` failures it is parked. While it is done the claim is renewed, however long that takes: only what
    kills the process leaves it to expire.
    """
    if not await due_work.is_held(claim):
        log.info("claim_lost", kind=kind.name, key=claim.business_key)
        return False
    try:
        async with _renewed(kind, claim, now=now):
            await kind.handle(claim.business_key, now)
    except RipedayError as error:
        await _put_off(kind, claim, now=now, error=error)
        return False
    except Exception as error:
        await _put_off(kind, claim, now=now, error=error)
        raise
    await due_work.finish(claim)
    return True


@contextlib.asynccontextmanager
async def _renewed(kind: DueKind, claim: Claim, *, now: DateTime) -> AsyncIterator[None]:
    """Renew a claim for as long as the context lasts, on a connection of its own."""
    renewing = asyncio.create_task(_renew(kind, claim, now), context=contextvars.Context())
    try:
        yield
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing


async def _renew(kind: DueKind, claim: Claim, now: DateTime) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        await asyncio.sleep(kind.lease_s / RENEWALS)
        passed_s = loop.time() - began
        try:
            await due_work.renew(claim, until=now.add(seconds=passed_s + kind.lease_s))
        except Exception as error:  # noqa: BLE001 - the work goes on; at worst it is done twice
            log.warning("claim_not_renewed", kind=kind.name, error=repr(error))


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
