"""Areas as cells of the hexagonal grid H3: equal in size, the same for every country, and not drawn from violence.

Cells that hold a populated place or a well-placed event are areas; everything belongs to the nearest cell's centre. Use
resolution 5 (about 250 square kilometres, 9 km across an edge) or 4 (1,770 square kilometres). Source: h3geo.org.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.areas import EVENT_PLACE, PEOPLE_WHERE_UNKNOWN
from bluehelm.foresight.spaced_areas import AREA_COLUMNS, MOST_AREAS, SpacingRules

RESOLUTIONS = range(2, 8)


def cell_areas(
    places: pl.DataFrame | None, known: pl.DataFrame, resolution: int, rules: SpacingRules | None = None
) -> pl.DataFrame:
    """Make areas of H3 cells.

    Parameters
    ----------
    places : name, kind, latitude_deg, longitude_deg, population_persons; None where no place is known
    known : events of `bluehelm.foresight.events`
    resolution : of H3, 2 to 7

    Returns
    -------
    Polars frame: area_id (the cell), name (of its largest place), latitude_deg, longitude_deg (of its centre),
    population_persons; most people first

    Raises
    ------
    InvalidRecordError
        If the resolution is out of range, H3 is not installed, nothing is there, or there are too many cells.
    """
    rules = rules or SpacingRules()
    if resolution not in RESOLUTIONS:
        raise InvalidRecordError(
            "H3 resolution is {resolution}; {least} to {most} were expected.",
            resolution=resolution,
            least=RESOLUTIONS[0],
            most=RESOLUTIONS[-1],
        )
    points = _points(places, known, rules)
    cells = points.with_columns(area_id=pl.Series(_cells(points, resolution), dtype=pl.String))
    areas = (
        cells.sort("people", "name", descending=[True, False])
        .group_by("area_id", maintain_order=True)
        .agg(pl.col("name").first(), population_persons=pl.col("people").sum())
        .sort("population_persons", "area_id", descending=[True, False])
    )
    if not 0 < areas.height <= MOST_AREAS:
        raise InvalidRecordError(
            "{cells} {cells:cell|cells} of H3 resolution {resolution} hold a place or an event; 1 to {most} were "
            "expected. Choose "
            "another resolution, or give places.",
            cells=areas.height,
            resolution=resolution,
            most=MOST_AREAS,
        )
    centre = [_grid().cell_to_latlng(cell) for cell in areas["area_id"]]
    where = pl.DataFrame(centre, schema={"latitude_deg": pl.Float64, "longitude_deg": pl.Float64}, orient="row")
    return pl.concat([areas, where], how="horizontal").select(AREA_COLUMNS)


def _points(places: pl.DataFrame | None, known: pl.DataFrame, rules: SpacingRules) -> pl.DataFrame:
    usual = pl.col("kind").replace_strict(dict(PEOPLE_WHERE_UNKNOWN), default=0, return_dtype=pl.Int64)
    where = ("latitude_deg", "longitude_deg")
    placed = known.filter(pl.col("place_precision") <= rules.place_precision)
    events = placed.unique(where, maintain_order=True).select(
        *where, name="place", people=pl.lit(PEOPLE_WHERE_UNKNOWN[EVENT_PLACE], pl.Int64)
    )
    if places is None:
        return events
    people = pl.col("population_persons").fill_null(usual)
    return pl.concat([places.select(*where, "name", people=people), events])


def _cells(points: pl.DataFrame, resolution: int) -> list[str]:
    grid = _grid()
    return [grid.latlng_to_cell(*where, resolution) for where in points.select("latitude_deg", "longitude_deg").rows()]


def _grid() -> Any:
    try:
        import h3
    except ImportError as trouble:
        raise InvalidRecordError(
            "H3 is not installed. Install the optional part: pip install 'bluehelm[h3]', or leave out the cells."
        ) from trouble
    return h3
