"""Plan files that nobody wrote on purpose, or that somebody did: an instance or a sentence, never a crash."""

import io
import json
import math
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid, Refused
from subscriptions.adapters.plan_file import read_plan, read_problem, write_plan, write_problem
from subscriptions.planning.plan import Plan, empty_plan
from subscriptions.planning.problem import LAYOUT, Problem
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.instances import DATA, problem_of

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@cache
def small() -> bytes:
    """A whole file, of three households."""
    there = read_problem(DATA / "n50.npz")
    few = {
        name: getattr(there, name)[:3] if axes.startswith("N") else getattr(there, name)
        for name, (_, axes) in LAYOUT.items()
    }
    buffer = io.BytesIO()
    meta = {"format": "ripeday-plan-1", "n_subscribers": 3, "modes": list(there.modes)}
    text = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    np.savez(buffer, meta=text, **few)
    return buffer.getvalue()


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def is_told(read: Callable[[Path], Problem | Plan], path: Path) -> bool:
    """Read a file; tell whether it was refused, with a sentence."""
    try:
        found = read(path)
    except Invalid as refused:
        sentence = str(refused)
        assert sentence.endswith(".")
        assert "{" not in sentence
        return True
    assert isinstance(found, Problem | Plan)
    return False


@MANY
@given(
    flips=st.lists(st.tuples(st.integers(0, 2**20), st.integers(1, 255)), min_size=1, max_size=8)
)
def test_a_file_with_flipped_bytes_is_read_or_refused(
    tmp_path: Path, flips: list[tuple[int, int]]
) -> None:
    content = bytearray(small())
    for place, change in flips:
        content[place % len(content)] ^= change
    is_told(read_problem, written(tmp_path / "flipped.npz", bytes(content)))


@MANY
@given(length=st.integers(0, 2**20))
def test_a_file_that_ends_early_is_refused(tmp_path: Path, length: int) -> None:
    content = small()
    torn = written(tmp_path / "torn.npz", content[: length % len(content)])
    assert is_told(read_problem, torn)
    assert is_told(read_plan, torn)


@MANY
@given(
    name=st.sampled_from(["meta", *LAYOUT]),
    place=st.integers(0, 200),
    change=st.binary(min_size=1, max_size=12),
)
def test_an_array_with_any_bytes_and_a_right_checksum_is_read_or_refused(
    tmp_path: Path, name: str, place: int, change: bytes
) -> None:
    """Headers above all: the checksum covers what a forger wrote, too."""
    with zipfile.ZipFile(io.BytesIO(small())) as whole:
        parts = {each: bytearray(whole.read(each)) for each in whole.namelist()}
    part = parts[f"{name}.npy"]
    part[place : place + len(change)] = change
    path = tmp_path / "forged.npz"
    with zipfile.ZipFile(path, "w") as forged:
        for each, content in parts.items():
            forged.writestr(each, bytes(content))
    is_told(read_problem, path)


def with_header(shape: str, *, descr: str = "'|i1'", data: bytes = b"") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode("latin1")
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


@pytest.mark.parametrize(
    "header",
    [
        with_header("(1000000000000,)"),
        with_header("(9223372036854775807, 9223372036854775807)"),
        with_header("(-1, -3)", data=b"abc"),
        with_header("(3.0,)", data=b"abc"),
        with_header("(3,)", descr="'|O'", data=b"abc"),
        with_header("(1,)", descr="'|V1000000000000'"),
        with_header("(1,)", descr="[('a', '|i1', (2000000000,))]"),
        with_header("(" * 3000),
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
        b"\x93NUMPY\x07\x00",
        b"",
    ],
)
def test_a_header_that_claims_too_much_is_refused_before_room_is_made(
    tmp_path: Path, header: bytes
) -> None:
    path = tmp_path / "huge.npz"
    with zipfile.ZipFile(io.BytesIO(small())) as whole, zipfile.ZipFile(path, "w") as forged:
        for each in whole.namelist():
            forged.writestr(each, header if each == "n_por.npy" else whole.read(each))
    with pytest.raises(Invalid, match="n_por") as refused:
        read_problem(path)
    assert refused.value.field == "n_por"


def test_a_directory_that_claims_terabytes_is_refused(tmp_path: Path) -> None:
    content = bytearray(small())
    entry = content.rindex(b"n_por.npy") - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    content[entry + 20 : entry + 28] = (2**32 - 2).to_bytes(4, "little") * 2
    assert is_told(read_problem, written(tmp_path / "vast.npz", bytes(content)))


def stored(path: Path, **change: Any) -> Path:
    with np.load(io.BytesIO(small())) as whole:
        arrays = {name: whole[name] for name in whole}
    np.savez(path, **{**arrays, **change})
    return path


@pytest.mark.parametrize("name", sorted(LAYOUT))
@pytest.mark.parametrize("dtype", [">i4", "<i8", "<f8", "<c16", "?", "<U3", "datetime64[D]"])
def test_an_array_of_another_type_is_named(tmp_path: Path, name: str, dtype: str) -> None:
    with np.load(io.BytesIO(small())) as whole:
        shape = whole[name].shape
    path = stored(tmp_path / "odd.npz", **{name: np.zeros(shape, dtype=dtype)})
    with pytest.raises(Invalid, match=f"The array {name} is of type"):
        read_problem(path)


