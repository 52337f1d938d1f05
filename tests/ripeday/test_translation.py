"""Everything a person reads exists in both languages, and is written for people in both."""

import ast
import csv
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from ripeday.kit.money import Money
from ripeday.kit.text import message, plural
from ripeday.translation import (
    LANGUAGES,
    PACKAGES,
    catalog_paths,
    chosen_language,
    read_catalog,
    translator,
)

PROJECT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    "message": None,
    "marked": None,
    "_": None,
    "gettext": None,
    "plural": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def code_files() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))]


def template_files() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((PROJECT / package).rglob("*"))
        if path.suffix in {".html", ".txt"} and "templates" in path.parts
    ]


def extracted() -> Iterator[tuple[str | tuple[str, ...], Path]]:
    """Yield every text marked for translation, with where it stands; plurals as pairs."""
    for path in template_files():
        found = extract_from_file("jinja2", path, keywords=KEYWORDS, options={"silent": "false"})
        for _, text, _, context in found:
            texts = (text,) if isinstance(text, str) else tuple(each for each in text if each)
            yield keyed(context, texts[0]) if len(texts) == 1 else texts, path
    for path in code_files():
        tree = ast.parse(path.read_text("utf-8"))
        yield from ((text, path) for text in spoken(tree))
        yield from ((text, path) for text in mapped_over(tree))


def keyed(context: str | None, text: str) -> str:
    """Return the key of a text that means something else in another context."""
    return f"{context}\x04{text}" if context else text


