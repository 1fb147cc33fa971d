"""Does a model learned by boosted trees earn a place among the models of foresight? Scores, differences, costs.

Run: python benchmarks/learned.py [folder of data]. Needs lightgbm: pip install -e '.[bench]'. Takes about ten minutes.
The data are those of the issue (`osm_places`, `ucdp_ged_car`, `ucdp_ged_sudan`), by default ../shared/data.

The model is `_learned_model.py`. It is scored by itself, in equal shares with the self-exciting process, and as one
more model of the combination, which then weighs it by its own past; the last is what decides.
"""

from __future__ import annotations

import resource
import sys
from importlib.util import module_from_spec, spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from types import ModuleType
from typing import Any

import _learned_model as learned_model
import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluehelm.foresight import models, rolling
from bluehelm.foresight.bootstrap import Interval, paired_interval
from bluehelm.foresight.events import read_conflict_events
from bluehelm.foresight.first_risk import known_events
from bluehelm.foresight.history import History, history_at
from bluehelm.foresight.models import combination, self_exciting
from bluehelm.foresight.spaced_areas import spaced_areas
from bluehelm.mission.importers.places import read_places
from bluehelm.mission.months import Month

HORIZONS, PATHS, STEP_MONTHS = (1, 3, 6, 12), 300, 6
COUNTRIES = ("Central African Republic", "Darfur")
CONTEST = ("learned", "self_exciting", "combination", "half_and_half", "combination_with_learned")
PAIRS = (("learned", "self_exciting"), ("half_and_half", "self_exciting"), ("combination_with_learned", "combination"))
SCORES = ("crps", "log_score")
CLEAR, ASKED_HORIZONS = 0.25, 3

Array = NDArray[Any]


class Clocked(ModuleType):
    """A model under a name by which `models.model` finds it; keeps the seconds of its calls."""

    def __init__(self, name: str, kind: Any) -> None:
        super().__init__(name)
        self.kind, self.fit_seconds, self.sample_seconds = kind, [], []
        sys.modules[f"{models.__name__}.{name}"] = self
        models.MODELS = (*models.MODELS, name)

    def fit(self, history: History) -> Any:
        """Fit the model."""
        start = perf_counter()
        fitted = self.kind.fit(history)
        self.fit_seconds.append(perf_counter() - start)
        return fitted

    def sample(self, *order: Any) -> Array:
        """Draw futures."""
        start = perf_counter()
        paths: Array = self.kind.sample(*order)
        self.sample_seconds.append(perf_counter() - start)
        return paths


class HalfAndHalf:
    """Half of the paths from the learned model, half from the self-exciting process."""

    def fit(self, history: History) -> tuple[Any, Any]:
        """Fit both."""
        return learned_model.fit(history), self_exciting.fit(history)

    def sample(self, fitted: tuple[Any, Any], months: int, paths: int, seed: int) -> Array:
        """Draw from both, and shuffle."""
        ours, theirs = (
            learned_model.sample(fitted[0], months, paths // 2, seed),
            self_exciting.sample(fitted[1], months, (paths + 1) // 2, seed),
        )
        return np.random.default_rng([seed, 1]).permutation(np.concatenate([ours, theirs]))


def contestants() -> dict[str, Clocked]:
    """Seat all models beside those of the product; the wider combination is its file, read again, with one more."""
    Clocked("learned", learned_model)
    spec = spec_from_file_location("combination_with_learned", combination.__file__)
    wider = module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules["combination_with_learned"] = wider
    spec.loader.exec_module(wider)  # type: ignore[union-attr]
    wider.COMPONENTS = (*combination.COMPONENTS, "learned")
    kinds = (learned_model, self_exciting, combination, HalfAndHalf(), wider)
    return {name: Clocked(f"clocked_{name}", kind) for name, kind in zip(CONTEST, kinds, strict=True)}


def ground(name: str, data: Path) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Month, ...]]:
    """Return events, areas drawn at the first origin, and origins."""
    if name == "Darfur":
        events, places = "ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz", "sudan"
        first, last, here = (
            Month(2008, 1),
            Month(2015, 7),
            (pl.col("longitude_deg") < 28) & (pl.col("latitude_deg") > 9.5),
        )
    else:
        events, places = "ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz", "central-african-republic"
        first, last, here = Month(2012, 1), Month(2016, 7), pl.lit(True)
    table = read_conflict_events(data / events).table.filter(here)
    towns = read_places(data / "osm_places" / f"{places}.csv.gz").filter(here)
    return (
        table,
        spaced_areas(towns, known_events(table, first + 1, 0)),
        rolling.origins_between(first, last, STEP_MONTHS),
    )


