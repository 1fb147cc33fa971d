"""A mission with the futures of a forecast: nodes from sample paths and named states, risk of each area at each node.

The mission is planned by `bluehelm plan` as it stands: only `nodes.csv` and `risk.csv` are new. The mission given is
never touched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.foresight.forecast import Forecast, read_forecast
from bluehelm.foresight.nearest import nearest_of
from bluehelm.foresight.reduce import (
    FloatArray,
    IntArray,
    known_features,
    labels_of,
    stage_features,
    told_apart,
)
from bluehelm.foresight.states import Chain, History, histories_of, read_states
from bluehelm.foresight.tree import Futures, Spread, Tree, path_weights
from bluehelm.foresight.tree_growth import branch_tree, grow_tree
from bluehelm.journey.policy_seen import SEEN, seen_of
from bluehelm.journey.scenario_tables import Laid, Matched, conditions_of, nodes_of, receipts_shares, risk_of
from bluehelm.journey.scenario_words import lines_of, record_of
from bluehelm.mission.folder import read_mission, write_mission
from bluehelm.mission.mission import Mission

TREE_FILE = "tree.json"
VIOLENCE, RECEIPTS, CONDITIONS = "violence", "receipts", "conditions"


@dataclass(frozen=True, slots=True)
class TreeRules:
    """What tree is wanted.

    stages: first month of each stage, counted from 0. branches: branches at each stage after the first, instead of
    leaves. seen: a node knows the violence of the months before it; otherwise that of its own months too.
    within_km: farthest that the people of a forecast's area may lie from the mission's area they are counted in.
    least_share: share of the sample paths that every leaf has at least.
    """

    stages: tuple[int, ...] = (0, 3, 6, 12)
    leaves: int = 8
    branches: tuple[int, ...] = ()
    seen: bool = True
    within_km: float = 30.0
    least_share: float = 0.01
    seed: int = 0


@dataclass(frozen=True, slots=True)
class TreeOutcome:
    """The new mission, what tree.json holds, and the same in words."""

    mission: Mission
    tree: Tree
    record: dict[str, Any]
    lines: tuple[str, ...]


def write_scenario_tree(
    forecast_dir: Path | str,
    mission_dir: Path | str,
    out_dir: Path | str,
    states_file: Path | str | None = None,
    rules: TreeRules | None = None,
) -> TreeOutcome:
    """Read a forecast folder and a mission folder, and write the mission with its tree as a new folder.

    Raises
    ------
    ImportFileError
        If the forecast or the file of states cannot be read.
    MissionFilesError
        If the mission has errors, or something stands at out_dir already.
    InvalidRecordError
        If the tree cannot be made as asked.
    """
    chains = read_states(states_file) if states_file is not None else ()
    outcome = scenario_tree(read_forecast(forecast_dir), read_mission(mission_dir), chains, rules)
    write_mission(outcome.mission, out_dir)
    text = json.dumps(outcome.record, ensure_ascii=False, indent=2, sort_keys=True)
    (Path(out_dir) / TREE_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
    return outcome


def scenario_tree(
    forecast: Forecast, mission: Mission, chains: Sequence[Chain] = (), rules: TreeRules | None = None
) -> TreeOutcome:
    """Lay the futures of a forecast, and the ways that named states can go, over a mission as a tree.

    Risk of area a in month m at node n = Σ over futures in n of chance · factor of the states · deaths on the path,
    over the chance of n. The mean over all nodes is the mean of the forecast, times the mean factor of the states.

    Raises
    ------
    InvalidRecordError
        If the forecast does not cover the months planned or lies elsewhere, a state names what the mission does not
        have, or too few leaves are asked for.
    """
    rules = rules or TreeRules()
    starts = _starts(rules, mission.setting.months)
    _check_states(chains, mission)
    matched = _match(forecast, mission, rules.within_km)
    histories = histories_of(chains, starts)
    factors = _factors(histories, mission)
    futures = _futures(matched, histories, factors, starts, rules)
    if rules.branches:
        tree = branch_tree(futures, rules.branches, rules.seed)
    else:
        tree = grow_tree(futures, rules.leaves, max(1, round(rules.least_share * futures.paths)))
    source = _source_key(mission)
    laid = Laid(tree, futures, tuple(chains), histories, factors, matched, starts)
    nodes = nodes_of(laid, mission, source)
    sources = {**mission.sources, source: _citation(forecast)}
    made = replace(mission, nodes=nodes, risk=risk_of(laid, nodes, mission), sources=sources)
    told = told_apart(matched.paths[:, matched.foreseen], starts, tree.stage, path_weights(tree, futures))
    record = record_of(laid, mission, told, str(forecast.origin), forecast.model)
    record["asked"] = asdict(rules)
    if rules.seen:
        record[SEEN] = seen_of(laid, nodes, mission)
    return TreeOutcome(made, tree, record, lines_of(record, mission))


def _starts(rules: TreeRules, months: int) -> tuple[int, ...]:
    given = rules.stages
    if not given or given[0] != 0 or list(given) != sorted(set(given)):
        raise InvalidRecordError(
            "Stages begin after {stages} {stages:month|months}. Whole numbers that begin with 0 and rise, such as "
            "0,3,6,12, were "
            "expected. Correct them.",
            stages=",".join(map(str, given)),
        )
    return tuple(start for start in given if start < months)


def _match(forecast: Forecast, mission: Mission, within_km: float) -> Matched:
    """Count the deaths of each forecast area once: in the mission's area of that name, or else in the nearest one."""
    window = _window(forecast, mission)
    named = {area.area_id: i for i, area in enumerate(mission.areas)}
    latitude = np.array([area.latitude_deg for area in mission.areas], float)
    longitude = np.array([area.longitude_deg for area in mission.areas], float)
    row, km = nearest_of(forecast.areas, latitude, longitude)
    by_name = np.array([named.get(name, -1) for name in forecast.areas.get_column("area_id")], np.int64)
    place = np.where(by_name >= 0, by_name, np.where(km <= within_km, row, -1))
    if not (place >= 0).any():
        raise InvalidRecordError(
            "None of the {count} areas of the forecast is an area of the mission by name or lies within {km} km of "
            "one; the nearest is {nearest_km} km away. A forecast for the same country was expected. Correct the "
            "forecast, or allow a greater distance.",
            count=len(place),
            km=f"{within_km:g}",
            nearest_km=f"{km.min(initial=np.inf):.0f}",
        )
    inside = np.zeros((window.shape[0], len(mission.areas), window.shape[2]), np.int64)
    for one, target in enumerate(place):
        if target >= 0:
            inside[:, target] += window[:, one]
    total = int(window.sum())
    outside = 1 - int(inside.sum()) / total if total else 0.0
    same, far = by_name >= 0, km > within_km
    return Matched(inside, place, int(same.sum()), int((same & far).sum()), outside)


