"""Money of the plan model in thousand USD: prices of units and sites, cash on each path, amounts approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine
from bluehelm.norms.norms import Norms
from bluehelm.norms.unit_price import (
    deployment_cost_usd,
    monthly_unit_cost_usd,
    move_cost_usd,
    repatriation_cost_usd,
)
from bluehelm.planning.classes import UnitClass
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import BoolArray, FloatArray

KUSD = 1000.0


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in thousand USD. Per class: month, deploy, move, repatriate. Per site: open_site, run_site, close_site.

    fixed: per month. cash_limit: (nodes,), most that may have been spent since the start by the end of the node, inf
    where the mission gives no cash. appropriation: (runs, nodes) whether a node is spent from a run; approved: (runs,);
    approval_holds: (runs, nodes) whether the run limits spending up to the node: it always does unless it hangs on a
    condition, and then at nodes of the run where that holds.
    """

    month: FloatArray
    deploy: FloatArray
    move: FloatArray
    repatriate: FloatArray
    open_site: FloatArray
    run_site: FloatArray
    close_site: FloatArray
    fixed: float
    cash_limit: FloatArray
    appropriation: BoolArray
    approved: FloatArray
    approval_holds: BoolArray


def prices_of(mission: Mission, norms: Norms, timeline: Timeline, classes: list[UnitClass], on: date) -> Prices:
    """Price everything by the norms of the first month planned."""

    def per_class(price: object) -> FloatArray:
        return np.array([float(price(c.unit_type, c.persons, norms, on)) for c in classes]) / KUSD  # type: ignore[operator]

    def per_site(key: str) -> FloatArray:
        return np.array([_site_price(norms, key, site.kind, on) for site in mission.sites]) / KUSD

    appropriations = [line for line in mission.budget if line.kind == "appropriation"]
    return Prices(
        month=per_class(monthly_unit_cost_usd),
        deploy=per_class(deployment_cost_usd),
        move=per_class(move_cost_usd),
        repatriate=per_class(repatriation_cost_usd),
        open_site=per_site("site_open_usd"),
        run_site=per_site("site_run_usd_per_month"),
        close_site=per_site("site_close_usd"),
        fixed=float(mission.setting.fixed_cost_usd_per_month) / KUSD,
        cash_limit=_cash_limit(mission, timeline),
        appropriation=_spent_from(appropriations, timeline),
        approved=np.array([float(line.amount_usd) for line in appropriations]) / KUSD,
        approval_holds=_approval_holds(appropriations, timeline),
    )


def _site_price(norms: Norms, key: str, kind: str, on: date) -> float:
    """A partner's hospital costs the mission nothing."""
    return 0.0 if kind == "partner_hospital" else norms.number(f"{key}.{kind}", on)


def _cash_limit(mission: Mission, timeline: Timeline) -> FloatArray:
    """Cash at the start, all receipts on the path, and what may be borrowed or owed at the end of each node.

    A line that hangs on a condition counts in nodes where it holds; one that never holds is as if it were not there.
    """
    listed = [line for line in mission.budget if line.kind != "appropriation"]
    lines = [line for line in listed if any(_holds(line, conditions) for conditions in timeline.conditions)]
    if not lines:
        return np.full(len(timeline), np.inf)
    opening = sum(float(line.amount_usd) for line in lines if line.kind == "opening_cash")
    limit = np.empty(len(timeline))
    received = np.empty(len(timeline))
    for n in range(len(timeline)):
        months, here = timeline.months_of(n), [line for line in lines if _holds(line, timeline.conditions[n])]
        before = received[timeline.parent[n]] if timeline.parent[n] >= 0 else opening
        received[n] = before + timeline.receipts_scale[n] * sum(_amount(here, "receipt", month) for month in months)
        buffer = sum(_amount(here, kind, months[-1]) for kind in ("borrowing_limit", "owed_limit"))
        limit[n] = received[n] + buffer
    return limit / KUSD


def _amount(lines: list[BudgetLine], kind: str, month: Month) -> float:
    return sum(float(x.amount_usd) for x in lines if x.kind == kind and x.first_month <= month <= x.last_month)


def _holds(line: BudgetLine, conditions: frozenset[str]) -> bool:
    return not line.when or line.when in conditions


def _approval_holds(appropriations: list[BudgetLine], timeline: Timeline) -> BoolArray:
    """Every run limits every node, but one that hangs on a condition only its own nodes where that holds."""
    in_run = _spent_from(appropriations, timeline)
    rows = [[_holds(line, conditions) for conditions in timeline.conditions] for line in appropriations]
    holds = np.array(rows, bool).reshape(in_run.shape)
    always = np.array([not line.when for line in appropriations], bool)[:, None]
    return np.asarray(always | (in_run & holds))


def _spent_from(appropriations: list[BudgetLine], timeline: Timeline) -> BoolArray:
    """A node is spent from the run that holds its first month."""
    rows = [[line.first_month <= month <= line.last_month for month in timeline.first_month] for line in appropriations]
    return np.array(rows, bool).reshape(len(appropriations), len(timeline))
