"""The household that a request is about, as long as it is the asker's own."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.response import Template
from pendulum import DateTime

from ripeday.kit.errors import NotFound
from ripeday.kit.text import message
from subscriptions.adapters import household_page
from subscriptions.adapters.household_page import HouseholdView
from subscriptions.entrypoints.guard import WHO, SignInNeeded, Visit, identity_of
from subscriptions.role import Identity

_KNOWN = "ripeday_household"


async def own_household(identity: Identity, household_id: UUID) -> HouseholdView:
    """Return one of a person's households.

    Raises
    ------
    NotFound
        Somebody else's is like none.
    """
    found = await household_page.households_of(identity.person_id)
    household = next((each for each in found if each.id == household_id), None)
    if household is None:
        raise NotFound
    return household


async def own_household_only(connection: Visit, _: BaseRouteHandler) -> None:
    """Let pass to `household_id` only whose it is, before anything that was sent is looked at."""
    identity = await identity_of(connection)
    if identity is None:
        raise SignInNeeded
    household_id = connection.path_params["household_id"]
    connection.scope["state"][_KNOWN] = await own_household(identity, household_id)


def _known(request: Request[Any, Any, Any]) -> HouseholdView:
    household: HouseholdView = request.scope["state"][_KNOWN]
    return household


OWN_HOUSEHOLD = {**WHO, "household": Provide(_known, sync_to_thread=False)}
"""Dependencies of a controller behind `own_household_only` whose handlers ask for `household` and `identity`."""


async def refuse_closed_day(
    identity: Identity, household_id: UUID, on: dt.date, *, now: DateTime
) -> None:
    """Let only days pass on which a box comes that may still change.

    Raises
    ------
    NotFound
    """
    days = await household_page.open_days_of(identity.person_id, now=now)
    if on not in days.get(household_id, ()):
        raise NotFound(message("No box of that day can be changed any more."))


def again(page: Template) -> Template:
    """Return a page with what was wrong, as the answer to what was sent."""
    page.status_code = 422
    return page
