"""The books, checked: what must always hold, each as one query that finds what breaks it.

Run by `ripeday doctor`, and after every fault in the tests.
"""

from dataclasses import dataclass

from ripeday.kit.adapters.due_work import parked_work
from ripeday.kit.adapters.engine import connection
from subscriptions.services.receipts import check_chains


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should never be."""

    invariant: str
    subject: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.subject}"


INVARIANTS = {
    "planned units are those of open and locked boxes": """
        SELECT coalesce(planned.lot, lines.lot)::text FROM planned_units planned FULL JOIN (
            SELECT box.delivery_day, line.lot, sum(line.units) AS units
            FROM box_line line JOIN box ON box.id = line.box WHERE box.status IN ('proposed', 'edited', 'locked')
            GROUP BY box.delivery_day, line.lot
        ) lines ON lines.delivery_day = planned.delivery_day AND lines.lot = planned.lot
        WHERE coalesce(planned.units, 0) <> coalesce(lines.units, 0)
    """,
    "reserved units equal active reservations": """
        SELECT stock.lot::text FROM lot_stock stock WHERE stock.reserved <> coalesce((
            SELECT sum(units) FROM reservation WHERE reservation.lot = stock.lot AND status = 'active'), 0)
    """,
    "units on hand equal the movements": """
        SELECT stock.lot::text FROM lot_stock stock WHERE stock.on_hand <> coalesce((
            SELECT sum(units) FROM stock_movement WHERE stock_movement.lot = stock.lot), 0)
    """,
    "units at places equal units on hand": """
        SELECT stock.lot::text FROM lot_stock stock WHERE stock.on_hand <> coalesce((
            SELECT sum(units) FROM place_stock WHERE place_stock.lot = stock.lot), 0)
    """,
    "a box that holds stock has every line reserved": """
        SELECT box.id::text FROM box JOIN box_line line ON line.box = box.id
        LEFT JOIN reservation ON reservation.box_line = line.id AND reservation.status <> 'released'
        WHERE box.status IN ('reserved', 'charge_unknown', 'needs_authentication', 'paid', 'waived')
          AND (reservation.id IS NULL OR reservation.units <> line.units)
    """,
    "a reservation belongs to a box that holds stock": """
        SELECT reservation.id::text FROM reservation JOIN box ON box.id = reservation.box
        WHERE reservation.status = 'active'
          AND box.status NOT IN ('reserved', 'charge_unknown', 'needs_authentication', 'paid', 'waived')
    """,
    "a paid box has one successful charge of its price": """
        SELECT box.id::text FROM box WHERE box.status = 'paid' AND (
            SELECT count(*) FROM charge WHERE charge.box = box.id AND charge.outcome = 'succeeded'
            AND charge.amount_minor + coalesce(charge.credit_minor, 0) = box.price_minor
            AND charge.currency = box.currency) <> 1
    """,
    "a successful charge belongs to a paid or refunded box": """
        SELECT charge.id::text FROM charge JOIN box ON box.id = charge.box
        WHERE charge.outcome = 'succeeded' AND box.status NOT IN ('paid', 'refunded')
    """,
    "nothing ships unpaid": """
        SELECT shipment.id::text FROM shipment JOIN box ON box.id = shipment.box
        WHERE box.status NOT IN ('paid', 'waived', 'refunded')
    """,
    "every posting sums to zero": """
        SELECT posting::text FROM ledger_entry GROUP BY posting, currency HAVING sum(amount_minor) <> 0
    """,
    "the provider owes us what was charged": """
        SELECT box.id::text FROM box JOIN charge ON charge.box = box.id AND charge.outcome = 'succeeded'
        WHERE box.status = 'paid' AND charge.amount_minor <> coalesce((
            SELECT sum(amount_minor) FROM ledger_entry WHERE ledger_entry.box = box.id AND account = 'provider'), 0)
    """,
    "no household's account is overdrawn": """
        SELECT household::text FROM ledger_entry WHERE account = 'credit'
        GROUP BY household, currency HAVING sum(amount_minor) > 0
    """,
    "a box takes from an account what its charge says": """
        SELECT charge.id::text FROM charge
        WHERE charge.outcome = 'succeeded' AND coalesce(charge.credit_minor, 0) <> coalesce((
            SELECT amount_minor FROM ledger_entry WHERE account = 'credit'
            AND business_key = 'box:' || charge.box || ':paid'), 0)
    """,
    "a problem is credited once, for what it says": """
        SELECT problem.id::text FROM problem WHERE -coalesce((
            SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'credit'
            AND business_key = 'problem:' || problem.id || ':credited'), 0)
            <> CASE status WHEN 'credited' THEN credit_minor ELSE 0 END
    """,
    "a box is credited no more than was paid for it": """
        SELECT box.id::text FROM box JOIN problem ON problem.box = box.id AND problem.status = 'credited'
        GROUP BY box.id HAVING sum(problem.credit_minor) > box.price_minor
    """,
    "no more units are told of than were in the box": """
        SELECT line.id::text FROM box_line line JOIN problem ON problem.box_line = line.id
             AND problem.status <> 'refused'
        GROUP BY line.id HAVING sum(problem.units) > line.units
    """,
    "every due subscription has a box once the day is closed": """
        SELECT subscription.id::text FROM subscription JOIN delivery_day day ON day.round = subscription.round
        WHERE subscription.status IN ('active', 'paused') AND day.locked_at IS NOT NULL
          AND (subscription.ends_on IS NULL OR day.delivery_on < subscription.ends_on)
          AND subscription.created_at < day.locked_at
          AND day.delivery_on >= subscription.first_delivery_on
          AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
          AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id
                          AND skip.delivery_on = day.delivery_on)
          AND NOT EXISTS (SELECT FROM box WHERE box.subscription = subscription.id AND box.delivery_day = day.id)
    """,
    "no box comes on a day that is skipped": """
        SELECT box.id::text FROM box JOIN delivery_day day ON day.id = box.delivery_day
        JOIN skip ON skip.subscription = box.subscription AND skip.delivery_on = day.delivery_on
    """,
    "the last receipt of a delivery says whether it is skipped": """
        SELECT said.number FROM (
            SELECT DISTINCT ON (subscription, delivery_on) subscription, delivery_on, deed, number
            FROM subscription_receipt WHERE deed IN ('skipped', 'skip_withdrawn', 'moved', 'move_withdrawn')
            ORDER BY subscription, delivery_on, position DESC) said
        LEFT JOIN skip ON skip.subscription = said.subscription AND skip.delivery_on = said.delivery_on
             AND skip.pause IS NULL
        WHERE (skip.id IS NOT NULL) <> (said.deed IN ('skipped', 'moved'))
    """,
    "the last receipt of a delivery says whether it is given away": """
        SELECT said.number FROM (
            SELECT DISTINCT ON (subscription, delivery_on) subscription, delivery_on, deed, number
            FROM subscription_receipt WHERE deed IN ('skipped', 'skip_withdrawn', 'moved', 'move_withdrawn', 'donated',
                                                     'donation_withdrawn')
            ORDER BY subscription, delivery_on, position DESC) said
        LEFT JOIN donation ON donation.subscription = said.subscription AND donation.delivery_on = said.delivery_on
        WHERE (donation.id IS NOT NULL) <> (said.deed = 'donated')
    """,
    "a box that was moved is skipped on its own day": """
        SELECT move.id::text FROM box_move move WHERE NOT EXISTS (
            SELECT FROM skip WHERE skip.subscription = move.subscription AND skip.delivery_on = move.from_on)
    """,
    "a bridge box says what it wants on each of its days": """
        SELECT box.id::text FROM box WHERE cardinality(box.need) <> box.horizon_days
    """,
    "no box holds a produce its household never wants": """
        SELECT line.id::text FROM box_line line JOIN box ON box.id = line.box
        JOIN produce ON produce.key = line.produce
        JOIN household_taste said ON said.household = box.household AND said.taste = 'never'
             AND (said.produce = line.produce OR said.family = produce.family)
        WHERE box.status = 'proposed'
    """,
    "no box holds a produce its household does without that week": """
        SELECT line.id::text FROM box_line line JOIN box ON box.id = line.box
        JOIN produce ON produce.key = line.produce JOIN delivery_day day ON day.id = box.delivery_day
        JOIN week_never said ON said.household = box.household AND said.delivery_on = day.delivery_on
             AND (said.produce = line.produce OR said.family = produce.family)
        WHERE box.status = 'proposed'
    """,
    "a report is of a line of its household and its lot": """
        SELECT report.id::text FROM report JOIN box_line line ON line.id = report.box_line
        JOIN box ON box.id = line.box JOIN delivery_day day ON day.id = box.delivery_day
        WHERE (report.household, report.lot, report.merchant, report.delivery_on)
              <> (box.household, line.lot, line.merchant, day.delivery_on)
    """,
    "what was learned of a lot has a report or a check behind it": """
        SELECT lot.id::text FROM lot WHERE lot.shift_sigma IS NOT NULL
          AND NOT EXISTS (SELECT FROM report WHERE report.lot = lot.id AND report.undone_at IS NULL)
          AND NOT EXISTS (SELECT FROM lot_check WHERE lot_check.lot = lot.id)
    """,
    "reports move meals and make none": """
        SELECT line.id::text FROM box_line line WHERE line.planned_eat IS NOT NULL
          AND (SELECT sum(n) FROM unnest(line.eat) n) > (SELECT sum(n) FROM unnest(line.planned_eat) n)
    """,
}


async def audit() -> list[Finding]:
    """Return everything that breaks an invariant at this moment."""
    findings = []
    async with connection() as c:
        for invariant, sql in INVARIANTS.items():
            findings += [Finding(invariant, row[0]) for row in await c.fetch(sql)]
    chains = await check_chains()
    findings += [Finding("every chain of receipts holds", subject) for subject in chains.broken]
    given_up = [f"{kind} {key}" for kind, key, _ in await parked_work()]
    return findings + [Finding("no work was given up", subject) for subject in given_up]
