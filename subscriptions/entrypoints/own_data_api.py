"""A person's own data, for programs: the same file as from the page."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import Stream
from pendulum import DateTime

from subscriptions.entrypoints.guard import WHO, signed_in
from subscriptions.entrypoints.own_data_controller import sent_bundle
from subscriptions.role import Identity
from subscriptions.services.own_data import OwnDataService


class OwnDataApiController(Controller):
    """What we keep of whoever is signed in."""

    path = "/api/v1/account"
    guards = (signed_in,)
    dependencies = WHO
    include_in_schema = True
    tags = ("account",)

    @get("/data.zip", summary="Everything that we keep of you", media_type="application/zip")
    async def take(
        self,
        identity: NamedDependency[Identity],
        own_data: NamedDependency[OwnDataService],
        now: NamedDependency[DateTime],
    ) -> Stream:
        """Return a ZIP: one JSON file for each kind of record, its rows in a list, and your photos beside them."""
        return await sent_bundle(own_data, identity, now=now)