def meta_of(**entries: object) -> np.ndarray[Any, Any]:
    meta = {"format": "ripeday-plan-1", "n_subscribers": 3, **entries}
    return np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"n_subscribers": 4}, r"plan has shape \(3,\); by the array meta it should be \(4,\)"),
        ({"n_lots": 61}, r"lot_prod has shape \(62,\).* \(61,\)"),
        ({"n_products": 41}, r"prod_kind has shape \(40,\).* \(41,\)"),
        ({"n_weekdays": 6}, r"lot_bonus has shape \(62, 5\).* \(62, 6\)"),
        ({"n_home": 7}, r"win_a .* \(62, 5, 7, 3\)"),
        ({"modes": ["counter"]}, r"win_a .* \(62, 5, 8, 1\)"),
        ({"n_subscribers": "many"}, r"n_subscribers is 'many'; it should be a whole number"),
        ({"n_lots": True}, r"n_lots is True"),
        ({"n_lots": -1}, r"lot_prod"),
        ({"n_products": 40, "products": ["fig"]}, r"n_products is 40, but 1 are listed"),
        ({"products": "figs"}, r"products is no list of names"),
        ({"modes": [1, 2, 3]}, r"modes is no list of names"),
        ({"waste_portion": 2.5}, r"waste_portion is 2\.5; it should be a whole number"),
        ({"waste_portion": -1}, r"waste_portion is -1"),
        ({"format": "ripeday-plan-9"}, r"ripeday-plan-1"),
    ],
)
def test_a_meta_at_odds_with_the_arrays_is_refused(
    tmp_path: Path, entries: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_problem(stored(tmp_path / "odd.npz", meta=meta_of(**entries)))


@pytest.mark.parametrize(
    "meta",
    [b"", b"[]", b"7", b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": ' + b"9" * 5000 + b"}"],
)
def test_a_meta_that_is_no_description_is_refused(tmp_path: Path, meta: bytes) -> None:
    path = stored(tmp_path / "odd.npz", meta=np.frombuffer(meta, dtype=np.uint8))
    with pytest.raises(Invalid, match="meta"):
        read_problem(path)


def test_a_meta_of_wider_numbers_is_refused(tmp_path: Path) -> None:
    path = stored(tmp_path / "odd.npz", meta=meta_of().astype(np.int64))
    with pytest.raises(Invalid, match="meta"):
        read_problem(path)


def test_what_the_format_does_not_name_is_passed_over(tmp_path: Path) -> None:
    path = stored(
        tmp_path / "more.npz",
        meta=meta_of(tight=1.2, seed=[1], hmax=math.pi, colour={"of": "figs"}),
        colour=np.array([object()]),
    )
    assert read_problem(path).n_subscribers == 3


def test_a_compressed_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    with np.load(io.BytesIO(small())) as whole:
        np.savez_compressed(tmp_path / "dense.npz", **{name: whole[name] for name in whole})
    with pytest.raises(Invalid, match="compressed"):
        read_problem(tmp_path / "dense.npz")


def test_arrays_in_column_order_are_the_same_arrays(tmp_path: Path) -> None:
    with np.load(io.BytesIO(small())) as whole:
        pref = whole["pref"]
    found = read_problem(stored(tmp_path / "columns.npz", pref=np.asfortranarray(pref)))
    assert np.array_equal(found.pref, pref)
    assert found.pref.flags.c_contiguous
    assert found.pref.flags.writeable


@pytest.mark.parametrize(
    "change",
    [
        {"win_a": np.zeros((62, 5, 8, 0), np.int8), "win_b": np.zeros((62, 5, 8, 0), np.int8)},
        {"lot_bonus": np.zeros((62, 0), np.int16)},
        {"lot_bonus": np.zeros((62, 128), np.int16)},
    ],
)
def test_sizes_that_no_index_can_hold_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    meta = np.frombuffer(b'{"format": "ripeday-plan-1"}', dtype=np.uint8)
    with pytest.raises(Invalid, match=r"lot_bonus|win_a"):
        read_problem(stored(tmp_path / "odd.npz", meta=meta, **change))


def test_a_week_without_households_is_a_week(tmp_path: Path) -> None:
    nobody = problem_of([], [{}, {"prod": 1}], [0, 1])
    write_problem(tmp_path / "nobody.npz", nobody)
    again = read_problem(tmp_path / "nobody.npz")
    assert again.n_subscribers == 0
    found = solve(again)
    assert found.verdict.is_feasible
    assert found.verdict.objective == 0
    assert found.plan.n_boxes == 0


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.npz", Path("/dev/zero")):
        assert is_told(read_problem, path)


def test_writing_leaves_a_whole_file_or_none(tmp_path: Path) -> None:
    path = tmp_path / "plan.npz"
    write_plan(path, empty_plan(2))
    with pytest.raises(Refused):
        write_plan(tmp_path / "absent" / "plan.npz", empty_plan(3))
    with pytest.raises(Refused):
        write_plan(tmp_path, empty_plan(3))
    assert read_plan(path).n_boxes == 2
    assert [each.name for each in tmp_path.iterdir()] == ["plan.npz"]


def test_a_write_that_breaks_off_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.npz"
    write_plan(path, empty_plan(2))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused, match="No space left on device"):
        write_plan(path, empty_plan(3))
    assert read_plan(path).n_boxes == 2
    assert [each.name for each in tmp_path.iterdir()] == ["plan.npz"]


def test_no_device_is_replaced_by_a_file() -> None:
    with pytest.raises(Refused, match="no file"):
        write_plan(Path("/dev/null"), empty_plan(1))
    assert not Path("/dev/null").is_file()
