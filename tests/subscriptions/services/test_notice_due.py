"""Mails that the calendar asks for: each to whoever wants it, at most once, in time or not at all."""

import datetime as dt
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import instant
from subscriptions.adapters import credit_store, notice_choice_store, notice_due_store
from subscriptions.notice.topic import Topic
from subscriptions.ports import MailUnavailable
from subscriptions.services.notice_due import DueNoticeService
from tests.market import CUTOFF, DELIVERY_ON, Market, add_box, add_lot, open_market
from tests.subscriptions.people import NOW, Door, fetch, open_door

TELLING = DueNoticeService()
ZONE = "Europe/Berlin"
A_DAY_BEFORE = CUTOFF.subtract(hours=24)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
async def door(database: str, valkey_url: str) -> AsyncIterator[Door]:
    async with Redis.from_url(valkey_url) as redis:
        yield open_door(redis)


async def planned(*, boxes: int = 1, produce: str = "kiwifruit_green") -> Market:
    m = await open_market()
    lot = await add_lot(m, produce, units=100 * boxes)
    for _ in range(boxes):
        await add_box(m, [(lot, 4)])
    await fetch("UPDATE delivery_day SET planned_at = $1 RETURNING id", NOW)
    await fetch("UPDATE person SET locale = 'en' RETURNING id")
    return m


async def person_of(box: UUID) -> UUID:
    ((person,),) = await fetch(
        "SELECT person FROM household JOIN box ON box.household = household.id WHERE box.id = $1",
        box,
    )
    return person  # type: ignore[return-value]


async def want(box: UUID, *topics: Topic, hour: int = 7, is_wanted: bool = True) -> UUID:
    person = await person_of(box)
    said = dict.fromkeys(topics, is_wanted)
    await notice_choice_store.choose(person, said, digest_minute=hour * 60, now=NOW)
    return person


async def due(sql: str, at: DateTime) -> list[UUID]:
    return [UUID(str(row[0])) for row in await fetch(sql, at)]


def morning(day: dt.date, hour: int = 7) -> DateTime:
    return instant(day, dt.time(hour), ZONE)


async def pay(m: Market) -> None:
    await fetch(
        "UPDATE box SET status = 'paid', locked_at = status_at WHERE merchant = $1 RETURNING id",
        m.merchant,
    )


async def test_a_reminder_is_due_from_a_day_before_the_cut_off_until_then(door: Door) -> None:
    m = await planned()
    second = dt.timedelta(seconds=1)
    assert await due(notice_due_store.DUE_TO_REMIND, A_DAY_BEFORE - second) == []
    assert await due(notice_due_store.DUE_TO_REMIND, A_DAY_BEFORE) == [m.day]
    assert await due(notice_due_store.DUE_TO_REMIND, CUTOFF - second) == [m.day]
    assert await due(notice_due_store.DUE_TO_REMIND, CUTOFF) == []


async def test_nobody_is_reminded_of_what_is_not_planned_yet(door: Door) -> None:
    await planned()
    await fetch("UPDATE delivery_day SET planned_at = NULL RETURNING id")
    assert await due(notice_due_store.DUE_TO_REMIND, A_DAY_BEFORE) == []
    assert await due(notice_due_store.DUE_TO_PREVIEW, NOW) == []


async def test_the_reminder_says_until_when_and_what_is_in_the_box_once(door: Door) -> None:
    m = await planned()
    assert await TELLING.remind_day(m.day, now=A_DAY_BEFORE) == 1
    assert await TELLING.remind_day(m.day, now=A_DAY_BEFORE) == 0
    assert await due(notice_due_store.DUE_TO_REMIND, A_DAY_BEFORE) == []

    assert await door.relay(now=A_DAY_BEFORE) == 1

    mail = door.mailbox.mails[-1]
    assert mail.subject.replace(NBSP, " ") == (
        "Box of Tue 1 Dec: yours to change until tomorrow, 8 pm"
    )
    assert "4 kiwifruit" in mail.text
    assert "€22.00" in mail.text
    assert mail.unsubscribe_url


