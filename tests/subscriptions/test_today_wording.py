"""The sentence of the day, in both languages."""

import pytest
from pendulum import Date

from ripeday.kit.text import Message
from ripeday.translation import translator
from ripening.produce import load_profiles
from subscriptions.today_wording import (
    Gap,
    Then,
    covered_words,
    gaps_heading,
    headline,
    left_words,
    portion_words,
)

TODAY = Date(2026, 11, 26)
PROFILES = load_profiles()


def spoken(locale: str, *parts: Message) -> str:
    words = translator(locale)
    joint = "" if locale == "zh" else " "
    return joint.join(words.render(part) for part in parts).replace("\u00a0", " ")


def name(key: str, pieces: int = 2) -> Message:
    return portion_words(PROFILES[key], pieces)


@pytest.mark.parametrize(
    ("now", "then", "next_on", "english", "chinese"),
    [
        (
            [("banana", 1)], (["kiwifruit_green"], 27), None,
            "a banana today. kiwifruit from tomorrow.", "今天吃一根香蕉，明天起有猕猴桃。",
        ),
        (
            [("orange", 1)], (["banana", "fig"], 29), None,
            "an orange today. bananas and figs from Sunday.", "今天吃一个橙子，周日起有香蕉和无花果。",
        ),
        (
            [("banana", 2), ("plum", 3), ("grape", 1), ("mango", 1)], None, Date(2026, 12, 1),
            "bananas, plums and more today. A new box on Tuesday.", "今天吃香蕉、李子等，周二收下一箱。",
        ),
        ([], (["mango"], 27), None, "Nothing ripe today. mangoes from tomorrow.", "今天没有熟果，明天起有芒果。"),
        ([], None, None, "Nothing ripe today. That is all of this box.", "今天没有熟果，这一箱到此为止。"),
        (
            [("banana", 1)], None, Date(2026, 11, 27),
            "a banana today. A new box tomorrow.", "今天吃一根香蕉，明天收下一箱。",
        ),
    ],
)  # fmt: skip
def test_the_headline_answers_first(
    now: list[tuple[str, int]],
    then: tuple[list[str], int] | None,
    next_on: Date | None,
    english: str,
    chinese: str,
) -> None:
    after = Then([name(key) for key in then[0]], Date(2026, 11, then[1])) if then else None
    parts = headline(
        [name(key, pieces) for key, pieces in now], today=TODAY, then=after, next_box_on=next_on
    )

    assert spoken("en", *parts) == english
    assert spoken("zh", *parts) == chinese


def test_flowers_are_in_bloom_not_ripe() -> None:
    parts = headline([name("tulip")], today=TODAY, then=None, next_box_on=None, in_vase=True)
    bare = headline([], today=TODAY, then=None, next_box_on=None, in_vase=True)

    assert spoken("en", parts[0]) == "tulips in bloom today."
    assert spoken("zh", *parts) == "今天郁金香正开，这一箱到此为止。"
    assert spoken("en", bare[0]) == "Nothing in bloom today."


def test_a_part_of_a_pack_is_not_counted() -> None:
    assert spoken("en", name("grape", 1)) == "grapes"


@pytest.mark.parametrize(
    ("until", "english", "chinese"),
    [
        (Date(2026, 12, 1), "Something ripe every day until Tuesday’s box", "到周二收箱前，天天都有熟果"),
        (
            Date(2026, 12, 8),
            "Something ripe every day until the box of 8 December",
            "到12月8日收箱前，天天都有熟果",
        ),
        (
            Date(2026, 12, 3),
            "Something ripe every day until the box of 3 December",
            "到12月3日收箱前，天天都有熟果",
        ),
        (None, "Something ripe every day of this box", "这一箱天天都有熟果"),
    ],
)  # fmt: skip
def test_the_covered_line_names_the_next_box(
    until: Date | None, english: str, chinese: str
) -> None:
    assert spoken("en", covered_words(TODAY, until)) == english
    assert spoken("zh", covered_words(TODAY, until)) == chinese


def test_gaps_are_headed_by_day_or_by_number() -> None:
    sunday = Gap(Date(2026, 11, 29), "fruit", 1, is_bare=True, reason=None)
    monday = Gap(Date(2026, 11, 30), "fruit", 1, is_bare=True, reason=None)
    short = Gap(Date(2026, 11, 30), "fruit", 2, is_bare=False, reason=None)

    assert spoken("en", gaps_heading([sunday], today=TODAY)) == "Sunday has nothing ripe"
    assert spoken("en", gaps_heading([sunday, monday], today=TODAY)) == "2 days have nothing ripe"
    assert spoken("zh", gaps_heading([sunday, monday], today=TODAY)) == "有 2 天没有熟果"
    assert spoken("en", short.said).startswith("2 portions fewer than your plan has.")
    assert spoken("zh", short.said).startswith("比套餐少 2 份。")


@pytest.mark.parametrize(
    ("pieces", "place", "english", "chinese"),
    [
        (1, "counter", "1 banana left, on the counter.", "还有1根香蕉，在台面上。"),
        (3, "fridge", "3 bananas left, in the fridge.", "还有3根香蕉，在冰箱里。"),
    ],
)
def test_what_is_left_is_counted(pieces: int, place: str, english: str, chinese: str) -> None:
    said = left_words(PROFILES["banana"], pieces, place)

    assert spoken("en", said) == english
    assert spoken("zh", said).replace(" ", "") == chinese
