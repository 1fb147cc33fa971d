"""`bluehelm solve INSTANCE.npz`: solve the arrays of a problem over a scenario tree, with proof."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import click

from bluehelm.cli.progress import ProgressBar
from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.words import say

PATH = click.Path(path_type=Path)


@click.command(
    cls=SpokenCommand,
    short_help="Solve an instance of the benchmark library.",
    help="Solve the problem over a scenario tree whose arrays FILE holds, and say how good the solution is proven to "
    "be. Ctrl-C stops early and keeps the best found so far.",
)
@argument("file", metavar="FILE", type=PATH, help="Arrays of an instance (.npz), as benchmarks/instances writes them.")
@option(
    "--seconds", type=click.FloatRange(0.1), metavar="SECONDS", default=60, show_default=True,
    help="Stop after this time with the best solution found.",
)  # fmt: skip
@option(
    "--gap", type=click.FloatRange(0, 1), metavar="SHARE", default=0.01, show_default=True,
    help="Stop when the solution is proven to be this close to the best possible.",
)  # fmt: skip
@option("--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True, help="Seed of the solver.")
@option("--out", type=PATH, metavar="SOLUTION", help="File for the solution: `values`, one for each column (.npz).")
@option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def solve(file: Path, seconds: float, gap: float, seed: int, out: Path | None, as_json: bool) -> None:
    """Solve an instance and print how far it came."""
    from bluehelm.journey.solve_instance import solve_instance

    title = say("Share")
    with ProgressBar(seconds, shown=sys.stderr.isatty()) as progress:
        found = solve_instance(
            file, seconds=seconds, gap=gap, seed=seed, solution=out,
            watch=lambda objective, bound: progress(title, -objective, -bound),
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(
        say(
            "Share {share:.5f}, at most {bound:.5f} possible: gap {gap:.2%} after {seconds:.1f} s, {memory:.0f} MB.",
            share=found["share"], bound=math.inf if found["bound"] is None else found["bound"], gap=found["gap"],
            seconds=found["seconds"], memory=found["peak_mb"],
        )
    )  # fmt: skip
    for mark, reached in found["seconds_to_gap"].items():
        if reached is None:
            click.echo(say("Gap {mark:.1%}: not reached.", mark=float(mark)))
        else:
            click.echo(say("Gap {mark:.1%}: after {seconds:.1f} s.", mark=float(mark), seconds=reached))
