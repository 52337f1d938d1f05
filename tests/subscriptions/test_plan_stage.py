"""How far a delivery day is, by what happened to it."""

import pytest

from subscriptions.case_number import case_number
from subscriptions.plan_stage import BoxCount, PlanStage, stage_of


def count(**changed: int) -> BoxCount:
    return BoxCount(**dict.fromkeys(BoxCount.__dataclass_fields__, 0) | {"n_boxes": 3} | changed)


@pytest.mark.parametrize(
    ("happened", "boxes", "stage"),
    [
        ("", {}, PlanStage.PROPOSED),
        ("planned", {}, PlanStage.OPEN),
        ("planned locked", {"n_unsettled": 3}, PlanStage.LOCKED),
        ("planned locked reserved", {"n_unsettled": 1, "n_paid": 2}, PlanStage.LOCKED),
        ("planned locked reserved", {"n_paid": 2, "n_declined": 1}, PlanStage.CHARGED),
        (
            "planned locked reserved",
            {"n_paid": 2, "n_released": 2, "n_shipped": 1},
            PlanStage.PICKING,
        ),
        ("planned locked reserved", {"n_paid": 2, "n_released": 2, "n_shipped": 2}, PlanStage.OUT),
    ],
)
def test_a_day_is_as_far_as_its_last_box(
    happened: str, boxes: dict[str, int], stage: PlanStage
) -> None:
    found = stage_of(
        count(**boxes),
        is_planned="planned" in happened,
        is_locked="locked" in happened,
        is_reserved="reserved" in happened,
    )

    assert found is stage


def test_case_numbers_count_up_under_the_merchants_prefix() -> None:
    first = case_number("9521234", [])
    second = case_number("9521234", [first, "10000000000007"])

    assert first[:13] == "1952123400001"
    assert second[:13] == "1952123400002"
    assert len(second) == 14
