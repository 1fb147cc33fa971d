"""Options that several commands on events share, word for word."""

from __future__ import annotations

from pathlib import Path

import click

from bluehelm.cli.spoken import option

PATH = click.Path(path_type=Path)

EVENTS = option("--events", type=PATH, metavar="FILE", required=True, help="Conflict events (CSV, may be .gz).")
COUNTRY = option(
    "--country", metavar="NAME", help="Country by name or ISO code of three letters; without it, all events."
)
AREAS = option("--areas", type=PATH, metavar="FILE", help="Areas (CSV: name, latitude, longitude, population).")
PLACES = option(
    "--places", type=PATH, metavar="FILE", help="Populated places to draw areas from, instead of the ones shipped."
)
H3 = option("--h3", type=click.IntRange(2, 7), metavar="RESOLUTION", help="Take H3 cells of this resolution as areas.")
LAG = option(
    "--lag", type=click.IntRange(0, 24), metavar="MONTHS", default=0, show_default=True,
    help="Months by which events are published late.",
)  # fmt: skip
ENGINE = option(
    "--engine", type=click.Choice(["processes", "dask", "here"]), default="processes", show_default=True,
    help="How work is shared out.",
)  # fmt: skip
