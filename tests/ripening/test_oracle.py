"""The model against publications it has not seen."""

from itertools import groupby

import pytest

from ripening.observation import observations
from ripening.oracle import CLOSE, Comparison, comparisons, disagreements, foretell
from ripening.oracle_table import PAGE, with_tables
from ripening.produce import load_profiles


@pytest.fixture(scope="module")
def blind() -> list[Comparison]:
    return list(comparisons())


def share_close(factors: list[float]) -> float:
    return sum(factor <= CLOSE for factor in factors) / len(factors)


def test_no_comparison_leans_on_its_own_publication(blind: list[Comparison]) -> None:
    assert len(blind) > 700
    assert all(each.is_blind for each in blind)


def test_the_model_agrees_with_the_literature_as_well_as_the_literature_with_itself(
    blind: list[Comparison],
) -> None:
    """Within a factor of 1.5; a percent to spare, as one new fact may tip a few."""
    among_themselves = share_close([each.factor for each in disagreements()])
    assert share_close([each.factor for each in blind]) >= among_themselves - 0.01


@pytest.mark.parametrize(
    ("quantity", "least"),
    [("ready", 0.70), ("keep", 0.55), ("storage", 0.75), ("open", 0.75), ("vase", 0.85),
     ("total", 0.85)],
)  # fmt: skip
def test_every_quantity_is_foretold(blind: list[Comparison], quantity: str, least: float) -> None:
    factors = [each.factor for each in blind if each.seen.quantity == quantity]
    assert share_close(factors) >= least


def test_what_it_has_seen_it_fits_better() -> None:
    seen = [each.factor for each in comparisons(load_profiles())]
    assert share_close(seen) > share_close([each.factor for each in comparisons()])


def test_times_at_other_temperatures_set_nothing_and_are_foretold() -> None:
    """Storage well above the best temperature enters no parameter of a crop."""
    profiles = load_profiles()
    factors = []
    for key, produce in profiles.items():
        best = produce.storage_c
        for seen in observations(key):
            if seen.quantity == "storage" and best and seen.temperature_c > best[1] + 2.0:
                foretold = foretell(produce, seen)
                if foretold is not None:
                    factors.append(max(seen.low / foretold, foretold / seen.high, 1.0))
    assert len(factors) >= 25
    assert share_close(factors) >= 0.5


def test_each_source_is_left_out_by_itself() -> None:
    """Two facts of one publication are foretold from one and the same profile."""
    found = list(comparisons())
    by_source = groupby(found, key=lambda each: (each.seen.key, each.seen.source_id))
    assert sum(1 for _ in by_source) > 400


def test_the_tables_in_the_documentation_are_current_and_explain_the_worst() -> None:
    """`python -m ripening.oracle_table` writes them."""
    text = PAGE.read_text(encoding="utf-8")
    assert with_tables(text) == text
    assert "no reason found" not in text
