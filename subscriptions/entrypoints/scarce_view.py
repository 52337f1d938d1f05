"""Why a box is without what its household likes, in the words that programs get, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.text import Message
from ripening.produce import Produce
from ripening.unit import name_in_words
from subscriptions.services.fairness import why_without


@dataclass(frozen=True, slots=True)
class ScarceShown:
    """A produce that was scarce: what it is called, why it is not in the box, and how the household stands."""

    key: str
    name: Message
    why: Message
    standing: Sequence[Message]


async def scarce_shown(box_id: UUID, profiles: Mapping[str, Produce]) -> list[ScarceShown]:
    """Return what was scarce and is missed in a box that the caller may see."""
    return [
        ScarceShown(
            why.produce_key, name_in_words(profiles[why.produce_key]), why.message, why.standing
        )
        for why in await why_without(box_id)
    ]