def scores_of(name: str, data: Path) -> pl.DataFrame:
    """Score all models from all origins of a country: columns of `rolling.score_origin`, with year and scope."""
    events, areas, origins = ground(name, data)
    rules = rolling.ScoreRules(tuple(f"clocked_{one}" for one in CONTEST), HORIZONS, PATHS)
    table = pl.concat([rolling.score_origin(events, areas, origin, rules) for origin in origins])
    print(f"\n{name}: {areas.height} areas, {len(origins)} origins {origins[0]} to {origins[-1]}", flush=True)
    return table.with_columns(
        model=pl.col("model").str.strip_prefix("clocked_"),
        year=pl.col("month").str.slice(0, 4).cast(pl.Int64),
        scope=pl.when(pl.col("area") < 0).then(pl.lit("total")).otherwise(pl.lit("areas")),
    )


def difference(
    table: pl.DataFrame, pair: tuple[str, str], scope: str, score: str, ahead: int
) -> tuple[Interval, float]:
    """Score of the first model less that of the second, by year, and the mean score of the second."""
    part = table.filter(pl.col("scope") == scope, pl.col("horizon") == ahead)
    one, other = (part.filter(pl.col("model") == name).sort("origin", "area") for name in pair)
    theirs = other[score].to_numpy()
    return paired_interval(one[score].to_numpy(), theirs, one["year"].to_numpy(), 0), float(theirs.mean())


def tell(table: pl.DataFrame) -> None:
    """Print mean scores, and differences as shares of the score of the second model."""
    for scope in ("areas", "total"):
        for score in SCORES:
            part = table.filter(pl.col("scope") == scope)
            print(f"  {f'{scope}, {score}':<42}" + "".join(f"{f'{h} ahead':>26}" for h in HORIZONS))
            for name in CONTEST:
                means = [part.filter(pl.col("model") == name, pl.col("horizon") == h)[score].mean() for h in HORIZONS]
                print(f"    {name:<40}" + "".join(f"{mean:26.4f}" for mean in means))
            for pair in PAIRS:
                cells = []
                for ahead in HORIZONS:
                    gap, whole = difference(table, pair, scope, score, ahead)
                    cells.append(f"{gap.value / whole:+.1%} ({gap.low / whole:+.1%} to {gap.high / whole:+.1%})")
                print(f"    {f'{pair[0]} - {pair[1]}':<40}" + "".join(f"{cell:>26}" for cell in cells))


def counts(table: pl.DataFrame, scope: str, score: str) -> tuple[int, int, int]:
    """At how many horizons the wider combination scores better, clearly better and clearly worse.

    Clearly: at most `CLEAR` of the interval lies on the other side of 0.
    """
    better = clearly = worse = 0
    for ahead in HORIZONS:
        gap, _ = difference(table, PAIRS[-1], scope, score, ahead)
        above = max(0.0, gap.high) / max(1e-12, max(0.0, gap.high) - min(0.0, gap.low))
        better += gap.value < 0
        clearly += gap.value < 0 and above <= CLEAR
        worse += gap.value > 0 and above >= 1 - CLEAR
    return better, clearly, worse


def peak_mb(name: str, data: Path, answer: Any) -> None:
    """Put into a queue by how much one fit and its futures raise the memory of a new process [MB]."""
    kind = contestants()[name]
    events, areas, origins = ground(COUNTRIES[0], data)
    history = history_at(events, areas, origins[-1])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kind.sample(kind.fit(history), max(HORIZONS), PATHS, 0)
    answer.put((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def costs(clocks: dict[str, Clocked], data: Path) -> None:
    """Print seconds over all origins, and memory."""
    print(f"\n{'':30}{'fit s, median':>16}{'max':>8}{'futures s':>12}{'peak MB more':>14}")
    for name, clock in clocks.items():
        fresh = get_context("spawn")
        answer = fresh.Queue()
        child = fresh.Process(target=peak_mb, args=(name, data, answer))
        child.start()
        more = answer.get()
        child.join()
        fits = clock.fit_seconds
        print(f"{name:30}{median(fits):16.2f}{max(fits):8.2f}{median(clock.sample_seconds):12.2f}{more:14.0f}")


def main() -> int:
    """Print scores, differences, costs, and whether the learned model earned its place in the combination."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data"
    if not data.is_dir():
        print(f"no data in {data}: nothing is measured")
        return 0
    clocks = contestants()
    earned = dict.fromkeys(SCORES, True)
    lines = []
    for name in COUNTRIES:
        table = scores_of(name, data)
        tell(table)
        for score in SCORES:
            for scope in ("areas", "total"):
                better, clearly, worse = counts(table, scope, score)
                lines.append(f"  {name}, {scope}, {score}: better {better}, clearly {clearly}, clearly worse {worse}")
                earned[score] &= (clearly >= ASKED_HORIZONS if scope == "areas" else True) and worse == 0
    costs(clocks, data)
    print(f"\ncombination with the learned model against the combination, of {len(HORIZONS)} horizons:")
    print("\n".join(lines))
    print(
        f"asked: on one score, in both places, clearly better by area at {ASKED_HORIZONS} horizons or more, and "
        f"nowhere clearly worse; found: {', '.join(score for score in SCORES if earned[score]) or 'on no score'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
