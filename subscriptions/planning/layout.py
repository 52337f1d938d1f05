"""Refuses arrays of the wrong type, shape or range, naming the array and the place."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message


def refuse_type(name: str, array: NDArray[Any], dtype: str) -> None:
    """Raise Invalid unless `array` is of exactly this dtype."""
    if array.dtype == np.dtype(dtype):
        return
    raise Invalid(
        name,
        message(
            "The array {array} is of type {found}; it should be {expected}.",
            array=name,
            found=str(array.dtype),
            expected=str(np.dtype(dtype)),
        ),
    )


def misshapen(name: str, found: tuple[int, ...], expected: tuple[object, ...]) -> Invalid:
    """Say which shape was found and which one was expected."""
    return Invalid(
        name,
        message(
            "The array {array} has shape {found}; it should be {expected}.",
            array=name,
            found=str(tuple(found)),
            expected=str(expected),
        ),
    )


def refuse_first(name: str, array: NDArray[Any], wrong: NDArray[np.bool_], right: str) -> None:
    """Raise Invalid that names the first place of `array` marked in `wrong`, if there is one."""
    if not wrong.any():
        return
    index = tuple(int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))
    raise Invalid(
        name,
        message(
            "The array {array} holds {value} at {index}; it should be {expected}.",
            array=name,
            value=int(array[index]),
            index=", ".join(map(str, index)),
            expected=right,
        ),
    )
