"""The states that things pass through, and named sets of them that queries and indexes share."""

from enum import StrEnum


class SubscriptionStatus(StrEnum):
    """`pending → active ⇄ paused → cancelled`."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class StopKind(StrEnum):
    """Who takes the boxes that are left at a stop."""

    PICKUP = "pickup"
    FOOD_BANK = "food_bank"


class BoxStatus(StrEnum):
    """How far a box is; from picking on, `delivery` derives it from its own rows."""

    PROPOSED = "proposed"
    EDITED = "edited"
    LOCKED = "locked"
    RESERVED = "reserved"
    CHARGE_UNKNOWN = "charge_unknown"
    NEEDS_AUTHENTICATION = "needs_authentication"
    PAID = "paid"
    DECLINED = "declined"
    WAIVED = "waived"
    SHORT = "short"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


CHANGEABLE = (BoxStatus.PROPOSED, BoxStatus.EDITED)
"""Before the cut-off: the customer may change it, the planner may propose it anew."""

HOLDING_STOCK = (
    BoxStatus.RESERVED,
    BoxStatus.CHARGE_UNKNOWN,
    BoxStatus.NEEDS_AUTHENTICATION,
    BoxStatus.PAID,
    BoxStatus.WAIVED,
)
"""A box in one of these states has every line reserved."""

PACKABLE = (BoxStatus.PAID, BoxStatus.WAIVED)
"""May leave the door."""


class LotStatus(StrEnum):
    """`announced → received → available ⇄ held → depleted | discarded | recalled`."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    AVAILABLE = "available"
    HELD = "held"
    DEPLETED = "depleted"
    DISCARDED = "discarded"
    RECALLED = "recalled"


PROMISABLE = (LotStatus.ANNOUNCED, LotStatus.RECEIVED, LotStatus.AVAILABLE)
"""Units of these lots may be planned and reserved."""


class ChargeOutcome(StrEnum):
    """What came of one attempt to take money; `started` and `unknown` are not settled."""

    STARTED = "started"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    NEEDS_AUTHENTICATION = "needs_authentication"
    UNKNOWN = "unknown"


class PlanKind(StrEnum):
    """What a box plan holds."""

    FRUIT = "fruit"
    FLOWER = "flower"
    MIXED = "mixed"


class Taste(StrEnum):
    """What a household says of one produce; without a word it is `sometimes`."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    LIKE = "like"
    ALWAYS = "always"


class Consent(StrEnum):
    """What a household lets us do when an item is short."""

    NEVER = "never"
    ASK = "ask"
    BEST = "best"


class CheckScale(StrEnum):
    """By what the warehouse tells how ripe a lot is: peel colour 1 to 7, firmness in newtons, or words."""

    COLOUR = "colour"
    FIRMNESS = "firmness"
    WORDS = "words"
