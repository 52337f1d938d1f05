"""What can go wrong on the way out of the door.

Refused
├── NotYetCutOff     the delivery day is still open for changes
├── StockShort       fewer units than asked
└── NotPackable      the box is not paid, or gone already
"""

from ripeday.kit.errors import Refused
from ripeday.kit.text import message


class NotYetCutOff(Refused):
    """The delivery day is still open for changes."""

    code = "not_yet_cut_off"

    def __init__(self, cutoff_at: object) -> None:
        self.cutoff_at = cutoff_at
        super().__init__(message("Changes are open until {cutoff_at}.", cutoff_at=cutoff_at))


class StockShort(Refused):
    """There are fewer units than were asked for."""

    code = "stock_short"

    def __init__(self, lot_code: str, *, asked: int, there: int) -> None:
        self.lot_code, self.asked, self.there = lot_code, asked, there
        super().__init__(
            message(
                "Lot {lot} has {there} units, {asked} were asked for.",
                lot=lot_code,
                there=there,
                asked=asked,
            )
        )


class NotPackable(Refused):
    """Only a paid box that has not left may be packed."""

    code = "not_packable"

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            message("Box {number} is not paid, or it has left already.", number=number)
        )
