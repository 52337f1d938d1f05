"""Tables of the promise: subscriptions, dated deliveries, plans, boxes and their lines."""

from piccolo.columns import (
    JSONB,
    Array,
    BigInt,
    DoublePrecision,
    ForeignKey,
    OnDelete,
    SmallInt,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import (
    choice,
    claim,
    day,
    key,
    minor,
    moment,
    one_of,
    reference,
    small,
    whole,
    words,
)
from ripening.adapters.tables import Produce
from subscriptions.adapters.catalog_tables import BoxPlan, Lot
from subscriptions.adapters.people_tables import DeliveryRound, Depot, Household, Merchant
from subscriptions.adapters.stop_tables import Stop
from subscriptions.lifecycle import BoxStatus, PlanKind, SubscriptionStatus


class DeliveryDay(Table, tablename="delivery_day"):
    """One dated run of a round; the cut-off instant is fixed when the day is opened."""

    id = key()
    merchant = reference(Merchant)
    round = reference(DeliveryRound)
    depot = reference(Depot)
    delivery_on = day()
    cutoff_at = moment()
    pack_on = day()
    planned_at = moment(optional=True)
    locked_at = moment(optional=True)
    reserved_at = moment(optional=True)

    delivery_day_once_uq = Unique(["round", "delivery_on"])
    delivery_day_pack_ck = Check("pack_on <= delivery_on")
    delivery_day_order_ck = Check("reserved_at IS NULL OR locked_at IS NOT NULL")


class Subscription(Table, tablename="subscription"):
    """The standing order of one household for one box plan."""

    id = key()
    merchant = reference(Merchant)
    household = reference(Household)
    box_plan = reference(BoxPlan)
    round = reference(DeliveryRound)
    stop = reference(Stop, optional=True)
    status = choice(SubscriptionStatus)
    cadence_weeks = small()
    first_delivery_on = day()
    provider_customer = words(255, optional=True)
    provider_setup = words(
        255, optional=True, help_text="The checkout session that saves the card."
    )
    provider_payment_method = words(255, optional=True)
    card_brand = words(20, optional=True)
    card_last4 = words(4, optional=True)
    created_at = moment()
    cancelled_at = moment(optional=True)
    ends_on = day(
        optional=True, help_text="No box comes on this day or later; set by a cancellation."
    )

    subscription_status_ck = Check(one_of("status", SubscriptionStatus))
    subscription_cadence_ck = Check("cadence_weeks BETWEEN 1 AND 4")
    subscription_card_ck = Check(
        "status IN ('pending', 'cancelled') OR provider_payment_method IS NOT NULL"
    )
    subscription_cancelled_ck = Check("(cancelled_at IS NULL) = (status <> 'cancelled')")


class Pause(Table, tablename="pause"):
    """A span `[from_on, until_on)` without boxes; each delivery in it is a skip that names its pause."""

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    from_on = day()
    until_on = day(help_text="From this day on boxes come again.")
    asked_at = moment()
    ended_at = moment(optional=True)

    pause_span_ck = Check("from_on < until_on")


class Skip(Table, tablename="skip"):
    """A delivery that a subscription does without; withdrawn, the row goes (its receipts stay)."""

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    delivery_on = day()
    skipped_at = moment()
    pause = reference(Pause, optional=True)

    skip_once_uq = Unique(["subscription", "delivery_on"])


class PlanRun(Table, tablename="plan_run"):
    """One plan made for a delivery day, after the independent checker has passed it."""

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay)
    number = small()
    seed = whole()
    n_boxes = whole()
    n_uncovered_days = whole()
    n_covered_days = whole()
    objective = BigInt(default=None, null=False, help_text="1/100 minor unit.")
    waste_portions = whole()
    made_at = moment()

    plan_run_number_uq = Unique(["delivery_day", "number"])


