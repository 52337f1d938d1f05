"""A standing order and its deliveries: which come, which do not, and what may still be done about each. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.money import Money
from subscriptions.addon import AddonLine, Riding
from subscriptions.allowance import Allowance, DeliveryRule, Season, allowance
from subscriptions.box_state import BoxState, state_of
from subscriptions.cutoff import DatedDelivery, RoundRule, dated
from subscriptions.lifecycle import CHANGEABLE, BoxStatus, PlanKind, SubscriptionStatus
from subscriptions.skipping import due_deliveries, n_skipped_next
from subscriptions.trial import Trial, price_of

SHOWN = 8
LASTS_MOST_DAYS = 14
"""No box is planned for longer."""


@dataclass(frozen=True, slots=True)
class Order:
    """A subscription of a person: what it costs a box, when it is due, and what its merchant lets be done.

    Its rhythm counts from `first_delivery_on`; a new rhythm has another. `season_edges` are the days on which
    seasons begin or end. From `ends_on` on nothing comes.
    """

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    round_id: UUID
    household_id: UUID
    status: SubscriptionStatus
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    cadence_weeks: int
    first_delivery_on: dt.date
    ends_on: dt.date | None
    price: Money
    rule: RoundRule
    lets: DeliveryRule
    season_edges: tuple[dt.date, ...]
    merchant_name: str
    merchant_name_zh: str
    plan_name: str
    plan_name_zh: str
    trial: Trial | None = None

    def plan_named(self, locale: str) -> str:
        """Return the plan's name as readers of a language know it."""
        return self.plan_name_zh if locale == "zh" else self.plan_name

    def merchant_named(self, locale: str) -> str:
        """Return the merchant's name as readers of a language know it."""
        return self.merchant_name_zh if locale == "zh" else self.merchant_name

    def season_around(self, on: dt.date) -> Season:
        """Return the season that a day lies in."""
        begun = [edge for edge in self.season_edges if edge <= on]
        to_come = [edge for edge in self.season_edges if edge > on]
        return Season(max(begun, default=None), min(to_come, default=None))


@dataclass(frozen=True, slots=True)
class DayBox:
    """A dated delivery of the order's round that has been opened, and its box if there is one.

    `stage` is the shipment's once there is one; `produce` are the keys of what is in the box. It holds `n_trial` trial
    boxes, and would cost the `usual` price without them.
    """

    delivery_day_id: UUID
    delivery_on: dt.date
    cutoff_at: DateTime
    is_locked: bool
    is_planned: bool
    box_id: UUID | None
    status: BoxStatus | None
    stage: str
    horizon_days: int | None
    price: Money | None
    produce: tuple[str, ...]
    usual: Money | None = None
    n_trial: int = 0

    @property
    def is_own(self) -> bool:
        """Whether its household has changed it itself, so that no plan touches it."""
        return self.status is BoxStatus.EDITED


@dataclass(frozen=True, slots=True)
class OpenPause:
    """A pause that has not ended: boxes come again from `until_on` on."""

    id: UUID
    from_on: dt.date
    until_on: dt.date


@dataclass(frozen=True, slots=True)
class FoodBank:
    """A stop of the order's round that gives out boxes which households do without."""

    stop_id: UUID
    name: str
    name_zh: str

    def named(self, locale: str) -> str:
        """Return its name as readers of a language know it."""
        return self.name_zh if locale == "zh" else self.name


@dataclass(frozen=True, slots=True)
class ComingDelivery:
    """A delivery that an order is due on; `lasts_until` is the last day that its box is planned for.

    It is `n_trial` trial boxes, if it comes. `state` is that of its box once there is one. Its box may have been
    `moved_to` another day, be a double one that `holds` the box of another day, too, or go to a food bank instead
    (`given_to`).
    """

    on: dt.date
    cutoff_at: DateTime
    is_open: bool
    is_skipped: bool
    is_paused: bool
    moved_to: dt.date | None
    holds: dt.date | None
    given_to: FoodBank | None
    box_id: UUID | None
    state: BoxState | None
    lasts_until: dt.date
    price: Money
    n_trial: int
    produce: tuple[str, ...]

    @property
    def is_sent(self) -> bool:
        """Whether a box will be packed and paid, as far as anybody knows, be it for its household or for others."""
        return not self.is_skipped and (self.state is None or self.state.is_coming)

    @property
    def is_coming(self) -> bool:
        """Whether a box will come to its household, as far as anybody knows."""
        return self.is_sent and self.given_to is None


