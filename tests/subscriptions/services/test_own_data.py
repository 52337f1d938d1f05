"""A person's data: whole when taken along, gone when deleted, with the books as they were."""

import json
import zipfile
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from ripeday.audit import audit
from ripeday.kit.adapters.engine import connection
from subscriptions.account import LinkSpent, WrongSignIn
from subscriptions.adapters.own_data_store import EXCEPTED, EXPORTED
from subscriptions.problem import ProblemKind
from subscriptions.services.own_data import OwnDataService, StillTied
from subscriptions.services.problem import ProblemService, Telling
from tests.delivery.services.floor import paid
from tests.market import AFTER, Market, add_box, add_lot, insert, open_market
from tests.subscriptions.adapters.test_photo import picture
from tests.subscriptions.people import PASSWORD, PASSWORD_HASH, fetch, open_door

pytestmark = pytest.mark.usefixtures("database")
NOON = AFTER.add(days=1, hours=16)
LATER = AFTER.add(days=20)
CANARY = "Zwitscherfink"
"""Stands in everything that is somebody's own, and nowhere else."""

ROOTS = frozenset({"person", "household", "subscription", "box", "box_line", "problem"})
"""Tables whose rows are one person's; whatever points at them is theirs too."""


@dataclass
class Flat:
    """Somebody with a paid box, tastes, a problem with a photo, and mails."""

    market: Market
    person: UUID
    own_data: OwnDataService


@pytest.fixture
async def flat(valkey_url: str) -> Flat:
    m = await open_market()
    lots = [await add_lot(m, key, units=100) for key in ("apple_fuji", "grape")]
    await add_box(m, [(lots[0], 4), (lots[1], 2)])
    await add_box(m, [(lots[0], 1)])
    await paid(m)
    ((person, household, line),) = await fetch(
        "SELECT household.person, household.id, min(line.id::text)::uuid FROM box"
        " JOIN household ON household.id = box.household JOIN box_line line ON line.box = box.id"
        " WHERE box.id = $1 GROUP BY 1, 2",
        m.boxes[0],
    )
    await fetch(
        "UPDATE person SET name = $2, email = $3, password_hash = $4, locale = 'en' WHERE id = $1 RETURNING id",
        person, f"Anna {CANARY}", f"{CANARY.lower()}@example.org", PASSWORD_HASH,
    )  # fmt: skip
    await fetch(
        "UPDATE household SET name = $2, street = $2, city = $2, phone = '+49 30 777', delivery_note = $2,"
        " food_note = $2 WHERE id = $1 RETURNING id",
        household, CANARY,
    )  # fmt: skip
    await insert(
        "household_taste",
        id=uuid4(),
        merchant=m.merchant,
        household=household,
        produce="grape",
        taste="like",
    )
    await insert(
        "payment_event", id="evt_1", kind="charge", received_at=NOON,
        payload=json.dumps({"data": {"object": {"customer": "cus_1", "name": CANARY}}}),
    )  # fmt: skip
    await fetch(
        "UPDATE subscription SET provider_customer = 'cus_1' WHERE household = $1 RETURNING id",
        household,
    )
    telling = Telling(ProblemKind.SPOILED, 1, f"says {CANARY}", picture("JPEG"), uuid4())
    await ProblemService().tell(person, line, telling, now=NOON)  # type: ignore[arg-type]
    return Flat(m, person, OwnDataService(Redis.from_url(valkey_url)))  # type: ignore[arg-type]


async def pointing_at(tables: frozenset[str]) -> set[str]:
    rows = await fetch(
        "SELECT DISTINCT source.relname::text FROM pg_constraint c JOIN pg_class source ON source.oid = c.conrelid"
        " JOIN pg_class target ON target.oid = c.confrelid WHERE c.contype = 'f' AND target.relname = ANY($1)",
        list(tables),
    )
    return {str(row[0]) for row in rows}


async def test_every_table_with_a_way_to_a_person_is_exported_or_excepted_with_a_reason() -> None:
    mine = await pointing_at(ROOTS) | ROOTS
    mine |= await pointing_at(frozenset(mine & EXPORTED.keys()))

    assert mine - EXPORTED.keys() - EXCEPTED.keys() == set(), "say whose these rows are"
    assert not EXPORTED.keys() & EXCEPTED.keys()
    assert all(len(reason) > 20 for reason in EXCEPTED.values())
    assert EXCEPTED.keys() - mine == set(), "no way leads there any more"


