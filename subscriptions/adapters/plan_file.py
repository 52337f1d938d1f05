"""Instances and plans as `.npz` files (`ripeday-plan-1`); never pickles, so a file cannot run code."""

import json
import zipfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.extras import EXTRAS_LAYOUT, Extras
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, DEFAULT_MODES, LAYOUT, PlanWeights, Problem

FORMAT: Final = "ripeday-plan-1"
_PLAN_ARRAYS: Final = ("box_ptr", "line_lot", "line_mode", "line_units", "line_eat")
_PLAN_OPTIONAL: Final = ("line_reserve", "carry_eat")


def read_problem(path: Path) -> Problem:
    """Read an instance and its optional arrays; other arrays are passed over.

    Raises
    ------
    Invalid
        The file is no such file, an array is missing, or an array holds nonsense.
    """
    arrays = _read_arrays(path, ("meta", *LAYOUT), optional=tuple(EXTRAS_LAYOUT))
    extras = Extras(**{name: arrays.pop(name) for name in EXTRAS_LAYOUT if name in arrays})
    meta = _read_meta(arrays.pop("meta"))
    weights = {each.name: meta[each.name] for each in fields(PlanWeights) if each.name in meta}
    if not all(type(value) is int for value in weights.values()):
        raise _unreadable_meta()
    return Problem(
        **arrays,
        weights=PlanWeights(**weights),
        name=str(meta.get("name", "")),
        products=tuple(map(str, meta.get("products", ()))),
        modes=tuple(map(str, meta.get("modes", DEFAULT_MODES))),
        extras=extras,
    )


def write_problem(path: Path, problem: Problem) -> None:
    """Write an instance so that `read_problem` gives it back."""
    meta = {
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
    _write_arrays(path, {"meta": text, **arrays, **problem.extras.given()})


def read_plan(path: Path) -> Plan:
    """Read a solution.

    Raises
    ------
    Invalid
        The file is no such file, an array is missing, or the arrays do not fit each other.
    """
    return plan_of(**_read_arrays(path, _PLAN_ARRAYS, optional=_PLAN_OPTIONAL))


def write_plan(path: Path, plan: Plan) -> None:
    """Write a solution so that `read_plan` gives it back; optional arrays only where they say something."""
    said = [name for name in _PLAN_OPTIONAL if getattr(plan, name).any()]
    _write_arrays(path, {name: getattr(plan, name) for name in (*_PLAN_ARRAYS, *said)})


def _read_arrays(
    path: Path, names: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            missing = [name for name in names if name not in stored]
            if missing:
                raise Invalid(
                    missing[0],
                    message(
                        "The file {file} has no array {array}.", file=path.name, array=missing[0]
                    ),
                )
            present = [name for name in optional if name in stored]
            return {name: stored[name] for name in (*names, *present)}
    except (OSError, EOFError, ValueError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise Invalid(
            "file", message("The file {file} cannot be read as a plan file.", file=path.name)
        ) from error


def _read_meta(raw: NDArray[Any]) -> dict[str, Any]:
    try:
        meta = json.loads(raw.astype(np.uint8).tobytes().decode())
    except ValueError as error:
        raise _unreadable_meta() from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise _unreadable_meta()
    return meta


def _unreadable_meta() -> Invalid:
    return Invalid(
        "meta", message("The array meta should describe a file of format {format}.", format=FORMAT)
    )


def _write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
