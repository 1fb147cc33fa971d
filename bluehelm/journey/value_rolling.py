"""Rolling planning, as it is done today: plan for the mean, do the first step, look again, plan for the new mean.

At each node the mission is planned as if the mean of the futures still possible were sure to come. What was decided in
the nodes before stands; what the plan does in this node is done; the rest is planned anew one stage later, in each
future by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from bluehelm.adaptation.futures import mean_ahead, path_to
from bluehelm.errors import InfeasibleMissionError
from bluehelm.journey.parallel import run_all
from bluehelm.journey.value_arms import Measured, measure
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import Node
from bluehelm.norms.norms import Norms
from bluehelm.planning.make import Options, make_plan


@dataclass(frozen=True, slots=True)
class Rolled:
    """What came of it: the plan made at each node, and each future measured, by its last node.

    stuck_at: the node where no plan fitted any more, with why; then no future is measured.
    """

    plans: Mapping[str, Plan]
    measured: Mapping[str, Measured]
    stuck_at: str = ""
    conflict: tuple[str, ...] = ()


def rolling(
    mission: Mission, norms: Norms, options: Options, seconds_per_node: float, engine: str, workers: int | None,
    *, first_only: bool = False,
) -> Rolled:  # fmt: skip
    """Follow rolling planning through the whole tree, stage by stage.

    seconds_per_node: each plan has so many for every node on its path and every stage ahead. first_only: only the plan
    of the first node is made, for the mean of all futures.
    """
    stages: dict[Month, list[Node]] = defaultdict(list)
    for node in sorted(mission.nodes, key=lambda node: (node.first_month, node.node_id)):
        stages[node.first_month].append(node)
    before: dict[str, Plan] = {}
    done: dict[str, Plan] = {}
    for nodes in stages.values():
        works = [_work(mission, norms, options, node, before, seconds_per_node) for node in nodes]
        found = run_all(step, works, engine=engine, workers=workers)
        before = {}
        for node, made in zip(nodes, found, strict=True):
            if not isinstance(made, Plan):
                return Rolled(done, {}, node.node_id, made)
            before[node.node_id] = made
        done |= before
        if first_only:
            return Rolled(done, {})
    parents = {node.parent_id for node in mission.nodes}
    return Rolled(done, {name: measure(made, norms) for name, made in done.items() if name not in parents})


Work = tuple[Mission, Norms, Options, Plan | None, Month]


def _work(
    mission: Mission, norms: Norms, options: Options, node: Node, before: Mapping[str, Plan], seconds_per_node: float
) -> Work:
    ahead = mean_ahead(mission, node.node_id)
    own = replace(options, seconds=max(seconds_per_node * len(ahead.nodes), 1.0))
    followed = before.get(node.parent_id)
    if followed is not None:
        followed = _arrived(followed, len(path_to(mission, node.node_id)) - 1, node.node_id)
    return ahead, norms, own, followed, node.first_month


def _arrived(plan: Plan, stage: int, node_id: str) -> Plan:
    """Let the plan's mean of a stage, counted from 0, be the node that came: what was ordered for it holds."""
    mean = plan.tables["nodes"]["node_id"][stage]
    named = pl.col("node_id").replace(mean, node_id)
    tables = {
        name: table.with_columns(named) if "node_id" in table.columns else table
        for name, table in plan.tables.items()
    }  # fmt: skip
    return replace(plan, tables=tables)


def everywhere(mission: Mission, mean: Plan) -> Plan:
    """Let a plan for the mean be followed in every node of its month: where the search for a rigid plan begins."""
    months = sorted({node.first_month for node in mission.nodes})
    named = dict(zip(months, mean.tables["nodes"]["node_id"], strict=True))
    return _laid_out(mean, [(mean, named[node.first_month], node.node_id) for node in mission.nodes])


def as_one(plans: Mapping[str, Plan]) -> Plan:
    """Put the steps of rolling planning together, one from the plan of each node: the adaptive search begins there."""
    return _laid_out(next(iter(plans.values())), [(made, node_id, node_id) for node_id, made in plans.items()])


def _laid_out(like: Plan, parts: Sequence[tuple[Plan, str, str]]) -> Plan:
    """Return a plan whose decisions are those of plans at given nodes, under the names of other nodes."""
    tables = {
        name: pl.concat(
            made.tables[name].filter(pl.col("node_id") == there).with_columns(node_id=pl.lit(here))
            for made, there, here in parts
        )
        for name in ("deployments", "movements", "sites")
    }
    return replace(like, tables={**like.tables, **tables})


def step(
    mission: Mission, norms: Norms, options: Options, followed: Plan | None, month: Month
) -> Plan | tuple[str, ...]:
    """Plan one step: what was decided before the month stands. Returns why, where no plan fits any more."""
    try:
        return make_plan(mission, norms, options, named=False, incumbent=followed, fixed_before=month)
    except InfeasibleMissionError as impossible:
        return impossible.conflict or (str(impossible),)
