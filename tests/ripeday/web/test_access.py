"""Every route of the house, tried by everybody, with ids of their own, of others, and of nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.ripeday.web.form_table import filled
from tests.ripeday.web.two_markets import (
    ADMINS,
    CUSTOMERS,
    EVERYBODY,
    FLOOR,
    OTHER_ADMIN,
    PLANNERS,
    STRANGER,
    Town,
    comparable,
    fingerprints,
)

KNOWN = frozenset(EVERYBODY) - {STRANGER}
WORDS = {"{step}": "where", "{key}": "mandarin", "{language}": "en", "{theme}": "dark", "{file}": "labels.pdf",
         "{path}": "nothing.css", "{slug}": "greengate", "{round_id}": str(uuid4()),
         "{job}": "move-1", "{on}": "2026-12-01", "{to}": "2026-12-08", "{number}": "7F3A-21C9-K4QM"}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """Who may pass, and the thing whose id stands in the address: its parameter, and what it is an id of.

    `answers` are further statuses that are right for those who may; `query` is what a page needs to be asked with.
    """

    who: Collection[str]
    parameter: str = ""
    thing: str = ""
    answers: tuple[int, ...] = ()
    query: str = ""

    @property
    def is_public(self) -> bool:
        return len(self.who) == len(EVERYBODY)


PUBLIC = Door(EVERYBODY)
PUBLIC_NOTHING = Door(EVERYBODY, answers=(404,))
"""The address in WORDS names no file that there is."""
CATALOG, WAREHOUSE, STAFF = Door(PLANNERS), Door(FLOOR), Door(ADMINS)
MINE = Door(CUSTOMERS)
MY_BOX, MY_HOME = Door(CUSTOMERS, "box_id", "box"), Door(CUSTOMERS, "household_id", "household")
MY_ORDER = Door(CUSTOMERS, "subscription_id", "subscription")
MY_LINE = Door(CUSTOMERS, "line_id", "line")
WAVE, LOT = Door(FLOOR, "wave_id", "wave"), Door(FLOOR, "lot_id", "lot")
ADDON = Door(PLANNERS, "addon_id", "addon")
OFFER, PLAN = Door(PLANNERS, "offer_id", "offer"), Door(PLANNERS, "plan_id", "plan")
STOP = Door(PLANNERS, "stop_id", "stop")
DAY = Door(PLANNERS, "day_id", "next_day")

DOORS: dict[str, Door] = {
    "GET /health": PUBLIC,
    "GET /ready": Door(EVERYBODY, answers=(503,)),
    "GET /static/{path}": PUBLIC_NOTHING,
    "GET /schema": PUBLIC_NOTHING,
    "GET /schema/{path}": PUBLIC_NOTHING,
    "GET /schema/openapi.json": PUBLIC,
    "GET /language/{language}": PUBLIC,
    "GET /theme/{theme}": PUBLIC,
    "GET /style": PUBLIC,
    "GET /produce": PUBLIC,
    "GET /produce/{key}": PUBLIC,
    "GET /produce/{key}/card": PUBLIC,
    "GET /": PUBLIC,
    "GET /m/{slug}": PUBLIC,
    "GET /m/{slug}/area": PUBLIC,
    "GET /m/{slug}/week": PUBLIC,
    "GET /m/{slug}/subscribe": PUBLIC,
    "POST /m/{slug}/subscribe": PUBLIC,
    "POST /m/{slug}/subscribe/start": PUBLIC,
    "GET /m/{slug}/subscribe/{step}": PUBLIC,
    "POST /m/{slug}/subscribe/{step}": PUBLIC,
    "GET /m/{slug}/subscribe/done": Door(EVERYBODY, answers=(404,)),
    "GET /m/{slug}/waiting/{round_id}": PUBLIC_NOTHING,
    "POST /m/{slug}/waiting/{round_id}": PUBLIC_NOTHING,
    "GET /waiting": Door(EVERYBODY, answers=(404,), query="?token=nobodys"),
    "POST /waiting/take": PUBLIC_NOTHING,
    "POST /waiting/leave": PUBLIC_NOTHING,
    "GET /m/{slug}/subscribe/first-week/{subscription_id}": Door(
        KNOWN, "subscription_id", "subscription"
    ),
    "GET /today": MINE,
    "POST /today/jobs/{job}": MINE,
    "POST /reports/{line_id}": MY_LINE,
    "POST /reports/{line_id}/undo": MY_LINE,
    "GET /problems/{line_id}": MY_LINE,
    "POST /problems/{line_id}": Door(CUSTOMERS, "line_id", "line", answers=(409,)),
    "GET /problems/photos/{photo_id}": Door(CUSTOMERS, "photo_id", "photo"),
    "GET /api/v1/lines/{line_id}/problems": MY_LINE,
    "POST /api/v1/lines/{line_id}/problems": Door(CUSTOMERS, "line_id", "line", answers=(409,)),
    "GET /calendar": MINE,
    "GET /calendar/{on}": MINE,
    "GET /calendar/own": MINE,
    "POST /calendar/own": MINE,
    "POST /calendar/own/end": MINE,
    "GET /calendar/feed.ics": PUBLIC_NOTHING,
    "GET /api/v1/notices": MINE,
    "POST /api/v1/notices": MINE,
    "GET /api/v1/calendar": MINE,
    "POST /api/v1/calendar": MINE,
    "POST /api/v1/calendar/end": MINE,
    "GET /household/notices": MINE,
    "POST /household/notices": MINE,
    "GET /notices/stop": PUBLIC_NOTHING,
    "POST /notices/stop": PUBLIC_NOTHING,
    "POST /notices/resume": PUBLIC_NOTHING,
    "GET /boxes": MINE,
    "GET /boxes/{box_id}": MY_BOX,
    "POST /boxes/{box_id}/change": MY_BOX,
    "POST /boxes/{box_id}/undo": MY_BOX,
    "POST /boxes/{box_id}/withdraw": MY_BOX,
    "POST /boxes/{box_id}/leave": MY_BOX,
    "GET /boxes/{box_id}/swap": Door(CUSTOMERS, "box_id", "box", answers=(404,)),
    "GET /boxes/{box_id}/add": MY_BOX,
    "GET /boxes/{box_id}/confirm": MY_BOX,
    "POST /boxes/{box_id}/confirm": MY_BOX,
    "GET /boxes/{box_id}/confirm/done": MY_BOX,
    "GET /api/v1/boxes": MINE,
    "GET /api/v1/boxes/{box_id}": MY_BOX,
    "GET /api/v1/boxes/{box_id}/why": MY_BOX,
    "GET /api/v1/boxes/{box_id}/edit": MY_BOX,
    "POST /api/v1/boxes/{box_id}/edit": MY_BOX,
    "POST /api/v1/boxes/{box_id}/edit/withdraw": MY_BOX,
    "GET /api/v1/subscriptions/{subscription_id}/deliveries": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/skips/{on}": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/skips/{on}/withdraw": MY_ORDER,
    "GET /subscriptions/{subscription_id}/addons/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/addons/{on}": MY_ORDER,
    "GET /api/v1/subscriptions/{subscription_id}/addons/{on}": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/addons/{on}": MY_ORDER,
    "GET /subscriptions/{subscription_id}/skips/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/skips/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/skips/{on}/withdraw": MY_ORDER,
    "GET /subscriptions/{subscription_id}/moves/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/moves/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/moves/{on}/withdraw": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/moves/{on}/to/{to}": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/moves/{on}/withdraw": MY_ORDER,
    "GET /subscriptions/{subscription_id}/place": MY_ORDER,
    "GET /subscriptions/{subscription_id}/places/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/places/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/places/{on}/withdraw": MY_ORDER,
    "GET /api/v1/subscriptions/{subscription_id}/places/{on}": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/places/{on}": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/places/{on}/look": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/places/{on}/withdraw": MY_ORDER,
    "GET /subscriptions/{subscription_id}/donations/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/donations/{on}": MY_ORDER,
    "POST /subscriptions/{subscription_id}/donations/{on}/withdraw": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/donations/{on}": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/donations/{on}/withdraw": MY_ORDER,
    "GET /subscriptions/{subscription_id}/pause": MY_ORDER,
    "POST /subscriptions/{subscription_id}/pause": MY_ORDER,
    "POST /subscriptions/{subscription_id}/resume": MY_ORDER,
    "GET /subscriptions/{subscription_id}/rhythm": MY_ORDER,
    "POST /subscriptions/{subscription_id}/rhythm": MY_ORDER,
    "GET /api/v1/subscriptions/{subscription_id}/rhythm": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/rhythm": MY_ORDER,
    "GET /subscriptions/{subscription_id}/cancel": MY_ORDER,
    "POST /subscriptions/{subscription_id}/cancel": MY_ORDER,
    "POST /subscriptions/{subscription_id}/cancel/withdraw": MY_ORDER,
    "GET /api/v1/subscriptions/{subscription_id}/pause": Door(
        CUSTOMERS, "subscription_id", "subscription", query="?from=2026-12-08&until=2027-01-04"
    ),
    "POST /api/v1/subscriptions/{subscription_id}/pause": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/resume": MY_ORDER,
    "GET /api/v1/subscriptions/{subscription_id}/cancel": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/cancel": MY_ORDER,
    "POST /api/v1/subscriptions/{subscription_id}/cancel/withdraw": MY_ORDER,
    "GET /api/v1/receipts": MINE,
    "GET /api/v1/verify/{number}": PUBLIC_NOTHING,
    "GET /receipts": MINE,
    "GET /receipts/{number}": Door(CUSTOMERS, answers=(404,)),
    "GET /verify": PUBLIC,
    "GET /verify/{number}": PUBLIC_NOTHING,
    "GET /household": MINE,
    "GET /household/{household_id}/home": MY_HOME,
    "POST /household/{household_id}/home": MY_HOME,
    "GET /household/{household_id}/address": MY_HOME,
    "POST /household/{household_id}/address": MY_HOME,
    "GET /household/{household_id}/consent": MY_HOME,
    "POST /household/{household_id}/consent": MY_HOME,
    "GET /household/{household_id}/tastes": MY_HOME,
    "POST /household/{household_id}/tastes": MY_HOME,
    "GET /household/{household_id}/week/{on}": Door(
        CUSTOMERS, "household_id", "household", answers=(404,)
    ),
    "POST /household/{household_id}/week/{on}": Door(
        CUSTOMERS, "household_id", "household", answers=(404,)
    ),
    "GET /ratings/{box_id}": Door(CUSTOMERS, "box_id", "box", answers=(404,)),
    "POST /ratings/lines/{line_id}": Door(CUSTOMERS, "line_id", "line", answers=(404,)),
    "POST /ratings/lines/{line_id}/taste": Door(CUSTOMERS, "line_id", "line", answers=(404,)),
    "GET /api/v1/households": MINE,
    "GET /api/v1/households/{household_id}": MY_HOME,
    "POST /api/v1/households/{household_id}/home": MY_HOME,
    "POST /api/v1/households/{household_id}/tastes": MY_HOME,
    "POST /api/v1/households/{household_id}/weeks/{on}": Door(
        CUSTOMERS, "household_id", "household", answers=(404,)
    ),
    "POST /api/v1/households/{household_id}/consent": MY_HOME,
    "GET /api/v1/boxes/{box_id}/ratings": Door(CUSTOMERS, "box_id", "box", answers=(404,)),
    "POST /api/v1/lines/{line_id}/rating": Door(CUSTOMERS, "line_id", "line", answers=(404,)),
    "GET /api/v1/account/data.zip": Door(KNOWN),
    "GET /account/data": Door(KNOWN),
    "GET /account/data.zip": Door(KNOWN),
    "GET /account/delete": Door(KNOWN),
    "POST /account/delete": Door(KNOWN),
    "POST /account/delete/mail": Door(KNOWN),
    "GET /account/delete/link": Door(EVERYBODY, answers=(409,)),
    "POST /account/delete/link/use": Door(EVERYBODY, answers=(409,)),
    "GET /account/deleted": PUBLIC,
    "GET /invite": PUBLIC,
    "POST /invite": PUBLIC,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "GET /reset": PUBLIC,
    "POST /reset": PUBLIC,
    "GET /reset/link": PUBLIC,
    "POST /reset/link": PUBLIC,
    "GET /sign-in/link": PUBLIC,
    "POST /sign-in/link": PUBLIC,
    "POST /sign-in/link/use": PUBLIC,
    "GET /work": PUBLIC,
    "GET /sign-out": PUBLIC,
    "POST /sign-out": PUBLIC,
    "POST /webhooks/stripe": PUBLIC,
    "GET /merchant": CATALOG,
    "POST /merchant/switch": CATALOG,
    "GET /merchant/plan": CATALOG,
    "GET /merchant/plan/{day_id}": DAY,
    "GET /merchant/plan/{day_id}/progress": DAY,
    "POST /merchant/plan/{day_id}/again": DAY,
    "POST /merchant/plan/{day_id}/room": DAY,
    "GET /merchant/season": CATALOG,
    "GET /merchant/season/offers/new": CATALOG,
    "POST /merchant/season/offers": CATALOG,
    "GET /merchant/add-ons": CATALOG,
    "POST /merchant/add-ons": CATALOG,
    "GET /merchant/add-ons/{addon_id}": ADDON,
    "POST /merchant/add-ons/{addon_id}": ADDON,
    "POST /merchant/add-ons/{addon_id}/end": ADDON,
    "GET /merchant/season/offers/{offer_id}": OFFER,
    "POST /merchant/season/offers/{offer_id}": OFFER,
    "POST /merchant/season/offers/{offer_id}/end": OFFER,
    "GET /merchant/rule": CATALOG,
    "POST /merchant/rule": CATALOG,
    "GET /merchant/stops": CATALOG,
    "POST /merchant/stops": CATALOG,
    "GET /merchant/stops/{stop_id}": STOP,
    "POST /merchant/stops/{stop_id}": STOP,
    "POST /merchant/stops/{stop_id}/close": STOP,
    "POST /merchant/stops/{stop_id}/reopen": STOP,
    "GET /merchant/plans": CATALOG,
    "POST /merchant/plans": CATALOG,
    "POST /merchant/plans/spare": CATALOG,
    "POST /merchant/plans/{plan_id}/close": PLAN,
    "GET /merchant/plans/{plan_id}/trial": PLAN,
    "POST /merchant/plans/{plan_id}/trial": PLAN,
    "POST /merchant/plans/{plan_id}/trial/end": PLAN,
    "POST /merchant/plans/{plan_id}/reopen": PLAN,
    "GET /merchant/problems": CATALOG,
    "POST /merchant/problems/rule": CATALOG,
    "POST /merchant/problems/{problem_id}": Door(PLANNERS, "problem_id", "problem"),
    "GET /merchant/problems/photos/{photo_id}": Door(PLANNERS, "photo_id", "photo"),
    "GET /merchant/lots": CATALOG,
    "POST /merchant/lots": CATALOG,
    "GET /merchant/lots/new": CATALOG,
    "GET /merchant/lots/{lot_id}": Door(PLANNERS, "lot_id", "lot"),
    "GET /api/v1/merchant/{slug}/offers": Door(PLANNERS, "slug", "slug"),
    "GET /api/v1/merchant/days/{day_id}/progress": DAY,
    "GET /merchant/staff": STAFF,
    "POST /merchant/staff": STAFF,
    "POST /merchant/staff/remove": Door(ADMINS, answers=(404,)),
    "POST /merchant/staff/withdraw": Door(ADMINS, answers=(404,)),
    "GET /warehouse": WAREHOUSE,
    "POST /warehouse/days/{day_id}/release": Door(FLOOR, "day_id", "day"),
    "GET /warehouse/receive": WAREHOUSE,
    "GET /warehouse/receive/{lot_id}": Door(FLOOR, "lot_id", "coming"),
    "POST /warehouse/receive/{lot_id}": Door(FLOOR, "lot_id", "coming"),
    "GET /warehouse/waves/{wave_id}": WAVE,
    "GET /warehouse/waves/{wave_id}/{file}": WAVE,
    "POST /warehouse/waves/{wave_id}/print": WAVE,
    "GET /warehouse/waves/{wave_id}/pack": WAVE,
    "POST /warehouse/waves/{wave_id}/pack": WAVE,
    "GET /warehouse/waves/{wave_id}/load": WAVE,
    "POST /warehouse/waves/{wave_id}/ship": WAVE,
    "POST /warehouse/waves/{wave_id}/deliver": WAVE,
    "GET /warehouse/lots": WAREHOUSE,
    "GET /warehouse/lots/{lot_id}": LOT,
    "POST /warehouse/lots/{lot_id}/hold": LOT,
    "POST /warehouse/lots/{lot_id}/let-go": LOT,
    "POST /warehouse/lots/{lot_id}/recall": LOT,
}


def address(route: str, door: Door, id_: str = "") -> str:
    path = route.partition(" ")[2]
    if door.parameter:
        path = path.replace(f"{{{door.parameter}}}", id_)
    for word, value in WORDS.items():
        path = path.replace(word, value)
    return path


async def tried(town: Town, person: str, route: str, id_: str = "") -> httpx.Response:
    method, door = route.partition(" ")[0], DOORS[route]
    path = address(route, door, id_) + door.query
    answer = await town.ask(person, method, path, filled(route, town.side_of(person)))
    for word in town.never_read(person, is_public=door.is_public):
        assert word not in answer.text, f"{person} reads {word} at {route}"
    return answer


def is_sent_away(answer: httpx.Response) -> bool:
    leads_to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
    return answer.status_code == 401 or (answer.status_code == 303 and leads_to_sign_in)


async def test_every_route_says_who_may_pass_and_is_closed_to_others(town: Town) -> None:
    assert set(town.routes()) == set(DOORS), "declare in DOORS who may pass at a new route"
    before = await fingerprints()
    for route, door in DOORS.items():
        for person in [person for person in EVERYBODY if person not in door.who]:
            told = set()
            ids = (town.own(person, door.thing), str(uuid4())) if door.thing else ("",)
            for id_ in ids:
                answer = await tried(town, person, route, id_)
                if person == STRANGER:
                    assert is_sent_away(answer), (person, route, answer.status_code)
                else:
                    assert answer.status_code == 403, (person, route, answer.status_code)
                    told.add(comparable(answer, id_ or "-"))
            assert len(told) <= 1, f"{person} learns from {route} whether there is such a thing"
    assert await fingerprints() == before


async def test_what_belongs_to_others_is_told_like_what_is_not_there(town: Town) -> None:
    before = await fingerprints()
    for route, door in DOORS.items():
        for person in [each for each in EVERYBODY if each in door.who and door.thing]:
            if door.thing == "subscription" and person not in CUSTOMERS:
                ids = [each["subscription"] for each in town.ours.households]
            else:
                ids = [town.others(person, door.thing)]
            told = set()
            for id_ in [*ids, str(uuid4())]:
                answer = await tried(town, person, route, id_)
                assert answer.status_code == 404, (person, route, answer.status_code)
                told.add(comparable(answer, id_))
            assert len(told) == 1, f"{person} learns from {route} whether there is such a thing"
    assert await fingerprints() == before


async def test_ids_of_others_in_a_form_do_nothing(town: Town) -> None:
    before = await fingerprints()
    for route, door in DOORS.items():
        for person in [each for each in EVERYBODY if each in door.who and not door.is_public]:
            own = filled(route, town.side_of(person))
            foreign = filled(route, town.side_across(person))
            for name in [name for name in own if own[name] != foreign[name]]:
                id_ = town.own(person, door.thing) if door.thing else ""
                form = {**own, name: foreign[name]}
                answer = await town.ask(person, "POST", address(route, door, id_), form)
                if (route, name) == ("POST /merchant/season/offers/{offer_id}", "catalog"):
                    continue  # an offer stays in its own catalog, whatever a form says
                assert answer.status_code in (404, 422), (person, route, name, answer.status_code)
    after = await fingerprints()
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= {"offer", "audit_entry"}, changed
    assert await fingerprints(town.theirs.market.merchant) != {}


async def test_whoever_may_pass_does_and_touches_nobody_elses(town: Town) -> None:
    for side, people in (
        (town.theirs, [each for each in EVERYBODY if each != OTHER_ADMIN]),
        (town.ours, [OTHER_ADMIN]),
    ):
        across = await fingerprints(side.market.merchant)
        for person in people:
            n_marked = await pass_everywhere(town, person)
            assert n_marked >= 5 or person not in FLOOR, "the mark must be there to be found"
        assert await fingerprints(side.market.merchant) == across


def ends_something(door: tuple[str, Door]) -> tuple[bool, bool]:
    """Order doors so that what ends a subscription comes after what needs one, and signing out last."""
    return "sign-out" in door[0], "/cancel" in door[0]


async def pass_everywhere(town: Town, person: str) -> int:
    """Go through every door that is open to a person; returns how many answers held the mark of their merchant."""
    n_marked = 0
    for route, door in sorted(DOORS.items(), key=ends_something):
        if person not in door.who or (door.thing == "subscription" and person not in CUSTOMERS):
            continue
        own = town.own(person, door.thing) if door.thing else ""
        answer = await tried(town, person, route, own)
        n_marked += town.side_of(person).mark in answer.text
        status = answer.status_code
        if status not in door.answers:
            assert status < 500, (person, route, answer.text)
            assert status not in (403, 404), (person, route, status)
            assert door.is_public or not is_sent_away(answer), (person, route)
    return n_marked
