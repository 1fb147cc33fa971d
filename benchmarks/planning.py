"""A real mission from the command to the written report: Darfur 2017, all tiers, beside the solver as it comes.

Run: python benchmarks/planning.py [runs]. Each run is a new process with two cores. Bars: every tier within 1 % of its
bound, 60 s, 1.5 GB. The peer gets the same model of the first tier and as many seconds as the whole command took.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MISSION = Path(__file__).resolve().parent.parent / "bluehelm" / "data" / "missions" / "darfur_2017"
BAR_GAP, BAR_SECONDS, BAR_MB = 0.01, 60.0, 1500.0


def planned(folder: Path) -> dict[str, object]:
    """Plan the mission in a new process; return seconds, peak memory and the gap of each tier."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "bluehelm", "plan", str(MISSION), "--out", str(folder), "--json"]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    seconds = time.perf_counter() - began
    found = json.loads(said)
    gaps = {tier["name"]: float(tier["gap"]) for tier in found["plan"]["tiers"]}
    return {"seconds": seconds, "peak_mb": float(found["run"]["peak_mb"]), **gaps}


def peer(seconds: float) -> str:
    """Give the first tier to HiGHS with its own settings; say what it proves in the same time."""
    from bluehelm.mission.folder import read_mission
    from bluehelm.norms import load_norms
    from bluehelm.planning.build import build
    from bluehelm.planning.gather import gather
    from bluehelm.planning.goals import goals_of
    from bluehelm.solve.aims import aim, relative_gap
    from bluehelm.solve.highs import Limits, solve_integer

    mission = read_mission(MISSION)
    data = gather(mission, load_norms(mission.amendments))
    built = build(data)
    goal = goals_of(data, built.columns, tolerance=0.0)[0]
    found = solve_integer(aim(built.problem, goal, (), 0.0), Limits(gap=BAR_GAP, seconds=seconds))
    if found.values is None:
        return f"{goal.name}: no plan in {seconds:.0f} s, bound {-found.bound:.4f}"
    return f"{goal.name}: gap {relative_gap(found.objective, found.bound):.2%} in {seconds:.0f} s"


def main() -> int:
    """Print min, median and max of each figure, then what the peer did; return 1 where a bar is missed."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as aside:
        found = [planned(Path(aside) / str(run)) for run in range(runs)]
    bars = {"seconds": BAR_SECONDS, "peak_mb": BAR_MB}
    missed = False
    print(f"{'':18}{'min':>10}{'median':>10}{'max':>10}{'asked':>10}   ({runs} runs)")
    for name in found[0]:
        values = [float(str(one[name])) for one in found]
        bar = bars.get(name, BAR_GAP)
        missed |= max(values) > bar
        form = "{:10.1f}" if name in bars else "{:10.2%}"
        line = "".join(form.format(v) for v in (min(values), statistics.median(values), max(values), bar))
        print(f"{name:18}{line}{'   missed' if max(values) > bar else ''}")
    print("HiGHS as it comes,", peer(statistics.median(float(str(one["seconds"])) for one in found)))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
