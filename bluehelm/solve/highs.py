"""HiGHS with our arrays: every option is checked, every answer carries its bound, Ctrl-C gives the best so far."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Literal

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from bluehelm.errors import SolverError
from bluehelm.solve.model import FloatArray, Problem

Settings = dict[str, bool | int | float | str]
Status = Literal["solved", "stopped", "infeasible"]
Progress = Callable[[float, float], None]
"""Called while solving with the best objective and the bound, in the sense of minimising."""

_STOPPED = {
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kIterationLimit,
    highspy.HighsModelStatus.kObjectiveTarget,
    # The interior point stopped short of its tolerance: there is no bound, and none is claimed.
    highspy.HighsModelStatus.kUnknown,
    # Interrupted before it began.
    highspy.HighsModelStatus.kNotset,
}
# Set by Ctrl-C inside `stopped_by_hand`; every solve looks at it.
_STOP = threading.Event()
# The interior point ends so where there is no feasible point, or short of its tolerance; simplex then says which.
_GAVE_UP = {highspy.HighsModelStatus.kSolveError, highspy.HighsModelStatus.kUnknown}
_INFEASIBLE = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the solver found, minimising: values (None where nothing feasible is known), objective and proven bound.

    duals: what one more unit of each row's limit would change the objective by; of relaxations that were solved only.
    """

    status: Status
    values: FloatArray | None
    objective: float
    bound: float
    interrupted: bool = False
    duals: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: relative gap, seconds by the clock, or branch-and-bound nodes (repeatable).

    bound_seconds: what a relaxation may take, since without it nothing is proven. work: rounds in which a goal of a
    large model may be improved, in place of the clock. presolve: whether the solver may simplify the problem first.
    """

    gap: float = 0.01
    seconds: float = float("inf")
    bound_seconds: float = float("inf")
    nodes: int | None = None
    work: int | None = None
    presolve: bool = True
    threads: int = 2
    seed: int = 0


def cost_scale(problem: Problem) -> float:
    """Factor that brings the largest cost to 100, so that the solver's tolerances mean the same for every goal."""
    largest = float(np.abs(problem.cost).max(initial=0.0))
    return 100.0 / largest if largest > 0 else 1.0


def load(problem: Problem, options: Settings, *, relaxed: bool = False) -> highspy.Highs:
    """Hand a problem to a fresh solver, its costs and offset multiplied by `cost_scale`."""
    scale = cost_scale(problem)
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"output_flag": False, **options}.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise SolverError("The solver refused the option {name} = {value}.", name=name, value=value)
    matrix = problem.matrix
    rows, columns = matrix.shape
    integer = np.where(problem.integer & (not relaxed), 1, 0).astype(np.int32)
    status = solver.passModel(
        columns, rows, matrix.nnz, 0, int(highspy.MatrixFormat.kColwise), 1, int(highspy.ObjSense.kMinimize),
        problem.offset * scale, _doubles(problem.cost * scale), _doubles(problem.column_lower),
        _doubles(problem.column_upper), _doubles(problem.row_lower), _doubles(problem.row_upper),
        matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros(1), integer,
    )  # fmt: skip
    if status == highspy.HighsStatus.kError:
        raise SolverError(
            "The solver refused a model of {rows} rows and {columns} columns.", rows=rows, columns=columns
        )
    return solver


def _doubles(values: FloatArray) -> npt.NDArray[np.float64]:
    """Return the numbers in the width that the solver takes."""
    return np.asarray(values, np.float64)


def relax(
    problem: Problem, *, method: str = "ipx", corner: bool = True, seconds: float = float("inf"), threads: int = 2
) -> Outcome:
    """Solve the relaxation: no decision needs to be whole.

    method: "ipx" (interior point, best on large models) or "simplex". corner: end at a corner of the feasible set,
    where most decisions are whole already; without, the interior point's answer is several times quicker.
    """
    options: Settings = {
        "solver": method,
        "run_crossover": "on" if corner else "off",
        "threads": threads,
        "time_limit": max(seconds, 0.01),
    }
    solver = load(problem, options, relaxed=True)
    solver.cbIpmInterrupt.subscribe(_stop_if_asked)
    run(solver)
    if method == "ipx" and solver.getModelStatus() in _GAVE_UP:
        return relax(problem, method="simplex", seconds=seconds, threads=threads)
    return _outcome(solver, cost_scale(problem), relaxation=True)


