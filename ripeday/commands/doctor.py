"""`doctor`: what is wrong with this installation, and how to mend it."""

import os
import sys

import click

from ripeday import doctor as looking
from ripeday.commands.console import run, say, with_data_dir
from ripeday.installation import reached
from ripeday.kit.errors import RipedayError


@click.command()
@with_data_dir
def doctor() -> None:
    """Say what is wrong with this installation and how to mend it.

    Looks at Python, the servers, migrations, fonts, clock, time zones, disk and permissions. Ends with 1 when
    something is wrong. Works whether the house runs or not.
    """
    findings = run(_examine()) or []
    for line in looking.told(findings):
        click.echo(line)
    wrong = sum(not finding.is_fine for finding in findings)
    if wrong or not findings:
        say(f"{wrong} to mend.")
        sys.exit(1)
    say("All is well.")


async def _examine() -> list[looking.Finding]:
    findings = looking.examine_machine(os.environ)
    try:
        async with reached(os.environ, say=say) as settings:
            findings += await looking.examine_servers(settings)
    except RipedayError as error:
        findings.append(looking.Finding("Servers", str(error), "Do what the line above says."))
    return findings
