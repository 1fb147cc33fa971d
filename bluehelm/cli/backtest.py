"""`bluehelm backtest ...`: hold ways of planning against what then came."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bluehelm.cli.event_options import ENGINE, EVENTS, LAG, PATH
from bluehelm.cli.spoken import SpokenGroup, option
from bluehelm.words import say


@click.group(
    cls=SpokenGroup,
    short_help="Hold ways of planning against what then came.",
    help="Stand in the past, decide with what was known then, and look at what came.",
)
def backtest() -> None:
    """Hold the backtests."""


@backtest.command(
    short_help="How much violence came within reach of bases sited in different ways.",
    help="For each planning year, site as many bases as the mission had, in different ways, with what was known then: "
    "the mission's own bases, random towns, last year's most violent places, a rigid plan, the recipe, an adaptive "
    "plan, and the oracle. Then say how much of the one-sided violence of the year after came within reach.",
)
@option("--bases", type=PATH, metavar="FILE", required=True, help="Geo-PKO rows, v2.1 or v2.3 (CSV, may be .gz).")
@EVENTS
@option("--places", type=PATH, metavar="FILE", required=True, help="Populated places: where bases could stand (CSV).")
@option("--mission", metavar="NAME", required=True, help="Operation, such as UNAMID.")
@option("--years", metavar="YYYY-YYYY", required=True, help="Planning years; each is scored on the year after.")
@option(
    "--radius-km", type=click.FloatRange(1, 100), metavar="KM", default=50, show_default=True, help="Reach of a base."
)
@option(
    "--moves", metavar="NUMBERS", default="0,1,2,4,all", show_default=True,
    help="Moves allowed a month, each tried in turn.",
)  # fmt: skip
@option(
    "--theatre-km", type=click.FloatRange(1), metavar="KM", default=300, show_default=True,
    help="Events farther from every base of the planning year are not the mission's.",
)  # fmt: skip
@LAG
@option(
    "--draws", type=click.IntRange(1, 10_000), metavar="N", default=200, show_default=True,
    help="Draws of random towns.",
)  # fmt: skip
@option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True,
    help="Seed: the same seed gives the same figures.",
)  # fmt: skip
@option("--ablation", is_flag=True, help="Also run the adaptive plan, two moves a month, without each of its parts.")
@ENGINE
@option("--json", "json_file", type=PATH, metavar="FILE", help="Write all figures into this file.")
@option("--report", type=PATH, metavar="FILE", help="Write a report (HTML) into this file.")
def siting(
    bases: Path, events: Path, places: Path, mission: str, years: str, radius_km: float, moves: str, theatre_km: float,
    lag: int, draws: int, seed: int, ablation: bool, engine: str, json_file: Path | None, report: Path | None,
) -> None:  # fmt: skip
    """Run the backtest, print its table, and write the files asked for."""
    from bluehelm.cli.numbers import moves_allowed, years_between
    from bluehelm.journey.backtest.risk import FutureRules
    from bluehelm.journey.backtest.run import BacktestOrder, backtest_siting
    from bluehelm.journey.backtest.words import backtest_told
    from bluehelm.mission.new_file import write_text_whole

    order = BacktestOrder(
        bases=bases, events=events, places=places, mission=mission, years=years_between(years, "--years"),
        radius_km=radius_km, moves=moves_allowed(moves, "--moves"), theatre_km=theatre_km, draws=draws,
        futures=FutureRules(lag_months=lag, seed=seed), ablation=ablation, engine=engine,
    )  # fmt: skip
    record = backtest_siting(order)
    for line in backtest_told(record):
        click.echo(line)
    if json_file is not None:
        write_text_whole(json_file, json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    if report is not None:
        from bluehelm.journey.forecast_report import write_backtest_report
        from bluehelm.words import language

        write_backtest_report(record, report, language())
    click.echo(say("Coverage is not protection: bases follow violence, and what is near a base is not yet safe."))
