"""What a stored plan answers, as tables for a terminal or as a document for programs."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ripeday.kit.text import Message, message
from ripeday.translation import Words
from ripening.produce import Produce
from subscriptions.adapters.fairness_store import RecordedDay
from subscriptions.planning.answer import Scarcity, Why

_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """What one delivery round answers: what was scarce in each of its plans, or why one of its boxes is as it is."""

    day: RecordedDay
    scarce: Sequence[Sequence[Scarcity]] | None
    answers: Sequence[Why] | None
    replays: Sequence[bool] | None


def document(asked: Sequence[Asked], words: Words) -> dict[str, Any]:
    """Return the answers as one JSON object; sentences in the language of `words`."""
    rounds = []
    for each in asked:
        one: dict[str, Any] = {"round": _called(each.day, words)}
        if each.scarce is not None:
            one["scarce"] = [[asdict(scarcity) for scarcity in plan] for plan in each.scarce]
        if each.answers is not None:
            one["answers"] = [_why(why, words) for why in each.answers]
        if each.replays is not None:
            one["replays"] = list(each.replays)
        rounds.append(one)
    return {"delivery_on": asked[0].day.delivery_on.isoformat(), "rounds": rounds}


def told(asked: Sequence[Asked], words: Words, profiles: Mapping[str, Produce]) -> str:
    """Return the answers as text; produce is called by its name in the language of `words`."""
    is_chinese = words.locale == "zh"
    names = {key: each.name_zh if is_chinese else each.name_en for key, each in profiles.items()}
    out = io.StringIO()
    console = Console(file=out, width=_WIDTH, highlight=False)
    for each in asked:
        console.print(f"{_called(each.day, words)}, {each.day.delivery_on.isoformat()}")
        for plan in each.scarce or ():
            _print_scarce(console, plan, words, names)
        if each.answers is not None:
            console.print(_answers(each.answers, words, names))
        for same in each.replays or ():
            said = _SAME if same else _OTHER
            console.print(words.render(said), soft_wrap=True)
    return out.getvalue()


_SAME = message("Made again from its record and seed, the plan is the same.")
_OTHER = message("Made again from its record and seed, the plan is another one.")


def _print_scarce(
    console: Console, plan: Sequence[Scarcity], words: Words, names: Mapping[str, str]
) -> None:
    if not plan:
        console.print(words.render(message("Nothing was scarce in this plan.")))
        return
    heads = (
        message("Produce"), message("Wanted it"), message("Got it"), message("Went without"),
        message("Longest wait"),
    )  # fmt: skip
    table = _table(heads, words)
    for each in plan:
        numbers = (each.wanted, each.got, each.wanted - each.got, len(each.waits))
        table.add_row(_name(names, each.produce_key), *map(str, numbers))
    console.print(table)


def _answers(answers: Sequence[Why], words: Words, names: Mapping[str, str]) -> Table:
    table = _table((message("Produce"), message("Why, or why not")), words)
    table.columns[1].justify = "left"
    for why in answers:
        table.add_row(_name(names, why.produce_key), " ".join(_sentences(why, words)))
    return table


def _name(names: Mapping[str, str], key: str) -> str:
    return names.get(key, key)


def _table(heads: Sequence[Message], words: Words) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for k, head in enumerate(heads):
        table.add_column(words.render(head), justify="right" if k else "left")
    return table


def _why(why: Why, words: Words) -> dict[str, Any]:
    return {
        **asdict(why),
        "answer": why.answer.value,
        "sentences": _sentences(why, words),
    }


def _sentences(why: Why, words: Words) -> list[str]:
    return [words.render(each) for each in (why.message, *why.standing)]


def _called(day: RecordedDay, words: Words) -> str:
    return day.round_name_zh if words.locale == "zh" else day.round_name