class Box(Table, tablename="box"):
    """What one household gets on one delivery day."""

    id = key()
    merchant = reference(Merchant)
    delivery_day = reference(DeliveryDay)
    subscription = reference(Subscription)
    household = reference(Household)
    plan_run = reference(PlanRun, optional=True)
    number = whole(help_text="1, 2, 3 … within the delivery day.")
    kind = choice(PlanKind)
    portions_a_day = small()
    stems_a_day = small()
    horizon_days = small()
    need = Array(
        SmallInt(),
        default=None,
        null=True,
        help_text="Portions wanted on each day, where not `portions_a_day` on all.",
    )
    status = choice(BoxStatus)
    price_minor = minor()
    tax_minor = minor(help_text="The part of the price that is tax.")
    usual_minor = BigInt(
        default=None,
        null=True,
        help_text="What it would cost without a trial; none said: the price.",
    )
    n_trial = small(optional=True, help_text="Trial boxes that it is; none said: 0.")
    currency = words(3)
    edited_at = moment(optional=True)
    locked_at = moment(optional=True)
    status_at = moment()
    status_note = words(200, optional=True)

    box_once_uq = Unique(["subscription", "delivery_day"])
    box_number_uq = Unique(["delivery_day", "number"])
    box_status_ck = Check(one_of("status", BoxStatus))
    box_kind_ck = Check(one_of("kind", PlanKind))
    box_money_ck = Check("price_minor >= 0 AND tax_minor BETWEEN 0 AND price_minor")
    box_trial_ck = Check("(usual_minor IS NULL) = (n_trial IS NULL) AND n_trial BETWEEN 1 AND 2")
    box_horizon_ck = Check("horizon_days BETWEEN 1 AND 14")
    box_locked_ck = Check("(locked_at IS NULL) = (status IN ('proposed', 'edited'))")


class BoxLine(Table, tablename="box_line"):
    """Units of one produce in a box, the lot they are planned from, and when they are eaten.

    Day 0 of every array is the delivery day.
    """

    id = key()
    merchant = reference(Merchant)
    box = reference(Box, cascade=True)
    lot = reference(Lot)
    produce = reference(Produce)
    units = small()
    mode = small(help_text="Handling mode; see ripening/home.py.")
    move_day = small(
        optional=True, help_text="Day it moves: into the fridge in mode 2, out of it in 3."
    )
    ready_day = small(help_text="The ripening offset: days after delivery until it is ready.")
    last_day = small(help_text="Last day of the edible window.")
    eat = Array(SmallInt(), default=None, null=False, help_text="Portions planned on each day.")
    spare = small(
        optional=True,
        help_text="Portions planned for no day, still good on the last; none said: 0.",
    )
    planned_eat = Array(
        SmallInt(), default=None, null=True, help_text="What `eat` was before reports moved it."
    )
    planned_mode = small(optional=True, help_text="What `mode` was before reports changed it.")
    planned_move_day = small(optional=True, help_text="`move_day` of the planned mode.")
    chance_fraction = Array(
        DoublePrecision(), default=None, null=False, help_text="Chance one is edible, each day."
    )
    best_fraction = Array(
        DoublePrecision(), default=None, null=False, help_text="Chance a day is its best, each day."
    )
    is_override = claim(default=False)

    box_line_once_uq = Unique(["box", "lot", "mode"])
    box_line_units_ck = Check("units > 0")
    box_line_mode_ck = Check("mode BETWEEN 0 AND 7")
    box_line_spare_ck = Check("spare >= 0")
    box_line_window_ck = Check("ready_day BETWEEN 0 AND last_day")


class BoxCarry(Table, tablename="box_carry"):
    """What a box counts on from one before it: portions of a line that its household should still have at home.

    Day 0 of `eat` is the delivery day of the box that counts on it. Without a line it is not to be had after all.
    """

    id = key()
    merchant = reference(Merchant)
    box = reference(Box, cascade=True)
    line = ForeignKey(BoxLine, default=None, null=True, index=True, on_delete=OnDelete.set_null)
    portions = small()
    eat = Array(SmallInt(), default=None, null=False, help_text="Portions planned on each day.")

    box_carry_once_uq = Unique(["box", "line"])
    box_carry_portions_ck = Check("portions > 0")


class UncoveredDay(Table, tablename="uncovered_day"):
    """A day of a box without enough ripe portions or stems, and why."""

    id = key()
    merchant = reference(Merchant)
    box = reference(Box, cascade=True)
    day_on = day()
    kind = words(10)
    missing = small(help_text="Portions, or stems.")
    reason = words(40)
    detail = JSONB(default=None, null=True)

    uncovered_day_once_uq = Unique(["box", "day_on", "kind"])
    uncovered_day_kind_ck = Check("kind IN ('fruit', 'flower')")
    uncovered_day_missing_ck = Check("missing > 0")
