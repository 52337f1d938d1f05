"""Tables of planning at work: how far a plan is, which day may have how much of a lot, and what was mended."""

from piccolo.columns import JSONB, BigInt
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import (
    choice,
    claim,
    key,
    moment,
    one_of,
    real,
    reference,
    small,
    whole,
)
from subscriptions.adapters.box_tables import Box, DeliveryDay
from subscriptions.adapters.catalog_tables import Lot
from subscriptions.adapters.people_tables import Merchant
from subscriptions.box_change import ChangeReason
from subscriptions.making_room import OTHERS_PCT_MOST
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
    asked_at = moment(
        optional=True,
        help_text="When somebody asked for the day to be planned again; none once it is.",
    )

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


class MendRule(Table, tablename="mend_rule"):
    """How many boxes a merchant lets change that need not, to make room for those that lose a lot."""

    id = key()
    merchant = reference(Merchant)
    others_pct = small(help_text="Of the boxes of a day that their households have not edited.")

    mend_rule_merchant_uq = Unique(["merchant"])
    mend_rule_others_ck = Check(f"others_pct BETWEEN 0 AND {OTHERS_PCT_MOST}")


class MendRun(Table, tablename="mend_run"):
    """One time that boxes of a day were mended, and what it brought, or would have, to let others change, too."""

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay, cascade=True)
    n_boxes = whole(help_text="Boxes that had to change.")
    n_others = whole(help_text="Boxes that changed, or would have, to make room.")
    gain = BigInt(
        default=None,
        null=False,
        help_text="By how much the plan is better for it, 1/100 minor unit.",
    )
    is_trial = claim()
    mended_at = moment()

    mend_run_boxes_ck = Check("n_boxes > 0 AND n_others >= 0")


class PlannedUnits(Table, tablename="planned_units"):
    """Units of a lot that boxes of a day are planned to take and have not reserved yet.

    The database counts them itself as lines come and go and boxes move on (triggers of its migration), so that a
    change of one box need not add up all others.
    """

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay, cascade=True)
    lot = reference(Lot)
    units = whole()

    planned_units_once_uq = Unique(["delivery_day", "lot"])
    planned_units_ck = Check("units >= 0")
