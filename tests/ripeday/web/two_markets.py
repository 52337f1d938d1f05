"""Two merchants side by side, somebody of every role, and what each must never read of the other."""

import re
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute

from ripeday.composition import House
from ripeday.kit.adapters.engine import connection
from subscriptions.role import Role
from tests.delivery.services.floor import MORNING, add_second_day, paid_boxes
from tests.market import Market, add_addon, add_lot, add_produce, add_stop, open_market
from tests.subscriptions.entrypoints.conftest import Browser
from tests.subscriptions.people import PASSWORD, PASSWORD_HASH, add_person, fetch

STRANGER, ANNA, BERT = "stranger", "customer A", "customer B"
PACKER, PLANNER, ADMIN = "packer", "planner", "merchant admin"
OTHER_ADMIN, PLATFORM = "other merchant's admin", "platform admin"
EVERYBODY = (STRANGER, ANNA, BERT, PACKER, PLANNER, ADMIN, OTHER_ADMIN, PLATFORM)
CUSTOMERS = frozenset({ANNA, BERT})
ADMINS = frozenset({ADMIN, OTHER_ADMIN})
PLANNERS = ADMINS | {PLANNER}
FLOOR = PLANNERS | {PACKER}

PLACES = {person: f"203.0.113.{n}" for n, person in enumerate(EVERYBODY, 1)}


@dataclass
class Side:
    """One merchant; `mark` stands in everything of it that is not for everybody, and nowhere else."""

    market: Market
    mark: str
    name: str
    things: dict[str, str] = field(default_factory=dict)
    households: list[dict[str, str]] = field(default_factory=list)

    def thing(self, name: str) -> str:
        """Return the id of something of this merchant's, or of its first household's."""
        return self.things.get(name) or self.households[0][name]


