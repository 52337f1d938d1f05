"""Plan records as compressed arrays, never pickles: `answers` is small, `week` is read to plan again."""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.answer import Answers
from subscriptions.planning.extras import EXTRAS_LAYOUT, Extras
from subscriptions.planning.plan import plan_of
from subscriptions.planning.problem import LAYOUT, PlanWeights, Problem
from subscriptions.planning.record import PlanRecord, WeekRecord

_PLAN: Final = (
    "box_ptr", "line_lot", "line_mode", "line_units", "line_eat", "line_reserve", "carry_eat",
)  # fmt: skip
_ID_BYTES: Final = 16


def pack_answers(record: PlanRecord) -> bytes:
    """Write the answers and whose they are."""
    answers = record.answers
    ids = np.frombuffer(b"".join(each.bytes for each in record.subscriptions), dtype=np.uint8)
    return _packed(
        {"products": list(answers.products)},
        {
            "subscription": ids,
            "is_flower": answers.is_flower,
            "reason": answers.reason,
            "missed": answers.missed,
        },
    )


def unpack_answers(packed: bytes) -> tuple[list[UUID], Answers]:
    """Return the subscriptions, in the order of the rows, and the answers."""
    ids, answers = _answers(packed)
    return [UUID(bytes=each.tobytes()) for each in ids], answers


def unpack_row(packed: bytes, subscription: UUID) -> tuple[int | None, Answers]:
    """Return the row of one subscription, None where it has none, and the answers."""
    ids, answers = _answers(packed)
    own = np.frombuffer(subscription.bytes, dtype=np.uint8)
    found = np.flatnonzero((ids == own).all(axis=1))
    return (int(found[0]) if len(found) else None), answers


def _answers(packed: bytes) -> tuple[NDArray[np.uint8], Answers]:
    """Return the ids, one a row, and the answers."""
    meta, arrays = _unpacked(packed)
    ids = arrays["subscription"].reshape(-1, _ID_BYTES)
    return ids, Answers(
        tuple(meta["products"]), arrays["is_flower"], arrays["reason"], arrays["missed"]
    )


def pack_week(week: WeekRecord) -> bytes:
    """Write the week, the seed and threads, and the plan; turns missed stand with the answers."""
    problem, plan = week.problem, week.plan
    meta = {
        "seed": week.seed,
        "threads": week.threads,
        "name": problem.name,
        "products": list(problem.products),
        "modes": list(problem.modes),
        "weights": asdict(problem.weights),
    }
    return _packed(
        meta,
        {
            **{name: getattr(problem, name) for name in LAYOUT},
            **problem.extras.given(),
            **{name: getattr(plan, name) for name in _PLAN},
        },
    )


def unpack_week(packed: bytes, missed: NDArray[np.uint8]) -> WeekRecord:
    """Return the week; `missed` are the turns that stand with its answers."""
    meta, arrays = _unpacked(packed)
    extras = Extras(**{name: arrays[name] for name in EXTRAS_LAYOUT if name in arrays})
    problem = Problem(
        **{name: arrays[name] for name in LAYOUT},
        weights=PlanWeights(**meta["weights"]),
        name=meta["name"],
        products=tuple(meta["products"]),
        modes=tuple(meta["modes"]),
        extras=extras,
    )
    plan = plan_of(**{name: arrays[name] for name in _PLAN if name in arrays})
    return WeekRecord(problem, missed, meta["seed"], meta["threads"], plan)


def _packed(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    text = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    into = io.BytesIO()
    np.savez_compressed(into, allow_pickle=False, meta=text, **arrays)
    return into.getvalue()


def _unpacked(packed: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    meta: dict[str, Any] = json.loads(arrays.pop("meta").tobytes())
    return meta, arrays
