"""People who sign in, their roles and their links, in PostgreSQL."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.account import new_token, token_hash
from subscriptions.adapters.people_tables import TokenPurpose
from subscriptions.role import Grant, Identity, Role


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the door sees them."""

    person_id: UUID
    email: str
    name: str
    locale: str | None
    password_hash: str | None
    epoch: int
    is_disabled: bool


_ACCOUNT = """
SELECT id, email, name, locale, password_hash, session_epoch, disabled_at IS NOT NULL FROM person
"""


async def account_by_email(email: str) -> Account | None:
    """Return the person with that address (lower case)."""
    async with connection() as c:
        row = await c.fetchrow(_ACCOUNT + "WHERE email = $1", email)
    return None if row is None else Account(*row)


async def account_of(person_id: UUID) -> Account | None:
    """Return one person."""
    async with connection() as c:
        row = await c.fetchrow(_ACCOUNT + "WHERE id = $1", person_id)
    return None if row is None else Account(*row)


_IDENTITY = """
SELECT person.name, person.email, person.locale,
       array_agg(role_grant.role ORDER BY role_grant.granted_at, role_grant.id)
           FILTER (WHERE role_grant.id IS NOT NULL) AS roles,
       array_agg(role_grant.merchant ORDER BY role_grant.granted_at, role_grant.id)
           FILTER (WHERE role_grant.id IS NOT NULL) AS merchants
FROM person LEFT JOIN role_grant ON role_grant.person = person.id
WHERE person.id = $1 AND person.session_epoch = $2 AND person.disabled_at IS NULL
GROUP BY person.id
"""


async def identity(person_id: UUID, epoch: int) -> Identity | None:
    """Return who holds a session; None once the person is disabled or all their sessions were ended."""
    async with connection() as c:
        row = await c.fetchrow(_IDENTITY, person_id, epoch)
    if row is None:
        return None
    held = zip(row["roles"] or (), row["merchants"] or (), strict=True)
    grants = tuple(Grant(Role(role), merchant) for role, merchant in held)
    return Identity(person_id, row["name"], row["email"], row["locale"], grants)


async def set_password(person_id: UUID, password_hash: str) -> None:
    """Keep a new hash of the same password."""
    async with connection() as c:
        await c.execute(
            "UPDATE person SET password_hash = $2 WHERE id = $1", person_id, password_hash
        )


async def end_sessions(person_id: UUID) -> int:
    """End every session of a person; returns the epoch that new sessions carry."""
    sql = (
        "UPDATE person SET session_epoch = session_epoch + 1 WHERE id = $1 RETURNING session_epoch"
    )
    async with connection() as c:
        epoch: int = await c.fetchval(sql, person_id)
    return epoch


async def set_name(person_id: UUID, name: str) -> None:
    """Keep the name a person gives."""
    async with connection() as c:
        await c.execute("UPDATE person SET name = $2 WHERE id = $1", person_id, name)


async def set_locale(person_id: UUID, locale: str) -> None:
    """Keep the language a person reads, on pages and in mails."""
    async with connection() as c:
        await c.execute("UPDATE person SET locale = $2 WHERE id = $1", person_id, locale)


_PERSON = """
INSERT INTO person (id, email, name, locale, session_epoch, created_at)
VALUES (gen_random_uuid(), $1, $2, $3, 1, $4)
ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id
"""


async def person_for(email: str, *, locale: str | None, now: DateTime) -> UUID:
    """Return the person with that address; somebody new is saved without a password or a role."""
    async with connection() as c:
        found: UUID = await c.fetchval(_PERSON, email, email, locale, now)
    return found


_SAVE_LINK = """
INSERT INTO sign_in_token (id, person, purpose, token_hash, expires_at, role, merchant, invited_by)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7) RETURNING id
"""


async def save_link(person_id: UUID, purpose: TokenPurpose, *, expires_at: DateTime) -> str:
    """Keep a new link for signing in or for a new password; returns its secret, which is kept nowhere."""
    token = new_token()
    async with connection() as c:
        await c.execute(
            _SAVE_LINK, person_id, purpose.value, token_hash(token), expires_at, None, None, None
        )
    return token


async def save_invitation(
    person_id: UUID, role: Role, *, merchant_id: UUID, invited_by: UUID, expires_at: DateTime
) -> UUID:
    """Keep an invitation; its link gets its secret when it is mailed."""
    async with connection() as c:
        made: UUID = await c.fetchval(
            _SAVE_LINK, person_id, TokenPurpose.INVITE.value, token_hash(new_token()), expires_at,
            role.value, merchant_id, invited_by,
        )  # fmt: skip
    return made


async def renew_secret(token_id: UUID) -> str:
    """Give an unused link a new secret and return it."""
    token = new_token()
    async with connection() as c:
        await c.execute(
            "UPDATE sign_in_token SET token_hash = $2 WHERE id = $1 AND used_at IS NULL",
            token_id, token_hash(token),
        )  # fmt: skip
    return token


_USE = """
UPDATE sign_in_token SET used_at = $3
WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
RETURNING person, role, merchant
"""


@dataclass(frozen=True, slots=True)
class UsedLink:
    """A link that has just been used; role and merchant belong to invitations."""

    person_id: UUID
    role: Role | None
    merchant_id: UUID | None


