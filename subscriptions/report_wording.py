"""What a household is told after one tap: what becomes of the thing it judged. Pure."""

import datetime as dt

from ripeday.kit.text import Message, message
from ripening.produce import Produce
from ripening.reading import near_day_words
from ripening.unit import name_in_words
from ripening.verdict import Verdict


def thanks(
    produce: Produce, verdict: Verdict, *, moves_on: dt.date | None, today: dt.date
) -> Message:
    """Return "Thank you. Your kiwifruit moved to Friday."; `moves_on` is the next day it is planned for."""
    name = name_in_words(produce)
    if verdict is Verdict.RIGHT:
        return message("Thank you. Enjoy your {fruit}.", fruit=name)
    if verdict is Verdict.LATE:
        return message(
            "Thank you. Everybody who has {fruit} of this lot now hears of earlier days.",
            fruit=name,
        )
    if moves_on is None:
        return _not_in_this_box(produce, name)
    day = near_day_words(moves_on, today)
    if produce.is_flower:
        return message(
            "Thank you. We now expect your {fruit} to open on {day}.", fruit=name, day=day
        )
    return message("Thank you. Your {fruit} moved to {day}.", fruit=name, day=day)


def _not_in_this_box(produce: Produce, name: Message) -> Message:
    """Say what becomes of what none of the box's days is left for."""
    if produce.is_flower:
        return message("Thank you. Give your {fruit} a few more days.", fruit=name)
    if not produce.ripens:
        return message("Thank you. We count less on the {fruit} of this lot now.", fruit=name)
    return message("Thank you. Your {fruit} will be ready after this box’s days.", fruit=name)
