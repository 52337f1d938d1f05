"""Tables of fair shares: who went without what was scarce, and what each plan was made from."""

from piccolo.columns import Bytea
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import key, reference, small
from ripening.adapters.tables import Produce
from subscriptions.adapters.box_tables import DeliveryDay, PlanRun, Subscription
from subscriptions.adapters.people_tables import Merchant


class MissedTurn(Table, tablename="missed_turn"):
    """A household wanted a scarce produce, could have had it, and the plan of a delivery gave it none.

    Whether the turn still counts is seen in boxes: it does not once a later box has held the produce, nor without a
    box that day.
    """

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay)
    plan_run = reference(PlanRun)
    subscription = reference(Subscription)
    produce = reference(Produce)
    before = small(help_text="Turns missed in a row before this one, as the plan knew them.")

    missed_turn_once_uq = Unique(["delivery_day", "subscription", "produce"])
    missed_turn_before_ck = Check("before BETWEEN 0 AND 255")


class PlanRecord(Table, tablename="plan_record"):
    """All that a plan was made from, and its answer for every household and produce; see adapters/plan_record.py."""

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay)
    plan_run = reference(PlanRun)
    answers = Bytea(default=None, null=False)
    week = Bytea(default=None, null=False)

    plan_record_once_uq = Unique(["plan_run"])