@pytest.mark.parametrize(
    ("credit_minor", "said"),
    [
        (500, "After that we take €5.00 from your account and €17.00 from the card ending in"),
        (9900, "After that we take €22.00 from your account, and nothing from the card."),
    ],
)
async def test_the_reminder_says_what_the_account_pays_and_what_the_card(
    door: Door, credit_minor: int, said: str
) -> None:
    m = await planned()
    ((household,),) = await fetch("SELECT household FROM box")
    await credit_store.post(
        "gift", {"credit": -credit_minor, "expense": credit_minor}, merchant_id=m.merchant, box_id=m.boxes[0],
        household_id=household, currency="EUR", now=NOW,  # type: ignore[arg-type]
    )  # fmt: skip
    await TELLING.remind_day(m.day, now=A_DAY_BEFORE)
    await door.relay(now=A_DAY_BEFORE)
    assert said in " ".join(door.mailbox.mails[-1].text.split())


async def test_a_reminder_that_comes_too_late_is_not_sent(door: Door) -> None:
    m = await planned()
    await TELLING.remind_day(m.day, now=A_DAY_BEFORE)
    assert await door.relay(now=CUTOFF) == 0
    assert await door.relay(now=A_DAY_BEFORE) == 0


async def test_whoever_switched_it_off_hears_nothing_even_in_the_last_moment(door: Door) -> None:
    m = await planned(boxes=2)
    await want(m.boxes[0], Topic.REMINDER, is_wanted=False)
    assert await TELLING.remind_day(m.day, now=A_DAY_BEFORE) == 1
    await want(m.boxes[1], Topic.REMINDER, is_wanted=False)
    assert await door.relay(now=A_DAY_BEFORE) == 0


async def test_a_preview_comes_only_to_those_who_asked_for_it(door: Door) -> None:
    m = await planned(boxes=2)
    await want(m.boxes[1], Topic.PREVIEW)
    assert await due(notice_due_store.DUE_TO_PREVIEW, NOW) == [m.day]
    assert await TELLING.preview_day(m.day, now=NOW) == 1
    assert await due(notice_due_store.DUE_TO_PREVIEW, NOW) == []
    assert await door.relay() == 1
    assert "is planned" in door.mailbox.mails[-1].subject


async def test_what_is_needed_cannot_be_switched_off(door: Door) -> None:
    m = await planned()
    await want(
        m.boxes[0], *(topic for topic in Topic if topic is not Topic.NEEDED), is_wanted=False
    )
    async with connection() as c:
        await c.execute(
            "INSERT INTO outbox (topic, payload, dedupe_key, available_at, attempts)"
            " SELECT 'notice', jsonb_build_object('kind', kind, 'box', $1::uuid), kind, $2, 0"
            " FROM unnest($3::text[]) AS said (kind)",
            m.boxes[0], NOW, ["card_declined", "card_needs_you", "box_short", "box_paid", "box_shipped"],
        )  # fmt: skip
    assert await door.relay() == 3
    for mail in door.mailbox.mails:
        assert mail.unsubscribe_url is None
        assert "cannot be switched off" in mail.text


async def test_a_worker_killed_while_it_sends_does_not_send_twice(door: Door) -> None:
    m = await planned()
    await TELLING.remind_day(m.day, now=A_DAY_BEFORE)
    door.mailbox.trouble = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        await door.relay(now=A_DAY_BEFORE)

    assert await door.relay(now=A_DAY_BEFORE) == 0
    assert await fetch("SELECT count(*) FROM outbox WHERE done_at IS NULL") == [(0,)]


async def test_a_mail_the_server_would_not_have_yet_is_sent_later(door: Door) -> None:
    m = await planned()
    await TELLING.remind_day(m.day, now=A_DAY_BEFORE)
    door.mailbox.trouble = [MailUnavailable("451 later")]
    with pytest.raises(MailUnavailable):
        await door.relay(now=A_DAY_BEFORE)
    assert await door.relay(now=A_DAY_BEFORE) == 1


async def test_a_mail_that_may_have_left_is_not_sent_again_unless_it_is_needed(door: Door) -> None:
    m = await planned()
    await TELLING.remind_day(m.day, now=A_DAY_BEFORE)
    door.mailbox.trouble = [MailUnavailable("SMTPReadTimeoutError", may_have_left=True)]
    with pytest.raises(MailUnavailable):
        await door.relay(now=A_DAY_BEFORE)
    assert await door.relay(now=A_DAY_BEFORE) == 0


