"""What a plan counts, read back for the naming step: units and deeds by class, site and node; groups of like units."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.norms.norms import Norms
from bluehelm.planning.classes import class_key, classes_of, pledge_classes_of
from bluehelm.planning.timeline import Timeline

SITE_DEEDS = ("arrive", "move_in", "move_out", "stop")


@dataclass(frozen=True, slots=True)
class Group:
    """Units and pledges of one class and contributor: alike in everything but their name.

    start: units at each site today. on_the_way: units that arrive in each node. pledged: by pledge class.
    """

    class_id: str
    contributor: str
    unit_ids: tuple[str, ...]
    start: Mapping[str, int]
    on_the_way: Mapping[int, tuple[str, ...]]
    pledged: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What the plan counts.

    units[class, site][node]: at work, where any are. deeds[deed][class, node]: by site. orders[pledge class]: by node.
    lands[pledge class]: (ordered, lands) pairs of nodes.
    """

    timeline: Timeline
    groups: tuple[Group, ...]
    class_of: Mapping[str, str]
    units: Mapping[tuple[str, str], Mapping[int, int]]
    deeds: Mapping[str, Mapping[tuple[str, int], Mapping[str, int]]]
    orders: Mapping[str, Mapping[int, int]]
    lands: Mapping[str, tuple[tuple[int, int], ...]]
    exit_lag_months: float


def counts_of(mission: Mission, tables: Mapping[str, pl.DataFrame], norms: Norms) -> Counts:
    """Read the tables of a plan."""
    on = mission.setting.first_month.first_day
    timeline = _timeline(mission, tables["nodes"])
    place = {node_id: n for n, node_id in enumerate(timeline.node_ids)}
    units: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row in tables["deployments"].iter_rows(named=True):
        units[row["class_id"], row["site_id"]][place[row["node_id"]]] = row["units"]
    deeds: dict[str, dict[tuple[str, int], dict[str, int]]] = {deed: defaultdict(dict) for deed in SITE_DEEDS}
    orders: dict[str, dict[int, int]] = defaultdict(dict)
    for row in tables["movements"].iter_rows(named=True):
        n = place[row["node_id"]]
        if row["deed"] == "order":
            orders[row["pledge_class"]][n] = row["units"]
        elif row["deed"] in SITE_DEEDS:
            deeds[row["deed"]][row["class_id"], n][row["site_id"]] = row["units"]
    by_key = classes_of(mission, norms.unit_types())
    class_of = {unit.unit_id: by_key[class_key(unit)].class_id for unit in mission.units}
    class_of |= {pledge.pledge_id: by_key[class_key(pledge)].class_id for pledge in mission.pledges}
    pledge_classes = pledge_classes_of(mission, by_key)
    pledge_class_of = {
        (p.unit_class, p.readiness_level, p.available_from, p.last_month): p.pledge_class for p in pledge_classes
    }
    names = {
        p.pledge_id: pledge_class_of[class_of[p.pledge_id], p.readiness_level, p.available_from, Month.of(p.expires_on)]
        for p in mission.pledges
    }
    lands = {
        p.pledge_class: _lands(timeline, norms.number(f"lead_months.{p.readiness_level}", on), p.last_month)
        for p in pledge_classes
    }
    return Counts(
        timeline=timeline,
        groups=_groups(mission, timeline, class_of, names),
        class_of=class_of,
        units=units,
        deeds=deeds,
        orders=orders,
        lands=lands,
        exit_lag_months=norms.number("exit_lag_months", on),
    )


def _timeline(mission: Mission, nodes: pl.DataFrame) -> Timeline:
    """Lay out the nodes of the plan; parents stand before their children."""
    ids = nodes["node_id"].to_list()
    months = [Month.parse(month) for month in nodes["month"]]
    return Timeline(
        node_ids=tuple(ids),
        first_month=tuple(months),
        parent=np.array([ids.index(parent) if parent else -1 for parent in nodes["parent_id"]], int),
        start=np.array([month - mission.setting.first_month for month in months], int),
        months=nodes["months"].to_numpy(),
        probability=nodes["probability"].to_numpy(),
        conditions=(frozenset(),) * len(ids),
        risk_scale=np.ones(len(ids)),
        receipts_scale=np.ones(len(ids)),
    )


def _lands(timeline: Timeline, lead_months: float, last_month: Month) -> tuple[tuple[int, int], ...]:
    ordered, lands = timeline.landing(lead_months)
    pairs = zip(ordered.tolist(), lands.tolist(), strict=True)
    return tuple((m, n) for m, n in pairs if timeline.first_month[n] <= last_month)


def _groups(
    mission: Mission, timeline: Timeline, class_of: Mapping[str, str], pledge_class: Mapping[str, str]
) -> tuple[Group, ...]:
    """Group units and pledges, in order of class and contributor."""
    of: dict[tuple[str, str], list[str]] = defaultdict(list)
    start: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    coming: dict[tuple[str, str], dict[int, tuple[str, ...]]] = defaultdict(dict)
    pledged: dict[tuple[str, str], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for unit in sorted(mission.units, key=lambda unit: unit.unit_id):
        key = class_of[unit.unit_id], unit.contributor
        of[key].append(unit.unit_id)
        if mission.stands_today(unit):
            start[key][unit.site_id] += 1
            continue
        for n in range(len(timeline)):
            if unit.arrives in timeline.months_of(n):
                coming[key][n] = (*coming[key].get(n, ()), unit.unit_id)
    for pledge in sorted(mission.pledges, key=lambda pledge: pledge.pledge_id):
        key = class_of[pledge.pledge_id], pledge.contributor
        of[key].append(pledge.pledge_id)
        name = pledge_class[pledge.pledge_id]
        pledged[key][name] = (*pledged[key].get(name, ()), pledge.pledge_id)
    return tuple(
        Group(*key, tuple(sorted(ids)), start[key], coming[key], pledged[key]) for key, ids in sorted(of.items())
    )
