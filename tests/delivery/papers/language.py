"""Translators for tests: English as written, Chinese by the papers' own catalog."""

from pathlib import Path

from babel.messages.pofile import read_po

from ripeday.kit.text import Message

PO = Path(__file__).parents[3] / "delivery/locale/zh/papers.po"


class English:
    """Renders messages as they are written."""

    locale = "en"

    def gettext(self, text: str) -> str:
        return text

    def ngettext(self, singular: str, several: str, n: int) -> str:
        return singular if n == 1 else several

    def render(self, message: Message) -> str:
        if message.plural is None:
            text = self.gettext(message.text)
        else:
            text = self.ngettext(message.text, message.plural, message.n)
        values = {
            key: self.render(value) if isinstance(value, Message) else value
            for key, value in message.values.items()
        }
        return text.format(**values)


class Chinese(English):
    """Renders messages by the papers' own catalog."""

    locale = "zh"

    def __init__(self) -> None:
        with PO.open("rb") as file:
            catalog = read_po(file)
        self._texts = {}
        for entry in catalog:
            several = isinstance(entry.id, tuple)
            key, text = (entry.id[0], entry.string[0]) if several else (entry.id, entry.string)
            self._texts[key] = text
        self.missing: set[str] = set()

    def gettext(self, text: str) -> str:
        if not self._texts.get(text):
            self.missing.add(text)
            return text
        return self._texts[text]

    def ngettext(self, singular: str, several: str, n: int) -> str:
        return self.gettext(singular)
