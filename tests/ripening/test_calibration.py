"""What one report, many reports and a warehouse check teach."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripening.calibration import (
    Learning,
    LotEvidence,
    LotPosterior,
    Report,
    StageCheck,
    Verdict,
    learn,
    learn_lot,
    take_as_known,
)
from ripening.course import Course, steady
from ripening.spread import Spread
from tests.ripening.calibration_truth import CULTIVARS, Truth, lots_of

READY, KEEP = Spread(4.5, 0.9), Spread(2.5, 0.4)
COUNTER = steady(1.0, 1.0)
HARD, RIGHT, LATE = Verdict.HARD, Verdict.RIGHT, Verdict.LATE

verdicts = st.sampled_from(list(Verdict))
days = st.integers(0, 12).map(float)


def after(*said: tuple[Verdict, float], fruit: str | None = None) -> LotPosterior:
    """What is known of a lot after reports from kitchens of 20 °C."""
    reports = tuple(Report(verdict, 0.0, COUNTER, day, fruit) for verdict, day in said)
    return learn_lot(READY, KEEP, LotEvidence(reports))


def kitchen_reports() -> st.SearchStrategy[list[Report]]:
    """Reports from kitchens of any warmth."""
    report = st.builds(
        lambda verdict, age, rate, day: Report(verdict, age, steady(rate, rate), day),
        verdicts,
        st.floats(0, 2),
        st.floats(0.5, 2),
        days,
    )
    return st.lists(report, min_size=1, max_size=6)


def season_of(name: str, n_lots: int = 12) -> dict[int, LotEvidence]:
    """Some lots of a cultivar that takes 30 % longer than published."""
    ready, keep = CULTIVARS[name]
    truth = Truth.off(ready, keep, mean=1.3, spread=1.0, ratio=1.0, kept=1.0)
    lots = lots_of(truth, ready.mean, np.random.default_rng(4), n_lots=n_lots, n_reports=5)
    return {key: lot for key, (lot, _) in lots.items()}


def close(learning: Learning[int], other: Learning[int]) -> None:
    """Both know the same, grids being grids."""
    for law, also in (
        (learning.cultivar.ready, other.cultivar.ready),
        (learning.cultivar.keep, other.cultivar.keep),
    ):
        assert law.mean == pytest.approx(also.mean, rel=0.01)
        assert law.sigma == pytest.approx(also.sigma, rel=0.03)


class TestOneReport:
    @given(day=st.floats(2, 9))
    def test_still_hard_makes_a_lot_later(self, day: float) -> None:
        assert after((HARD, day)).shift_days < after().shift_days

    @given(day=st.floats(2, 9))
    def test_too_late_makes_a_lot_earlier(self, day: float) -> None:
        assert after((LATE, day)).shift_days > after().shift_days

    @given(day=st.floats(2, 4.5))
    def test_right_before_it_was_expected_makes_a_lot_earlier(self, day: float) -> None:
        assert after((RIGHT, day)).shift_days > after().shift_days

    def test_right_in_the_middle_of_what_was_expected_says_it_more_surely(self) -> None:
        middle = READY.mean + KEEP.mean / 2

        assert after((RIGHT, middle)).shift_sigma < after().shift_sigma
        assert abs(after((RIGHT, middle)).shift_days) < 0.1

    def test_what_everybody_knew_teaches_next_to_nothing(self) -> None:
        assert abs(after((HARD, 0.0)).shift_days) < 0.01
        assert abs(after((LATE, 12.0)).shift_days) < 0.01

    def test_what_surprises_teaches_most(self) -> None:
        moves = [-after((HARD, day)).shift_days for day in (3.0, 4.0, 5.0)]

        assert moves == sorted(moves)

    def test_one_impossible_report_is_a_slip_of_the_finger(self) -> None:
        """Hard after 15 days, where 4.5 were expected: the lot does not follow it there."""
        assert -after((HARD, 15.0)).shift_days < 1.0

    @given(verdict=verdicts, day=days)
    def test_a_warm_kitchen_only_runs_the_clock_faster(self, verdict: Verdict, day: float) -> None:
        warm = Report(verdict, 0.0, steady(2.0, 2.0), day / 2, within_days=0.125)

        lot = learn_lot(READY, KEEP, LotEvidence((warm,)))

        assert lot.shift_days == pytest.approx(after((verdict, day)).shift_days, abs=1e-9)


class TestReportsOfALot:
    @settings(deadline=None)
    @given(reports=kitchen_reports(), seed=st.integers(0, 99))
    def test_their_order_does_not_matter(self, reports: list[Report], seed: int) -> None:
        mixed = random.Random(seed).sample(reports, len(reports))

        first, second = (
            learn_lot(READY, KEEP, LotEvidence(tuple(row))) for row in (reports, mixed)
        )

        assert first.shift_days == pytest.approx(second.shift_days, abs=1e-9)
        assert first.shift_sigma == pytest.approx(second.shift_sigma, abs=1e-9)

    @settings(deadline=None)
    @given(reports=kitchen_reports())
    def test_what_is_known_is_a_chance(self, reports: list[Report]) -> None:
        lot = learn_lot(READY, KEEP, LotEvidence(tuple(reports)))
        share = lot.time_chance(np.linspace(-5, 30, 200))

        assert lot.shift_sigma > 0
        assert lot.fruit_sigma == pytest.approx(READY.fruit_sigma)
        assert lot.chance.min() >= 0
        assert lot.chance.sum() == pytest.approx(1)
        assert np.diff(share).min() >= -1e-12
        assert share[[0, -1]] == pytest.approx([0, 1], abs=1e-6)

    @settings(deadline=None)
    @given(reports=kitchen_reports(), factor=st.sampled_from([1 / 7, 24.0]))
    def test_hours_or_weeks_tell_the_same_as_days(
        self, reports: list[Report], factor: float
    ) -> None:
        scaled = tuple(
            replace(
                report,
                age_days=report.age_days * factor,
                day=report.day * factor,
                within_days=report.within_days * factor,
                course=replace(report.course, starts=report.course.starts * factor),
            )
            for report in reports
        )
        in_days = learn_lot(READY, KEEP, LotEvidence(tuple(reports)))

        scaled_lot = learn_lot(READY.scaled(factor), KEEP.scaled(factor), LotEvidence(scaled))

        assert scaled_lot.shift_days == pytest.approx(in_days.shift_days * factor, abs=1e-6)
        assert scaled_lot.shift_sigma == pytest.approx(in_days.shift_sigma * factor, rel=1e-6)

    def test_a_course_cut_into_phases_of_one_rate_is_the_same_course(self) -> None:
        cut = Course(np.array([0.0, 2.0, 3.0]), np.full(3, 1.3), np.full(3, 1.1))
        plain = steady(1.3, 1.1)
        whole, phased = (
            learn_lot(READY, KEEP, LotEvidence((Report(RIGHT, 0.5, course, 4.0),)))
            for course in (plain, cut)
        )

        assert whole.shift_days == pytest.approx(phased.shift_days, abs=1e-9)

    def test_looking_twice_at_a_hard_fruit_tells_less_than_looking_at_two(self) -> None:
        once = after((HARD, 5.0))
        same = after((HARD, 4.0), (HARD, 5.0), fruit="the only one")
        two = after((HARD, 4.0), (HARD, 5.0))

        # Nearly nothing: only that the second look was no slip of the finger.
        assert same.shift_days == pytest.approx(once.shift_days, abs=0.05)
        assert two.shift_days < same.shift_days

    def test_one_fruit_hard_then_right_ripened_in_between(self) -> None:
        lot = after((HARD, 5.0), (RIGHT, 6.0), fruit="one")

        assert lot.shift_sigma < after((HARD, 5.0)).shift_sigma
        assert 4.5 < lot.mean_days < 5.5

    def test_ten_reports_know_more_than_one(self) -> None:
        said = [(HARD, 4.5), (RIGHT, 5.5)]

        assert after(*said * 5).shift_sigma < after(*said).shift_sigma

    def test_fruit_kept_cold_long_is_late_sooner_and_no_sign_of_an_early_lot(self) -> None:
        report = Report(LATE, 0.0, COUNTER, 6.0)
        fresh, stored = (
            learn_lot(READY, KEEP, LotEvidence((report,), keep_factor=left)) for left in (1.0, 0.5)
        )

        assert stored.shift_days < fresh.shift_days


class TestWhatComesReady:
    ready, keep = Spread(0.0, 0.0), Spread(4.0, 0.6)

    def after(self, verdict: Verdict, day: float) -> LotPosterior:
        report = Report(verdict, 0.0, COUNTER, day)
        return learn_lot(self.ready, self.keep, LotEvidence((report,)))

    def test_too_late_means_it_ran_ahead(self) -> None:
        assert self.after(LATE, 3.0).shift_days > 0.2

    def test_still_right_means_it_lags_behind(self) -> None:
        assert self.after(RIGHT, 5.0).shift_days < -0.2

    def test_hard_can_only_be_a_slip(self) -> None:
        assert self.after(HARD, 3.0).shift_days == pytest.approx(0.0, abs=0.01)

    def test_a_season_of_late_reports_shortens_the_produce(self) -> None:
        lots = {
            key: LotEvidence(
                tuple(
                    Report(LATE if day > 2.5 else RIGHT, 0.0, COUNTER, day)
                    for day in (1.0, 2.0, 3.0, 4.0)
                )
            )
            for key in range(10)
        }

        known = learn(self.ready, self.keep, lots).cultivar

        assert known.ready == self.ready
        assert known.keep.mean == pytest.approx(2.5, abs=0.25)


class TestChecks:
    def test_a_riper_stage_than_on_paper_puts_a_lot_ahead(self) -> None:
        check = StageCheck(age_days=2.0, expected_days=1.0, error_days=0.4)

        lot = learn_lot(READY, KEEP, LotEvidence(checks=(check,)))

        sigma = READY.lot_sigma
        assert lot.shift_days == pytest.approx(sigma**2 / (sigma**2 + 0.16), rel=0.01)
        assert lot.shift_sigma == pytest.approx((sigma**-2 + 0.4**-2) ** -0.5, rel=0.02)

    def test_more_fruit_say_it_more_surely_but_never_better_than_the_chart(self) -> None:
        few, many = (
            StageCheck.of_sample(2.0, 1.0, n_fruit=n, fruit_sigma=READY.fruit_sigma)
            for n in (2, 10_000)
        )

        assert few.error_days > many.error_days == pytest.approx(0.25, rel=0.01)

    def test_two_checks_count_by_how_sure_they_are(self) -> None:
        sure, rough = StageCheck(2.0, 1.0, 0.1), StageCheck(1.0, 1.0, 1.0)

        ahead, error = LotEvidence(checks=(sure, rough)).ahead()

        assert ahead == pytest.approx(100 / 101)
        assert error < 0.1

    def test_checks_alone_teach_how_much_lots_differ(self) -> None:
        gaps = np.random.default_rng(1).normal(0, 2 * READY.lot_sigma, 60)
        lots = {i: LotEvidence(checks=(StageCheck(gap, 0.0, 0.2),)) for i, gap in enumerate(gaps)}

        known = learn(READY, KEEP, lots).cultivar

        lot_sigma = known.factor("lot").mean * READY.lot_sigma
        assert lot_sigma == pytest.approx(gaps.std(), rel=0.15)


class TestACultivar:
    def test_nothing_reported_leaves_what_was_published(self) -> None:
        known = learn(READY, KEEP, {}).cultivar

        assert known.ready.mean == pytest.approx(READY.mean, rel=0.06)
        assert known.ready.sigma > READY.sigma
        assert (known.n_reports, known.n_lots) == (0, 0)

    def test_it_learns_slowly_and_in_the_end(self) -> None:
        ready, keep = CULTIVARS["mango"]
        few, many = (learn(ready, keep, season_of("mango", n)).cultivar for n in (2, 30))

        assert ready.mean < few.ready.mean
        assert many.factor("mean").mean == pytest.approx(1.3, abs=0.05)
        assert many.factor("mean").sigma < few.factor("mean").sigma / 2

    def test_it_is_worth_more_than_what_was_published_after_a_few_lots(self) -> None:
        ready, keep = CULTIVARS["mango"]
        none, many = (learn(ready, keep, season_of("mango", n)).cultivar for n in (0, 12))

        assert not none.is_surer_than_published
        assert many.is_surer_than_published

    def test_new_lots_start_from_what_was_learned(self) -> None:
        learning = learn(*CULTIVARS["mango"], season_of("mango"))
        new, law = learning.lot(999), learning.cultivar.ready

        assert new.shift_days == pytest.approx(0.0, abs=0.01 * law.mean)
        assert new.shift_sigma == pytest.approx(law.lot_sigma, rel=0.02)
        assert new.fruit_sigma == pytest.approx(law.fruit_sigma)

    def test_the_normal_law_for_planners_is_near_the_learned_one(self) -> None:
        known = learn(*CULTIVARS["mango"], season_of("mango")).cultivar
        law = known.ready
        at = law.mean + law.sigma * np.array([-1.28155, 0.0, 1.28155])

        assert known.time_chance(at) == pytest.approx([0.1, 0.5, 0.9], abs=0.015)

    def test_one_report_more_is_as_good_as_learning_anew(self) -> None:
        lots = season_of("avocado")
        ready, keep = CULTIVARS["avocado"]
        report = Report(HARD, 0.0, COUNTER, 7.0)
        grown = {**lots, 3: replace(lots[3], reports=(*lots[3].reports, report))}

        quick = learn(ready, keep, lots).with_report(3, report)
        anew = learn(ready, keep, grown)

        close(quick, anew)
        assert quick.lot(3).mean_days == pytest.approx(anew.lot(3).mean_days, rel=0.01)
        assert quick.lot(3).n_reports == anew.lot(3).n_reports == 6

    def test_undoing_a_report_is_as_if_it_had_never_been(self) -> None:
        lots = season_of("avocado")
        learning = learn(*CULTIVARS["avocado"], lots)

        undone = learning.with_report(3, Report(HARD, 0.0, COUNTER, 7.0)).with_lot(3, lots[3])

        assert undone.weight == pytest.approx(learning.weight, abs=1e-12)
        assert undone.lot(3).shift_days == pytest.approx(learning.lot(3).shift_days, abs=1e-9)

    def test_the_order_of_lots_does_not_matter(self) -> None:
        lots = season_of("peach")
        backwards = dict(reversed(lots.items()))

        close(learn(*CULTIVARS["peach"], lots), learn(*CULTIVARS["peach"], backwards))

    def test_a_lot_known_by_the_learned_law_is_near_the_lot_learned_in_full(self) -> None:
        lots = season_of("mango", 30)
        learning = learn(*CULTIVARS["mango"], lots)
        law = learning.cultivar
        quick = take_as_known(law.ready, law.keep, lots)

        for key in lots:
            gap = quick.lot(key).shift_days - learning.lot(key).shift_days
            assert abs(gap) < 0.2 * law.ready.lot_sigma
