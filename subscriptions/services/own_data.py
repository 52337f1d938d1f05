"""A person's own data: all of it in one file, and its taking away."""

import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO, Final
from uuid import UUID, uuid4

import structlog
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.kit.adapters import audit, outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound, Refused
from ripeday.kit.text import Message, message
from subscriptions.account import LinkSpent, WrongSignIn
from subscriptions.adapters import account_store, own_data_store, password_hash
from subscriptions.adapters.attempt_limit import AttemptLimit
from subscriptions.adapters.own_data_store import Ties
from subscriptions.adapters.people_tables import TokenPurpose

log = structlog.get_logger("subscriptions.own_data")

_IN_MEMORY: Final = 4_000_000
"""A file with more bytes than this lies on disk while it is sent."""

README: Final = (
    "Everything that we keep of you, as JSON: one file for each kind of record, its rows in a list. Instants are UTC;"
    " amounts are minor units of their currency. Your photos are beside them. Links and passwords are kept as"
    " checksums only and are not in here.\n\n我们保存的与您有关的全部资料，JSON 格式：每种记录一个文件。时间为 UTC，"
    "金额以货币的最小单位计。照片也在里面。链接和密码我们只存校验值，不在其中。\n"
)


class StillTied(Refused):
    """The account cannot be deleted yet."""

    code = "still_tied"

    def __init__(self, ties: Ties) -> None:
        self.ties = ties
        super().__init__(tie_words(ties) or message("Your account can be deleted."))


def tie_words(ties: Ties) -> Message | None:
    """Say what stands in the way of deleting an account, and until when; None where nothing does."""
    if ties.works_here:
        return message(
            "You work here with this account. Ask an admin to take your role away first."
        )
    if ties.n_running:
        return message("Your subscription is still running. End it first, then come back here.")
    if ties.box_on is not None:
        return message(
            "A box is still under way to you, for {day}. You can delete the account once it has come.",
            day=ties.box_on,
        )
    return None


@dataclass(frozen=True, slots=True)
class OwnDataService:
    """Hands people their data, and takes it away when they say so and show that it is them."""

    redis: Redis

    async def bundle(self, person_id: UUID, *, now: DateTime) -> IO[bytes]:
        """Return a ZIP of everything, read at one moment; whoever reads it closes it."""
        made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - it outlives this function
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README)
            async with unit_of_work("repeatable_read"):
                async for table, rows in own_data_store.rows_of(person_id):
                    archive.writestr(f"{table}.json", "[" + ",\n".join(rows) + "]\n")
                async for photo_id, content in own_data_store.photos_of(person_id):
                    archive.writestr(f"photos/{photo_id}.jpg", content)
        await audit.write(
            "own_data_taken",
            subject="person",
            subject_id=person_id,
            merchant_id=None,
            actor_id=person_id,
            now=now,
        )
        made.seek(0)
        return made

    async def ties(self, person_id: UUID, *, now: DateTime) -> Ties:
        """Return what stands in the way of deleting the account."""
        return await own_data_store.ties_of(person_id, now=now)

    async def erase_by_password(self, person_id: UUID, password: str, *, now: DateTime) -> None:
        """Delete an account whose owner knows its password.

        Raises
        ------
        WrongSignIn, StillTied, TooManyTries, TriesUncounted
        """
        limit, tries = AttemptLimit(self.redis), f"erase:{person_id}"
        await limit.take(tries)
        account = await account_store.account_of(person_id)
        kept = None if account is None else account.password_hash
        if not await password_hash.matches(kept, password) or kept is None:
            raise WrongSignIn
        await limit.give_back(tries)
        await self._erase(person_id, now=now)

    async def send_link(self, person_id: UUID, *, now: DateTime) -> str:
        """Mail the owner a link to delete the account with; returns where it went.

        Raises
        ------
        NotFound, StillTied, TooManyTries, TriesUncounted
        """
        await AttemptLimit(self.redis).take(f"erase_link:{person_id}")
        ties = await self.ties(person_id, now=now)
        if tie_words(ties) is not None:
            raise StillTied(ties)
        account = await account_store.account_of(person_id)
        if account is None:
            raise NotFound
        payload = {"kind": "erase_link", "email": account.email, "asked_at": now.isoformat()}
        await outbox.put(
            "notice", payload, dedupe_key=f"erase_link:{uuid4()}", now=now, is_awaited=True
        )
        return account.email

    async def erase_by_link(self, token: str, *, now: DateTime) -> None:
        """Delete an account by a mailed link, once.

        Raises
        ------
        LinkSpent, StillTied
        """
        async with unit_of_work():
            used = await account_store.use_link(token, TokenPurpose.ERASE, now=now)
            if used is None:
                raise LinkSpent
            await self._erase(used.person_id, now=now)

    async def _erase(self, person_id: UUID, *, now: DateTime) -> None:
        async with unit_of_work():
            held = await own_data_store.hold(person_id)
            if held is None:
                raise NotFound
            ties = await self.ties(person_id, now=now)
            if tie_words(ties) is not None:
                raise StillTied(ties)
            email, locale = held
            await own_data_store.erase(person_id, now=now)
            payload = {"kind": "account_erased", "email": email, "locale": locale or "en"}
            await outbox.put("notice", payload, dedupe_key=f"erased:{person_id}", now=now)
            await audit.write(
                "person_erased",
                subject="person",
                subject_id=person_id,
                merchant_id=None,
                actor_id=person_id,
                now=now,
            )
        log.info("person_erased", person=str(person_id))
