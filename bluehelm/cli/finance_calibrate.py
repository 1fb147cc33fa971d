"""`bluehelm finance calibrate` and `strengths`: fit a model of cost to published spending, and make its other input."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from bluehelm.cli.event_options import PATH
from bluehelm.cli.spoken import SpokenCommand, option
from bluehelm.words import say


@click.command(
    cls=SpokenCommand,
    short_help="Fit a model of cost to published spending.",
    help="Fit what missions spend in a year to their strength: so much for each mission, person, site and aircraft. "
    "The error stated is that on missions left out of the fit, one after the other. The columns of both files stand "
    "in docs/cost.md.",
)
@option("--spending", type=PATH, metavar="FILE", required=True, help="Amounts by mission and fiscal year (CSV).")
@option("--strengths", type=PATH, metavar="FILE", required=True, help="Strengths by mission and fiscal year (CSV).")
@option("--json", "json_file", type=PATH, metavar="FILE", required=True, help="File for the model and its errors.")
@option("--csv", "csv_file", type=PATH, metavar="FILE", help="Also write the mission-years as a table.")
@option("--plot", type=PATH, metavar="FILE", help="Also draw what was told beside what was spent (.svg or .png).")
@option("--measure", metavar="NAME", default="", help="Take amounts of this measure only.")
@option(
    "--fit", "how", type=click.Choice(["absolute", "squares"]), default="absolute", show_default=True,
    help="What the fit makes small: absolute shares of error, or their squares.",
)  # fmt: skip
def calibrate(
    spending: Path, strengths: Path, json_file: Path, csv_file: Path | None, plot: Path | None, measure: str,
    how: Literal["absolute", "squares"],
) -> None:  # fmt: skip
    """Fit, write what was asked for, and tell the error."""
    if plot is not None and plot.suffix.lower() not in (".svg", ".png"):
        raise click.BadParameter(
            say("'{file}' is neither .svg nor .png. Name one of these.", file=plot.name), param_hint="--plot"
        )
    from bluehelm.finance.calibrate import calibrate as fitted_to
    from bluehelm.finance.calibrate import record_of
    from bluehelm.mission.new_file import write_bytes_whole, write_text_whole
    from bluehelm.mission.plan_folder import json_bytes
    from bluehelm.reports.figures.calibration import calibration
    from bluehelm.reports.figures.drawing import png_of, svg_of
    from bluehelm.reports.finance.calibration_words import calibration_csv, calibration_told

    found = fitted_to(spending, strengths, how, measure)
    write_bytes_whole(json_file, json_bytes(record_of(found)))
    if csv_file is not None:
        write_text_whole(csv_file, calibration_csv(found))
    if plot is not None:
        svg = svg_of(calibration(found))
        write_bytes_whole(plot, png_of(svg) if plot.suffix.lower() == ".png" else svg.encode())
    click.echo(calibration_told(found), nl=False)
    for path in (json_file, csv_file, plot):
        if path is not None:
            click.echo(say("Written: {path}", path=path))


@click.command(
    cls=SpokenCommand,
    short_help="Make a file of strengths from IPI and Geo-PKO.",
    help="Make the file of strengths that 'bluehelm finance calibrate' reads: uniformed persons from monthly figures "
    "of IPI, sites and sites with aviation from maps of Geo-PKO.",
)
@option("--persons", type=PATH, metavar="FILE", required=True, help="IPI strengths by mission and month (CSV).")
@option("--bases", type=PATH, metavar="FILE", help="Geo-PKO locations; without it, sites stay blank.")
@option(
    "--years", metavar="YEARS", required=True, help="Calendar years in which fiscal years begin, such as 2009-2011."
)
@option("--out", type=PATH, metavar="FILE", required=True, help="File to write.")
def strengths(persons: Path, bases: Path | None, years: str, out: Path) -> None:
    """Make the file and say what is in it."""
    from bluehelm.cli.numbers import years_between
    from bluehelm.finance.strength_file import StrengthRow
    from bluehelm.journey.strengths_of_missions import strengths_of
    from bluehelm.mission.new_file import write_text_whole
    from bluehelm.mission.tables import table_text

    asked = [f"{year}/{(year + 1) % 100:02d}" for year in years_between(years, "--years")]
    rows = strengths_of(persons, bases, asked)
    write_text_whole(out, table_text(rows, StrengthRow))
    click.echo(
        say(
            "{rows} mission-years of {missions} missions; sites are known of {based}. Written: {path}",
            rows=len(rows),
            missions=len({row.mission for row in rows}),
            based=sum(row.sites is not None for row in rows),
            path=out,
        )
    )