def _window(forecast: Forecast, mission: Mission) -> NDArray[np.int64]:
    """Cut the months planned out of the sample paths."""
    first, ahead = mission.setting.first_month, mission.setting.first_month - (forecast.origin + 1)
    months = forecast.months
    if ahead < 0 or ahead + mission.setting.months > months:
        raise InvalidRecordError(
            "The forecast covers {from_month} to {to_month}; the mission is planned from {first} to {last}. A forecast "
            "of all months planned was expected. Forecast from origin {origin} with a horizon of {horizon} months or "
            "more, or correct first_month or months in mission.toml.",
            from_month=str(forecast.origin + 1),
            to_month=str(forecast.origin + months),
            first=str(first),
            last=str(mission.months[-1]),
            origin=str(first + -1),
            horizon=mission.setting.months,
        )
    if (negative := int((forecast.paths < 0).sum())) > 0:
        raise InvalidRecordError(
            "{count} numbers of deaths in the forecast are below 0. Deaths of 0 or more were expected. Make the "
            "forecast again.",
            count=negative,
        )
    return forecast.paths[:, :, ahead : ahead + mission.setting.months].astype(np.int64)


def _check_states(chains: Sequence[Chain], mission: Mission) -> None:
    areas = [area.area_id for area in mission.areas]
    conditions = [condition.condition_id for condition in mission.mandate.condition]
    for chain in chains:
        for value in chain.values:
            _check_names(chain, value.name, "risk_areas", value.risk_areas, areas)
            _check_names(chain, value.name, "conditions", value.conditions, conditions)
            if value.receipts_share != 1 and not any(line.kind == "receipt" for line in mission.budget):
                raise InvalidRecordError(
                    "State '{state}': '{value}' changes receipts, but budget.csv of the mission has none, so it would "
                    "change nothing. Add lines of kind receipt, or take receipts_share out.",
                    state=chain.name,
                    value=value.name,
                )


