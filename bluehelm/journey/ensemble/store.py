"""The folder of an ensemble: what it is, written first; one file for each finished run; nothing half written.

ensemble.json      what is planned: every setting with its key, hashes, seed, limits, versions
mission/           a frozen copy of the mission
runs/<key>.json    one finished run; appears whole or not at all
results.csv, results.parquet, report.html, report.zh.html, run.json     when all runs are finished
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bluehelm.errors import InvalidRecordError
from bluehelm.journey.ensemble.lock import LOCK_FILE, locked

MANIFEST, RUNS_DIR, MISSION_DIR = "ensemble.json", "runs", "mission"
HALF = ".half-"
DIFFERENCES_TOLD = 5
Record = dict[str, Any]


@dataclass
class Store:
    """A folder that this process holds. finished: the records of runs, by key."""

    folder: Path
    finished: dict[str, Record] = field(default_factory=dict)

    def keep(self, key: str, record: Mapping[str, Any]) -> None:
        """Write a finished run."""
        content = json_bytes({"key": key, **record})
        self.write(f"{RUNS_DIR}/{key}.json", content)
        # Kept as it reads back, so that a resumed ensemble holds just the same.
        self.finished[key] = json.loads(content)

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all, in place of one that may stand there."""
        target = self.folder / name
        half = target.with_name(f"{HALF}{target.name}")
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, target)


@contextmanager
def opened(folder: Path, manifest: Mapping[str, Any], *, resume: bool) -> Iterator[Store]:
    """Hold the folder of an ensemble: a new one, or with `resume` the one that was begun, with what is finished.

    Raises
    ------
    InvalidRecordError
        If the folder holds something and `resume` is not asked, holds another ensemble or none, or another process
        works in it.
    """
    held = _held_files(folder)
    if held and not resume:
        raise InvalidRecordError(
            "'{folder}' is there already and not empty, so nothing was done. Name a new folder, or add --resume to "
            "finish what was begun there.",
            folder=str(folder),
        )
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        store = Store(folder)
        # Looked at again under the lock: another process may just have been here.
        held = _held_files(folder)
        if MANIFEST in held:
            _refuse_another(folder, manifest)
        elif held:
            raise InvalidRecordError(
                "'{folder}' holds no ensemble: {file} is not there, but other files are. Name a new folder.",
                folder=str(folder),
                file=MANIFEST,
            )
        else:
            store.write(MANIFEST, json_bytes(manifest))
        _clear_half(folder)
        (folder / RUNS_DIR).mkdir(exist_ok=True)
        store.finished = _finished(folder, manifest)
        yield store


def _held_files(folder: Path) -> set[str]:
    """List what a folder holds beside a lock and what was left half written."""
    if not folder.exists():
        return set()
    return {path.name for path in folder.iterdir() if path.name != LOCK_FILE and not path.name.startswith(HALF)}


def _refuse_another(folder: Path, manifest: Mapping[str, Any]) -> None:
    try:
        there = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as trouble:
        raise InvalidRecordError(
            "{file} in '{folder}' cannot be read. Name a new folder.", file=MANIFEST, folder=str(folder)
        ) from trouble
    here = json.loads(json_bytes(manifest))
    if there == here:
        return
    old, new = (dict(_flat(one)) for one in (there, here))
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name) != new.get(name)]
    told = [
        f"{name}: {old.get(name, '–')} → {new.get(name, '–')}" for name in names if not name.startswith("settings.")
    ]
    raise InvalidRecordError(
        "'{folder}' holds another ensemble, so nothing was done. It differs in {count} {count:place|places} (there → "
        "here): "
        "{differences}. Name a new folder, or give the file and mission that this one was begun with.",
        folder=str(folder),
        count=len(names),
        differences="; ".join((told or names)[:DIFFERENCES_TOLD]),
    )


def _flat(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Name every value of nested tables and lists by its path."""
    if isinstance(value, Mapping | list):
        listed = value.items() if isinstance(value, Mapping) else enumerate(value, 1)
        for key, inner in listed:
            yield from _flat(inner, f"{place}.{key}" if place else str(key))
    else:
        yield place, value


def _clear_half(folder: Path) -> None:
    """Take away what a process that was killed left half written."""
    for place in (folder, folder / RUNS_DIR):
        for path in place.glob(f".{MISSION_DIR}-*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in place.glob(f"{HALF}*"):
            path.unlink()


def _finished(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Record]:
    """Read the runs of this ensemble that are finished; a file that was damaged since counts as not there."""
    found = {}
    for one in manifest["settings"]:
        path = folder / RUNS_DIR / f"{one['key']}.json"
        try:
            record = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and record.get("key") == one["key"] and "status" in record:
            found[one["key"]] = record
    return found


def json_bytes(value: object) -> bytes:
    """Write plain values as JSON, the same bytes each time."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()
