"""The people whose logins are printed at the start: one for each role."""

from dataclasses import dataclass

from pendulum import DateTime

from ripeday.sample.merchant import MERCHANTS, SampleMerchant
from ripeday.sample.row import RowBook
from subscriptions.adapters.people_tables import Person, RoleGrant
from subscriptions.role import Role

SAMPLE_PASSWORD = "ripe-every-day"  # noqa: S105  # printed on purpose; only people of the sample have it

_STAFF = (
    (Role.MERCHANT_ADMIN, "admin", "Clara Lindner", "陆晓岚"),
    (Role.PLANNER, "planner", "Mehmet Aydın", "程屿"),
    (Role.PACKER, "packer", "Jule Krause", "孟晨光"),
    (Role.DRIVER, "driver", "Tomasz Zieliński", "鲁大勇"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """Who can sign in with the sample's password."""

    role: Role
    email: str
    merchant: str | None

    @property
    def line(self) -> str:
        """Return the line for the terminal."""
        where = f" at {self.merchant}" if self.merchant else ""
        what = self.role.value.replace("_", " ")
        return f"{self.email:34} {SAMPLE_PASSWORD}   {what}{where}"


_PLATFORM_ADMIN = Login(Role.PLATFORM_ADMIN, "admin@ripeday.example", None)


def logins() -> tuple[Login, ...]:
    """Return every login of the sample."""
    found = [Login(Role.CUSTOMER, f"customer@{m.slug}.example", m.name) for m in MERCHANTS]
    for merchant in MERCHANTS:
        found += [
            Login(role, f"{mailbox}@{merchant.slug}.example", merchant.name)
            for role, mailbox, *_ in _STAFF
        ]
    return (*found, _PLATFORM_ADMIN)


def add_staff(book: RowBook, merchant: SampleMerchant, *, hired_at: DateTime) -> None:
    """Add a merchant's staff."""
    for role, mailbox, name, name_zh in _STAFF:
        login = Login(role, f"{mailbox}@{merchant.slug}.example", merchant.name)
        called = name_zh if merchant.locale == "zh" else name
        _add(book, login, called, merchant, hired_at=hired_at)


def add_platform_admin(book: RowBook, *, hired_at: DateTime) -> None:
    """Add the one who looks after the platform."""
    _add(book, _PLATFORM_ADMIN, "Ripeday", None, hired_at=hired_at)


def _add(
    book: RowBook,
    login: Login,
    name: str,
    merchant: SampleMerchant | None,
    *,
    hired_at: DateTime,
) -> None:
    id_ = book.key("person", login.email)
    book.add(
        Person,
        id=id_,
        email=login.email,
        name=name,
        password_hash=None,
        locale=merchant.locale if merchant else "en",
        session_epoch=1,
        disabled_at=None,
        erased_at=None,
        created_at=hired_at,
    )
    book.add(
        RoleGrant,
        id=book.key("grant", login.email),
        person=id_,
        role=login.role.value,
        merchant=book.key(merchant.slug) if merchant else None,
        granted_at=hired_at,
    )
