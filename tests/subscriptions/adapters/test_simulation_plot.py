"""Pictures of a simulation."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from subscriptions.adapters.simulation_plot import draw
from subscriptions.simulation.audit import Setting, simulate
from subscriptions.simulation.report import Report
from tests.subscriptions.simulation.plans import FRUIT, PROFILES, make_plan

NAMES = {"cover-by-day", "cover-by-group", "calibration", "portions"}


@pytest.fixture(scope="module")
def report() -> Report:
    plan = make_plan(keys=(*FRUIT, "tulip"))
    return simulate([plan], Setting("usual", worlds=5), profiles=PROFILES)


def test_every_picture_is_there_in_both_forms(report: Report, tmp_path: Path) -> None:
    files = draw(report, PROFILES, tmp_path / "new" / "pictures")
    assert {file.stem for file in files} == NAMES
    assert all(file.is_file() for file in files)
    for file in files:
        if file.suffix == ".png":
            with Image.open(file) as picture:
                assert min(picture.size) > 400
                assert len(set(picture.convert("L").resize((60, 40)).tobytes())) > 10
        else:
            words = " ".join(ET.parse(file).getroot().itertext())
            assert "misfit usual" in words


def test_a_picture_says_what_was_lived_through(report: Report, tmp_path: Path) -> None:
    draw(report, PROFILES, tmp_path)
    words = " ".join(ET.parse(tmp_path / "portions.svg").getroot().itertext())
    assert PROFILES["banana"].name_en in words
    groups = " ".join(ET.parse(tmp_path / "cover-by-group.svg").getroot().itertext())
    assert "greengate/2026-11-24" in groups


def test_the_same_report_is_drawn_the_same(report: Report, tmp_path: Path) -> None:
    draw(report, PROFILES, tmp_path / "a")
    draw(report, PROFILES, tmp_path / "b")
    for name in NAMES:
        once, again = ((tmp_path / x / f"{name}.svg").read_bytes() for x in "ab")
        assert once == again


def test_flowers_alone_can_be_drawn(tmp_path: Path) -> None:
    plan = make_plan(keys=("tulip", "rose"))
    report = simulate([plan], Setting("none", worlds=3), profiles=PROFILES)
    assert draw(report, PROFILES, tmp_path)
