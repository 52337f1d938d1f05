"""Who eats, in what kitchen, where the box goes, and what may come instead: forms of the household."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm
from ripeday.kit.text import message
from ripening.home import RoomClass
from subscriptions.adapters.household_page import HouseholdView
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.household_form import (
    CONSENTS,
    address_values,
    home_values,
    read_address,
    read_consent,
    read_home,
)
from subscriptions.entrypoints.own_household import again, own_household
from subscriptions.role import Identity
from subscriptions.services.household import HouseholdService

Visit = Request[Any, Any, Any]
Who = NamedDependency[Identity]
Households = NamedDependency[HouseholdService]
Now = NamedDependency[DateTime]
HouseholdId = FromPath[UUID]


class HomeController(Controller):
    """The home that a box goes to."""

    path = "/household/{household_id:uuid}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/home")
    async def ask_home(self, household_id: HouseholdId, identity: Who) -> Template:
        """Show the form of who eats, and in what kitchen."""
        household = await own_household(identity, household_id)
        return _home_page(household, Form(home_values(household)))

    @post("/home")
    async def change_home(
        self,
        request: Visit,
        *,
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        now: Now,
    ) -> Response[Any]:
        """Change who eats, and in what kitchen."""
        form = await request.form()
        household = await own_household(identity, household_id)
        try:
            home = read_home(form)
        except InvalidForm as error:
            return again(_home_page(household, Form(dict(form)).refused(error)))
        n_boxes = await households.change_home(identity.person_id, household_id, home, now=now)
        return Redirect(f"/household?saved={n_boxes}", status_code=303)

    @get("/address")
    async def ask_address(self, household_id: HouseholdId, identity: Who) -> Template:
        """Show the form of where the box goes."""
        household = await own_household(identity, household_id)
        return _address_page(household, Form(address_values(household)))

    @post("/address")
    async def change_address(
        self,
        request: Visit,
        *,
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        now: Now,
    ) -> Response[Any]:
        """Change where the box goes."""
        form = await request.form()
        household = await own_household(identity, household_id)
        try:
            address = read_address(
                form, country=household.country, is_needed=bool(household.street)
            )
            await households.change_address(identity.person_id, household_id, address, now=now)
        except (Invalid, InvalidForm) as error:
            return again(_address_page(household, Form(dict(form)).refused(error)))
        return Redirect("/household?saved=address", status_code=303)

    @get("/consent")
    async def ask_consent(self, household_id: HouseholdId, identity: Who) -> Template:
        """Show the form of what may be done when something is short."""
        household = await own_household(identity, household_id)
        return _consent_page(household, Form({"consent": household.consent.value}))

    @post("/consent")
    async def change_consent(
        self,
        request: Visit,
        *,
        household_id: HouseholdId,
        identity: Who,
        households: Households,
        now: Now,
    ) -> Response[Any]:
        """Change what may be done when something is short."""
        form = await request.form()
        household = await own_household(identity, household_id)
        try:
            consent = read_consent(form)
        except InvalidForm as error:
            return again(_consent_page(household, Form(dict(form)).refused(error)))
        await households.change_consent(identity.person_id, household_id, consent, now=now)
        return Redirect("/household?saved=consent", status_code=303)


def _consent_page(household: HouseholdView, form: Form) -> Template:
    choices = [
        (consent.value, message(words), message(example))
        for consent, (words, example) in CONSENTS.items()
    ]
    context = {"household": household, "form": form, "choices": choices}
    return Template("customer/consent.html", context=context)


def _home_page(household: HouseholdView, form: Form) -> Template:
    rooms = [(int(room), room.words) for room in RoomClass]
    context = {"household": household, "form": form, "rooms": rooms}
    return Template("customer/home.html", context=context)


def _address_page(household: HouseholdView, form: Form) -> Template:
    return Template("customer/address.html", context={"household": household, "form": form})
