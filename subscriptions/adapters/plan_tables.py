"""Tables of planning at work: how far a plan is, which day may have how much of a lot, and what was mended."""

from piccolo.columns import JSONB
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import choice, key, moment, one_of, real, reference, whole
from subscriptions.adapters.box_tables import Box, DeliveryDay
from subscriptions.adapters.catalog_tables import Lot
from subscriptions.adapters.people_tables import Merchant
from subscriptions.box_change import ChangeReason
from subscriptions.plan_progress import PlanPhase


class PlanProgress(Table, tablename="plan_progress"):
    """How far the plan of a delivery day is, or how the last one ended; one row a day."""

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay, cascade=True)
    phase = choice(PlanPhase)
    done_fraction = real(help_text="Of the whole plan, from reading to saving.")
    began_at = moment()
    ended_at = moment(optional=True)

    plan_progress_day_uq = Unique(["delivery_day"])
    plan_progress_phase_ck = Check(one_of("phase", PlanPhase))
    plan_progress_done_ck = Check("done_fraction BETWEEN 0 AND 1")


class DayShare(Table, tablename="day_share"):
    """Units of a lot that a day may plan, while other days of its depot are planned beside it."""

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay, cascade=True)
    lot = reference(Lot, cascade=True)
    units = whole()

    day_share_once_uq = Unique(["delivery_day", "lot"])
    day_share_units_ck = Check("units >= 0")


class BoxChange(Table, tablename="box_change"):
    """One time that a proposed box was planned anew: why, what went out of it and what came in its place."""

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay)
    box = reference(Box, cascade=True)
    lot = reference(Lot, optional=True)
    reason = choice(ChangeReason)
    gone = JSONB(default=None, null=False, help_text="Units by produce that went out.")
    came = JSONB(default=None, null=False, help_text="Units by produce that came in.")
    changed_at = moment()

    box_change_reason_ck = Check(one_of("reason", ChangeReason))
