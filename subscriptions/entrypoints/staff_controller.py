"""Who works at a merchant: seen, invited and let go by its admins."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.page import current_page, speaker
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from subscriptions.account import INVITABLE, ROLE_NAMES, HoldsRole, LastAdmin
from subscriptions.adapters import account_store
from subscriptions.entrypoints.guard import WHO, chosen_merchant, merchant_admin
from subscriptions.role import Identity, Role
from subscriptions.services.account import AccountService

Accounts = NamedDependency[AccountService]
Now = NamedDependency[DateTime]
Who = NamedDependency[Identity]

_ADMINS = frozenset({Role.MERCHANT_ADMIN})


@dataclass(frozen=True, slots=True)
class Named:
    """One person, invitation or address that a form is about."""

    merchant: str = ""
    email: str = ""
    role: str = ""
    person: str = ""
    invitation: str = ""


class StaffController(Controller):
    """The staff of a merchant."""

    path = "/merchant/staff"
    guards = (merchant_admin,)
    dependencies = WHO

    @get("/")
    async def show(
        self,
        identity: Who,
        accounts: Accounts,
        now: Now,
        merchant: FromQuery[str] = "",
        invited: FromQuery[str] = "",
    ) -> Template:
        """Show who works here and who is invited."""
        form = Form({"role": Role.PACKER.value})
        return await _page(identity, accounts, now, merchant, form, invited=invited)

    @post("/", status_code=303)
    async def invite(
        self, data: URLEncodedBody[Named], identity: Who, accounts: Accounts, now: Now
    ) -> Response[Any]:
        """Invite somebody by e-mail."""
        merchant_id = _merchant(identity, data.merchant)
        try:
            await accounts.invite(
                data.email, _role(data.role), merchant_id=merchant_id, actor=identity, now=now
            )
        except (Invalid, HoldsRole) as error:
            wrong = error if isinstance(error, Invalid) else Invalid("email", error.message)
            form = Form({"email": data.email, "role": data.role}).refused(wrong)
            return await _page(identity, accounts, now, str(merchant_id), form, status=422)
        return _back(merchant_id, "&invited=1")

    @post("/remove", status_code=303)
    async def remove(
        self, data: URLEncodedBody[Named], identity: Who, accounts: Accounts, now: Now
    ) -> Response[Any]:
        """Take a role away."""
        merchant_id = _merchant(identity, data.merchant)
        try:
            await accounts.take_role(
                _id(data.person), _role(data.role), merchant_id=merchant_id, actor=identity, now=now
            )
        except LastAdmin as error:
            form = Form({"role": Role.PACKER.value})
            return await _page(
                identity, accounts, now, str(merchant_id), form, status=409, said=error.message
            )
        return _back(merchant_id)

    @post("/withdraw", status_code=303)
    async def withdraw(
        self, data: URLEncodedBody[Named], identity: Who, accounts: Accounts, now: Now
    ) -> Response[Any]:
        """Take an invitation back."""
        merchant_id = _merchant(identity, data.merchant)
        await accounts.withdraw_invitation(
            _id(data.invitation), merchant_id=merchant_id, actor=identity, now=now
        )
        return _back(merchant_id)


async def _page(
    identity: Identity,
    accounts: AccountService,
    now: DateTime,
    merchant: str,
    form: Form,
    *,
    status: int = 200,
    **context: Any,
) -> Template:
    merchant_id = _merchant(identity, merchant)
    staff = await accounts.staff(merchant_id, actor=identity, now=now)
    named = await account_store.merchants(identity.merchants(_ADMINS))
    is_chinese = speaker().locale == "zh"
    shops = [(id_, name_zh if is_chinese else name) for id_, name, name_zh in named]
    current_page().place_name = dict(shops)[merchant_id]
    return Template(
        "account/staff.html",
        context={
            "form": form, "staff": staff, "merchant_id": merchant_id, "shops": shops, "me": identity.person_id,
            "roles": [(role.value, ROLE_NAMES[role]) for role in INVITABLE], "role_names": ROLE_NAMES,
            "said": None, "invited": "", **context,
        },
        status_code=status,
    )  # fmt: skip


def _back(merchant_id: UUID, more: str = "") -> Redirect:
    return Redirect(f"/merchant/staff?merchant={merchant_id}{more}", status_code=303)


def _merchant(identity: Identity, given: str) -> UUID:
    return chosen_merchant(identity, _ADMINS, _id(given) if given else None)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound from None


def _role(given: str) -> Role:
    try:
        return Role(given)
    except ValueError:
        raise Invalid("role", message("Choose one of the roles.")) from None
