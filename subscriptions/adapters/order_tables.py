"""Tables of what a customer does with deliveries: a merchant's rules, cancellations, and receipts."""

from piccolo.columns import Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import (
    choice,
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
from subscriptions.adapters.box_tables import Subscription
from subscriptions.adapters.people_tables import Merchant
from subscriptions.adapters.stop_tables import Stop
from subscriptions.cancelling import CancelReason
from subscriptions.receipt import Asker, Deed


class DeliveryRule(Table, tablename="delivery_rule"):
    """What a merchant lets its customers do; without a row the generous rule of `subscriptions.allowance` holds."""

    id = key()
    merchant = reference(Merchant)
    n_skips = small(help_text="Deliveries of a season that may be skipped one by one.")
    n_in_a_row = small(help_text="Most skipped one after the other.")
    notice_days = small(help_text="Boxes of so many days still come after a cancellation.")

    delivery_rule_once_uq = Unique(["merchant"])
    delivery_rule_skips_ck = Check("n_skips BETWEEN 0 AND 60 AND n_in_a_row BETWEEN 1 AND 60")
    delivery_rule_notice_ck = Check("notice_days BETWEEN 0 AND 60")


class Cancellation(Table, tablename="cancellation"):
    """A customer's wish to end a subscription; it may be taken back until the subscription has ended."""

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    asked_at = moment()
    ends_on = day()
    reason = Varchar(length=20, default=None, null=True)
    withdrawn_at = moment(optional=True)

    cancellation_reason_ck = Check(one_of("reason", CancelReason))


class BoxMove(Table, tablename="box_move"):
    """A box that comes together with another: its own delivery is skipped, and the other one is a double box."""

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    from_on = day()
    to_on = day()
    asked_at = moment()

    box_move_from_uq = Unique(["subscription", "from_on"])
    box_move_to_uq = Unique(["subscription", "to_on"])
    box_move_days_ck = Check("from_on <> to_on")


class Donation(Table, tablename="donation"):
    """A box that its household gives away: it is packed and paid as ever, and left at a food bank."""

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    delivery_on = day()
    stop = reference(Stop)
    asked_at = moment()

    donation_once_uq = Unique(["subscription", "delivery_on"])


class PlaceChange(Table, tablename="place_change"):
    """Another place for the boxes of `[from_on, until_on)`: a pick-up stop, or another address on the round."""

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    from_on = day()
    until_on = day(help_text="From this day on boxes come to the usual place again.")
    stop = reference(Stop, optional=True)
    street = words(200, optional=True)
    city = words(100, optional=True)
    postcode = words(12, optional=True)
    delivery_note = words(200, optional=True)
    asked_at = moment()

    place_change_span_ck = Check("from_on < until_on")
    place_change_one_place_ck = Check(
        "(stop IS NULL) = (street IS NOT NULL) AND (street IS NULL) = (city IS NULL)"
        " AND (street IS NULL) = (postcode IS NULL)"
        " AND (stop IS NULL OR delivery_note IS NULL)"
    )


class SubscriptionReceipt(Table, tablename="subscription_receipt"):
    """One link of a subscription's chain: what was done, evaluated against which cut-off. Nothing of a person is in it.

    `hash` is over all the other values (`subscriptions.receipt`); rows are never changed and never deleted.
    """

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    position = whole(help_text="1, 2, 3 … within the subscription.")
    number = words(14, unique=True, help_text="For people; the first 60 bits of the hash.")
    deed = choice(Deed)
    asker = choice(Asker)
    delivery_on = day(optional=True)
    until_on = day(optional=True, help_text="End of a span, or the day that a box was moved to.")
    next_on = day(optional=True)
    cutoff_at = moment(optional=True)
    asked_at = moment()
    effect_minor = minor(help_text="What the customer pays more, or less, by it.")
    currency = words(3)
    previous_hash = words(64)
    hash = words(64, unique=True)

    subscription_receipt_place_uq = Unique(["subscription", "position"])
    subscription_receipt_follows_uq = Unique(["subscription", "previous_hash"])
    subscription_receipt_deed_ck = Check(one_of("deed", Deed))
    subscription_receipt_asker_ck = Check(one_of("asker", Asker))
    subscription_receipt_position_ck = Check("position > 0")
