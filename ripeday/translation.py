"""Languages: every package's Chinese, read once into memory, and messages written out in one person's language.

The catalogs are the `<package>/locale/zh/*.po` files themselves, one per topic; nothing is compiled or kept twice.
"""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ripeday.kit import wording
from ripeday.kit.money import Money
from ripeday.kit.text import Message, Named

PACKAGES = ("ripeday", "ripening", "subscriptions", "delivery")
LANGUAGES = {"en": "English", "zh": "中文"}
"""Languages there are, each by its own name; the first is the one for people who ask for neither."""

_PROJECT = Path(__file__).resolve().parents[1]


class Words:
    """Renders messages in one language; see `ripeday.kit.text.Translator`."""

    def __init__(self, locale: str, translations: NullTranslations) -> None:
        self._locale = locale
        self._translations = translations

    @property
    def locale(self) -> str:
        """Return the language: `en` or `zh`."""
        return self._locale

    def gettext(self, text: str) -> str:
        """Return the translation of a plain text."""
        return self._translations.gettext(text) if text else ""

    def ngettext(self, singular: str, several: str, n: int) -> str:
        """Return the translation in the plural form that `n` needs."""
        return self._translations.ngettext(singular, several, n)

    def pgettext(self, context: str, text: str) -> str:
        """Return the translation of a text that means something else elsewhere ("Boxes", on a tab)."""
        return self._translations.pgettext(context, text)

    def render(self, message: Message) -> str:
        """Return the sentence; dates, amounts and nested messages in `values` are written for people."""
        return self.sentence(message).format(**self.written(message.values))

    def sentence(self, message: Message) -> str:
        """Return the translated sentence with its placeholders still in it."""
        if message.plural is None:
            return self.gettext(message.text)
        return self.ngettext(message.text, message.plural, message.n)

    def written(self, values: Mapping[str, object]) -> dict[str, str]:
        """Return each value as people write it."""
        return {name: self._write(value) for name, value in values.items()}

    def _write(self, value: object) -> str:
        match value:
            case Message():
                return self.render(value)
            case Money():
                return wording.money(value, self._locale)
            case dt.datetime():
                raise TypeError("write an instant as a local day and a time; which zone is it for?")
            case dt.date():
                return wording.short_day(value, self._locale)
            case dt.time():
                return wording.clock_time(value, self._locale)
            case bool():
                raise TypeError("a yes or no is two sentences, not a value")
            case int() | float():
                return wording.number(value, self._locale)
            case _:
                return str(value.zh if isinstance(value, Named) and self._locale == "zh" else value)


@cache
def translator(locale: str) -> Words:
    """Return the words of a language, `en` or `zh`.

    Raises
    ------
    ValueError
        For any other language.
    """
    if locale not in LANGUAGES:
        raise ValueError(f"no such language: {locale}")
    return Words(locale, NullTranslations() if locale == "en" else _load(catalog_paths(locale)))


def catalog_paths(locale: str) -> list[Path]:
    """Return every catalog of a language, in a steady order."""
    folders = (_PROJECT / package / "locale" / locale for package in PACKAGES)
    return [path for folder in folders for path in sorted(folder.glob("*.po"))]


def read_catalog(path: Path, locale: str) -> Catalog:
    """Return one catalog; a file that is not well formed is refused, not skipped over."""
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def chosen_language(*wishes: str | None) -> str:
    """Return the first language wished for that there is, else English; a wish may be an Accept-Language header."""
    for wish in wishes:
        found = negotiate_locale(_by_preference(wish or ""), list(LANGUAGES), sep="-")
        if found:
            return found
    return next(iter(LANGUAGES))


def _by_preference(header: str) -> Sequence[str]:
    """Return language tags, most wanted first ("zh-CN,en;q=0.8" → zh-CN, en)."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        if tag and weight > 0:
            wanted.append((-weight, tag.split("-")[0].lower()))
    return [tag for _, tag in sorted(wanted, key=lambda each: each[0])]


def _load(paths: Sequence[Path]) -> GNUTranslations:
    if not paths:
        raise FileNotFoundError("no catalogs: the installation is incomplete")
    merged = Catalog(locale="zh")
    for path in paths:
        for entry in read_catalog(path, "zh"):
            if entry.id:
                merged.add(entry.id, entry.string, context=entry.context)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)
