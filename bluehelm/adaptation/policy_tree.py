"""The futures of a plan as a tree: nodes with parents first, what lies below each, and how likely it is."""

from __future__ import annotations

from dataclasses import dataclass

from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan


@dataclass(frozen=True, slots=True)
class PlanTree:
    """Nodes of a plan, parents before children.

    parent: -1 for the first node. months: length of each node. chance: of reaching the node from today.
    indicative: whether the plan's last decisions, which nothing after them corrects, are taken there.
    """

    node_ids: tuple[str, ...]
    parent: tuple[int, ...]
    first_month: tuple[Month, ...]
    months: tuple[int, ...]
    chance: tuple[float, ...]
    indicative: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.node_ids)

    @property
    def children(self) -> dict[int, list[int]]:
        """Nodes that follow each node; nodes at which a future ends are left out."""
        found: dict[int, list[int]] = {}
        for node, parent in enumerate(self.parent):
            if parent >= 0:
                found.setdefault(parent, []).append(node)
        return found

    @property
    def leaves(self) -> tuple[int, ...]:
        """Nodes at which a future ends."""
        parents = set(self.parent)
        return tuple(node for node in range(len(self)) if node not in parents)

    @property
    def futures_below(self) -> tuple[int, ...]:
        """Count the futures that pass through each node."""
        counts = [0] * len(self)
        for leaf in self.leaves:
            for node in self.path(leaf):
                counts[node] += 1
        return tuple(counts)

    def path(self, node: int) -> list[int]:
        """List the nodes from the first to `node`, both included."""
        listed: list[int] = []
        while node >= 0:
            listed.append(node)
            node = self.parent[node]
        return listed[::-1]

    def decided_in(self, node: int, lead_months: float) -> int:
        """Return the last node on the path at which something could be decided that takes effect at `node`."""
        due = self.first_month[node]
        ready = [n for n in self.path(node) if due - self.first_month[n] >= lead_months]
        return ready[-1] if ready else self.path(node)[0]


def tree_of(plan: Plan) -> PlanTree:
    """Read the tree of a plan from its table of nodes."""
    rows = list(plan.tables["nodes"].iter_rows(named=True))
    place = {str(row["node_id"]): i for i, row in enumerate(rows)}
    return PlanTree(
        node_ids=tuple(place),
        parent=tuple(place[row["parent_id"]] if row["parent_id"] else -1 for row in rows),
        first_month=tuple(Month.parse(row["month"]) for row in rows),
        months=tuple(int(row["months"]) for row in rows),
        chance=tuple(float(row["probability"]) for row in rows),
        indicative=tuple(bool(row["indicative"]) for row in rows),
    )