async def test_the_file_holds_all_of_one_person_and_nothing_of_another(flat: Flat) -> None:
    ((other, other_name),) = await fetch(
        "SELECT person, name FROM household WHERE person <> $1", flat.person
    )

    with zipfile.ZipFile(await flat.own_data.bundle(flat.person, now=NOON)) as archive:
        names = set(archive.namelist())
        read = {name: archive.read(name) for name in names}

    assert {f"{table}.json" for table in EXPORTED} <= names
    (household,) = json.loads(read["household.json"])
    assert household["street"] == CANARY
    assert [each["taste"] for each in json.loads(read["household_taste.json"])] == ["like"]
    assert len(json.loads(read["box.json"])) == 1
    assert len(json.loads(read["box_line.json"])) == 2
    assert sum(each["amount_minor"] for each in json.loads(read["ledger_entry.json"])) == 0
    (photo,) = [name for name in names if name.startswith("photos/")]
    assert read[photo].startswith(b"\xff\xd8\xff")
    everything = b"".join(read.values())
    assert PASSWORD_HASH.encode() not in everything
    assert str(other).encode() not in everything
    assert str(other_name).encode() not in everything


async def strings_left() -> list[str]:
    """Return the tables in which the person's own words still stand, whatever column they are in."""
    found = []
    async with connection() as c:
        tables = await c.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in tables:
            sql = (
                f'SELECT count(*) FROM "{table}" own WHERE own::text ILIKE $1 OR own::text ILIKE $2'
            )
            if await c.fetchval(sql, f"%{CANARY}%", "%+49 30 777%"):
                found.append(table)
    return found


async def ended(flat: Flat) -> None:
    await fetch(
        "UPDATE subscription SET status = 'cancelled', cancelled_at = $1 RETURNING id", NOON
    )


async def test_deleted_nothing_of_the_person_is_left_and_the_books_stand(flat: Flat) -> None:
    await ended(flat)
    before = await fetch(
        "SELECT account, sum(amount_minor) FROM ledger_entry GROUP BY 1 ORDER BY 1"
    )
    assert set(await strings_left()) >= {"person", "household", "problem", "payment_event"}

    await flat.own_data.erase_by_password(flat.person, PASSWORD, now=LATER)

    assert await strings_left() == ["outbox"], "the last mail still has to leave"
    assert before == await fetch(
        "SELECT account, sum(amount_minor) FROM ledger_entry GROUP BY 1 ORDER BY 1"
    )
    assert await audit() == []
    ((n_boxes, n_photos),) = await fetch(
        "SELECT (SELECT count(*) FROM box), (SELECT count(*) FROM problem_photo)"
    )
    assert (n_boxes, n_photos) == (2, 0)
    ((epoch, disabled, erased),) = await fetch(
        "SELECT session_epoch > 1, disabled_at, erased_at FROM person WHERE id = $1", flat.person
    )
    assert (epoch, disabled, erased) == (True, LATER, LATER)
    deeds = await fetch("SELECT detail::text FROM audit_entry WHERE action = 'person_erased'")
    assert deeds == [("{}",)]
    door = open_door(flat.own_data.redis)
    await door.relay(now=LATER)
    assert door.mailbox.mails[-1].to == f"{CANARY.lower()}@example.org"
    assert door.mailbox.mails[-1].subject == "Your account is deleted"
    assert await strings_left() == []


async def test_the_password_has_to_be_right(flat: Flat) -> None:
    await ended(flat)

    with pytest.raises(WrongSignIn):
        await flat.own_data.erase_by_password(flat.person, "eleven figs", now=LATER)

    assert "person" in await strings_left()


async def test_a_mailed_link_does_it_once(flat: Flat) -> None:
    await ended(flat)
    door = open_door(flat.own_data.redis)
    await door.relay(now=LATER)
    await flat.own_data.send_link(flat.person, now=LATER)
    await door.relay(now=LATER)
    token = door.mailbox.token()

    with pytest.raises(LinkSpent):
        await flat.own_data.erase_by_link("x" * 43, now=LATER)
    await flat.own_data.erase_by_link(token, now=LATER)

    with pytest.raises(LinkSpent):
        await flat.own_data.erase_by_link(token, now=LATER)
    assert await strings_left() == ["outbox"]


async def test_a_running_subscription_and_a_box_under_way_come_first(flat: Flat) -> None:
    with pytest.raises(StillTied, match="still running"):
        await flat.own_data.erase_by_password(flat.person, PASSWORD, now=LATER)
    await ended(flat)
    with pytest.raises(StillTied, match="still under way"):
        await flat.own_data.erase_by_password(flat.person, PASSWORD, now=NOON.subtract(days=1))

    assert "person" in await strings_left()


async def test_staff_are_not_deleted_behind_their_shops_back(flat: Flat) -> None:
    await ended(flat)
    await insert(
        "role_grant", id=uuid4(), person=flat.person, role="planner", merchant=flat.market.merchant,
        granted_at=NOON,
    )  # fmt: skip

    with pytest.raises(StillTied, match="work here"):
        await flat.own_data.erase_by_password(flat.person, PASSWORD, now=LATER)
