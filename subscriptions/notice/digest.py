"""The morning's mail: what to eat today and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message
from subscriptions.notice.letter import Item, Letter, Section

_PLACES: Mapping[str, str] = {
    "counter": marked("{chance}, on the counter"),
    "fridge": marked("{chance}, in the fridge"),
    "vase": marked("{chance} in bloom"),
}


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """A morning as its mail tells of it; `headline` is "A banana today." and what comes next."""

    merchant: str
    headline: tuple[Message, Message]
    eat: tuple[Item, ...]
    also: tuple[Item, ...]
    vase: tuple[Item, ...]
    jobs: tuple[Item, ...]
    is_box_coming: bool
    page_url: str


def place_words(chance: Message, place: str) -> Message:
    """Return "9 in 10, on the counter"."""
    return message(_PLACES[place], chance=chance)


def digest(facts: DigestFacts) -> Letter:
    """Tell what the day has."""
    coming = message("Your box comes today.")
    said = message("{now} {then}", now=facts.headline[0], then=facts.headline[1])
    if not (facts.eat or facts.vase):
        said = coming if facts.is_box_coming else facts.jobs[0].units
    is_told = facts.is_box_coming and said is not coming
    sections = (
        (message("Eat today"), facts.eat),
        (message("In your vase"), facts.vase),
        (message("To do today"), facts.jobs),
        (message("Also good today"), facts.also),
    )
    return Letter(
        said,
        (coming,) if is_told else (),
        facts.merchant,
        sections=tuple(Section(heading, items) for heading, items in sections if items),
        closing=(message("Not like that at your place? Tell us on the page, and the days move."),)
        if facts.eat
        else (),
        action=(message("See your day"), facts.page_url),
    )
