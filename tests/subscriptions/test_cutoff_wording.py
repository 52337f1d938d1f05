"""The cut-off in words says the truth of the calendar and of the clock on the wall."""

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from ripeday.translation import translator
from subscriptions.cutoff_wording import cutoff_words

SHANGHAI = "Asia/Shanghai"
SUNDAY = pendulum.datetime(2026, 11, 29, 20, tz=SHANGHAI)


def said(now: DateTime, cutoff: DateTime = SUNDAY, locale: str = "en") -> str:
    words = cutoff_words(cutoff.in_timezone("UTC"), now=now.in_timezone("UTC"), timezone=SHANGHAI)
    return translator(locale).render(words.said).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("now", "english", "chinese"),
    [
        (
            (26, 14, 2),
            "Yours to change until Sunday, 8 pm. That is three days from now.",
            "周日晚上 8 点前都可以改，还有三天。",
        ),
        (
            (27, 23, 0),
            "Yours to change until Sunday, 8 pm. That is two days from now.",
            "周日晚上 8 点前都可以改，还有两天。",
        ),
        ((28, 0, 0), "Yours to change until tomorrow, 8 pm.", "明天晚上 8 点前都可以改。"),
        ((28, 23, 59), "Yours to change until tomorrow, 8 pm.", "明天晚上 8 点前都可以改。"),
        ((29, 0, 0), "Yours to change until tonight, 8 pm.", "今天晚上 8 点前都可以改。"),
        ((29, 17, 0), "Yours to change until tonight, 8 pm.", "今天晚上 8 点前都可以改。"),
        (
            (29, 17, 1),
            "Yours to change for two more hours, until 8 pm.",
            "还有两小时可以改，晚上 8 点截止。",
        ),
        (
            (29, 18, 30),
            "Yours to change for one more hour, until 8 pm.",
            "还有1小时可以改，晚上 8 点截止。",
        ),
        (
            (29, 19, 20),
            "Yours to change for 40 more minutes, until 8 pm.",
            "还有 40 分钟可以改，晚上 8 点截止。",
        ),
        (
            (29, 19, 59),
            "Yours to change for one more minute, until 8 pm.",
            "还有 1 分钟可以改，晚上 8 点截止。",
        ),
        (
            (29, 20, 0),
            "Closed since today, 8 pm. It is being packed.",
            "今天晚上 8 点已截止，正在装箱。",
        ),
        (
            (30, 9, 0),
            "Closed since yesterday, 8 pm. It is being packed.",
            "昨天晚上 8 点已截止，正在装箱。",
        ),
    ],
)
def test_each_distance_has_its_own_words(
    now: tuple[int, int, int], english: str, chinese: str
) -> None:
    day, hour, minute = now
    at = pendulum.datetime(2026, 11, day, hour, minute, tz=SHANGHAI)
    assert said(at) == english
    assert said(at, locale="zh").replace(" 1 小时", "1小时") == chinese


def test_two_days_later_the_weekday_is_named() -> None:
    tuesday = pendulum.datetime(2026, 12, 1, 9, tz=SHANGHAI)
    assert said(tuesday) == "Closed since Sunday, 8 pm. It is being packed."


def test_a_weekday_more_than_a_week_away_gets_its_date() -> None:
    assert said(SUNDAY.subtract(days=12)) == (
        "Yours to change until Sunday 29 November, 8 pm. That is 12 days from now."
    )


def test_noon_is_not_tonight() -> None:
    noon = pendulum.datetime(2026, 11, 29, 12, tz=SHANGHAI)
    assert said(noon.subtract(hours=5), noon) == "Yours to change until today, 12 pm."


@given(st.integers(min_value=-20 * 86_400, max_value=20 * 86_400))
def test_it_is_closed_exactly_from_the_cutoff_on(seconds: int) -> None:
    now = SUNDAY.add(seconds=seconds)
    words = cutoff_words(SUNDAY.in_timezone("UTC"), now=now, timezone=SHANGHAI)
    assert words.is_closed == (seconds >= 0)
    assert said(now).startswith("Closed since") == words.is_closed
    assert (words.refresh_s is not None) == (-3 * 3600 < seconds < 0)
    assert translator("zh").render(words.said)
