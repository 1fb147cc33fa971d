"""`bluehelm finance liquidity DIR`: when a mission's money comes, and what is in hand by month."""

from __future__ import annotations

from pathlib import Path

import click

from bluehelm.cli.event_options import PATH
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say

PAYERS = option(
    "--payers", type=PATH, metavar="FILE",
    help="Payers with rates and how they pay (CSV), or a scale as 'bluehelm finance scale' prints it; else all "
    "States by the scale that comes with the package, in force in the first month.",
)  # fmt: skip
ROLL = option(
    "--honour-roll", type=PATH, metavar="FILE", help="Who is told to have paid on time (CSV: country, payment_status, "
    "payment_date); they are taken to do so again.",
)  # fmt: skip
FUTURES = option(
    "--futures", type=click.IntRange(1, 1_000_000), metavar="N", default=10_000, show_default=True,
    help="Futures of payments to draw.",
)  # fmt: skip
DRAWN = option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True,
    help="Seed of the random numbers: the same seed gives the same futures.",
)  # fmt: skip


@click.command(
    cls=SpokenCommand,
    short_help="Say when the money comes, and how long it lasts.",
    help="Simulate when each payer pays what the mission in DIR is assessed, and say by month what cash is in hand, "
    "what stays owed to contributors, how likely it is that nothing is left, and what a month's earlier payment by "
    "each of the ten largest payers would add.",
)
@argument("folder", metavar="DIR", type=PATH, help="The mission folder, with money in budget.csv.")
@FUTURES
@DRAWN
@PAYERS
@ROLL
@option("--months", type=click.IntRange(1, 120), metavar="N", help="Only the first so many months.")
@option("--plan", "plan_dir", type=PATH, metavar="PLAN", help="Take the spending of this plan, not of the budget.")
@option(
    "--no-credits", is_flag=True, help="Do not credit what the plan leaves unspent against later assessments.",
)  # fmt: skip
@option(
    "--beside", type=PATH, metavar="DIR", multiple=True,
    help="One more mission, simulated side by side and as if all paid from one account; may be given again.",
)  # fmt: skip
@option(
    "--closed-cash", type=click.FloatRange(0), metavar="USD",
    help="Cash of closed missions from which the missions side by side may borrow together.",
)  # fmt: skip
@option("--json", "json_file", type=PATH, metavar="FILE", help="Write all figures into this file.")
@option("--csv", "csv_file", type=PATH, metavar="FILE", help="Write cash by month into this file.")
@option("--xlsx", "xlsx_file", type=PATH, metavar="FILE", help="Write a workbook with formulas into this file (XLSX).")
@option("--report", type=PATH, metavar="FILE", help="Write the report with its figures into this file (HTML).")
@option("--out", type=PATH, metavar="OUT", help="New folder for figures, table and a report in each language.")
def liquidity(
    folder: Path, futures: int, seed: int, payers: Path | None, honour_roll: Path | None, months: int | None,
    plan_dir: Path | None, no_credits: bool, beside: tuple[Path, ...], closed_cash: float | None,
    json_file: Path | None, csv_file: Path | None, xlsx_file: Path | None, report: Path | None, out: Path | None,
) -> None:  # fmt: skip
    """Simulate, write what is asked for, and print the summary."""
    from bluehelm.finance.liquidity import LiquidityOrder
    from bluehelm.journey.liquidity import json_text, liquidity_folder, refuse_full, write_liquidity
    from bluehelm.mission.new_file import write_bytes_whole, write_text_whole
    from bluehelm.reports.liquidity.page import cash_csv, liquidity_page
    from bluehelm.reports.liquidity.workbook import liquidity_workbook
    from bluehelm.words import language

    refuse_full(out)
    order = LiquidityOrder(futures=futures, seed=seed, months=months, return_credits=not no_credits)
    outcome = liquidity_folder(
        folder, order, payers=payers, honour_roll=honour_roll, plan=plan_dir, beside=beside, closed_cash_usd=closed_cash
    )
    if json_file is not None:
        write_text_whole(json_file, json_text(outcome.record))
    if csv_file is not None:
        write_text_whole(csv_file, cash_csv(outcome.record))
    if xlsx_file is not None:
        write_bytes_whole(xlsx_file, liquidity_workbook(outcome.record, language()))
    if report is not None:
        write_text_whole(report, liquidity_page(outcome.record, language=language()))
    if out is not None:
        write_liquidity(outcome.record, out)
    click.echo(outcome.summary)
    if report is not None or out is not None:
        click.echo(say("Report: {path}", path=report if report is not None else out))
