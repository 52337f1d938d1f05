"""Due work: claimed by one, found again when it was not finished, given up after too many failures."""

import asyncio
from collections.abc import Awaitable, Callable

import pendulum
import pytest
from pendulum import DateTime

from ripeday.kit.adapters import due_work, outbox
from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.due_work import DueKind
from ripeday.kit.errors import Unavailable
from ripeday.kit.services.due_loop import do_all_due, do_claim
from ripeday.kit.text import message

NOW = pendulum.datetime(2026, 11, 22, 12, tz="UTC")


def kind_of(handle: Callable[[str, DateTime], Awaitable[None]], *, attempts: int = 3) -> DueKind:
    return DueKind("parcels", outbox.DUE, handle, lease_s=30, max_attempts=attempts)


async def settle(key: str, now: DateTime) -> None:
    await outbox.settle(int(key), now=now)


async def fail(key: str, now: DateTime) -> None:
    raise Unavailable(message("Not now."))


async def put(n: int) -> None:
    for i in range(n):
        await outbox.put("test", {"n": i}, dedupe_key=f"fact:{i}", now=NOW)


async def test_the_same_fact_is_put_once(database: str) -> None:
    assert await outbox.put("test", {}, dedupe_key="fact", now=NOW)
    assert not await outbox.put("test", {}, dedupe_key="fact", now=NOW)


async def test_what_is_rolled_back_was_never_put(database: str) -> None:
    with pytest.raises(RuntimeError):
        async with unit_of_work():
            await put(1)
            raise RuntimeError
    assert await due_work.claim_due(kind_of(settle), now=NOW) == []


async def test_workers_at_once_claim_different_work(database: str) -> None:
    await put(50)
    kind = kind_of(settle)

    claims = await asyncio.gather(*(due_work.claim_due(kind, now=NOW, limit=10) for _ in range(8)))

    keys = [claim.business_key for part in claims for claim in part]
    assert len(keys) == len(set(keys))


async def test_what_somebody_waits_for_goes_before_all_else_and_the_rest_in_its_order(
    database: str,
) -> None:
    await put(30)
    await outbox.put("test", {"n": "link"}, dedupe_key="link", now=NOW, is_awaited=True)

    claims = await due_work.claim_due(kind_of(settle), now=NOW, limit=12)

    async with connection() as c:
        said = dict(await c.fetch("SELECT id::text, payload ->> 'n' FROM outbox"))
    assert [said[claim.business_key] for claim in claims] == ["link", *map(str, range(11))]


async def test_all_due_work_is_done_once(database: str) -> None:
    await put(7)

    assert await do_all_due([kind_of(settle)], now=NOW) == {"parcels": 7}
    assert await do_all_due([kind_of(settle)], now=NOW) == {}


async def test_an_unfinished_claim_is_found_again_after_its_lease(database: str) -> None:
    await put(1)
    (lost,) = await due_work.claim_due(kind_of(settle), now=NOW)

    assert await due_work.claim_due(kind_of(settle), now=NOW.add(seconds=29)) == []
    (again,) = await due_work.claim_due(kind_of(settle), now=NOW.add(seconds=30))

    assert again.fence > lost.fence
    assert not await do_claim(kind_of(settle), lost, now=NOW.add(seconds=31))
    assert await do_claim(kind_of(settle), again, now=NOW.add(seconds=31))


async def test_a_temporary_failure_waits_longer_each_time_and_is_given_up_at_last(
    database: str,
) -> None:
    await put(1)
    kind, now, waits = kind_of(fail), NOW, []
    for _ in range(3):
        (claim,) = await due_work.claim_due(kind, now=now)
        assert not await do_claim(kind, claim, now=now)
        async with connection() as c:
            retry_at = await c.fetchval("SELECT claimed_until FROM work_claim")
        waits.append((retry_at - now).total_seconds())
        now = pendulum.instance(retry_at)

    assert waits == [5, 10, 20]
    assert await due_work.claim_due(kind, now=now) == []
    assert [kind for kind, _, _ in await due_work.parked_work()] == ["parcels"]


async def test_a_nested_unit_of_work_is_a_savepoint(database: str) -> None:
    async with unit_of_work():
        await put(1)
        with pytest.raises(RuntimeError):
            async with unit_of_work():
                await outbox.put("test", {}, dedupe_key="inner", now=NOW)
                raise RuntimeError
    async with connection() as c:
        assert await c.fetchval("SELECT count(*) FROM outbox") == 1


async def test_the_audit_log_cannot_be_changed(database: str) -> None:
    async with connection() as c:
        await c.execute(
            "INSERT INTO audit_entry (id, action, subject, subject_id, detail, happened_at)"
            " VALUES (gen_random_uuid(), 'test', 'box', gen_random_uuid(), '{}', now())"
        )
        for deed in (
            "UPDATE audit_entry SET action = 'x'",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry",
        ):
            with pytest.raises(Exception, match="append-only"):
                await c.execute(deed)


async def test_work_that_is_held_or_given_up_does_not_hide_the_rest(database: str) -> None:
    await put(6)
    first = await due_work.claim_due(kind_of(settle), now=NOW, limit=4)
    rest = await due_work.claim_due(kind_of(settle), now=NOW, limit=4)

    assert len(first) == 4
    assert len(rest) == 2


async def test_work_that_outlasts_its_lease_keeps_its_claim(database: str) -> None:
    """The claim is renewed beside the work, so no other worker finds it due."""
    renewed: list[DateTime] = []

    async def outlast(key: str, now: DateTime) -> None:
        async with connection() as c:
            first = await c.fetchval("SELECT claimed_until FROM work_claim")
            while (until := await c.fetchval("SELECT claimed_until FROM work_claim")) == first:
                await asyncio.sleep(0)
        renewed.append(until)
        await settle(key, now)

    await put(1)
    kind = DueKind("parcels", outbox.DUE, outlast, lease_s=1)
    (claim,) = await due_work.claim_due(kind, now=NOW)

    assert await do_claim(kind, claim, now=NOW)

    assert renewed[0] > NOW.add(seconds=1)
    assert await due_work.claim_due(kind, now=NOW.add(days=1)) == []
