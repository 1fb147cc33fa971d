"""Events of violence, as a table: read from and written to the mission folder, within a stated bound of memory."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bluehelm.errors import nearest
from bluehelm.mission.bulk import Event
from bluehelm.mission.columns import columns_of
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.files import MEGABYTE, check_file
from bluehelm.mission.frames import ROW, clean_frame, frame_faults, read_frame, schema_of, write_frame

EVENT_SCHEMA = schema_of(Event)
MOST_BYTES = 512 * MEGABYTE
MOST_EVENTS = 5_000_000
MOST_EVENTS_AS_TEXT = 100_000


def read_events(path: Path) -> tuple[pl.DataFrame | None, list[Fault]]:
    """Read `events.csv` or `events.parquet`; None where an error fault says why."""
    if path.suffix == ".csv":
        return read_frame(path, Event, MOST_BYTES)
    faults = check_file(path, MOST_BYTES)
    if faults:
        return None, faults
    try:
        return _read_parquet(path)
    except pl.exceptions.PolarsError as trouble:
        return None, [_not_parquet(path.name, str(trouble).partition("\n")[0])]


def write_events(events: pl.DataFrame, folder: Path) -> None:
    """Write events into a mission folder: as text where people can still read it, otherwise as Parquet.

    Raises
    ------
    InvalidRecordError
        If a column is missing, or a value is out of its range.
    """
    if events.height <= MOST_EVENTS_AS_TEXT:
        write_frame(events, folder / "events.csv", Event)
    else:
        clean_frame(events, Event).write_parquet(folder / "events.parquet")


def _read_parquet(path: Path) -> tuple[pl.DataFrame | None, list[Fault]]:
    rows = pl.scan_parquet(path, glob=False)
    given = rows.collect_schema().names()
    if faults := _column_faults(path.name, given):
        return None, faults
    count = rows.select(pl.len()).collect(engine="streaming").item()
    if count > MOST_EVENTS:
        return None, [_too_many(path.name, count)]
    texts = rows.select(pl.col(name).cast(pl.String) for name in EVENT_SCHEMA).with_row_index(ROW)
    if faults := frame_faults(texts, Event, path.name):
        return None, faults
    return rows.select(pl.col(name).cast(kind) for name, kind in EVENT_SCHEMA.items()).collect(), []


def _column_faults(file: str, given: list[str]) -> list[Fault]:
    faults = []
    for name in given:
        if name not in EVENT_SCHEMA:
            near = nearest(name, EVENT_SCHEMA)
            faults.append(
                error(
                    file,
                    "Column '{column}' is not known in '{file}'.",
                    "These columns are known: {known}.",
                    "Did you mean '{nearest}'?" if near else "Take the column out.",
                    column=name,
                    known=", ".join(EVENT_SCHEMA),
                    nearest=near,
                )
            )
    for one in columns_of(Event):
        if one.name not in given:
            faults.append(
                error(
                    file,
                    "Column '{column}' is missing in '{file}'.",
                    "This column was expected: {meaning} ({unit}).",
                    "Add the column and fill it in.",
                    column=one.name,
                    meaning=one.column.meaning,
                    unit=one.column.unit,
                )
            )
    return faults


def _too_many(file: str, count: int) -> Fault:
    return error(
        file,
        "'{file}' holds {count} {count:event|events}.",
        "At most {most} {most:event|events} {most:is|are} read.",
        "Keep the events of the mission's countries and of the last years.",
        count=count,
        most=MOST_EVENTS,
    )


def _not_parquet(file: str, reason: str) -> Fault:
    return error(
        file,
        "'{file}' cannot be read as Parquet: {reason}.",
        "A Parquet file with the columns of events was expected.",
        "Write it anew, or give events.csv instead.",
        reason=reason.rstrip("."),
    )
