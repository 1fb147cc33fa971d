"""Do the lines of a cost add up to what the plan itself says it spends?

The plan's table of cash is worked out by the planner from whole numbers of units, in floating point, and written with
nine digits; the lines are worked out here from the plan's deeds, in decimals, to the cent. At the plan's own prices
they must agree for every node and every part:

    |Σ lines - cash| ≤ 0.01 USD + 1e-8 · |cash| + half a cent for each line

where 1e-8 covers the nine digits. Nothing is left out on either side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bluehelm.errors import PlanCheckError
from bluehelm.finance.cost_line import CASH_PARTS, CostLine
from bluehelm.mission.plan import Plan

NINE_DIGITS, HALF_A_CENT, A_CENT = Decimal("1e-8"), Decimal("0.005"), Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCost:
    """One node: what its lines come to, and what the plan says.

    amount_usd: by the norms in force in each month. planned_usd: the same lines at the plan's prices. cash_usd: the
    plan's own figure. tolerance_usd: by how much the last two may differ.
    """

    node_id: str
    month: str
    months: int
    probability: float
    amount_usd: Decimal
    planned_usd: Decimal
    cash_usd: Decimal
    tolerance_usd: Decimal

    @property
    def price_change_usd(self) -> Decimal:
        """What rates that change after the first month, and a what-if, add."""
        return self.amount_usd - self.planned_usd


def reconcile(plan: Plan, lines: Sequence[CostLine], norms_changed: bool = False) -> list[NodeCost]:
    """Hold the lines against the plan's table of cash, node by node and part by part.

    norms_changed: the norms are no longer those the plan was made with, which the error then names as a cause.

    Raises
    ------
    PlanCheckError
        If a part of a node differs by more than the tolerance; it names the first and counts the rest.
    """
    planned: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    counted: defaultdict[tuple[str, str], int] = defaultdict(int)
    amount: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        planned[line.node_id, line.cash_part] += line.planned_usd
        counted[line.node_id, line.cash_part] += 1
        amount[line.node_id] += line.amount_usd
    nodes, apart = [], []
    length = dict(plan.tables["nodes"].select("node_id", "months").iter_rows())
    chance = dict(plan.tables["nodes"].select("node_id", "probability").iter_rows())
    for row in plan.tables["cash"].iter_rows(named=True):
        name = row["node_id"]
        tolerance = Decimal(0)
        for part in CASH_PARTS:
            cash, found = Decimal(repr(row[f"{part}_usd"])), planned[name, part]
            allowed = A_CENT + NINE_DIGITS * abs(cash) + HALF_A_CENT * counted[name, part]
            tolerance += allowed
            if abs(found - cash) > allowed:
                apart.append((name, part, found, cash))
        nodes.append(
            NodeCost(
                node_id=name,
                month=row["month"],
                months=length[name],
                probability=chance[name],
                amount_usd=amount[name],
                planned_usd=sum((planned[name, part] for part in CASH_PARTS), Decimal(0)),
                cash_usd=Decimal(repr(row["spent_usd"])),
                tolerance_usd=tolerance,
            )
        )
    if apart:
        raise _apart(apart, norms_changed)
    return nodes


def _apart(apart: list[tuple[str, str, Decimal, Decimal]], norms_changed: bool) -> PlanCheckError:
    name, part, found, cash = apart[0]
    message = (
        "The cost of the plan does not reconcile with its own table of cash in {count} {count:place|places}: in node "
        "'{node}' the lines of '{part}' come to {found} USD and the plan says {cash} USD. The norms have changed since "
        "it was made; plan the mission again."
        if norms_changed
        else "The cost of the plan does not reconcile with its own table of cash in {count} {count:place|places}: in "
        "node '{node}' the lines of '{part}' come to {found} USD and the plan says {cash} USD. A table of the plan was "
        "changed; plan the mission again. If it still differs, tell us."
    )
    return PlanCheckError(message, count=len(apart), node=name, part=part, found=f"{found:,.2f}", cash=f"{cash:,.2f}")
