"""What rides along in the boxes of a wave, as its papers say it. Pure."""

from collections import Counter
from collections.abc import Sequence

from delivery.papers.pack_list import PackLine
from delivery.papers.pick_list import PickLine, PickZone
from delivery.wave import BoxToPack
from ripeday.kit.text import Named, message, plural


def addon_zones(boxes: Sequence[BoxToPack]) -> tuple[PickZone, ...]:
    """Return the section of a pick list with how many of each thing a wave takes; none when nothing rides along."""
    units, n_boxes = Counter[Named](), Counter[Named]()
    for addon in (each for box in boxes for each in box.addons):
        units[addon.called] += addon.units
        n_boxes[addon.called] += 1
    lines = tuple(
        PickLine(
            place="–",
            produce=message("+ {addon}", addon=called),
            lot_code="",
            units=n,
            stage=plural("in {n} box", "in {n} boxes", n_boxes[called]),
        )
        for called, n in units.items()
    )
    return (PickZone(code="+", name=message("Add-ons"), lines=lines),) if lines else ()


def addon_lines(box: BoxToPack) -> tuple[PackLine, ...]:
    """Return what rides along in a box as lines of its card; the plus tells it from fruit."""
    return tuple(
        PackLine(message("+ {addon}", addon=each.called), each.units, each.weight_g)
        for each in box.addons
    )


def addon_grams(box: BoxToPack) -> int:
    """Return what that weighs. [g]"""
    return sum(each.units * each.weight_g for each in box.addons)
