"""Plan one mission under many settings: resumable after a kill, on all cores, with a table and a report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from bluehelm import __version__
from bluehelm.checks.mission_check import check_folder
from bluehelm.errors import MissionFilesError
from bluehelm.foresight.forecast import read_forecast
from bluehelm.foresight.states import read_states
from bluehelm.journey.ensemble.design import Point, settings_of
from bluehelm.journey.ensemble.one_run import Ground, failed, run_setting
from bluehelm.journey.ensemble.order import AxisAsked, EnsembleOrder, read_order, settle_axes
from bluehelm.journey.ensemble.results import results_table, table_files
from bluehelm.journey.ensemble.store import MISSION_DIR, Store, json_bytes, opened
from bluehelm.journey.parallel import run_each
from bluehelm.journey.worker_pool import Died
from bluehelm.journey.write_report import REPORT_FILES
from bluehelm.mission.folder import write_mission
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.mission import Mission
from bluehelm.norms import load_norms
from bluehelm.reports.ensemble.page import ensemble_page, ensemble_summary
from bluehelm.words import language

FORM = 1
KEY_LETTERS = 32
Progress = Callable[[int, int], None]
"""Called with how many runs are finished, and of how many."""


@dataclass(frozen=True, slots=True)
class EnsembleOutcome:
    """What came of an ensemble: its table, its summary in words, the page, and how many runs were planned just now."""

    table: pl.DataFrame
    summary: str
    report_path: Path
    planned_now: int


def ensemble(
    file: Path | str, out_dir: Path | str, *, resume: bool = False, engine: str = "processes",
    workers: int | None = None, progress: Progress | None = None,
) -> EnsembleOutcome:  # fmt: skip
    """Plan a mission under every setting of FILE.toml and write runs, table and report into a folder.

    Each finished run is a file of its own, so that nothing is lost or planned twice when the work is ended (even by
    `kill -9`) and begun again with `resume`. In a script call it below `if __name__ == "__main__":`.

    Parameters
    ----------
    engine : "processes", "dask" or "here"
    workers : number of processes; None for one on each core

    Raises
    ------
    ImportFileError, InvalidRecordError, UnknownNormError
        If the file asks for what cannot be, or the folder holds something else.
    MissionFilesError
        If the mission has errors.
    """
    began = perf_counter()
    order = read_order(file)
    mission = _read(order.mission)
    ground = ground_of(order, mission)
    axes = settle_axes(order, mission, load_norms(mission.amendments))
    points, repeated = settings_of(order, axes)
    manifest = manifest_of(order, axes, ground, points, repeated)
    out = Path(out_dir)
    with opened(out, manifest, resume=resume) as store:
        if not (out / MISSION_DIR).exists():
            write_mission(mission, out / MISSION_DIR)
        known = len(store.finished)
        _run_all(store, manifest, ground, engine, workers, progress)
        table = results_table(manifest["settings"], store.finished)
        _write_results(store, manifest, table)
        run = {
            "seconds": perf_counter() - began,
            "engine": engine,
            "workers": workers,
            "runs": len(store.finished) - known,
        }
        store.write("run.json", json_bytes(run))
    summary = ensemble_summary(_record(manifest, store))
    return EnsembleOutcome(table, summary, out / REPORT_FILES[language()], len(store.finished) - known)


def ground_of(order: EnsembleOrder, mission: Mission) -> Ground:
    """Gather what all runs share."""
    tree = order.tree
    return Ground(
        mission, order.seed, order.gap, order.seconds, order.work, tree,
        read_forecast(tree.forecast) if tree else None,
        read_states(tree.states) if tree and tree.states else (),
    )  # fmt: skip


def manifest_of(
    order: EnsembleOrder, axes: tuple[AxisAsked, ...], ground: Ground, points: list[Point], repeated: int
) -> dict[str, Any]:
    """Say all that decides the runs, and nothing that does not: no clock, path or date."""
    facts: dict[str, Any] = {
        "form": FORM,
        "input_hash": mission_hash(ground.mission),
        "norms_hash": load_norms(ground.mission.amendments).digest(),
        "tree": _tree_facts(ground),
        "limits": {"gap": order.gap, "seconds": None if order.work else order.seconds, "work": order.work},
        "seed": order.seed,
        "bluehelm": __version__,
        "solver": f"HiGHS {version('highspy')}",
    }
    listed = [{"key": key_of(facts, point), "setting": point} for point in points]
    named = {"name": order.name, "mission": ground.mission.setting.name, "design": order.design}
    told = {axis.name: _axis_facts(axis) for axis in axes}
    return {**facts, **named, "axes": told, "points": len(points), "repeated": repeated, "settings": listed}


def key_of(facts: Mapping[str, Any], setting: Mapping[str, Any]) -> str:
    """Name a run by all that decides it.

    Examples
    --------
    >>> key_of({"seed": 1}, {"a": 1.0, "b": 2}) == key_of({"seed": 1}, {"b": 2, "a": 1.0})
    True
    """
    text = json.dumps([facts, setting], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LETTERS]


def _axis_facts(axis: AxisAsked) -> dict[str, Any]:
    if axis.values:
        return {"values": list(axis.values)}
    return {"low": axis.low, "high": axis.high} | ({"steps": axis.steps} if axis.steps else {})


def _tree_facts(ground: Ground) -> dict[str, Any] | None:
    """Say which futures are laid over the mission, by what is in them and not by where they lie."""
    if ground.tree is None or ground.forecast is None:
        return None
    asked = {name: value for name, value in asdict(ground.tree).items() if name not in ("forecast", "states")}
    forecast = hashlib.sha256(ground.forecast.paths.tobytes())
    forecast.update(ground.forecast.areas.write_csv().encode())
    forecast.update(str(ground.forecast.origin).encode())
    return {
        **asked,
        "forecast_hash": forecast.hexdigest(),
        "states_hash": hashlib.sha256(repr(ground.chains).encode()).hexdigest(),
    }


def _read(folder: Path) -> Mission:
    mission, faults = check_folder(folder)
    if mission is None:
        count = sum(fault.grade == "error" for fault in faults)
        raise MissionFilesError("Mission '{name}' has {count} {count:error|errors} and was not planned.",
                                faults, name=str(folder),
                                count=count)  # fmt: skip
    return mission


def _run_all(
    store: Store, manifest: Mapping[str, Any], ground: Ground, engine: str, workers: int | None,
    progress: Progress | None,
) -> None:  # fmt: skip
    """Plan what is not finished; each answer is kept as soon as it comes."""
    open_runs = [one for one in manifest["settings"] if one["key"] not in store.finished]
    total = len(manifest["settings"])
    if progress is not None:
        progress(total - len(open_runs), total)
    wanted = ((one["setting"],) for one in open_runs)
    for number, answer in run_each(run_setting, wanted, shared=(ground,), engine=engine, workers=workers):
        record = failed(answer.exit_code) if isinstance(answer, Died) else answer
        store.keep(open_runs[number]["key"], record)
        if progress is not None:
            progress(len(store.finished), total)


def _record(manifest: Mapping[str, Any], store: Store) -> dict[str, Any]:
    """Put together what the report tells."""
    runs = [{**store.finished[one["key"]], "setting": one["setting"]} for one in manifest["settings"]]
    return {**manifest, "runs": runs}


def _write_results(store: Store, manifest: Mapping[str, Any], table: pl.DataFrame) -> None:
    for name, content in table_files(table).items():
        store.write(name, content)
    record = _record(manifest, store)
    for spoken, name in REPORT_FILES.items():
        store.write(name, ensemble_page(record, language=spoken).encode())
