"""How well the model foretells publications it has not seen, as tables for docs/ripening.md.

`python -m ripening.oracle_table` writes them into the page; a test keeps the page current.
"""

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ripening.observation import KEEP, OPEN, RATE_RATIO, READY, STORAGE, TOTAL, VASE
from ripening.oracle import CLOSE, Comparison, Disagreement, comparisons, disagreements
from ripening.produce import load_profiles

PAGE = Path(__file__).parent.parent / "docs" / "ripening.md"
N_WORST = 10

_QUANTITIES = {
    READY: "days until ripe",
    KEEP: "days it then keeps",
    TOTAL: "days until past",
    STORAGE: "storage life as shipped",
    OPEN: "days until open",
    VASE: "vase life",
    RATE_RATIO: "speed against 20 °C",
}
_DONE = {
    ("longan", STORAGE): "skin colour, unpacked in dry air; the flesh keeps longer: left",
    ("longan", KEEP): "two sources a factor of ten apart, one of sound fruit at 30 °C: left",
    ("grape", STORAGE): "a farm's cold store without sulphur dioxide, ours is with it: left",
    ("carnation", STORAGE): "one source below freezing, one florist's cold room; pooled",
    ("kiwifruit_green", TOTAL): "a kitchen list; Hayward keeps 3-5 months cold: left",
    ("iris_dutch", STORAGE): "closed buds in water or bulbs left on: not our stems; left",
    (
        "kiwifruit_green",
        RATE_RATIO,
    ): "without ethylene cool kiwifruit outruns warm: not in the model",
    ("loquat", KEEP): "'Mogi' at 1-5 °C against a list's 5-7 days: pooled",
    ("lychee", STORAGE): "unpacked fruit; ours is packed at 90 % humidity: left",
    ("lychee", KEEP): "the same: packed and unpacked differ fivefold",
    ("pomegranate", KEEP): "a list's 7-14 days against 2-3 months measured: pooled",
    ("pineapple", KEEP): "'Mauritius' three quarters yellow against a list's 1-2 days: pooled",
    ("daffodil", STORAGE): "another species (N. tazetta): left",
    ("apple_red_delicious", KEEP): "nothing else is known of it at 20 °C: taken in",
    ("watermelon", KEEP): "the list's days are of cut fruit: taken in with its weight",
    ("banana", READY): "from stage 5 ours is ripe already (edible from 4): a matter of words",
    ("tomato", READY): "at 30 °C it turns orange, not red: warned of, not modelled",
}
"""What was done about the worst, by crop and quantity."""


def tables() -> str:
    """Return the tables in Markdown."""
    blind, pairs = list(comparisons()), list(disagreements())
    seen = list(comparisons(load_profiles()))
    worst = sorted(blind, key=_by_factor)[:N_WORST]
    return "\n\n".join((_summary(blind, pairs, seen), _worst(worst), _apart(blind)))


def write(page: Path = PAGE) -> bool:
    """Put the tables into the page; tells whether that changed it."""
    text = page.read_text(encoding="utf-8")
    new = with_tables(text)
    page.write_text(new, encoding="utf-8")
    return new != text


def with_tables(text: str) -> str:
    """Return the page's text with the tables between its two marks."""
    pattern = re.compile(r"(<!-- oracles -->\n).*?(<!-- /oracles -->)", re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}{tables()}\n{match[2]}", text)


def _summary(
    blind: Sequence[Comparison], pairs: Sequence[Disagreement], seen: Sequence[Comparison]
) -> str:
    lines = [
        "| quantity | facts | model, source unseen | two sources | pairs | model, source seen |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for quantity, words in (*_QUANTITIES.items(), (None, "**all**")):

        def of(each: str, wanted: str | None = quantity) -> bool:
            return wanted is None or each == wanted

        factors = [one.factor for one in blind if of(one.seen.quantity)]
        others = [one.factor for one in pairs if of(one.one.quantity)]
        fitted = [one.factor for one in seen if of(one.seen.quantity)]
        lines.append(
            f"| {words} | {len(factors)} | {_share(factors)} | {_share(others)} | {len(others)} |"
            f" {_share(fitted)} |"
        )
    typical = [_typical([one.factor for one in each]) for each in (blind, pairs)]
    lines.append("")
    lines.append(
        f"Share within a factor of {CLOSE:g}. The typical factor (geometric mean) is {typical[0]:.2f} for"
        f" the model and {typical[1]:.2f} for two sources."
    )
    return "\n".join(lines)


def _worst(worst: Iterable[Comparison]) -> str:
    lines = [
        "| worst ten | published | at | model, unseen | factor | what was done |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for each in worst:
        seen = each.seen
        done = _DONE.get((seen.key, seen.quantity), "left: no reason found")
        lines.append(
            f"| {_what(each)} | {_range(each)} | {seen.temperature_c:g} °C | {each.foretold:.1f} |"
            f" {each.factor:.1f} | {done} |"
        )
    return "\n".join(lines)


def _apart(blind: Sequence[Comparison]) -> str:
    """List what sets no parameter of its crop at all: other temperatures, other stages, ratios."""
    lines = [
        "| facts that set nothing | published | at | model | factor |",
        "|---|--:|--:|--:|--:|",
    ]
    lines.extend(
        f"| {_what(each)} | {_range(each)} | {each.seen.temperature_c:g} °C |"
        f" {each.foretold:.1f} | {each.factor:.2f} |"
        for each in sorted(filter(_sets_nothing, blind), key=_by_crop)
    )
    return "\n".join(lines)


def _sets_nothing(each: Comparison) -> bool:
    """Tell whether a fact is about another temperature or stage than any parameter is."""
    seen = each.seen
    produce = load_profiles()[seen.key]
    if seen.quantity == STORAGE:
        best = produce.storage_c
        return best is not None and not best[0] - 2 <= seen.temperature_c <= best[1] + 2
    if seen.quantity == KEEP:
        return 9 < seen.temperature_c < 16
    if seen.quantity == VASE:
        return seen.temperature_c < 16
    return seen.stage is not None or seen.quantity == TOTAL


def _what(each: Comparison) -> str:
    seen = each.seen
    stage = "" if seen.stage is None else f" from stage {seen.stage:g}"
    treated = {True: ", conditioned", False: ", left alone", None: ""}[seen.treated]
    name = load_profiles()[seen.key].name_en
    return f"{name}: {_QUANTITIES[seen.quantity]}{stage}{treated} ({seen.source_id})"


def _range(each: Comparison) -> str:
    low, high = each.seen.low, each.seen.high
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def _share(factors: Sequence[float]) -> str:
    if not factors:
        return "–"
    return f"{100 * sum(factor <= CLOSE for factor in factors) / len(factors):.0f} %"


def _typical(factors: Sequence[float]) -> float:
    return math.exp(sum(map(math.log, factors)) / len(factors))


def _by_factor(each: Comparison) -> float:
    return -each.factor


def _by_crop(each: Comparison) -> tuple[str, str, float]:
    return each.seen.key, each.seen.quantity, each.seen.temperature_c


if __name__ == "__main__":
    write()
