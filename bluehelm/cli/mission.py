"""`bluehelm mission ...`: begin a mission folder, check it, or build it from data."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bluehelm.cli.spoken import SpokenGroup, argument, option
from bluehelm.cli.told import faults_told
from bluehelm.words import say

# Whether a path is there and is what it should be, the readers of files say, in full sentences.
PATH = click.Path(path_type=Path)


@click.group(
    cls=SpokenGroup,
    short_help="Begin, check or import a mission folder.",
    help="A mission is a folder of small readable files. Begin one, check it, or build it from data.",
)
def mission() -> None:
    """Hold the commands on mission folders."""


@mission.command(
    short_help="Write a small commented mission to start from.",
    help="Write a small commented mission into DIR. It can be planned as it is; change it file by file.",
)
@argument("folder", metavar="DIR", type=PATH, help="A folder that does not exist yet.")
def new(folder: Path) -> None:
    """Write the template."""
    from bluehelm.mission.template import write_template

    write_template(folder)
    click.echo(say("{folder} holds a small mission. Next: bluehelm mission check {folder}", folder=folder), err=True)


@mission.command(
    short_help="List every fault of a mission folder.",
    help="List every fault of the mission in DIR at once: errors, which stop planning, and warnings. "
    "Status 0 without errors, 1 with errors.",
)
@argument("folder", metavar="DIR", type=PATH, help="The mission folder.")
@option("--json", "as_json", is_flag=True, help="Print the faults as JSON.")
@click.pass_context
def check(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Print every fault, grouped and graded."""
    from bluehelm.checks.mission_check import check_folder

    _, faults = check_folder(folder)
    errors = sum(fault.grade == "error" for fault in faults)
    counts = {"errors": errors, "warnings": len(faults) - errors}
    if as_json:
        click.echo(
            json.dumps({**counts, "faults": [fault.as_dict() for fault in faults]}, ensure_ascii=False, indent=2)
        )
    else:
        for line in faults_told(faults):
            click.echo(line)
        click.echo(say("{folder}: errors {errors}, warnings {warnings}.", folder=folder, **counts))
    ctx.exit(1 if errors else 0)


@mission.command(
    "from-geopko",
    short_help="Build a mission folder from Geo-PKO bases and UCDP events.",
    help="Build a plannable mission folder OUT_DIR from Geo-PKO bases and, where given, UCDP events. "
    "Every default that is taken is said.",
)
@option("--bases", type=PATH, metavar="FILE", required=True, help="Geo-PKO rows, v2.1 or v2.3 (CSV, may be .gz).")
@option("--events", type=PATH, metavar="FILE", help="UCDP GED events (CSV, may be .gz).")
@option("--places", type=PATH, metavar="FILE", help="Populated places, instead of the ones shipped (CSV).")
@option("--types", type=PATH, metavar="FILE", help="Geo-PKO troop types (v2.3).")
@option("--contributors", type=PATH, metavar="FILE", help="Geo-PKO contributors (v2.3).")
@option("--mission", "operation", metavar="NAME", required=True, help="Operation, such as UNAMID.")
@option("--year", type=int, metavar="YYYY", required=True, help="Year whose bases are taken.")
@option(
    "--months", type=click.IntRange(1, 120), metavar="N", default=12, show_default=True,
    help="Months to plan.",
)  # fmt: skip
@argument("out_dir", metavar="OUT_DIR", type=PATH, help="A folder that does not exist yet.")
def from_geopko(
    bases: Path, events: Path | None, places: Path | None, types: Path | None, contributors: Path | None,
    operation: str, year: int, months: int, out_dir: Path,
) -> None:  # fmt: skip
    """Build the folder and say what was assumed."""
    from bluehelm.journey.mission_from_bases import mission_from_bases
    from bluehelm.mission.folder import write_mission

    draft = mission_from_bases(
        bases, operation=operation, year=year, months=months,
        events=events, places=places, types=types, contributors=contributors,
    )  # fmt: skip
    write_mission(draft.mission, out_dir)
    for line in draft.notes:
        click.echo(line, err=True)
    click.echo(say("{folder} holds the mission. Next: bluehelm mission check {folder}", folder=out_dir), err=True)
