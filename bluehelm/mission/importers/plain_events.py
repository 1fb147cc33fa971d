"""Conflict events from a plain CSV file, whatever its columns are called: a mapping names them.

| ours | what stands in the column | if it is absent |
| --- | --- | --- |
| date | last day: 2016-12-31, or 31 December 2016 | an error |
| latitude, longitude | degrees, WGS 84 | an error |
| fatalities | deaths, best estimate | an error |
| kind | state_based, non_state, one_sided, or 1, 2, 3 as UCDP writes them | an error |
| id | name of the event | the line of the file |
| date_start | first day | the last day |
| low, high | deaths, lowest and highest estimate | the best estimate |
| civilian | deaths of civilians | all deaths of one-sided violence, none of the rest |
| place, country, actor, opponent | text | blank |
| place_precision, date_precision | rank as in UCDP (1 exact .. 7, 1 day .. 5 year) | exact |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.mission.bulk import EVENT_KINDS
from bluehelm.mission.importers.reading import (
    DAY_FIRST,
    DAY_FORMS,
    ISO_DAY,
    MOST_DEATHS,
    NAMED_MONTH,
    demand_all,
    first_five,
    header_of,
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

NEEDED = ("date", "latitude", "longitude", "fatalities", "kind")
OPTIONAL = (
    "id", "date_start", "low", "high", "civilian", "place", "country", "actor", "opponent", "place_precision",
    "date_precision",
)  # fmt: skip
# A mission's own events.csv is read as it is.
OTHER_NAMES = {
    "id": "event_id", "latitude": "latitude_deg", "longitude": "longitude_deg", "fatalities": "fatalities_best",
    "low": "fatalities_low", "high": "fatalities_high", "civilian": "fatalities_civilian",
}  # fmt: skip
KINDS = {str(code): kind for code, kind in enumerate(EVENT_KINDS, start=1)}
ODD_START = "date_start is no day"
DEATHS = ("fatalities", "low", "high", "civilian")
TEXTS = ("place", "country", "actor", "opponent")
UNKNOWN_PRECISION = {"place_precision": 7, "date_precision": 5}


def plain_columns(path: Path | str, mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Say which column of the file is which of ours; those that are absent are left out.

    Raises
    ------
    ImportFileError
        If the mapping names a column that is not ours, or one that the file does not have.
    """
    mapping, header = mapping or {}, header_of(path)
    ours = (*NEEDED, *OPTIONAL)
    for name, column in mapping.items():
        if name not in ours:
            raise ImportFileError(
                "The mapping names '{name}', which is no column of events. {hint}These are: {known}.",
                name=name,
                hint=hint(name, ours),
                known=", ".join(ours),
            )
        if column.casefold() not in {given.casefold() for given in header}:
            raise ImportFileError(
                "The mapping takes '{name}' from the column '{column}', which {file} does not have. {hint}Its header "
                "has {columns} columns: {header}.",
                name=name,
                column=column,
                file=Path(path).name,
                hint=hint(column, header),
                columns=len(header),
                header=first_five(header),
            )
    there = {given.casefold(): given for given in reversed(header)}
    tried = {name: (name, OTHER_NAMES.get(name, name)) for name in ours if name not in mapping}
    found = {name: there[one] for name, names in tried.items() for one in reversed(names) if one in there}
    return {name: {**found, **mapping}[name] for name in ours if name in found or name in mapping}


