"""How households liked what came."""

from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import choice, key, moment, one_of, reference
from ripening.adapters.tables import Produce
from subscriptions.adapters.box_tables import BoxLine
from subscriptions.adapters.people_tables import Household, Merchant
from subscriptions.rating import Liking


class ItemRating(Table, tablename="item_rating"):
    """How one line of a box was liked; said anew, the newer word stands."""

    id = key()
    merchant = reference(Merchant)
    household = reference(Household, cascade=True)
    box_line = reference(BoxLine)
    produce = reference(Produce)
    liking = choice(Liking)
    rated_at = moment()

    item_rating_once_uq = Unique(["box_line"])
    item_rating_liking_ck = Check(one_of("liking", Liking))
