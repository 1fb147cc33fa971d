"""The tree that a plan decides for: is there one, and what have the futures of each node seen before it?

What was seen is kept in tree.json when `bluehelm scenario tree` makes the tree, and read when it is planned.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from bluehelm.adaptation.policy_observables import Seen
from bluehelm.errors import InvalidRecordError
from bluehelm.journey.scenario_tables import Laid, own_risk
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import Node

SEEN, TREE_FILE, DIGITS = "deaths_a_month_seen_before", "tree.json", 4


def seen_of(laid: Laid, nodes: Sequence[Node], mission: Mission) -> dict[str, dict[str, float]]:
    """Return deaths a month over the stage before each node, by node and area, over the futures of the node.

    Σ over futures in n of chance · factor of the states · deaths on the path in the stage before n, over the chance of
    n and the months of that stage. Areas of which the forecast says nothing have their own deaths expected; areas
    without any are left out. The mean over the nodes after a node is what risk.csv says of that node.
    """
    tree, own = laid.tree, own_risk(mission)
    area_ids = [area.area_id for area in mission.areas]
    foreseen = np.isin(np.arange(len(area_ids)), laid.matched.foreseen)
    found = {}
    for n, node in enumerate(nodes):
        if tree.parent[n] < 0:
            continue
        stage = tree.stage[tree.parent[n]]
        window = slice(laid.starts[stage], laid.ends[stage])
        deaths, weight = np.zeros(len(area_ids)), 0.0
        for leaf in tree.leaves_of(n):
            ways, count = laid.chance[leaf.histories], len(leaf.paths)
            on_paths = laid.matched.paths[leaf.paths, :, window].sum(axis=(0, 2))
            expected = np.where(foreseen, on_paths, own[:, window].sum(axis=1) * count)
            deaths += (ways @ laid.factors[leaf.histories, stage]) * expected
            weight += float(ways.sum()) * count
        monthly = (deaths / weight / (laid.ends[stage] - laid.starts[stage])).round(DIGITS)
        found[node.node_id] = {area_ids[a]: float(monthly[a]) for a in np.flatnonzero(monthly)}
    return found


def seen_by_nodes(mission: Mission, folder: Path | str) -> Seen | None:
    """Make sure that a mission has a tree of futures, and read what its nodes have seen, as far as it is known.

    Raises
    ------
    InvalidRecordError
        If there are no nodes, or none after which futures part; or if tree.json beside the mission cannot be read or
        does not fit it.
    """
    _refuse_without_tree(mission, folder)
    return read_seen(folder, mission)


def _refuse_without_tree(mission: Mission, folder: Path | str) -> None:
    """Say how to make a tree where there is none, or where it holds one future only."""
    parents = [node.parent_id for node in mission.nodes]
    values = {"folder": str(folder), "count": len(parents)}
    if not parents:
        raise InvalidRecordError(
            "'{folder}' has no tree of futures: nodes.csv is missing or empty, so --tree has nothing to decide for. "
            "Make one: bluehelm scenario tree --forecast FORECAST --mission {folder} --out NEW_FOLDER, and plan "
            "NEW_FOLDER; or leave out --tree.",
            **values,
        )
    if len(set(parents)) == len(parents):
        raise InvalidRecordError(
            "The tree of '{folder}' has one future only: none of its {count} {count:node|nodes} has two nodes after "
            "it, so there "
            "is nothing to tell apart. Make a tree that branches: bluehelm scenario tree --forecast FORECAST "
            "--mission {folder} --leaves 8 --out NEW_FOLDER, and plan NEW_FOLDER; or leave out --tree.",
            **values,
        )


def read_seen(folder: Path | str, mission: Mission) -> Seen | None:
    """Read what nodes have seen from tree.json beside a mission; None where nobody wrote it down.

    Raises
    ------
    InvalidRecordError
        If the file cannot be read, or speaks of other nodes and areas than the mission has.
    """
    path = Path(folder) / TREE_FILE
    if not path.is_file():
        return None
    try:
        held = json.loads(path.read_text("utf-8"))
        given = held.get(SEEN)
        if given is None:
            return None
        deaths = {str(node): {str(a): _deaths(v) for a, v in row.items()} for node, row in given.items()}
    except (OSError, ValueError, TypeError, AttributeError) as trouble:
        raise InvalidRecordError(
            "'{file}' cannot be read: {reason}. Make the tree again, or take the file away: rules then speak of what "
            "is expected, not of what was seen.",
            file=str(path),
            reason=str(trouble),
        ) from trouble
    _check_names(path, deaths, mission)
    return Seen(deaths)


def _deaths(value: Any) -> float:
    number = float(value)
    if not isfinite(number) or number < 0:
        raise ValueError(value)
    return number


def _check_names(path: Path, deaths: dict[str, dict[str, float]], mission: Mission) -> None:
    known = {area.area_id for area in mission.areas}
    expected = {node.node_id for node in mission.nodes if node.parent_id}
    wrong = sorted(expected ^ set(deaths)) or sorted({area for row in deaths.values() for area in row} - known)
    if wrong:
        raise InvalidRecordError(
            "'{file}' does not fit the mission: {names} is in one and not in the other. Make the tree again, or take "
            "the file away: rules then speak of what is expected, not of what was seen.",
            file=str(path),
            names=", ".join(repr(name) for name in wrong[:5]),
        )
