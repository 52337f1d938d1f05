"""Signing in and out, new passwords, and who works for whom."""

import hashlib
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import structlog
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.kit.adapters import audit, outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from subscriptions import password as password_rule
from subscriptions.account import (
    INVITABLE,
    INVITATION_LIFETIME,
    HoldsRole,
    LastAdmin,
    LinkSpent,
    WrongSignIn,
    place_of,
)
from subscriptions.adapters import account_store, password_hash
from subscriptions.adapters.account_store import Account, Invitation, OpenLink, StaffMember
from subscriptions.adapters.attempt_limit import AttemptLimit
from subscriptions.adapters.password_hash import hash_password
from subscriptions.adapters.people_tables import TokenPurpose
from subscriptions.ports import one_address, single_line
from subscriptions.role import Identity, Role

__all__ = ["AccountService", "SignedIn", "Staff", "hash_password"]

log = structlog.get_logger("subscriptions.account")

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has shown who they are; a session keeps the id and the epoch."""

    person_id: UUID
    epoch: int
    locale: str | None


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works at a merchant, and who is invited to."""

    members: tuple[StaffMember, ...]
    invitations: tuple[Invitation, ...]


@dataclass(frozen=True, slots=True)
class AccountService:
    """Keeps the door. `ip` is where a request comes from; tries are counted by it and by address."""

    redis: Redis
    base_url: str
    _limit: AttemptLimit = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_limit", AttemptLimit(self.redis))

    async def sign_in(
        self, email: str, password: str, *, ip: str | None, now: DateTime
    ) -> SignedIn:
        """Let somebody in by password.

        Raises
        ------
        Invalid, WrongSignIn, TooManyTries, TriesUncounted
        """
        address = _address(email)
        tries = _tries("password", address, ip)
        await self._limit.take(*tries)
        account = await account_store.account_by_email(address)
        kept = None if account is None or account.is_disabled else account.password_hash
        if not await password_hash.matches(kept, password) or account is None or kept is None:
            log.info("sign_in_refused")
            raise WrongSignIn
        await self._limit.give_back(*tries)
        if password_hash.is_outdated(kept):
            await account_store.set_password(
                account.person_id, await password_hash.hashed(password)
            )
        return await self._let_in(account, "password", now=now)

    async def send_sign_in_link(
        self, email: str, *, ip: str | None, now: DateTime, then: str | None = None
    ) -> None:
        """Mail a link to sign in with, if somebody has this address; the answer does not tell.

        `then` is the page of ours that the link leads on to.

        Raises
        ------
        Invalid, TooManyTries, TriesUncounted
        """
        await self._ask_for_link("sign_in_link", email, ip=ip, now=now, then=then)

    async def sign_in_by_link(self, token: str, *, ip: str | None, now: DateTime) -> SignedIn:
        """Let somebody in by a mailed link, once.

        Raises
        ------
        LinkSpent, TooManyTries, TriesUncounted
        """
        tries = (f"token:place:{place_of(ip)}",)
        await self._limit.take(*tries)
        async with unit_of_work():
            used = await account_store.use_link(token, TokenPurpose.SIGN_IN, now=now)
            account = used and await account_store.account_of(used.person_id)
            if not account or account.is_disabled:
                raise LinkSpent
            let_in = await self._let_in(account, "link", now=now)
        await self._limit.give_back(*tries)
        return let_in

    async def send_reset_link(self, email: str, *, ip: str | None, now: DateTime) -> None:
        """Mail a link to choose a new password with, if somebody has this address; the answer does not tell.

        Raises
        ------
        Invalid, TooManyTries, TriesUncounted
        """
        await self._ask_for_link("reset_link", email, ip=ip, now=now)

    async def reset_password(
        self, token: str, password: str, *, ip: str | None, now: DateTime
    ) -> SignedIn:
        """Set a new password by a mailed link, once; every session and other link of the person ends.

        Raises
        ------
        LinkSpent, Invalid, TooManyTries, TriesUncounted
        """
        link = await self.open_link(token, TokenPurpose.RESET, ip=ip, now=now)
        made = await password_hash.hashed(password_rule.check(password, email=link.email))
        async with unit_of_work():
            if await account_store.use_link(token, TokenPurpose.RESET, now=now) is None:
                raise LinkSpent
            await account_store.set_password(link.person_id, made)
            await account_store.void_links(link.person_id, now=now)
            await account_store.end_sessions(link.person_id)
            await _note("reset_password", link.person_id, by=link.person_id, now=now)
            account = await account_store.account_of(link.person_id)
        return _signed_in(account)

    async def open_link(
        self, token: str, purpose: TokenPurpose, *, ip: str | None, now: DateTime
    ) -> OpenLink:
        """Look at a link without using it.

        Raises
        ------
        LinkSpent, TooManyTries, TriesUncounted
        """
        tries = (f"token:place:{place_of(ip)}",)
        await self._limit.take(*tries)
        link = await account_store.open_link(token, purpose, now=now)
        if link is None:
            raise LinkSpent
        await self._limit.give_back(*tries)
        return link

    async def invite(
        self, email: str, role: Role, *, merchant_id: UUID, actor: Identity, now: DateTime
    ) -> None:
        """Invite somebody to work for a merchant; an earlier invitation to the same role stays as it is.

        Raises
        ------
        NotFound
            The actor is no admin of this merchant.
        Invalid, HoldsRole
        """
        _must_be_admin(actor, merchant_id)
        address = _address(email)
        if role not in INVITABLE:
            raise Invalid("role", message("Choose one of the roles."))
        async with unit_of_work():
            person_id = await account_store.person_for(address, locale=None, now=now)
            if await account_store.holds(person_id, role, merchant_id):
                raise HoldsRole(address)
            invitation_id = await account_store.save_invitation(
                person_id, role, merchant_id=merchant_id, invited_by=actor.person_id,
                expires_at=now + INVITATION_LIFETIME,
            )  # fmt: skip
            payload = {"kind": "invite", "invitation": str(invitation_id)}
            await outbox.put("notice", payload, dedupe_key=f"invitation:{invitation_id}", now=now)
            await _note(
                "invite", person_id, by=actor.person_id, now=now, merchant_id=merchant_id, role=role
            )

    async def accept(
        self, token: str, *, name: str, password: str, ip: str | None, now: DateTime
    ) -> SignedIn:
        """Take up an invitation, once; somebody new gives their name and a password with it.

        Raises
        ------
        LinkSpent, Invalid, TooManyTries, TriesUncounted
        """
        link = await self.open_link(token, TokenPurpose.INVITE, ip=ip, now=now)
        made: str | None = None
        if not link.has_password:
            name = _name(name)
            made = await password_hash.hashed(password_rule.check(password, email=link.email))
        async with unit_of_work():
            used = await account_store.use_link(token, TokenPurpose.INVITE, now=now)
            if used is None or used.role is None or used.merchant_id is None:
                raise LinkSpent
            if made is not None:
                await account_store.set_name(used.person_id, name)
                await account_store.set_password(used.person_id, made)
            await account_store.grant(used.person_id, used.role, used.merchant_id, now=now)
            await _note(
                "accept_invitation", used.person_id, by=used.person_id, now=now,
                merchant_id=used.merchant_id, role=used.role,
            )  # fmt: skip
            account = await account_store.account_of(used.person_id)
        return _signed_in(account)

    async def withdraw_invitation(
        self, invitation_id: UUID, *, merchant_id: UUID, actor: Identity, now: DateTime
    ) -> None:
        """Take an invitation back that was not answered yet.

        Raises
        ------
        NotFound
        """
        _must_be_admin(actor, merchant_id)
        async with unit_of_work():
            n = await account_store.withdraw(merchant_id, invitation_id=invitation_id, now=now)
            if not n:
                raise NotFound
            await audit.write(
                "withdraw_invitation", subject="sign_in_token", subject_id=invitation_id,
                merchant_id=merchant_id, actor_id=actor.person_id, now=now,
            )  # fmt: skip

    async def take_role(
        self, person_id: UUID, role: Role, *, merchant_id: UUID, actor: Identity, now: DateTime
    ) -> None:
        """Take a role away; the person's sessions and the invitations they sent end with it.

        Raises
        ------
        NotFound
            The actor is no admin of this merchant, or the person does not have the role.
        LastAdmin
            It is the actor's own key.
        """
        _must_be_admin(actor, merchant_id)
        if person_id == actor.person_id and role is Role.MERCHANT_ADMIN:
            raise LastAdmin
        async with unit_of_work():
            if role not in INVITABLE or not await account_store.take_role(
                person_id, role, merchant_id
            ):
                raise NotFound
            await account_store.end_sessions(person_id)
            if role is Role.MERCHANT_ADMIN:
                await account_store.withdraw(merchant_id, invited_by=person_id, now=now)
            await _note(
                "take_role",
                person_id,
                by=actor.person_id,
                now=now,
                merchant_id=merchant_id,
                role=role,
            )

    async def staff(self, merchant_id: UUID, *, actor: Identity, now: DateTime) -> Staff:
        """Return who works at a merchant, and who is invited to.

        Raises
        ------
        NotFound
        """
        _must_be_admin(actor, merchant_id)
        return Staff(
            tuple(await account_store.staff(merchant_id, INVITABLE)),
            tuple(await account_store.open_invitations(merchant_id, now=now)),
        )

    async def sign_out_everywhere(self, person_id: UUID, *, now: DateTime) -> None:
        """End every session of a person."""
        async with unit_of_work():
            await account_store.end_sessions(person_id)
            await _note("sign_out_everywhere", person_id, by=person_id, now=now)

    async def session_of(self, person_id: UUID) -> SignedIn:
        """Return what a session of this person keeps: for those who have just shown who they are otherwise.

        Raises
        ------
        NotFound
        """
        account = await account_store.account_of(person_id)
        if account is None or account.is_disabled:
            raise NotFound
        return _signed_in(account)

    async def _ask_for_link(
        self, kind: str, email: str, *, ip: str | None, now: DateTime, then: str | None = None
    ) -> None:
        # Known or not, the same row is written; whether there is such a person is found out by the worker.
        address = _address(email)
        await self._limit.take(*_tries(kind, address, ip))
        payload = {"kind": kind, "email": address, "asked_at": now.isoformat(), "then": then}
        await outbox.put(
            "notice", payload, dedupe_key=f"{kind}:{uuid4()}", now=now, is_awaited=True
        )

    async def _let_in(self, account: Account, method: str, *, now: DateTime) -> SignedIn:
        async with unit_of_work():
            await _note("sign_in", account.person_id, by=account.person_id, now=now, method=method)
        return _signed_in(account)


