"""One run of an ensemble: the mission under a setting, planned; what came of it as plain values."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from bluehelm.adaptation.settings import MISSION_AXES, NORM, ZONE_RISK, Setting, mission_at
from bluehelm.checks.mission_check import amendment_faults, check_mission
from bluehelm.errors import (
    BluehelmError,
    InfeasibleMissionError,
    MissionFilesError,
    PlanCheckError,
    SolverError,
    StoppedError,
)
from bluehelm.foresight.forecast import Forecast
from bluehelm.foresight.states import Chain
from bluehelm.journey.ensemble.order import OPTION_AXES, TreeAsked
from bluehelm.journey.ensemble.trees import with_tree
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.norms import load_norms
from bluehelm.planning.make import Options, make_plan
from bluehelm.reports.reading import Reading
from bluehelm.solve.highs import stop_asked, stopped_by_hand
from bluehelm.words import speaking

DIGITS = 9
# A process of an ensemble has one thread: several of them with more would wait for each other.
THREADS = 1
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Ground:
    """What all runs of an ensemble share. seed: of the draws that a setting leaves open."""

    mission: Mission
    seed: int
    gap: float
    seconds: float
    work: int | None
    tree: TreeAsked | None = None
    forecast: Forecast | None = None
    chains: tuple[Chain, ...] = ()


def run_setting(ground: Ground, setting: Setting) -> dict[str, Any]:
    """Plan the mission under one setting; return status, figures and tiers as plain values.

    status: that of a plan, or infeasible (no plan fits; the sentence and the conflict say why), refused (the mission
    cannot be so), failed (a fault of ours). Sentences are English, so that the bytes hang on no reader.

    Raises KeyboardInterrupt where Ctrl-C came: what is found by then is no result of the setting.
    """
    with speaking("en"):
        try:
            return _told(_plan(ground, setting))
        except InfeasibleMissionError as trouble:
            return _not_planned("infeasible", trouble, trouble.conflict)
        except MissionFilesError as trouble:
            errors = tuple(str(fault) for fault in trouble.faults if fault.grade == "error")
            return _not_planned("refused", trouble, errors)
        except (PlanCheckError, SolverError) as trouble:
            return _not_planned("failed", trouble)
        except StoppedError:
            raise KeyboardInterrupt from None
        except BluehelmError as trouble:
            return _not_planned("refused", trouble)


def options_of(ground: Ground, setting: Setting) -> Options:
    """Return how a setting is planned."""
    asked = {name: setting[name] for name in OPTION_AXES if name in setting}
    seed = int(asked.pop("solver_seed", 0))
    work = int(asked.pop("work", ground.work or 0)) or None
    base = Options(ground.gap, math.inf if work else ground.seconds, work=work, seed=seed, threads=THREADS)
    return replace(base, **asked)  # type: ignore[arg-type]


def _plan(ground: Ground, setting: Setting) -> Plan:
    facts = {
        name: value for name, value in setting.items() if name in MISSION_AXES or name.startswith((NORM, ZONE_RISK))
    }
    mission = ground.mission
    if ground.tree is not None and ground.forecast is not None:
        mission = with_tree(mission, ground.forecast, ground.chains, ground.tree, setting)
    mission = mission_at(mission, facts, ground.seed)
    faults = amendment_faults(mission)
    norms = load_norms(mission.amendments if not faults else {})
    faults = faults or check_mission(mission, norms)
    if any(fault.grade == "error" for fault in faults):
        raise MissionFilesError("The mission cannot be planned under this setting.", faults)
    # A plan that Ctrl-C cut short must not pass for one made in full, so Ctrl-C is caught here, beside the plan.
    with stopped_by_hand(), ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(make_plan, mission, norms, options_of(ground, setting), named=False)
        while not wait([waiting], timeout=LOOK_SECONDS).done:
            pass
        if stop_asked():
            raise KeyboardInterrupt
    return waiting.result()


def _told(made: Plan) -> dict[str, Any]:
    reading = Reading(made)
    deaths, protected = reading.deaths, reading.protected_deaths
    movements = made.tables["movements"].join(made.tables["classes"].select("class_id", "persons"), on="class_id",
                                              how="left")  # fmt: skip

    def moved(deed: str, amount: pl.Expr) -> float:
        chance = made.tables["nodes"].select("node_id", "probability")
        rows = movements.filter(pl.col("deed") == deed).join(chance, on="node_id")
        return float(rows.select((amount * pl.col("probability")).sum()).item() or 0.0)

    units = pl.col("units")
    return {
        "status": made.status,
        "sentence": "",
        "details": [],
        "figures": {
            "protected_share": _short(reading.protected_share),
            "deaths_expected": _short(deaths),
            "deaths_not_answered": _short(deaths - protected),
            "cost_usd": _short(reading.cost_usd),
            "units_leaving": _short(moved("exit_order", units)),
            "persons_leaving": _short(moved("exit_order", units * pl.col("persons"))),
            "units_ordered": _short(moved("order", units)),
            "units_moved": _short(moved("move_in", units)),
            "closures": _short(reading.expected("sites", pl.col("closes").cast(pl.Float64))),
            "openings": _short(reading.expected("sites", pl.col("opens").cast(pl.Float64))),
        },
        "tiers": [
            {"name": tier.name, "sense": tier.sense, "unit": tier.unit, "objective": _short(tier.objective),
             "bound": _short(tier.bound), "gap": _short(tier.gap)}
            for tier in made.tiers
        ],
        "input_hash": made.input_hash,
        "provenance": dict(made.provenance),
    }  # fmt: skip


def _not_planned(status: str, trouble: BluehelmError, details: tuple[str, ...] = ()) -> dict[str, Any]:
    """Tell why there is no plan; message and values let a report say it in its own language."""
    values = {name: str(value) for name, value in trouble.values.items()}
    return {"status": status, "sentence": str(trouble), "message": trouble.message, "values": values,
            "details": list(details), "figures": {}, "tiers": []}  # fmt: skip


def failed(exit_code: int | None) -> dict[str, Any]:
    """Return the record of a run whose process died twice."""
    with speaking("en"):
        return _not_planned("failed", SolverError(
            "The process that planned this setting died twice, the second time alone (exit code {code}); mostly it "
            "lacks memory.", code=exit_code if exit_code is not None else "?"))  # fmt: skip


def _short(value: float) -> float | None:
    """Keep nine figures, as a plan folder does; what is not finite is not known."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
