"""Tables of waiting lists: who would like a place on a round that is full."""

from piccolo.columns import Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from ripeday.kit.adapters.column import key, moment, one_of, reference, words
from subscriptions.adapters.box_tables import Subscription
from subscriptions.adapters.catalog_tables import BoxPlan
from subscriptions.adapters.people_tables import DeliveryRound, Merchant
from subscriptions.waiting import WaitingEnd


class Waiting(Table, tablename="waiting"):
    """Somebody on the list of a round, in the order of joining; a place is kept for them from `asked_at` on.

    An address stands on a list once (`waiting_once`, a partial unique index). Links are kept as checksums: that of the
    mail at the beginning, and that of the mail that asks.
    """

    id = key()
    merchant = reference(Merchant)
    round = reference(DeliveryRound)
    email = words(254)
    name = words(120)
    locale = words(5)
    postcode = words(12)
    box_plan = reference(BoxPlan, optional=True)
    joined_at = moment()
    joined_hash = words(64, optional=True, unique=True)
    asked_at = moment(optional=True)
    asked_hash = words(64, optional=True, unique=True)
    held_until = moment(optional=True)
    subscription = reference(Subscription, optional=True)
    ended_at = moment(optional=True)
    outcome = Varchar(length=20, default=None, null=True)

    waiting_end_ck = Check(one_of("outcome", WaitingEnd))
    waiting_ended_ck = Check("(ended_at IS NULL) = (outcome IS NULL)")
    waiting_asked_ck = Check("(asked_at IS NULL) = (held_until IS NULL)")