@dataclass(frozen=True, slots=True)
class OrderBook:
    """An order with its deliveries that are open, and the days on which it does without.

    `skips` are by day, with the pause that they belong to; `moves` say to which day a skipped box was moved; `gifts`
    who gets the box of a day instead. A gift of a day that is skipped, too, waits until it no longer is.
    """

    order: Order
    boxes: Mapping[dt.date, DayBox]
    skips: Mapping[dt.date, UUID | None]
    pause: OpenPause | None
    moves: Mapping[dt.date, dt.date]
    gifts: Mapping[dt.date, FoodBank] = field(default_factory=dict)
    riding: Riding = field(default_factory=Riding)
    has_food_bank: bool = False

    @property
    def skipped(self) -> Collection[dt.date]:
        """Return the days skipped one by one, those of pauses not."""
        return [on for on, pause in self.skips.items() if pause is None]

    def today(self, now: DateTime) -> pendulum.Date:
        """Return the merchant's day."""
        return local_day(now, self.order.rule.timezone)

    def due(self, since: dt.date) -> Iterator[DatedDelivery]:
        """Yield the deliveries that the order is due on from a day on, skipped ones too, until it ends.

        Boxes of an earlier rhythm that are still to come are among them.
        """
        order = self.order
        coming = due_deliveries(
            order.rule,
            first_on=order.first_delivery_on,
            cadence_weeks=order.cadence_weeks,
            since=since,
        )
        for delivery in chain(self._of_earlier_rhythm(since), coming):
            if order.ends_on is not None and delivery.delivery_on >= order.ends_on:
                return
            yield delivery

    def _of_earlier_rhythm(self, since: dt.date) -> Iterator[DatedDelivery]:
        rule, first_on = self.order.rule, self.order.first_delivery_on
        for on, box in sorted(self.boxes.items(), key=_day):
            if since <= on < first_on and box.status is not None and on.weekday() == rule.weekday:
                yield dated(rule, on)

    def due_on(self, on: dt.date) -> DatedDelivery | None:
        """Return the delivery of a day, None when the order is not due on it."""
        found = next(self.due(on), None)
        return found if found is not None and found.delivery_on == on else None

    def cutoff_of(self, delivery: DatedDelivery) -> DateTime:
        """Return until when a delivery may change; what was fixed when it was opened goes first."""
        box = self.boxes.get(delivery.delivery_on)
        return delivery.cutoff_at if box is None else box.cutoff_at

    def is_open(self, delivery: DatedDelivery, now: DateTime) -> bool:
        """Tell whether a delivery may still change: at the cut-off itself it is too late."""
        box = self.boxes.get(delivery.delivery_on)
        if box is None:
            return now < delivery.cutoff_at
        may_change = box.status is None or box.status in CHANGEABLE
        return may_change and not box.is_locked and now < box.cutoff_at

    def may_change(self, on: dt.date) -> bool:
        """Tell whether the order runs on a day: of a paused one, the deliveries after its pause do."""
        if self.order.status is SubscriptionStatus.PAUSED:
            return self.pause is not None and on >= self.pause.until_on
        return self.order.status is SubscriptionStatus.ACTIVE

    def open_from(self, now: DateTime, since: dt.date | None = None) -> Iterator[DatedDelivery]:
        """Yield the deliveries that may still change, from today or a later day on, skipped ones too."""
        for delivery in self.due(since or self.today(now)):
            if self.is_open(delivery, now):
                yield delivery

    def price_on(self, on: dt.date) -> Money:
        """Return what the delivery of a day costs, with what rides along."""
        return sum((line.price for line in self.riding_on(on)), self.box_price_on(on))

    def riding_on(self, on: dt.date) -> tuple[AddonLine, ...]:
        """Return what rides along and is not part of a box's price yet; nothing with one that is given away."""
        box = self.boxes.get(on)
        is_closed = box is not None and box.status is not None and box.status not in CHANGEABLE
        return () if is_closed or on in self.gifts else self.riding.lines_on(on)

    def box_price_on(self, on: dt.date) -> Money:
        """Return what the box of a day costs; once it is closed, with what rides along in it."""
        box = self.boxes.get(on)
        if box is None or box.price is None:
            return self.whole_price_on(on)
        if self.n_trial_on(on) == box.n_trial:
            return box.price
        # Something may have been left out of it, so that it costs only a part of that.
        usual = self.order.price.minor * self.n_boxes_on(on)
        return self.whole_price_on(on).part(Decimal((box.usual or box.price).minor) / usual)

    def whole_price_on(self, on: dt.date) -> Money:
        """Return what a box of a day costs that nothing was left out of."""
        trial = self.order.trial.price if self.order.trial else None
        n_boxes, n_trial = self.n_boxes_on(on), self.n_trial_on(on)
        return price_of(self.order.price, trial, n_boxes=n_boxes, n_trial=n_trial)

    def n_boxes_on(self, on: dt.date) -> int:
        """Return how many boxes come together on a day, if any does."""
        return 1 if self.held_on(on) is None else 2

    def n_trial_on(self, on: dt.date) -> int:
        """Return how many trial boxes the delivery of a day is, if it comes: the first that come are."""
        trial, box = self.order.trial, self.boxes.get(on)
        if box is not None and box.status is not None and box.status not in CHANGEABLE:
            return box.n_trial
        if trial is None:
            return 0
        left = trial.n_left
        for delivery in self.due(min(self.boxes, default=self.order.first_delivery_on)):
            if left <= 0 or delivery.delivery_on >= on:
                break
            left -= self._n_open_on(delivery.delivery_on)
        return max(0, min(left, self.n_boxes_on(on)))

    def _n_open_on(self, on: dt.date) -> int:
        """Return how many boxes of a day come and have not closed."""
        box = self.boxes.get(on)
        if box is not None and box.status is not None:
            is_closed = box.status not in CHANGEABLE
        else:
            is_closed = box is not None and box.is_locked
        return 0 if is_closed or on in self.skips else self.n_boxes_on(on)

    def next_price(self, delivery: DatedDelivery | None) -> Money:
        """Return what the next box costs, or any, where none is to come."""
        return self.order.price if delivery is None else self.box_price_on(delivery.delivery_on)

    def held_on(self, on: dt.date) -> dt.date | None:
        """Return the day whose box comes together with the one of a day, if one does."""
        return next((day for day, to_on in self.moves.items() if to_on == on), None)

    def allowance(self, on: dt.date) -> Allowance:
        """Return what is left of the skips of the season that a day lies in."""
        return allowance(self.order.lets, self.order.season_around(on), self.skipped)

    def lasts_days(self, on: dt.date, *, also: Collection[dt.date] = ()) -> int:
        """Return for how many days the box of a day is planned; `also` are days skipped besides."""
        own = min(LASTS_MOST_DAYS, 7 * self.order.cadence_weeks)
        if self.order.kind is PlanKind.FLOWER or on in self.gifts:
            return own
        n = n_skipped_next(on, self.order.cadence_weeks, {*self.skips, *self.gifts, *also})
        return min(LASTS_MOST_DAYS, 7 * self.order.cadence_weeks * (1 + n))

    def comes(self, delivery: DatedDelivery, now: DateTime) -> bool:
        """Tell whether a delivery brings its household a box, as far as anybody knows."""
        return self._coming(delivery, now).is_coming

    def is_sent(self, delivery: DatedDelivery, now: DateTime) -> bool:
        """Tell whether a box is packed and paid for a delivery, be it one that is given away."""
        return self._coming(delivery, now).is_sent

    def coming(self, now: DateTime) -> list[ComingDelivery]:
        """Return the next deliveries from today on, skipped ones too."""
        found = [self._coming(each, now) for each in islice(self.due(self.today(now)), SHOWN)]
        has_ended = self.order.status is SubscriptionStatus.CANCELLED
        return [each for each in found if each.state is not None or not has_ended]

    def next_box(
        self,
        now: DateTime,
        *,
        without: Collection[dt.date] = (),
        besides: Collection[dt.date] = (),
        after: dt.date | None = None,
    ) -> DatedDelivery | None:
        """Return the next delivery after today, or a later day, that brings a box if some were skipped, others not."""
        since = max(self.today(now), after or dt.date.min) + dt.timedelta(days=1)
        for delivery in islice(self.due(since), 2 * 53):
            on = delivery.delivery_on
            is_skipped = on in without or (on in self.skips and on not in besides)
            if (
                not is_skipped
                and on not in self.gifts
                and (on in besides or self.comes(delivery, now))
            ):
                return delivery
        return None

    def box_before(self, on: dt.date, now: DateTime) -> DatedDelivery | None:
        """Return the last delivery before a day that brings a box, from today on."""
        found = None
        for delivery in self.due(self.today(now)):
            if delivery.delivery_on >= on:
                break
            if self.comes(delivery, now):
                found = delivery
        return found

    def _coming(self, delivery: DatedDelivery, now: DateTime) -> ComingDelivery:
        on, box = delivery.delivery_on, self.boxes.get(delivery.delivery_on)
        lasts = self.lasts_days(on)
        state = None
        if box is not None and box.status is not None:
            state = state_of(box.status, box.stage, cutoff_at=box.cutoff_at, now=now)
            lasts = box.horizon_days or lasts
        return ComingDelivery(
            on=on,
            cutoff_at=self.cutoff_of(delivery),
            is_open=self.may_change(on) and self.is_open(delivery, now),
            is_skipped=on in self.skips,
            is_paused=self.skips.get(on) is not None,
            moved_to=self.moves.get(on),
            holds=self.held_on(on),
            given_to=self.gifts.get(on),
            box_id=None if box is None else box.box_id,
            state=state,
            lasts_until=on.add(days=lasts - 1),
            price=self.price_on(on),
            n_trial=self.n_trial_on(on),
            produce=() if box is None else box.produce,
        )


def _day(entry: tuple[dt.date, DayBox]) -> dt.date:
    return entry[0]
