"""`bluehelm finance ...`: who owes what, what a plan costs, when the money comes."""

from __future__ import annotations

import click

from bluehelm.cli.finance_calibrate import calibrate, strengths
from bluehelm.cli.finance_cost import cost
from bluehelm.cli.finance_liquidity import liquidity
from bluehelm.cli.finance_plan import plan
from bluehelm.cli.finance_scale import assess, partners, scale
from bluehelm.cli.spoken import SpokenGroup


@click.group(
    cls=SpokenGroup,
    short_help="Say what it costs, who owes what, and when the money comes.",
    help="Money of peace operations: assess Member States, price a plan, simulate when payments come, and fit a model "
    "of cost to what was spent.",
)
def finance() -> None:
    """Hold the commands on money; each lives in a file of its own."""


for command in (scale, assess, partners, cost, calibrate, strengths, liquidity, plan):
    finance.add_command(command)
