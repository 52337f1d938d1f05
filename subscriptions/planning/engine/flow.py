"""Who eats what when: portions flow from items through (product, day) to days.

Portions are added one item after another and never taken out again, only moved to other days, so the number eaten
is as large as it can be after each addition (augmenting paths). Days and slots are bits of whole numbers.
"""

from subscriptions.planning.engine.bench import (
    CAME_FROM,
    DAYS,
    EATERS,
    FLOW,
    FREE,
    HORIZON,
    N_PRODS,
    N_SLOTS,
    NEED,
    OF_PRODUCT,
    ON_DAY,
    PARENT,
    PARENT_DAY,
    PORTIONS_IN,
    QUEUE,
    REACH,
    SAME,
    SATED,
    SLOT_MASK,
    SLOT_PROD,
    SLOTS,
    TIGHT,
    TOTAL,
    USED,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled


@compiled
def lowest_bit(bits: int) -> int:
    """Index of the lowest bit that is set; `bits` is not 0."""
    n = 0
    if bits & 0xFFFFFFFF == 0:
        bits >>= 32
        n += 32
    if bits & 0xFFFF == 0:
        bits >>= 16
        n += 16
    if bits & 0xFF == 0:
        bits >>= 8
        n += 8
    if bits & 0xF == 0:
        bits >>= 4
        n += 4
    if bits & 3 == 0:
        bits >>= 2
        n += 2
    if bits & 1 == 0:
        n += 1
    return n


@compiled
def n_bits(bits: int) -> int:
    """Count the bits that are set among the lowest 16."""
    bits = (bits & 0x5555) + ((bits >> 1) & 0x5555)
    bits = (bits & 0x3333) + ((bits >> 2) & 0x3333)
    bits = (bits & 0x0F0F) + ((bits >> 4) & 0x0F0F)
    return (bits & 0xFF) + (bits >> 8)


@compiled
def clear(w: Ints) -> None:
    """Empty all days."""
    free = 0
    total = 0
    horizon = w[HORIZON]
    for t in range(horizon):
        w[USED + t] = 0
        w[EATERS + t] = 0
        if w[NEED + t] > 0:
            free |= 1 << t
        total += w[NEED + t]
    for p in range(w[N_PRODS]):
        w[SATED + p] = 0
        w[PORTIONS_IN + p] = 0
        for t in range(horizon):
            w[OF_PRODUCT + DAYS * p + t] = 0
    w[FREE] = free
    w[TIGHT] = 0
    w[N_SLOTS] = 0
    w[FLOW] = 0
    w[TOTAL] = total


@compiled
def open_slot(w: Ints, prod: int, mask: int) -> int:
    """Let one more item be eaten from; -1 when there are too many."""
    slot = w[N_SLOTS]
    if slot >= SLOTS:
        return -1
    w[N_SLOTS] = slot + 1
    w[SLOT_PROD + slot] = prod
    w[SLOT_MASK + slot] = mask
    for t in range(w[HORIZON]):
        w[ON_DAY + DAYS * slot + t] = 0
    return slot


@compiled
def _occupy(w: Ints, t: int, portions: int) -> None:
    w[USED + t] += portions
    if w[USED + t] == w[NEED + t]:
        w[FREE] &= ~(1 << t)


@compiled
def _serve(w: Ints, slot: int, t: int, portions: int) -> None:
    prod = w[SLOT_PROD + slot]
    w[ON_DAY + DAYS * slot + t] += portions
    w[EATERS + t] |= 1 << slot
    w[OF_PRODUCT + DAYS * prod + t] += portions
    if w[OF_PRODUCT + DAYS * prod + t] == w[SAME + t]:
        w[SATED + prod] |= 1 << t


@compiled
def _withdraw(w: Ints, slot: int, t: int) -> None:
    prod = w[SLOT_PROD + slot]
    w[ON_DAY + DAYS * slot + t] -= 1
    if w[ON_DAY + DAYS * slot + t] == 0:
        w[EATERS + t] &= ~(1 << slot)
    w[OF_PRODUCT + DAYS * prod + t] -= 1
    w[SATED + prod] &= ~(1 << t)


@compiled
def _enqueue(w: Ints, slots: int, t: int, giver: int, queued: int) -> int:
    """Put slots into the queue that could give up day t: to anybody, or to `giver` of the same product alone."""
    while slots:
        k = lowest_bit(slots)
        slots &= slots - 1
        w[PARENT_DAY + k] = t
        w[PARENT + k] = giver
        w[QUEUE + queued] = k
        queued += 1
    return queued


@compiled
def _slots_of(w: Ints, prod: int) -> int:
    """Slots of one product, as bits."""
    slots = 0
    for k in range(w[N_SLOTS]):
        if w[SLOT_PROD + k] == prod:
            slots |= 1 << k
    return slots


@compiled
def _explore(w: Ints, slot: int, stop: int) -> int:
    """Search the days a portion of `slot` can reach by moving others; bits in REACH.

    Returns the first day with room, or -1; with `stop` 0 it goes on past such days.
    """
    visited = 1 << slot
    reach = 0
    w[QUEUE + 0] = slot
    queued, served = 1, 0
    while served < queued:
        j = w[QUEUE + served]
        served += 1
        prod, mask = w[SLOT_PROD + j], w[SLOT_MASK + j]
        sated = w[SATED + prod]
        new_days = mask & ~sated & ~reach
        hit = new_days & w[FREE]
        if stop and hit:
            t = lowest_bit(hit)
            w[CAME_FROM + t] = j
            return t
        reach |= new_days
        while new_days:
            t = lowest_bit(new_days)
            new_days &= new_days - 1
            w[CAME_FROM + t] = j
            others = w[EATERS + t] & ~visited
            visited |= others
            queued = _enqueue(w, others, t, -1, queued)
        full_days = mask & sated
        while full_days:
            t = lowest_bit(full_days)
            full_days &= full_days - 1
            others = w[EATERS + t] & ~visited & _slots_of(w, prod)
            visited |= others
            queued = _enqueue(w, others, t, j, queued)
    w[REACH] = reach
    return -1


@compiled
def _shift(w: Ints, source: int, t: int) -> None:
    """Give day t to the slot that reached it, its day to the one before it, and so on back to the source."""
    _occupy(w, t, 1)
    j = w[CAME_FROM + t]
    while True:
        _serve(w, j, t, 1)
        if j == source:
            return
        t = w[PARENT_DAY + j]
        _withdraw(w, j, t)
        j = w[CAME_FROM + t] if w[PARENT + j] < 0 else w[PARENT + j]


@compiled
def push(w: Ints, slot: int, portions: int) -> int:
    """Eat up to so many more portions of a slot; returns how many.

    When it is fewer, REACH holds the days that are full for good: nothing eaten on them can move elsewhere.
    """
    prod, mask = w[SLOT_PROD + slot], w[SLOT_MASK + slot]
    got = 0
    while got < portions:
        open_days = mask & w[FREE] & ~w[SATED + prod]
        if open_days:
            t = lowest_bit(open_days)
            k = min(
                w[NEED + t] - w[USED + t],
                w[SAME + t] - w[OF_PRODUCT + DAYS * prod + t],
                portions - got,
            )
            _occupy(w, t, k)
            _serve(w, slot, t, k)
            got += k
        elif w[FREE] == 0:
            w[REACH] = 0
            break
        else:
            t = _explore(w, slot, 1)
            if t < 0:
                break
            _shift(w, slot, t)
            got += 1
    w[FLOW] += got
    return got


@compiled
def room_for(w: Ints, slot: int) -> int:
    """Free portions on the days that `slot` can reach by moving others."""
    _explore(w, slot, 0)
    room = 0
    days = w[REACH] & w[FREE]
    while days:
        t = lowest_bit(days)
        days &= days - 1
        room += w[NEED + t] - w[USED + t]
    return room
