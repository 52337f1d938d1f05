"""What can go wrong with a subscription.

Refused
├── SignInFirst        the address belongs to somebody who has to sign in
├── RoundFull          the round carries no more boxes
├── TrialTaken         a person has one trial at a merchant
├── TrialChanged       the trial is no longer the one that was agreed
├── CardNotEntered     the provider's page was left before the card was saved
├── NotAtHome          the box that is spoken of did not come
├── PastCutoff         the box can no longer be changed
├── OverLimit          a box cannot be as it is wanted
├── BoxChanged         the box is no longer the one that was looked at
├── NoSkipsLeft        the season's skips are used up
├── TooManyInARow      more would be skipped one after the other than is let
├── CannotMove         a box cannot come together with another, or no longer by itself
├── NoFoodBank         nobody takes the box of that day
├── NotComing          the box does not come, so it cannot be given away
├── GivenAway          the box goes to a food bank, so it is not its household's to change
├── PlaceTaken         boxes of those days go to another place already
├── StopFull           the pick-up stop has no place left
├── NothingRides       no box comes that anything could ride along in
├── AddonGone          it is not to be had with any box to come
├── AddonFull          too few of it are left on a day
├── BoxesTogether      another rhythm would part boxes that come together
└── NotRunning         the subscription is paused, or has ended
"""

import datetime as dt

from ripeday.kit.errors import Refused
from ripeday.kit.text import Message, message, plural


class SignInFirst(Refused):
    """The e-mail address already belongs to a person; a subscription in their name needs them."""

    code = "sign_in_first"

    def __init__(self) -> None:
        super().__init__(
            message("This address has been here before. Sign in, then go on where you were.")
        )


class RoundFull(Refused):
    """The delivery round carries no more boxes."""

    code = "round_full"

    def __init__(self) -> None:
        super().__init__(message("This delivery day is full. Choose another day."))


class TrialTaken(Refused):
    """A person has one trial at a merchant, and has had it."""

    code = "trial_taken"

    def __init__(self) -> None:
        super().__init__(
            message("You have had your trial boxes here. Begin without a trial; nothing was charged.")
        )  # fmt: skip


class TrialChanged(Refused):
    """The merchant offers another trial than the one that was looked at, or none any more."""

    code = "trial_changed"

    def __init__(self) -> None:
        super().__init__(message("The trial of this box has just changed. Look at it again."))


class CardNotEntered(Refused):
    """The provider's page was left before the card was saved."""

    code = "card_not_entered"

    def __init__(self) -> None:
        super().__init__(message("No card was saved yet. Nothing was charged; try again."))


class NotAtHome(Refused):
    """The box did not come, so there is nothing in it to judge."""

    code = "not_at_home"

    def __init__(self) -> None:
        super().__init__(message("This box did not come, so there is nothing of it to judge."))


class PastCutoff(Refused):
    """The cut-off of the box has passed."""

    code = "past_cutoff"

    def __init__(self) -> None:
        super().__init__(
            message("This box is closed for changes. What you change now counts for the next one.")
        )


class OverLimit(Refused):
    """A box would hold what it may not, or nothing; `rule` is stable for programs."""

    code = "over_limit"

    def __init__(self, rule: str, said: Message) -> None:
        self.rule = rule
        super().__init__(said)


class BoxChanged(Refused):
    """The box was planned anew, or changed elsewhere, since it was looked at."""

    code = "box_changed"

    def __init__(self) -> None:
        super().__init__(
            message("Your box has changed since you looked at it. Look again, then change it.")
        )


class NoSkipsLeft(Refused):
    """The season's skips are used up."""

    code = "no_skips_left"

    def __init__(self, n_skips: int) -> None:
        super().__init__(
            plural(
                "The one skip of this season is used.",
                "All {n} skips of this season are used. A pause is still possible.",
                n_skips,
            )
        )


class TooManyInARow(Refused):
    """More deliveries one after the other would be skipped than the merchant lets be."""

    code = "too_many_in_a_row"

    def __init__(self, n_in_a_row: int) -> None:
        super().__init__(
            plural(
                "You can skip one delivery at a time. To be without boxes for longer, pause them.",
                "You can skip {n} deliveries in a row. To be without boxes for longer, pause them.",
                n_in_a_row,
            )
        )


class CannotMove(Refused):
    """A box cannot come together with another, or no longer by itself."""

    code = "cannot_move"

    def __init__(self) -> None:
        super().__init__(
            message(
                "This box cannot be moved: it is skipped or given away, holds another already, is too large to be"
                " doubled, or you have changed the other box yourself."
            )
        )


class NoFoodBank(Refused):
    """Nobody on the round takes the box of that day."""

    code = "no_food_bank"

    def __init__(self) -> None:
        super().__init__(
            message("No food bank on your round takes a box that day. You can skip it, or keep it.")
        )


class NotComing(Refused):
    """The box is skipped, so there is none to give away or to send elsewhere."""

    code = "not_coming"

    def __init__(self) -> None:
        super().__init__(message("This box is skipped. Have it after all first."))


class GivenAway(Refused):
    """The box goes to a food bank."""

    code = "given_away"

    def __init__(self) -> None:
        super().__init__(
            message("This box is given away, so it stays as it is. Take that back first, then change it.")
        )  # fmt: skip


class PlaceTaken(Refused):
    """Boxes of those days go to another place than usual already."""

    code = "place_taken"

    def __init__(self, from_on: dt.date, until_on: dt.date) -> None:
        super().__init__(
            message(
                "From {day} until {until} boxes go to another place already. Take that back first.",
                day=from_on,
                until=until_on,
            )
        )


class StopFull(Refused):
    """The pick-up stop has no place left, or is not one any more."""

    code = "stop_full"

    def __init__(self) -> None:
        super().__init__(message("The last place at this stop has just gone. Choose another one."))


class NotRunning(Refused):
    """The subscription is paused, or has ended."""

    code = "not_running"

    def __init__(self) -> None:
        super().__init__(
            message("This subscription is paused or has ended. Let it run again, then change its deliveries.")
        )  # fmt: skip


class NothingRides(Refused):
    """The box of that day does not come to its household, so nothing can ride along."""

    code = "nothing_rides"

    def __init__(self) -> None:
        super().__init__(
            message("No box comes to you on that day, so nothing can ride along. Have the box first.")
        )  # fmt: skip


class AddonGone(Refused):
    """It is no longer to be had with any box to come."""

    code = "addon_gone"

    def __init__(self) -> None:
        super().__init__(message("It is no longer to be had with your next boxes."))


class AddonFull(Refused):
    """Fewer are left on a day than are wanted."""

    code = "addon_full"

    def __init__(self, on: dt.date, left: int) -> None:
        said = plural(
            "Only {n} is left on {day}. Nothing was changed.",
            "Only {n} are left on {day}. Nothing was changed.",
            left,
            day=on,
        )
        none = message("None is left on {day}. Nothing was changed.", day=on)
        super().__init__(said if left else none)


class BoxesTogether(Refused):
    """Another rhythm would part two boxes that come together on a day."""

    code = "boxes_together"

    def __init__(self, on: dt.date) -> None:
        super().__init__(
            message(
                "You have moved a box so that two come together about {day}. Move it back, or wait for it, then change"
                " the rhythm.",
                day=on,
            )
        )
