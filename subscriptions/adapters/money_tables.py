"""Tables of money: attempts to charge, what the provider told us, and the ledger."""

from piccolo.columns import JSONB, UUID, BigInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import choice, key, minor, moment, one_of, reference, small, words
from subscriptions.adapters.box_tables import Box
from subscriptions.adapters.people_tables import Household, Merchant
from subscriptions.lifecycle import ChargeOutcome


class Charge(Table, tablename="charge"):
    """One attempt to take the money for one box; written before the provider is asked."""

    id = key()
    merchant = reference(Merchant)
    box = reference(Box)
    attempt = small()
    amount_minor = minor()
    credit_minor = BigInt(
        default=None, null=True, help_text="Paid from the household's account, besides the amount."
    )
    currency = words(3)
    outcome = choice(ChargeOutcome)
    started_at = moment()
    settled_at = moment(optional=True)
    provider_intent = words(255, optional=True)
    decline_code = words(60, optional=True)

    charge_box_attempt_uq = Unique(["box", "attempt"])
    charge_amount_positive_ck = Check("amount_minor > 0 AND attempt > 0")
    charge_credit_ck = Check("credit_minor >= 0")
    charge_outcome_ck = Check(one_of("outcome", ChargeOutcome))
    charge_settled_ck = Check("(settled_at IS NULL) = (outcome IN ('started', 'unknown'))")
    charge_succeeded_has_intent_ck = Check("outcome <> 'succeeded' OR provider_intent IS NOT NULL")


class PaymentEvent(Table, tablename="payment_event"):
    """A signed message from the payment provider, kept so that it is applied once."""

    id = Varchar(length=255, primary_key=True, default=None, null=False)
    kind = words(80)
    payload = JSONB(default=None, null=False)
    received_at = moment()
    applied_at = moment(optional=True)


class LedgerEntry(Table, tablename="ledger_entry"):
    """One side of a posting; the entries of a posting sum to zero, and none is ever changed."""

    id = key()
    merchant = reference(Merchant)
    posting = UUID(default=None, null=False, index=True)
    business_key = words(120, help_text="The business fact; it is posted once.")
    account = words(40)
    amount_minor = minor()
    currency = words(3)
    box = reference(Box, optional=True)
    household = reference(Household, optional=True)
    posted_at = moment()

    ledger_entry_once_uq = Unique(["business_key", "account"])
    ledger_entry_amount_ck = Check("amount_minor <> 0")
    ledger_entry_credit_ck = Check("account <> 'credit' OR household IS NOT NULL")
