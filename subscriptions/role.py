"""Who may do what: one list of roles, and what each may touch."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of ARCHITECTURE: one person may hold several, each at one merchant."""

    CUSTOMER = "customer"
    HOST = "host"
    PACKER = "packer"
    DRIVER = "driver"
    PLANNER = "planner"
    MERCHANT_ADMIN = "merchant_admin"
    GROWER = "grower"
    PLATFORM_ADMIN = "platform_admin"


CATALOG_ROLES = frozenset({Role.PLANNER, Role.MERCHANT_ADMIN})
"""May see and change catalogs, plans and supply of their merchant."""

WAREHOUSE_ROLES = frozenset({Role.PACKER, Role.PLANNER, Role.MERCHANT_ADMIN})
"""May receive, pick, pack and print at their merchant's depots."""

STAFF_ROLES = CATALOG_ROLES | WAREHOUSE_ROLES | {Role.DRIVER}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held; `merchant_id` is absent only for the platform admin."""

    role: Role
    merchant_id: UUID | None


@dataclass(frozen=True, slots=True)
class Identity:
    """The person behind a request, and what they hold."""

    person_id: UUID
    name: str
    email: str
    locale: str | None
    grants: tuple[Grant, ...]

    def merchants(self, roles: frozenset[Role]) -> tuple[UUID, ...]:
        """Return the merchants at which this person holds one of `roles`, in the order granted."""
        found = [g.merchant_id for g in self.grants if g.role in roles and g.merchant_id]
        return tuple(dict.fromkeys(found))

    def holds(self, roles: frozenset[Role]) -> bool:
        """Tell whether the person holds one of `roles` anywhere."""
        return any(grant.role in roles for grant in self.grants)
