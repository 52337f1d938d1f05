"""Tables of what is sold and what there is to sell: catalogs, offers, box plans, growers, lots."""

from enum import StrEnum

from piccolo.columns import BigInt
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
    real,
    reference,
    small,
    whole,
    words,
)
from ripening.adapters.tables import Produce
from subscriptions.adapters.people_tables import Depot, Merchant
from subscriptions.lifecycle import LotStatus, PlanKind


class SeasonSource(StrEnum):
    """Why produce is on sale this week."""

    LOCAL = "local"
    ASSUMED = "assumed"


class Catalog(Table, tablename="catalog"):
    """What a merchant sells in a season; the season is `[starts_on, ends_on)`."""

    id = key()
    merchant = reference(Merchant)
    name = words(80)
    name_zh = words(80)
    starts_on = day()
    ends_on = day()

    catalog_span_ck = Check("starts_on < ends_on")


class Offer(Table, tablename="offer"):
    """One produce in a catalog: its weeks `[starts_on, ends_on)`, its price, its limit."""

    id = key()
    merchant = reference(Merchant)
    catalog = reference(Catalog)
    produce = reference(Produce)
    starts_on = day()
    ends_on = day()
    price_minor = minor()
    box_limit = small(help_text="Most units in one box.")
    season_source = choice(SeasonSource)

    offer_once_uq = Unique(["catalog", "produce", "starts_on"])
    offer_span_ck = Check("starts_on < ends_on")
    offer_price_ck = Check("price_minor > 0")
    offer_limit_ck = Check("box_limit BETWEEN 1 AND 40")
    offer_source_ck = Check(one_of("season_source", SeasonSource))


class BoxPlan(Table, tablename="box_plan"):
    """What is sold: a kind, portions and stems a day, a price a box."""

    id = key()
    merchant = reference(Merchant)
    name = words(80)
    name_zh = words(80)
    kind = choice(PlanKind)
    portions_a_day = small()
    stems_a_day = small()
    cadence_weeks = small(help_text="Every how many weeks; a household may choose a longer rhythm.")
    price_minor = minor(help_text="What the customer pays for a box, delivery included.")
    trial_boxes = small(optional=True, help_text="So many first boxes may cost less; none said: 0.")
    trial_price_minor = BigInt(default=None, null=True, help_text="What each of them costs.")
    is_open = claim()

    box_plan_kind_ck = Check(one_of("kind", PlanKind))
    box_plan_portions_ck = Check("(kind = 'flower') = (portions_a_day = 0) AND portions_a_day <= 8")
    box_plan_stems_ck = Check("(kind = 'fruit') = (stems_a_day = 0) AND stems_a_day <= 40")
    box_plan_cadence_ck = Check("cadence_weeks IN (1, 2)")
    box_plan_price_ck = Check("price_minor > 0")
    box_plan_trial_ck = Check(
        "(trial_boxes IS NULL) = (trial_price_minor IS NULL)"
        " AND (trial_boxes IS NULL OR trial_boxes BETWEEN 1 AND 6 AND trial_price_minor > 0"
        " AND trial_price_minor < price_minor)"
    )


class Grower(Table, tablename="grower"):
    """Who grew it."""

    id = key()
    merchant = reference(Merchant)
    name = words(80)
    place = words(80)


class Lot(Table, tablename="lot"):
    """Produce harvested or received together, with one maturity."""

    id = key()
    merchant = reference(Merchant)
    depot = reference(Depot)
    produce = reference(Produce)
    grower = reference(Grower)
    code = words(20)
    gtin = words(14)
    status = choice(LotStatus)
    units_announced = whole()
    units_received = whole(optional=True)
    case_units = small()
    unit_cost_minor = minor()
    unit_grams = whole()
    unit_portions = small(help_text="80 g portions a fruit, or stems a bunch.")
    harvested_on = day()
    graded_on = day(help_text="The day its stage was looked at.")
    age_days = real(help_text="Days at 20 °C lived since the usual dispatch stage, when graded.")
    store_c = real(help_text="Air temperature it has been kept at since.")
    is_treated = claim()
    shift_days = real(help_text="Learned from reports and checks; 0 at first.")
    shift_sigma = real(optional=True, help_text="How unsure the shift is; empty: nothing learned.")
    transit_days = real(optional=True, help_text="Days on the way after grading, before the store.")
    transit_c = real(optional=True, help_text="How warm it was on the way.")
    stored_days = real(optional=True, help_text="Days of cold storage before it was graded.")
    learned_at = moment(optional=True, help_text="When reports last moved the shift.")
    due_on = day(help_text="The day it is, or was, at the depot.")
    must_leave_on = day(help_text="Last delivery day it may go out for.")
    received_at = moment(optional=True)

    lot_code_uq = Unique(["merchant", "code"])
    lot_status_ck = Check(one_of("status", LotStatus))
    lot_units_ck = Check("units_announced > 0 AND units_received >= 0 AND case_units > 0")
    lot_unit_ck = Check("unit_cost_minor > 0 AND unit_grams > 0 AND unit_portions > 0")
    lot_transit_ck = Check(
        "(transit_days IS NULL) = (transit_c IS NULL)"
        " AND (transit_days IS NULL OR transit_days BETWEEN 0 AND 60)"
    )
    lot_stored_ck = Check("stored_days BETWEEN 0 AND 400")
    lot_shift_ck = Check("shift_sigma IS NULL OR shift_sigma >= 0")
    lot_received_ck = Check("(received_at IS NULL) = (units_received IS NULL)")
