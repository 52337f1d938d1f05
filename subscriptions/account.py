"""Rules of signing in: links that work once, tries that are counted, paths that are safe to return to.

Refused
├── WrongSignIn      address and password do not belong together (which of them, nobody is told)
├── TooManyTries     too many tries for this address or from this place; says when to come back
├── LinkSpent        the link was used, has expired, or never was
├── HoldsRole        the person invited has that role already
└── LastAdmin        somebody would lock themselves out of their own shop
"""

import hashlib
import ipaddress
import math
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from pendulum import Duration

from ripeday.kit.errors import Refused
from ripeday.kit.text import Message, message, plural
from subscriptions.role import CATALOG_ROLES, STAFF_ROLES, WAREHOUSE_ROLES, Identity, Role

LINK_LIFETIME: Final = Duration(minutes=20)
"""How long a mailed link for signing in, or for a new password, works."""

INVITATION_LIFETIME: Final = Duration(days=7)

STALE_AFTER: Final = Duration(hours=1)
"""A link asked for longer ago is not mailed any more: by now its owner has asked again."""

MOST_TRIES: Final = 10
"""Tries that fail, for one address or from one place, within `TRIES_WINDOW_S`."""

TRIES_WINDOW_S: Final = 15 * 60

ROLE_NAMES: Mapping[Role, Message] = {
    Role.CUSTOMER: message("customer"),
    Role.HOST: message("host"),
    Role.PACKER: message("packer"),
    Role.DRIVER: message("driver"),
    Role.PLANNER: message("planner"),
    Role.MERCHANT_ADMIN: message("merchant admin"),
    Role.GROWER: message("grower"),
    Role.PLATFORM_ADMIN: message("platform admin"),
}

INVITABLE: Final = tuple(role for role in Role if role in STAFF_ROLES)
"""Roles that a merchant's admin may give, in the order they are offered."""


class WrongSignIn(Refused):
    """Address and password do not belong together, or there is no such person."""

    code = "wrong_sign_in"

    def __init__(self) -> None:
        super().__init__(
            message(
                "This address and this password do not belong together. Try again, or take a link by e-mail."
            )
        )


class TooManyTries(Refused):
    """Too many tries; `retry_after_s` says when the next one is taken."""

    code = "too_many_tries"

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = max(retry_after_s, 1)
        minutes = math.ceil(self.retry_after_s / 60)
        super().__init__(
            plural(
                "Those were too many tries. Please wait one minute, then try again.",
                "Those were too many tries. Please wait {n} minutes, then try again.",
                minutes,
            )
        )


class LinkSpent(Refused):
    """A mailed link that does not work any more, or never did."""

    code = "link_spent"

    def __init__(self) -> None:
        super().__init__(
            message("This link has been used or has run out. Ask for a new one, it takes a moment.")
        )


class HoldsRole(Refused):
    """The person invited has that role at the merchant already."""

    code = "holds_role"

    def __init__(self, email: str) -> None:
        super().__init__(message("{email} has this role already.", email=email))


class LastAdmin(Refused):
    """A merchant's admin would take away their own key."""

    code = "last_admin"

    def __init__(self) -> None:
        super().__init__(
            message("You cannot take away your own admin role. Another admin can do it for you.")
        )


def new_token() -> str:
    """Return a secret for a link: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a link's secret; the secret itself is only ever in the mail."""
    return hashlib.sha256(token.encode()).hexdigest()


def place_of(address: str | None) -> str:
    """Return what tries are counted by: an IPv4 address, or the /64 that one household has of IPv6."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def safe_path(path: str | None) -> str | None:
    """Return `path` when it leads to a page of ours, else None; whoever made a link cannot send people elsewhere."""
    if not path or len(path) > 500 or not path.startswith("/") or not path.isprintable():
        return None
    if path.startswith(("//", "/\\")) or "\\" in path:
        return None
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("/sign-in", "/sign-out")):
        return None
    return path


def home_path(identity: Identity) -> str:
    """Return the page a person begins at, by what they do here."""
    if identity.holds(CATALOG_ROLES):
        return "/merchant"
    if identity.holds(WAREHOUSE_ROLES | {Role.DRIVER}):
        return "/warehouse"
    if identity.holds(frozenset({Role.CUSTOMER})):
        return "/today"
    return "/"