def read_plain_events(
    path: Path | str, mapping: Mapping[str, str] | None = None, there: pl.Expr | None = None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the events of a plain CSV file (.csv or .csv.gz).

    Parameters
    ----------
    mapping : our column -> column of the file, optional
        For columns that are called otherwise in the file; the case of letters does not matter.
    there : expression on the text column country, optional
        Keep only rows where it holds.

    Returns
    -------
    Polars frame with the columns of `bluehelm.mission.events`, then date_start, country, actor, opponent, ordered by
    date and event_id; notes on what was assumed, as sentences.

    Raises
    ------
    ImportFileError
        If columns are missing, or for events with bad coordinates, dates, kinds or deaths, with count and first ids.
    """
    columns = plain_columns(path, mapping)
    named = {name: columns.get(name, name) for name in NEEDED}
    frame = scan_table(path, tuple(dict.fromkeys((*named.values(), *columns.values()))))
    frame = frame.select(pl.col(column).alias(name) for name, column in columns.items()).with_row_index("line", 2)
    frame = without_tags(frame, "date")
    rows = read_rows(path, frame if there is None else frame.filter(there))
    if "id" not in columns:
        rows = rows.with_columns(id=pl.format("line-{}", "line"))
    rows = rows.drop("line").with_columns(_kind())
    table, notes = checked_events(path, rows, columns)
    return table, (*_absent(columns), *notes)


def checked_events(
    path: Path | str, rows: pl.DataFrame, columns: Mapping[str, str], forms: Iterable[str] = (ISO_DAY, NAMED_MONTH)
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Turn text columns under our names into events; stop at what cannot be mended without guessing.

    Parameters
    ----------
    rows : id, and the columns above that are there, as text; `kind` is one of ours, or null where it is unknown
    columns : our column -> column of the file, for what errors say
    forms : ways in which days may be written, keys of `reading.DAY_FORMS`
    """
    absent = [pl.lit(None, pl.String).alias(name) for name in OPTIONAL if name not in rows.columns]
    rows = rows.with_columns(*absent)
    day, day_forms = read_days(rows.get_column("date"), forms)
    start, start_forms = read_days(rows.get_column("date_start"), forms)
    table, _ = read_numbers(rows, ("latitude", "longitude", *UNKNOWN_PRECISION))
    table, no_number = read_numbers(table, DEATHS)
    odd_start = unread(rows.get_column("date_start"), start).alias(ODD_START)
    table, dropped = without_repeats(table.with_columns(day, start, odd_start), "id")
    _check(path, table, columns, no_number)
    used = [form for form in DAY_FORMS if form in (*day_forms, *start_forms)]
    return _events(table, columns), tuple(_mended(table, columns, dropped, used))


def _kind() -> pl.Expr:
    """Read "One-sided violence", "state_based" or 3 as one of our kinds."""
    text = pl.col("kind").str.to_lowercase().str.replace_all(r"[ _-]+", "_").str.strip_suffix("_violence")
    return text.replace_strict(KINDS | {kind: kind for kind in EVENT_KINDS}, default=None, return_dtype=pl.String)


def _check(path: Path | str, table: pl.DataFrame, columns: Mapping[str, str], no_number: pl.Expr) -> None:
    latitude, longitude = pl.col("latitude"), pl.col("longitude")
    deaths = pl.col(DEATHS)
    checks = (
        (pl.col("id").is_null(), "{file}: {count} of {rows} events have no id. Give each event its id."),
        (
            shared(table, "id"),
            "{file}: {count} of {rows} events share an id with another and differ from it: {first}. "
            "Keep the row that is right.",
        ),
        (
            (latitude.abs() > 90) & (longitude.abs() <= 90),
            "{file}: latitude and longitude look swapped in {count} of {rows} events: {first}. Swap them.",
        ),
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
            pl.col("kind").is_null(),
            "{file}: {kind} is none of {kinds} (or 1, 2, 3) in {count} of {rows} events: {first}.",
        ),
        (
            pl.col("fatalities").is_null() | no_number,
            "{file}: deaths are missing or no number in {count} of {rows} events: {first}. "
            "Give a number in {fatalities}; leave low, high and civilian deaths blank where they are unknown.",
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
            pl.col("date").is_null() | pl.col(ODD_START),
            "{file}: {count} of {rows} events have a date that cannot be read for certain: {first}. "
            "Write all dates as year-month-day, such as 2016-12-31.",
        ),
        (
            pl.col("date_start") > pl.col("date"),
            "{file}: {count} of {rows} events end before they start: {first}. Correct the dates.",
        ),
    )
    named = {name: f"`{columns.get(name, name)}`" for name in ("kind", "fatalities")}
    demand_all(path, table, checks, "id", **named, kinds=", ".join(EVENT_KINDS), most=MOST_DEATHS)


