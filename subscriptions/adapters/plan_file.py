"""Instances and plans as `.npz` files (`ripeday-plan-1`); never pickles, so a file cannot run code."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.adapters.array_file import read_arrays, write_arrays
from subscriptions.planning.extras import EXTRAS_LAYOUT, Extras
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, DEFAULT_MODES, LAYOUT, PlanWeights, Problem

FORMAT: Final = "ripeday-plan-1"
_PLAN_ARRAYS: Final = ("box_ptr", "line_lot", "line_mode", "line_units", "line_eat")
_PLAN_OPTIONAL: Final = ("line_reserve", "carry_eat")
_SIZES: Final = {
    "n_subscribers": "N",
    "n_lots": "L",
    "n_products": "P",
    "n_weekdays": "W",
    "n_home": "C",
}
_LISTS: Final = {"products": "P", "modes": "M"}


def read_problem(path: Path) -> Problem:
    """Read an instance and its optional arrays; other arrays and unknown entries of `meta` are passed over.

    Raises
    ------
    Invalid
        The file is no such file, an array is missing, damaged or at odds with `meta`, or holds nonsense.
    """
    arrays = read_arrays(path, ("meta", *LAYOUT), optional=tuple(EXTRAS_LAYOUT))
    extras = Extras(**{name: arrays.pop(name) for name in EXTRAS_LAYOUT if name in arrays})
    meta = _read_meta(arrays.pop("meta"))
    weights = {each.name: meta[each.name] for each in fields(PlanWeights) if each.name in meta}
    for name, value in weights.items():
        _refuse_unless_whole(name, value)
    lists = {name: _names(meta, name) for name in _LISTS}
    _refuse_other_sizes(arrays, _sizes(meta, lists))
    return Problem(
        **arrays,
        weights=PlanWeights(**weights),
        name=str(meta.get("name", "")),
        products=lists["products"] or (),
        modes=lists["modes"] or DEFAULT_MODES,
        extras=extras,
    )


def write_problem(
    path: Path, problem: Problem, notes: Mapping[str, int | float | str] | None = None
) -> None:
    """Write an instance so that `read_problem` gives it back; `notes` are further entries of `meta`.

    Raises
    ------
    Refused
        The place cannot be written to; what was there is left as it was.
    """
    meta = {
        **(notes or {}),
        "format": FORMAT,
        "name": problem.name,
        "n_subscribers": problem.n_subscribers,
        "n_lots": problem.n_lots,
        "n_products": problem.n_products,
        "hmax": DAYS_MAX,
        "n_weekdays": problem.win_a.shape[1],
        "n_home": problem.win_a.shape[2],
        "modes": list(problem.modes),
        "products": list(problem.products),
        **asdict(problem.weights),
    }
    text = np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8)
    arrays = {name: getattr(problem, name) for name in LAYOUT}
    write_arrays(path, {"meta": text, **arrays, **problem.extras.given()})


def read_plan(path: Path) -> Plan:
    """Read a solution.

    Raises
    ------
    Invalid
        The file is no such file, an array is missing, or the arrays do not fit each other.
    """
    return plan_of(**read_arrays(path, _PLAN_ARRAYS, optional=_PLAN_OPTIONAL))


def write_plan(path: Path, plan: Plan) -> None:
    """Write a solution so that `read_plan` gives it back; optional arrays only where they say something.

    Raises
    ------
    Refused
        The place cannot be written to; what was there is left as it was.
    """
    said = [name for name in _PLAN_OPTIONAL if getattr(plan, name).any()]
    write_arrays(path, {name: getattr(plan, name) for name in (*_PLAN_ARRAYS, *said)})


def _read_meta(raw: NDArray[Any]) -> dict[str, Any]:
    if raw.dtype != np.uint8 or raw.ndim != 1:
        raise _unreadable_meta()
    try:
        meta = json.loads(raw.tobytes().decode())
    except (ValueError, RecursionError) as error:
        raise _unreadable_meta() from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise _unreadable_meta()
    return meta


def _names(meta: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """Return a list of names from `meta`; None where it has none."""
    listed = meta.get(name)
    if listed is None:
        return None
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Invalid(
            "meta", message("In the array meta, {entry} is no list of names.", entry=name)
        )
    return tuple(listed)


def _sizes(meta: Mapping[str, Any], lists: Mapping[str, tuple[str, ...] | None]) -> dict[str, int]:
    """Return the sizes that `meta` states, by their letter in `LAYOUT`."""
    sizes = {_LISTS[name]: len(listed) for name, listed in lists.items() if listed}
    for name, letter in _SIZES.items():
        if name in meta:
            _refuse_unless_whole(name, meta[name])
            if sizes.setdefault(letter, meta[name]) != meta[name]:
                raise Invalid(
                    "meta",
                    message(
                        "In the array meta, {entry} is {value}, but {n} are listed.",
                        entry=name,
                        value=meta[name],
                        n=sizes[letter],
                    ),
                )
    return sizes


def _refuse_other_sizes(arrays: Mapping[str, NDArray[Any]], sizes: Mapping[str, int]) -> None:
    """Refuse an array of another size than `meta` states; that arrays fit each other is the problem's to say."""
    for name, (_, axes) in LAYOUT.items():
        found = arrays[name].shape
        expected = tuple(sizes.get(axis, n) for axis, n in zip(axes, found, strict=False))
        if len(found) == len(axes) and found != expected:
            raise Invalid(
                name,
                message(
                    "The array {array} has shape {found}; by the array meta it should be {expected}.",
                    array=name,
                    found=str(found),
                    expected=str(expected),
                ),
            )


def _refuse_unless_whole(name: str, value: object) -> None:
    if type(value) is not int:
        raise Invalid(
            "meta",
            message(
                "In the array meta, {entry} is {value}; it should be a whole number.",
                entry=name,
                value=repr(value)[:40],
            ),
        )


def _unreadable_meta() -> Invalid:
    return Invalid(
        "meta", message("The array meta should describe a file of format {format}.", format=FORMAT)
    )
