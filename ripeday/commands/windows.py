"""`windows`: what one fruit or stem does at some temperature, without servers and without settings."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ripeday.kit.errors import Invalid

if TYPE_CHECKING:
    from ripeday.translation import Words
    from ripening.forecast import Forecast, Quantiles
    from ripening.temperature import Steps

_EPILOG = """\b
PRODUCE is a key or a name, English or Chinese; without one, everything there is is listed.
Days count from arrival at noon of day 0.

\b
--json prints one object:
  produce, name, kind, stage {value, words, scale, age_days}, treated,
  steps [{day, temperature_c}], confidence, days
  ready_days, keep_days   {p10, p50, p90}: days until ready, days it then keeps;
                          null where it never gets ready
  edible_chance           P(edible or in bloom) on day 0, 1, ... days
  storage_life_days       how long it keeps as shipped at that temperature; null if unknown
  run                     {ready_from, best, eat_by, holds} or null; holds is false where no
                          day has the confidence and likelier than not had to do
  warnings                [{code, words}]: chilling_damage, too_hot, never_ready,
                          past_on_arrival, below_confidence
  assumed [words], sources [{id, citation, url}]
  flowers also: open_days, vase_life_days, display_days {p10, p50, p90},
                florets {count, life_days} or null
"""


@click.command(epilog=_EPILOG)
@click.argument("produce", required=False)
@click.option(
    "--stage", metavar="S",
    help="How ripe it arrives, on the scale of its trade: 4, 6.5 lbf, 3/4, “half open”. "
    "[default: as usually shipped]",
)  # fmt: skip
@click.option(
    "--treated", type=click.Choice(["yes", "no"]),
    help="Whether it got the ethylene or the cold it needs. [default: as the trade ships it]",
)  # fmt: skip
@click.option("--temperature", metavar="C", help="In °C. [default: 20]")
@click.option("--steps", metavar="STEPS", help="“0:20,3:4” is 20 °C, and from day 3 on 4 °C.")
@click.option(
    "--confidence", type=float, default=0.8, show_default=True,
    help="The chance that each day of the run shall have.",
)  # fmt: skip
@click.option("--days", type=int, default=20, show_default=True, help="How far to look.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--list", "as_list", is_flag=True, help="List what there is.")
def windows(
    produce: str | None,
    as_list: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    language: str,
    **asked: Any,
) -> None:
    """Say when PRODUCE is ready, how long it then keeps, and how sure that is.

    Needs no server and no settings.
    """
    from ripeday.translation import translator  # noqa: PLC0415

    words = translator(language)
    if produce is None or as_list:
        _list(words, as_json=as_json)
        return
    found = _typed(words, lambda: _forecast(words, produce, **asked))
    if as_json:
        click.echo(json.dumps(_object(found, words), ensure_ascii=False))
        return
    from ripeday.commands.windows_table import told  # noqa: PLC0415

    click.echo(told(found, words), nl=False)


def _typed(words: "Words", work: Callable[[], "Forecast"]) -> "Forecast":
    """Do the work; what cannot be meant is a wrongly typed command."""
    try:
        return work()
    except Invalid as error:
        _refuse(words.render(error.message))


def _refuse(sentence: str) -> NoReturn:
    raise click.UsageError(sentence)


def _forecast(
    words: "Words",
    name: str,
    *,
    stage: str | None,
    treated: str | None,
    temperature: str | None,
    steps: str | None,
    confidence: float,
    days: int,
) -> "Forecast":
    from ripening.forecast import forecast  # noqa: PLC0415
    from ripening.naming import find_produce  # noqa: PLC0415
    from ripening.stage import stage_scale  # noqa: PLC0415

    produce = find_produce(name)
    if stage is not None:
        said = {words.gettext(word): word for word in stage_scale(produce).words}
        stage = said.get(stage.strip(), stage)
    return forecast(
        produce,
        stage=stage,
        treated=None if treated is None else treated == "yes",
        steps=_steps(temperature, steps),
        confidence=confidence,
        days=days,
    )


def _steps(temperature: str | None, steps: str | None) -> "Steps | None":
    from ripening.temperature import read_steps, read_temperature, steady_at  # noqa: PLC0415

    if temperature is not None and steps is not None:
        _refuse("Give --temperature or --steps, not both.")
    if temperature is not None:
        return steady_at(read_temperature(temperature))
    return None if steps is None else read_steps(steps)


def _list(words: "Words", *, as_json: bool) -> None:
    from ripening.produce import load_profiles  # noqa: PLC0415
    from ripening.stage import scale_words  # noqa: PLC0415

    profiles = load_profiles().values()
    if as_json:
        found = [
            {
                "produce": each.key,
                "name_en": each.name_en,
                "name_zh": each.name_zh,
                "kind": each.kind,
                "scale": words.render(scale_words(each)),
                "modelled": each.modelled,
            }
            for each in profiles
        ]
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    from ripeday.commands.windows_table import listed  # noqa: PLC0415

    click.echo(listed(list(profiles), words), nl=False)


def _object(found: "Forecast", words: "Words") -> dict[str, Any]:
    from ripening.stage import scale_words, stage_words  # noqa: PLC0415

    produce = found.produce
    stage = {
        "value": round(found.stage, 3),
        "words": words.render(stage_words(produce, found.stage)),
        "scale": words.render(scale_words(produce)),
        "age_days": round(found.age_days, 2),
    }
    steps = zip(found.steps.days, found.steps.celsius, strict=True)
    told: dict[str, Any] = {
        "produce": produce.key,
        "name": produce.name_zh if words.locale == "zh" else produce.name_en,
        "kind": produce.kind,
        "stage": stage,
        "treated": found.treated,
        "steps": [{"day": day, "temperature_c": celsius} for day, celsius in steps],
        "confidence": found.confidence,
        "days": found.days,
        "ready_days": _quantiles(found.ready_days),
        "keep_days": _quantiles(found.keep_days),
    }
    if produce.is_flower:
        told |= _in_the_vase(found)
    life = found.storage_life_days
    return told | {
        "edible_chance": [round(each, 4) for each in found.edible_chance],
        "storage_life_days": None if life is None else round(life, 2),
        "run": None if found.run is None else asdict(found.run),
        "warnings": [{"code": w.code, "words": words.render(w.words)} for w in found.warnings],
        "assumed": [words.render(each) for each in found.assumed],
        "sources": [
            {"id": each.source_id, "citation": each.citation, "url": each.url}
            for each in found.sources
        ],
    }


def _in_the_vase(found: "Forecast") -> dict[str, Any]:
    florets = found.florets
    return {
        "open_days": _quantiles(found.ready_days),
        "vase_life_days": _quantiles(found.life_days),
        "display_days": _quantiles(found.keep_days),
        "florets": None
        if florets is None
        else {"count": florets.count, "life_days": round(florets.life_days, 2)},
    }


def _quantiles(quantiles: "Quantiles") -> dict[str, float | None]:
    return {
        name: None if value is None else round(value, 2)
        for name, value in asdict(quantiles).items()
    }