def _events(table: pl.DataFrame, columns: Collection[str]) -> pl.DataFrame:
    best = pl.col("fatalities")
    one_sided = pl.col("kind") == "one_sided"
    civilian = pl.col("civilian").fill_null(pl.when(one_sided).then(best).otherwise(0))
    texts = {name: pl.col(name).fill_null("") for name in ("country", "actor", "opponent")}
    return table.select(
        event_id=pl.col("id"),
        date=pl.col("date"),
        latitude_deg=pl.col("latitude"),
        longitude_deg=pl.col("longitude"),
        fatalities_best=best.cast(pl.Int64),
        fatalities_low=pl.min_horizontal(pl.col("low").fill_null(best), best).cast(pl.Int64),
        fatalities_high=pl.max_horizontal(pl.col("high").fill_null(best), best).cast(pl.Int64),
        fatalities_civilian=pl.min_horizontal(civilian, best).cast(pl.Int64),
        kind=pl.col("kind"),
        place=pl.col("place").fill_null(""),
        **{name: _precision(name, given=name in columns) for name in UNKNOWN_PRECISION},
        date_start=pl.col("date_start").fill_null(pl.col("date")),
        **texts,
    ).sort("date", "event_id")


def _precision(name: str, given: bool) -> pl.Expr:
    """Blanks in a column of ranks are unknown; without the column every event is exact."""
    unknown = UNKNOWN_PRECISION[name]
    return pl.when(within(name, unknown)).then(pl.col(name)).otherwise(unknown if given else 1).cast(pl.Int64)


def _mended(table: pl.DataFrame, columns: Mapping[str, str], dropped: int, day_forms: Collection[str]) -> Iterator[str]:
    """Say what was mended in the rows."""
    rows = table.height

    def count(where: pl.Expr) -> int:
        return table.filter(where.fill_null(False)).height

    if dropped:
        yield say("Rows that repeat another in every column read were dropped: {count}.", count=dropped)
    if len(day_forms) > 1:
        yield say("Dates are written in {count} ways: {forms}.", count=len(day_forms), forms=", ".join(day_forms))
    if DAY_FIRST in day_forms:
        yield say("Dates such as 04/03/2016 were read with the day first: 4 March.")
    best = pl.col("fatalities")
    if crossed := count((pl.col("low") > best) | (best > pl.col("high"))):
        yield say(
            "In {count} of {rows} events the best estimate lies outside the lowest to the highest; the range was "
            "widened to hold it.",
            count=crossed,
            rows=rows,
        )
    if beyond := count(pl.col("civilian") > best):
        yield say(
            "In {count} of {rows} events more civilians than people died; the best estimate was taken for both.",
            count=beyond,
            rows=rows,
        )
    for name, unknown in UNKNOWN_PRECISION.items():
        if name in columns and (vague := rows - count(within(name, unknown))):
            yield say(
                "`{column}` is blank or no rank in {count} of {rows} events; it counts as unknown.",
                column=columns[name],
                count=vague,
                rows=rows,
            )


def _absent(columns: Mapping[str, str]) -> Iterator[str]:
    """Say what stands in for columns that the file does not have."""
    if "id" not in columns:
        yield say("The file gives no ids: each event is named by its line, and repeated lines are all kept.")
    if not {"low", "high"} <= set(columns):
        yield say("The file gives no range of deaths: where it lacks an end, the best estimate is taken.")
    if "civilian" not in columns:
        yield say("The file does not tell deaths of civilians: only one-sided violence counts as harm to them.")
    if not set(UNKNOWN_PRECISION) <= set(columns):
        yield say("The file does not tell how well places or dates are known: where it is silent, they count as exact.")
    if blank := [name for name in TEXTS if name not in columns]:
        yield say("The file has no column for {names}: left blank.", names=", ".join(blank))
