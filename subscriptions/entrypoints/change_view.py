"""How a box has changed since it was proposed, as its household sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.text import Message
from ripening.produce import Produce
from subscriptions.adapters import change_store
from subscriptions.box_change import amounts, change_words

CHANGES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """Why a box changed, what went out of it and what came in."""

    why: Message
    gone: Sequence[Message]
    came: Sequence[Message]


async def changes_shown(box_id: UUID, profiles: Mapping[str, Produce]) -> list[ChangeShown]:
    """Return the last changes of a box that the caller may see, the latest first."""
    changes = (await change_store.changes_of([box_id]))[box_id]
    return [
        ChangeShown(
            change_words(change, profiles),
            amounts(change.gone, profiles),
            amounts(change.came, profiles),
        )
        for change in changes[:CHANGES_SHOWN]
    ]
