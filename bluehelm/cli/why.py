"""`bluehelm why PLAN ...`: what binds at a site, unit, area or shortfall, and what one more would buy."""

from __future__ import annotations

from pathlib import Path

import click

from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say


@click.command(
    cls=SpokenCommand,
    short_help="Say why a plan is as it is.",
    help="Say what binds at one site, unit, area or shortfall of PLAN, and what one more unit, site or million "
    "would buy. Name exactly one of them.",
)
@argument("plan", metavar="PLAN", type=click.Path(path_type=Path), help="The plan folder.")
@option("--site", metavar="X", help="A site_id of the mission.")
@option("--unit", metavar="Y", help="A unit_id of the mission.")
@option("--area", metavar="Z", help="An area_id of the mission.")
@option("--shortfall", metavar="T", help="A shortfall of the plan: the name of a task.")
def why(plan: Path, site: str | None, unit: str | None, area: str | None, shortfall: str | None) -> None:
    """Print the explanation."""
    if sum(asked is not None for asked in (site, unit, area, shortfall)) != 1:
        raise click.UsageError(say("Name exactly one of --site, --unit, --area and --shortfall."))
    from bluehelm.journey.why import why as explain

    click.echo(explain(plan, site=site, unit=unit, area=area, shortfall=shortfall))
