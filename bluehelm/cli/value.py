"""`bluehelm value DIR --out OUT`: what adaptability is worth on a mission's tree of futures."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bluehelm.cli.event_options import ENGINE, PATH
from bluehelm.cli.plan_options import SEED, WORK
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say


@click.command(
    cls=SpokenCommand,
    short_help="Say what adaptability is worth.",
    help="Plan the tree of futures of the mission in DIR in four ways: rigidly, step by step for the mean, adaptively, "
    "and as if each future were known. Write into OUT what each leaves unanswered and costs, and what their "
    "differences are worth in people and money, with proven intervals.",
)
@argument("folder", metavar="DIR", type=PATH, help="The mission folder, with a tree of futures (nodes.csv).")
@option("--out", type=PATH, metavar="OUT", required=True, help="New folder for the figures and reports.")
@option(
    "--alpha", type=click.FloatRange(0, 1, max_open=True), metavar="SHARE", default=0.8, show_default=True,
    help="Share of the futures, the mildest, that the worst-tail harm (CVaR) leaves out.",
)  # fmt: skip
@option(
    "--gap", type=click.FloatRange(0, 1), metavar="SHARE", default=0.01, show_default=True,
    help="Stop each plan when it is proven to be this close to the best possible.",
)  # fmt: skip
@option(
    "--seconds", type=click.FloatRange(1), metavar="SECONDS", default=300, show_default=True,
    help="Time for all plans together, shared out by their numbers of nodes.",
)  # fmt: skip
@SEED
@WORK
@option("--rolling/--no-rolling", default=True, show_default=True, help="Also plan step by step for the mean.")
@option("--ablation", is_flag=True, help="Also plan with less that may follow events, one kind of decision at a time.")
@option("--knows", type=PATH, metavar="FILE", help="Also plan with these information sets: who knows what when (TOML).")
@ENGINE
@option("--json", "as_json", is_flag=True, help="Print value.json; words go to standard error.")
def value(
    folder: Path, out: Path, alpha: float, gap: float, seconds: float, seed: int, work: int | None, rolling: bool,
    ablation: bool, knows: Path | None, engine: str, as_json: bool,
) -> None:  # fmt: skip
    """Compare the ways to plan and print the summary, or the record."""
    from bluehelm.journey.value_folder import value_folder
    from bluehelm.journey.value_order import ValueOrder
    from bluehelm.mission.information import read_information

    order = ValueOrder(
        alpha=alpha, gap=gap, seconds=seconds, seed=seed, work=work, rolling=rolling, ablation=ablation,
        knows=None if knows is None else read_information(knows), engine=engine,
    )  # fmt: skip
    outcome = value_folder(folder, out, order)
    click.echo(outcome.summary, err=as_json)
    click.echo(say("Report: {path}", path=outcome.report_path), err=as_json)
    if as_json:
        click.echo(json.dumps(outcome.record, ensure_ascii=False, indent=2))
