"""A small forecast, scores and a backtest, made by hand, for the tests of their reports."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bluehelm.foresight.forecast import Forecast
from bluehelm.mission.months import Month

MODELS = ("none", "last_value", "history_average", "sampled_history", "self_exciting", "combination")
ARMS = ("own_planning_year", "own_scored_year", "random_towns", "most_violent_last_year", "rigid", "recipe_0",
        "recipe_2", "recipe_paid_2", "adaptive_0", "adaptive_2", "adaptive_all", "ablation_no_prior",
        "oracle")  # fmt: skip
SHARES = (0.4, 0.45, 0.2, 0.3, 0.5, 0.4, 0.6, 0.55, 0.4, 0.65, 0.7, 0.6, 0.9)


def example_forecast(**facts: Any) -> Forecast:
    """Twenty futures of three areas over three months. Alpha: 1 to 20 deaths in the first month. Beta: 40 deaths in the
    second month of the first five futures. Gamma: none."""
    paths = np.zeros((20, 3, 3), np.int32)
    paths[:, 0, 0] = np.arange(1, 21)
    paths[:5, 1, 1] = 40
    areas = pl.DataFrame(
        {
            "area_id": ["alpha", "beta_town", "gamma"], "name": ["Alpha", "", "Gamma"],
            "latitude_deg": [5.0, 6.0, 7.0], "longitude_deg": [20.0, 21.0, 22.0],
            "population_persons": [1000, 2000, 3000],
        }
    )  # fmt: skip
    return Forecast(areas, Month(2017, 6), paths, "combination", {**known_facts(), **facts})


def known_facts() -> dict[str, Any]:
    """What is told of the forecast beside its futures."""
    recent = [{"month": str(Month(2016, 1) + i), "deaths": i} for i in range(18)]
    errors = [
        {"model": model, "horizon": horizon, "scope": scope, "crps": 10.0 - place, "log_score": 1.0 + place / 10,
         "observed": 12.0, "expected": 10.0 + place, "origins": 5}
        for place, model in enumerate(("none", "last_value", "combination"))
        for horizon in (1, 3)
        for scope in ("areas", "total")
    ]  # fmt: skip
    return {
        "country": "Central African Republic", "seed": 7, "lag_months": 0, "record": ["2000-01", "2017-06"],
        "events_known": 1234, "events_hash": "ab" * 32, "versions": {"bluehelm": "0.1.0"}, "recent": recent,
        "errors": errors, "notes": ["Two events have no place."],
    }  # fmt: skip


def example_scores() -> tuple[dict[str, Any], pl.DataFrame]:
    """Scores of six models at two horizons: ours better than every yardstick in the log score; in CRPS worse than 'no
    violence', and not told apart from 'last value'."""
    table = pl.DataFrame([row for model in MODELS for horizon in (1, 3) for row in _forecasts(model, horizon)])
    yardsticks = MODELS[:4]
    differences = [
        {"model": ours, "yardstick": yardstick, "horizon": horizon, "scope": scope, **_gap("log_score", -0.3, -0.1),
         **_gap("crps", *{"none": (0.1, 0.3), "last_value": (-0.2, 0.2)}.get(yardstick, (-0.4, -0.2)))}
        for ours in MODELS[4:] for yardstick in yardsticks for horizon in (1, 3) for scope in ("areas", "total")
    ]  # fmt: skip
    record = {
        "country": "Central African Republic", "areas": 2, "origins": ["2014-01", "2015-12"], "origins_scored": 24,
        "origins_left_out": 1, "samples": 100, "lag_months": 1, "seed": 0, "product": "combination",
        "yardsticks": list(yardsticks), "captured_by_top_areas": 2, "interval": "90 %",
        "rows": [_scores(m, h, 0.5) for m in MODELS for h in (1, 3)],
        "total_rows": [_scores(m, h, 20.0) for m in MODELS for h in (1, 3)],
        "differences": differences,
        "calibration": [_calibration(m, h, s) for m in MODELS for h in (1, 3) for s in ("areas", "total")],
        "by_year": [
            {"model": m, "horizon": h, "scope": s, "year": year, "crps": 1.0, "log_score": 1.0 - place / 10,
             "deaths": 24}
            for place, m in enumerate(MODELS) for h in (1, 3) for s in ("areas", "total") for year in (2014, 2015)
        ],
        "by_area": [{"area_id": "beta_town", "crps": 1.0, "log_score": 0.5, "expected": 2.0, "observed": 1.5}],
        "notes": ["Two events have no place."],
    }  # fmt: skip
    return record, table


