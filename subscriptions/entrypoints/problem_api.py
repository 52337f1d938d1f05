"""Telling that something is wrong, for programs: the same rule, the same credit."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct
from pendulum import DateTime

from subscriptions.adapters import problem_store
from subscriptions.adapters.photo import MOST_BYTES
from subscriptions.adapters.problem_store import LineToTell, ProblemView
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.problem_controller import read_telling
from subscriptions.problem import last_day_to_tell
from subscriptions.role import Identity
from subscriptions.services.problem import ProblemService, may_tell, worth_of

Who = NamedDependency[Identity]
Problems = NamedDependency[ProblemService]
Now = NamedDependency[DateTime]


class WorthDocument(Struct, frozen=True):
    """What so many units would be credited; `at_once` unless staff look first, and then why."""

    units: int
    credit_minor: int
    at_once: bool
    review: str | None


class ProblemDocument(Struct, frozen=True):
    """A problem: `status` is credited, review or refused; the credit includes the tax."""

    id: UUID
    kind: str
    units: int
    credit_minor: int
    currency: str
    status: str
    answer: str | None
    reported_at: dt.datetime


class TellDocument(Struct, frozen=True):
    """What may be told of a line until when, what it is worth by units, and what was told before."""

    line: UUID
    may_tell: bool
    until: dt.date
    currency: str
    worth: list[WorthDocument]
    problems: list[ProblemDocument]


class ProblemApiController(Controller):
    """Problems of one's own box lines."""

    path = "/api/v1/lines/{line_id:uuid}/problems"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="What telling of a problem with this line would be credited")
    async def look(
        self, *, line_id: FromPath[UUID], identity: Who, problems: Problems, now: Now
    ) -> TellDocument:
        """Return it for a line of your own; 404 for somebody else's."""
        line = await problems.line(identity.person_id, line_id, now=now)
        return await _document(identity, line, now=now)

    @post("/", status_code=200, request_max_body_size=MOST_BYTES + 100_000, summary="Tell it")
    async def tell(
        self,
        request: Request[Any, Any, Any],
        *,
        line_id: FromPath[UUID],
        identity: Who,
        problems: Problems,
        now: Now,
    ) -> TellDocument:
        """Take `kind`, `units`, and if you like `said`, `photo` and `try`, as a form; the same `try` is one problem."""
        telling = await read_telling(await request.form())
        await problems.tell(identity.person_id, line_id, telling, now=now)
        line = await problems.line(identity.person_id, line_id, now=now)
        return await _document(identity, line, now=now)


async def _document(identity: Identity, line: LineToTell, *, now: DateTime) -> TellDocument:
    told = await problem_store.problems_of_line(identity.person_id, line.line_id)
    worths = [worth_of(line, n) for n in range(1, line.units - line.units_told + 1)]
    return TellDocument(
        line=line.line_id,
        may_tell=may_tell(line, now=now) and bool(worths),
        until=last_day_to_tell(line.delivery_on, line.eat, line.last_day, line.rule),
        currency=line.price.currency,
        worth=[WorthDocument(w.units, w.credit.minor, w.review is None, w.review) for w in worths],
        problems=[_problem(each) for each in told],
    )


def _problem(view: ProblemView) -> ProblemDocument:
    return ProblemDocument(
        view.id, view.kind.value, view.units, view.credit.minor, view.credit.currency,
        view.status.value, view.answer, view.reported_at,
    )  # fmt: skip
