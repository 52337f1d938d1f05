"""Tables of the places that many boxes go to: pick-up stops, and food banks that take given boxes."""

from piccolo.constraints import Check
from piccolo.table import Table

from ripeday.kit.adapters.column import choice, claim, key, one_of, reference, whole, words
from subscriptions.adapters.people_tables import DeliveryRound, Merchant
from subscriptions.lifecycle import StopKind


class Stop(Table, tablename="stop"):
    """One place on a round where several boxes are left: people fetch theirs, or a food bank gives them out."""

    id = key()
    merchant = reference(Merchant)
    round = reference(DeliveryRound)
    kind = choice(StopKind)
    name = words(80)
    name_zh = words(80)
    street = words(200)
    city = words(100)
    postcode = words(12)
    hours = words(80, help_text="When boxes can be fetched, in words.")
    hours_zh = words(80)
    access_note = words(
        200, optional=True, help_text="Door code and the like; for who fetches here and the driver."
    )
    capacity = whole(optional=True, help_text="Most boxes a day; none said: as many as come.")
    is_open = claim()

    stop_kind_ck = Check(one_of("kind", StopKind))
    stop_capacity_ck = Check("capacity > 0")
