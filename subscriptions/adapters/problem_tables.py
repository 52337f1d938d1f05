"""Tables of what went wrong with what came, its photos, and how far a merchant credits it unasked."""

from piccolo.columns import UUID, Bytea
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import choice, key, minor, moment, one_of, reference, small, words
from subscriptions.adapters.box_tables import Box, BoxLine
from subscriptions.adapters.catalog_tables import Lot
from subscriptions.adapters.people_tables import Household, Merchant, Person
from subscriptions.problem import ProblemKind, ProblemStatus, ReviewReason


class Problem(Table, tablename="problem"):
    """Units of a box line that were not as they should be, and what was credited for them."""

    id = key()
    merchant = reference(Merchant)
    household = reference(Household)
    box = reference(Box)
    box_line = reference(BoxLine)
    lot = reference(Lot)
    kind = choice(ProblemKind)
    units = small()
    said = words(300, optional=True, help_text="In the household's own words.")
    credit_minor = minor(help_text="Tax included; given only where the status says so.")
    tax_minor = minor(help_text="The part of the credit that is tax.")
    currency = words(3)
    status = choice(ProblemStatus)
    review_reason = words(20, optional=True, help_text="Why nobody was paid unasked.")
    try_key = UUID(default=None, null=False, unique=True, help_text="One form sent is one problem.")
    reported_at = moment()
    decided_at = moment(optional=True)
    decided_by = reference(Person, optional=True)
    answer = words(300, optional=True, help_text="What staff wrote to the household.")

    problem_kind_ck = Check(one_of("kind", ProblemKind))
    problem_status_ck = Check(one_of("status", ProblemStatus))
    problem_reason_ck = Check(one_of("review_reason", ReviewReason))
    problem_amount_ck = Check(
        "units > 0 AND credit_minor >= 0 AND tax_minor BETWEEN 0 AND credit_minor"
    )
    problem_decided_ck = Check("(decided_at IS NULL) = (status = 'review')")


class ProblemPhoto(Table, tablename="problem_photo"):
    """A photo of it: drawn anew as JPEG, small, without anything that the camera wrote into it."""

    id = key()
    problem = reference(Problem, cascade=True)
    content = Bytea(default=None, null=False)
    width_px = small()
    height_px = small()
    kept_at = moment()

    problem_photo_size_ck = Check("octet_length(content) BETWEEN 1 AND 2000000")


class ProblemRule(Table, tablename="problem_rule"):
    """How a merchant deals with problems; without a row the house's own rule holds."""

    id = key()
    merchant = reference(Merchant)
    days_after = small(help_text="Days to tell it in, after the last day a thing was planned for.")
    at_once_pct = small(help_text="Of a box's price, credited without anybody looking.")
    boxes_at_once = small(help_text="Boxes of a household credited so within eight weeks.")
    changed_at = moment()

    problem_rule_merchant_uq = Unique(["merchant"])
    problem_rule_ck = Check(
        "days_after BETWEEN 1 AND 14 AND at_once_pct BETWEEN 0 AND 100 AND boxes_at_once BETWEEN 0 AND 8"
    )
