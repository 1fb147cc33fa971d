"""Programs over scenarios beside mpi-sppy 0.14: the farmer with 1,000 scenarios, and a small plan on a tree.

Run: python benchmarks/stochastic.py [runs]. Needs mpi-sppy: pip install -e '.[bench]'. Asked: the same best values, and
the farmer, in the same columns and rows, at least 5 times faster, model and solve together, than mpi-sppy's extensive
form. All solve with HiGHS; mpi-sppy reaches it through Pyomo's appsi_highs. Each run is a new process. "seconds" are
those from data in memory (or the file, for `bluehelm solve`) to the answer; "process" adds Python and libraries.

The plan is of the stripped family (13 nodes, 8 sites, 40 areas, 8 types). mpi-sppy gets it scenario by scenario: as the
extensive form, and by progressive hedging with a plan made of what the scenarios agreed on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).resolve().parents[1]
SCENARIOS, FARMER, CENT, TIMES_FASTER = 1_000, -132_750.32, 0.01, 5.0
STAGES, AREAS, SITES, TYPES, STEPS = 3, 40, 8, 8, 4
GAP, SECONDS, RHO = 0.001, 300.0, 1.0

COUNTS = (TYPES * SITES, TYPES * SITES, TYPES * SITES, TYPES, TYPES, AREAS * STEPS)
"""Columns in a node: units, arrivals and departures by type and site; sent out and home by type; protection."""

Found = dict[str, float]


def farmer_row_for_row() -> Found:
    """Build and solve the farmer with our arrays, in mpi-sppy's columns and rows."""
    return _farmer("farmer_row_for_row")


def farmer_of_the_book() -> Found:
    """Build and solve the farmer with our arrays, in the fewer columns and rows of the book."""
    return _farmer("farmer")


def _farmer(stated: str) -> Found:
    from bluehelm.solve.stages_tree import solve_stages
    from tests.solve.farmers import farmer

    began = time.perf_counter()
    objective = solve_stages(farmer(SCENARIOS, stated)).objective
    return {"objective": objective, "seconds": time.perf_counter() - began}


def farmer_extensive() -> Found:
    """Build and solve mpi-sppy's own farmer as its extensive form."""
    from mpisppy.tests.examples.farmer import scenario_creator

    from benchmarks._mpisppy_models import extensive_form

    began = time.perf_counter()
    names = [f"scen{i}" for i in range(SCENARIOS)]
    objective = extensive_form(names, scenario_creator, GAP, num_scens=SCENARIOS)
    return {"objective": objective, "seconds": time.perf_counter() - began}


def plan_arrays() -> Found:
    """Give the arrays of the plan to HiGHS as it comes."""
    import numpy as np

    from benchmarks.instances.files import in_highs

    instance = planned()
    began = time.perf_counter()
    solver = in_highs(instance)
    solver.setOptionValue("mip_rel_gap", GAP)
    solver.setOptionValue("time_limit", SECONDS)
    solver.run()
    share, bound = np.array([solver.getInfo().objective_function_value, solver.getInfo().mip_dual_bound])
    return {"objective": -share / instance.base, "bound": -bound / instance.base,
            "seconds": time.perf_counter() - began}  # fmt: skip


def plan_extensive() -> Found:
    """State the plan in Pyomo and solve mpi-sppy's extensive form."""
    from benchmarks._mpisppy_models import Scenarios, extensive_form

    instance = planned()
    began = time.perf_counter()
    scenarios = Scenarios(instance, COUNTS)
    objective = extensive_form(scenarios.names, scenarios.create, GAP, scenarios.node_names)
    return {"objective": -objective / instance.base, "seconds": time.perf_counter() - began}


def plan_hedged() -> Found:
    """State the plan in Pyomo and run mpi-sppy's progressive hedging."""
    from benchmarks._mpisppy_models import Scenarios, hedged

    instance = planned()
    began = time.perf_counter()
    objective, bound, rounds, apart = hedged(Scenarios(instance, COUNTS), GAP, RHO, SECONDS)
    share = 0.0 if objective is None else -objective / instance.base
    return {"objective": share, "bound": -bound / instance.base, "rounds": rounds, "apart": apart,
            "seconds": time.perf_counter() - began}  # fmt: skip


def planned():
    """Make the instance of the stripped family."""
    from benchmarks.instances.stripped import stripped

    return stripped(stages=STAGES, areas=AREAS, sites=SITES, types=TYPES, steps=STEPS)


CHILDREN = {
    work.__name__: work
    for work in (farmer_row_for_row, farmer_of_the_book, farmer_extensive, plan_arrays, plan_extensive, plan_hedged)
}


