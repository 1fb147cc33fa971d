"""`bluehelm finance cost PLAN`: what a plan costs, line by line, and how that holds against its budget."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from bluehelm.cli.event_options import PATH
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say


@click.command(
    cls=SpokenCommand,
    short_help="Say what a plan costs, line by line.",
    help="Price PLAN by the norms in force in each month: by site, unit type and part, in the three groups of a "
    "mission's budget, by fiscal year. The lines must agree with the plan's own table of cash, or the command fails. "
    "Without --out the file goes to standard output.",
)
@argument("plan", metavar="PLAN", type=PATH, help="The plan folder.")
@option(
    "--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True,
    help="Lines as CSV, or a workbook with formulas.",
)  # fmt: skip
@option("--out", type=PATH, metavar="FILE", help="File to write.")
@option(
    "--against", type=PATH, metavar="PATH",
    help="What the budget is held against: another plan, or a CSV file of approved amounts. Otherwise the mission's "
    "own appropriations.",
)  # fmt: skip
@option("--what-if", type=PATH, metavar="FILE", help="Norms to change for this price (TOML).")
@option("--fuel-by-route", is_flag=True, help="Price fuel by the road to each site, as the planner does not.")
@option(
    "--supply-from", metavar="SITE", multiple=True,
    help="Site where fuel arrives, with --fuel-by-route; may be given several times. Otherwise the headquarters.",
)  # fmt: skip
@option("--report", type=PATH, metavar="FILE", help="Also write a page with charts and tables (HTML).")
def cost(
    plan: Path, form: Literal["csv", "xlsx"], out: Path | None, against: Path | None, what_if: Path | None,
    fuel_by_route: bool, supply_from: tuple[str, ...], report: Path | None,
) -> None:  # fmt: skip
    """Price the plan, write its file, and tell the cost in words."""
    if supply_from and not fuel_by_route:
        raise click.UsageError(say("--supply-from goes with --fuel-by-route, which prices fuel by the road."))
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise click.UsageError(say("A workbook cannot be shown on a terminal. Name a file with --out."))
    from bluehelm.finance.priced_plan import PriceOrder, read_what_if
    from bluehelm.journey.cost_files import cost_file
    from bluehelm.mission.new_file import write_bytes_whole
    from bluehelm.reports.finance.cost_page import write_cost_page

    order = PriceOrder(
        what_if=None if what_if is None else read_what_if(what_if), fuel_by_route=fuel_by_route, supply_from=supply_from
    )
    made = cost_file(plan, form, order, against)
    if report is not None:
        write_cost_page(made.priced, report)
    if out is None:
        sys.stdout.buffer.write(made.content)
        sys.stdout.buffer.flush()
    else:
        write_bytes_whole(out, made.content)
    click.echo(made.summary, err=True, nl=False)
    for path in (out, report):
        if path is not None:
            click.echo(say("Written: {path}", path=path), err=True)
