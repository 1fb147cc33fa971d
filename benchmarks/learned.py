"""Does a model learned by boosted trees earn a place among the models of foresight? Scores, differences, costs.

Run: python benchmarks/learned.py [folder of data]. Needs lightgbm: pip install -e '.[bench]'. Takes about ten minutes.
The data are those of the issue (`osm_places`, `ucdp_ged_car`, `ucdp_ged_sudan`), by default ../shared/data.

The model is `_learned_model.py`. It is scored by itself, in equal shares with the self-exciting process, and as one
more model of the combination, which then weighs it by its own past; the last is what decides.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from time import process_time
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


def seat(name: str, kind: Any) -> None:
    """Let `models.model`, and so all that forecasts with a model by its name, find one more."""
    sys.modules[f"{models.__name__}.{name}"] = kind
    models.MODELS = (*models.MODELS, name)


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


def seat_guests() -> None:
    """Seat the models that the product does not have; the wider combination is its file, read again, with one more."""
    path = f"{models.__name__}.combination_with_learned"
    spec = spec_from_file_location(path, combination.__file__)
    wider = module_from_spec(spec)  # type: ignore[arg-type]
    seat("learned", learned_model)
    seat("half_and_half", HalfAndHalf())
    seat("combination_with_learned", wider)
    spec.loader.exec_module(wider)  # type: ignore[union-attr]
    wider.COMPONENTS = (*combination.COMPONENTS, "learned")


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
    rules = rolling.ScoreRules(CONTEST, HORIZONS, PATHS)
    table = pl.concat([rolling.score_origin(events, areas, origin, rules) for origin in origins])
    print(f"\n{name}: {areas.height} areas, {len(origins)} origins {origins[0]} to {origins[-1]}", flush=True)
    return table.with_columns(
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


def cost(name: str, country: str, data: Path) -> tuple[float, float, float]:
    """Measure processor seconds of a fit and of its futures from the last origin, and the memory both take [MB]."""
    seat_guests()
    events, areas, origins = ground(country, data)
    history = history_at(events, areas, origins[-1])
    # Linux counts the peak anew, so that reading the data does not hide it.
    Path("/proc/self/clear_refs").write_text("5")
    before, clock = memory_mb("VmRSS"), [process_time()]
    fitted = models.model(name).fit(history)
    clock.append(process_time())
    models.model(name).sample(fitted, max(HORIZONS), PATHS, 0)
    clock.append(process_time())
    return clock[1] - clock[0], clock[2] - clock[1], memory_mb("VmHWM") - before


def memory_mb(line: str) -> float:
    """Read the memory of this process."""
    status = Path("/proc/self/status").read_text().splitlines()
    return float(next(one for one in status if one.startswith(line)).split()[1]) / 1024


def tell_costs(country: str, data: Path) -> None:
    """Print costs of each model, each in a new process."""
    print(f"  {'costs from the last origin':<42}{'fit, processor s':>26}{'futures, processor s':>26}{'peak, MB':>26}")
    for name in CONTEST:
        with get_context("spawn").Pool(1) as fresh:
            fit_seconds, sample_seconds, more_mb = fresh.apply(cost, (name, country, data))
        print(f"    {name:<40}{fit_seconds:26.2f}{sample_seconds:26.2f}{more_mb:26.0f}")


def main() -> int:
    """Print scores, differences, costs, and whether the learned model earned its place in the combination."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data"
    if not data.is_dir():
        print(f"no data in {data}: nothing is measured")
        return 0
    seat_guests()
    earned = dict.fromkeys(SCORES, True)
    lines = []
    for name in COUNTRIES:
        table = scores_of(name, data)
        tell(table)
        tell_costs(name, data)
        for score in SCORES:
            for scope in ("areas", "total"):
                better, clearly, worse = counts(table, scope, score)
                lines.append(f"  {name}, {scope}, {score}: better {better}, clearly {clearly}, clearly worse {worse}")
                earned[score] &= (clearly >= ASKED_HORIZONS if scope == "areas" else True) and worse == 0
    print(f"\ncombination with the learned model against the combination, of {len(HORIZONS)} horizons:")
    print("\n".join(lines))
    print(
        f"asked: on one score, in both places, clearly better by area at {ASKED_HORIZONS} horizons or more, and "
        f"nowhere clearly worse; found: {', '.join(score for score in SCORES if earned[score]) or 'on no score'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
