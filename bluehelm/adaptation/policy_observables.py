"""What can be observed when deciding at a node: violence of the months before it, and the states that hold in it.

Nothing here lies in the future of the node. Deaths before it are those of the stage before; conditions, receipts and
ceilings are known in the stage in which they hold (see foresight). Only where a tree does not say what was seen before
each node, deaths *expected* in the node's own months stand in for it: the outlook of that day, and told as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bluehelm.adaptation.policy_tree import PlanTree
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import COMPONENTS
from bluehelm.solve.model import FloatArray

Kind = Literal["condition", "receipts", "receipts_before", "ceiling", "deaths", "outlook"]
KINDS: tuple[Kind, ...] = ("condition", "receipts", "receipts_before", "ceiling", "deaths", "outlook")
"""From the simplest to tell to the least simple."""

DIGITS = 6

Place = Literal["area", "zone", "all", ""]


@dataclass(frozen=True, slots=True)
class Observable:
    """One thing that can be observed: what it is, and of which area, zone, condition or component."""

    kind: Kind
    what: str = ""
    place: Place = ""

    @property
    def whole(self) -> bool:
        """Whether it holds or does not, rather than being a number."""
        return self.kind == "condition"


Row = tuple[Observable, str, FloatArray]
"""An observable, the zone it speaks of (blank: none), and its value at each node."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Deaths a month that the futures of each node have seen over the stage before it, by node and area."""

    deaths: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Observed:
    """Values of observables at the nodes of a tree; values: (nodes, observables). zones: that each speaks of."""

    tree: PlanTree
    names: tuple[Observable, ...]
    zones: tuple[str, ...]
    values: FloatArray


def observed(plan: Plan, tree: PlanTree, seen: Seen | None) -> Observed:
    """Lay everything that can be observed over the nodes of a plan; what never differs is left out."""
    listed = [*_states(plan, tree), *_violence(plan, tree, seen)]
    kept = [(name, zone, values) for name, zone, values in listed if np.ptp(values) > 0]
    return Observed(
        tree,
        tuple(name for name, _, _ in kept),
        tuple(zone for _, zone, _ in kept),
        np.array([values for _, _, values in kept], float).reshape(len(kept), len(tree)).T.round(DIGITS),
    )


def _states(plan: Plan, tree: PlanTree) -> Iterator[Row]:
    """Conditions, receipts and ceilings: known in the node in which they hold."""
    nodes = {node.node_id: node for node in plan.mission.nodes}
    here = [nodes[node_id] for node_id in tree.node_ids]
    for condition in plan.mission.mandate.condition:
        holds = [condition.condition_id in node.conditions for node in here]
        yield Observable("condition", condition.condition_id), "", np.array(holds, float)
    scale = np.array([node.receipts_scale for node in here])
    if any(line.kind == "receipt" for line in plan.mission.budget):
        yield Observable("receipts"), "", scale
        yield Observable("receipts_before"), "", scale[_before(tree)]
    ceilings = plan.tables["ceilings"]
    for component in COMPONENTS:
        rows = ceilings.filter(ceilings["component"] == component)
        limit = dict(zip(rows["node_id"], rows["ceiling_persons"], strict=True))
        values = np.array([limit.get(node_id, np.nan) for node_id in tree.node_ids], float)
        if len(values) and np.isfinite(values).all():
            yield Observable("ceiling", component), "", values


def _violence(plan: Plan, tree: PlanTree, seen: Seen | None) -> Iterator[Row]:
    """Deaths a month of areas, zones and all areas together: in the stage before, and as far as needed expected."""
    areas = [area.area_id for area in plan.mission.areas]
    expected = _expected(plan, tree, areas)
    before = expected[:, _before(tree)]
    if seen is not None:
        rows = [[seen.deaths.get(node_id, {}).get(area, 0.0) for node_id in tree.node_ids] for area in areas]
        before = np.array(rows, float).reshape(len(areas), len(tree))
    yield from _places(plan, "deaths", before)
    if seen is None:
        yield from _places(plan, "outlook", expected)


def _expected(plan: Plan, tree: PlanTree, areas: Sequence[str]) -> FloatArray:
    """Deaths a month that the plan reckons with; shape (areas, nodes)."""
    row = {area: i for i, area in enumerate(areas)}
    column = {node_id: i for i, node_id in enumerate(tree.node_ids)}
    deaths = np.zeros((len(areas), len(tree)))
    listed = plan.tables["protection"].select("area_id", "node_id", "fatalities")
    for area, node_id, fatalities in listed.iter_rows():
        deaths[row[area], column[node_id]] = fatalities
    return np.asarray(deaths / np.array(tree.months))


def _places(plan: Plan, kind: Kind, deaths: FloatArray) -> Iterator[Row]:
    zones = np.array([area.zone for area in plan.mission.areas])
    for area, values in zip(plan.mission.areas, deaths, strict=True):
        yield Observable(kind, area.area_id, "area"), area.zone, values
    for zone in plan.mission.zones:
        yield Observable(kind, zone, "zone"), zone, deaths[zones == zone].sum(axis=0)
    if len(plan.mission.zones) > 1:
        yield Observable(kind, "", "all"), "", deaths.sum(axis=0)


def _before(tree: PlanTree) -> list[int]:
    """Return the node before each node; the first has none, and nothing is asked of it."""
    return [max(parent, 0) for parent in tree.parent]
