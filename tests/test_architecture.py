"""The rules of the house that a linter cannot hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = ("ripening", "subscriptions", "delivery", "ripeday")
IO_FOLDERS = {"adapters", "entrypoints", "services"}
IO_LIBRARIES = {
    "piccolo",
    "asyncpg",
    "redis",
    "arq",
    "litestar",
    "stripe",
    "httpx",
    "aiosmtplib",
    "typst",
}
KNOWS = {
    "piccolo": {"adapters"},
    "asyncpg": {"adapters"},
    "stripe": {"adapters"},
    "typst": {"adapters"},
    "litestar": {"entrypoints"},
    "arq": {"entrypoints"},
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
LINES_MAX = 400
BODY_MAX = 40


def modules(*packages: str) -> Iterator[Path]:
    for package in packages or PACKAGES:
        yield from sorted((PROJECT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def is_pure(path: Path) -> bool:
    inside = path.relative_to(PROJECT).parts
    return inside[0] != "ripeday" and not IO_FOLDERS & set(inside)


def test_pure_modules_know_no_database_network_or_framework() -> None:
    for path in filter(is_pure, modules()):
        tops = {name.split(".")[0] for name in imported(path)}
        assert not tops & IO_LIBRARIES, f"{named(path)} imports {tops & IO_LIBRARIES}"
        folders = {part for name in imported(path) for part in name.split(".")[1:2]}
        assert not folders & IO_FOLDERS, f"{named(path)} reaches into {folders & IO_FOLDERS}"


def test_the_engine_knows_arrays_and_itself_only() -> None:
    engine = PROJECT / "subscriptions" / "planning" / "engine"
    known = {"numba", "numpy", "numpy.typing", *sys.stdlib_module_names}
    for path in engine.glob("*.py"):
        strange = {
            name
            for name in imported(path)
            if not name.startswith("subscriptions.planning.engine.")
            and not {name, name.split(".")[0]} & known
        }
        assert not strange, f"{named(path)} imports {strange}"


def test_each_library_is_known_in_one_kind_of_folder() -> None:
    for path in modules("ripening", "subscriptions", "delivery"):
        tops = {name.split(".")[0] for name in imported(path)}
        for library in tops & set(KNOWS):
            assert set(path.parts) & KNOWS[library], f"{named(path)} must not know {library}"


def test_nobody_below_the_entrypoints_asks_what_time_it_is() -> None:
    asks = re.compile(
        r"pendulum\.(now|today)\(|datetime\.(now|today|utcnow)\(|date\.today\(|time\.time\("
    )
    for path in modules("ripening", "subscriptions", "delivery"):
        if path.name == "stripe_event.py":
            continue  # a signature's age is measured on the true clock, whatever day the farm lives on
        assert not asks.search(path.read_text()), f"{named(path)} asks for the time"


def test_transactions_are_opened_in_one_place() -> None:
    for path in modules():
        if path.name != "unit_of_work.py":
            text = path.read_text()
            assert "DB.transaction(" not in text, named(path)
            assert ".atomic(" not in text, named(path)


def test_the_roof_module_is_empty_so_that_the_ground_floor_never_pulls_it_in() -> None:
    assert (PROJECT / "ripeday" / "__init__.py").read_text() == ""


def test_modules_are_named_for_what_they_hold() -> None:
    for path in modules():
        assert path.stem not in VAGUE, named(path)


def test_files_and_functions_stay_short() -> None:
    for path in modules():
        text = path.read_text()
        assert text.count("\n") <= LINES_MAX, f"{named(path)} has {text.count(chr(10))} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]
                assert lines <= BODY_MAX, f"{named(path)}: {node.name} has {lines} lines"


def test_public_functions_and_classes_say_what_they_do() -> None:
    for path in modules():
        if path.name == "__init__.py":
            continue
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), f"{named(path)} does not say what it is"


def test_every_foreign_key_is_indexed_and_every_required_column_has_no_default() -> None:
    from piccolo.columns import ForeignKey  # noqa: PLC0415
    from piccolo.columns.column_types import Array, PrimaryKey  # noqa: PLC0415, F401

    from ripeday.piccolo_conf import APP_REGISTRY  # noqa: PLC0415

    for app in APP_REGISTRY.app_configs:
        for table in APP_REGISTRY.get_table_classes(app):
            for column in table._meta.columns:
                where = f"{table._meta.tablename}.{column._meta.name}"
                if isinstance(column, ForeignKey):
                    assert column._meta.index, f"{where} is not indexed"
                if not column._meta.null and not column._meta.primary_key:
                    default = getattr(column, "default", None)
                    assert default is None or default is False, f"{where} defaults silently"


@pytest.mark.parametrize(
    "word", ["p" + "ypi.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian.org"]
)
def test_no_file_names_a_registry(word: str) -> None:
    text = {".py", ".md", ".toml", ".lock", ".sh", ".txt", ".html", ".css", ".js", ""}
    for path in tracked():
        if path.suffix in text and path.is_file():
            assert word not in path.read_text(errors="ignore"), f"{named(path)} names {word}"


def tracked() -> Iterator[Path]:
    """Yield the project's own files, as git knows them."""
    listed = subprocess.run(
        ("git", "ls-files", "-z"), cwd=PROJECT, capture_output=True, check=True, text=True
    )
    yield from (PROJECT / name for name in listed.stdout.split("\0") if name)


def test_only_the_token_file_holds_colours() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b(?!;? *\))")
    for path in (PROJECT / "ripeday" / "web" / "static").glob("*.css"):
        if path.name != "tokens.css":
            assert not colour.search(path.read_text()), f"{path.name} holds a colour"


def test_nothing_stays_in_the_session_of_a_borrowed_connection() -> None:
    stays = re.compile(
        r"pg_(try_)?advisory_lock\(|add_listener|\bLISTEN\b|SET SESSION|set_config\(|TEMP(ORARY)? TABLE"
        r"|WITH HOLD|['\"]SET (?!LOCAL)"
    )
    found = {named(path) for path in modules() if stays.search(path.read_text())}
    assert found == {"ripeday/worker.py", "ripeday/migration.py"}, "on connections of their own"