async def use_link(token: str, purpose: TokenPurpose, *, now: DateTime) -> UsedLink | None:
    """Use a link up; None when it was used before, has expired or never was."""
    async with connection() as c:
        row = await c.fetchrow(_USE, token_hash(token), purpose.value, now)
    if row is None:
        return None
    return UsedLink(row["person"], Role(row["role"]) if row["role"] else None, row["merchant"])


async def void_links(person_id: UUID, *, now: DateTime) -> None:
    """End every unused link of a person that would let somebody in."""
    async with connection() as c:
        await c.execute(
            "UPDATE sign_in_token SET used_at = $2"
            " WHERE person = $1 AND used_at IS NULL AND purpose <> 'invite'",
            person_id, now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that still works, and whose it is; role and merchant names belong to invitations."""

    person_id: UUID
    email: str
    has_password: bool
    role: Role | None
    merchant_name: str | None
    merchant_name_zh: str | None


_OPEN = """
SELECT person.id, person.email, person.password_hash IS NOT NULL AS has_password, token.role,
       merchant.name, merchant.name_zh
FROM sign_in_token token JOIN person ON person.id = token.person
LEFT JOIN merchant ON merchant.id = token.merchant
WHERE token.token_hash = $1 AND token.purpose = $2 AND token.used_at IS NULL AND token.expires_at > $3
      AND person.disabled_at IS NULL
"""


async def open_link(token: str, purpose: TokenPurpose, *, now: DateTime) -> OpenLink | None:
    """Return a link that still works, without using it."""
    async with connection() as c:
        row = await c.fetchrow(_OPEN, token_hash(token), purpose.value, now)
    if row is None:
        return None
    role = Role(row["role"]) if row["role"] else None
    return OpenLink(row[0], row[1], row[2], role, row["name"], row["name_zh"])


async def grant(person_id: UUID, role: Role, merchant_id: UUID, *, now: DateTime) -> None:
    """Give a role; doing it again changes nothing."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO role_grant (id, person, role, merchant, granted_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4) ON CONFLICT DO NOTHING",
            person_id, role.value, merchant_id, now,
        )  # fmt: skip


async def take_role(person_id: UUID, role: Role, merchant_id: UUID) -> bool:
    """Take a role away; False when the person did not have it."""
    async with connection() as c:
        found = await c.fetchval(
            "DELETE FROM role_grant WHERE person = $1 AND role = $2 AND merchant = $3 RETURNING true",
            person_id, role.value, merchant_id,
        )  # fmt: skip
    return bool(found)


async def holds(person_id: UUID, role: Role, merchant_id: UUID) -> bool:
    """Tell whether a person holds a role at a merchant."""
    async with connection() as c:
        found = await c.fetchval(
            "SELECT true FROM role_grant WHERE person = $1 AND role = $2 AND merchant = $3",
            person_id, role.value, merchant_id,
        )  # fmt: skip
    return bool(found)


async def withdraw(
    merchant_id: UUID,
    *,
    now: DateTime,
    invitation_id: UUID | None = None,
    invited_by: UUID | None = None,
) -> int:
    """End open invitations of a merchant: one, or all that one person sent; returns how many."""
    sql = """
    UPDATE sign_in_token SET used_at = $2 WHERE merchant = $1 AND purpose = 'invite' AND used_at IS NULL
        AND (id = $3 OR invited_by = $4) RETURNING id
    """
    async with connection() as c:
        return len(await c.fetch(sql, merchant_id, now, invitation_id, invited_by))


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One role of one person at a merchant."""

    person_id: UUID
    name: str
    email: str
    role: Role


_STAFF = """
SELECT person.id, person.name, person.email, role_grant.role
FROM role_grant JOIN person ON person.id = role_grant.person
WHERE role_grant.merchant = $1 AND role_grant.role = ANY($2)
ORDER BY person.email, role_grant.role
"""


async def staff(merchant_id: UUID, roles: Sequence[Role]) -> list[StaffMember]:
    """Return who works at a merchant."""
    async with connection() as c:
        rows = await c.fetch(_STAFF, merchant_id, [role.value for role in roles])
    return [StaffMember(row[0], row[1], row[2], Role(row[3])) for row in rows]


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that was not answered yet."""

    id: UUID
    email: str
    role: Role
    expires_at: dt.datetime


_INVITATIONS = """
SELECT token.id, person.email, token.role, token.expires_at
FROM sign_in_token token JOIN person ON person.id = token.person
WHERE token.merchant = $1 AND token.purpose = 'invite' AND token.used_at IS NULL AND token.expires_at > $2
ORDER BY token.expires_at, person.email
"""


async def open_invitations(merchant_id: UUID, *, now: DateTime) -> list[Invitation]:
    """Return the invitations that still can be answered."""
    async with connection() as c:
        rows = await c.fetch(_INVITATIONS, merchant_id, now)
    return [Invitation(row[0], row[1], Role(row[2]), row[3]) for row in rows]


async def merchants(merchant_ids: Sequence[UUID]) -> list[tuple[UUID, str, str]]:
    """Return (id, name, Chinese name) of merchants, in the order asked for."""
    sql = (
        "SELECT id, name, name_zh FROM merchant WHERE id = ANY($1) ORDER BY array_position($1, id)"
    )
    async with connection() as c:
        return [tuple(row) for row in await c.fetch(sql, list(merchant_ids))]
