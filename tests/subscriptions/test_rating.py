"""What a tap says of tastes."""

import pytest

from subscriptions.lifecycle import Taste
from subscriptions.rating import Liking, suggestion

GLAD, FINE, NOT = Liking.GLADLY, Liking.FINE, Liking.NOT_FOR_US


@pytest.mark.parametrize(
    ("said", "taste", "suggested"),
    [
        ([], Taste.SOMETIMES, None),
        ([NOT], Taste.LIKE, Taste.NEVER),
        ([NOT, GLAD], Taste.SOMETIMES, Taste.NEVER),
        ([NOT], Taste.NEVER, None),
        ([FINE, NOT], Taste.LIKE, None),
        ([GLAD], Taste.SOMETIMES, None),
        ([GLAD, GLAD], Taste.SOMETIMES, Taste.LIKE),
        ([GLAD, FINE, GLAD], Taste.SOMETIMES, None),
        ([GLAD, GLAD], Taste.ALWAYS, None),
    ],
)
def test_the_latest_word_counts_and_gladness_twice(
    said: list[Liking], taste: Taste, suggested: Taste | None
) -> None:
    found = suggestion(said, taste)

    assert (found.taste if found else None) == suggested
