"""`bluehelm report PLAN`: write the report of a plan again, in a language of choice."""

from __future__ import annotations

from pathlib import Path

import click

from bluehelm.cli.spoken import SpokenCommand, argument
from bluehelm.words import language, say


@click.command(
    cls=SpokenCommand,
    short_help="Write the report of a plan again.",
    help="Write the report of PLAN again, in the language of --lang, without planning again.",
)
@argument("plan", metavar="PLAN", type=click.Path(path_type=Path), help="The plan folder.")
def report(plan: Path) -> None:
    """Write the report and say where it is."""
    from bluehelm.journey.write_report import report_folder

    click.echo(say("Report: {path}", path=report_folder(plan, language=language())))
