"""All kinds of due work, in the order in which a day needs them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from pendulum import DateTime

from delivery.adapters import day_store, promise_store, wave_store
from ripeday.composition import House
from ripeday.kit.adapters import outbox
from ripeday.kit.due_work import DueKind
from subscriptions.adapters import (
    cancel_store,
    learning_store,
    notice_choice_store,
    notice_due_store,
    order_store,
    round_store,
    share_store,
    trial_store,
    waiting_store,
)

LONG_S = 300
"""Learning all lots of a produce holds many rows; nobody else need look for a while."""
PLAN_S = 60
"""So long after a worker was killed in mid-plan another begins it again."""


def due_kinds(house: House) -> tuple[DueKind, ...]:
    """Return every kind of due work with the use case that does it."""
    return (*_of_boxes(house), *_of_subscriptions(house), *_of_cutoffs(house), *_of_notices(house))


def _of_boxes(house: House) -> tuple[DueKind, ...]:
    plan, plan_asked = _by_id(house.planning.plan_day), _by_id(house.planning_again.plan_asked)
    learn, plan_moved = (
        _by_name(house.learning.learn_produce),
        _by_id(house.learning.plan_moved_boxes),
    )
    return (
        DueKind("open_days", round_store.DUE_TO_OPEN, _by_id(house.rounds.open_days)),
        DueKind("plan_day", round_store.DUE_TO_PLAN, plan, PLAN_S, is_heavy=True),
        DueKind(
            "plan_as_asked", share_store.DUE_TO_PLAN_AS_ASKED, plan_asked, PLAN_S, is_heavy=True
        ),
        DueKind("learn_produce", learning_store.DUE_TO_LEARN, learn, LONG_S),
        DueKind("plan_again", learning_store.DUE_TO_PLAN_AGAIN, plan_moved, LONG_S),
        DueKind("mend_day", promise_store.DUE_TO_MEND, _by_id(house.mending.mend_day), PLAN_S),
    )


def _of_subscriptions(house: House) -> tuple[DueKind, ...]:
    return (
        DueKind("turn_pause", order_store.DUE_TO_TURN, _by_id(house.pausing.turn)),
        DueKind("end_order", cancel_store.DUE_TO_END, _by_id(house.cancelling.end)),
        DueKind("settle_trial", trial_store.DUE_TO_SETTLE, _by_id(house.trials.settle)),
        DueKind("ask_waiting", waiting_store.DUE_TO_ASK, _by_id(house.waiting.ask)),
    )


def _of_cutoffs(house: House) -> tuple[DueKind, ...]:
    return (
        DueKind("lock_day", day_store.DUE_TO_LOCK, _by_id(house.cutoff.lock_day)),
        DueKind("reserve_day", day_store.DUE_TO_RESERVE, _by_id(house.cutoff.reserve_day), 60),
        DueKind("charge_box", day_store.DUE_TO_CHARGE, _by_id(house.cutoff.charge_box)),
        DueKind("settle_box", day_store.DUE_TO_SETTLE, _by_id(house.cutoff.settle_box), 30, 200),
        DueKind("give_up_box", day_store.DUE_TO_GIVE_UP, _by_id(house.billing.give_up), 30, 50),
        DueKind("release_day", day_store.DUE_TO_RELEASE, _by_id(house.waves.release_day)),
        DueKind("print_wave", wave_store.DUE_TO_PRINT, _by_id(house.waves.print_papers), 120),
    )


def _of_notices(house: House) -> tuple[DueKind, ...]:
    told = house.due_notices
    return (
        DueKind("preview_day", notice_due_store.DUE_TO_PREVIEW, _by_id(told.preview_day), 60),
        DueKind("remind_day", notice_due_store.DUE_TO_REMIND, _by_id(told.remind_day), 60),
        DueKind("tell_mornings", notice_due_store.DUE_TO_DIGEST, _by_id(told.tell_mornings), 60),
        DueKind("tell_recall", notice_due_store.DUE_TO_RECALL, _by_id(told.tell_recall)),
        DueKind("forget_told", notice_choice_store.DUE_TO_FORGET, _by_name(told.forget_told), 60),
        DueKind("deliver_parcel", outbox.DUE, _by_number(house.notices.deliver), 30, 20),
    )


def _by_id(use_case: Callable[..., Awaitable[Any]]) -> Callable[[str, DateTime], Awaitable[None]]:
    async def handle(key: str, now: DateTime) -> None:
        await use_case(UUID(key), now=now)

    return handle


def _by_name(
    use_case: Callable[..., Awaitable[Any]],
) -> Callable[[str, DateTime], Awaitable[None]]:
    async def handle(key: str, now: DateTime) -> None:
        await use_case(key, now=now)

    return handle


def _by_number(
    use_case: Callable[..., Awaitable[Any]],
) -> Callable[[str, DateTime], Awaitable[None]]:
    async def handle(key: str, now: DateTime) -> None:
        await use_case(int(key), now=now)

    return handle