async def test_what_was_told_is_forgotten_once_nothing_can_tell_it_again(door: Door) -> None:
    m = await planned(boxes=2)
    await pay(m)

    async def put(box: UUID) -> bool:
        told, key = {"kind": "box_paid", "box": str(box)}, f"box:{box}:box_paid:1"
        return await outbox.put("notice", told, dedupe_key=key, now=NOW)

    async def told_of() -> list[tuple[object, ...]]:
        return await fetch("SELECT subject FROM notice_told")

    assert await put(m.boxes[0])
    door.mailbox.trouble = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        await door.relay()
    assert await put(m.boxes[1])
    ((parcel,),) = await fetch("SELECT max(id) FROM outbox")
    await door.notices.deliver(parcel, now=NOW)  # type: ignore[arg-type]
    soon, late = NOW.add(days=60), NOW.add(days=61)
    asked = notice_choice_store.DUE_TO_FORGET
    assert (await fetch(asked, soon), await fetch(asked, late)) == ([], [("notice_told",)])

    assert await TELLING.forget_told("notice_told", now=late) == 1

    assert await told_of() == [(str(m.boxes[0]),)], "its parcel still has to leave"
    assert await fetch(asked, late) == []
    assert await door.relay(now=late) == 0
    assert await TELLING.forget_told("notice_told", now=late) == 1
    assert [await told_of(), await put(m.boxes[0]), await put(m.boxes[1])] == [[], False, False]
    assert await door.relay(now=late) == 0


