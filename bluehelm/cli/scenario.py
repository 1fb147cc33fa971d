"""`bluehelm scenario ...`: lay the futures of a forecast over a mission."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bluehelm.cli.spoken import SpokenGroup, option
from bluehelm.words import say

# Whether a path is there and is what it should be, the readers of files say, in full sentences.
PATH = click.Path(path_type=Path)


@click.group(
    cls=SpokenGroup,
    short_help="Make a tree of futures for a mission.",
    help="A scenario tree holds the futures that a plan prepares for. Make one from a forecast and named states.",
)
def scenario() -> None:
    """Hold the commands on scenario trees."""


@scenario.command(
    short_help="Make a tree from a forecast and named states.",
    help="Write the mission of --mission into a new folder --out, with a tree of futures: sample paths of the forecast "
    "and named states, reduced to the size wanted. Says how much the reduction loses. The new folder can be planned.",
)
@option("--forecast", type=PATH, metavar="DIR", required=True, help="Folder that 'bluehelm forecast run' wrote.")
@option("--mission", type=PATH, metavar="DIR", required=True, help="The mission folder; it is only read.")
@option("--out", type=PATH, metavar="OUT_DIR", required=True, help="A folder that does not exist yet.")
@option(
    "--stages", metavar="MONTHS", default="0,3,6,12", show_default=True,
    help="Months after the first at which nodes begin and futures may part.",
)  # fmt: skip
@option("--leaves", type=click.IntRange(1), metavar="N", default=8, show_default=True, help="Most futures kept.")
@option(
    "--branches", metavar="NUMBERS", default="",
    help="Branches of each node at each stage after the first, such as 3,2,2; takes the place of --leaves.",
)  # fmt: skip
@option("--states", type=PATH, metavar="FILE", help="Named states: funding, consent, peace process (TOML).")
@option(
    "--knows", type=click.Choice(["seen", "coming"]), default="seen", show_default=True,
    help="What a node knows of violence: that of the months before it, or that of its own months.",
)  # fmt: skip
@option(
    "--within-km", type=click.FloatRange(0), metavar="KM", default=30, show_default=True,
    help="Farthest distance at which an area of the forecast counts in an area of the mission.",
)  # fmt: skip
@option(
    "--least-share", type=click.FloatRange(0, 1), metavar="SHARE", default=0.01, show_default=True,
    help="Least share of the sample paths in a leaf: the mean of a few foresees what nobody can.",
)  # fmt: skip
@option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True,
    help="Seed: the same seed gives the same tree.",
)  # fmt: skip
@option("--json", "as_json", is_flag=True, help="Print tree.json; words go to standard error.")
def tree(
    forecast: Path, mission: Path, out: Path, stages: str, leaves: int, branches: str, states: Path | None, knows: str,
    within_km: float, least_share: float, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Make the tree, write the mission with it, and say what was done."""
    from bluehelm.journey.scenario_tree import TreeRules, write_scenario_tree

    rules = TreeRules(
        stages=_numbers(stages, "--stages"),
        leaves=leaves,
        branches=_numbers(branches, "--branches"),
        seen=knows == "seen",
        within_km=within_km,
        least_share=least_share,
        seed=seed,
    )
    outcome = write_scenario_tree(forecast, mission, out, states, rules)
    for line in outcome.lines:
        click.echo(line, err=as_json)
    click.echo(say("{folder} holds the mission. Next: bluehelm mission check {folder}", folder=out), err=True)
    if as_json:
        click.echo(json.dumps(outcome.record, ensure_ascii=False, indent=2, sort_keys=True))


def _numbers(text: str, name: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        raise click.BadParameter(
            say("'{text}' is not a list of whole numbers such as 0,3,6,12.", text=text), param_hint=name
        )
    return tuple(int(part) for part in parts)
