"""How long do fit and 1,000 sample paths of the self-exciting model take, for 2,000 areas and 12 months? Asked: 60 s.

Run: python benchmarks/foresight.py [runs]. The record is made up: 20,000 events in twenty years and 2,000 areas, in
bursts around spots that change, one in four of them placed vaguely. 2 cores. Processor seconds tell a slow model from a
busy machine. Counting events into a record, the product (a combination that also looks back on six earlier forecasts)
and the summary of paths are timed too; nothing is asked of them.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import polars as pl

from bluehelm.foresight.forecast import Forecast, risk_table
from bluehelm.foresight.history import history_at
from bluehelm.foresight.models import PRODUCT, model
from bluehelm.mission.months import Month

EVENTS, AREAS, RECORD_MONTHS, AHEAD_MONTHS, PATHS, RUNS = 20_000, 2_000, 240, 12, 1_000, 5
ORIGIN = Month(2019, 12)
ASKED_SECONDS = {"fit and sample": 60.0}
GROUPS = 30


def areas(draw: np.random.Generator) -> pl.DataFrame:
    """Make up areas over 1,100 by 1,100 km."""
    return pl.DataFrame(
        {
            "area_id": [f"a{i}" for i in range(AREAS)],
            "name": [f"Area {i}" for i in range(AREAS)],
            "latitude_deg": draw.uniform(5, 15, AREAS),
            "longitude_deg": draw.uniform(20, 30, AREAS),
            "population_persons": draw.lognormal(9, 1.2, AREAS).astype(np.int64),
        }
    )


def events(draw: np.random.Generator) -> pl.DataFrame:
    """Make up events in bursts: each lies near an earlier one in time and space, or begins a new burst."""
    bursts = EVENTS // 40
    start = draw.uniform(0, RECORD_MONTHS, bursts)
    of = draw.integers(0, bursts, EVENTS)
    month = np.minimum(start[of] + draw.exponential(6, EVENTS), RECORD_MONTHS - 0.01)
    day = np.datetime64("2000-01-01") + (month * 365.25 / 12).astype(int)
    deaths, civilian = draw.geometric(0.2, EVENTS), draw.random(EVENTS) < 0.5
    spot_latitude, spot_longitude, group = draw.uniform(5, 15, bursts), draw.uniform(20, 30, bursts), of % GROUPS
    table = pl.DataFrame(
        {
            "event_id": [f"e{i:05d}" for i in range(EVENTS)],
            "date": pl.Series(day).cast(pl.Date),
            "date_start": pl.Series(day).cast(pl.Date),
            "latitude_deg": np.clip(spot_latitude[of] + draw.normal(0, 0.3, EVENTS), 5, 15),
            "longitude_deg": np.clip(spot_longitude[of] + draw.normal(0, 0.3, EVENTS), 20, 30),
            "place_precision": draw.choice([1, 1, 1, 3], EVENTS),
            "fatalities_best": deaths,
            "fatalities_civilian": np.where(civilian, deaths, 0),
            "actor": [f"Group {i}" for i in group],
            "opponent": np.where(civilian, "Civilians", "Army"),
        }
    )
    return table.filter(pl.col("date") <= date(2019, 12, 31)).sort("date", "event_id")


def one_run(seed: int) -> dict[str, float]:
    """Measure one run, step by step [s]."""
    draw = np.random.default_rng(seed)
    there, table = areas(draw), events(draw)
    seconds: dict[str, float] = {}

    def timed(step: str, call: Callable[[], Any]) -> Any:
        start = perf_counter()
        answer = call()
        seconds[step] = perf_counter() - start
        return answer

    history = timed("count events", lambda: history_at(table, there, ORIGIN, seed=seed))
    exciting, product = model("self_exciting"), model(PRODUCT)
    processor = process_time()
    fitted = timed("fit", lambda: exciting.fit(history))
    paths = timed("sample", lambda: exciting.sample(fitted, AHEAD_MONTHS, PATHS, seed))
    seconds["fit and sample"] = seconds["fit"] + seconds["sample"]
    seconds["same, processor"] = process_time() - processor
    timed("summary", lambda: risk_table(Forecast(there, ORIGIN, paths, "self_exciting")))
    if paths.shape != (PATHS, AREAS, AHEAD_MONTHS) or paths.min() < 0 or not paths.any():
        raise SystemExit("the paths are wrong")
    seconds["memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fitted = timed("fit product", lambda: product.fit(history))
    timed("sample product", lambda: product.sample(fitted, AHEAD_MONTHS, PATHS, seed))
    return seconds


def main() -> int:
    """Print min, median and max of each step, and the peak memory; return 1 if the aim is missed."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    found = [one_run(seed) for seed in range(runs)]
    print(f"{EVENTS} events, {AREAS} areas, {RECORD_MONTHS} months of record, {AHEAD_MONTHS} ahead, {PATHS} paths")
    print(f"{f'seconds, {runs} runs':20}{'min':>8}{'median':>8}{'max':>8}{'asked':>8}")
    missed = False
    for name in found[0]:
        values, asked = [one[name] for one in found], ASKED_SECONDS.get(name)
        missed |= asked is not None and median(values) > asked
        print(f"{name:20}{min(values):8.2f}{median(values):8.2f}{max(values):8.2f}{asked or '':>8}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
