"""Conflict events from a UCDP GED file: where, when, how many died, and nothing about persons or sources.

Yearly releases (GED) and monthly candidate releases have the same columns; candidates may still change.

Source: UCDP Georeferenced Event Dataset, codebook (Sundberg and Melander 2013). `type_of_violence` 1 is state-based,
2 non-state, 3 one-sided; `where_prec` runs from 1 (exact) to 7 (unknown), `date_prec` from 1 (day) to 5 (year).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.mission.events import EVENT_SCHEMA
from bluehelm.mission.faults import Fault
from bluehelm.mission.importers.reading import (
    MOST_DEATHS,
    collected,
    demand_all,
    first_five,
    hint,
    read_days,
    read_numbers,
    read_rows,
    scan_table,
    shared,
    unread,
    within,
    without_repeats,
    without_tags,
)
from bluehelm.words import say

NEEDED = ("id", "type_of_violence", "latitude", "longitude", "date_start", "best")
OPTIONAL = (
    "date_end", "low", "high", "deaths_civilians", "where_prec", "date_prec", "where_coordinates", "priogrid_gid",
    "country", "iso3", "country_id", "side_a", "side_b", "code_status",
)  # fmt: skip
COUNTRIES = ("country", "iso3", "country_id")
KINDS = {1: "state_based", 2: "non_state", 3: "one_sided"}
UNKNOWN_PLACE_PRECISION = 7
UNKNOWN_DATE_PRECISION = 5
CLEAR = "clear"
ODD_END = "date_end is no day"


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
    table = _typed(_rows_in(path, _scan(path), countries))
    _check(path, table)
    return _events(table).select(*EVENT_SCHEMA), _mended(path, table)


def read_ucdp_with_notes(path: Path | str, there: pl.Expr | None = None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read events with their first day, country and armed sides, and say in sentences what was mended.

    Parameters
    ----------
    there : expression on the text columns country, iso3 and country_id, optional
        Keep only rows where it holds.

    Returns
    -------
    Polars frame with the columns of `read_ucdp_events`, then date_start, country, actor (side_a), opponent (side_b);
    notes. Rows that are the same in every column read are one event.

    Raises
    ------
    ImportFileError
        As `read_ucdp_events` does.
    """
    frame = _scan(path)
    rows = read_rows(path, frame if there is None else frame.filter(there))
    table, dropped = without_repeats(_typed(rows), "id")
    _check(path, table)
    notes = [str(fault) for fault in _mended(path, table)]
    if dropped:
        notes.append(say("Rows that repeat another in every column read were dropped: {count}.", count=dropped))
    return _events(table), (*notes, *_notes(table))


def _notes(table: pl.DataFrame) -> list[str]:
    """Say what the reader of a forecast should know of the file."""
    rows = table.height
    candidates = table.filter(pl.col("code_status").str.to_lowercase() != CLEAR).height
    placeless = table.filter(~within("where_prec", UNKNOWN_PLACE_PRECISION)).height
    dateless = table.filter(~within("date_prec", UNKNOWN_DATE_PRECISION)).height
    notes = []
    if candidates:
        notes.append(
            say("{count} of {rows} events are candidates whose coding is not final.", count=candidates, rows=rows)
        )
    if placeless:
        notes.append(
            say(
                "{count} of {rows} events have no precision of place; it counts as unknown.", count=placeless, rows=rows
            )
        )
    if dateless:
        notes.append(
            say("{count} of {rows} events have no precision of date; it counts as a year.", count=dateless, rows=rows)
        )
    return notes


_DAYS = ("date_start", "date_end")
_NUMBERS = (
    "type_of_violence", "latitude", "longitude", "best", "low", "high", "deaths_civilians", "where_prec", "date_prec",
    "priogrid_gid",
)  # fmt: skip


def _scan(path: Path | str) -> pl.LazyFrame:
    return without_tags(scan_table(path, NEEDED, OPTIONAL, as_is=(*_NUMBERS, *_DAYS)), "id")


def _rows_in(path: Path | str, frame: pl.LazyFrame, countries: Iterable[str] | None) -> pl.DataFrame:
    if countries is None:
        return read_rows(path, frame)
    asked = [country.casefold() for country in countries]
    there = pl.col("country").str.to_lowercase().is_in(asked) | pl.col("iso3").str.to_lowercase().is_in(asked)
    rows = collected(path, frame.filter(there.fill_null(False)))
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


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    start, end = (read_days(rows.get_column(name))[0] for name in _DAYS)
    odd_end = unread(rows.get_column("date_end"), end).alias(ODD_END)
    return read_numbers(rows, _NUMBERS)[0].with_columns(start, end, odd_end)


def _check(path: Path | str, table: pl.DataFrame) -> None:
    """Stop at what cannot be mended without guessing."""
    latitude, longitude = pl.col("latitude"), pl.col("longitude")
    deaths = pl.col("best", "low", "high", "deaths_civilians")
    swapped = (latitude.abs() > 90) & (longitude.abs() <= 90) | _in_the_swapped_cell(latitude, longitude)
    checks = (
        (pl.col("id").is_null(), "{file}: {count} of {rows} events have no id. Give each event its id."),
        (
            shared(table, "id"),
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
            pl.any_horizontal(deaths < 0),
            "{file}: deaths are negative in {count} of {rows} events: {first}. Write 0 or leave the event out.",
        ),
        (
            pl.any_horizontal(deaths != deaths.round()),
            "{file}: deaths are not whole in {count} of {rows} events: {first}. Write 1234, without marks between.",
        ),
        (
            pl.any_horizontal(deaths > MOST_DEATHS),
            "{file}: {count} of {rows} events have more than {most} deaths: {first}. Correct them.",
        ),
        (
            pl.col("best").is_null(),
            "{file}: `best` is not a number in {count} of {rows} events: {first}. Give the best estimate of deaths.",
        ),
        (
            pl.col("date_start").is_null() | pl.col(ODD_END),
            "{file}: {count} of {rows} events have a date that is not year-month-day such as 2016-12-31: {first}. "
            "Save all dates in that form.",
        ),
        (
            pl.col("date_end") < pl.col("date_start"),
            "{file}: {count} of {rows} events end before they start: {first}. Correct date_start or date_end.",
        ),
    )
    demand_all(path, table, checks, "id", most=MOST_DEATHS)


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
        .otherwise(pl.min_horizontal(pl.col("deaths_civilians").fill_null(0), best))
        .round()
        .cast(pl.Int64),
        kind=pl.col("type_of_violence").cast(pl.Int64).replace_strict(KINDS, return_dtype=pl.String),
        place=pl.col("where_coordinates").fill_null(""),
        place_precision=_precision("where_prec", UNKNOWN_PLACE_PRECISION),
        date_precision=_precision("date_prec", UNKNOWN_DATE_PRECISION),
        date_start=pl.col("date_start"),
        country=pl.col("country").fill_null(""),
        actor=pl.col("side_a").fill_null(""),
        opponent=pl.col("side_b").fill_null(""),
    ).sort("date", "event_id")


def _precision(name: str, unknown: int) -> pl.Expr:
    return pl.when(within(name, unknown)).then(pl.col(name)).otherwise(unknown).cast(pl.Int64)


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
