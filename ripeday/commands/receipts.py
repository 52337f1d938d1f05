"""`receipts`: recompute the chains of receipts, and say what a number stands for."""

import os
import sys
from typing import TYPE_CHECKING

import click

from ripeday.commands.console import run, say, with_data_dir
from ripeday.installation import reached

if TYPE_CHECKING:
    from subscriptions.services.receipts import Proof


@click.command()
@click.argument("number", required=False)
@with_data_dir
def receipts(number: str | None) -> None:
    """Recompute every chain of receipts; with a NUMBER, say what that receipt stands for.

    Support reads here what the customer reads. Ends with 1 when a chain is broken or there is no such receipt.
    """
    lines, is_fine = run(_looked_up(number) if number else _checked()) or ([], False)
    for line in lines:
        click.echo(line)
    if not is_fine:
        sys.exit(1)


async def _checked() -> tuple[list[str], bool]:
    from ripeday.kit.adapters.engine import pool  # noqa: PLC0415
    from ripeday.migration import point_at  # noqa: PLC0415
    from subscriptions.services.receipts import check_chains  # noqa: PLC0415

    async with reached(os.environ, say=say) as settings:
        point_at(settings.database_url)
        async with pool():
            checked = await check_chains()
    said = f"{checked.n_receipts} receipts in {checked.n_chains} chains, {len(checked.broken)} chains broken."
    return [*(f"Broken: {each}" for each in checked.broken), said], not checked.broken


async def _looked_up(number: str) -> tuple[list[str], bool]:
    from ripeday.kit.adapters.engine import pool  # noqa: PLC0415
    from ripeday.migration import point_at  # noqa: PLC0415
    from subscriptions.services.receipts import prove  # noqa: PLC0415

    async with reached(os.environ, say=say) as settings:
        point_at(settings.database_url)
        async with pool():
            proof = await prove(number)
    if proof is None:
        return ["There is no receipt with this number."], False
    return _told(proof), proof.is_true


def _told(proof: "Proof") -> list[str]:
    from ripeday.translation import translator  # noqa: PLC0415
    from subscriptions.receipt_wording import exact_words, heading, pays  # noqa: PLC0415

    words, receipt, zone = translator("en"), proof.view.receipt, proof.view.timezone
    done = receipt.done
    rows = [
        ("Receipt", receipt.number),
        ("Says", words.render(heading(done))),
        ("From", proof.view.merchant_name),
        ("Subscription", str(receipt.subscription_id)),
        ("Asked", f"{exact_words(done.asked_at, zone)} by the {done.asker.value}"),
        ("Cut-off", exact_words(done.cutoff_at, zone) if done.cutoff_at else "none"),
        ("To be paid", words.render(pays(done))),
        ("Place", f"{receipt.position} in its chain"),
        ("Holds", "yes" if proof.is_true else "NO: it, or one before it, was changed"),
    ]
    return [f"{label:13} {value}" for label, value in rows]
