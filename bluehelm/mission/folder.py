"""A mission folder: read with all its faults at once, and written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bluehelm.errors import MissionFilesError, nearest
from bluehelm.mission.bulk import RiskRow, ViolenceRow
from bluehelm.mission.draft import FILES, MANDATE_FILE, MISSION_FILE, OPTIONAL_TABLES, REQUIRED_TABLES, Draft
from bluehelm.mission.faults import Fault, error, warning
from bluehelm.mission.files import is_given
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.mission import Mission
from bluehelm.mission.new_folder import new_folder
from bluehelm.mission.references import reference_faults
from bluehelm.mission.tables import Table, read_table, table_text
from bluehelm.mission.toml_files import mandate_toml_text, mission_toml_text, read_mandate_toml, read_mission_toml

if TYPE_CHECKING:
    import polars as pl

__all__ = ["find_faults", "mission_hash", "read_mission", "write_mission"]

R = TypeVar("R")


def read_mission(path: Path | str) -> Mission:
    """Read a mission folder.

    Raises
    ------
    MissionFilesError
        If the folder has errors; `faults` lists all of them, and the warnings too.
    """
    mission, faults = find_faults(path)
    if mission is None:
        errors = [fault for fault in faults if fault.grade == "error"]
        raise MissionFilesError(
            "Mission folder '{folder}' has {count} {count:error|errors}. {first} "
            "Run 'bluehelm mission check {folder}' to list every fault.",
            faults,
            folder=str(path),
            count=len(errors),
            first=" ".join(str(fault) for fault in errors[:5]),
        )
    return mission


def find_faults(path: Path | str) -> tuple[Mission | None, tuple[Fault, ...]]:
    """Read a mission folder as far as it goes, and list every fault; the mission is None where one is an error."""
    folder = Path(path)
    if fault := _folder_fault(folder):
        return None, (fault,)
    draft, faults = _read_draft(folder)
    faults += reference_faults(draft)
    faults += _strange_files(folder)
    faults.sort(key=lambda fault: (FILES.index(fault.file) if fault.file in FILES else len(FILES), fault.line))
    if any(fault.grade == "error" for fault in faults):
        return None, tuple(faults)
    return draft.mission(), tuple(faults)


def write_mission(mission: Mission, path: Path | str) -> None:
    """Write a mission as a folder that reads back as the same mission; the folder appears whole or not at all.

    Raises
    ------
    MissionFilesError
        If there is something at that path already, or the system refuses to write there.
    InvalidRecordError
        If a value could not be read back as it is.
    """
    with new_folder(path) as folder:
        _write_files(mission, folder)


def _folder_fault(folder: Path) -> Fault | None:
    try:
        if folder.is_dir():
            os.listdir(folder)
            return None
        there = folder.exists()
        reason = ""
    except (OSError, ValueError) as trouble:
        there, reason = True, str(trouble)
    return error(
        str(folder),
        "'{file}' cannot be opened as a folder: {reason}." if reason
        else "'{file}' is not a folder." if there
        else "Mission folder '{file}' does not exist.",
        "A folder with mission.toml, mandate.toml and tables was expected.",
        "Check the name; 'bluehelm mission new DIR' writes an example.",
        reason=reason,
    )  # fmt: skip


def _read_draft(folder: Path) -> tuple[Draft, list[Fault]]:
    draft = Draft()
    draft.mission_toml, faults = read_mission_toml(folder / MISSION_FILE)
    draft.mandate_toml, more = read_mandate_toml(folder / MANDATE_FILE)
    faults += more
    for file, record in [*REQUIRED_TABLES.items(), *OPTIONAL_TABLES.items()]:
        table: Table[Any]
        table, more = _read_if_given(folder / file, record, required=file in REQUIRED_TABLES)
        setattr(draft, Path(file).stem, table)
        faults += more
    draft.risk, risk_faults = _read_bulk(folder / "risk.csv", RiskRow)
    draft.hindsight_violence, violence_faults = _read_bulk(folder / "hindsight_violence.csv", ViolenceRow)
    draft.events, event_faults = _read_events(folder)
    return draft, [*faults, *risk_faults, *violence_faults, *event_faults]


def _read_if_given(path: Path, record: type[R], required: bool) -> tuple[Table[R], list[Fault]]:
    """Read a table; one that may be left out and is, is empty."""
    if not required and not is_given(path):
        return Table(), []
    return read_table(path, record)


def _read_bulk(path: Path, record: type) -> tuple[pl.DataFrame | None, list[Fault]]:
    if not is_given(path):
        return None, []
    # Polars takes longer to import than a small mission to read.
    from bluehelm.mission.frames import read_frame

    return read_frame(path, record)


def _read_events(folder: Path) -> tuple[pl.DataFrame | None, list[Fault]]:
    given = [path for path in (folder / "events.csv", folder / "events.parquet") if is_given(path)]
    if not given:
        return None, []
    if len(given) > 1:
        return None, [
            error(
                "events.csv",
                "There are two files of events: events.csv and events.parquet.",
                "One of them was expected.",
                "Take one out; they are never joined, so that no event is counted twice.",
            )
        ]
    from bluehelm.mission.events import read_events

    return read_events(given[0])


def _strange_files(folder: Path) -> list[Fault]:
    """Warn of tables that nobody reads: a misspelt name would otherwise pass in silence."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix in (".csv", ".toml", ".parquet"))
    return [
        warning(
            name,
            "'{file}' is not a file of a mission folder and was not read.",
            "These files are known: {known}.",
            "Did you mean '{nearest}'?" if nearest(name, FILES) else "Move it elsewhere.",
            known=", ".join(FILES),
            nearest=nearest(name, FILES),
        )
        for name in names
        if name not in FILES
    ]


def _write_files(mission: Mission, folder: Path) -> None:
    _write_text(folder / MISSION_FILE, mission_toml_text(mission.setting, mission.sources, mission.amendments))
    _write_text(folder / MANDATE_FILE, mandate_toml_text(mission.mandate))
    for file, record in REQUIRED_TABLES.items():
        _write_text(folder / file, table_text(getattr(mission, Path(file).stem), record))
    for file, record in OPTIONAL_TABLES.items():
        if records := getattr(mission, Path(file).stem):
            _write_text(folder / file, table_text(records, record))
    _write_bulk(mission, folder)


def _write_bulk(mission: Mission, folder: Path) -> None:
    if mission.risk is None and mission.events is None and mission.hindsight_violence is None:
        return
    from bluehelm.mission.events import write_events
    from bluehelm.mission.frames import write_frame

    if mission.risk is not None:
        write_frame(mission.risk, folder / "risk.csv", RiskRow)
    if mission.hindsight_violence is not None:
        write_frame(mission.hindsight_violence, folder / "hindsight_violence.csv", ViolenceRow)
    if mission.events is not None:
        write_events(mission.events, folder)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
