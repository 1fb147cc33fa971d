"""Solve an instance from a file, watch the gap fall, and check the solution against the arrays as they stand."""

from __future__ import annotations

import hashlib
import io
import math
import resource
import sys
import time
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bluehelm import __version__
from bluehelm.errors import NoSolutionError, SolverError, StoppedError
from bluehelm.mission.new_file import write_bytes_whole
from bluehelm.solve.aims import relative_gap
from bluehelm.solve.highs import Limits, Outcome, Progress, solve_integer, stop_asked, stopped_by_hand
from bluehelm.solve.instance import TOLERANCE, Instance, read_instance, worst_violation
from bluehelm.solve.method import is_small, relax_and_restrict
from bluehelm.solve.model import IntArray, Problem
from bluehelm.solve.no_solution import clashing_rows, endless_columns
from bluehelm.solve.tree import tree_problem
from bluehelm.solve.tree_method import solve_tree

GAPS = (0.05, 0.02, 0.01, 0.005)
SHOWN = 5


@dataclass
class Course:
    """When the gap first fell under each of `GAPS`, in seconds since the start."""

    began: float
    watch: Progress | None = None
    reached: dict[float, float] = field(default_factory=dict)

    def __call__(self, objective: float, bound: float) -> None:
        """Note how far the solver is."""
        if math.isfinite(objective) and math.isfinite(bound):
            gap, now = relative_gap(objective, bound), time.perf_counter() - self.began
            for mark in GAPS:
                if gap < mark:
                    self.reached.setdefault(mark, now)
        if self.watch is not None:
            self.watch(objective, bound)


def solve_instance(
    path: Path | str, *, seconds: float = 60.0, gap: float = 0.01, seed: int = 0, threads: int = 2,
    solution: Path | str | None = None, watch: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Solve an instance to a gap, or as near as the time allows; `seconds` counts from here, reading included.

    Returns
    -------
    dict
        share and bound (-objective / base; the bound None where nothing is proven), gap, seconds, peak_mb,
        seconds_to_gap (None where not reached), status,
        method, worst_violation, input_sha256, versions.

    Raises
    ------
    ImportFileError
        If the file is no instance.
    NoSolutionError
        If it is proven that there is no solution, or that none is best. The proof is sought when nothing was found,
        and may take as long again.
    StoppedError
        If no solution was found in the time, and none was ruled out; or Ctrl-C came before.
    """
    began = time.perf_counter()
    instance = read_instance(path)
    course = Course(began, watch)
    limits = Limits(gap=gap, seconds=seconds - (time.perf_counter() - began), threads=threads, seed=seed)
    with stopped_by_hand():
        endless = endless_columns(instance.problem, seconds=limits.seconds)
        if len(endless):
            raise _without_end(path, instance, endless, limits)
        method, outcome = _solved(instance, limits, course)
        if outcome.values is None:
            method, outcome = "whole", _believed(path, instance.problem, outcome, limits)
    assert outcome.values is not None
    wrong = worst_violation(instance.problem, outcome.values)
    if wrong > TOLERANCE:
        raise SolverError("The solution of '{path}' breaks the arrays by {wrong:.1e}.", path=path, wrong=wrong)
    objective = float(instance.problem.cost @ outcome.values)
    if solution is not None:
        write_solution(Path(solution), outcome.values)
    return {
        "share": -objective / instance.base,
        "bound": -outcome.bound / instance.base if math.isfinite(outcome.bound) else None,  # JSON has no infinity
        "gap": relative_gap(objective, min(outcome.bound, objective)),
        "seconds": time.perf_counter() - began,
        "peak_mb": peak_mb(),
        "seconds_to_gap": {f"{mark:g}": course.reached.get(mark) for mark in GAPS},
        "status": outcome.status,
        "method": method,
        "worst_violation": wrong,
        "input_sha256": sha256_of(Path(path)),
        "versions": {"bluehelm": __version__, "solver": f"HiGHS {version('highspy')}"},
    }


def _solved(instance: Instance, limits: Limits, course: Course) -> tuple[str, Outcome]:
    """Solve node by node where the rows allow it; otherwise, or where that finds nothing, as one."""
    began = time.perf_counter()
    tree = tree_problem(instance.problem, instance.parent, instance.stage)
    outcome = None
    if tree is not None:
        outcome = solve_tree(tree, limits, course, start=instance.start, probability=instance.probability)
        if outcome.values is not None or outcome.interrupted:
            return "tree", outcome
    left = replace(limits, seconds=limits.seconds - (time.perf_counter() - began))
    whole = relax_and_restrict(instance.problem, left, instance.start, course)
    if outcome is not None:
        whole = replace(whole, bound=max(whole.bound, outcome.bound))
    return "whole", whole


def _believed(path: Path | str, problem: Problem, outcome: Outcome, limits: Limits) -> Outcome:
    """Ask whether there is a solution at all where none was found; the solver's bare word is not enough.

    That there is none is believed where prices prove it, or where the solver says so without simplifying first.
    """
    if outcome.interrupted or stop_asked():
        raise StoppedError("Stopped by hand before a first solution of '{path}' was found.", path=path)
    rows = clashing_rows(problem, seconds=limits.seconds, threads=limits.threads)
    if len(rows):
        raise NoSolutionError(
            "'{path}' has no solution, and more time will find none: rows ask more than the columns can give, which is "
            "proven from the arrays. Rows in conflict ({count}, numbered from 0): {rows}. Loosen one of them, or a "
            "limit of the columns in them, and make the file again.",
            path=path, count=len(rows), rows=_first(rows),
        )  # fmt: skip
    if outcome.status == "infeasible" and not is_small(problem):
        outcome = solve_integer(problem, replace(limits, presolve=False))
    if outcome.values is not None:
        return outcome
    if outcome.status == "infeasible":
        raise NoSolutionError(
            "'{path}' has no solution, and more time will find none: the solver has ruled out every choice of whole "
            "numbers. Loosen rows or limits of columns, and make the file again.",
            path=path,
        )  # fmt: skip
    raise StoppedError(
        "No solution of '{path}' was found in {seconds:.3g} seconds, nor a proof that there is none. "
        "Give more time with --seconds.",
        path=path, seconds=limits.seconds,
    )  # fmt: skip


def _without_end(path: Path | str, instance: Instance, columns: IntArray, limits: Limits) -> NoSolutionError:
    """Say that an objective has no end; whether there is a solution at all is asked without it."""
    aimless = replace(instance.problem, cost=np.zeros(len(instance.problem.cost)))
    found = relax_and_restrict(aimless, limits, instance.start, None)
    if found.values is None:
        _believed(path, aimless, found, limits)
    return NoSolutionError(
        "'{path}' has no best solution: its objective gets better without end. Columns that can change together "
        "without limit ({count}, numbered from 0): {columns}. Give one of them a limit, or correct its part of the "
        "objective, and make the file again.",
        path=path, count=len(columns), columns=_first(columns),
    )  # fmt: skip


def _first(places: IntArray) -> str:
    """List the first five of some places."""
    return ", ".join(str(place) for place in places[:SHOWN]) + (" …" if len(places) > SHOWN else "")


def write_solution(path: Path, values: np.ndarray[Any, Any]) -> None:
    """Write a solution as `values`, one number for each column."""
    held = io.BytesIO()
    np.savez_compressed(held, values=values)
    write_bytes_whole(path, held.getvalue())


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def peak_mb() -> float:
    """Return the most memory that this process has held [MB]."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2
