"""`instance`: makes a realistic week to plan, of any size."""

import datetime as dt
from pathlib import Path

import click

from ripeday.commands.console import say, typed
from subscriptions.planning.instance import InstanceParams

_USUAL = InstanceParams(households=1)


@click.command()
@click.argument("households", type=int, metavar="N")
@click.option(
    "--seed", default=_USUAL.seed, show_default=True, help="The same seed makes the same week."
)
@click.option(
    "--tight", default=_USUAL.tight, show_default=True, metavar="RATIO",
    help="Stock over what households want; 1.05 leaves next to nothing to choose from.",
)  # fmt: skip
@click.option("--lots", default=_USUAL.lots, show_default=True, help="How many lots there are.")
@click.option(
    "--weekdays", default=_USUAL.weekdays, show_default=True, help="How many delivery days."
)
@click.option(
    "--on", "first_on", type=click.DateTime(["%Y-%m-%d"]), default=_USUAL.first_on.isoformat(),
    show_default=True, metavar="YYYY-MM-DD",
    help="The first delivery day; it fixes what is in season and how warm kitchens are.",
)  # fmt: skip
@click.option(
    "--risks", is_flag=True,
    help="Also say what may be lost of each lot, as a merchant's own plans do.",
)  # fmt: skip
@click.option(
    "--spare", "spare_pct", default=_USUAL.spare_pct, show_default=True, metavar="PCT",
    help="Portions to spare in a box, in percent of those it is wanted for; a merchant's usual is 10.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
    metavar="FILE.npz", help="Where the week goes.",
)  # fmt: skip
def instance(
    *,
    households: int,
    seed: int,
    tight: float,
    lots: int,
    weekdays: int,
    first_on: dt.datetime,
    risks: bool,
    spare_pct: int,
    output: Path,
) -> None:
    """Make a week of N households to plan, and write FILE.npz (format ripeday-plan-1).

    The produce, prices and weights are the sample farm's; the windows come from the ripening model. Households are
    made up: nearly no two are alike. A few popular lots are scarce.
    """
    params = typed(
        lambda: InstanceParams(
            households=households,
            seed=seed,
            tight=tight,
            lots=lots,
            weekdays=weekdays,
            first_on=first_on.date(),
            risks=risks,
            spare_pct=spare_pct,
        )
    )
    from ripeday.sample.offer import season_offers  # noqa: PLC0415
    from subscriptions.adapters.array_file import refuse_unwritable  # noqa: PLC0415
    from subscriptions.adapters.plan_file import write_problem  # noqa: PLC0415
    from subscriptions.planning.instance import make_instance  # noqa: PLC0415

    refuse_unwritable(output)
    made = make_instance(season_offers(params.first_on), params)
    write_problem(output, made, {"tight": tight, "seed": seed, "first_on": str(params.first_on)})
    say(f"{households} households, {lots} lots of {made.n_products} products in {output}")
