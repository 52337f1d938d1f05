"""`ripeday windows`: what a person types, and what comes back."""

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ripeday.cli import commands
from ripening.produce import load_profiles

ALWAYS = {
    *("produce", "name", "kind", "stage", "treated", "steps", "confidence", "days"),
    *("ready_days", "keep_days", "edible_chance", "storage_life_days", "run"),
    *("warnings", "assumed", "sources"),
}
FLOWER = {"open_days", "vase_life_days", "display_days", "florets"}


def typed(*words: str) -> Result:
    return CliRunner().invoke(commands, ["windows", *words])


def told(*words: str) -> dict[str, Any]:
    done = typed(*words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("key", list(load_profiles()))
def test_every_produce_is_told_under_the_same_names(key: str) -> None:
    produce = load_profiles()[key]
    found = told(key)
    assert found.keys() == ALWAYS | (FLOWER if produce.is_flower else set())
    assert found["produce"] == key
    assert len(found["edible_chance"]) == 21
    assert found["stage"]["age_days"] == 0
    assert found["steps"] == [{"day": 0.0, "temperature_c": 20.0}]
    assert found["ready_days"].keys() == {"p10", "p50", "p90"}
    assert found["sources"][0].keys() == {"id", "citation", "url"}


def test_what_was_asked_for_is_what_is_told() -> None:
    found = told(
        "banana", "--stage", "2", "--treated", "no", "--steps", "0:20,3:15", "--confidence", "0.6",
        "--days", "30",
    )  # fmt: skip
    assert found["stage"]["value"] == 2
    assert found["stage"]["age_days"] < 0
    assert found["treated"] is False
    assert found["steps"][1] == {"day": 3.0, "temperature_c": 15.0}
    assert found["confidence"] == 0.6
    assert len(found["edible_chance"]) == 31
    run = found["run"]
    assert run["holds"]
    assert min(found["edible_chance"][run["ready_from"] : run["eat_by"] + 1]) >= 0.6


def test_a_flower_is_told_as_a_flower() -> None:
    found = told("tulips", "--stage", "half open")
    assert found["open_days"] == found["ready_days"]
    assert found["display_days"] == found["keep_days"]
    assert found["vase_life_days"]["p50"] > found["display_days"]["p50"]


def test_what_never_gets_ready_is_warned_about() -> None:
    codes = [each["code"] for each in told("mango", "--temperature", "4")["warnings"]]
    assert codes[:2] == ["chilling_damage", "never_ready"]


def test_a_terminal_shows_defaults_times_a_curve_and_sources() -> None:
    done = typed("mango")
    assert done.exit_code == 0
    for part in (
        "hard (as usually shipped)",
        "as the trade ships it",
        "20 °C",
        "80 %",
        "until ready",
        "it then keeps",
        "Chance by day",
        "█",
        "P(edible)",
        "Assumed",
        "Sources",
        "https://",
    ):
        assert part in done.output
    assert "\x1b" not in done.output


def test_a_person_may_ask_in_chinese() -> None:
    done = typed("郁金香", "--stage", "半开", "--language", "zh")
    assert done.exit_code == 0, done.output
    for part in ("郁金香", "半开", "几天开", "假定", "出处"):
        assert part in done.output
    words = told("芒果", "--language", "zh", "--temperature", "4")["warnings"][0]["words"]
    assert words.startswith("没熟就在 4 °C")


@pytest.mark.parametrize("asked", [(), ("--list",)])
def test_without_produce_everything_is_listed(asked: tuple[str, ...]) -> None:
    done = typed(*asked)
    assert done.exit_code == 0
    assert all(f" {key} " in done.output for key in load_profiles())
    listed = json.loads(typed(*asked, "--json").stdout)
    assert [each["produce"] for each in listed] == list(load_profiles())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("mnago",), "produce: there is no “mnago”. Did you mean mango?"),
        (("banana", "--stage", "9"), "Stage of bananas: peel colour, 1 to 7, not “9”."),
        (
            ("banana", "--temperature", "68"),
            "temperature: -2 to 40 °C, not 68. If 68 °F was meant, that is 20 °C.",
        ),
        (("banana", "--steps", "1:20"), "steps: the first step starts on day 0, not on day 1."),
        (("banana", "--confidence", "80"), "confidence: 0.05 to 0.99, not 80."),
        (("banana", "--days", "0"), "days: 1 to 120, not 0."),
        (("banana", "--treated", "maybe"), "'--treated': 'maybe' is not one of 'yes', 'no'."),
        (
            ("banana", "--temperature", "20", "--steps", "0:20"),
            "Give --temperature or --steps, not both.",
        ),
        (
            ("香蕉", "--stage", "9", "--language", "zh"),
            "香蕉的成熟阶段：皮色，1 到 7，没有“9”。",
        ),
    ],
)
def test_what_is_typed_wrong_ends_with_2_and_a_sentence(
    words: tuple[str, ...], sentence: str
) -> None:
    done = typed(*words)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.output


def test_it_needs_no_settings_and_no_server() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ripeday", "windows", "banana", "--json"],
        env={"PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["produce"] == "banana"


def test_it_reaches_for_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys\n"
        "from ripeday.cli import commands\n"
        "commands(['windows', 'banana', '--json'], standalone_mode=False)\n"
        "heavy = {'piccolo', 'litestar', 'asyncpg', 'stripe', 'arq', 'rich.table'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
