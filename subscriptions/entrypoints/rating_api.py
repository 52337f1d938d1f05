"""How a box was liked, for programs."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.errors import NotFound
from ripening.produce import Produce
from subscriptions.adapters import rating_store
from subscriptions.entrypoints.guard import WHO, SignInNeeded, Visit, customer_only, identity_of
from subscriptions.entrypoints.rating_view import line_to_rate, rated_lines
from subscriptions.lifecycle import Taste
from subscriptions.rating import Liking
from subscriptions.role import Identity

Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Now = NamedDependency[DateTime]


class RatedLineDocument(Struct, frozen=True):
    """A line of a box that has come: how it was liked, and the taste that would fit better than the one there is."""

    line: UUID
    produce: str
    units: int
    liking: Liking | None
    suggested_taste: Taste | None


class RatingsDocument(Struct, frozen=True):
    """The lines of a box that has come, what is ready first before what is ready later."""

    box: UUID
    lines: list[RatedLineDocument]


class LikingDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """How something was liked: gladly, fine or not_for_us."""

    liking: Liking


class RatingsApiController(Controller):
    """How one's own boxes were liked."""

    path = "/api/v1/boxes/{box_id:uuid}/ratings"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="How you liked what was in a box")
    async def list_lines(
        self, box_id: FromPath[UUID], identity: Who, profiles: Profiles, now: Now
    ) -> RatingsDocument:
        """Return what can be rated; 404 for somebody else's box, and until yours has come."""
        return await _document(identity, box_id, profiles, now=now)


async def _own_line_only(connection: Visit, _: BaseRouteHandler) -> None:
    """Let pass to `line_id` only whose it is, before anything that was sent is looked at."""
    identity = await identity_of(connection)
    if identity is None:
        raise SignInNeeded
    if not await rating_store.is_own(identity.person_id, connection.path_params["line_id"]):
        raise NotFound


class RatingApiController(Controller):
    """One thing of a box, and how it was liked."""

    path = "/api/v1/lines/{line_id:uuid}/rating"
    guards = (customer_only, _own_line_only)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @post("/", status_code=200, summary="Say how you liked it")
    async def rate(
        self,
        *,
        data: JSONBody[LikingDocument],
        line_id: FromPath[UUID],
        identity: Who,
        profiles: Profiles,
        now: Now,
    ) -> RatingsDocument:
        """Keep it in the place of what was said before, and return the box; 404 until that has come."""
        line = await line_to_rate(identity, line_id, now=now)
        await rating_store.save_liking(line, data.liking, now=now)
        return await _document(identity, line.box_id, profiles, now=now)


async def _document(
    identity: Identity, box_id: UUID, profiles: Mapping[str, Produce], *, now: DateTime
) -> RatingsDocument:
    rated = await rated_lines(identity, box_id, profiles, now=now)
    return RatingsDocument(
        rated[0].line.box_id,
        [
            RatedLineDocument(
                each.line.line_id,
                each.produce.key,
                each.line.units,
                each.line.liking,
                each.suggested,
            )
            for each in rated
        ],
    )
