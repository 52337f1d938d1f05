"""Where everything about the box in hand lies: two arrays per thread, and names for the places in them.

`w` holds whole numbers, `r` real ones. Compiled functions take just these two, since every further array costs at
each call. Items are the (lot, mode) pairs a household may get, those of one product together.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ITEMS_MAX: Final = 1024
PRODUCTS_MAX: Final = 256
CHOICES_MAX: Final = 160
"""Choices of one product; its units are at most 127."""
DAYS: Final = 16
"""Room for days; a horizon has at most 14."""
SLOTS: Final = 63
"""Items that can be eaten from at once (bits of a number); more are passed over."""
SLOTS_ROOM: Final = 64
NODES: Final = 256
"""Nodes that can be open at once."""
SEGMENTS_MAX: Final = 4096
MIXED_MAX: Final = 256
KNOWN_MIXES: Final = 4096
MIXED_LOTS: Final = 16
"""Room for the lots of a mix, and one place more; there are at most 14."""

# Per item: `w[NAME + i]`.
LOT: Final = 0
MODE: Final = LOT + ITEMS_MAX
PROD: Final = MODE + ITEMS_MAX
MASK: Final = PROD + ITEMS_MAX
PORTIONS: Final = MASK + ITEMS_MAX
CENTS: Final = PORTIONS + ITEMS_MAX
GRAMS: Final = CENTS + ITEMS_MAX
USABLE: Final = GRAMS + ITEMS_MAX
"""Portions that the days of the window can take at all."""
MOST: Final = USABLE + ITEMS_MAX
"""Units that may be taken: stock, limit per product."""
LOW: Final = MOST + ITEMS_MAX
HIGH: Final = LOW + ITEMS_MAX
EATEN: Final = HIGH + ITEMS_MAX
SLOT: Final = EATEN + ITEMS_MAX
TAKEN: Final = SLOT + ITEMS_MAX
"""Units in the relaxed answer."""
TRIAL: Final = TAKEN + ITEMS_MAX
BEST: Final = TRIAL + ITEMS_MAX
ROOM: Final = BEST + ITEMS_MAX
"""Portions that can still be added once what is fixed is eaten."""
NEXT: Final = ROOM + ITEMS_MAX
"""Portions of the next unit."""
KEPT_LOW: Final = NEXT + ITEMS_MAX
KEPT_HIGH: Final = KEPT_LOW + ITEMS_MAX
OTHER: Final = KEPT_HIGH + ITEMS_MAX
GROUP: Final = OTHER + ITEMS_MAX
"""Group of which a box holds one product only; 0 for none."""

# Per item: `r[NAME + i]`. [1/100 cent]
COST: Final = 0
"""One unit, with what its waste would cost and the price of scarce stock."""
LAGRANGE: Final = COST + ITEMS_MAX
"""The same with the prices of weight and budget."""
MARGIN: Final = LAGRANGE + ITEMS_MAX
LAST: Final = MARGIN + ITEMS_MAX
MORE: Final = LAST + ITEMS_MAX
"""Change of the bound if one more unit is forced."""
FEWER: Final = MORE + ITEMS_MAX

# Per product: `r[NAME + p]`. [1/100 cent]
BEHIND: Final = FEWER + ITEMS_MAX
"""By how much the best of its group adds more to the bound."""
AHEAD: Final = BEHIND + PRODUCTS_MAX
"""By how much it adds more than the next best of its group."""

# Per product: `w[NAME + p]`.
FIRST: Final = GROUP + ITEMS_MAX
FIXED: Final = FIRST + PRODUCTS_MAX
CHOICES: Final = FIXED + PRODUCTS_MAX
ORDER: Final = CHOICES + PRODUCTS_MAX
SATED: Final = ORDER + PRODUCTS_MAX
"""Days on which the household eats no more of the product, as bits."""
PORTIONS_IN: Final = SATED + PRODUCTS_MAX
FIXED_EATEN: Final = PORTIONS_IN + PRODUCTS_MAX
KIND: Final = FIXED_EATEN + PRODUCTS_MAX
PRODUCT: Final = KIND + PRODUCTS_MAX
"""Product as the week counts them."""
UNITS_OF: Final = PRODUCT + PRODUCTS_MAX
"""Units that may be taken of it."""
DAYS_OF: Final = UNITS_OF + PRODUCTS_MAX
"""Product with which it shares what may be eaten of one on a day: itself, or for what is at home the one of the box."""
FOLLOWS: Final = DAYS_OF + PRODUCTS_MAX
"""1 for all but the first of a group."""
NEXT_OF_GROUP: Final = FOLLOWS + PRODUCTS_MAX
"""Next product of the group, -1 after the last."""
BLOCKED: Final = NEXT_OF_GROUP + PRODUCTS_MAX
"""Groups of which the other part of the box holds a product."""

# Per day: `w[NAME + t]`.
NEED: Final = BLOCKED + PRODUCTS_MAX
USED: Final = NEED + DAYS
EATERS: Final = USED + DAYS
CAME_FROM: Final = EATERS + DAYS
PER_PRODUCT: Final = CAME_FROM + DAYS
LEVEL_DAYS: Final = PER_PRODUCT + DAYS
SAME: Final = LEVEL_DAYS + DAYS
"""Portions of one product that may be eaten."""

# Worth of a portion on a day: `r[NAME + t]`. [1/100 cent]
WORTH: Final = AHEAD + PRODUCTS_MAX
WORTH_BEST: Final = WORTH + DAYS
WORTH_ROOT: Final = WORTH_BEST + DAYS
WORTH_SPARE: Final = WORTH_ROOT + DAYS
LEVEL: Final = WORTH_SPARE + DAYS
FULL: Final = LEVEL + DAYS
"""What a portion is worth there, neither missing nor wasted."""

# Per slot: `w[NAME + s]`.
SLOT_PROD: Final = SAME + DAYS
SLOT_MASK: Final = SLOT_PROD + SLOTS_ROOM
PARENT_DAY: Final = SLOT_MASK + SLOTS_ROOM
PARENT: Final = PARENT_DAY + SLOTS_ROOM
QUEUE: Final = PARENT + SLOTS_ROOM
LACK: Final = QUEUE + SLOTS_ROOM
"""Portions that have found no day yet."""

# Single numbers: `w[NAME]`.
FREE: Final = LACK + SLOTS_ROOM
TIGHT: Final = FREE + 1
N_SLOTS: Final = TIGHT + 1
FLOW: Final = N_SLOTS + 1
REACH: Final = FLOW + 1
TOTAL: Final = REACH + 1
HORIZON: Final = TOTAL + 1
UNITS_MAX: Final = HORIZON + 1
WANTED: Final = UNITS_MAX + 1
LOST: Final = WANTED + 1
SUM_GRAMS: Final = LOST + 1
SUM_CENTS: Final = SUM_GRAMS + 1
N_ITEMS: Final = SUM_CENTS + 1
N_PRODS: Final = N_ITEMS + 1
DISTINCT: Final = N_PRODS + 1
BUDGET: Final = DISTINCT + 1
GRAMS_MAX: Final = BUDGET + 1
N_LEVELS: Final = GRAMS_MAX + 1
EVEN: Final = N_LEVELS + 1
"""Portions of one product on any day if the same on all, else 0."""
COUNT_NODES: Final = EVEN + 1
STRIDE: Final = COUNT_NODES + 1
"""Width of a layer of the table of portions and kinds."""
LAYERS: Final = STRIDE + 1
HEAVY: Final = LAYERS + 1
"""1 while the proposal of the node weighs too much."""
DEAR: Final = HEAVY + 1
OVERFULL: Final = DEAR + 1
"""Days on which the proposal of the node has too much, as bits."""
HOMELESS: Final = OVERFULL + 1
"""Portions of it that find no day."""
BRANCH: Final = HOMELESS + 1
"""Item to branch on, -1 for none, and the units from which its upper part begins."""
BRANCH_UNITS: Final = BRANCH + 1
N_SENT: Final = BRANCH_UNITS + 1
"""Items that can be sent; those behind them are at home."""
N_KINDS: Final = N_SENT + 1
"""Products of them."""
RESERVE: Final = N_KINDS + 1
"""Portions wished in reserve; where there are any, the last day is for them."""
EDIBLE_DAYS: Final = RESERVE + 1
"""Days on which anything may be eaten or kept, as bits."""
LATER: Final = EDIBLE_DAYS + 1
"""Days that are filled only once the others are full, as bits."""
GROUPED: Final = LATER + 1
"""1 where two products are of one group."""
N_BLOCKED: Final = GROUPED + 1
LEAST_CENTS: Final = N_BLOCKED + 1
"""Cents up to which goods earn for what they cost: what the box should be worth at least, as far as it may cost."""
CHEAP: Final = LEAST_CENTS + 1
"""1 while the proposal of the node is worth less."""

# Single numbers: `r[NAME]`. [1/100 cent]
VALUE: Final = FULL + DAYS
"""What an eaten portion is worth: not missing and not wasted."""
MISSING: Final = VALUE + 1
MU: Final = MISSING + 1
"""Price of one more kind of fruit."""
PER_GRAM: Final = MU + 1
PER_CENT: Final = PER_GRAM + 1
BOUND: Final = PER_CENT + 1
SLOPE: Final = BOUND + 1
FOUND_GRAMS: Final = SLOPE + 1
FOUND_CENTS: Final = FOUND_GRAMS + 1
CONSTANT: Final = FOUND_CENTS + 1
STEP: Final = CONSTANT + 1
"""By how much overfull days lose worth; negative before the first step."""
GRAM_STEP: Final = STEP + 1
MOST_VALUE: Final = GRAM_STEP + 1
"""What a portion is worth on the best day, the one for the reserve among them."""
AT_HOME: Final = MOST_VALUE + 1
"""What the food at home saves without a box."""
PER_LEAST: Final = AT_HOME + 1
"""What a cent up to LEAST_CENTS earns."""
CENT_STEP: Final = PER_LEAST + 1
TOP: Final = CENT_STEP + 1
"""Best sum of choices in the table."""
BASE: Final = TOP + 1
"""What a portion is worth on the day that is worth least."""
RULED_OUT: Final = BASE + 1
"""Highest bound of what the table ruled out of a node."""
KNOWN: Final = RULED_OUT + 1
"""Twelve numbers that prices are searched between."""

TABLE_KINDS: Final = CHEAP + 1
"""Kinds that the table tells apart, and those of them that are fixed."""
TABLE_FIXED: Final = TABLE_KINDS + 1
HOUSEHOLD_KEY: Final = TABLE_FIXED + 1
"""A number that no other household on the bench has had."""

WHOLE_TABLES: Final = HOUSEHOLD_KEY + 1
# Tables: by slot and day, product and day, product and choice, node and bound and item, and so on.
ON_DAY: Final = WHOLE_TABLES
OF_PRODUCT: Final = ON_DAY + SLOTS_ROOM * DAYS
PART: Final = OF_PRODUCT + PRODUCTS_MAX * DAYS
PICK: Final = PART + PRODUCTS_MAX * CHOICES_MAX
SEGMENT: Final = PICK + PRODUCTS_MAX * CHOICES_MAX
MIX: Final = SEGMENT + 3 * SEGMENTS_MAX
# Sums over the lots of a mix from the x-th on: `w[NAME + x]`.
MIX_PORTIONS: Final = MIX + 4 * ITEMS_MAX
MIX_CODE: Final = MIX_PORTIONS + MIXED_LOTS
"""Units of each lot, four bits a lot."""
MIX_LOTS: Final = MIX_CODE + MIXED_LOTS
MIX_DAYS: Final = MIX_LOTS + MIXED_LOTS
"""Days on which any of it can be eaten, as bits."""
REACHED: Final = MIX_DAYS + MIXED_LOTS
"""Most portions that a layer of the table tells of: `w[REACHED + layer]`."""
MIX_KEY: Final = REACHED + PRODUCTS_MAX + 1
"""Name of all units of a mix, see KEY."""
KEY: Final = MIX_KEY + MIXED_LOTS
"""Random numbers, one an item: times its units and added up they name a mix."""
KNOWN_KEYS: Final = KEY + ITEMS_MAX
"""Mixes of the household whose portions have been counted, each in one place only."""
KNOWN_EATEN: Final = KNOWN_KEYS + KNOWN_MIXES
NODE: Final = KNOWN_EATEN + KNOWN_MIXES
WHOLE_SIZE: Final = NODE + NODES * ITEMS_MAX

GAIN: Final = KNOWN + 12
MIX_WORTH: Final = GAIN + PRODUCTS_MAX * CHOICES_MAX
# Sums over the lots of a mix from the x-th on: `r[NAME + x]`. [1/100 cent]
MIX_GAIN: Final = MIX_WORTH + 3 * MIXED_MAX
MIX_COST: Final = MIX_GAIN + MIXED_LOTS
NODE_NUMBER: Final = MIX_COST + MIXED_LOTS
NODE_SIZE: Final = 3 + DAYS
TABLE: Final = NODE_NUMBER + NODES * NODE_SIZE
TABLE_MAX: Final = 4_000_000
SPARE_LAYERS: Final = 3
"""Rows behind the layers: two for what is still to come, one for a product's worth to all others."""

# Within a node's numbers.
NODE_BOUND: Final = 0
NODE_PER_GRAM: Final = 1
NODE_PER_CENT: Final = 2
NODE_DAYS: Final = 3


def make_bench(*, products: int, portions: int, distinct: int) -> tuple[Ints, Floats]:
    """Lay out the arrays of one thread for boxes of at most so many products, portions and kinds wished."""
    products = max(products, 1)
    stride = min((portions + 1) * (min(distinct, products) + 1), TABLE_MAX // 2)
    layers = min(products + 1, TABLE_MAX // stride)
    w = np.zeros(WHOLE_SIZE, dtype=np.int64)
    w[STRIDE], w[LAYERS] = stride, layers
    w[KEY : KEY + ITEMS_MAX] = np.random.default_rng(1).integers(1 << 62, size=ITEMS_MAX)
    return w, np.zeros(TABLE + stride * (layers + SPARE_LAYERS))
