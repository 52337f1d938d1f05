"""Temperatures as people write them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from ripening.clock import keeping_rate, ripening_rate
from ripening.produce import load_profiles, sellable_keys
from ripening.temperature import MOST_STEPS, Steps, read_steps, read_temperature, steady_at

PROFILES = load_profiles()
keys = st.sampled_from(sellable_keys())
degrees = st.floats(-2, 40)


def test_steps_are_days_and_degrees() -> None:
    assert read_steps("0:20,3:4") == Steps((0.0, 3.0), (20.0, 4.0))
    assert read_steps(" 0 : 20 , 1.5 : -1 ") == Steps((0.0, 1.5), (20.0, -1.0))
    assert read_temperature(" 20.5 ") == 20.5


def test_steps_become_rates() -> None:
    mango = PROFILES["mango"]
    course = read_steps("0:20,3:15").course(mango)
    assert list(course.starts) == [0.0, 3.0]
    assert list(course.ripen) == [ripening_rate(mango, 20.0), ripening_rate(mango, 15.0)]
    assert list(course.keep) == [keeping_rate(mango, 20.0), keeping_rate(mango, 15.0)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "steps: days and °C, such as “0:20,3:4” (20 °C, from day 3 on 4 °C), not “”."),
        ("20", "steps: days and °C, such as “0:20,3:4” (20 °C, from day 3 on 4 °C), not “20”."),
        (
            "0:20,3:cold",
            "steps: days and °C, such as “0:20,3:4” (20 °C, from day 3 on 4 °C), not “3:cold”.",
        ),
        (
            "0:nan",
            "steps: days and °C, such as “0:20,3:4” (20 °C, from day 3 on 4 °C), not “0:nan”.",
        ),
        ("1:20", "steps: the first step starts on day 0, not on day 1."),
        ("0:20,3:4,3:5", "steps: days must rise, but 3 comes after 3."),
        ("0:20,3:4,2:5", "steps: days must rise, but 2 comes after 3."),
        ("0:20,500:4", "steps: days from 0 to 400, not 500."),
        ("0:20,3:-40", "steps: -2 to 40 °C, not -40."),
        ("0:68", "steps: -2 to 40 °C, not 68. If 68 °F was meant, that is 20 °C."),
    ],
)
def test_nonsense_is_refused_in_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_steps(typed)
    assert refused.value.field == "steps"
    assert str(refused.value) == sentence


def test_more_steps_than_anyone_means_are_refused() -> None:
    most = [f"{day}:20" for day in range(MOST_STEPS)]
    assert len(read_steps(",".join(most)).days) == MOST_STEPS
    with pytest.raises(Invalid, match=f"1 to {MOST_STEPS} steps, not {MOST_STEPS + 1}"):
        read_steps(",".join([*most, f"{MOST_STEPS}:20"]))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("68", "temperature: -2 to 40 °C, not 68. If 68 °F was meant, that is 20 °C."),
        ("70", "temperature: -2 to 40 °C, not 70. If 70 °F was meant, that is 21.1 °C."),
        ("300", "temperature: -2 to 40 °C, not 300."),
        ("-40", "temperature: -2 to 40 °C, not -40."),
        ("warm", "temperature: a number of °C from -2 to 40, not “warm”."),
        ("inf", "temperature: a number of °C from -2 to 40, not “inf”."),
        ("68F", "temperature: a number of °C from -2 to 40, not “68F”."),
    ],
)
def test_a_kitchen_of_68_degrees_is_taken_for_fahrenheit(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_temperature(typed)
    assert refused.value.field == "temperature"
    assert str(refused.value) == sentence


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_temperature(value: float) -> None:
    with pytest.raises(Invalid):
        steady_at(value)


def test_spans_end_where_one_looks_to() -> None:
    steps = read_steps("0:20,3:4,10:8")
    assert steps.spans(5.0) == ((3.0, 20.0), (2.0, 4.0))
    assert steps.spans(12.0) == ((3.0, 20.0), (7.0, 4.0), (2.0, 8.0))


@given(keys, degrees, st.lists(st.floats(0.1, 30), max_size=8, unique=True))
def test_steps_that_change_nothing_are_one_step(
    key: str, temperature_c: float, days: list[float]
) -> None:
    produce = PROFILES[key]
    at = np.array([0.0, 0.5, 3.0, 12.0, 40.0])
    one = steady_at(temperature_c).course(produce)
    same = Steps((0.0, *sorted(days)), (temperature_c,) * (len(days) + 1)).course(produce)
    assert same.ripened(at) == pytest.approx(one.ripened(at), rel=1e-9)
    assert same.kept(at) == pytest.approx(one.kept(at), rel=1e-9)
    lived = np.array([0.0, 0.3, 2.0])
    assert same.reached(lived) == pytest.approx(one.reached(lived), rel=1e-9)
