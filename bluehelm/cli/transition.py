"""`bluehelm transition DIR --out OUT`: plan how a mission leaves or changes form, and what that leaves behind."""

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
    short_help="Plan how a mission leaves or changes form.",
    help="Plan how the mission in DIR leaves or changes form, and write the plan into OUT with transition.json and its "
    "page: order of closures, handover, floors, benchmarks, what stays, the way back. What the leaving asks for "
    "stands in transition.toml; without one, the mandate alone says it.",
)
@argument("folder", metavar="DIR", type=PATH, help="The mission folder.")
@option("--out", type=PATH, metavar="OUT", required=True, help="Folder of the plan.")
@option("--file", type=PATH, metavar="FILE", help="The transition (TOML), in place of transition.toml in DIR.")
@option(
    "--form", metavar="MODEL", default="",
    help="Plan the change to this form of operation: a mission model of the norms, or political_mission.",
)  # fmt: skip
@GAP
@seconds_of(60)
@SEED
@WORK
@option("--json", "as_json", is_flag=True, help="Print transition.json; words go to standard error.")
def transition(
    folder: Path, out: Path, file: Path | None, form: str, gap: float, seconds: float, seed: int, work: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Plan a transition and print its summary, or the record."""
    from bluehelm.journey.transition import transition_folder

    with ProgressBar(seconds, shown=sys.stderr.isatty()) as progress:
        outcome = transition_folder(
            folder, out, file=file, form=form, gap=gap, seconds=seconds, seed=seed, work=work, progress=progress
        )
    click.echo(outcome.summary, err=as_json)
    click.echo(say("Report: {path}", path=outcome.page_path), err=as_json)
    if as_json:
        record = json.loads((out / "transition.json").read_text("utf-8"))
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
