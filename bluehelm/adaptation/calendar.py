"""The calendar of a plan, cut where shocks become known and where they begin and end.

What is decided before a shock is known stays. So a node that holds that month is cut in two, and only its second part
is decided anew.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from bluehelm.adaptation.shocks import CeilingLowered, NewTask, PledgeLate, Shock, UnitLate
from bluehelm.mission.information import Information
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import Node, Unit
from bluehelm.norms.norms import Norms

SOURCE = "calendar"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Nodes in which a plan is adapted. part_of: the node of the plan of which each is a part."""

    nodes: tuple[Node, ...]
    part_of: Mapping[str, str]

    @property
    def cut_nodes(self) -> set[str]:
        """Nodes of the plan that were cut."""
        parts = list(self.part_of.values())
        return {node_id for node_id in parts if parts.count(node_id) > 1}


def calendar_of(plan: Plan, shocks: Sequence[Shock], norms: Norms) -> Calendar:
    """Cut the nodes of a plan where shocks become known, begin and end."""
    return cut(nodes_of(plan), sorted(set(_months(plan.mission, shocks, norms))))


def whole(plan: Plan) -> Calendar:
    """Return the calendar of a plan as it is, nothing cut."""
    nodes = nodes_of(plan)
    return Calendar(nodes, {node.node_id: node.node_id for node in nodes})


def nodes_of(plan: Plan) -> tuple[Node, ...]:
    """Return the nodes of a plan as rows of `nodes.csv`, whether its mission has such a file or not."""
    if plan.mission.nodes:
        return plan.mission.nodes
    holds = [(c.condition_id, c.holds_from) for c in plan.mission.mandate.condition if c.holds_from is not None]
    nodes = []
    for row in plan.tables["nodes"].iter_rows(named=True):
        month = Month.parse(row["month"])
        nodes.append(
            Node(
                node_id=row["node_id"], parent_id=row["parent_id"], first_month=month, months=row["months"],
                probability=1.0, conditions=tuple(name for name, since in holds if since <= month), source=SOURCE,
                status="assumed", note="As the plan that is adapted was cut.",
            )
        )  # fmt: skip
    return tuple(nodes)


def cut(nodes: Sequence[Node], months: Sequence[Month]) -> Calendar:
    """Cut nodes so that a node begins in each of the months; the first part keeps the name of the node."""
    taken = {node.node_id for node in nodes}
    last: dict[str, str] = {}
    made: list[Node] = []
    part_of: dict[str, str] = {}
    for node in nodes:
        begins = [node.first_month, *(m for m in months if node.first_month < m < node.first_month + node.months)]
        names = [node.node_id]
        for month in begins[1:]:
            name = _free(str(month) if node.node_id == str(node.first_month) else f"{node.node_id} {month}", taken)
            names.append(name)
        ends = [*begins[1:], node.first_month + node.months]
        for i, (name, begin, end) in enumerate(zip(names, begins, ends, strict=True)):
            parent, chance = (node.parent_id, node.probability) if i == 0 else (names[i - 1], 1.0)
            made.append(
                replace(node, node_id=name, parent_id=parent, first_month=begin, months=end - begin, probability=chance)
            )
            part_of[name] = node.node_id
        last[node.node_id] = names[-1]
    firsts = {node.node_id for node in nodes}
    return Calendar(
        tuple(
            replace(node, parent_id=last.get(node.parent_id, "")) if node.node_id in firsts else node for node in made
        ),
        part_of,
    )


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    taken.add(name)
    return name


def _months(mission: Mission, shocks: Sequence[Shock], norms: Norms) -> Iterator[Month]:
    """List the months in which a node must begin."""
    on = mission.setting.first_month.first_day
    notice, lag = (math.ceil(norms.number(key, on)) for key in ("exit_notice_months", "exit_lag_months"))
    for shock in shocks:
        wanted = [shock.known, shock.from_month, shock.known + notice]
        if shock.last is not None:
            wanted.append(shock.last + 1)
        if isinstance(shock, CeilingLowered):
            # Counted at the end of its first month; who must be out by then stops work one lag earlier.
            wanted += [shock.from_month + 1, shock.from_month + (1 - lag)]
        if isinstance(shock, NewTask):
            wanted += [shock.task.starts, *([shock.task.ends + 1] if shock.task.ends else [])]
        if isinstance(shock, PledgeLate):
            pledge = next(p for p in mission.pledges if p.pledge_id == shock.pledge_id)
            wanted.append(max(pledge.available_from, shock.from_month) + shock.months)
        if isinstance(shock, UnitLate):
            unit = next(u for u in mission.units if u.unit_id == shock.unit_id)
            wanted += [] if unit.arrives is None else [unit.arrives + shock.months]
        # What lies before the shock is known is decided, and stays as it was cut.
        yield from (month for month in wanted if month >= shock.known)


def information_on(information: Information | None, calendar: Calendar, since: Month) -> Information | None:
    """Carry information sets to the parts of nodes: parts that begin in one month look alike where their nodes do.

    since: what is decided before this month stands as it was decided; the sets bind what is decided from then on.
    """
    if information is None:
        return None
    sets = []
    for one in information.alike:
        together: dict[Month, list[str]] = defaultdict(list)
        for node in calendar.nodes:
            if calendar.part_of[node.node_id] in one.nodes:
                together[node.first_month].append(node.node_id)
        sets += [replace(one, nodes=tuple(names)) for names in together.values() if len(names) > 1]
    return replace(information, alike=tuple(sets), since=str(since))


def on_calendar(mission: Mission, plan: Plan, calendar: Calendar) -> Mission:
    """Give a mission the nodes of a calendar; rows of risk for a node hold for each of its parts."""
    risk = mission.risk
    if risk is not None and calendar.cut_nodes:
        parts: dict[str, list[str]] = defaultdict(list)
        for name, node_id in calendar.part_of.items():
            parts[node_id].append(name)
        risk = pl.concat(
            [risk, *(risk.filter(pl.col("node_id") == node_id).with_columns(node_id=pl.lit(name))
                     for node_id, names in parts.items() for name in names if name != node_id)]
        )  # fmt: skip
    sources = dict(mission.sources)
    if not plan.mission.nodes:
        sources.setdefault(SOURCE, "Calendar of the plan that is adapted")
    return replace(mission, nodes=calendar.nodes, risk=risk, sources=sources, units=_arrived(mission, plan, calendar))


def _arrived(mission: Mission, plan: Plan, calendar: Calendar) -> tuple[Unit, ...]:
    """Units that arrive within a node of the plan work from its start; a cut must not take that back."""
    spans = [
        (node.first_month, node.first_month + node.months) for node in nodes_of(plan)
        if node.node_id in calendar.cut_nodes
    ]  # fmt: skip
    before = {unit.unit_id: unit.arrives for unit in plan.mission.units}
    units = []
    for unit in mission.units:
        first = next((a for a, b in spans if unit.arrives is not None and a < unit.arrives < b), None)
        same = before.get(unit.unit_id) == unit.arrives
        units.append(replace(unit, arrives=first) if first is not None and same else unit)
    return tuple(units)
