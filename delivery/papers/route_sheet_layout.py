"""A route sheet as data for its template: whole rows, and a total on every page."""

from typing import Any

from delivery.papers.plain_text import plain, said
from delivery.papers.route_sheet import RouteSheet, RouteStop
from delivery.papers.short_name import short_name
from ripeday.kit.text import Translator, marked, message, plural
from ripeday.kit.wording import long_day, short_day, staff_time

ROW_MM = 20.0
ROWS_A_PAGE = 12
LIST_ROW_MM = 11.0
LIST_ROWS_A_PAGE = 22

_HEADS = (
    marked("Stop"),
    marked("Where"),
    marked("Boxes"),
    marked("Empties"),
    marked("Received"),
)
_LIST_HEADS = (marked("Who"), marked("Label ends"), marked("Fetched"))

Item = dict[str, Any]


def layout(paper: RouteSheet, translator: Translator) -> dict[str, Any]:
    """Return the data of the template `route_sheet.typ`."""
    starts = range(0, len(paper.stops), ROWS_A_PAGE)
    pages = [paper.stops[at : at + ROWS_A_PAGE] for at in starts] or [()]
    return {
        "lists": [page for stop in paper.stops for page in _host_list(paper, stop, translator)],
        "list_heads": [translator.gettext(text) for text in _LIST_HEADS],
        "list_row_mm": LIST_ROW_MM,
        "language": translator.locale,
        "title": translator.render(message("Route {route}", route=plain(paper.route, limit=12))),
        "marks": {},
        "day": long_day(paper.delivery_on, translator.locale),
        "where": f"{said(paper.depot, translator, limit=60)} · "
        f"{said(paper.round_name, translator, limit=60)}",
        "made": translator.render(
            message(
                "Made {day}, {time}",
                day=short_day(paper.made_at.date(), translator.locale),
                time=staff_time(paper.made_at.time()),
            )
        ),
        "heads": [translator.gettext(text) for text in _HEADS],
        "write_in": [translator.gettext(text) for text in (marked("Driver"), marked("Van"))],
        "signature": translator.gettext("Signature"),
        "row_mm": ROW_MM,
        "pages": [
            {
                "n": n,
                "of": len(pages),
                "total": _total(stops, translator),
                "stops": [_stop(stop, translator) for stop in stops],
            }
            for n, stops in enumerate(pages, 1)
        ],
    }


def _total(stops: tuple[RouteStop, ...], translator: Translator) -> str:
    return translator.render(
        message(
            "This page: {stops} · {boxes} · {crates} back",
            stops=plural("{n} stop", "{n} stops", n=len(stops)),
            boxes=plural("{n} box", "{n} boxes", n=sum(stop.n_boxes for stop in stops)),
            crates=plural("{n} crate", "{n} crates", n=sum(stop.n_crates_back for stop in stops)),
        )
    )


def _host_list(paper: RouteSheet, stop: RouteStop, translator: Translator) -> list[Item]:
    """Return the pages of a stop's list: who fetches a box there; none where nobody does."""
    starts = range(0, len(stop.boxes), LIST_ROWS_A_PAGE)
    parts = [stop.boxes[at : at + LIST_ROWS_A_PAGE] for at in starts]
    number = plural("{n} box to hand out", "{n} boxes to hand out", n=len(stop.boxes))
    return [
        {
            "n": n,
            "of": len(parts),
            "place": plain(stop.place_name, limit=80),
            "hours": plain(stop.hours, limit=80),
            "route": translator.render(
                message("Route {route}, stop {n}", route=plain(paper.route, limit=12), n=stop.stop)
            ),
            "number": translator.render(number),
            "boxes": [{"name": plain(box.name), "code": box.code_end} for box in part],
        }
        for n, part in enumerate(parts, 1)
    ]


def _stop(stop: RouteStop, translator: Translator) -> Item:
    who = said(stop.place, translator, limit=80) or short_name(stop.name)
    window = ""
    if stop.window is not None:
        window = "–".join(staff_time(time) for time in stop.window)
    return {
        "stop": str(stop.stop),
        "window": window,
        "street": plain(stop.street),
        "who": who,
        "note": said(stop.note, translator),
        "boxes": str(stop.n_boxes),
        "back": str(stop.n_crates_back) if stop.n_crates_back else "",
        "signature": stop.needs_signature,
    }
