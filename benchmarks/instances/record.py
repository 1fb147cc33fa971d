"""Solve instances, check what comes, and keep the best known in best_known.csv.

    python -m benchmarks.instances.record stripped_n40_medium_s0 --seconds 60            # by bluehelm solve
    python -m benchmarks.instances.record --all --seconds 300 --by highs                 # by HiGHS as it comes

A solution counts only after `check.py` has measured it; a bound is the solver's own word, and says whose. The best
share and the best bound are kept even where they come from different runs. Whole columns of a best solution go to
`solutions/`, unless they take more than 200 kB.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import partial
from importlib.metadata import version
from pathlib import Path

import highspy
import numpy as np

from benchmarks.instances import VERSION
from benchmarks.instances.assemble import Instance
from benchmarks.instances.check import TOLERANCE, check
from benchmarks.instances.files import arrays, fingerprint, in_highs, write_npz
from benchmarks.instances.names import Name, library, parse

HERE = Path(__file__).resolve().parent
TABLE, SOLUTIONS = HERE / "best_known.csv", HERE / "solutions"
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Known:
    """A row of best_known.csv; shares run from 0 to 1 of `base`, gap is (bound - share) / share."""

    name: str
    generator: str
    sha256: str
    objective: str
    share: str
    bound: str
    gap: str
    share_by: str
    share_seconds: str
    bound_by: str
    bound_seconds: str


@dataclass(frozen=True, slots=True)
class Run:
    """What a solver returned: its solution (None: none found), its bound on the share, who it is, how long it ran."""

    values: np.ndarray | None
    bound: float
    by: str
    seconds: float


def by_highs(instance: Instance, seconds: float, *, from_start: bool = False) -> Run:
    """Run HiGHS as it comes on two threads; `from_start`: told the solution that the instance holds."""
    highspy.Highs.resetGlobalScheduler(True)
    solver = in_highs(instance)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("threads", 2)
    if from_start:
        known = highspy.HighsSolution()
        known.col_value = instance.extras["start"].tolist()
        solver.setSolution(known)
    began = time.perf_counter()
    solver.run()
    info, found = solver.getInfo(), solver.getSolution()
    values = (
        np.array(found.col_value)
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        else None
    )
    took = time.perf_counter() - began
    highspy.Highs.resetGlobalScheduler(True)
    return Run(
        values, -info.mip_dual_bound / instance.base, f"HiGHS {version('highspy')}{' from start' * from_start}", took
    )


def by_bluehelm(instance: Instance, seconds: float) -> Run:
    """Run `bluehelm solve`; its solution is asked for as a file with the array `values`."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "instance.npz", Path(folder) / "solution.npz"
        write_npz(instance, given)
        words = [sys.executable, "-m", "bluehelm", "solve", str(given), "--seconds", str(seconds), "--gap", "0"]
        done = subprocess.run([*words, "--json", "--out", str(out)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"bluehelm solve ended with status {done.returncode}: {done.stderr.strip()}")
        told = json.loads(done.stdout)
        values = None
        if out.exists():
            with np.load(out, allow_pickle=False) as held:
                values = np.asarray(held["values"], float)
    return Run(values, float(told["bound"]), f"bluehelm {version('bluehelm')}", float(told["seconds"]))


SOLVERS: dict[str, Callable[[Instance, float], Run]] = {
    "bluehelm": by_bluehelm, "highs": by_highs, "highs_from_start": partial(by_highs, from_start=True),
}  # fmt: skip


def read_table() -> dict[str, Known]:
    """Read what is known."""
    if not TABLE.exists():
        return {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["name"]: Known(**row) for row in csv.DictReader(file)}


def write_table(known: dict[str, Known]) -> None:
    """Write what is known, in the order of the library."""
    order = {str(name): place for place, name in enumerate(library())}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [field.name for field in fields(Known)], lineterminator="\n")
        table.writeheader()
        for row in sorted(known.values(), key=lambda row: (order.get(row.name, len(order)), row.name)):
            table.writerow(asdict(row))


def better(name: str, instance: Instance, run: Run, before: Known | None) -> Known:
    """Join a run to what was known of an instance; a solution that does not hold is refused, and said so."""
    mark = fingerprint(instance)
    if before is None or before.sha256 != mark:
        before = Known(name, VERSION, mark, "", "", "", "", "", "", "", "")
    row = asdict(before)
    if run.values is not None:
        found = check(arrays(instance), run.values)
        if not found.holds:
            raise SystemExit(f"{name}: what {run.by} returned is no solution within {TOLERANCE}: {found}")
        if not before.share or found.share > float(before.share):
            row |= {"objective": f"{found.objective:.9g}", "share": f"{found.share:.9f}", "share_by": run.by}
            row |= {"share_seconds": f"{run.seconds:.0f}"}
            keep(name, instance, run.values)
    if np.isfinite(run.bound) and (not before.bound or run.bound < float(before.bound)):
        # Rounded upwards, so that it stays a bound.
        row |= {"bound": f"{np.ceil(run.bound * 1e9) / 1e9:.9f}", "bound_by": run.by}
        row |= {"bound_seconds": f"{run.seconds:.0f}"}
    if row["share"] and row["bound"] and float(row["share"]) > 0:
        row["gap"] = f"{float(row['bound']) / float(row['share']) - 1:.4f}"
    return Known(**row)


def keep(name: str, instance: Instance, values: np.ndarray) -> None:
    """Store the whole columns that are not 0, where they are small enough."""
    index = np.flatnonzero(instance.integer & (values.round() != 0))
    SOLUTIONS.mkdir(exist_ok=True)
    path = SOLUTIONS / f"{name}.npz"
    with path.open("wb") as file:
        np.savez_compressed(file, index=index.astype(np.int32), value=values[index].round().astype(np.int16))
    if path.stat().st_size > MOST_BYTES:
        path.unlink()


def main() -> int:
    """Solve what is named and keep what is better than before."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instances.record", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--all", action="store_true", help="all 24 instances of the library")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each instance")
    parser.add_argument("--by", choices=sorted(SOLVERS), default="bluehelm")
    asked = parser.parse_args()
    try:
        names: list[Name] = library() if asked.all else [parse(name) for name in asked.names]
    except ValueError as error:
        parser.error(str(error))
    for name in names:
        instance = name.make()
        run = SOLVERS[asked.by](instance, asked.seconds)
        known = read_table()
        known[str(name)] = better(str(name), instance, run, known.get(str(name)))
        write_table(known)
        now = known[str(name)]
        print(f"{name}: share {now.share or '-'}, bound {now.bound or '-'}, gap {now.gap or '-'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
