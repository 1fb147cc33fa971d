"""Uniformed contributions by month from the IPI Peacekeeping Database (Perry and Smith 2013; UN monthly reports).

Traps met here: the columns of a mission's headquarters latitude and longitude are swapped in the source, and rows of
`all` contributors or missions are totals.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bluehelm.mission.importers.reading import demand, number, read_rows, scan_table

STRENGTHS = ("Troops", "Police", "Observers", "Total")
GROUPS = {
    "Individual_Police": "individual_police",
    "Formed_Police_Units": "formed_police",
    "Experts_on_Mission": "experts",
    "Troops": "troops",
}
GENDERS = {"Male": "male", "Female": "female", "Total": "all"}
TOTALS = ("all", "total", "totals")


def read_mission_month(path: Path | str) -> pl.DataFrame:
    """Read strength by mission and month.

    Returns
    -------
    Polars frame: month_end, mission, country_iso3, hq_name, hq_latitude_deg, hq_longitude_deg, contributors,
    troops_persons, police_persons, observers_persons, total_persons (null where the source is blank).

    Raises
    ------
    ImportFileError
        If the file cannot be used, or dates or counts are wrong; with count and first missions.
    """
    hq = ("Mission HQ Latitude", "Mission HQ Longitude")
    frame = scan_table(
        path,
        ("Date", "Mission", "Troops", "Police", "Observers"),
        ("Country of Mission ISO-3", "Mission HQ", *hq, "Number of Contributors", "Total"),
    )
    counts = (*STRENGTHS, "Number of Contributors")
    table = read_rows(path, frame.filter(_is_no_total("Mission")).with_columns(*map(number, (*counts, *hq)), _day()))
    _check(path, table, counts, "Mission")
    latitude, longitude = hq if _named_rightly(table) else reversed(hq)
    return table.select(
        month_end="Date",
        mission="Mission",
        country_iso3="Country of Mission ISO-3",
        hq_name="Mission HQ",
        hq_latitude_deg=latitude,
        hq_longitude_deg=longitude,
        contributors=_count("Number of Contributors"),
        troops_persons=_count("Troops"),
        police_persons=_count("Police"),
        observers_persons=_count("Observers"),
        total_persons=_count("Total"),
    ).sort("month_end", "mission")


def read_contributor_month(path: Path | str) -> pl.DataFrame:
    """Read strength by contributing country and month: month_end, contributor, troops_, police_, experts_persons."""
    counts = ("Troops", "Police", "Experts")
    frame = scan_table(path, ("Contributor", "Date", *counts))
    table = read_rows(path, frame.filter(_is_no_total("Contributor")).with_columns(*map(number, counts), _day()))
    _check(path, table, counts, "Contributor")
    return table.select(
        month_end="Date",
        contributor="Contributor",
        troops_persons=_count("Troops"),
        police_persons=_count("Police"),
        experts_persons=_count("Experts"),
    ).sort("month_end", "contributor")


def read_contributor_mission_month(path: Path | str) -> pl.DataFrame:
    """Read persons by contributor, mission, month, component and gender, one row each; totals of rows are dropped.

    Returns
    -------
    Polars frame: month_end, contributor, contributor_iso3, mission, component (individual_police, formed_police,
    experts, troops), gender (male, female, all), persons. Blank cells give no row.
    """
    cells = {f"{group}_{gender}": (GROUPS[group], GENDERS[gender]) for group in GROUPS for gender in GENDERS}
    frame = scan_table(path, ("Date", "Contributor", "Mission", *cells), ("Contributor_ISO-3",))
    frame = frame.filter(_is_no_total("Contributor"), _is_no_total("Mission")).with_columns(*map(number, cells), _day())
    table = read_rows(path, frame)
    _check(path, table, tuple(cells), "Contributor")
    long = table.unpivot(
        list(cells), index=["Date", "Contributor", "Contributor_ISO-3", "Mission"], value_name="persons"
    )
    return (
        long.drop_nulls("persons")
        .select(
            month_end="Date",
            contributor="Contributor",
            contributor_iso3="Contributor_ISO-3",
            mission="Mission",
            component=pl.col("variable").replace_strict({name: cell[0] for name, cell in cells.items()}),
            gender=pl.col("variable").replace_strict({name: cell[1] for name, cell in cells.items()}),
            persons=_count("persons"),
        )
        .sort("month_end", "contributor", "mission", "component", "gender")
    )


def _is_no_total(name: str) -> pl.Expr:
    return ~pl.col(name).str.to_lowercase().is_in(TOTALS).fill_null(False)


def _day() -> pl.Expr:
    return pl.col("Date").str.to_date("%Y-%m-%d", strict=False)


def _count(name: str) -> pl.Expr:
    return pl.col(name).round().cast(pl.Int64)


def _named_rightly(table: pl.DataFrame) -> bool:
    """Say whether a corrected copy was given: no latitude lies beyond 90, so the larger column is the longitude."""
    return bool((table.get_column("Mission HQ Longitude").abs() > 90).any())


def _check(path: Path | str, table: pl.DataFrame, counts: tuple[str, ...], key: str) -> None:
    demand(
        path,
        table,
        pl.col("Date").is_null(),
        "{file}: {count} of {rows} rows have a Date that is not year-month-day such as 2012-12-31: {first}.",
        key,
    )
    demand(
        path,
        table,
        pl.any_horizontal(pl.col(counts) < 0) | pl.any_horizontal(pl.col(counts) > 1e7),
        "{file}: a strength is negative or above 10 million in {count} of {rows} rows: {first}. Give persons.",
        key,
    )
