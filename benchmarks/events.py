"""How long does it take to read 500,000 events, give each to an area and sum the deaths by month? Asked: 5 s, 2 cores.

Run: python benchmarks/events.py [runs]. The file is made for the run, in a folder of its own: all columns of UCDP GED,
with headlines of the usual length, in 60 countries. Reading alone is held to 2 s; with countries picked out it may take
no longer. Processor seconds (of two cores) tell a slow reader from a busy machine.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
import polars as pl

from bluehelm.foresight.events import read_conflict_events
from bluehelm.foresight.placing import place_events

EVENTS, AREAS, RUNS = 500_000, 2_000, 5
ASKED_SECONDS = {
    "read": 2.0,
    "read, processor": 4.0,
    "read two countries": 2.0,
    "assign": 5.0,
    "aggregate": 5.0,
    "in all": 5.0,
}
# Share of UCDP events by precision of place, about as in the Central African Republic.
PRECISIONS = (0.66, 0.19, 0.09, 0.03, 0.03)
COUNTRIES = ("Sudan", "Central African Republic", "DR Congo (Zaire)", "Mali", *(f"Land {i}" for i in range(56)))


def make(path: Path) -> None:
    """Write the synthetic file; in a process of its own, so that its memory is not counted."""
    draw = np.random.default_rng(0)
    day = np.datetime64("1989-01-01") + draw.integers(0, 12_000, EVENTS)
    best = draw.geometric(0.2, EVENTS)
    latitude, longitude = draw.uniform(4, 14, EVENTS).round(6), draw.uniform(16, 30, EVENTS).round(6)
    country = draw.integers(0, len(COUNTRIES), EVENTS)
    stamp = pl.Series(day).cast(pl.Date).cast(pl.String) + " 00:00:00.000"
    text = {
        name: pl.Series([f"{name} {i} of the usual length of such a text" for i in range(1_000)])[
            draw.integers(0, 1_000, EVENTS)
        ]
        for name in ("conflict_name", "dyad_name", "side_a", "side_b", "source_article", "source_headline", "adm_1",
                     "adm_2", "where_coordinates", "where_description")
    }  # fmt: skip
    cell = ((latitude + 90) * 2).astype(int) * 720 + ((longitude + 180) * 2).astype(int) + 1
    numbers = {
        "id": np.arange(EVENTS), "year": pl.Series(day).cast(pl.Date).dt.year(), "latitude": latitude,
        "longitude": longitude, "type_of_violence": draw.integers(1, 4, EVENTS), "country_id": country + 10_000,
        "where_prec": draw.choice(5, EVENTS, p=PRECISIONS) + 1, "date_prec": draw.integers(1, 4, EVENTS),
        "priogrid_gid": cell,
        "deaths_a": best // 4, "deaths_b": best // 4, "deaths_civilians": best // 2, "deaths_unknown": best * 0,
        "best": best, "low": best, "high": best + draw.integers(0, 3, EVENTS),
    }  # fmt: skip
    named = {"country": pl.Series(COUNTRIES)[country], "code_status": pl.repeat("Clear", EVENTS, eager=True)}
    pl.DataFrame({**numbers, **named, **text, "date_start": stamp, "date_end": stamp}).write_csv(path)


def one_run(path: Path, seed: int) -> dict[str, float]:
    """Measure one run, step by step [s]."""
    draw = np.random.default_rng(seed)
    areas = pl.DataFrame(
        {
            "latitude_deg": draw.uniform(4, 14, AREAS),
            "longitude_deg": draw.uniform(16, 30, AREAS),
            "population_persons": draw.integers(1_000, 100_000, AREAS),
        }
    )
    clock, processor = [perf_counter()], process_time()
    table = read_conflict_events(path).table
    clock.append(perf_counter())
    processor = process_time() - processor
    area = place_events(table, areas, seed).area
    clock.append(perf_counter())
    by_area = table.select(pl.col("date").dt.truncate("1mo"), "kind", "fatalities_civilian", area=pl.Series(area))
    sums = by_area.group_by("area", "date", "kind").agg(pl.len(), pl.col("fatalities_civilian").sum())
    clock.append(perf_counter())
    picked = read_conflict_events(path, countries=["Sudan", "COD"]).table
    clock.append(perf_counter())
    if table.height != EVENTS or sums["fatalities_civilian"].sum() != table["fatalities_civilian"].sum():
        raise SystemExit("events were lost on the way")
    if picked["country"].unique().sort().to_list() != ["DR Congo (Zaire)", "Sudan"]:
        raise SystemExit("other countries were read than those asked for")
    read, assign, aggregate, read_two = np.diff(clock).tolist()
    whole = clock[3] - clock[0]
    steps = {"assign": assign, "aggregate": aggregate, "in all": whole, "read two countries": read_two}
    return {"read": read, "read, processor": processor} | steps


def main() -> int:
    """Print min, median and max of each step, and the peak memory; return 1 if an aim is missed."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "events.csv"
        writer = get_context("spawn").Process(target=make, args=(path,))
        writer.start()
        writer.join()
        megabytes = path.stat().st_size / 1e6
        found = [one_run(path, seed) for seed in range(runs)]
    print(f"{EVENTS} events ({megabytes:.0f} MB of CSV), {AREAS} areas, {runs} runs")
    print(f"{'seconds':20}{'min':>8}{'median':>8}{'max':>8}{'asked':>8}")
    missed = False
    for name in found[0]:
        values = [one[name] for one in found]
        missed |= median(values) > ASKED_SECONDS[name]
        print(f"{name:20}{min(values):8.2f}{median(values):8.2f}{max(values):8.2f}{ASKED_SECONDS[name]:8.1f}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
