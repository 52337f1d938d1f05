"""Templates: where they lie, and the words, filters and pictures that every one of them may use.

One way to say things, as in Python: `_("{n} boxes left", n=3)`, `ngettext("{n} box", "{n} boxes", 3)`, `pgettext("tab",
"Boxes")` where one English word is two Chinese ones; a `Message` may
stand in a template as it is. Values are escaped and written for people (days, amounts, numbers, nested messages).
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

import delivery
import ripening
import subscriptions
from ripeday.kit import wording
from ripeday.kit.entrypoints.page import current_page, speaker
from ripeday.kit.money import Money
from ripeday.kit.text import Message, Named, message, plural
from ripeday.translation import LANGUAGES, translator
from ripeday.web import symbol
from ripeday.web.asset import Assets

FOLDERS = (
    Path(__file__).parent / "templates",
    *(
        Path(package.__path__[0]) / "entrypoints" / "templates"
        for package in (ripening, subscriptions, delivery)
    ),
)
"""Folders of templates, first wins; names carry their topic (`box/live_edit.html`), so none clash."""


def environment(assets: Assets) -> Environment:
    """Return the one template environment of the pages."""
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in FOLDERS]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
        auto_reload=False,
    )
    env.globals |= {
        "_": _say,
        "ngettext": _say_several,
        "pgettext": _say_here,
        "asset": assets.url,
        "page": current_page,
        "languages": LANGUAGES,
        "mark": symbol.mark,
        "picture": symbol.picture,
        "icon": symbol.icon,
        "symbols": symbol.symbols,
        "csrf_field": _csrf_field,
    }
    env.filters |= {"words": _words, **_WORDINGS}
    return env


def _say(text: str, **values: object) -> Markup:
    return _words(message(text, **values))


def _say_several(singular: str, several: str, n: int, **values: object) -> Markup:
    return _words(plural(singular, several, n, **values))


def _say_here(context: str, text: str) -> str:
    return translator(speaker().locale).pgettext(context, text)


def _words(said: Message, **markup: object) -> Markup:
    """Return a message in the reader's language; `markup` puts other (marked up) values in its place."""
    speaking = speaker()
    values = {name: value for name, value in said.values.items() if name not in markup}
    written: dict[str, object] = {
        name: value
        if isinstance(value, Markup)
        else speaking.render(Message("{value}", {"value": value}))
        for name, value in values.items()
    }
    sentence = (
        speaking.gettext(said.text)
        if said.plural is None
        else speaking.ngettext(said.text, said.plural, said.n)
    )
    return escape(sentence).format(**written, **markup)


def _finalize(value: object) -> object:
    if isinstance(value, Named):
        return speaker().render(Message("{value}", {"value": value}))
    return _words(value) if isinstance(value, Message) else value


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="_csrf_token" value="{}">').format(
        current_page().csrf_token
    )


def _day(write: Callable[[dt.date, str], str]) -> Callable[[dt.date], str]:
    return lambda day: write(day, speaker().locale)


def _time(time: dt.time) -> str:
    return wording.clock_time(time, speaker().locale)


def _money(amount: Money) -> str:
    return wording.money(amount, speaker().locale)


def _number(value: float) -> str:
    return wording.number(value, speaker().locale)


_WORDINGS: dict[str, Callable[..., str]] = {
    "short_day": _day(wording.short_day),
    "long_day": _day(wording.long_day),
    "day_and_month": _day(wording.day_and_month),
    "weekday": _day(wording.weekday),
    "weekday_name": _day(wording.weekday_name),
    "weekday_letter": _day(wording.weekday_letter),
    "month": _day(wording.month),
    "clock_time": _time,
    "staff_time": wording.staff_time,
    "money": _money,
    "number": _number,
}
