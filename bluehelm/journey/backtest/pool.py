"""Pool the years of a backtest, and say how sure a difference between two arms is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bluehelm.foresight.bootstrap import ratio_interval
from bluehelm.foresight.nearest import FloatArray
from bluehelm.journey.backtest.measure import Measured

FEW_DEATHS = 50


def backtest_record(
    mission: str, measured: Sequence[Measured], settings: dict[str, Any], notes: Sequence[str]
) -> dict[str, Any]:
    """Put the results of one mission together as plain values.

    Returns
    -------
    dict with mission, years, arms, settings, and

    rows : one for each arm and planning year: bases, events, deaths, share_deaths, share_events (within reach; None
        where nobody died), share_deaths_by_company (graded reach of a company by road), moves, move_cost_usd,
        population_reached_persons, few_deaths (under 50)
    pooled : one for each arm, with 90 % intervals from resampling events, and years, and the mean of the years' shares
    differences : between arms, paired by event, in the share of deaths
    """
    arms = list(dict.fromkeys(one.arm for one in measured))
    by_arm = {arm: [one for one in measured if one.arm == arm] for arm in arms}
    seed = int(settings["seed"])
    return {
        "mission": mission,
        "years": sorted({one.year for one in measured}),
        **settings,
        "arms": arms,
        "interval": "90 %, bootstrap",
        "rows": [_row(one) for one in measured],
        "pooled": [_pooled(arm, by_arm[arm], seed) for arm in arms],
        "differences": [
            _difference(by_arm[arm], by_arm[other], seed)
            for arm in arms
            if arm.startswith(("adaptive", "rigid", "recipe"))
            for other in _others(arm, arms)
        ],
        "notes": list(notes),
    }


def _others(arm: str, arms: Sequence[str]) -> list[str]:
    """The arms that one is held against: the mission, the rigid plan, and the recipe with as many moves."""
    kind, _, most = arm.partition("_")
    like = [f"recipe_{most}", f"recipe_paid_{most}"] if kind == "adaptive" else []
    return [other for other in dict.fromkeys(["own_planning_year", *like, "recipe_2", "rigid"])
            if other in arms and other != arm]  # fmt: skip


def _row(one: Measured) -> dict[str, Any]:
    return {
        "arm": one.arm,
        "year": one.year,
        "scored_year": one.year + 1,
        "bases": one.bases,
        "events": len(one.deaths),
        "deaths": int(one.deaths.sum()),
        "share_deaths": _share(one.deaths * one.within, one.deaths),
        "share_events": _share(one.within, np.ones_like(one.within)),
        "share_deaths_by_company": _share(one.deaths * one.unit_within, one.deaths),
        "moves": one.moves,
        "move_cost_usd": round(one.move_cost_usd),
        "population_reached_persons": round(one.population_reached_persons),
        "few_deaths": bool(one.deaths.sum() < FEW_DEATHS),
    }


def _share(part: FloatArray, whole: FloatArray) -> float | None:
    return round(float(part.sum() / whole.sum()), 6) if whole.sum() > 0 else None


def _pooled(arm: str, years: Sequence[Measured], seed: int) -> dict[str, Any]:
    deaths, within, unit, block = _stacked(years)
    shares = [_share(one.deaths * one.within, one.deaths) for one in years]
    told = [share for share in shares if share is not None]
    row: dict[str, Any] = {"arm": arm, "years": len(years), "events": len(deaths), "deaths": int(deaths.sum())}
    row |= _told("share_deaths", deaths * within, deaths, block, seed)
    row |= _told("share_events", within, np.ones_like(within), block, seed)
    return row | {
        "share_deaths_by_company": _share(deaths * unit, deaths),
        "mean_of_years": round(float(np.mean(told)), 6) if told else None,
        "moves": sum(one.moves for one in years),
        "move_cost_usd": round(sum(one.move_cost_usd for one in years)),
    }


def _difference(ours: Sequence[Measured], theirs: Sequence[Measured], seed: int) -> dict[str, Any]:
    """Share of deaths of one arm less that of another, on the years that both have, paired by event."""
    shared = {one.year for one in ours} & {one.year for one in theirs}
    a = _stacked([one for one in ours if one.year in shared])
    b = _stacked([one for one in theirs if one.year in shared])
    wins = [_won(x, y) for x in ours for y in theirs if x.year == y.year]
    return {
        "arm": ours[0].arm,
        "against": theirs[0].arm,
        **_told("share_deaths", a[0] * (a[1] - b[1]), a[0], a[3], seed),
        "share_events": _share(a[1] - b[1], np.ones_like(a[1])),
        "blocks": len(shared),
        "years_won": wins.count(1),
        "years_lost": wins.count(-1),
    }


def _won(ours: Measured, theirs: Measured) -> int:
    return int(np.sign(np.round((ours.deaths * (ours.within - theirs.within)).sum(), 9)))


def _stacked(years: Sequence[Measured]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    deaths, within, unit = (
        np.concatenate([getattr(one, name) for one in years] or [np.zeros(0)])
        for name in ("deaths", "within", "unit_within")
    )
    return deaths, within, unit, np.concatenate([np.full(len(one.deaths), one.year) for one in years] or [np.zeros(0)])


def _told(name: str, part: FloatArray, whole: FloatArray, years: FloatArray, seed: int) -> dict[str, float | None]:
    """A pooled share with two intervals: years drawn again (`_low`, `_high`), and events drawn again within it all."""
    if not len(whole) or whole.sum() == 0:
        return {name: None, f"{name}_low": None, f"{name}_high": None,
                f"{name}_events_low": None, f"{name}_events_high": None}  # fmt: skip
    by_year = ratio_interval(part, whole, years, seed)
    by_event = ratio_interval(part, whole, np.arange(len(whole)), seed)
    return {
        name: by_year.value,
        f"{name}_low": by_year.low,
        f"{name}_high": by_year.high,
        f"{name}_events_low": by_event.low,
        f"{name}_events_high": by_event.high,
    }
