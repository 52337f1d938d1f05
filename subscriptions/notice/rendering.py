"""Letters as plain text, and the parts from which their HTML is made: both from the same structure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ripeday.kit.text import Message, Translator, message
from subscriptions.notice.letter import Foot, Item, Letter


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by the names of the page's own tokens, in light and in dark."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


def capital(text: str) -> str:
    """Return a sentence with its first letter large: what is eaten may stand first ("a banana today")."""
    return text[:1].upper() + text[1:]


def plain_text(letter: Letter, words: Translator, foot: Foot | None = None) -> str:
    """Return the letter as text, in the language of `words`."""
    blocks = [capital(words.render(paragraph)) for paragraph in letter.paragraphs]
    if letter.items:
        blocks.append(_list(letter.items, words))
    blocks += [
        f"{words.render(section.heading)}\n{_list(section.items, words)}"
        for section in letter.sections
    ]
    blocks += [
        words.render(message("{label}: {url}", label=link[0], url=link[1]))
        for link in (letter.action, letter.tracking)
        if link
    ]
    blocks += [words.render(paragraph) for paragraph in letter.closing]
    blocks.append(letter.sender)
    if foot:
        blocks.append("\n".join(["-- ", *(words.render(line) for line in foot_lines(foot))]))
    return "\n\n".join(blocks) + "\n"


def foot_lines(foot: Foot) -> tuple[Message, ...]:
    """Return the foot with its addresses written out."""
    choose = message("{label}: {url}", label=CHOOSE, url=foot.choose_url)
    if foot.stop_url is None:
        return foot.why, choose
    return foot.why, message("{label}: {url}", label=STOP, url=foot.stop_url), choose


STOP = message("Stop these mails")
CHOOSE = message("Choose what you hear of")


def item_words(item: Item, words: Translator) -> str:
    """Return an item in one line."""
    return capital(words.render(message("{units}: {when}", units=item.units, when=item.when)))


def _list(items: tuple[Item, ...], words: Translator) -> str:
    return "\n".join(f"- {item_words(item, words)}" for item in items)
