"""Backtests of many missions at once, and what they say together: every mission-year is one witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bluehelm.foresight.bootstrap import ratio_interval
from bluehelm.journey.backtest.run import BacktestOrder, backtest_siting
from bluehelm.journey.parallel import run_all


def backtest_missions(
    orders: Sequence[BacktestOrder], *, engine: str = "processes", workers: int | None = None
) -> list[dict[str, Any]]:
    """Run the backtests of many missions, each in a process of its own; the records come back in order.

    engine : "processes", "dask" or "here", as in `bluehelm.journey.parallel`
    """
    alone = [(replace(order, engine="here"),) for order in orders]
    return run_all(backtest_siting, alone, engine=engine, workers=workers)


def difference_over_missions(
    records: Sequence[dict[str, Any]], arm: str, against: str, *, seed: int = 0
) -> dict[str, Any]:
    """Share of deaths within reach of one arm less that of another, over all mission-years that have both.

    Returns
    -------
    dict with share_deaths (difference, pooled by deaths), its 90 % interval from resampling mission-years
    (share_deaths_low, share_deaths_high; None with one), mission_years, won and lost
    """
    ours, theirs = _by_year(records, arm), _by_year(records, against)
    years = sorted(ours.keys() & theirs.keys())
    deaths = np.array([ours[year][0] for year in years], float)
    gain = np.array([ours[year][1] - theirs[year][1] for year in years], float)
    interval = ratio_interval(gain, deaths, np.arange(len(years)), seed)
    return {
        "arm": arm,
        "against": against,
        "share_deaths": interval.value,
        "share_deaths_low": interval.low,
        "share_deaths_high": interval.high,
        "mission_years": len(years),
        "won": int((gain > 1e-6).sum()),
        "lost": int((gain < -1e-6).sum()),
    }


def _by_year(records: Sequence[dict[str, Any]], arm: str) -> dict[tuple[str, int], tuple[float, float]]:
    """Deaths, and deaths within reach, of each mission-year with deaths."""
    return {
        (record["mission"], row["year"]): (row["deaths"], row["deaths"] * row["share_deaths"])
        for record in records
        for row in record["rows"]
        if row["arm"] == arm and row["share_deaths"] is not None
    }
