"""`bluehelm adapt PLAN --shock FILE --out OUT`: change a running plan when something befalls it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from bluehelm.cli.plan_options import GAP, SEED, WORK, seconds_of
from bluehelm.cli.progress import ProgressBar
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say

PATH = click.Path(path_type=Path)


@click.command(
    cls=SpokenCommand,
    short_help="Adapt a plan to shocks.",
    help="Adapt the plan in PLAN to the shocks of a file: money cut, pledges late, sites lost and more. What is "
    "decided before a shock is known stands; then the least harm is sought, and nothing moves without a gain. OUT "
    "holds the adapted plan and a report of what changes now, what can wait, what is lost and what it costs.",
)
@argument("plan", metavar="PLAN", type=PATH, help="Folder that 'bluehelm plan' wrote.")
@option("--shock", type=PATH, metavar="FILE", required=True, help="File of shocks (TOML).")
@option("--out", type=PATH, metavar="OUT", required=True, help="Folder of the adapted plan.")
@GAP
@seconds_of(50)
@SEED
@WORK
@option("--json", "as_json", is_flag=True, help="Print adapt.json; words go to standard error.")
def adapt(
    plan: Path, shock: Path, out: Path, gap: float, seconds: float, seed: int, work: int | None, as_json: bool
) -> None:
    """Adapt a plan folder and print the summary, or adapt.json."""
    from bluehelm.journey.adapt_folder import ADAPT_FILE, adapt_folder

    with ProgressBar(seconds, shown=sys.stderr.isatty()) as progress:
        outcome = adapt_folder(plan, shock, out, gap=gap, seconds=seconds, seed=seed, work=work, progress=progress)
    click.echo(outcome.summary, err=as_json)
    click.echo(say("Report: {path}", path=outcome.report_path), err=as_json)
    if as_json:
        click.echo(json.dumps(json.loads((out / ADAPT_FILE).read_text("utf-8")), ensure_ascii=False, indent=2))
