"""Letters as HTML for mail programs: one column of tables, styles in place, no picture from anywhere."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ripeday.kit.text import Message, Translator
from ripeday.kit.wording import weekday_letter
from subscriptions.notice.letter import Foot, Item, Letter
from subscriptions.notice.rendering import CHOOSE, STOP, Palette, capital

BAR_DAYS = 7
_FIFTH_PX = 5
_LETTERS = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def html(letter: Letter, words: Translator, palette: Palette, foot: Foot | None = None) -> str:
    """Return the letter as HTML, in the language of `words`.

    Dark colours stand in a media query of their own; programs that do not know it show the light ones.
    """

    def say(message: Message) -> str:
        return capital(words.render(message))

    return _LETTERS.get_template("letter.html").render(
        letter=letter,
        foot=foot,
        say=say,
        language="zh-Hans" if words.locale == "zh" else words.locale,
        light=palette.light,
        dark=palette.dark,
        letters=_letters(letter, words),
        bar=_bar,
        stop=say(STOP),
        choose=say(CHOOSE),
    )


def _letters(letter: Letter, words: Translator) -> list[str]:
    """Return the weekdays over the bars; none where there are none."""
    first = next((item for item in letter.items if item.columns), None)
    days = first.columns[:BAR_DAYS] if first else ()
    return [weekday_letter(column.on, words.locale) for column in days]


def _bar(item: Item) -> list[tuple[str, int]]:
    """Return the columns of an item's bar: what each is like, and how tall. [px]"""
    return [(column.kind, column.height * _FIFTH_PX) for column in item.columns[:BAR_DAYS]]
