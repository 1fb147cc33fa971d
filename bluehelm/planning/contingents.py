"""How many units of each contributor stand, move, arrive and leave where: the exact second step of naming.

For a group g (units of one class k and one contributor), site j and node n, with y units of the group at the site:

    y[g, j, n] = y[g, j, parent] + in - out + arrive - stop, and what all groups do is what the plan counts
    Σ_j in = Σ_j out;  Σ_j arrive[g, j, n] = those on the way + orders of the group's pledges that land in n
    y[g, j, n] <= most · z[contributor, j, n], and Σ z is made as small as can be

so that pairs of a contributor and a site, over all nodes, are fewest. A number changes only where the plan counts a
deed; elsewhere it is the same column as at the parent node, which keeps the model small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bluehelm.planning.counts import SITE_DEEDS, Counts
from bluehelm.planning.small_model import SmallModel

SIGN = {"arrive": 1.0, "move_in": 1.0, "move_out": -1.0, "stop": -1.0}


@dataclass(frozen=True, slots=True)
class Shares:
    """Numbers by group: deeds[deed, group, node][site] and orders[group, node][pledge class], where not 0."""

    deeds: Mapping[tuple[str, int, int], Mapping[str, int]]
    orders: Mapping[tuple[int, int], Mapping[str, int]]


@dataclass
class _Columns:
    """Columns of the model. standing[group, site]: one per node."""

    deeds: dict[tuple[str, int, int, str], int] = field(default_factory=dict)
    orders: dict[tuple[int, int, str], int] = field(default_factory=dict)
    standing: dict[tuple[int, str], list[int]] = field(default_factory=dict)


def share_out(counts: Counts) -> Shares:
    """Share the counts of a plan among contributors, with as few pairs of contributor and site as can be."""
    model, columns = SmallModel(), _Columns()
    members: dict[str, list[int]] = defaultdict(list)
    for g, group in enumerate(counts.groups):
        members[group.class_id].append(g)
    _add_deeds(model, counts, columns, members)
    _add_orders(model, counts, columns)
    _add_standing(model, counts, columns)
    _add_journeys(model, counts, columns)
    _add_pairs(model, counts, columns)
    values = model.solve()
    deeds: dict[tuple[str, int, int], dict[str, int]] = defaultdict(dict)
    for (deed, g, n, site_id), column in sorted(columns.deeds.items()):
        if values[column]:
            deeds[deed, g, n][site_id] = values[column]
    orders: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for (g, n, name), column in sorted(columns.orders.items()):
        if values[column]:
            orders[g, n][name] = values[column]
    return Shares(deeds, orders)


def _add_deeds(model: SmallModel, counts: Counts, columns: _Columns, members: Mapping[str, list[int]]) -> None:
    """What the groups of a class do at a site is what the plan counts."""
    for deed in SITE_DEEDS:
        for (class_id, n), sites in counts.deeds[deed].items():
            for site_id, number in sites.items():
                added = {g: model.column(number) for g in members[class_id]}
                columns.deeds |= {(deed, g, n, site_id): column for g, column in added.items()}
                model.row(((column, 1.0) for column in added.values()), number, number)


def _add_orders(model: SmallModel, counts: Counts, columns: _Columns) -> None:
    """Pledges called are those that the plan counts; on each path no group is asked for more than it pledged."""
    line = counts.timeline
    for name, by_node in counts.orders.items():
        givers = [g for g, group in enumerate(counts.groups) if name in group.pledged]
        for m, number in by_node.items():
            added = {g: model.column(number) for g in givers}
            columns.orders |= {(g, m, name): column for g, column in added.items()}
            model.row(((column, 1.0) for column in added.values()), number, number)
        for g in givers:
            for leaf in np.flatnonzero(line.leaf).tolist():
                called = [(columns.orders[g, m, name], 1.0) for m in line.path(leaf) if m in by_node]
                model.row(called, 0.0, len(counts.groups[g].pledged[name]))


def _add_standing(model: SmallModel, counts: Counts, columns: _Columns) -> None:
    """Units of a group at a site follow from the parent node and the deeds."""
    line = counts.timeline
    acting: dict[tuple[int, str], dict[int, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for (deed, g, n, site_id), column in columns.deeds.items():
        acting[g, site_id][n].append((column, -SIGN[deed]))
    for g, group in enumerate(counts.groups):
        for site_id in sorted(set(group.start) | {site for other, site in acting if other == g}):
            number = group.start.get(site_id, 0)
            today = model.column(number, lower=number)
            standing: list[int] = []
            for n in range(len(line)):
                before = standing[line.parent[n]] if line.parent[n] >= 0 else today
                change = acting[g, site_id].get(n) if (g, site_id) in acting else None
                if change is None:
                    standing.append(before)
                    continue
                most = counts.units.get((group.class_id, site_id), {}).get(n, 0)
                here = model.column(min(most, len(group.unit_ids)))
                model.row([(here, 1.0), (before, -1.0), *change], 0.0, 0.0)
                standing.append(here)
            columns.standing[g, site_id] = standing


def _add_journeys(model: SmallModel, counts: Counts, columns: _Columns) -> None:
    """Who leaves a site by a move comes to another; who arrives was on the way or was called one lead time before."""
    by_group: dict[tuple[int, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for (deed, g, n, _), column in columns.deeds.items():
        by_group[g, n][deed].append(column)
    due: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (g, m, name), column in columns.orders.items():
        for ordered, n in counts.lands[name]:
            if ordered == m:
                due[g, n].append(column)
    for (g, n), did in by_group.items():
        if did["move_in"] or did["move_out"]:
            terms = [(column, 1.0) for column in did["move_in"]] + [(column, -1.0) for column in did["move_out"]]
            model.row(terms, 0.0, 0.0)
        if did["arrive"]:
            coming = len(counts.groups[g].on_the_way.get(n, ()))
            terms = [(column, 1.0) for column in did["arrive"]] + [(column, -1.0) for column in due[g, n]]
            model.row(terms, coming, coming)


def _add_pairs(model: SmallModel, counts: Counts, columns: _Columns) -> None:
    """A contributor at a site is a pair; each node in which it is there costs one. Unknown contributors form none."""
    at: dict[tuple[str, str], list[list[int]]] = defaultdict(list)
    for (g, site_id), standing in columns.standing.items():
        if counts.groups[g].contributor:
            at[counts.groups[g].contributor, site_id].append(standing)
    for groups in at.values():
        pairs: dict[tuple[int, ...], int] = {}
        for n in range(len(counts.timeline)):
            here = tuple(standing[n] for standing in groups)
            if here not in pairs:
                pairs[here] = model.column(1.0)
                for column in here:
                    most = model.upper[column]
                    model.row([(column, 1.0), (pairs[here], -most)], -np.inf, 0.0)
            model.cost[pairs[here]] += 1.0
