"""The futures of a mission taken apart: each one alone, the mean of those still possible, and whether they differ.

Every function takes a mission and returns a new one; the planner reads it as any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Node

FloatArray = npt.NDArray[np.float64]
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Future:
    """One path of the tree: its nodes from the first to the last, and its chance seen from today."""

    nodes: tuple[Node, ...]
    probability: float

    @property
    def name(self) -> str:
        """Name of the future: that of its last node."""
        return self.nodes[-1].node_id


def futures_of(mission: Mission) -> tuple[Future, ...]:
    """List the futures of a tree, by the names of their last nodes.

    Raises
    ------
    InvalidRecordError
        If the mission has one future only, or nodes of different lengths begin in the same month.
    """
    parents = {node.parent_id for node in mission.nodes}
    leaves = sorted(node.node_id for node in mission.nodes if node.node_id not in parents)
    if len(leaves) < 2:
        raise InvalidRecordError(
            "{name} has one future only, so nothing can be learned on the way. A mission with a tree of futures "
            "(nodes.csv) was expected. Make one with 'bluehelm scenario tree', then give the folder it writes.",
            name=mission.setting.name,
        )
    _refuse_uneven(mission.nodes)
    futures = []
    for leaf in leaves:
        nodes = path_to(mission, leaf)
        futures.append(Future(nodes, float(np.prod([node.probability for node in nodes]))))
    return tuple(futures)


def _refuse_uneven(nodes: Sequence[Node]) -> None:
    first: dict[Month, Node] = {}
    for node in nodes:
        other = first.setdefault(node.first_month, node)
        if node.months != other.months:
            raise InvalidRecordError(
                "Nodes '{first}' ({first_months} {first_months:month|months}) and '{other}' ({other_months} "
                "{other_months:month|months}) both begin in {month}. "
                "Plans are compared stage by stage: nodes of one month must be of one length. Split the longer one.",
                first=other.node_id,
                first_months=other.months,
                other=node.node_id,
                other_months=node.months,
                month=str(node.first_month),
            )


def path_to(mission: Mission, node_id: str) -> tuple[Node, ...]:
    """List the nodes from the first to the one named, both included."""
    of = {node.node_id: node for node in mission.nodes}
    path: list[Node] = []
    while node_id:
        path.append(of[node_id])
        node_id = of[node_id].parent_id
    return tuple(path[::-1])


def alone(mission: Mission, future: Future) -> Mission:
    """Return the mission with one of its futures as the only one, as if it were known from the start."""
    return _with_nodes(mission, [replace(node, probability=1.0) for node in future.nodes])


def _with_nodes(mission: Mission, nodes: Sequence[Node], risk: pl.DataFrame | None = None) -> Mission:
    """Keep these nodes, and of the risk what is said of them or of every node."""
    kept = mission.risk
    if kept is not None:
        kept = kept.filter(pl.col("node_id").is_in(["", *(node.node_id for node in nodes)]))
    if risk is not None:
        kept = risk if kept is None else pl.concat([kept, risk], how="diagonal_relaxed")
    return replace(mission, nodes=tuple(nodes), risk=kept)


def mean_ahead(mission: Mission, node_id: str) -> Mission:
    """Return the mission as it looks at a node to whoever plans for the mean of what may still come.

    The path to the node is as it was. After it comes one node for each stage: risk and receipts are the mean over the
    nodes still possible, and a condition holds where it holds in at least half of them, by chance.
    """
    path = path_to(mission, node_id)
    nodes, rows = [replace(node, probability=1.0) for node in path], []
    risk = risk_by_node(mission)
    for stage in _stages_after(mission, node_id):
        name, here = _free_name(mission, stage), stage[0][0]
        chances = np.array([chance for _, chance in stage])
        holding = sorted({one for node, _ in stage for one in node.conditions})
        nodes.append(
            replace(
                here, node_id=name, parent_id=nodes[-1].node_id, probability=1.0, risk_scale=1.0,
                receipts_scale=float(chances @ [node.receipts_scale for node, _ in stage]),
                conditions=tuple(c for c in holding if _chance_of(c, stage) >= HALF),
            )
        )  # fmt: skip
        mean = np.tensordot(chances, [risk[node.node_id] for node, _ in stage], axes=1)
        rows += [
            {"area_id": area.area_id, "month": str(here.first_month + i), "fatalities_per_month": float(mean[a, i]),
             "node_id": name, "source": here.source, "status": here.status, "note": ""}
            for a, area in enumerate(mission.areas) for i in range(here.months)
        ]  # fmt: skip
    return _with_nodes(mission, nodes, pl.DataFrame(rows) if rows else None)


def _chance_of(condition: str, stage: Sequence[tuple[Node, float]]) -> float:
    return sum(chance for node, chance in stage if condition in node.conditions) + 1e-9


def _free_name(mission: Mission, stage: Sequence[tuple[Node, float]]) -> str:
    """Name the mean of a stage by its month, unlike any node of the tree."""
    name = f"mean_{stage[0][0].first_month}"
    while any(node.node_id == name for node in mission.nodes):
        name += "_"
    return name


def _stages_after(mission: Mission, node_id: str) -> list[list[tuple[Node, float]]]:
    """List what may come after a node, stage by stage, each node with its chance given that node."""
    stages: list[list[tuple[Node, float]]] = []
    here = [(path_to(mission, node_id)[-1], 1.0)]
    while True:
        here = [
            (node, node.probability * chance)
            for before, chance in here for node in mission.nodes if node.parent_id == before.node_id
        ]  # fmt: skip
        if not here:
            return stages
        stages.append(here)


def risk_by_node(mission: Mission) -> Mapping[str, FloatArray]:
    """Expected civilian deaths by area and month of each node: the figure of the area, or that of risk.csv, scaled."""
    place = {area.area_id: a for a, area in enumerate(mission.areas)}
    given: dict[str, list[tuple[str, str, float]]] = {}
    if mission.risk is not None:
        columns = mission.risk.select("node_id", "area_id", "month", "fatalities_per_month")
        for node_id, area_id, month, deaths in columns.iter_rows():
            given.setdefault(node_id or "", []).append((area_id, str(month), deaths))
    found = {}
    for node in mission.nodes:
        months = {str(node.first_month + i): i for i in range(node.months)}
        risk = np.repeat([[area.fatalities_per_month] for area in mission.areas], node.months, axis=1)
        for area_id, month, deaths in [*given.get("", []), *given.get(node.node_id, [])]:
            if month in months:
                risk[place[area_id], months[month]] = deaths
        found[node.node_id] = risk * node.risk_scale
    return found


def futures_differ(mission: Mission) -> bool:
    """Say whether nodes of any month differ in risk, receipts or conditions, so that there is something to learn."""
    risk = risk_by_node(mission)
    first: dict[Month, Node] = {}
    for node in mission.nodes:
        other = first.setdefault(node.first_month, node)
        same = set(node.conditions) == set(other.conditions) and node.receipts_scale == other.receipts_scale
        if not same or not np.allclose(risk[node.node_id], risk[other.node_id], rtol=1e-12, atol=0.0):
            return True
    return False


def possible(mission: Mission) -> Mission:
    """Leave out the nodes that have no chance of being reached; the sums of chances stay 1."""
    chance = {node.node_id: np.prod([n.probability for n in path_to(mission, node.node_id)]) for node in mission.nodes}
    return _with_nodes(mission, [node for node in mission.nodes if chance[node.node_id] > 0])