def first_order(problem: Problem, steps: int, seconds: float = float("inf")) -> tuple[FloatArray, FloatArray]:
    """Take so many steps towards the relaxation by a first-order method: values, and duals of the rows.

    Neither is feasible to a tolerance; duals make bounds all the same, since any prices do.
    """
    options: Settings = {
        "solver": "pdlp", "pdlp_iteration_limit": steps, "time_limit": seconds, "threads": 1, "presolve": "off",
    }  # fmt: skip
    # Rows without any limit are left out: the method prints a warning for each.
    limited = np.flatnonzero(np.isfinite(problem.row_lower) | np.isfinite(problem.row_upper))
    matrix = sparse.csc_array(sparse.csr_array(problem.matrix)[limited])
    kept = replace(
        problem, matrix=matrix, row_lower=problem.row_lower[limited], row_upper=problem.row_upper[limited],
        soft=problem.soft[limited],
    )  # fmt: skip
    solver = load(kept, options, relaxed=True)
    run(solver)
    solution = solver.getSolution()
    duals = np.zeros(len(problem.row_lower))
    duals[limited] = np.array(solution.row_dual) / cost_scale(problem)
    return np.array(solution.col_value), duals


def solve_integer(
    problem: Problem, limits: Limits, *, start: FloatArray | None = None, progress: Progress | None = None
) -> Outcome:
    """Minimise with whole units, from a known solution if there is one, until the gap or a limit is reached."""
    options: Settings = {
        "mip_rel_gap": limits.gap,
        "time_limit": max(limits.seconds, 0.01),
        "threads": limits.threads,
        "random_seed": limits.seed,
        "mip_feasibility_tolerance": 1e-7,
        "presolve": "choose" if limits.presolve else "off",
    }
    if limits.nodes is not None:
        options["mip_max_nodes"] = limits.nodes
    solver = load(problem, options)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    scale = cost_scale(problem)

    def watch(event: highspy.highs.HighsCallbackEvent) -> None:
        if progress is not None:
            progress(event.data_out.mip_primal_bound / scale, event.data_out.mip_dual_bound / scale)
        _stop_if_asked(event)

    solver.cbMipInterrupt.subscribe(watch)
    run(solver)
    return _outcome(solver, scale, relaxation=False, interrupted=_STOP.is_set())


def _stop_if_asked(event: highspy.highs.HighsCallbackEvent) -> None:
    if _STOP.is_set():
        event.interrupt()


def stop_asked() -> bool:
    """Say whether Ctrl-C was pressed inside `stopped_by_hand`."""
    return _STOP.is_set()


@contextmanager
def stopped_by_hand() -> Iterator[None]:
    """While inside, Ctrl-C asks the solvers to end with the best they have; a second one ends everything at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        if _STOP.is_set():
            raise KeyboardInterrupt
        _STOP.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _STOP.clear()


def run(solver: highspy.Highs) -> None:
    """Run beside the calling thread, so that Ctrl-C reaches Python while the solver works."""
    thread = threading.Thread(target=solver.run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)


def _outcome(solver: highspy.Highs, scale: float, *, relaxation: bool, interrupted: bool = False) -> Outcome:
    status = solver.getModelStatus()
    if status in _INFEASIBLE:
        return Outcome("infeasible", None, np.inf, np.inf, interrupted)
    if status != highspy.HighsModelStatus.kOptimal and status not in _STOPPED:
        raise SolverError("The solver ended with '{status}'.", status=solver.modelStatusToString(status))
    info = solver.getInfo()
    solution = solver.getSolution()
    known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solution.col_value) if known and solution.value_valid else None
    objective = info.objective_function_value / scale if values is not None else np.inf
    done = status == highspy.HighsModelStatus.kOptimal
    if relaxation:
        duals = np.array(solution.row_dual) / scale if done and solution.dual_valid else None
        bound = objective if done else -np.inf
        return Outcome("solved" if done else "stopped", values, objective, bound, interrupted, duals)
    return Outcome("solved" if done else "stopped", values, objective, info.mip_dual_bound / scale, interrupted)
