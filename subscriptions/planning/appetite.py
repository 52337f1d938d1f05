"""How many portions of a box can be eaten in time, for many changes of the box at once.

Eating is a flow: line -> produce on a day (at most `same_a_day`) -> day (at most `portions_a_day`). By
max-flow/min-cut its value is the least, over all sets S of days, of

    portions_a_day * (days outside S) + sum over produce of g(S),

where g(S) is what one produce can supply on the days of S alone. Days that every window treats alike cannot be
told apart by a least cut, so S runs over sets of *blocks* of such days: a week has about 60 sets, not 128. The
sum over produce is what makes it quick: changing one produce changes one term.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Cut = NDArray[np.signedinteger[Any]]
"""One number for every set of blocks; shape (2 ** n_blocks,)."""

_NARROW_MAX: Final = 2**15


class Appetite:
    """Cut tables of one household; windows are bit masks of days, one per dish."""

    def __init__(
        self, windows: Sequence[int], *, horizon: int, portions_a_day: int, same_a_day: int
    ) -> None:
        sizes, self._blocks = _blocks_of_days(windows, horizon)
        self._most = portions_a_day * horizon
        narrow = self._most * (len(windows) + 2) < _NARROW_MAX
        self.dtype: np.dtype[np.signedinteger[Any]] = np.dtype(np.int16 if narrow else np.int32)
        self._masks = np.arange(1 << len(sizes), dtype=np.int32)
        self._sizes = sizes
        self._same_a_day = min(same_a_day, portions_a_day)
        self._reach: dict[int, Cut] = {}
        days = self._days(self._masks)
        self.outside: Cut = (portions_a_day * (sum(sizes) - days)).astype(self.dtype)
        self._tables: dict[tuple[tuple[int, int], ...], Cut] = {}

    def reach(self, blocks: int) -> Cut:
        """Portions of one produce that fit on the days of S within `blocks`, whatever the supply."""
        if blocks not in self._reach:
            days = self._days(self._masks & blocks)
            self._reach[blocks] = (self._same_a_day * days).astype(self.dtype)
        return self._reach[blocks]

    def supply(self, portions: Sequence[tuple[int, int]]) -> Cut:
        """Return g for one produce, given (dish, portions in the box) of its dishes."""
        by_blocks: dict[int, int] = {}
        for dish, n in portions:
            if n:
                blocks = self._blocks[dish]
                by_blocks[blocks] = min(by_blocks.get(blocks, 0) + n, self._most)
        key = tuple(sorted(by_blocks.items()))
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = self._cut(key)
        return table

    def _cut(self, supplies: tuple[tuple[int, int], ...]) -> Cut:
        """Take the least over which supplies are cut at the source and which at their days."""
        options = [(0, 0)]
        for blocks, portions in supplies:
            options += [(reached | blocks, cut) for reached, cut in options]
            half = len(options) // 2
            options[:half] = [(reached, cut + portions) for reached, cut in options[:half]]
        least: Cut = np.full(len(self._masks), self._most, dtype=self.dtype)
        for reached, cut in options:
            if cut < self._most:
                least = np.minimum(least, self.reach(reached) + self.dtype.type(cut))
        return least

    def _days(self, masks: NDArray[np.int32]) -> NDArray[np.int32]:
        """Count the days in sets of blocks."""
        total = np.zeros(len(masks), dtype=np.int32)
        for block, size in enumerate(self._sizes):
            total += np.int32(size) * ((masks >> block) & 1)
        return total


def _blocks_of_days(windows: Sequence[int], horizon: int) -> tuple[list[int], list[int]]:
    """Join days that lie in the same windows; return block sizes and each window as a mask of blocks."""
    signature: dict[tuple[bool, ...], int] = {}
    sizes: list[int] = []
    blocks = [0] * len(windows)
    for day in range(horizon):
        inside = tuple(bool(window >> day & 1) for window in windows)
        if not any(inside):
            continue
        if inside not in signature:
            signature[inside] = len(sizes)
            sizes.append(0)
            for dish, member in enumerate(inside):
                blocks[dish] |= int(member) << signature[inside]
        sizes[signature[inside]] += 1
    return sizes, blocks