def _check_names(chain: Chain, value: str, key: str, given: Sequence[str], known: Sequence[str]) -> None:
    wrong = [name for name in given if name not in known]
    if wrong:
        raise InvalidRecordError(
            "State '{state}': '{value}' names {wrong} in {key}, which the mission does not have ({count} "
            "{count:name|names}). "
            "Nearest name: '{near}'. Correct it, or add it to the mission.",
            state=chain.name,
            value=value,
            wrong=", ".join(repr(name) for name in wrong[:5]),
            key=key,
            count=len(known),
            near=nearest(wrong[0], known),
        )


def _factors(histories: Sequence[History], mission: Mission) -> FloatArray:
    """Return by what states multiply risk; shape (histories, stages, areas)."""
    area_ids = np.array([area.area_id for area in mission.areas])
    factors = np.ones((len(histories), len(histories[0].values), len(area_ids)))
    for h, history in enumerate(histories):
        for s, values in enumerate(history.values):
            for value in values:
                there = np.isin(area_ids, value.risk_areas) if value.risk_areas else slice(None)
                factors[h, s, there] *= value.risk_factor
    return factors


def _futures(
    matched: Matched, histories: Sequence[History], factors: FloatArray, starts: Sequence[int], rules: TreeRules
) -> Futures:
    paths = matched.paths[:, matched.foreseen]
    features = stage_features(paths, starts)
    spreads = [Spread(VIOLENCE, True, tuple(known_features(features, seen=rules.seen)))]
    # Scaling a path by f moves it by |√f - 1| times its own length on the scale of square roots.
    lengths = [np.sqrt(np.square(x).mean(axis=0)) for x in features]
    roots = np.sqrt(factors[:, :, matched.foreseen])
    lists = [
        Spread(VIOLENCE, False, tuple(roots[:, s] * lengths[s] for s in range(len(starts)))),
        Spread(RECEIPTS, False, tuple(receipts_shares(histories, s)[:, None] for s in range(len(starts)))),
        Spread(CONDITIONS, False, tuple(_held(histories, s) for s in range(len(starts))), urgent=True),
    ]
    spreads += [spread for spread in lists if any(np.ptp(points, axis=0).any() for points in spread.points)]
    return Futures(
        labels_of(features, seen=rules.seen), _numbers(histories), tuple(h.chance for h in histories), tuple(spreads)
    )


def _held(histories: Sequence[History], stage: int) -> FloatArray:
    """Give each set of conditions a corner of its own, all equally far apart."""
    held = [conditions_of(history, stage) for history in histories]
    corners = list(dict.fromkeys(held))
    return np.eye(len(corners))[[corners.index(one) for one in held]]


def _numbers(histories: Sequence[History]) -> IntArray:
    """Number the values of each state; shape (histories, stages, states)."""
    names: dict[tuple[int, str], int] = {}
    listed = [
        [[names.setdefault((i, v.name), len(names)) for i, v in enumerate(values)] for values in history.values]
        for history in histories
    ]
    return np.array(listed, np.int64).reshape(len(histories), len(histories[0].values), -1)


def _source_key(mission: Mission) -> str:
    key = "forecast"
    while key in mission.sources:
        key += "_tree"
    return key


def _citation(forecast: Forecast) -> str:
    count = len(forecast.paths)
    return f"bluehelm forecast '{forecast.model}' at the end of {forecast.origin}, {count} sample paths"