async def test_a_killed_run_leaves_nothing_half_told(door: Door) -> None:
    m = await planned(boxes=3)

    async def killed_run() -> None:
        async with unit_of_work():
            await TELLING.remind_day(m.day, now=A_DAY_BEFORE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await killed_run()
    assert await fetch("SELECT count(*) FROM outbox") == [(0,)]
    assert await TELLING.remind_day(m.day, now=A_DAY_BEFORE) == 3


async def test_the_morning_comes_at_the_hour_each_has_chosen(door: Door) -> None:
    m = await planned(boxes=2, produce="banana")
    await pay(m)
    early, late = m.boxes
    await want(early, Topic.DIGEST, hour=6)
    await want(late, Topic.DIGEST, hour=9)
    day = DELIVERY_ON.add(days=2)

    told = []
    for quarter in range(24 * 4):
        at = instant(day, dt.time(0), ZONE).add(minutes=15 * quarter)
        if await due(notice_due_store.DUE_TO_DIGEST, at):
            await TELLING.tell_mornings(m.merchant, now=at)
        if await door.relay(now=at):
            told.append((at.in_timezone(ZONE).hour, door.mailbox.mails[-1].to))
    ((first,), (second,)) = await fetch(
        "SELECT email FROM person JOIN household ON household.person = person.id"
        " JOIN box ON box.household = household.id ORDER BY box.number"
    )
    assert told == [(6, first), (9, second)]


async def test_the_morning_says_what_to_eat_and_is_silent_where_there_is_nothing(
    door: Door,
) -> None:
    m = await planned(produce="banana")
    await pay(m)
    await fetch("UPDATE box_line SET eat = '{0,0,2,0,0,0,0}' RETURNING id")
    person = await want(m.boxes[0], Topic.DIGEST)

    async def mails_on(days_on: int) -> int:
        at = morning(DELIVERY_ON.add(days=days_on))
        await TELLING.tell_mornings(m.merchant, now=at.subtract(minutes=15))
        await TELLING.tell_mornings(m.merchant, now=at)
        return await door.relay(now=at)

    assert await mails_on(0) == 1
    assert door.mailbox.mails[-1].subject == "Your box comes today."
    await fetch("UPDATE box_line SET chance_fraction = array_fill(0.9, ARRAY[14]) RETURNING id")
    assert await mails_on(1) == 0
    assert await mails_on(2) == 1
    assert "today." in door.mailbox.mails[-1].subject
    assert "banana" in door.mailbox.mails[-1].subject.lower()
    assert "Eat today\n- " in door.mailbox.mails[-1].text
    assert await mails_on(9) == 0
    await notice_choice_store.choose(person, {Topic.DIGEST: False}, digest_minute=420, now=NOW)


async def test_what_a_report_moved_shows_the_next_morning(door: Door) -> None:
    m = await planned(produce="avocado_hass")
    await pay(m)
    await want(m.boxes[0], Topic.DIGEST)
    await fetch("UPDATE box_line SET eat = '{0,0,1,0,1,0,0}' RETURNING id")
    on = DELIVERY_ON.add(days=2)
    await TELLING.tell_mornings(m.merchant, now=morning(on).subtract(minutes=15))
    await TELLING.tell_mornings(m.merchant, now=morning(on))
    await fetch("UPDATE box_line SET eat = '{0,0,0,0,2,0,0}', chance_fraction = array_fill(0.2, ARRAY[14])"
                " RETURNING id")  # fmt: skip
    assert await door.relay(now=morning(on)) == 0


async def test_a_morning_long_past_is_not_made_up_for(door: Door) -> None:
    m = await planned(produce="banana")
    await pay(m)
    await want(m.boxes[0], Topic.DIGEST)
    on = DELIVERY_ON.add(days=2)
    await TELLING.tell_mornings(m.merchant, now=morning(on).subtract(hours=1))
    assert await TELLING.tell_mornings(m.merchant, now=morning(on, hour=11)) == 0
    assert await TELLING.tell_mornings(m.merchant, now=morning(on.add(days=1), hour=6)) == 0
    assert await TELLING.tell_mornings(m.merchant, now=morning(on.add(days=1), hour=9)) == 1


async def test_mornings_of_many_take_as_many_statements_as_that_of_one(door: Door) -> None:
    m = await planned(boxes=40, produce="banana")
    await pay(m)
    for box in m.boxes:
        await want(box, Topic.DIGEST)
    on = DELIVERY_ON.add(days=2)
    await TELLING.tell_mornings(m.merchant, now=morning(on).subtract(minutes=15))
    queries = []
    async with connection() as c:
        c.add_query_logger(queries.append)
    async with unit_of_work() as c:
        c.add_query_logger(queries.append)
        assert await TELLING.tell_mornings(m.merchant, now=morning(on)) == 40
        c.remove_query_logger(queries.append)
    assert 0 < len(queries) <= 8, [query.query for query in queries]


async def recalled(m: Market, lot: UUID, *, at: DateTime) -> int:
    await fetch("UPDATE lot SET status = 'recalled' WHERE id = $1 RETURNING id", lot)
    assert await due(notice_due_store.DUE_TO_RECALL, at) == [lot]
    return await TELLING.tell_recall(lot, now=at)


async def test_a_recall_reaches_first_those_who_have_not_eaten_it_yet(door: Door) -> None:
    m = await planned(boxes=4)
    await pay(m)
    rows = {0: "{1,1,0,0,0,0,0}", 1: "{0,0,0,1,1,1,1}", 2: "{0,0,0,1,0,0,0}", 3: "{0,0,0,1,1,0,0}"}
    for place, eat in rows.items():
        await fetch(
            "UPDATE box_line SET eat = $2::text::smallint[] WHERE box = $1 RETURNING id",
            m.boxes[place],
            eat,
        )
    for place, box in enumerate(m.boxes[:3]):
        await fetch(
            "INSERT INTO shipment (id, merchant, box, serial, sscc, carrier, status, labelled_at, packed_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, 'own_van', 'packed', $5, $5) RETURNING id",
            m.merchant, box, place + 1, f"{place:018}", NOW,
        )  # fmt: skip
    at = morning(DELIVERY_ON.add(days=3), hour=10)

    assert await recalled(m, m.lots[0], at=at) == 3
    assert await TELLING.tell_recall(m.lots[0], now=at) == 0
    await door.relay(now=at)

    told = [mail.to for mail in door.mailbox.mails]
    wanted = [(await fetch("SELECT email FROM person WHERE id = $1", await person_of(m.boxes[n])))[0][0]
              for n in (1, 2, 0)]  # fmt: skip
    assert told == wanted
    texts = [mail.text for mail in door.mailbox.mails]
    assert "you still have some" in texts[0]
    assert "most likely eaten" in texts[2]
    assert all(
        "L-2200" in mail.subject and mail.unsubscribe_url is None for mail in door.mailbox.mails
    )
