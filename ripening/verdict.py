"""What somebody found on looking at one fruit or stem."""

from enum import StrEnum


class Verdict(StrEnum):
    """Of fruit: still hard, just right, too late; of flowers: still closed, in bloom, faded."""

    HARD = "hard"
    RIGHT = "right"
    LATE = "late"
