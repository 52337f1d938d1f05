"""The door: who gets in, how often one may try, and what ends a session."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import argon2
import pytest
from redis.asyncio import Redis

from ripeday.kit.errors import Invalid, Unavailable
from subscriptions.account import (
    LINK_LIFETIME,
    MOST_TRIES,
    LinkSpent,
    TooManyTries,
    WrongSignIn,
)
from subscriptions.adapters import account_store
from subscriptions.role import Grant, Role
from tests.subscriptions.people import (
    IP,
    NOW,
    PASSWORD,
    PASSWORD_HASH,
    Door,
    add_merchant,
    add_person,
    fetch,
    open_door,
)

ANNA = "anna@example.org"


@pytest.fixture
async def door(database: str, valkey_url: str) -> AsyncIterator[Door]:
    async with Redis.from_url(valkey_url) as redis:
        yield open_door(redis)


async def asked_link(door: Door, email: str = ANNA) -> str:
    await door.accounts.send_sign_in_link(email, ip=IP, now=NOW)
    await door.relay()
    return door.mailbox.token()


async def test_the_right_password_lets_in_and_is_written_down(door: Door) -> None:
    person = await add_person(ANNA)

    who = await door.accounts.sign_in(" Anna@Example.org ", PASSWORD, ip=IP, now=NOW)

    assert (who.person_id, who.epoch) == (person, 1)
    assert await fetch("SELECT action, actor_id FROM audit_entry") == [("sign_in", person)]


@pytest.mark.parametrize(
    "email", [ANNA, "nobody@example.org", "linkonly@example.org", "gone@example.org"]
)
async def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    door: Door, email: str
) -> None:
    await add_person(ANNA)
    await add_person("linkonly@example.org", password=False)
    await add_person("gone@example.org", disabled=True)
    given = "another fruit" if email == ANNA else PASSWORD

    with pytest.raises(WrongSignIn) as caught:
        await door.accounts.sign_in(email, given, ip=IP, now=NOW)

    assert str(caught.value) == str(WrongSignIn())


async def test_an_unknown_address_costs_the_same_work(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_person(ANNA)
    verified: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, kept: str, given: str) -> bool:
        verified.append(kept.rpartition("$")[0].rpartition("$")[0])
        return verify(self, kept, given)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    for email in (ANNA, "nobody@example.org"):
        with pytest.raises(WrongSignIn):
            await door.accounts.sign_in(email, "another fruit", ip=IP, now=NOW)

    assert len(verified) == 2
    assert verified[0] == verified[1]  # the same algorithm, memory and rounds


async def test_a_hash_with_old_parameters_is_renewed_at_the_next_sign_in(door: Door) -> None:
    person = await add_person(ANNA)
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    await account_store.set_password(person, weak)

    await door.accounts.sign_in(ANNA, PASSWORD, ip=IP, now=NOW)

    (kept,) = (await fetch("SELECT password_hash FROM person"))[0]
    assert kept != weak
    assert str(kept).rsplit("$", 2)[0] == PASSWORD_HASH.rsplit("$", 2)[0]
    await door.accounts.sign_in(ANNA, PASSWORD, ip=IP, now=NOW)


async def test_after_ten_wrong_tries_at_an_address_even_the_right_password_waits(
    door: Door,
) -> None:
    await add_person(ANNA)
    for n in range(MOST_TRIES):
        with pytest.raises(WrongSignIn):
            await door.accounts.sign_in(ANNA, "another fruit", ip=f"198.51.100.{n}", now=NOW)

    with pytest.raises(TooManyTries) as caught:
        await door.accounts.sign_in(ANNA, PASSWORD, ip="198.51.100.99", now=NOW)

    assert 0 < caught.value.retry_after_s <= 15 * 60


async def test_after_ten_wrong_tries_from_a_place_every_address_waits(door: Door) -> None:
    await add_person(ANNA)
    for n in range(MOST_TRIES):
        with pytest.raises(WrongSignIn):
            await door.accounts.sign_in(f"guess{n}@example.org", PASSWORD, ip=IP, now=NOW)

    with pytest.raises(TooManyTries):
        await door.accounts.sign_in(ANNA, PASSWORD, ip=IP, now=NOW)
    await door.accounts.sign_in(ANNA, PASSWORD, ip="198.51.100.1", now=NOW)


async def test_a_burst_gets_no_more_than_ten_tries(door: Door) -> None:
    answers = await asyncio.gather(
        *(door.accounts.sign_in(ANNA, "another fruit", ip=IP, now=NOW) for _ in range(30)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, WrongSignIn) for answer in answers) == MOST_TRIES
    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 30 - MOST_TRIES


async def test_signing_in_rightly_is_never_too_often(door: Door) -> None:
    await add_person(ANNA)
    for _ in range(MOST_TRIES + 2):
        await door.accounts.sign_in(ANNA, PASSWORD, ip=IP, now=NOW)


async def test_nobody_gets_in_while_tries_cannot_be_counted(door: Door) -> None:
    await add_person(ANNA)
    shut = open_door(Redis.from_url("redis://127.0.0.1:1/0"))
    with pytest.raises(Unavailable):
        await shut.accounts.sign_in(ANNA, PASSWORD, ip=IP, now=NOW)
    with pytest.raises(Unavailable):
        await shut.accounts.send_sign_in_link(ANNA, ip=IP, now=NOW)
    with pytest.raises(Unavailable):
        await shut.accounts.sign_in_by_link("guess", ip=IP, now=NOW)


async def test_a_mailed_link_lets_in_once(door: Door) -> None:
    person = await add_person(ANNA, password=False)
    token = await asked_link(door)

    who = await door.accounts.sign_in_by_link(token, ip=IP, now=NOW)

    assert who.person_id == person
    with pytest.raises(LinkSpent):
        await door.accounts.sign_in_by_link(token, ip=IP, now=NOW)


async def test_two_taps_at_once_let_in_once(door: Door) -> None:
    await add_person(ANNA)
    token = await asked_link(door)
    answers = await asyncio.gather(
        *(door.accounts.sign_in_by_link(token, ip=IP, now=NOW) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, LinkSpent) for answer in answers) == 4


async def test_a_link_ends_to_the_second(door: Door) -> None:
    await add_person(ANNA)
    first, second = await asked_link(door), await asked_link(door)
    end = NOW + LINK_LIFETIME

    await door.accounts.sign_in_by_link(first, ip=IP, now=end.subtract(seconds=1))
    with pytest.raises(LinkSpent):
        await door.accounts.sign_in_by_link(second, ip=IP, now=end)


async def test_only_the_mail_holds_the_secret_of_a_link(door: Door) -> None:
    await add_person(ANNA)
    token = await asked_link(door)
    kept = await fetch(
        "SELECT row_to_json(t)::text FROM sign_in_token t UNION ALL SELECT row_to_json(o)::text FROM outbox o"
        " UNION ALL SELECT row_to_json(a)::text FROM audit_entry a"
    )
    assert len(kept) == 2
    assert token not in str(kept)
    assert ANNA not in str(kept)  # the address leaves the outbox with the mail


async def test_asking_for_a_link_does_the_same_for_an_unknown_address(door: Door) -> None:
    await add_person(ANNA)
    await add_person("gone@example.org", disabled=True)
    for email in (ANNA, "nobody@example.org", "gone@example.org"):
        await door.accounts.send_sign_in_link(email, ip=IP, now=NOW)
        await door.accounts.send_reset_link(email, ip=IP, now=NOW)
    assert (
        len({str(row[0]) for row in await fetch("SELECT payload - 'email' - 'kind' FROM outbox")})
        == 1
    )
    assert await fetch("SELECT id FROM sign_in_token") == []

    assert await door.relay() == 2
    assert {mail.to for mail in door.mailbox.mails} == {ANNA}


async def test_links_are_not_asked_for_without_end(door: Door) -> None:
    for n in range(MOST_TRIES):
        await door.accounts.send_sign_in_link(ANNA, ip=f"198.51.100.{n}", now=NOW)
    with pytest.raises(TooManyTries):
        await door.accounts.send_sign_in_link(ANNA, ip="198.51.100.99", now=NOW)


async def test_links_are_not_guessed_without_end(door: Door) -> None:
    for n in range(MOST_TRIES):
        with pytest.raises(LinkSpent):
            await door.accounts.sign_in_by_link(f"guess {n}", ip=IP, now=NOW)
    with pytest.raises(TooManyTries):
        await door.accounts.sign_in_by_link("guess", ip=IP, now=NOW)


async def test_a_link_for_one_purpose_is_good_for_no_other(door: Door) -> None:
    await add_person(ANNA)
    token = await asked_link(door)
    with pytest.raises(LinkSpent):
        await door.accounts.reset_password(token, "twelve plums", ip=IP, now=NOW)
    with pytest.raises(LinkSpent):
        await door.accounts.accept(token, name="Eve", password="twelve plums", ip=IP, now=NOW)


async def test_a_disabled_person_gets_no_further_with_a_link(door: Door) -> None:
    person = await add_person(ANNA)
    token = await asked_link(door)
    await fetch("UPDATE person SET disabled_at = $2 WHERE id = $1 RETURNING id", person, NOW)
    with pytest.raises(LinkSpent):
        await door.accounts.sign_in_by_link(token, ip=IP, now=NOW)


async def test_a_new_password_ends_every_session_and_every_other_link(door: Door) -> None:
    person = await add_person(ANNA)
    sign_in_link = await asked_link(door)
    await door.accounts.send_reset_link(ANNA, ip=IP, now=NOW)
    await door.relay()
    token = door.mailbox.token()
    assert await account_store.identity(person, 1)

    who = await door.accounts.reset_password(token, "twelve plums", ip=IP, now=NOW)

    assert await account_store.identity(person, 1) is None
    assert await account_store.identity(person, who.epoch)
    for spent in (token, sign_in_link):
        with pytest.raises(LinkSpent):
            await door.accounts.sign_in_by_link(spent, ip=IP, now=NOW)
    with pytest.raises(WrongSignIn):
        await door.accounts.sign_in(ANNA, PASSWORD, ip=IP, now=NOW)
    await door.accounts.sign_in(ANNA, "twelve plums", ip=IP, now=NOW)


async def test_a_password_that_will_not_do_leaves_the_link_good(door: Door) -> None:
    await add_person(ANNA)
    await door.accounts.send_reset_link(ANNA, ip=IP, now=NOW)
    await door.relay()
    token = door.mailbox.token()
    with pytest.raises(Invalid):
        await door.accounts.reset_password(token, "password123", ip=IP, now=NOW)
    await door.accounts.reset_password(token, "twelve plums", ip=IP, now=NOW)


async def test_an_identity_holds_every_role_in_one_reading(door: Door) -> None:
    here, there = await add_merchant("here"), await add_merchant("there")
    person = await add_person(ANNA, (Role.CUSTOMER, here), (Role.PACKER, there))
    identity = await account_store.identity(person, 1)
    assert identity is not None
    assert set(identity.grants) == {Grant(Role.CUSTOMER, here), Grant(Role.PACKER, there)}
    assert await account_store.identity(person, 2) is None
    assert await account_store.identity(uuid4(), 1) is None


async def test_signing_out_everywhere_ends_every_session(door: Door) -> None:
    person = await add_person(ANNA)
    await door.accounts.sign_out_everywhere(person, now=NOW)
    assert await account_store.identity(person, 1) is None
