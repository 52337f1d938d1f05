"""What can go wrong on the way out of the door.

Refused
├── NotYetCutOff     the delivery day is still open for changes
├── NotPackable      the box is not paid, or gone already
├── LotWithheld      the box holds something from a lot that must not leave
├── AlreadyReceived  the lot came in before
├── FewerThanPromised fewer units came than paid boxes count on
├── NotHoldable      the lot cannot be held, or let go
└── Invalid
    └── StageUnknown the grade is not one of those asked for
"""

from ripeday.kit.errors import Invalid, Refused
from ripeday.kit.text import message


class NotYetCutOff(Refused):
    """The delivery day is still open for changes."""

    code = "not_yet_cut_off"

    def __init__(self, cutoff_at: object) -> None:
        self.cutoff_at = cutoff_at
        super().__init__(message("Changes are open until {cutoff_at}.", cutoff_at=cutoff_at))


class NotPackable(Refused):
    """Only a paid box that has not left may be packed."""

    code = "not_packable"

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            message("Box {number} is not paid, or it has left already.", number=number)
        )


class LotWithheld(Refused):
    """A box holds something from a lot that is held or recalled."""

    code = "lot_withheld"

    def __init__(self, number: int, lot_code: str) -> None:
        self.number, self.lot_code = number, lot_code
        super().__init__(
            message(
                "Box {number} has produce from lot {lot}, which is held. Leave the box open.",
                number=number,
                lot=lot_code,
            )
        )


class AlreadyReceived(Refused):
    """A lot comes in once."""

    code = "already_received"

    def __init__(self, lot_code: str) -> None:
        self.lot_code = lot_code
        super().__init__(message("Lot {lot} is not waited for: it is in, or held.", lot=lot_code))


class FewerThanPromised(Refused):
    """Fewer units came than are reserved for boxes."""

    code = "fewer_than_promised"

    def __init__(self, lot_code: str, *, came: int, promised: int) -> None:
        self.lot_code, self.came, self.promised = lot_code, came, promised
        super().__init__(
            message(
                "{came} came of lot {lot}, but boxes already count on {promised}. Count once more; "
                "if it stays short, tell the planner before you take it in.",
                lot=lot_code,
                came=came,
                promised=promised,
            )
        )


class NotHoldable(Refused):
    """Only a lot that is on its way or in the building can be held, only a held one let go."""

    code = "not_holdable"

    def __init__(self, lot_code: str) -> None:
        self.lot_code = lot_code
        super().__init__(
            message("Lot {lot} has changed in the meantime. Look again.", lot=lot_code)
        )


class StageUnknown(Invalid):
    """A grade that was not among the choices."""

    code = "stage_unknown"

    def __init__(self) -> None:
        super().__init__("stage", message("Choose how ripe it is from the list"))
