"""Something wrong with what came: the credit, the books, the next charge, and the hands it passes through."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from pendulum import DateTime

from delivery.services.cutoff import CutoffService
from delivery.services.supply import StockSupply
from ripeday.audit import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.money import Money
from subscriptions.adapters import credit_store
from subscriptions.adapters.problem_store import ProblemView
from subscriptions.ports import ChargeOutcome, ChargeReceipt, ChargeRequest
from subscriptions.problem import AlreadyDecided, ProblemKind, ProblemStatus, Rule, TooLate
from subscriptions.services.billing import BillingService
from subscriptions.services.problem import ProblemService, Telling
from tests.bank import Bank
from tests.delivery.services.floor import add_second_day, paid
from tests.market import AFTER, CUTOFF, Market, add_box, add_lot, open_market
from tests.subscriptions.people import add_person, fetch

pytestmark = pytest.mark.usefixtures("database")
NOON = AFTER.add(days=1, hours=16)
"""Tuesday 1 December, when the box has come."""
NEXT = AFTER.add(days=7)


@dataclass
class Till(Bank):
    """A bank that remembers what it was asked for."""

    asked: list[int] = field(default_factory=list)

    async def charge(self, request: ChargeRequest, *, idempotency_key: str) -> ChargeReceipt:
        self.asked.append(request.amount.minor)
        return await super().charge(request, idempotency_key=idempotency_key)


@dataclass
class Street:
    """A household with a paid box of apples (cheap, 4) and grapes (dear, 2)."""

    market: Market
    person: UUID
    household: UUID
    apples: UUID
    grapes: UUID
    problems: ProblemService = field(default_factory=ProblemService)

    async def tell(
        self, line: UUID, units: int = 1, *, now: DateTime = NOON, key: UUID | None = None
    ) -> ProblemView:
        telling = Telling(ProblemKind.SPOILED, units, None, None, key or uuid4())
        return await self.problems.tell(self.person, line, telling, now=now)

    async def balance(self) -> int:
        return (await credit_store.balance(self.household, "EUR")).minor


@pytest.fixture
async def street() -> Street:
    m = await open_market()
    apples, grapes = (
        await add_lot(m, "apple_fuji", units=100),
        await add_lot(m, "grape", units=100),
    )
    await fetch("UPDATE lot SET unit_cost_minor = 25 WHERE id = $1 RETURNING id", apples)
    await fetch("UPDATE lot SET unit_cost_minor = 150 WHERE id = $1 RETURNING id", grapes)
    await add_box(m, [(apples, 4), (grapes, 2)])
    await paid(m)
    ((person, household),) = await fetch("SELECT person, id FROM household")
    lines = dict(await fetch("SELECT lot, id FROM box_line"))  # type: ignore[arg-type]
    return Street(m, person, household, lines[apples], lines[grapes])  # type: ignore[arg-type]


async def ledger() -> dict[str, int]:
    rows = await fetch(
        "SELECT account, sum(amount_minor)::bigint FROM ledger_entry GROUP BY account"
    )
    return dict(rows)  # type: ignore[arg-type]


async def test_an_item_is_credited_at_once_and_the_books_balance(street: Street) -> None:
    before = await ledger()

    told = await street.tell(street.apples, 1)

    assert (told.status, told.credit) == (ProblemStatus.CREDITED, Money(138, "EUR"))
    assert await street.balance() == 138
    after = await ledger()
    assert after["credit"] == -138
    assert sum(after.values()) == 0
    assert after["provider"] == before["provider"] == 2200
    assert after["sales"] + after["tax"] - before["sales"] - before["tax"] == 138
    assert after["tax"] - before["tax"] == round(138 * -before["tax"] / 2200)
    assert await audit() == []


async def test_one_form_sent_twice_at_once_is_one_credit(street: Street) -> None:
    key = uuid4()

    told = await asyncio.gather(*(street.tell(street.apples, key=key) for _ in range(6)))

    assert len({each.id for each in told}) == 1
    assert await street.balance() == 138
    assert await audit() == []


async def test_no_more_can_be_told_of_than_came_even_at_once(street: Street) -> None:
    answers = await asyncio.gather(
        *(street.tell(street.apples, 2) for _ in range(5)), return_exceptions=True
    )

    assert sum(isinstance(each, Invalid) for each in answers) == 3
    ((units,),) = await fetch("SELECT sum(units)::int FROM problem")
    assert units == 4
    assert await audit() == []


@pytest.mark.parametrize("units", [0, 3, -1, 10_000])
async def test_an_absurd_number_is_refused_and_changes_nothing(street: Street, units: int) -> None:
    with pytest.raises(Invalid):
        await street.tell(street.grapes, units)

    assert await fetch("SELECT 1 FROM problem") == []
    assert await street.balance() == 0


async def test_much_of_a_box_waits_for_staff_who_credit_it_once(street: Street) -> None:
    told = await street.tell(street.grapes, 2)
    assert told.status is ProblemStatus.REVIEW
    assert await street.balance() == 0
    clerk = await add_person("clerk@example.org")

    async def decide(*, is_granted: bool) -> None:
        await street.problems.decide(
            told.id, merchants=(street.market.merchant,), actor_id=clerk, is_granted=is_granted,
            answer="Sorry for that", now=NOON,
        )  # fmt: skip

    answers = await asyncio.gather(
        *(decide(is_granted=granted) for granted in (True, True, True)), return_exceptions=True
    )

    assert sorted(map(type, answers), key=str) == sorted(
        [type(None), AlreadyDecided, AlreadyDecided], key=str
    )
    assert await street.balance() == 1650
    with pytest.raises(AlreadyDecided):
        await decide(is_granted=False)
    ((payload,),) = await fetch(
        "SELECT payload->>'kind' FROM outbox WHERE dedupe_key LIKE 'problem:%'"
    )
    assert payload == "problem_decided"
    assert await audit() == []


async def test_a_no_needs_a_reason_and_frees_the_units_again(street: Street) -> None:
    told = await street.tell(street.grapes, 2)
    clerk, merchants = await add_person("clerk@example.org"), (street.market.merchant,)
    with pytest.raises(Invalid):
        await street.problems.decide(
            told.id, merchants=merchants, actor_id=clerk, is_granted=False, answer=None, now=NOON
        )
    await street.problems.decide(
        told.id, merchants=merchants, actor_id=clerk, is_granted=False, answer="They look fine", now=NOON
    )  # fmt: skip

    assert await street.balance() == 0
    assert (await street.tell(street.grapes, 1)).status is ProblemStatus.CREDITED
    assert await audit() == []


async def test_other_shops_staff_find_no_such_problem(street: Street) -> None:
    told = await street.tell(street.grapes, 2)

    with pytest.raises(NotFound):
        await street.problems.decide(
            told.id, merchants=(uuid4(),), actor_id=street.person, is_granted=True, answer=None, now=NOON
        )  # fmt: skip

    assert await street.balance() == 0


async def test_what_is_credited_often_waits_for_staff(street: Street) -> None:
    await street.problems.change_rule(
        street.market.merchant, Rule(2, 50, 0), actor_id=street.person, now=NOON
    )

    assert (await street.tell(street.apples)).status is ProblemStatus.REVIEW


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (AFTER.add(hours=10), False),
        (NOON, True),
        (CUTOFF.add(days=14), False),
    ],
)
async def test_it_may_be_told_from_the_delivery_day_until_the_window_closes(
    street: Street, now: DateTime, *, may: bool
) -> None:
    if may:
        assert await street.tell(street.apples, now=now)
        return
    with pytest.raises(TooLate):
        await street.tell(street.apples, now=now)


async def second_box(street: Street, till: Till) -> UUID:
    """Close a second box of the household a week later and charge it."""
    m = street.market
    day = await add_second_day(m)
    (first,) = m.boxes
    ((lot,),) = await fetch("SELECT id FROM lot WHERE produce = 'apple_fuji'")
    box = uuid4()
    await fetch(
        "INSERT INTO box (id, merchant, delivery_day, subscription, household, number, kind, portions_a_day,"
        " stems_a_day, horizon_days, status, price_minor, tax_minor, currency, status_at)"
        " SELECT $1, merchant, $2, subscription, household, number, kind, portions_a_day, stems_a_day, horizon_days,"
        " 'proposed', price_minor, tax_minor, currency, status_at FROM box WHERE id = $3 RETURNING id",
        box, day, first,
    )  # fmt: skip
    await fetch(
        "INSERT INTO box_line (id, merchant, box, lot, produce, units, mode, ready_day, last_day, eat,"
        " chance_fraction, best_fraction) SELECT gen_random_uuid(), merchant, $1, lot, produce, 1, mode, ready_day,"
        " last_day, eat, chance_fraction, best_fraction FROM box_line WHERE box = $2 AND lot = $3 RETURNING id",
        box, first, lot,
    )  # fmt: skip
    service = CutoffService(BillingService(till, StockSupply()))  # type: ignore[arg-type]
    await service.lock_day(day, now=CUTOFF.add(days=7))
    await service.reserve_day(day, now=NEXT)
    await service.charge_box(box, now=NEXT)
    return box


async def test_a_credit_comes_off_the_next_charge_by_itself(street: Street) -> None:
    await street.tell(street.apples, 2)
    till = Till()

    box = await second_box(street, till)

    assert till.asked == [2200 - 275]
    assert await street.balance() == 0
    rows = await fetch("SELECT amount_minor, credit_minor FROM charge WHERE box = $1", box)
    assert rows == [(1925, 275)]
    assert sum((await ledger()).values()) == 0
    assert (await ledger())["provider"] == 2200 + 1925
    assert await audit() == []


async def test_a_card_is_never_asked_for_less_than_the_provider_takes(street: Street) -> None:
    await give(street, 5000)
    till = Till()

    await second_box(street, till)

    assert till.asked == [50]
    assert await street.balance() == 5000 - 2150


async def give(street: Street, minor: int) -> None:
    """Put money on the household's account by the ledger alone."""
    async with unit_of_work():
        await credit_store.post(
            f"gift:{uuid4()}", {"credit": -minor, "sales": minor}, merchant_id=street.market.merchant,
            box_id=street.market.boxes[0], household_id=street.household, currency="EUR", now=NOON,
        )  # fmt: skip


async def test_a_declined_card_leaves_the_account_as_it_was(street: Street) -> None:
    await street.tell(street.apples, 2)
    till = Till(answers={"pm_1": ChargeOutcome.DECLINED})
    await fetch("UPDATE subscription SET provider_payment_method = 'pm_1' RETURNING id")

    await second_box(street, till)

    assert await street.balance() == 275
    assert sum((await ledger()).values()) == 0
    assert await audit() == []


async def test_somebody_elses_line_is_like_none(street: Street) -> None:
    telling = Telling(ProblemKind.MISSING, 1, None, None, uuid4())

    with pytest.raises(NotFound):
        await street.problems.tell(uuid4(), street.apples, telling, now=NOON)