def _signed_in(account: Account | None) -> SignedIn:
    if account is None:
        raise NotFound
    return SignedIn(account.person_id, account.epoch, account.locale)


def _address(email: str) -> str:
    return one_address("email", email.strip()).lower()


def _name(name: str) -> str:
    given = single_line("name", " ".join(name.split()))
    if not given or len(given) > _LONGEST_NAME:
        raise Invalid("name", message("Enter your name."))
    return given


def _tries(what: str, address: str, ip: str | None) -> tuple[str, str]:
    """Return what a try is counted under; addresses do not stand in Redis in clear."""
    hidden = hashlib.sha256(address.encode()).hexdigest()[:32]
    return f"{what}:address:{hidden}", f"{what}:place:{place_of(ip)}"


def _must_be_admin(actor: Identity, merchant_id: UUID) -> None:
    if merchant_id not in actor.merchants(frozenset({Role.MERCHANT_ADMIN})):
        raise NotFound


async def _note(
    action: str,
    person_id: UUID,
    *,
    by: UUID,
    now: DateTime,
    merchant_id: UUID | None = None,
    **detail: str,
) -> None:
    await audit.write(
        action, subject="person", subject_id=person_id, merchant_id=merchant_id, actor_id=by, now=now, detail=detail
    )  # fmt: skip
