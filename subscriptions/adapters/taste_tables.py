"""What a household does without in one box only."""

from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import day, key, reference, words
from ripening.adapters.tables import Produce
from subscriptions.adapters.people_tables import Household, Merchant


class WeekNever(Table, tablename="week_never"):
    """A produce, or a whole family, that stays out of the boxes of one delivery day; the standing list stays."""

    id = key()
    merchant = reference(Merchant)
    household = reference(Household, cascade=True)
    delivery_on = day()
    produce = reference(Produce, optional=True)
    family = words(30, optional=True)

    week_never_once_uq = Unique(
        ["household", "delivery_on", "produce", "family"], nulls_distinct=False
    )
    week_never_one_subject_ck = Check("(produce IS NULL) <> (family IS NULL)")