def spoken(tree: ast.AST) -> Iterator[str | tuple[str, ...]]:
    """Yield the texts of calls like `message("…")` and `words.ngettext("…", "…", n)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", None))
        if name in {"plural", "ngettext"}:
            pairs = [list(constants(each)) for each in node.args[:2]]
            if all(pairs):
                yield (pairs[0][0], pairs[1][0])
        elif name in KEYWORDS and node.args:
            yield from constants(node.args[0])


def constants(node: ast.expr) -> Iterator[str]:
    """Yield the text that an expression is, or the two between which it chooses."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def mapped_over(tree: ast.AST) -> Iterator[str]:
    """Yield the constants of `map(marked, (…))`, which mark many texts at once."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "map"
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id == "marked"
        ):
            yield from (
                each.value
                for each in ast.walk(node.args[1])
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def marked_patterns() -> Iterator[re.Pattern[str]]:
    """Yield what f-strings inside `marked(…)` can become."""
    for path in code_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "marked"
                and isinstance(node.args[0], ast.JoinedStr)
            ):
                parts = node.args[0].values
                yield re.compile(
                    "".join(
                        re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in parts
                    )
                )


def data_words() -> set[str]:
    """Return every cell of the packages' data: names of produce, units and families come from there."""
    cells: set[str] = set()
    for package in PACKAGES:
        for path in (PROJECT / package).glob("data/*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                cells |= {cell for row in csv.reader(file) for cell in row}
    return cells


def sandbox_words() -> set[str]:
    """Return every constant of the sandbox, which keeps its words in tables."""
    return {
        node.value
        for path in (PROJECT / "ripeday/sandbox").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.fixture(scope="module")
def texts() -> dict[str | tuple[str, ...], Path]:
    return dict(extracted())


def written() -> Iterator[tuple[str, str | tuple[str, ...], Path]]:
    """Yield every translation there is: its key, its text or texts, and the catalog."""
    sandbox = sorted((PROJECT / "ripeday/sandbox/locale/zh").glob("*.po"))
    for path in (*catalog_paths("zh"), *sandbox):
        for entry in read_catalog(path, "zh"):
            if not entry.id:
                continue
            key = keyed(entry.context, entry.id if isinstance(entry.id, str) else entry.id[0])
            assert "".join(entry.string), f"{path.name}: {key!r} is empty"
            assert not entry.fuzzy, f"{path.name}: {key!r} was never looked at (fuzzy)"
            yield key, entry.string, path


@pytest.fixture(scope="module")
def chinese() -> dict[str, str | tuple[str, ...]]:
    return {key: text for key, text, _ in written()}


def first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def test_every_text_of_the_code_and_the_pages_is_written_in_chinese(
    texts: dict[str | tuple[str, ...], Path], chinese: dict[str, str | tuple[str, ...]]
) -> None:
    missing = sorted(
        f"{path.relative_to(PROJECT)}: {first(text)}"
        for text, path in texts.items()
        if not chinese.get(first(text))
    )
    assert not missing, f"{len(missing)} texts without Chinese:\n" + "\n".join(missing)


def test_no_text_means_one_thing_in_one_catalog_and_another_in_the_next() -> None:
    """Catalogs are merged, so the last would win: two meanings are two English texts, or two contexts."""
    found: dict[str, dict[str | tuple[str, ...], list[str]]] = {}
    for key, text, path in written():
        found.setdefault(key, {}).setdefault(text, []).append(path.name)
    clashes = {key: texts for key, texts in found.items() if len(texts) > 1}
    assert not clashes


def test_a_text_with_two_forms_has_them_in_the_catalog(
    texts: dict[str | tuple[str, ...], Path], chinese: dict[str, str | tuple[str, ...]]
) -> None:
    plurals = [text for text in texts if isinstance(text, tuple) and text[0] in chinese]
    assert plurals
    assert not [text for text in plurals if isinstance(chinese[text[0]], str)]


def test_no_catalog_keeps_what_nobody_says(
    texts: dict[str | tuple[str, ...], Path], chinese: dict[str, str | tuple[str, ...]]
) -> None:
    said = {first(text) for text in texts} | data_words() | sandbox_words()
    patterns = list(marked_patterns())
    dead = [
        text
        for text in chinese
        if text not in said and not any(p.fullmatch(text) for p in patterns)
    ]
    assert not dead


def test_a_translation_has_the_values_of_the_english(
    texts: dict[str | tuple[str, ...], Path], chinese: dict[str, str | tuple[str, ...]]
) -> None:
    forms = {text[0]: text for text in texts if isinstance(text, tuple)}
    for english, written in chinese.items():
        several = "".join(forms.get(english, (english,)))
        for form in (written,) if isinstance(written, str) else written:
            used = set(PLACEHOLDER.findall(form))
            assert used == set(PLACEHOLDER.findall(several)), english


def test_templates_speak_in_calls_so_that_every_text_is_found() -> None:
    for path in template_files():
        assert "{% trans" not in path.read_text("utf-8"), path


def test_values_are_written_as_the_reader_writes_them() -> None:
    bill = message("{amount} on {day}", amount=Money(1990, "EUR"), day=dt.date(2026, 12, 1))
    assert translator("en").render(bill) == "€19.90 on Tue\u00a01\u00a0Dec"
    inner = message("until {when}", when=message("{time}", time=dt.time(20)))
    assert translator("en").render(inner) == "until 8\u00a0pm"
    assert translator("en").render(message("{n} units", n=12400)) == "12,400 units"


def test_chinese_has_one_form_for_any_number() -> None:
    for n in (1, 2, 5):
        said = plural("{n} banana", "{n} bananas", n)
        assert translator("zh").render(said) == f"{n}根香蕉"
    assert translator("en").render(plural("{n} banana", "{n} bananas", 1)) == "1 banana"
    assert translator("en").render(plural("{n} banana", "{n} bananas", 0)) == "0 bananas"


@pytest.mark.parametrize("value", [dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC), True])
def test_a_value_that_nobody_can_read_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        translator("en").render(message("{value}", value=value))


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ((None, "zh-CN,en;q=0.8"), "zh"),
        ((None, "fr-FR,zh-TW;q=0.5,en;q=0.3"), "zh"),
        ((None, "en;q=0.2,zh;q=0.1"), "en"),
        (("en", "zh-CN"), "en"),
        (("klingon", "zh"), "zh"),
        ((None, "zh;q=0"), "en"),
        ((None, ";;;q=x,,"), "en"),
        ((None, None), "en"),
    ],
)
def test_the_own_choice_goes_before_the_browser(
    wishes: tuple[str | None, str | None], language: str
) -> None:
    assert chosen_language(*wishes) == language


def test_an_unknown_language_is_refused() -> None:
    assert list(LANGUAGES) == ["en", "zh"]
    with pytest.raises(ValueError, match="de"):
        translator("de")
