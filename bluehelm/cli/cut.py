"""`bluehelm cut`: what a cut of a year's budget means in people, by how fast they leave and what falls with them."""

from __future__ import annotations

import math

import click

from bluehelm.cli.spoken import SpokenCommand, option
from bluehelm.words import say

SHARE = click.FloatRange(0, 1)
WEEKS, COST_SHARES = "0,6,12,18", "30,40,50,60,70,80,90,100"


@click.command(
    cls=SpokenCommand,
    short_help="Say how many people a cut of the budget sends home.",
    help="Say which share of people must leave for a cut of a year's budget that falls in the months that are left: by "
    "how long leaving takes, and by how much of the budget falls with people. The equation stands in "
    "docs/october_2025.md.",
)
@option("--share", type=SHARE, metavar="SHARE", required=True, help="Cut, as a share of the year's budget.")
@option(
    "--months", type=click.FloatRange(0, 12, min_open=True), metavar="MONTHS", default=9, show_default=True,
    help="Months of the year that are left.",
)  # fmt: skip
@option(
    "--start-weeks", type=click.FloatRange(0, 520), metavar="WEEKS", default=6, show_default=True,
    help="Weeks until the first leave.",
)  # fmt: skip
@option(
    "--take-weeks", metavar="NUMBERS", default=WEEKS, show_default=True,
    help="Weeks from the first to the last, a row for each.",
)  # fmt: skip
@option(
    "--cost-shares", metavar="NUMBERS", default=COST_SHARES, show_default=True,
    help="Percentages of the budget that fall with people, a column for each.",
)  # fmt: skip
@option(
    "--way-home-share", type=SHARE, metavar="SHARE", default=0.0, show_default=True,
    help="What it costs to send everybody home, as a share of the year's budget.",
)  # fmt: skip
@option(
    "--elsewhere", type=SHARE, metavar="SHARE", default=0.0, show_default=True,
    help="Share of the cut that is saved elsewhere.",
)  # fmt: skip
def cut(
    share: float, months: float, start_weeks: float, take_weeks: str, cost_shares: str, way_home_share: float,
    elsewhere: float,
) -> None:  # fmt: skip
    """Print the table, and what it rests on."""
    from bluehelm.adaptation.budget_cut import BudgetCut, leaving_table
    from bluehelm.cli.numbers import whole_numbers

    taken = whole_numbers(take_weeks, "--take-weeks", 0, 520)
    columns = whole_numbers(cost_shares, "--cost-shares", 1, 100)
    asked = BudgetCut(
        cut_share=share, months_left=months, starts_months=0.0, takes_months=0.0, cost_share=1.0,
        way_home_share=way_home_share, saved_elsewhere_share=elsewhere,
    )  # fmt: skip
    table = leaving_table(asked, [(start_weeks, take) for take in taken], [column / 100 for column in columns])
    click.echo(
        say(
            "Share of people who must leave for a cut of {cut} of the year's budget with {months} "
            "{months:month|months} left; the "
            "first leave after {start} {start:week|weeks}. Columns: share of the budget that falls with people.",
            cut=f"{share:.1%}",
            months=f"{months:g}",
            start=f"{start_weeks:g}",
        )
    )
    labels = [say("{weeks} {weeks:week|weeks}", weeks=take) for take in taken]
    width = max(12, *(2 * len(label) for label in labels))
    click.echo(" " * width + "".join(f"{column:>7}%" for column in columns))
    for label, row in zip(labels, table, strict=True):
        click.echo(label.ljust(width) + "".join(_told(x) for x in row))
    click.echo(
        say(
            "A dash: even if all left, the cut would not be met. It rests on people who cost alike and leave evenly, "
            "on a year's budget spent evenly, and on nothing else being saved beyond {elsewhere} of the cut.",
            elsewhere=f"{elsewhere:.0%}",
        )
    )


def _told(leaving: float) -> str:
    return f"{leaving:8.1%}" if leaving <= 1 and math.isfinite(leaving) else "       –"
