"""What every controller of the warehouse needs: whose floor it is, and which words follow a deed."""

from dataclasses import dataclass
from uuid import UUID

from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from litestar.response import Redirect
from pendulum import DateTime

from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.text import Message, message, plural
from subscriptions.entrypoints.guard import WHO
from subscriptions.role import WAREHOUSE_ROLES, Identity

MOST_TOLD = 100_000


@dataclass(frozen=True, slots=True)
class FloorDesk:
    """Who works on which merchants' floors, and when."""

    actor_id: UUID
    merchant_ids: tuple[UUID, ...]
    now: DateTime

    @property
    def locale(self) -> str:
        """Return the reader's language."""
        return speaker().locale


async def present_floor(
    identity: NamedDependency[Identity], now: NamedDependency[DateTime]
) -> FloorDesk:
    """Return the floors of the person who asks."""
    return FloorDesk(identity.person_id, identity.merchants(WAREHOUSE_ROLES), now)


def present_said(did: FromQuery[str] = "", n: FromQuery[int] = 0) -> Message | None:
    """Return what the page says after a deed, None for none."""
    n = min(max(n, 0), MOST_TOLD)
    said: dict[str, Message] = {
        "released": message("The wave is released. Its papers are being printed."),
        "nothing": message("There was nothing left to do."),
        "packed": plural("{n} box packed.", "{n} boxes packed.", n),
        "shipped": plural("{n} box has left.", "{n} boxes have left.", n),
        "delivered": plural("{n} box has arrived.", "{n} boxes have arrived.", n),
        "received": plural("{n} unit taken in.", "{n} units taken in.", n),
        "printed": message("The papers are made anew."),
        "held": message("The lot is held. Nothing more is planned, picked or packed from it."),
        "let_go": message("The lot may be used again."),
        "recalled": message(
            "The lot is recalled. Everybody who was sent something of it is being told."
        ),
    }
    return said.get(did)


FLOOR = {
    **WHO,
    "desk": Provide(present_floor),
    "said": Provide(present_said, sync_to_thread=False),
}
"""Dependencies of a controller whose handlers ask for `desk`, and for what is `said` after a deed."""

AtFloor = NamedDependency[FloorDesk]
Said = NamedDependency[Message | None]


def go_on(address: str, deed: str, n: int = 0, *, anchor: str = "") -> Redirect:
    """Lead on after a deed; the page that follows tells of it once."""
    mark = "&" if "?" in address else "?"
    return Redirect(f"{address}{mark}did={deed}&n={n}{anchor}", status_code=303)
