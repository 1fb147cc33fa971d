"""Decisions of a plan by month: where each was taken, and where it could have been."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bluehelm.adaptation.policy_tree import PlanTree
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms

Deed = Literal["move", "call", "leave", "open", "close"]
DEEDS: tuple[Deed, ...] = ("open", "close", "call", "move", "leave")

Counts = dict[str, int]


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """One thing that can be decided; what does not belong to its deed is blank.

    move: units of a class from one site to another. call: a pledge. leave: units of a class are told to leave. open,
    close: a site (to_site).
    """

    deed: Deed
    unit_class: str = ""
    unit_type: str = ""
    pledge_class: str = ""
    from_site: str = ""
    to_site: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A decision in the nodes that begin in one month.

    asked: nodes at which it could be taken. units: units by node at which it is taken (1 for a site). everywhere:
    whether it could be taken at every node of the month.
    """

    decision: Decision
    month: str
    asked: tuple[int, ...]
    units: Mapping[int, int]
    everywhere: bool


def occasions_of(plan: Plan, tree: PlanTree, norms: Norms) -> tuple[Occasion, ...]:
    """List every decision that is taken anywhere, by month; a site is decided on one opening lead before it opens."""
    taken = _taken(plan, tree, norms)
    of_month: dict[str, list[int]] = defaultdict(list)
    for node, month in enumerate(tree.first_month):
        of_month[str(month)].append(node)
    could = _Could(plan, tree, taken)
    found = []
    for decision, units in taken.items():
        for begins, nodes in of_month.items():
            here = {node: units[node] for node in nodes if node in units}
            if here:
                asked = tuple(node for node in nodes if node in here or could.take(decision, node))
                found.append(Occasion(decision, begins, asked, here, len(asked) == len(nodes)))
    return tuple(sorted(found, key=lambda one: (one.month, DEEDS.index(one.decision.deed), one.decision)))


def _taken(plan: Plan, tree: PlanTree, norms: Norms) -> dict[Decision, dict[int, int]]:
    """Return how many units each decision moves at each node where it is taken."""
    taken: dict[Decision, dict[int, int]] = defaultdict(dict)
    for node, rows in _movements(plan, tree).items():
        for decision, units in _of_units(rows):
            taken[decision][node] = units
    for site, node, deed in _site_changes(plan, tree, norms):
        taken[Decision(deed, to_site=site)][node] = 1
    return dict(taken)


def _movements(plan: Plan, tree: PlanTree) -> dict[int, list[Mapping[str, object]]]:
    place = {node_id: i for i, node_id in enumerate(tree.node_ids)}
    found: dict[int, list[Mapping[str, object]]] = defaultdict(list)
    for row in plan.tables["movements"].iter_rows(named=True):
        found[place[row["node_id"]]].append(row)
    return found


def _of_units(rows: list[Mapping[str, object]]) -> Iterator[tuple[Decision, int]]:
    """Read moves, calls and leave-takings of one node; a class's moves out and in are paired in the order of sites."""
    out: dict[tuple[str, str], Counts] = defaultdict(dict)
    into: dict[tuple[str, str], Counts] = defaultdict(dict)
    orders: Counter[Decision] = Counter()
    for row in rows:
        key = (str(row["class_id"]), str(row["unit_type"]))
        units, site = round(float(str(row["units"]))), str(row["site_id"])
        if row["deed"] == "move_out":
            out[key][site] = units
        elif row["deed"] == "move_in":
            into[key][site] = units
        elif row["deed"] == "order":
            orders[Decision("call", *key, str(row["pledge_class"]))] += units
        elif row["deed"] == "exit_order":
            orders[Decision("leave", *key)] += units
    for key in sorted(into):
        for origin, target, units in paired(out[key], into[key]):
            yield Decision("move", *key, from_site=origin, to_site=target), units
    yield from orders.items()


def paired(out: Mapping[str, int], into: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Pair units that leave sites with those that come to others, both in the order of their names.

    Examples
    --------
    >>> paired({"a": 2, "b": 1}, {"c": 1, "d": 2})
    [('a', 'c', 1), ('a', 'd', 1), ('b', 'd', 1)]
    """
    left, found = dict(sorted(out.items())), []
    for target, wanted in sorted(into.items()):
        for origin in left:
            units = min(left[origin], wanted)
            if units > 0:
                found.append((origin, target, units))
                left[origin] -= units
                wanted -= units
    return found


def _site_changes(plan: Plan, tree: PlanTree, norms: Norms) -> Iterator[tuple[str, int, Deed]]:
    """List each site that opens or closes, with the node in which that is decided."""
    place = {node_id: i for i, node_id in enumerate(tree.node_ids)}
    on = plan.mission.setting.first_month.first_day
    kinds = {site.site_id: site.kind for site in plan.mission.sites}
    for row in plan.tables["sites"].iter_rows(named=True):
        site, node = str(row["site_id"]), place[row["node_id"]]
        if row["opens"] and kinds[site] != "partner_hospital":
            lead = norms.number(f"site_open_lead_months.{kinds[site]}", on)
            yield site, tree.decided_in(node, lead), "open"
        if row["closes"]:
            yield site, node, "close"


class _Could:
    """Where a decision could be taken, from what stands at the node before."""

    def __init__(self, plan: Plan, tree: PlanTree, taken: Mapping[Decision, Mapping[int, int]]) -> None:
        self._tree = tree
        self._units: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
        for row in plan.tables["deployments"].iter_rows(named=True):
            self._units[row["node_id"]][row["class_id"], row["site_id"]] = int(row["units"])
        self._open: dict[str, set[str]] = defaultdict(set)
        for row in plan.tables["sites"].iter_rows(named=True):
            if row["open"]:
                self._open[row["node_id"]].add(row["site_id"])
        self._taken = taken

    def take(self, decision: Decision, node: int) -> bool:
        """Say whether there is something to decide on; at the first node all that is decided is decided there."""
        before = self._tree.parent[node]
        if before < 0:
            return False
        units, name = self._units[self._tree.node_ids[before]], self._tree.node_ids[before]
        if decision.deed == "move":
            return (decision.unit_class, decision.from_site) in units
        if decision.deed == "leave":
            return any(unit_class == decision.unit_class for unit_class, _ in units)
        if decision.deed == "call":
            return self._called(decision, before) < max(self._called(decision, leaf) for leaf in self._tree.leaves)
        is_open = decision.to_site in self._open[name]
        return is_open if decision.deed == "close" else not is_open

    def _called(self, decision: Decision, node: int) -> int:
        """Count the pledges of a class called up to a node, itself included."""
        return sum(self._taken[decision].get(n, 0) for n in self._tree.path(node))
