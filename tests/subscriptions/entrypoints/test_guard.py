"""Doors of the pages: who is let in where, and where strangers are led."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler, Guard

from ripeday.kit.errors import NotFound
from subscriptions.entrypoints.guard import (
    WHO,
    catalog_staff,
    chosen_merchant,
    customer_only,
    identity_of,
    merchant_admin,
    signed_in,
    warehouse_staff,
)
from subscriptions.role import CATALOG_ROLES, Grant, Identity, Role
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.people import add_merchant, add_person

DOORS: dict[str, Guard] = {
    "signed": signed_in,
    "customer": customer_only,
    "catalog": catalog_staff,
    "warehouse": warehouse_staff,
    "admin": merchant_admin,
}


def room(name: str, guard: Guard) -> type[Controller]:
    class Room(Controller):
        path = f"/rooms/{name}"
        guards = (guard,)
        dependencies = WHO

        @get("/")
        async def enter(self, identity: NamedDependency[Identity]) -> str:
            return identity.email

        @post("/")
        async def change(self, identity: NamedDependency[Identity]) -> str:
            return identity.email

    return Room


@get("/rooms/open")
async def open_room(request: Request[Any, Any, Any]) -> str:
    identity = await identity_of(request)
    return identity.name if identity else "a stranger"


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (*(room(name, guard) for name, guard in DOORS.items()), open_room)


@pytest.mark.parametrize(
    ("role", "doors"),
    [
        (Role.CUSTOMER, {"signed", "customer"}),
        (Role.HOST, {"signed"}),
        (Role.PACKER, {"signed", "warehouse"}),
        (Role.DRIVER, {"signed"}),
        (Role.PLANNER, {"signed", "warehouse", "catalog"}),
        (Role.MERCHANT_ADMIN, {"signed", "warehouse", "catalog", "admin"}),
        (Role.GROWER, {"signed"}),
        (Role.PLATFORM_ADMIN, {"signed"}),
    ],
)
async def test_each_role_opens_its_own_doors(web: Web, role: Role, doors: set[str]) -> None:
    merchant = None if role is Role.PLATFORM_ADMIN else await add_merchant()
    await add_person("anna@example.org", (role, merchant))
    browser = await web.browser()
    await browser.sign_in("anna@example.org")
    for name in DOORS:
        expected = 200 if name in doors else 403
        assert (await browser.get(f"/rooms/{name}")).status_code == expected, name


async def test_strangers_are_led_to_sign_in_and_back(web: Web) -> None:
    browser = await web.browser()
    for name in DOORS:
        answer = await browser.get(f"/rooms/{name}", params={"on": "2026-12-01", "a": "b c"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(
            f"/sign-in?next=/rooms/{name}%3Fon%3D2026-12-01"
        )
    shown = await browser.get(answer.headers["location"])
    assert "/rooms/admin?on=2026-12-01" in shown.text
    assert (await browser.send_form("/rooms/admin")).headers["location"] == "/sign-in"
    assert (await browser.get("/rooms/open")).text == "a stranger"


async def test_programs_and_fragments_are_told(web: Web) -> None:
    browser = await web.browser()
    told = await browser.get("/rooms/admin", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (401, "sign_in_needed")
    fragment = await browser.get("/rooms/admin", headers={"hx-request": "true"})
    assert (fragment.status_code, fragment.headers["hx-redirect"]) == (401, "/sign-in")


@pytest.mark.parametrize("session", ["null", "", "0" * 64, "../../etc", "a" * 5000])
async def test_a_made_up_session_is_a_strangers(web: Web, session: str) -> None:
    browser = await web.browser()
    browser.cookies.set("session", session, domain="boxes.example")
    assert (await browser.get("/rooms/open")).text == "a stranger"
    assert (await browser.get("/rooms/signed")).status_code == 303


def test_a_merchant_one_does_not_work_for_cannot_be_chosen() -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    grants = tuple(
        Grant(role, merchant)
        for role, merchant in (
            (Role.PACKER, third),
            (Role.PLANNER, second),
            (Role.MERCHANT_ADMIN, first),
        )
    )
    identity = Identity(uuid4(), "Anna", "anna@example.org", None, grants)
    assert chosen_merchant(identity, CATALOG_ROLES) == second
    assert chosen_merchant(identity, CATALOG_ROLES, first) == first
    for foreign in (third, UUID(int=0)):
        with pytest.raises(NotFound):
            chosen_merchant(identity, CATALOG_ROLES, foreign)
