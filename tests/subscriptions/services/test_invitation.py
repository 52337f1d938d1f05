"""Staff: invited by their merchant's admin, and sent away again."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from ripeday.kit.errors import Invalid, NotFound
from subscriptions.account import (
    INVITATION_LIFETIME,
    HoldsRole,
    LastAdmin,
    LinkSpent,
)
from subscriptions.adapters import account_store
from subscriptions.adapters.people_tables import TokenPurpose
from subscriptions.role import Grant, Role
from tests.subscriptions.people import (
    IP,
    NOW,
    PASSWORD,
    Door,
    add_merchant,
    add_person,
    admin_of,
    fetch,
    open_door,
)

ANNA = "anna@example.org"


@pytest.fixture
async def door(database: str, valkey_url: str) -> AsyncIterator[Door]:
    async with Redis.from_url(valkey_url) as redis:
        yield open_door(redis)


async def invited(
    door: Door, merchant: UUID, role: Role = Role.PACKER, email: str = "jule@example.org"
) -> str:
    admin = admin_of(merchant, await add_person(f"admin-{uuid4().hex[:6]}@example.org"))
    await door.accounts.invite(email, role, merchant_id=merchant, actor=admin, now=NOW)
    await door.relay()
    return door.mailbox.token()


async def test_somebody_new_takes_up_an_invitation_with_a_name_and_a_password(door: Door) -> None:
    merchant = await add_merchant()
    token = await invited(door, merchant)

    who = await door.accounts.accept(
        token, name=" Jule  Krause ", password="twelve plums", ip=IP, now=NOW
    )

    identity = await account_store.identity(who.person_id, who.epoch)
    assert identity is not None
    assert (identity.name, identity.grants) == ("Jule Krause", (Grant(Role.PACKER, merchant),))
    await door.accounts.sign_in("jule@example.org", "twelve plums", ip=IP, now=NOW)
    with pytest.raises(LinkSpent):
        await door.accounts.accept(token, name="Eve", password="twelve pears", ip=IP, now=NOW)
    actions = {row[0] for row in await fetch("SELECT action FROM audit_entry")}
    assert actions == {"invite", "accept_invitation", "sign_in"}


async def test_an_invitation_gives_nothing_before_it_is_taken_up(door: Door) -> None:
    merchant = await add_merchant()
    await invited(door, merchant)
    assert await fetch("SELECT id FROM role_grant WHERE merchant = $1", merchant) == []


async def test_an_invitation_ends_after_seven_days_to_the_second(door: Door) -> None:
    merchant = await add_merchant()
    token, end = await invited(door, merchant), NOW + INVITATION_LIFETIME
    assert await door.accounts.open_link(
        token, TokenPurpose.INVITE, ip=IP, now=end.subtract(seconds=1)
    )
    with pytest.raises(LinkSpent):
        await door.accounts.accept(token, name="Jule", password="twelve plums", ip=IP, now=end)


async def test_whoever_has_a_password_keeps_it_and_their_name(door: Door) -> None:
    merchant = await add_merchant()
    person = await add_person(ANNA)
    token = await invited(door, merchant, email=ANNA)

    await door.accounts.accept(token, name="Eve", password="of somebody else", ip=IP, now=NOW)

    assert await fetch("SELECT name FROM person WHERE id = $1", person) == [("Anna Roth",)]
    await door.accounts.sign_in(ANNA, PASSWORD, ip=IP, now=NOW)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.PACKER, Role.CUSTOMER, Role.PLATFORM_ADMIN])
async def test_only_this_merchants_admin_invites(door: Door, role: Role) -> None:
    here, there = await add_merchant("here"), await add_merchant("there")
    person = await add_person(ANNA)
    others_admin = admin_of(there, person)
    colleague = admin_of(here, person)
    colleague = type(colleague)(person, "A", ANNA, "en", (Grant(role, here),))
    for actor in (others_admin, colleague):
        with pytest.raises(NotFound):
            await door.accounts.invite(
                "eve@example.org", Role.PACKER, merchant_id=here, actor=actor, now=NOW
            )
        with pytest.raises(NotFound):
            await door.accounts.staff(here, actor=actor, now=NOW)
    assert await fetch("SELECT id FROM sign_in_token") == []


@pytest.mark.parametrize("role", [Role.PLATFORM_ADMIN, Role.CUSTOMER, Role.GROWER, Role.HOST])
async def test_nobody_is_invited_to_more_than_a_merchant_can_give(door: Door, role: Role) -> None:
    merchant = await add_merchant()
    admin = admin_of(merchant, await add_person(ANNA))
    with pytest.raises(Invalid):
        await door.accounts.invite(
            "eve@example.org", role, merchant_id=merchant, actor=admin, now=NOW
        )


async def test_a_role_held_is_not_offered_again(door: Door) -> None:
    merchant = await add_merchant()
    admin = admin_of(merchant, await add_person(ANNA))
    await add_person("jule@example.org", (Role.PACKER, merchant))
    with pytest.raises(HoldsRole):
        await door.accounts.invite(
            "jule@example.org", Role.PACKER, merchant_id=merchant, actor=admin, now=NOW
        )


async def test_a_role_taken_away_ends_sessions_and_open_invitations(door: Door) -> None:
    merchant = await add_merchant()
    boss = admin_of(merchant, await add_person(ANNA))
    second = await add_person("second@example.org", (Role.MERCHANT_ADMIN, merchant))
    await door.accounts.invite(
        "jule@example.org",
        Role.PACKER,
        merchant_id=merchant,
        actor=admin_of(merchant, second),
        now=NOW,
    )
    await door.relay()

    await door.accounts.take_role(
        second, Role.MERCHANT_ADMIN, merchant_id=merchant, actor=boss, now=NOW
    )

    assert await account_store.identity(second, 1) is None
    with pytest.raises(LinkSpent):
        await door.accounts.accept(
            door.mailbox.token(), name="Jule", password="twelve plums", ip=IP, now=NOW
        )
    with pytest.raises(NotFound):
        await door.accounts.take_role(
            second, Role.MERCHANT_ADMIN, merchant_id=merchant, actor=boss, now=NOW
        )


async def test_an_admin_does_not_lock_themselves_out(door: Door) -> None:
    merchant = await add_merchant()
    me = await add_person(ANNA, (Role.MERCHANT_ADMIN, merchant))
    with pytest.raises(LastAdmin):
        await door.accounts.take_role(
            me, Role.MERCHANT_ADMIN, merchant_id=merchant, actor=admin_of(merchant, me), now=NOW
        )


async def test_an_admin_takes_nothing_away_at_another_merchant(door: Door) -> None:
    here, there = await add_merchant("here"), await add_merchant("there")
    packer = await add_person(ANNA, (Role.PACKER, there), (Role.CUSTOMER, here))
    admin = admin_of(here, await add_person("clara@example.org"))
    for role, merchant in ((Role.PACKER, there), (Role.PACKER, here), (Role.CUSTOMER, here)):
        with pytest.raises(NotFound):
            await door.accounts.take_role(packer, role, merchant_id=merchant, actor=admin, now=NOW)
    assert len(await fetch("SELECT id FROM role_grant WHERE person = $1", packer)) == 2


async def test_an_invitation_taken_back_is_spent(door: Door) -> None:
    merchant = await add_merchant()
    token = await invited(door, merchant)
    admin = admin_of(merchant, await add_person(ANNA))
    (invitation,) = (await door.accounts.staff(merchant, actor=admin, now=NOW)).invitations

    await door.accounts.withdraw_invitation(
        invitation.id, merchant_id=merchant, actor=admin, now=NOW
    )

    with pytest.raises(LinkSpent):
        await door.accounts.open_link(token, TokenPurpose.INVITE, ip=IP, now=NOW)
    assert (await door.accounts.staff(merchant, actor=admin, now=NOW)).invitations == ()
