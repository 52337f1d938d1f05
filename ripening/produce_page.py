"""What a person may read about one produce: how to keep it, when it is good, and the numbers behind that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ripeday.kit.text import Message, message
from ripening.card import sign_of
from ripening.clock import fridge_helps
from ripening.curve import Curves, Wish, curves_of
from ripening.learned import Changes, changes_of
from ripening.learned_times import LearnedTimes
from ripening.parameter import Origin, Parameter, parameters_of
from ripening.produce import Produce
from ripening.unit import families, family_in_words, name_in_words

_GIVES_OFF = frozenset({"m", "h", "vh"})


@dataclass(frozen=True, slots=True)
class ProducePage:
    """One produce in words, curves and numbers; `name` is plural, as at a counter.

    `origins` are all publications in the order in which the parameters name them.
    """

    produce: Produce
    name: Message
    advice: tuple[Message, ...]
    curves: Curves | None
    can_be_untreated: bool
    parameters: tuple[Parameter, ...]
    origins: tuple[Origin, ...]
    changes: tuple[Changes, ...]
    why_not: Message | None

    def numbers(self, parameter: Parameter) -> tuple[int, ...]:
        """Return the numbers of a parameter's publications in the list of all."""
        return tuple(self.origins.index(origin) + 1 for origin in parameter.origins)

    @property
    def n_assumed(self) -> int:
        """Return how many values no publication carries."""
        return sum(parameter.is_assumed for parameter in self.parameters)


def produce_page(
    produce: Produce,
    profiles: Mapping[str, Produce],
    wish: Wish,
    learned: Sequence[LearnedTimes] = (),
) -> ProducePage:
    """Return what is told about a produce as published; its curves are those of `profiles`, over
    which what was `learned` has been laid.
    """
    parameters = parameters_of(produce)
    return ProducePage(
        produce=produce,
        name=name_in_words(produce),
        advice=advice_of(produce),
        curves=curves_of(produce, profiles, wish) if produce.modelled else None,
        can_be_untreated=produce.ripens and produce.ready_untreated != produce.ready,
        parameters=parameters,
        origins=tuple(dict.fromkeys(origin for each in parameters for origin in each.origins)),
        changes=changes_of(produce, learned),
        why_not=None if produce.modelled else _why_not(produce),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """One family of the index."""

    family: str
    name: Message
    produce: tuple[Produce, ...]


def produce_index(profiles: Mapping[str, Produce], wanted: str = "") -> tuple[Group, ...]:
    """Return all produce by family, or those whose name in either language holds what is wanted."""
    wanted = wanted.casefold().strip()
    found = [each for each in profiles.values() if _is_called(each, wanted)]
    groups = (
        Group(
            family, family_in_words(family), tuple(each for each in found if each.family == family)
        )
        for family in families()
    )
    return tuple(group for group in groups if group.produce)


def _is_called(produce: Produce, wanted: str) -> bool:
    plural_name = name_in_words(produce).text
    names = (produce.name_en, produce.name_zh, plural_name, produce.key.replace("_", " "))
    return any(wanted in name.casefold() for name in names)


def advice_of(produce: Produce) -> tuple[Message, ...]:
    """Return how to keep it, a sentence each."""
    return _flower_advice(produce) if produce.is_flower else _fruit_advice(produce)


def _fruit_advice(produce: Produce) -> tuple[Message, ...]:
    said = []
    if produce.ripens and produce.fridge_ok_when_unripe:
        said.append(message("Leave them on the counter to ripen. The fridge slows that down."))
    elif produce.ripens:
        said.append(
            message(
                "Leave them on the counter until they are ripe. In the fridge they would not ripen."
            )
        )
    else:
        said.append(message("They come ready to eat and do not get any riper."))
    if fridge_helps(produce):
        said.append(message("Once ripe, the fridge holds them."))
    if produce.ripens:
        said.append(message("How to tell that they are ripe: {sign}", sign=sign_of(produce)))
    if produce.ethylene_production in _GIVES_OFF:
        said.append(
            message(
                "They give off a gas that ripens other fruit and fades flowers; keep those apart."
            )
        )
    if produce.ethylene_sensitivity == "h":
        said.append(
            message("A ripe banana or apple beside them makes them ripen faster, wanted or not.")
        )
    return tuple(said)


def _flower_advice(produce: Produce) -> tuple[Message, ...]:
    said = [
        message("Cut a slice off each stem and put them into fresh water at once."),
        message("A cool place out of the sun; every degree less is time won."),
    ]
    if produce.ethylene_sensitivity == "h":
        said.append(message("Away from the fruit bowl: ripening fruit makes them fade."))
    return tuple(said)


def _why_not(produce: Produce) -> Message:
    """Say what is missing of a crop that is not modelled."""
    if produce.ready is None:
        return message(
            "Nobody has published how many days they need until they are ripe, and we know of no"
            " honest way to work it out. So there is no curve, and we do not sell them."
        )
    return message(
        "Nobody has published how many days they stay good once they are ripe, and we know of no"
        " honest way to work it out. So there is no curve, and we do not sell them."
    )