def _forecasts(model: str, horizon: int) -> list[dict[str, Any]]:
    place = MODELS.index(model)
    return [
        {"model": model, "origin": str(Month(2014, 1) + i), "horizon": horizon,
         "month": str(Month(2014, 1) + i + horizon), "area": area,
         "observed": (3 if area < 0 else 1), "expected": float(place + area + 1), "crps": 1.0,
         "log_score": 1.0, "interval_score": 3.0, "covered": 1.0, "pit": 0.5, "captured": 1.0}
        for i in range(24) for area in (0, 1, -1)
    ]  # fmt: skip


def _gap(name: str, low: float, high: float) -> dict[str, float]:
    return {name: (low + high) / 2, f"{name}_low": low, f"{name}_high": high, f"{name}_ratio": 0.8}


def _scores(model: str, horizon: int, size: float) -> dict[str, Any]:
    row: dict[str, Any] = {"model": model, "horizon": horizon, "covered_share": 0.93, "forecasts": 48, "deaths": 72}
    for name, value in (("crps", size), ("log_score", size / 2), ("interval_score", size * 9), ("captured_share", 0.5)):
        row |= {name: value, f"{name}_low": value * 0.8, f"{name}_high": value * 1.2}
    return row


def _calibration(model: str, horizon: int, scope: str) -> dict[str, Any]:
    one_year = scope == "total" and horizon == 3
    return {
        "model": model, "horizon": horizon, "scope": scope, "shares": [0.1] * 10, "covered_share": 0.9,
        "low": None if one_year else [0.05] * 10, "high": None if one_year else [0.15] * 10,
        "within_band": None if one_year else scope == "total",
    }  # fmt: skip


def example_backtest(own: float = 0.4) -> dict[str, Any]:
    """Four planning years; the second scored year saw 30 deaths, the third none."""
    shares = dict(zip(ARMS, SHARES, strict=True)) | {"own_planning_year": own}
    deaths = {2014: 400, 2015: 30, 2016: 0, 2017: 200}
    rows = [
        {"arm": arm, "year": year, "scored_year": year + 1, "bases": 12, "events": count // 10, "deaths": count,
         "share_deaths": _share(arm, year, share) if count else None, "share_events": share if count else None,
         "moves": 24.0, "move_cost_usd": 2_400_000, "population_reached_persons": 1_500_000}
        for arm, share in shares.items() for year, count in deaths.items()
        if (arm, year) != ("own_scored_year", 2017)
    ]  # fmt: skip
    pooled = [
        {"arm": arm, "events": 63, "deaths": 630, **_interval("share_deaths", share),
         **_interval("share_events", share), "mean_of_years": share, "moves": 96.0, "move_cost_usd": 9_600_000}
        for arm, share in shares.items()
    ]  # fmt: skip
    differences = [
        {"arm": arm, "against": other, "blocks": 3, **_interval("share_deaths", shares[arm] - shares[other])}
        for other in ("own_planning_year", "recipe_2") for arm in ("rigid", "adaptive_2", "adaptive_all")
    ]  # fmt: skip
    return {
        "mission": "MINUSCA", "years": list(deaths), "radius_km": 50.0, "theatre_km": 300.0, "lag_months": 0, "seed": 0,
        "arms": list(ARMS), "rows": rows, "pooled": pooled, "differences": differences,
        "notes": ["One base has no place."],
    }  # fmt: skip


def _share(arm: str, year: int, share: float) -> float:
    """Shares of a year: the adaptive plan loses to the mission in 2015."""
    return share - 0.3 if (arm, year) == ("adaptive_2", 2015) else share


def _interval(name: str, value: float) -> dict[str, float]:
    return {name: value, f"{name}_low": value - 0.1, f"{name}_high": value + 0.08}
