"""`bluehelm ensemble FILE.toml --out OUT [--resume]`: plan a mission under many settings."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from bluehelm.cli.event_options import ENGINE
from bluehelm.cli.progress import CountBar
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say

PATH = click.Path(path_type=Path)


@click.command(
    cls=SpokenCommand,
    short_help="Plan a mission under many settings.",
    help="Plan the mission that FILE.toml names under every setting of its axes (money, violence, pledges, norms ...) "
    "and write runs, a table and a report into OUT. Each finished run is kept at once: after Ctrl-C or a crash, "
    "--resume goes on where it ended, and plans nothing twice.",
)
@argument("file", metavar="FILE.toml", type=PATH, help="What is varied, and how.")
@option("--out", type=PATH, metavar="OUT", required=True, help="Folder of the ensemble.")
@option("--resume", is_flag=True, help="Go on in OUT where an earlier call ended.")
@ENGINE
@option(
    "--workers", type=click.IntRange(1), metavar="N", default=None, help="Number of processes; one a core otherwise."
)
@option("--json", "as_json", is_flag=True, help="Print the results as JSON; words go to standard error.")
def ensemble(file: Path, out: Path, resume: bool, engine: str, workers: int | None, as_json: bool) -> None:
    """Run the ensemble and print its summary, or its table as JSON."""
    from bluehelm.journey.ensemble.run import ensemble as plan_all

    with CountBar(shown=sys.stderr.isatty()) as progress:
        try:
            outcome = plan_all(file, out, resume=resume, engine=engine, workers=workers, progress=progress)
        except KeyboardInterrupt:
            click.echo(
                "\n" + say("{done} of {all} runs are finished and kept in {folder}; --resume goes on from there.",
                           done=progress.done, all=progress.total, folder=out), err=True,
            )  # fmt: skip
            raise
    click.echo(outcome.summary, err=as_json)
    click.echo(say("Report: {path}", path=outcome.report_path), err=as_json)
    if as_json:
        click.echo(json.dumps(outcome.table.to_dicts(), ensure_ascii=False, indent=2))