def fresh(words: list[str]) -> Found:
    """Run a new process that prints JSON; add its seconds by the clock and its peak memory."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        started = subprocess.Popen([sys.executable, *words], stdout=said, cwd=REPOSITORY)
        _, status, usage = os.wait4(started.pid, 0)
        took = time.perf_counter() - began
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            raise SystemExit(f"{' '.join(words)} ended with status {started.returncode}")
        said.seek(0)
        text = said.read()
        found = json.loads(text[text.index("{") :])
    # Linux counts kilobytes.
    peak = max(usage.ru_maxrss / 1024, float(found.get("peak_mb", 0.0)))
    objective = found["share"] if "share" in found else found["objective"]
    return {**found, "objective": float(objective), "process": took, "peak_mb": peak}


def told(name: str, runs: list[Found]) -> None:
    """Print objective and min, median and max of time and memory."""
    line = f"{name:34}{runs[0]['objective']:>16.6f}"
    for key, form in (("seconds", "{:.2f}"), ("process", "{:.2f}"), ("peak_mb", "{:.0f}")):
        values = [run[key] for run in runs]
        line += f"{' / '.join(form.format(v) for v in (min(values), median(values), max(values))):>22}"
    print(line, flush=True)


def compared(ways: dict[str, list[str]], runs: int) -> dict[str, list[Found]]:
    """Run each way in turn, so that all see the same machine, and print what came."""
    found: dict[str, list[Found]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, words in ways.items():
            found[name].append(fresh(words))
    for name, results in found.items():
        told(name, results)
    return found


def farmers(runs: int) -> bool:
    """Compare on the farmer; say whether the promises are kept."""
    ways = {"farmer: bluehelm, row for row": child("farmer_row_for_row"),
            "farmer: bluehelm, as in the book": child("farmer_of_the_book"),
            "farmer: mpi-sppy extensive form": child("farmer_extensive")}  # fmt: skip
    found = compared(ways, runs)
    ours, _, theirs = found.values()
    right = all(abs(run["objective"] - FARMER) <= CENT for results in found.values() for run in results)
    ratio = median(run["seconds"] for run in theirs) / median(run["seconds"] for run in ours)
    print(f"  the published {FARMER:,}: {'reached by all' if right else 'MISSED'}; "
          f"{ratio:.1f} times faster row for row, asked {TIMES_FASTER:.0f}")  # fmt: skip
    return right and ratio >= TIMES_FASTER


def plans(runs: int) -> bool:
    """Compare on a plan over a tree; say whether all reach the same value, and tell times and memory, lost or won."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "instance.npz"
        subprocess.run([sys.executable, "-c", WRITE, str(file)], check=True, cwd=REPOSITORY)
        solve = ["-m", "bluehelm", "solve", str(file), "--seconds", str(SECONDS), "--gap", str(GAP), "--json"]
        ways = {"plan: bluehelm solve": solve, "plan: HiGHS on the same arrays": child("plan_arrays"),
                "plan: mpi-sppy extensive form": child("plan_extensive"),
                "plan: mpi-sppy hedging": child("plan_hedged")}  # fmt: skip
        found = compared(ways, runs)
    ours, *others = found.values()
    least, most = (end(run["objective"] for group in found.values() for run in group) for end in (min, max))
    same = most - least <= 2 * GAP * most
    print(
        f"  values within {(most - least) / most:.3%} of each other, asked {2 * GAP:.1%}: {'yes' if same else 'MISSED'}"
    )
    for name, theirs in zip(list(found)[1:], others, strict=True):
        ratio, memory = (median(run[key] for run in theirs) / median(run[key] for run in ours)
                         for key in ("seconds", "peak_mb"))  # fmt: skip
        print(f"  {name} takes {ratio:.2f} times our seconds and {memory:.2f} times our memory"
              f"{'' if ratio >= 1 else ': we lose'}")  # fmt: skip
    hedging = found["plan: mpi-sppy hedging"][0]
    print(
        f"  hedging: bound {hedging['bound']:.6f}, {hedging['rounds']} rounds, scenarios {hedging['apart']:.1g} apart"
    )
    proven = min(run["bound"] for run in ours)
    held = proven >= most - 1e-6
    print(f"  no value passes the bound that we prove, {proven:.6f}: {'yes' if held else 'MISSED'}")
    return same and held


WRITE = """
import sys
from pathlib import Path
from benchmarks.instances.files import write_npz
from benchmarks.stochastic import planned
write_npz(planned(), Path(sys.argv[1]))
"""


def child(name: str) -> list[str]:
    """Say how to run one side in a new process."""
    return ["-m", "benchmarks.stochastic", "--child", name]


def main() -> int:
    """Print the numbers; return 1 if a promise is missed."""
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(CHILDREN[sys.argv[2]]()))
        return 0
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{runs} runs{'':28}{'best value':>16}{'seconds':>22}{'process':>22}{'peak MB':>22}   (min / median / max)")
    kept = [farmers(runs), plans(runs)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
