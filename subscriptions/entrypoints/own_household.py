"""The household that a form is about, as long as it is the asker's own."""

from uuid import UUID

from litestar.response import Template

from ripeday.kit.errors import NotFound
from subscriptions.adapters import household_page
from subscriptions.adapters.household_page import HouseholdView
from subscriptions.role import Identity


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


def again(page: Template) -> Template:
    """Return a page with what was wrong, as the answer to what was sent."""
    page.status_code = 422
    return page
