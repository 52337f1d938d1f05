"""People for tests of the door, and a mailbox that keeps what is sent."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pendulum
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.engine import connection
from ripeday.translation import translator
from ripeday.web.palette import mail_palette
from ripening.produce import load_profiles
from subscriptions.adapters.password_hash import hash_password
from subscriptions.ports import Mail
from subscriptions.role import Grant, Identity, Role
from subscriptions.services.account import AccountService
from subscriptions.services.notice import NoticeService
from tests.market import insert

NOW = pendulum.datetime(2026, 11, 24, 9, tz="UTC")
PASSWORD = "eleven plums"
PASSWORD_HASH = hash_password(PASSWORD)
BASE_URL = "https://boxes.example"
IP = "203.0.113.7"
SECRET = "of the tests, thirty-two characters"


@dataclass
class Mailbox:
    """Takes every mail, or fails in the order that `trouble` says."""

    mails: list[Mail] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.mails.append(mail)

    def link(self) -> str:
        """Return the path and query of the link in the latest mail."""
        words = self.mails[-1].text.split()
        return next(w for w in words if BASE_URL in w).partition(BASE_URL)[2]

    def token(self) -> str:
        """Return the secret of the link in the latest mail."""
        return self.link().partition("token=")[2].partition("&")[0]


@dataclass
class Door:
    """The services of the door with a real database and Redis, and a mailbox in memory."""

    accounts: AccountService
    notices: NoticeService
    mailbox: Mailbox

    async def relay(self, *, now: DateTime = NOW) -> int:
        """Deliver what the outbox holds; returns how many mails left."""
        before = len(self.mailbox.mails)
        async with connection() as c:
            due = [int(row[0]) for row in await c.fetch(outbox.DUE, now)]
        for parcel in due:
            await self.notices.deliver(parcel, now=now)
        return len(self.mailbox.mails) - before


def open_door(redis: Redis) -> Door:
    mailbox = Mailbox()
    notices = NoticeService(mailbox, translator, load_profiles(), BASE_URL, mail_palette(), SECRET)
    return Door(AccountService(redis=redis, base_url=BASE_URL), notices, mailbox)


async def add_person(
    email: str,
    *grants: tuple[Role, UUID | None],
    password: bool = True,
    locale: str | None = "en",
    disabled: bool = False,
    name: str = "Anna Roth",
) -> UUID:
    person = uuid4()
    await insert(
        "person", id=person, email=email, name=name, locale=locale, session_epoch=1, created_at=NOW,
        password_hash=PASSWORD_HASH if password else None, disabled_at=NOW if disabled else None,
    )  # fmt: skip
    for role, merchant in grants:
        await insert(
            "role_grant",
            id=uuid4(),
            person=person,
            role=role.value,
            merchant=merchant,
            granted_at=NOW,
        )
    return person


async def add_merchant(slug: str = "greengate", *, locale: str = "en") -> UUID:
    merchant = uuid4()
    await insert(
        "merchant", id=merchant, slug=slug, name=slug.title(), name_zh="绿门果园", country="DE", currency="EUR",
        timezone="Europe/Berlin", locale=locale, season_region="med", gs1_prefix="9521234", service_level=0.7,
    )  # fmt: skip
    return merchant


def admin_of(merchant: UUID, person: UUID) -> Identity:
    grants = (Grant(Role.MERCHANT_ADMIN, merchant),)
    return Identity(person, "Clara", "clara@example.org", "en", grants)


async def fetch(sql: str, *values: object) -> list[tuple[object, ...]]:
    async with connection() as c:
        return [tuple(row) for row in await c.fetch(sql, *values)]
