"""What a merchant sells: produce through the season, and box plans."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.money import Money
from ripeday.kit.text import message
from ripening.produce import sellable_keys
from subscriptions.adapters import catalog_store, rule_store, season_page, spare_store
from subscriptions.adapters.catalog_store import OfferTerms, PlanTerms
from subscriptions.adapters.catalog_tables import SeasonSource
from subscriptions.adapters.merchant_page import Shop
from subscriptions.allowance import DeliveryRule
from subscriptions.catalog_rule import plan_faults, rests_on_assumption, span_faults
from subscriptions.trial import TrialOffer


@dataclass(frozen=True, slots=True)
class OfferWish:
    """What somebody wants to offer; the last day is a day of sale."""

    produce_key: str
    starts_on: dt.date
    last_on: dt.date
    price_minor: int
    box_limit: int


@dataclass(frozen=True, slots=True)
class CatalogService:
    """Changes catalogs. `shop` is one the caller may touch, `actor` who does it."""

    async def offer(
        self, shop: Shop, catalog_id: UUID, wish: OfferWish, *, actor: UUID, now: DateTime
    ) -> UUID:
        """Put produce on sale.

        Raises
        ------
        NotFound, InvalidForm
        """
        if wish.produce_key not in sellable_keys():
            raise InvalidForm(
                [Invalid("produce_key", message("Choose one of the produce in the list."))]
            )
        terms, offer_id = _terms(shop, wish), uuid4()
        async with unit_of_work():
            await _check(shop, catalog_id, terms, but=None)
            await catalog_store.add_offer(offer_id, shop.id, catalog_id, terms)
            await _note(shop, "offer_added", offer_id, terms, actor=actor, now=now)
        return offer_id

    async def change_offer(
        self, shop: Shop, offer_id: UUID, wish: OfferWish, *, actor: UUID, now: DateTime
    ) -> None:
        """Change an offer's days, price or limit; boxes already planned keep what they have.

        Raises
        ------
        NotFound, InvalidForm
        """
        async with unit_of_work():
            offer = await season_page.offer_of(shop.id, offer_id)
            if offer is None or offer.sold.key != wish.produce_key:
                raise NotFound
            terms = _terms(shop, wish)
            await _check(shop, offer.catalog_id, terms, but=offer_id)
            await catalog_store.change_offer(shop.id, offer_id, terms)
            await _note(shop, "offer_changed", offer_id, terms, actor=actor, now=now)

    async def end_offer(
        self, shop: Shop, offer_id: UUID, *, today: dt.date, actor: UUID, now: DateTime
    ) -> None:
        """End an offer with today; one that has not begun goes altogether.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            if await season_page.offer_of(shop.id, offer_id) is None:
                raise NotFound
            ends_on = today + dt.timedelta(days=1)
            await catalog_store.end_offer(shop.id, offer_id, ends_on=ends_on)
            await audit.write(
                "offer_ended", subject="offer", subject_id=offer_id, merchant_id=shop.id,
                actor_id=actor, now=now, detail={"ends_on": ends_on},
            )  # fmt: skip

    async def add_plan(self, shop: Shop, terms: PlanTerms, *, actor: UUID, now: DateTime) -> UUID:
        """Put a box plan on sale.

        Raises
        ------
        InvalidForm
        """
        faults = plan_faults(terms.kind, terms.portions_a_day, terms.stems_a_day)
        if faults:
            raise InvalidForm(faults)
        plan_id = uuid4()
        async with unit_of_work():
            await catalog_store.add_plan(plan_id, shop.id, terms)
            await audit.write(
                "box_plan_added", subject="box_plan", subject_id=plan_id, merchant_id=shop.id,
                actor_id=actor, now=now, detail={"name": terms.name, "price_minor": terms.price_minor},
            )  # fmt: skip
        return plan_id

    async def set_plan_open(
        self, shop: Shop, plan_id: UUID, *, is_open: bool, actor: UUID, now: DateTime
    ) -> None:
        """Take a box plan off sale, or put it back; households that have it keep it.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            if not await catalog_store.set_plan_open(shop.id, plan_id, is_open=is_open):
                raise NotFound
            await audit.write(
                "box_plan_opened" if is_open else "box_plan_closed", subject="box_plan",
                subject_id=plan_id, merchant_id=shop.id, actor_id=actor, now=now,
            )  # fmt: skip

    async def set_trial(
        self, shop: Shop, plan_id: UUID, offer: TrialOffer | None, *, actor: UUID, now: DateTime
    ) -> None:
        """Offer a box plan with trial boxes from now on, or without; what was agreed with households stays.

        Raises
        ------
        NotFound, InvalidForm
        """
        async with unit_of_work():
            plans = await season_page.box_plans_of(shop.id)
            plan = next((each for each in plans if each.id == plan_id), None)
            if plan is None:
                raise NotFound
            if offer is not None and offer.price.minor >= plan.price_minor:
                usual = Money(plan.price_minor, offer.price.currency)
                said = message("A trial box costs less than {price}, the usual price.", price=usual)
                raise InvalidForm([Invalid("price", said)])
            await catalog_store.set_trial(shop.id, plan_id, offer)
            detail = (
                None
                if offer is None
                else {"n_boxes": offer.n_boxes, "price_minor": offer.price.minor}
            )
            await audit.write(
                "trial_set", subject="box_plan", subject_id=plan_id, merchant_id=shop.id, actor_id=actor, now=now,
                detail=detail,
            )  # fmt: skip

    async def set_spare(self, shop: Shop, pct: int, *, actor: UUID, now: DateTime) -> None:
        """Have the boxes planned from now on hold so many percent of their portions more, to spare."""
        async with unit_of_work():
            await spare_store.set_spare(shop.id, pct)
            await audit.write(
                "spare_set", subject="merchant", subject_id=shop.id, merchant_id=shop.id,
                actor_id=actor, now=now, detail={"pct": pct},
            )  # fmt: skip

    async def set_rule(self, shop: Shop, rule: DeliveryRule, *, actor: UUID, now: DateTime) -> None:
        """Let a rule of skips and notice hold for what is asked for from now on; what there is stays."""
        async with unit_of_work():
            await rule_store.set_rule(shop.id, rule)
            await audit.write(
                "delivery_rule_set", subject="merchant", subject_id=shop.id, merchant_id=shop.id, actor_id=actor,
                now=now, detail={
                    "skips": rule.n_skips, "in_a_row": rule.n_in_a_row, "notice_days": rule.notice_days,
                },
            )  # fmt: skip


def _terms(shop: Shop, wish: OfferWish) -> OfferTerms:
    ends_on = wish.last_on + dt.timedelta(days=1)
    is_assumed = rests_on_assumption(wish.produce_key, shop.season_region, wish.starts_on, ends_on)
    source = SeasonSource.ASSUMED if is_assumed else SeasonSource.LOCAL
    return OfferTerms(
        wish.produce_key, wish.starts_on, ends_on, wish.price_minor, wish.box_limit, source
    )


async def _check(shop: Shop, catalog_id: UUID, terms: OfferTerms, *, but: UUID | None) -> None:
    span = await catalog_store.hold_catalog(shop.id, catalog_id)
    if span is None:
        raise NotFound
    faults = span_faults(terms.starts_on, terms.ends_on, catalog=span)
    if not faults:
        other = await catalog_store.colliding_offer(catalog_id, terms, but=but)
        if other is not None:
            first, last = other[0], other[1] - dt.timedelta(days=1)
            said = message("It is already on sale from {first} to {last}.", first=first, last=last)
            faults.append(Invalid("starts_on", said))
    if faults:
        raise InvalidForm(faults)


async def _note(
    shop: Shop, action: str, offer_id: UUID, terms: OfferTerms, *, actor: UUID, now: DateTime
) -> None:
    detail = {
        "produce": terms.produce_key,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "price_minor": terms.price_minor,
        "box_limit": terms.box_limit,
    }
    await audit.write(
        action, subject="offer", subject_id=offer_id, merchant_id=shop.id, actor_id=actor, now=now, detail=detail,
    )  # fmt: skip
