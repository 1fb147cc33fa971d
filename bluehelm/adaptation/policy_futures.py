"""The futures of a plan one by one: how likely, how well protected, how dear, and where the plan parts between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bluehelm.adaptation.policy_tree import PlanTree
from bluehelm.mission.plan import Plan

DIGITS = 9
DECIDED = ("order", "move_in", "move_out", "exit_order", "stop")


@dataclass(frozen=True, slots=True)
class Future:
    """One path to the end: its last node, chance, deaths expected, those not answered by presence, and its cost."""

    node_id: str
    chance: float
    deaths: float
    unanswered: float
    cost_usd: float

    @property
    def protected_share(self) -> float:
        """Share of the deaths expected in this future that presence answers."""
        return 1 - self.unanswered / self.deaths if self.deaths else 0.0


@dataclass(frozen=True, slots=True)
class Parting:
    """A node after which futures are planned otherwise. month: in which the nodes after it begin.

    ways: the nodes after it, those put together at which the same is decided.
    """

    node_id: str
    month: str
    chance: float
    ways: tuple[tuple[str, ...], ...]


def futures_of(plan: Plan, tree: PlanTree) -> tuple[Future, ...]:
    """List all futures, the one with most deaths not answered first."""
    deaths: dict[str, float] = defaultdict(float)
    unanswered: dict[str, float] = defaultdict(float)
    listed = plan.tables["protection"].select("node_id", "fatalities", "protected_share")
    for node_id, fatalities, share in listed.iter_rows():
        deaths[node_id] += fatalities
        unanswered[node_id] += fatalities * (1 - share)
    spent = dict(plan.tables["cash"].select("node_id", "spent_usd").iter_rows())
    found = []
    for leaf in tree.leaves:
        path = [tree.node_ids[n] for n in tree.path(leaf)]
        sums = [round(sum(table.get(n, 0.0) for n in path), DIGITS) for table in (deaths, unanswered, spent)]
        found.append(Future(tree.node_ids[leaf], round(tree.chance[leaf], DIGITS), *sums))
    return tuple(sorted(found, key=lambda one: (-one.unanswered, one.node_id)))


def mean_of_worst(values: Sequence[float], chances: Sequence[float], tail: float) -> float:
    """Mean over the worst 1 - tail of the futures (CVaR); a future on the edge counts in part.

    Examples
    --------
    >>> mean_of_worst([10.0, 20.0, 40.0], [0.5, 0.3, 0.2], tail=0.6)
    30.0
    """
    left = share = 1 - tail
    total = 0.0
    for value, chance in sorted(zip(values, chances, strict=True), reverse=True):
        counted = min(chance, left)
        total += value * counted
        left -= counted
    return round(total / (share - max(left, 0.0)), DIGITS)


def partings_of(plan: Plan, tree: PlanTree) -> tuple[Parting, ...]:
    """List the nodes after which the plan does not do the same in all futures, by month, the likeliest first."""
    decided = _decided(plan)
    found = []
    for node, children in tree.children.items():
        ways: dict[frozenset[tuple[str, ...]], list[str]] = defaultdict(list)
        for child in children:
            ways[decided[tree.node_ids[child]]].append(tree.node_ids[child])
        if len(ways) > 1:
            month = str(tree.first_month[children[0]])
            found.append(
                Parting(tree.node_ids[node], month, round(tree.chance[node], DIGITS), tuple(map(tuple, ways.values())))
            )
    return tuple(sorted(found, key=lambda one: (one.month, -one.chance, one.node_id)))


def courses_of(plan: Plan, tree: PlanTree) -> int:
    """Count the ways of acting that differ, over all futures."""
    decided = _decided(plan)
    starts = {n: str(tree.first_month[n]) for n in range(len(tree))}
    return len({tuple((starts[n], decided[tree.node_ids[n]]) for n in tree.path(leaf)) for leaf in tree.leaves})


def _decided(plan: Plan) -> dict[str, frozenset[tuple[str, ...]]]:
    """Return what is decided at each node, as a set that can be compared."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in plan.tables["movements"].iter_rows(named=True):
        if row["deed"] in DECIDED:
            found[row["node_id"]].add(
                (row["deed"], row["class_id"], row["site_id"] or "", row["pledge_class"] or "", str(row["units"]))
            )
    for row in plan.tables["sites"].iter_rows(named=True):
        for deed in ("opens", "closes"):
            if row[deed]:
                found[row["node_id"]].add((deed, row["site_id"]))
    return defaultdict(frozenset, {node: frozenset(deeds) for node, deeds in found.items()})
