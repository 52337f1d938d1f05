"""Box labels as data for their template."""

from collections.abc import Sequence
from typing import Any

from delivery.barcode import LABEL_DPI, LABEL_MODULE_MM, box_barcode, whole_dots_mm
from delivery.papers.box_label import BoxLabel, EatFirst
from delivery.papers.drawing import drawn_bars
from delivery.papers.plain_text import plain, said
from delivery.papers.short_name import last_four, short_name
from ripeday.kit.text import Translator, message, plural
from ripeday.kit.wording import number, short_day, weekday, weekday_letter

LABEL_MM = (102.0, 152.0)
BARCODE_MM = 32.0

_MOST_ADDRESS_LINES = 3

Item = dict[str, Any]


def layout(
    labels: Sequence[BoxLabel], translator: Translator, *, dpi: int = LABEL_DPI
) -> dict[str, Any]:
    """Return the data of the template `box_label.typ`; bars are whole dots of a printer of `dpi`."""
    return {
        "language": translator.locale,
        "title": translator.gettext("Box labels"),
        "marks": {},
        "width_mm": LABEL_MM[0],
        "height_mm": LABEL_MM[1],
        "route_word": translator.gettext("Route"),
        "stop_word": translator.gettext("Stop"),
        "eat_first": translator.gettext("Eat first"),
        "dates": translator.gettext("Your phone knows the days best"),
        "up": translator.gettext("This side up"),
        "fragile": translator.gettext("Do not stack"),
        "labels": [_label(label, translator, dpi) for label in labels],
    }


def _label(label: BoxLabel, translator: Translator, dpi: int) -> Item:
    code = drawn_bars(
        box_barcode(label.sscc),
        module_mm=whole_dots_mm(LABEL_MODULE_MM, dpi),
        height_mm=BARCODE_MM,
    )
    return {
        "route": plain(label.route, limit=6),
        "stop": str(label.stop),
        "day": short_day(label.delivery_on, translator.locale),
        "depot": _depot(label, translator),
        "parcel": _parcel(label, translator),
        "name": said(label.place, translator, limit=60) or short_name(label.name),
        "phone": _phone(label, translator),
        "address": _address(label),
        "note": plain(label.delivery_note or "", limit=90),
        "days": [_day(one, translator) for one in label.eat_first],
        "cold": _cold(label, translator),
        "barcode": code,
        "barcode_left_mm": _left_on_a_dot_mm(code, dpi),
    }


def _depot(label: BoxLabel, translator: Translator) -> str:
    depot = said(label.depot, translator, limit=60)
    return translator.render(message("{depot} · wave {n}", depot=depot, n=label.wave_n))


def _parcel(label: BoxLabel, translator: Translator) -> str:
    kilograms = number(round(label.weight_g / 1000, 1), translator.locale)
    parcel = message(
        "Box {n} of {of} · {kg} kg",
        n=label.box_n,
        of=label.n_boxes,
        kg=kilograms,
    )
    if not label.n_addons:
        return translator.render(parcel)
    return translator.render(
        plural("{parcel} · +{n} add-on", "{parcel} · +{n} add-ons", label.n_addons, parcel=parcel)
    )


def _phone(label: BoxLabel, translator: Translator) -> str:
    digits = last_four(label.phone)
    return translator.render(message("phone ends {digits}", digits=digits)) if digits else ""


def _address(label: BoxLabel) -> list[str]:
    """Return at most three lines; what is more joins the last one."""
    lines = [text for line in label.address_lines if (text := plain(line))]
    if len(lines) > _MOST_ADDRESS_LINES:
        kept = lines[: _MOST_ADDRESS_LINES - 1]
        return [*kept, plain(", ".join(lines[_MOST_ADDRESS_LINES - 1 :]))]
    return lines


def _day(one: EatFirst, translator: Translator) -> Item:
    locale = translator.locale
    short = weekday_letter(one.day, locale) if locale == "zh" else weekday(one.day, locale)
    return {"weekday": short, "produce": said(one.produce, translator, limit=40) or "–"}


def _cold(label: BoxLabel, translator: Translator) -> str:
    if label.never_below_c is None:
        return ""
    c = number(label.never_below_c, translator.locale)
    return translator.render(message("Above {c}\N{NO-BREAK SPACE}°C", c=c))


def _left_on_a_dot_mm(code: Item, dpi: int) -> float:
    """Return where centred bars begin, on a dot: a bar that starts between two dots prints too wide."""
    free_mm: float = LABEL_MM[0] - code["n_modules"] * code["module_mm"]
    dot_mm = 25.4 / dpi
    return round(free_mm / 2 / dot_mm) * dot_mm
