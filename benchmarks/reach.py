"""How long does reach take for 5,000 areas x 500 sites x 12 types, with distances? Asked: under 2 s on 2 cores.

Run: python benchmarks/reach.py
"""

from __future__ import annotations

import resource
import sys
from statistics import median
from time import perf_counter

import numpy as np

from bluehelm.geo.distance import distance_km
from bluehelm.geo.reach import Movement, limit_km, reach

AREAS, SITES, RUNS, ASKED_SECONDS = 5_000, 500, 5, 2.0

# Twelve types that all move differently, so that nothing is computed once for two of them.
MOVEMENTS = [
    *(Movement("road", 15.0 + speed, 1.4, 0.5, 2.0, 6.0) for speed in range(8)),
    *(Movement("air", 200.0 + speed, 1.0, 1.0, 1.5, 4.0) for speed in range(3)),
    Movement.static(15.0),
]


def one_run(seed: int) -> tuple[float, float]:
    """Measure one run [s] and the share of pairs within the longest reach."""
    draw = np.random.default_rng(seed)
    site_lat, area_lat = draw.uniform(9, 20, SITES), draw.uniform(9, 20, AREAS)
    site_lon, area_lon = draw.uniform(22, 35, SITES), draw.uniform(22, 35, AREAS)
    start = perf_counter()
    distance = distance_km(site_lat, site_lon, area_lat, area_lon, limit_km(MOVEMENTS))
    shares = reach(distance, MOVEMENTS)
    seconds = perf_counter() - start
    if not (shares.shape == (12, SITES, AREAS) and shares.min() >= 0 and shares.max() <= 1):
        raise SystemExit("reach gave a table of the wrong shape or range")
    return seconds, float(np.isfinite(distance).mean())


def main() -> int:
    """Print the least, middle and most seconds, and the peak memory; return 1 if the aim is missed."""
    runs = [one_run(seed) for seed in range(RUNS)]
    seconds = [run[0] for run in runs]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"reach, {AREAS} areas x {SITES} sites x {len(MOVEMENTS)} types, with distances, {RUNS} runs")
    print(f"pairs within the longest reach: {median(run[1] for run in runs):.0%}")
    print(f"seconds: min {min(seconds):.2f}, median {median(seconds):.2f}, max {max(seconds):.2f}")
    print(f"peak memory: {peak_mb:.0f} MB (the float32 answer is {len(MOVEMENTS) * SITES * AREAS * 4 / 2**20:.0f} MB)")
    return 0 if median(seconds) < ASKED_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