@dataclass
class Town:
    """Both merchants, the application, and a signed-in browser for everybody."""

    house: House
    app: Litestar
    ours: Side
    theirs: Side
    browsers: dict[str, Browser] = field(default_factory=dict)

    def side_of(self, person: str) -> Side:
        return self.theirs if person == OTHER_ADMIN else self.ours

    def side_across(self, person: str) -> Side:
        return self.ours if person == OTHER_ADMIN else self.theirs

    def own(self, person: str, thing: str) -> str:
        if person in CUSTOMERS:
            return self.ours.households[person == BERT].get(thing, self.ours.things.get(thing, ""))
        return self.side_of(person).thing(thing)

    def others(self, person: str, thing: str) -> str:
        if person in CUSTOMERS:
            return self.ours.households[person != BERT].get(thing, self.ours.things.get(thing, ""))
        return self.side_across(person).thing(thing)

    def never_read(self, person: str, *, is_public: bool) -> set[str]:
        """Return what no answer to a person may hold."""
        sides = {self.ours.mark: self.ours, self.theirs.mark: self.theirs}
        if person in FLOOR:
            sides.pop(self.side_of(person).mark)
        found = set(sides)
        if person in CUSTOMERS:
            neighbour = self.ours.households[person == ANNA]
            found = {self.theirs.mark, neighbour["name"], neighbour["street"], neighbour["email"]}
        return found if is_public else found | {self.side_across(person).name}

    def routes(self) -> dict[str, str]:
        """Return every (method, path) of the application that a row must be declared for."""
        return {
            f"{method} {route.path_format}": route.path_format
            for route in self.app.routes
            if isinstance(route, HTTPRoute)
            for method in route.route_handler_map
            if method not in ("OPTIONS", "HEAD")
        }

    async def token(self, person: str) -> str:
        browser = self.browsers[person]
        if "csrf" not in browser.cookies:
            await browser.get("/sign-in")
        return browser.cookies["csrf"]

    async def ask(
        self, person: str, method: str, path: str, form: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask as a browser would; what changes something brings the token of the page."""
        browser = self.browsers[person]
        if method == "GET":
            return await browser.get(path)
        return await browser.send_form(path, **(form or {}))


async def open_side(house: House, slug: str, mark: str, name: str, prefix: str) -> Side:
    """Open a merchant with two households' paid boxes in a released wave, and a day still to be planned."""
    m = await open_market(slug=slug)
    async with connection() as c:  # no two merchants number their cases alike
        await c.execute("UPDATE merchant SET gs1_prefix = $2 WHERE id = $1", m.merchant, prefix)
    lot = await add_lot(m, "apple_fuji", units=200)
    for key in ("mandarin", "grape"):
        await add_lot(m, key, units=100)
    await add_produce("kiwifruit_green")
    coming = await add_lot(m, "banana", units=48, received=False)
    next_day = await add_second_day(m)
    await paid_boxes(m, [[(lot, 2)], [(lot, 3)]])
    side = Side(m, mark, name)
    await _mark(side)
    wave = await house.waves.release_day(
        m.day, now=MORNING, merchant_ids=(m.merchant,), actor_id=None
    )
    await house.shipping.pack(m.boxes[1:], merchant_ids=(m.merchant,), actor_id=None, now=MORNING)
    ((offer,),) = await fetch(
        "SELECT id FROM offer WHERE merchant = $1 AND produce = 'grape'", m.merchant
    )
    addon = await add_addon(m)
    known = {
        "addon": addon, "stop": await add_stop(m),
        "day": m.day, "next_day": next_day, "plan": m.plan, "offer": offer, "lot": lot, "coming": coming,
        "wave": wave, "slug": slug, "box": m.boxes[0], "merchant": m.merchant, "depot": m.depot,
        "grower": m.grower, "place": m.place, "catalog": m.catalog,
    }  # fmt: skip
    side.things = {name: str(value) for name, value in known.items()}
    side.households = await _households(side)
    await _problems(side)
    return side


async def _mark(side: Side) -> None:
    mark, merchant = side.mark, side.market.merchant
    async with connection() as c:
        for sql in (
            f"UPDATE grower SET name = '{mark} Farm' WHERE merchant = $1",
            f"UPDATE depot SET name = '{mark} Depot', name_zh = '{mark}仓' WHERE merchant = $1",
            f"UPDATE lot SET code = '{mark[:2].upper()}{mark}-' || right(code, 2) WHERE merchant = $1",
            f"UPDATE place SET code = '{mark}-1' WHERE merchant = $1",
            f"UPDATE household SET street = '{mark}weg' || right(name, 2) WHERE merchant = $1",
            f"UPDATE household SET name = '{mark}' || right(name, 2) WHERE merchant = $1",
            f"UPDATE delivery_round SET name = '{mark} City', name_zh = '{mark}市' WHERE merchant = $1",
        ):
            await c.execute(sql, merchant)
        await c.execute(
            "UPDATE merchant SET name = $2, name_zh = $2 WHERE id = $1", merchant, side.name
        )


async def _households(side: Side) -> list[dict[str, str]]:
    rows = await fetch(
        "SELECT subscription.id, household.person, household.name, household.street, household.id, box.id,"
        " (SELECT id FROM box_line WHERE box_line.box = box.id ORDER BY id LIMIT 1)"
        " FROM subscription JOIN box ON box.subscription = subscription.id"
        " JOIN household ON household.id = subscription.household WHERE subscription.merchant = $1"
        " ORDER BY subscription.created_at",
        side.market.merchant,
    )
    found = []
    for n, (subscription, person, name, street, household, box, line) in enumerate(rows):
        email = f"{side.mark}.{n}@example.org".lower()
        async with connection() as c:
            await c.execute(
                "UPDATE person SET email = $2, name = $3, password_hash = $4, locale = 'en' WHERE id = $1",
                person, email, name, PASSWORD_HASH,
            )  # fmt: skip
        found.append(
            {"subscription": str(subscription), "name": str(name), "street": str(street), "email": email,
             "household": str(household), "box": str(box), "line": str(line)}
        )  # fmt: skip
    return found


async def _problems(side: Side) -> None:
    """Have each household tell of a problem, with a photo, that waits for the merchant's staff."""
    for household in side.households:
        problem, photo = uuid4(), uuid4()
        await fetch(
            "INSERT INTO problem (id, merchant, household, box, box_line, lot, kind, units, said, credit_minor,"
            " tax_minor, currency, status, review_reason, try_key, reported_at)"
            " SELECT $1, line.merchant, box.household, box.id, line.id, line.lot, 'spoiled', 1, $4, 90, 6, 'EUR',"
            " 'review', 'often', $2, $5 FROM box_line line JOIN box ON box.id = line.box WHERE line.id = $3"
            " RETURNING id",
            problem, uuid4(), UUID(household["line"]), f"brown, says {household['name']}", MORNING,
        )  # fmt: skip
        await fetch(
            "INSERT INTO problem_photo (id, problem, content, width_px, height_px, kept_at)"
            " VALUES ($1, $2, 'x', 1, 1, $3) RETURNING id",
            photo, problem, MORNING,
        )  # fmt: skip
        household |= {"problem": str(problem), "photo": str(photo)}


async def add_staff(town: Town) -> dict[str, str]:
    """Add somebody of every role; returns their addresses."""
    ours, theirs = town.ours.market.merchant, town.theirs.market.merchant
    addresses = {
        ANNA: town.ours.households[0]["email"],
        BERT: town.ours.households[1]["email"],
    }
    grants: tuple[tuple[str, Role, UUID | None], ...] = (
        (PACKER, Role.PACKER, ours), (PLANNER, Role.PLANNER, ours), (ADMIN, Role.MERCHANT_ADMIN, ours),
        (OTHER_ADMIN, Role.MERCHANT_ADMIN, theirs), (PLATFORM, Role.PLATFORM_ADMIN, None),
    )  # fmt: skip
    for person, role, merchant in grants:
        mark = {ours: town.ours.mark, theirs: town.theirs.mark}.get(merchant, "root")
        addresses[person] = f"{mark}.{role.value}@example.org".lower()
        person_id = await add_person(
            addresses[person], (role, merchant), name=f"{mark} {role.value}"
        )
        town.side_of(person).things[f"person:{person}"] = str(person_id)
    return addresses


async def sign_everybody_in(town: Town, addresses: dict[str, str]) -> None:
    for person, address in addresses.items():
        answer = await town.browsers[person].sign_in(address, PASSWORD)
        assert answer.status_code == 303, (person, answer.text)


async def fingerprints(merchant: UUID | None = None) -> dict[str, str]:
    """Return a digest of each table, of one merchant's rows or of all."""
    sql = (
        "SELECT table_name, bool_or(column_name = 'merchant') FROM information_schema.columns"
        " WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name"
    )
    found = {}
    async with connection() as c:
        for table, has_merchant in await c.fetch(sql):
            if merchant is not None and not has_merchant:
                continue
            where = f"WHERE t.merchant = '{merchant}'" if merchant else ""
            found[table] = await c.fetchval(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t {where}"
            )
    return found


def comparable(answer: httpx.Response, *known: str) -> str:
    """Return an answer without what differs from request to request: ids asked for, request id, token."""
    text = f"{answer.status_code} {answer.headers.get('content-type')} {answer.text}"
    for each in known:
        text = text.replace(each, "ID")
    text = text.replace(answer.headers["x-request-id"], "REQUEST")
    return re.sub(r'name="_csrf_token" value="[^"]*"', "", text)
