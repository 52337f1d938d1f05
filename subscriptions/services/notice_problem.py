"""Writes what is told of a problem."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripening.unit import units_in_words
from subscriptions.adapters import problem_desk
from subscriptions.adapters.notice_store import Reader
from subscriptions.notice.letter import Letter
from subscriptions.notice.problem import ProblemFacts, problem_decided
from subscriptions.problem import ProblemStatus
from subscriptions.services.notice_desk import Desk, Writer, named


async def _decided(
    desk: Desk, payload: Mapping[str, Any], _: DateTime
) -> tuple[Reader, Letter] | None:
    found = await problem_desk.problem_to_tell(UUID(payload["problem"]))
    if found is None:
        return None
    reader = Reader(found.person_id, found.email, found.locale)
    facts = ProblemFacts(
        merchant=named(reader, found.merchant, found.merchant_zh),
        amount=units_in_words(desk.profiles[found.produce_key], found.units),
        delivery_on=found.delivery_on,
        credit=found.credit,
        is_credited=found.status is ProblemStatus.CREDITED,
        answer=found.answer,
        page_url=desk.url(f"/problems/{found.line_id}"),
    )
    return reader, problem_decided(facts)


WRITERS: Mapping[str, Writer] = {"problem_decided": _decided}
