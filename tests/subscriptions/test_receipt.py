"""Receipts as a chain: whatever is changed in it shows."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.receipt import (
    Asker,
    Deed,
    Done,
    Receipt,
    broken_at,
    next_receipt,
    number_of,
    read_number,
)
from subscriptions.receipt_wording import pays

ORDER = UUID(int=7)
days = st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1))
instants = st.integers(1_767_225_600_000_000, 1_893_456_000_000_000).map(
    lambda us: pendulum.from_timestamp(us // 1_000_000).add(microseconds=us % 1_000_000)
)
dones = st.builds(
    Done,
    deed=st.sampled_from(Deed),
    asked_at=instants,
    effect_minor=st.integers(-100_000, 100_000),
    currency=st.sampled_from(["EUR", "CNY"]),
    delivery_on=days,
    until_on=days,
    next_on=days,
    cutoff_at=st.none() | instants,
    asker=st.sampled_from(Asker),
)


def chain_of(done: list[Done]) -> list[Receipt]:
    chain: list[Receipt] = []
    for each in done:
        chain.append(next_receipt(ORDER, chain[-1] if chain else None, each))
    return chain


chains = st.lists(dones, min_size=1, max_size=6).map(chain_of)


@given(chains)
def test_a_chain_that_nobody_touched_holds(chain: list[Receipt]) -> None:
    assert broken_at(chain) is None
    assert len({receipt.number for receipt in chain}) == len(chain)


@given(chains, st.data())
def test_a_receipt_that_was_changed_shows(chain: list[Receipt], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(sorted(Done.__slots__)))
    other = data.draw(
        dones.filter(lambda each: getattr(each, name) != getattr(chain[n].done, name))
    )
    forged = replace(chain[n].done, **{name: getattr(other, name)})
    changed = [*chain[:n], replace(chain[n], done=forged), *chain[n + 1 :]]
    assert broken_at(changed) == n + 1


@given(chains.filter(lambda chain: len(chain) > 1), st.data())
def test_a_receipt_that_was_written_anew_breaks_what_follows_and_loses_its_number(
    chain: list[Receipt], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(chain) - 2))
    forged = replace(chain[n].done, effect_minor=chain[n].done.effect_minor + 1)
    written = next_receipt(ORDER, chain[n - 1] if n else None, forged)
    assert written.is_true, "by itself it looks right"
    assert broken_at([*chain[:n], written, *chain[n + 1 :]]) == n + 2
    assert written.number != chain[n].number


@given(chains.filter(lambda chain: len(chain) > 1), st.data())
def test_a_receipt_that_was_taken_out_or_moved_shows(
    chain: list[Receipt], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(chain) - 2))
    assert broken_at([*chain[:n], *chain[n + 1 :]]) == n + 1
    assert broken_at([*chain[:n], chain[n + 1], chain[n], *chain[n + 2 :]]) == n + 1


@given(dones)
def test_the_instant_counts_whatever_zone_it_is_given_in(done: Done) -> None:
    moved = replace(done, asked_at=pendulum.instance(done.asked_at).in_timezone("Asia/Shanghai"))
    assert next_receipt(ORDER, None, moved).digest == next_receipt(ORDER, None, done).digest


def test_the_canonical_form_stays_what_it_is() -> None:
    """Receipts that people hold were made by it: a change here would make them all look forged."""
    done = Done(
        Deed.SKIPPED, dt.datetime(2026, 11, 26, 13, 2, 7, tzinfo=dt.UTC), -2590, "EUR",
        dt.date(2026, 12, 8), None, dt.date(2026, 12, 15), dt.datetime(2026, 12, 6, 19, tzinfo=dt.UTC),
    )  # fmt: skip
    first = next_receipt(ORDER, None, done)
    assert first.digest == "878ee6d3d154cdad36b941846f550c13d8198f290d919212ccef6791ebbcabb4"
    assert first.number == "GY7E-DMYH-AK6T"


@given(st.text(alphabet="0123456789abcdef", min_size=64, max_size=64))
def test_a_number_is_read_however_it_was_typed(digest: str) -> None:
    number = number_of(digest)
    assert read_number(number) == number
    assert read_number(number.lower().replace("-", " ")) == number
    assert read_number(number.replace("0", "O").replace("1", "l")) == number


def test_what_is_no_number_is_none() -> None:
    for text in ("", "7F3A-21C9", "7F3A-21C9-K4QU", "7F3A-21C9-K4Q\0", "١٢٣٤٥٦٧٨٩٠١٢"):
        assert read_number(text) is None, text


@pytest.mark.parametrize(
    ("deed", "effect_minor", "said"),
    [
        (Deed.DONATED, 0, "the same as before"),
        (Deed.DONATED, -750, "{amount} less"),
        (Deed.DONATION_WITHDRAWN, 750, "{amount} more"),
        (Deed.SKIPPED, -4740, "{amount}"),
        (Deed.SKIP_WITHDRAWN, 4740, "{amount}"),
    ],
)
def test_what_is_paid_is_told_as_a_difference_where_the_box_is_paid_either_way(
    deed: Deed, effect_minor: int, said: str
) -> None:
    done = Done(deed, pendulum.datetime(2026, 11, 23), effect_minor, "EUR")
    assert pays(done).text == said
