"""`bluehelm finance plan DIR --out OUT`: a plan that late payments do not break, and what lateness costs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bluehelm.cli.event_options import ENGINE, PATH
from bluehelm.cli.finance_liquidity import DRAWN, FUTURES, PAYERS, ROLL
from bluehelm.cli.plan_options import GAP, WORK
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say


@click.command(
    "plan",
    cls=SpokenCommand,
    short_help="Plan so that late payments do not break the plan.",
    help="Plan the mission in DIR under receipts that hold in a share of the futures of payments, count again in how "
    "many futures the plan is paid, and say what late payments cost in protection and what a month's earlier payment "
    "by each of the largest payers would buy.",
)
@argument("folder", metavar="DIR", type=PATH, help="The mission folder, with money in budget.csv.")
@option("--out", type=PATH, metavar="OUT", required=True, help="New folder for the plan, figures and reports.")
@option(
    "--hold", type=click.FloatRange(0, 1, min_open=True), metavar="SHARE", default=0.9, show_default=True,
    help="Share of the futures of payments in which the plan has to be paid.",
)  # fmt: skip
@FUTURES
@DRAWN
@PAYERS
@ROLL
@option(
    "--largest", type=click.IntRange(0, 193), metavar="N", default=10, show_default=True,
    help="Ask what a month's earlier payment would buy of so many of the largest payers; each takes a plan.",
)  # fmt: skip
@GAP
@option(
    "--seconds", type=click.FloatRange(1), metavar="SECONDS", default=300, show_default=True,
    help="Time for all plans together.",
)  # fmt: skip
@WORK
@ENGINE
@option("--json", "as_json", is_flag=True, help="Print payments.json; words go to standard error.")
def plan(
    folder: Path, out: Path, hold: float, futures: int, seed: int, payers: Path | None, honour_roll: Path | None,
    largest: int, gap: float, seconds: float, work: int | None, engine: str, as_json: bool,
) -> None:  # fmt: skip
    """Plan, write, and print the summary or the record."""
    from bluehelm.journey.cash_into_plan import HoldOrder
    from bluehelm.journey.cash_into_plan_folder import plan_under_payments_folder

    order = HoldOrder(
        hold=hold, futures=futures, seed=seed, payers=largest, gap=gap, seconds=seconds, work=work, engine=engine
    )
    outcome = plan_under_payments_folder(folder, out, order, payers=payers, honour_roll=honour_roll)
    click.echo(outcome.summary, err=as_json)
    click.echo(say("Report: {path}", path=outcome.report_path), err=as_json)
    if as_json:
        click.echo(json.dumps(outcome.record, ensure_ascii=False, indent=2))
