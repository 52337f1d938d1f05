"""How days, times and amounts are written for people: one way per language, everywhere.

English "Tue 1 Dec", "8 pm"; Chinese "12月1日 周二", "晚上 8 点". Staff see 24-hour times.
No-break spaces keep a day and an hour in one piece.
"""

import datetime as dt

from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal

from ripeday.kit.money import Money

LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
"""Languages a page may have, and the conventions each is written by."""

_NBSP = "\N{NO-BREAK SPACE}"
_ZH_HOURS = ((5, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def short_day(day: dt.date, locale: str) -> str:
    """Return "Tue 1 Dec" or "12月1日 周二"."""
    if locale == "zh":
        return f"{day.month}月{day.day}日{_NBSP}{weekday(day, locale)}"
    return format_date(day, "EEE d MMM", LOCALES[locale]).replace(" ", _NBSP)


def long_day(day: dt.date, locale: str) -> str:
    """Return "Tuesday 1 December" or "12月1日 周二"."""
    if locale == "zh":
        return short_day(day, locale)
    return f"{format_date(day, 'EEEE', LOCALES[locale])} {day_and_month(day, locale)}"


def day_and_month(day: dt.date, locale: str) -> str:
    """Return "1 December" or "12月1日"."""
    if locale == "zh":
        return f"{day.month}月{day.day}日"
    return format_date(day, "d MMMM", LOCALES[locale]).replace(" ", _NBSP)


def weekday(day: dt.date, locale: str) -> str:
    """Return "Tue" or "周二"."""
    return format_date(day, "EEE", LOCALES[locale])


def weekday_name(day: dt.date, locale: str) -> str:
    """Return "Tuesday" or "周二"."""
    return format_date(day, "EEEE" if locale == "en" else "EEE", LOCALES[locale])


def weekday_letter(day: dt.date, locale: str) -> str:
    """Return "T" or "二"."""
    return format_date(day, "EEEEE", LOCALES[locale])


def clock_time(time: dt.time, locale: str) -> str:
    """Return a time as customers say it: "8 pm", "8:30 pm", "晚上 8 点", "晚上 8 点 30 分"."""
    hour = time.hour % 12 or 12
    if locale == "zh":
        part = next(word for end, word in _ZH_HOURS if time.hour < end)
        minutes = f"{_NBSP}{time.minute}{_NBSP}分" if time.minute else ""
        return f"{part}{_NBSP}{hour}{_NBSP}点{minutes}"
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{hour}{minutes}{_NBSP}{'am' if time.hour < 12 else 'pm'}"


def staff_time(time: dt.time) -> str:
    """Return a 24-hour time, "20:00"."""
    return f"{time.hour:02}:{time.minute:02}"


def month(day: dt.date, locale: str) -> str:
    """Return "December" or "12月"."""
    return format_skeleton("MMMM", dt.datetime.combine(day, dt.time()), locale=LOCALES[locale])


def money(amount: Money, locale: str) -> str:
    """Return "€19.90" or "¥98.00"; the sign of the yuan is the one used at home."""
    text = format_currency(amount.amount, amount.currency, locale=LOCALES[locale])
    return text.replace("CN¥", "¥")


def number(value: float, locale: str) -> str:
    """Return a number with the language's separators."""
    return format_decimal(value, locale=LOCALES[locale])
