"""Conflict events from a UCDP GED file: where, when, how many died, and nothing about persons or sources.

Source: UCDP Georeferenced Event Dataset, codebook (Sundberg and Melander 2013). `type_of_violence` 1 is state-based,
2 non-state, 3 one-sided; `where_prec` runs from 1 (exact) to 7 (unknown), `date_prec` from 1 (day) to 5 (year).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.mission.faults import Fault
from bluehelm.mission.importers.reading import demand, first_five, hint, number, read_rows, scan_table

NEEDED = ("id", "type_of_violence", "latitude", "longitude", "date_start", "best")
OPTIONAL = (
    "date_end", "low", "high", "deaths_civilians", "where_prec", "date_prec", "where_coordinates", "priogrid_gid",
    "country", "iso3",
)  # fmt: skip
KINDS = {1: "state_based", 2: "non_state", 3: "one_sided"}
UNKNOWN_PLACE_PRECISION = 7
UNKNOWN_DATE_PRECISION = 5
ISO_DAY = r"^(\d{4}-\d{2}-\d{2})"


def read_ucdp_events(path: Path | str, countries: Iterable[str] | None = None) -> pl.DataFrame:
    """Read the events of a UCDP GED file (.csv or .csv.gz) into the columns of `bluehelm.mission.events`.

    Parameters
    ----------
    path : Path
        The file; columns that are not needed may be absent, and a file of gigabytes is read in streams.
    countries : names or ISO alpha-3 codes, optional
        Keep only events there; None keeps all.

    Returns
    -------
    Polars frame, one row per event, ordered by date and event_id. `date` is the day by which the event was over,
    so that no event is used before its end. `fatalities_civilian` is `best` for one-sided violence and
    `deaths_civilians` for the rest.

    Raises
    ------
    ImportFileError
        If columns are missing, or for events with bad coordinates, dates, kinds or deaths, with count and first ids.
    """
    return read_ucdp_with_faults(path, countries)[0]


def read_ucdp_with_faults(
    path: Path | str, countries: Iterable[str] | None = None
) -> tuple[pl.DataFrame, tuple[Fault, ...]]:
    """Read events as `read_ucdp_events` does, and say beside them what was mended (grade: warning)."""
    rows = _rows_in(path, scan_table(path, NEEDED, OPTIONAL), countries)
    table = rows.with_columns(*(number(name) for name in _NUMBERS), *_days())
    _check(path, rows, table)
    return _events(table), _mended(path, table)


_NUMBERS = (
    "type_of_violence", "latitude", "longitude", "best", "low", "high", "deaths_civilians", "where_prec", "date_prec",
    "priogrid_gid",
)  # fmt: skip


def _rows_in(path: Path | str, frame: pl.LazyFrame, countries: Iterable[str] | None) -> pl.DataFrame:
    # Extracts for humanitarian exchange carry a second header row of tags such as #date+start.
    frame = frame.filter(~pl.col("id").str.starts_with("#").fill_null(False))
    if countries is None:
        return read_rows(path, frame)
    asked = [country.casefold() for country in countries]
    there = pl.col("country").str.to_lowercase().is_in(asked) | pl.col("iso3").str.to_lowercase().is_in(asked)
    rows = frame.filter(there.fill_null(False)).collect(engine="streaming")
    if rows.is_empty():
        known = read_rows(path, frame.select("country").unique()).get_column("country").drop_nulls().sort().to_list()
        raise ImportFileError(
            "{file} has no event in {asked}; it has events in {known}. {hint}Ask for one of these.",
            file=Path(path).name,
            asked=", ".join(countries),
            known=first_five(known) or "(no country named)",
            hint=hint(next(iter(countries), ""), known),
        )
    return rows


def _days() -> list[pl.Expr]:
    return [
        pl.col(name).str.extract(ISO_DAY).str.to_date("%Y-%m-%d", strict=False).alias(name)
        for name in ("date_start", "date_end")
    ]


def _check(path: Path | str, text: pl.DataFrame, table: pl.DataFrame) -> None:
    """Stop at what cannot be mended without guessing."""
    latitude, longitude = pl.col("latitude"), pl.col("longitude")
    swapped = (latitude.abs() > 90) & (longitude.abs() <= 90) | _in_the_swapped_cell(latitude, longitude)
    checks = (
        (pl.col("id").is_null(), "{file}: {count} of {rows} events have no id. Give each event its id."),
        (
            pl.col("id").is_duplicated() & pl.col("id").is_not_null(),
            "{file}: {count} of {rows} events share an id with another: {first}. Give each event once.",
        ),
        (swapped, "{file}: latitude and longitude look swapped in {count} of {rows} events: {first}. Swap them."),
        (
            latitude.is_null() | longitude.is_null() | (latitude.abs() > 90) | (longitude.abs() > 180),
            "{file}: {count} of {rows} events have no coordinates on Earth: {first}. "
            "Latitude from -90 to 90 and longitude from -180 to 180 were expected.",
        ),
        (
            (latitude == 0) & (longitude == 0),
            "{file}: {count} of {rows} events lie at 0 N, 0 E, in the ocean: {first}. Correct them or leave them out.",
        ),
        (
            ~pl.col("type_of_violence").is_in([float(kind) for kind in KINDS]).fill_null(False),
            "{file}: type_of_violence is not 1, 2 or 3 in {count} of {rows} events: {first}.",
        ),
        (
            pl.any_horizontal(pl.col("best", "low", "high", "deaths_civilians") < 0),
            "{file}: deaths are negative in {count} of {rows} events: {first}. Write 0 or leave the event out.",
        ),
        (
            pl.col("best").is_null(),
            "{file}: `best` is not a number in {count} of {rows} events: {first}. Give the best estimate of deaths.",
        ),
        (
            pl.col("date_start").is_null() | (pl.col("date_end").is_null() & text.get_column("date_end").is_not_null()),
            "{file}: {count} of {rows} events have a date that is not year-month-day such as 2016-12-31: {first}. "
            "Save all dates in that form.",
        ),
        (
            pl.col("date_end") < pl.col("date_start"),
            "{file}: {count} of {rows} events end before they start: {first}. Correct date_start or date_end.",
        ),
    )
    for wrong, sentence in checks:
        demand(path, table, wrong, sentence, "id")


def _in_the_swapped_cell(latitude: pl.Expr, longitude: pl.Expr) -> pl.Expr:
    """Say where the PRIO-GRID cell of the event fits its coordinates only after they are swapped."""

    def cell(lat: pl.Expr, lon: pl.Expr) -> pl.Expr:
        return ((lat + 90) * 2).floor() * 720 + ((lon + 180) * 2).floor() + 1

    given = pl.col("priogrid_gid")
    return (given != cell(latitude, longitude)) & (given == cell(longitude, latitude))


def _events(table: pl.DataFrame) -> pl.DataFrame:
    best, low, high = (pl.col(name).fill_null(pl.col("best")) for name in ("best", "low", "high"))
    one_sided = pl.col("type_of_violence") == 3
    return table.select(
        event_id=pl.col("id"),
        date=pl.coalesce("date_end", "date_start"),
        latitude_deg=pl.col("latitude"),
        longitude_deg=pl.col("longitude"),
        fatalities_best=best.round().cast(pl.Int64),
        fatalities_low=pl.min_horizontal(low, best).round().cast(pl.Int64),
        fatalities_high=pl.max_horizontal(high, best).round().cast(pl.Int64),
        fatalities_civilian=pl.when(one_sided)
        .then(best)
        .otherwise(pl.col("deaths_civilians").fill_null(0))
        .round()
        .cast(pl.Int64),
        kind=pl.col("type_of_violence").cast(pl.Int64).replace_strict(KINDS, return_dtype=pl.String),
        place=pl.col("where_coordinates").fill_null(""),
        place_precision=_precision("where_prec", UNKNOWN_PLACE_PRECISION),
        date_precision=_precision("date_prec", UNKNOWN_DATE_PRECISION),
    ).sort("date", "event_id")


def _precision(name: str, unknown: int) -> pl.Expr:
    return pl.col(name).fill_null(unknown).clip(1, unknown).cast(pl.Int64)


def _mended(path: Path | str, table: pl.DataFrame) -> tuple[Fault, ...]:
    file = Path(path).name
    crossed = table.filter((pl.col("low") > pl.col("best")) | (pl.col("best") > pl.col("high")))
    no_civilians = table.get_column("deaths_civilians").is_null().all()
    faults = []
    if not crossed.is_empty():
        faults.append(
            Fault(
                "warning",
                file,
                "In {count} of {rows} events `best` lies outside `low` to `high`: {first}.",
                "low <= best <= high was expected.",
                "The range was widened to hold `best`.",
                column="best",
                values={"count": crossed.height, "rows": table.height, "first": first_five(crossed.get_column("id"))},
            )
        )
    if no_civilians and (table.get_column("type_of_violence") != 3).any():
        faults.append(
            Fault(
                "warning",
                file,
                "No event has `deaths_civilians`.",
                "Civilian deaths of state-based and non-state violence were expected.",
                "Only one-sided violence counts as harm to civilians.",
                column="deaths_civilians",
            )
        )
    return tuple(faults)
