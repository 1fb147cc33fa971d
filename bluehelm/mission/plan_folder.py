"""A plan on disk: written whole or not at all, with a frozen copy of its mission, and read back with its hash held.

plan.json and the tables have the same bytes for the same inputs; clock, memory and dates stand in run.json only.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

import polars as pl

from bluehelm.errors import MissionFilesError, PlanCheckError, PlanFilesError
from bluehelm.mission.folder import mission_hash, read_mission, write_mission
from bluehelm.mission.plan import TABLES, Plan, Tier

PLAN_FILE, RUN_FILE, MISSION_DIR, TABLES_DIR = "plan.json", "run.json", "mission", "tables"
LIBRARIES = ("bluehelm", "highspy", "numpy", "polars", "pyproj", "scipy")
DIGITS = 9

_TEXT_UNITS = ("text", "key", "list")
_WHOLE_COLUMNS = ("months", "units", "units_at_start", "persons", "capacity_persons", "priority")


@cache
def table_schema(name: str) -> dict[str, pl.DataType]:
    """Return the types of the columns of a table: text (lists are joined by ";"), yes/no, whole or real numbers."""
    return {column: _type_of(column, unit) for column, unit in TABLES[name].items()}


def _type_of(column: str, unit: str) -> pl.DataType:
    if unit in _TEXT_UNITS or column == "month":
        return pl.String()
    if unit == "yes/no":
        return pl.Boolean()
    return pl.Int64() if column in _WHOLE_COLUMNS else pl.Float64()


def write_plan(plan: Plan, out_dir: Path | str, files: Mapping[str, bytes | str] | None = None) -> None:
    """Write a plan as a folder.

    An earlier plan at that place is replaced; anything else that is there is left alone and refused. Nothing is left
    behind if writing fails.

    files: further files by name, such as the report; names may hold a folder ("figures/map.svg").

    Raises
    ------
    PlanCheckError
        If the plan has not passed its check.
    PlanFilesError
        If something else is at that place, or the system refuses to write there.
    """
    if not plan.checked:
        raise PlanCheckError("This plan has not passed its check, and is not written. Run check_plan on it first.")
    target = Path(out_dir).absolute()
    _refuse_others(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}-"))
    except OSError as trouble:
        raise _not_written(target, trouble) from trouble
    try:
        _write_files(plan, half, files or {})
        half.chmod(0o755)
        _put_in_place(half, target)
    except OSError as trouble:
        raise _not_written(target, trouble) from trouble
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _refuse_others(target: Path) -> None:
    if not target.exists() or (target.is_dir() and (is_plan_folder(target) or not any(target.iterdir()))):
        return
    raise PlanFilesError(
        "'{folder}' is there already and is not a plan, so nothing was written. Name a new folder, or move it away.",
        folder=str(target),
    )


def is_plan_folder(path: Path) -> bool:
    """Say whether a folder looks like a plan written by us."""
    return (path / PLAN_FILE).is_file() and (path / MISSION_DIR).is_dir() and (path / TABLES_DIR).is_dir()


def _put_in_place(half: Path, target: Path) -> None:
    """Move a finished folder to its place; an earlier plan is moved aside first, and back if that fails."""
    if not target.exists():
        half.rename(target)
        return
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}-old-"))
    target.rename(aside / "plan")
    try:
        half.rename(target)
    except OSError:
        (aside / "plan").rename(target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_files(plan: Plan, folder: Path, files: Mapping[str, bytes | str]) -> None:
    write_mission(plan.mission, folder / MISSION_DIR)
    (folder / PLAN_FILE).write_bytes(json_bytes(plan_record(plan)))
    (folder / RUN_FILE).write_bytes(json_bytes(run_record(plan)))
    (folder / TABLES_DIR).mkdir()
    for name in TABLES:
        (folder / TABLES_DIR / f"{name}.csv").write_bytes(table_bytes(plan.tables[name], name))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def plan_record(plan: Plan) -> dict[str, Any]:
    """Return what plan.json holds."""
    return {
        "status": plan.status,
        "tiers": [asdict(tier) for tier in plan.tiers],
        "gap": plan.gap,
        "checked": plan.checked,
        "input_hash": plan.input_hash,
        "provenance": plan.provenance,
    }


def run_record(plan: Plan) -> dict[str, Any]:
    """Return what run.json holds: all that differs from run to run."""
    versions = {"python": python_version()} | {name: _version(name) for name in LIBRARIES}
    return {"versions": versions, **plan.run, "written_on": date.today().isoformat()}


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"


def json_bytes(value: Any) -> bytes:
    """Write JSON with sorted keys and numbers of nine digits, so that the same plan has the same bytes."""
    return (json.dumps(_rounded(value), sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0
    return value


def table_bytes(frame: pl.DataFrame, name: str) -> bytes:
    """Write a table as CSV with its columns in order and numbers of nine digits; "none" is a blank."""
    schema = table_schema(name)
    real = [column for column, kind in schema.items() if kind == pl.Float64]
    plain = frame.select(pl.col(column).cast(kind) for column, kind in schema.items()).with_columns(
        (pl.col(real).round_sig_figs(DIGITS) + 0.0).fill_nan(None)
    )
    return plain.write_csv().encode()


def read_plan(path: Path | str) -> Plan:
    """Read a plan folder.

    Raises
    ------
    PlanFilesError
        If a file is missing or unreadable, or the frozen mission is not the one that was planned.
    """
    folder = Path(path)
    record, run = (_read_json(folder, name) for name in (PLAN_FILE, RUN_FILE))
    try:
        mission = read_mission(folder / MISSION_DIR)
    except MissionFilesError as trouble:
        raise PlanFilesError("Plan '{folder}': {reason}", folder=str(folder), reason=str(trouble)) from trouble
    try:
        plan = Plan(
            mission=mission,
            status=record["status"],
            tiers=tuple(Tier(**tier) for tier in record["tiers"]),
            checked=record["checked"],
            input_hash=record["input_hash"],
            provenance=record["provenance"],
            tables={name: _read_table(folder / TABLES_DIR / f"{name}.csv", name) for name in TABLES},
            run=run,
        )
    except (KeyError, TypeError) as trouble:
        raise _unreadable(folder / PLAN_FILE, repr(trouble)) from trouble
    if mission_hash(mission) != plan.input_hash:
        raise PlanFilesError(
            "Plan '{folder}': its frozen mission is not the one that was planned (hash {found} instead of {stated}). "
            "A file of it was changed; plan the mission again.",
            folder=str(folder),
            found=mission_hash(mission)[:12],
            stated=str(plan.input_hash)[:12],
        )
    return plan


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        value = json.loads((folder / name).read_bytes())
    except FileNotFoundError as trouble:
        raise PlanFilesError(
            "'{folder}' is not a plan: it has no {file}. Name the folder that 'bluehelm plan' wrote.",
            folder=str(folder),
            file=name,
        ) from trouble
    except (OSError, ValueError) as trouble:
        raise _unreadable(folder / name, str(trouble)) from trouble
    if not isinstance(value, dict):
        raise _unreadable(folder / name, "an object was expected")
    return value


def _read_table(path: Path, name: str) -> pl.DataFrame:
    schema = table_schema(name)
    try:
        frame = pl.read_csv(path.read_bytes(), schema_overrides=schema)
    except (OSError, pl.exceptions.PolarsError) as trouble:
        raise _unreadable(path, str(trouble).partition("\n")[0]) from trouble
    if frame.columns != list(schema):
        raise _unreadable(path, f"{', '.join(schema)} were expected as columns")
    texts = [column for column, kind in schema.items() if kind == pl.String]
    reals = [column for column, kind in schema.items() if kind == pl.Float64]
    return frame.with_columns(pl.col(texts).fill_null(""), pl.col(reals).fill_null(float("nan")))


def _unreadable(path: Path, reason: str) -> PlanFilesError:
    return PlanFilesError(
        "'{file}' of a plan cannot be read: {reason}. Restore the file, or plan the mission again.",
        file=str(path),
        reason=reason,
    )


def _not_written(target: Path, trouble: OSError) -> PlanFilesError:
    return PlanFilesError(
        "Plan folder '{folder}' cannot be written: {reason}. Choose a folder where files may be written.",
        folder=str(target),
        reason=trouble.strerror or str(trouble),
    )
