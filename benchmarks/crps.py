"""How long does the CRPS of 200,000 forecasts of 100 samples take, beside the fastest public implementations?

Run: python benchmarks/crps.py [runs]. Asked: at most 2 times the fastest of the others, in the same run, on each kind
of forecast. Needs properscoring, scoringrules and numba: pip install -e '.[bench]'.

All give the same estimator, the plain one, and must agree. Each gets its samples laid out and typed as it likes best
before the clock starts: ours with paths first, the others as rows of floats. Numba compiles before the first run.
Left out: the estimator `akr` of scoringrules, which is quicker than all but another score (it takes for the distance of
samples that of neighbours, so it depends on their order); xskillscore and climpred, which call properscoring.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import properscoring
import scoringrules
from numpy.typing import NDArray

from bluehelm.foresight.scores import crps

FORECASTS, PATHS, ASKED_TIMES = 200_000, 100, 2.0

Array = NDArray[Any]
Contest = dict[str, Callable[[], Array]]


def forecasts(kind: str, seed: int = 0) -> tuple[Array, Array]:
    """Make up samples, paths first, and what came: real numbers, or counts of deaths with a heavy tail."""
    draw = np.random.default_rng(seed)
    if kind == "real numbers":
        both = draw.gamma(2.0, 3.0, (PATHS + 1, FORECASTS))
        return both[:-1].copy(), both[-1].copy()
    rate = np.exp(draw.normal(-2, 2, FORECASTS)) * (1.0 if kind == "counts in a war" else 0.02)
    both = draw.poisson(draw.gamma(0.3, rate / 0.3, (PATHS + 1, FORECASTS)))
    return both[:-1].astype(np.int32), both[-1].astype(np.int32)


def contest(samples: Array, observed: Array) -> Contest:
    """Name the calls that are compared; ours is the first."""
    rows, came = np.ascontiguousarray(samples.T, dtype=float), observed.astype(float)
    theirs = {
        f"scoringrules {estimator}, {backend}": partial(
            scoringrules.crps_ensemble, came, rows, estimator=estimator, backend=backend
        )
        for estimator, backend in (("qd", "numba"), ("int", "numba"), ("qd", "numpy"))
    }
    return {
        "ours": lambda: crps(samples, observed),
        "properscoring": lambda: properscoring.crps_ensemble(came, rows),
        **theirs,
    }


def peak_mb(call: Callable[[], Array]) -> float:
    """Measure the most memory that a call takes beside its samples."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def measure(calls: Contest, runs: int) -> dict[str, list[float]]:
    """Take the seconds of each call, one after the other in every run, so that all meet the same machine."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            start = perf_counter()
            call()
            seconds[name].append(perf_counter() - start)
    return seconds


def main() -> int:
    """Print seconds, memory and ratios; return 1 if the aim is missed or the scores differ."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    slowest = 0.0
    print(
        f"CRPS, {FORECASTS} forecasts x {PATHS} samples, {runs} runs; seconds min, median, max; MB beside the samples"
    )
    for kind in ("counts in a war", "counts in a quiet country", "real numbers"):
        samples, observed = forecasts(kind)
        calls = contest(samples, observed)
        answers = [call() for call in calls.values()]  # also compiles
        if not all(np.allclose(answers[0], answer, rtol=1e-9, atol=1e-9) for answer in answers):
            raise SystemExit("the implementations differ")
        memory = {name: peak_mb(call) for name, call in calls.items()}
        seconds = measure(calls, runs)
        print(f"\n{kind}: {np.mean(samples == 0):.0%} of the samples are 0")
        for name, taken in seconds.items():
            print(f"  {name:<24}{min(taken):.3f}  {median(taken):.3f}  {max(taken):.3f}  {memory[name]:6.0f} MB")
        others = [min(times) for times in zip(*(t for name, t in seconds.items() if name != "ours"), strict=True)]
        ratios = [ours / best for ours, best in zip(seconds["ours"], others, strict=True)]
        print(f"  ours over the fastest other: {min(ratios):.2f}  {median(ratios):.2f}  {max(ratios):.2f}")
        slowest = max(slowest, median(ratios))
    print(f"\nasked: {ASKED_TIMES:.0f} times at most; found: {slowest:.2f} at worst")
    return 0 if slowest <= ASKED_TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
