"""Tables of trial boxes: what was agreed with whom."""

from piccolo.constraints import Check
from piccolo.table import Table

from ripeday.kit.adapters.column import key, minor, moment, reference, small
from subscriptions.adapters.box_tables import Subscription
from subscriptions.adapters.people_tables import Merchant, Person


class Trial(Table, tablename="trial"):
    """The trial that a subscription was signed with; what its merchant offers later does not touch it.

    A person has begun at most one at a merchant (`trial_one_begun`, a partial unique index).
    """

    id = key()
    merchant = reference(Merchant)
    person = reference(Person)
    subscription = reference(Subscription)
    n_boxes = small()
    price_minor = minor(help_text="A box of the plan's own rhythm, instead of the plan's price.")
    agreed_at = moment()
    begun_at = moment(optional=True, help_text="When the card was saved.")
    ended_at = moment(
        optional=True, help_text="When its first box at the usual price had closed, or it ended."
    )
    told_at = moment(optional=True, help_text="When the mail before the last trial box was put.")

    trial_boxes_ck = Check("n_boxes BETWEEN 1 AND 6")
    trial_price_ck = Check("price_minor > 0")
