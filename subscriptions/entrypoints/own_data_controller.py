"""A person's own data: taken along in one file, or deleted with the account."""

from collections.abc import Iterator
from typing import IO, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Stream, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, Refused
from ripeday.kit.text import message
from subscriptions.account import LinkSpent, TooManyTries, WrongSignIn
from subscriptions.adapters import account_store, credit_store
from subscriptions.adapters.people_tables import TokenPurpose
from subscriptions.entrypoints.guard import WHO, end_session, signed_in
from subscriptions.entrypoints.own_household import again
from subscriptions.role import Identity
from subscriptions.services.own_data import OwnDataService, StillTied, tie_words

Visit = Request[Any, Any, Any]
Who = NamedDependency[Identity]
OwnData = NamedDependency[OwnDataService]
Now = NamedDependency[DateTime]
Typed = URLEncodedBody[dict[str, str]]

_CHUNK = 64 * 1024


class OwnDataController(Controller):
    """What we keep of whoever is signed in."""

    path = "/account"
    guards = (signed_in,)
    dependencies = WHO

    @get("/data")
    async def show(self, identity: Who) -> Template:
        """Say what can be had, and what can be deleted."""
        return Template("account/data.html", context={"identity": identity})

    @get("/data.zip")
    async def take(self, identity: Who, own_data: OwnData, now: Now) -> Stream:
        """Send everything as a ZIP of JSON and photos."""
        return await sent_bundle(own_data, identity, now=now)

    @get("/delete")
    async def ask(self, identity: Who, own_data: OwnData, now: Now) -> Template:
        """Say what deleting does, or what stands in its way."""
        return await _page(identity, own_data, Form(), now=now)

    @post("/delete", status_code=303)
    async def erase(
        self, request: Visit, data: Typed, identity: Who, own_data: OwnData, now: Now
    ) -> Response[Any]:
        """Delete the account by its password."""
        try:
            await own_data.erase_by_password(identity.person_id, data.get("password", ""), now=now)
        except WrongSignIn:
            wrong = Invalid("password", message("This is not the password of this account."))
            return await _refused(identity, own_data, wrong, now=now)
        except (TooManyTries, StillTied) as error:
            wrong = Invalid("password", error.message)
            return await _refused(identity, own_data, wrong, now=now)
        end_session(request)
        return Redirect("/account/deleted", status_code=303)

    @post("/delete/mail", status_code=303)
    async def mail_link(self, identity: Who, own_data: OwnData, now: Now) -> Response[Any]:
        """Mail a link to delete the account with."""
        try:
            email = await own_data.send_link(identity.person_id, now=now)
        except Refused as error:
            wrong = Invalid("password", error.message)
            return await _refused(identity, own_data, wrong, now=now)
        return Template("account/delete_sent.html", context={"email": email})


class ErasingController(Controller):
    """The mailed link, in whatever browser it is opened, and the last page of all."""

    path = "/account"

    @get("/delete/link")
    async def show_link(self, own_data: OwnData, now: Now, token: FromQuery[str] = "") -> Template:
        """Ask once more; a mail scanner that follows links deletes nothing."""
        link = await account_store.open_link(token, TokenPurpose.ERASE, now=now)
        if link is None:
            return _spent()
        ties = await own_data.ties(link.person_id, now=now)
        context = {"token": token, "email": link.email, "tied": tie_words(ties)}
        return Template("account/delete_link.html", context=context)

    @post("/delete/link/use", status_code=303)
    async def erase(
        self, request: Visit, data: Typed, own_data: OwnData, now: Now
    ) -> Response[Any]:
        """Delete the account that the link is for."""
        try:
            await own_data.erase_by_link(data.get("token", ""), now=now)
        except LinkSpent:
            return _spent()
        end_session(request)
        return Redirect("/account/deleted", status_code=303)

    @get("/deleted", sync_to_thread=False)
    def say_goodbye(self) -> Template:
        """Say that it is done."""
        return Template("account/deleted.html")


async def sent_bundle(own_data: OwnDataService, identity: Identity, *, now: DateTime) -> Stream:
    """Return everything that is kept of a person as a file that no cache keeps."""
    made = await own_data.bundle(identity.person_id, now=now)
    headers = {
        "content-disposition": f'attachment; filename="ripeday-{now.date()}.zip"',
        "cache-control": "private, no-store",
    }
    return Stream(_chunks(made), media_type="application/zip", headers=headers)


def _spent() -> Template:
    context = {"said": LinkSpent().message, "purpose": "erase"}
    return Template("account/spent.html", context=context, status_code=409)


async def _refused(
    identity: Identity, own_data: OwnDataService, wrong: Invalid, *, now: DateTime
) -> Template:
    """Show the page anew; where something stands in the way, that is said in place of the form."""
    page = again(await _page(identity, own_data, Form().refused(wrong), now=now))
    if page.context["tied"]:
        page.status_code = 409
    return page


async def _page(
    identity: Identity, own_data: OwnDataService, form: Form, *, now: DateTime
) -> Template:
    account = await account_store.account_of(identity.person_id)
    balances = await credit_store.balances_of(identity.person_id)
    context = {
        "identity": identity,
        "form": form,
        "tied": tie_words(await own_data.ties(identity.person_id, now=now)),
        "has_password": account is not None and account.password_hash is not None,
        "balances": list(balances.values()),
    }
    return Template("account/delete.html", context=context)


def _chunks(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while chunk := made.read(_CHUNK):
            yield chunk
