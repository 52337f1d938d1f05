"""What can go wrong with a subscription.

Refused
├── SignInFirst        the address belongs to somebody who has to sign in
├── RoundFull          the round carries no more boxes
├── CardNotEntered     the provider's page was left before the card was saved
└── NotAtHome          the box that is spoken of did not come
"""

from ripeday.kit.errors import Refused
from ripeday.kit.text import message


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
