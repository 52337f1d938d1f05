"""Telling that something is wrong, and the credit for it: at once where the rule allows it, else when staff say so."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import audit, outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import local_day
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.money import Money
from ripeday.kit.text import message
from subscriptions.adapters import credit_store, problem_desk, problem_store
from subscriptions.adapters.photo import drawn_anew
from subscriptions.adapters.problem_desk import Owed, owed_for
from subscriptions.adapters.problem_store import LineToTell, ProblemToSave, ProblemView
from subscriptions.lifecycle import PACKABLE
from subscriptions.problem import (
    AlreadyDecided,
    ProblemKind,
    ReviewReason,
    Rule,
    TooLate,
    credit_of,
    last_day_to_tell,
    review_of,
)

log = structlog.get_logger("subscriptions.problem")


@dataclass(frozen=True, slots=True)
class Telling:
    """What a household tells of one line; `photo` is the file as it was sent, `try_key` is the same for one form."""

    kind: ProblemKind
    units: int
    said: str | None
    photo: bytes | None
    try_key: UUID


@dataclass(frozen=True, slots=True)
class Worth:
    """What so many units would be credited, and why somebody looks first, if so."""

    units: int
    credit: Money
    review: ReviewReason | None


@dataclass(frozen=True, slots=True)
class ProblemService:
    """Takes problems, credits them, and lets staff decide the others.

    A credit and its rows in the ledger are one transaction.
    """

    async def line(
        self, person_id: UUID, line_id: UUID, *, now: DateTime, held: bool = False
    ) -> LineToTell:
        """Return a line of one's own.

        Raises
        ------
        NotFound
        """
        found = await problem_store.line_to_tell(person_id, line_id, now=now, held=held)
        if found is None:
            raise NotFound
        return found

    async def tell(
        self, person_id: UUID, line_id: UUID, telling: Telling, *, now: DateTime
    ) -> ProblemView:
        """Take a problem; what is below the merchant's limits is on the household's account at once.

        The same form sent twice is one problem.

        Raises
        ------
        NotFound, TooLate
        Invalid
            More units than are left to tell of, or a file that is no photo.
        """
        photo = None
        if telling.photo:
            photo = await asyncio.to_thread(drawn_anew, telling.photo)
        async with unit_of_work():
            line = await self.line(person_id, line_id, now=now, held=True)
            before = await problem_store.problem_by_try(person_id, telling.try_key)
            if before is not None:
                return before
            if not may_tell(line, now=now):
                raise TooLate
            if not 1 <= telling.units <= line.units - line.units_told:
                raise Invalid("units", message("Say how many, up to as many as came."))
            worth = worth_of(line, telling.units)
            problem = ProblemToSave(
                uuid4(), line, telling.kind, telling.units, telling.said, worth.credit,
                _tax_in(worth.credit, line), worth.review, telling.try_key,
            )  # fmt: skip
            await problem_store.save_problem(problem, photo, now=now)
            if worth.review is None:
                await _post(owed_for(problem), now=now)
            await _note(problem, person_id, now=now)
        log.info("problem_told", problem=str(problem.id), review=worth.review)
        told = await problem_store.problem_by_try(person_id, telling.try_key)
        if told is None:
            raise NotFound
        return told

    async def decide(
        self,
        problem_id: UUID,
        *,
        merchants: tuple[UUID, ...],
        actor_id: UUID,
        is_granted: bool,
        answer: str | None,
        now: DateTime,
    ) -> None:
        """Credit a problem that waits, or say why not; the household gets a mail.

        Raises
        ------
        NotFound
        AlreadyDecided
            Somebody has decided it already.
        Invalid
            A no without a reason.
        """
        if not is_granted and not answer:
            raise Invalid("answer", message("Write to the household why."))
        async with unit_of_work():
            waiting = await problem_desk.hold_waiting(problem_id, merchants)
            if waiting is None:
                if await problem_desk.exists(problem_id, merchants):
                    raise AlreadyDecided
                raise NotFound
            await problem_desk.decide(
                problem_id, actor_id=actor_id, is_granted=is_granted, answer=answer, now=now
            )
            if is_granted:
                await _post(waiting, now=now)
            await outbox.put(
                "notice",
                {"kind": "problem_decided", "problem": str(problem_id)},
                dedupe_key=f"problem:{problem_id}:decided",
                now=now,
            )
            await audit.write(
                "problem_credited" if is_granted else "problem_refused",
                subject="problem",
                subject_id=problem_id,
                merchant_id=waiting.merchant_id,
                actor_id=actor_id,
                now=now,
                detail={"credit_minor": waiting.credit.minor},
            )

    async def change_rule(
        self, merchant_id: UUID, rule: Rule, *, actor_id: UUID, now: DateTime
    ) -> None:
        """Change how a merchant deals with problems from now on."""
        async with unit_of_work():
            await problem_desk.save_rule(merchant_id, rule, now=now)
            await audit.write(
                "problem_rule_changed",
                subject="merchant",
                subject_id=merchant_id,
                merchant_id=merchant_id,
                actor_id=actor_id,
                now=now,
                detail={
                    "days_after": rule.days_after,
                    "at_once_pct": rule.at_once_pct,
                    "boxes_at_once": rule.boxes_at_once,
                },
            )


def may_tell(line: LineToTell, *, now: DateTime) -> bool:
    """Tell whether something wrong with a line may be told: from its delivery day on, and not too long after."""
    today = local_day(now, line.timezone)
    until = last_day_to_tell(line.delivery_on, line.eat, line.last_day, line.rule)
    return line.status in PACKABLE and line.delivery_on <= today <= until


def worth_of(line: LineToTell, units: int) -> Worth:
    """Return what so many units of a line would be credited, and whether at once."""
    upto, before = (
        credit_of(line.price, line.costs, line.place, units=n, of=line.units)
        for n in (line.units_told + units, line.units_told)
    )
    credit = min(upto - before, line.price - line.told)
    review = review_of(line.price, credit, before=line.told, n_boxes=line.n_boxes, rule=line.rule)
    return Worth(units, credit, review)


def _tax_in(credit: Money, line: LineToTell) -> Money:
    """Return the tax in a credit: the same part of it as of the box's price."""
    if not line.price.minor:
        return credit
    return credit.part(Decimal(line.tax.minor) / line.price.minor)


async def _post(owed: Owed, *, now: DateTime) -> None:
    """Post a credit: sales and tax give back what we now owe the household."""
    sides = {
        "credit": -owed.credit.minor,
        "sales": owed.credit.minor - owed.tax.minor,
        "tax": owed.tax.minor,
    }
    await credit_store.post(
        f"problem:{owed.id}:credited",
        sides,
        merchant_id=owed.merchant_id,
        box_id=owed.box_id,
        household_id=owed.household_id,
        currency=owed.credit.currency,
        now=now,
    )


async def _note(problem: ProblemToSave, person_id: UUID, *, now: DateTime) -> None:
    await audit.write(
        "problem_told",
        subject="problem",
        subject_id=problem.id,
        merchant_id=problem.line.merchant_id,
        actor_id=person_id,
        now=now,
        detail={"kind": problem.kind.value, "units": problem.units, "review": problem.review},
    )
