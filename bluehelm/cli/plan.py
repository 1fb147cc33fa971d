"""`bluehelm plan DIR --out OUT`: plan a mission folder, with proof, tables, map and report."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluehelm.cli.plan_options import GAP, SEED, WORK, seconds_of
from bluehelm.cli.progress import ProgressBar
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.errors import InvalidRecordError
from bluehelm.words import say

if TYPE_CHECKING:
    from bluehelm.journey.risk_measure import Risk
    from bluehelm.planning.goals import Order

PATH = click.Path(path_type=Path)


@click.command(
    cls=SpokenCommand,
    short_help="Plan a mission and write its report.",
    help="Plan the mission in DIR and write the plan into OUT: tables, map, report and proof. "
    "Ctrl-C stops early and keeps the best plan found so far, with its gap.",
)
@argument("folder", metavar="DIR", type=PATH, help="The mission folder.")
@option("--out", type=PATH, metavar="OUT", required=True, help="Folder of the plan.")
@GAP
@seconds_of(60)
@SEED
@WORK
@option(
    "--order", type=click.Choice(["mandate", "reverse", "weighted"]), default="mandate", show_default=True,
    help="Solve the priorities as the mandate orders them, the last one first, or all at once by weight.",
)  # fmt: skip
@option(
    "--tail", type=click.FloatRange(0, 1, max_open=True), metavar="SHARE", default=0.0, show_default=True,
    help="Leave out this share of the futures, the mildest, when harm is measured (CVaR).",
)  # fmt: skip
@option(
    "--risk", type=click.Choice(["mean", "cvar", "worst"]), default=None,
    help="Measure harm as the mean over all futures, over the worst of them (cvar, with --tail), or in the worst one.",
)  # fmt: skip
@option(
    "--tree", is_flag=True,
    help="Decide for all nodes of the mission's tree of futures, and tell the plan over them and its policy.",
)  # fmt: skip
@option("--knows", type=PATH, metavar="FILE", help="Who knows what when (TOML); without it, all that has happened.")
@option(
    "--json", "as_json", is_flag=True,
    help="Print plan.json and run.json as one JSON object; words go to standard error.",
)  # fmt: skip
def plan(
    folder: Path, out: Path, gap: float, seconds: float, seed: int, work: int | None, order: Order, tail: float,
    risk: Risk | None, tree: bool, knows: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Plan a folder and print the summary, or the two JSON objects."""
    from bluehelm.journey.plan_mission import plan_folder
    from bluehelm.journey.risk_measure import check_measure
    from bluehelm.mission.information import read_information

    try:
        check_measure(risk, tail)
    except InvalidRecordError as contradiction:
        raise click.UsageError(str(contradiction)) from contradiction
    with ProgressBar(seconds, shown=sys.stderr.isatty()) as progress:
        outcome = plan_folder(
            folder, out, gap=gap, seconds=seconds, seed=seed, work=work, order=order, tail=tail, risk=risk, tree=tree,
            knows=None if knows is None else read_information(knows), progress=progress,
        )  # fmt: skip
    click.echo(outcome.summary, err=as_json)
    click.echo(say("Report: {path}", path=outcome.report_path), err=as_json)
    if as_json:
        both = {name: json.loads((out / f"{name}.json").read_text("utf-8")) for name in ("plan", "run")}
        click.echo(json.dumps(both, ensure_ascii=False, indent=2))
