"""What can go wrong, said once for a person, a program and an operator.

RipedayError
├── Refused          the request cannot be done as asked; asking again changes nothing
│   ├── Invalid      a value is wrong; names the field and what would be right
│   ├── InvalidForm  several values are wrong
│   ├── NotFound     there is no such thing, or it is not yours to see (the two are told alike)
│   └── NotAllowed   you are known, but this is not for your role
└── Unavailable      a temporary failure of ours or of a provider; try later
"""

from collections.abc import Sequence
from typing import ClassVar

from ripeday.kit.text import Message, message, plural


class RipedayError(Exception):
    """Base of every error raised on purpose; `code` is stable for programs, `message` is for people."""

    code: ClassVar[str] = "ripeday_error"

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class Refused(RipedayError):
    """The request cannot be done as asked."""

    code = "refused"


class Invalid(Refused):
    """A value is wrong; `field` is its name in the form or the document."""

    code = "invalid"

    def __init__(self, field: str, message: Message) -> None:
        self.field = field
        super().__init__(message)


class InvalidForm(Refused):
    """Several values of one form or document are wrong; `errors` has one `Invalid` for each, in reading order."""

    code = "invalid_form"

    def __init__(self, errors: Sequence[Invalid]) -> None:
        self.errors = tuple(errors)
        n = len(self.errors)
        super().__init__(plural("One thing to put right", "{n} things to put right", n))


class NotFound(Refused):
    """There is no such thing, or it belongs to somebody else."""

    code = "not_found"

    def __init__(self, message_: Message | None = None) -> None:
        super().__init__(message_ or message("There is nothing here."))


class NotAllowed(Refused):
    """The person is known, but their role does not allow this."""

    code = "not_allowed"

    def __init__(self, message_: Message | None = None) -> None:
        super().__init__(message_ or message("Your role does not allow this."))


class Unavailable(RipedayError):
    """A temporary failure; the same request may succeed later."""

    code = "unavailable"
