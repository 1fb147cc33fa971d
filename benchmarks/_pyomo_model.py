"""The plan model written a second time in Pyomo, in the way its users write: sets, variables and rules.

Only what building needs is taken from the gathered data, and turned into plain lists and dictionaries beforehand, so
that neither side is charged for gathering. Missions without helicopters only: the rows on sets of lift are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.families.care import CARE_LEVELS
from bluehelm.planning.families.effort import effort_share
from bluehelm.planning.families.protection import step_worth
from bluehelm.planning.families.units import months_leaving, order_landing
from bluehelm.planning.gather import PlanData

inf = float("inf")


@dataclass
class Lists:
    """The data as plain Python, as a Pyomo model takes it."""

    data: PlanData

    def __post_init__(self) -> None:
        data, line = self.data, self.data.timeline
        self.parent, self.months = line.parent.tolist(), line.months.tolist()
        self.path = {n: line.path(n) for n in range(len(line))}
        self.persons, self.capacity, self.guard = data.persons.tolist(), data.capacity.tolist(), data.guard.tolist()
        self.guards = [k for k, c in enumerate(data.classes) if c.unit_type.guards]
        self.at_start, self.lost, self.hours = data.at_start.tolist(), data.lost.tolist(), data.hours.tolist()
        self.component = [COMPONENTS.index(c.unit_type.component) for c in data.classes]
        usable = data.allowed | (data.at_start > 0)
        self.reach: dict[tuple[int, int], list[tuple[int, int, float]]] = {}
        for pattern, by_group in enumerate(data.ground.sigma):
            dense = [weights.toarray() for weights in by_group]
            for a in range(len(data.area_ids)):
                self.reach[a, pattern] = [
                    (k, int(j), float(dense[data.ground.group[k]][j, a]))
                    for k in range(len(data.classes))
                    for j in np.flatnonzero((dense[data.ground.group[k]][:, a] > 0) & usable[k])
                ]
        self.landed: dict[tuple[int, int], list[tuple[int, int]]] = {
            (k, n): [] for k in range(len(data.classes)) for n in self.path
        }
        self.useful = set()
        for c, pledge in enumerate(data.pledge_classes):
            ordered, lands = order_landing(data, c)
            for m, n in zip(ordered.tolist(), lands.tolist(), strict=True):
                self.landed[data.class_ids.index(pledge.unit_class), n].append((c, m))
                self.useful.add((c, m))
        self.told = _landing(line, data.exit_notice_months)
        self.opening = [_landing(line, float(lead)) for lead in data.opening_lead]
        later, stopped, months, counted = (part.tolist() for part in months_leaving(data))
        self.leaving = {(n, m): value for n, m, value in zip(later, stopped, months, strict=True) if value}
        self.counted = {(n, m) for n, m, value in zip(later, stopped, counted, strict=True) if value}
        self.share, self.worth = effort_share(data).tolist(), step_worth(data).tolist()
        self.zones = data.ground.zone_reach.tolist()


def _landing(line: Any, lag: float) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {n: [] for n in range(len(line))}
    for m, n in zip(*(part.tolist() for part in line.landing(lag)), strict=True):
        found[n].append(m)
    return found


def build_in_pyomo(lists: Lists) -> pyo.ConcreteModel:
    """Build the model, aimed at the first priority of protection."""
    model = pyo.ConcreteModel()
    data = lists.data
    model.K, model.J = pyo.RangeSet(0, len(data.classes) - 1), pyo.RangeSet(0, len(data.site_ids) - 1)
    model.N, model.A = pyo.RangeSet(0, len(data.timeline) - 1), pyo.RangeSet(0, len(data.area_ids) - 1)
    model.L = pyo.RangeSet(0, data.steps - 1)
    model.C = pyo.RangeSet(0, len(data.pledge_classes) - 1)
    add_units(model, lists)
    add_sites(model, lists)
    add_protection(model, lists)
    add_care(model, lists)
    add_money(model, lists)
    add_effort(model, lists)
    return model


def add_units(model: pyo.ConcreteModel, lists: Lists) -> None:
    """Supply, gains, arrivals, pledges, exits and ceilings."""
    data, parent = lists.data, lists.parent
    most = data.most_units.tolist()
    allowed, pledges = data.allowed.tolist(), data.pledge_classes
    comes = [data.most_units[k] > data.at_start[k].sum() for k in model.K]

    def beds(model: Any, k: int, j: int, n: int) -> tuple[float, float]:
        there = min(most[k], int(lists.capacity[j] // max(lists.persons[k], 1))) if allowed[k][j] else 0
        moves = data.classes[k].may_move or comes[k]
        return 0, max(there, lists.at_start[k][j]) if moves else lists.at_start[k][j]

    def into(model: Any, k: int, j: int, n: int) -> tuple[float, float]:
        return 0, beds(model, k, j, n)[1] if allowed[k][j] and data.classes[k].may_move else 0

    def from_outside(model: Any, k: int, j: int, n: int) -> tuple[float, float]:
        return 0, beds(model, k, j, n)[1] if allowed[k][j] and comes[k] else 0

    def leaves(model: Any, k: int, n: int) -> tuple[float, float]:
        return 0, most[k] if data.classes[k].may_leave else 0

    model.x = pyo.Var(model.K, model.J, model.N, domain=pyo.NonNegativeIntegers, bounds=beds)
    model.move_in = pyo.Var(model.K, model.J, model.N, bounds=into)
    model.arrive = pyo.Var(model.K, model.J, model.N, bounds=from_outside)
    model.stop = pyo.Var(model.K, model.N, bounds=leaves)
    model.exit_order = pyo.Var(model.K, model.N, bounds=leaves)
    model.order = pyo.Var(
        model.C, model.N, domain=pyo.NonNegativeIntegers, bounds=lambda m, c, n: (0, pledges[c].count)
    )

    def supply(m: Any, k: int, n: int) -> Any:
        here = sum(m.x[k, j, n] - m.arrive[k, j, n] for j in m.J) + m.stop[k, n]
        if parent[n] < 0:
            return here == sum(lists.at_start[k])
        return here - sum(m.x[k, j, parent[n]] for j in m.J) == 0

    def gains(m: Any, k: int, j: int, n: int) -> Any:
        here = m.x[k, j, n] - m.move_in[k, j, n] - m.arrive[k, j, n]
        return here <= lists.at_start[k][j] if parent[n] < 0 else here - m.x[k, j, parent[n]] <= 0

    def arrivals(m: Any, k: int, n: int) -> Any:
        called = sum(m.order[c, ordered] for c, ordered in lists.landed[k, n])
        return sum(m.arrive[k, j, n] for j in m.J) - called == int(data.arriving[k, n])

    def leavers(m: Any, k: int, n: int) -> Any:
        if parent[n] < 0:
            return m.stop[k, n] <= sum(lists.at_start[k])
        return m.stop[k, n] - sum(m.x[k, j, parent[n]] for j in m.J) <= 0

    def ceiling(m: Any, i: int, n: int) -> Any:
        limit = float(data.demand.ceilings[i, n])
        mine = [k for k in m.K if lists.component[k] == i]
        if limit == inf or not mine:
            return pyo.Constraint.Skip
        there = sum(lists.persons[k] * m.x[k, j, n] for k in mine for j in m.J)
        leaving = [stopped for stopped in lists.path[n] if (n, stopped) in lists.counted]
        return there + sum(lists.persons[k] * m.stop[k, stopped] for k in mine for stopped in leaving) <= limit

    def ceiling_within(m: Any, i: int, t: int) -> Any:
        n, month = data.demand.inner[t]
        limit, passed = float(data.demand.inner_ceilings[i, t]), month - data.mission.setting.first_month + 1
        mine = [k for k in m.K if lists.component[k] == i]
        if limit == inf or not mine:
            return pyo.Constraint.Skip
        there = sum(lists.persons[k] * m.x[k, j, n] for k in mine for j in m.J)
        leaving = [e for e in lists.path[n] if passed < data.timeline.start[e] + data.exit_lag_months]
        return there + sum(lists.persons[k] * m.stop[k, e] for k in mine for e in leaving) <= limit

    model.supply = pyo.Constraint(model.K, model.N, rule=supply)
    model.gains = pyo.Constraint(model.K, model.J, model.N, rule=gains)
    model.arrivals = pyo.Constraint(model.K, model.N, rule=arrivals)
    model.pledges = pyo.Constraint(
        model.C, model.N, rule=lambda m, c, n: sum(m.order[c, e] for e in lists.path[n]) <= pledges[c].count
    )
    model.pledge_too_late = pyo.Constraint(
        model.C, model.N,
        rule=lambda m, c, n: pyo.Constraint.Skip if (c, n) in lists.useful else m.order[c, n] <= 0,
    )  # fmt: skip
    model.exits = pyo.Constraint(
        model.K, model.N, rule=lambda m, k, n: m.stop[k, n] - sum(m.exit_order[k, e] for e in lists.told[n]) == 0
    )
    model.leavers = pyo.Constraint(model.K, model.N, rule=leavers)
    model.ceiling = pyo.Constraint(pyo.RangeSet(0, 2), model.N, rule=ceiling)
    inner = range(len(data.demand.inner))
    model.ceiling_within = pyo.Constraint(pyo.RangeSet(0, 2), inner, rule=ceiling_within)


def add_sites(model: pyo.ConcreteModel, lists: Lists) -> None:
    """Beds, guard, opening and closing, and the limit on sites."""
    data, parent, sites = lists.data, lists.parent, lists.data.mission.sites
    base = [site.kind != "partner_hospital" for site in sites]
    today = [float(site.open_at_start and ours) for site, ours in zip(sites, base, strict=True)]
    months = data.timeline.first_month

    def may_open(j: int, n: int) -> bool:
        opens_from = sites[j].opens_from
        return base[j] and opens_from is not None and months[n] >= opens_from

    def state(model: Any, j: int, n: int) -> tuple[float, float]:
        stays = sites[j].open_at_start and not sites[j].may_close
        return float(stays and base[j]), float(base[j] and (stays or sites[j].may_close or may_open(j, n)))

    model.open = pyo.Var(model.J, model.N, domain=pyo.Integers, bounds=state)
    model.opens = pyo.Var(model.J, model.N, bounds=lambda m, j, n: (0, float(may_open(j, n))))
    model.closes = pyo.Var(model.J, model.N, bounds=lambda m, j, n: (0, float(base[j] and sites[j].may_close)))
    model.open_order = pyo.Var(
        model.J, model.N, bounds=lambda m, j, n: (0, float(any(may_open(j, later) for later in m.N)))
    )

    def balance(m: Any, j: int, n: int) -> Any:
        here = m.open[j, n] - m.opens[j, n] + m.closes[j, n]
        return here == today[j] if parent[n] < 0 else here - m.open[j, parent[n]] == 0

    def closing(m: Any, j: int, n: int) -> Any:
        return m.closes[j, n] <= today[j] if parent[n] < 0 else m.closes[j, n] - m.open[j, parent[n]] <= 0

    def once(m: Any, j: int, n: int) -> Any:
        if sites[j].kind == "temporary_base":
            return pyo.Constraint.Skip
        return sum(m.opens[j, e] for e in lists.path[n]) <= 1 - today[j]

    def limit(m: Any, n: int) -> Any:
        most = float(data.demand.site_limit[n])
        return pyo.Constraint.Skip if most == inf else sum(m.open[j, n] for j in m.J if base[j]) <= most

    model.site_capacity = pyo.Constraint(
        model.J, model.N,
        rule=lambda m, j, n: sum(lists.persons[k] * m.x[k, j, n] for k in m.K) - lists.capacity[j] * m.open[j, n] <= 0,
    )  # fmt: skip
    model.guarding = pyo.Constraint(
        model.J, model.N,
        rule=lambda m, j, n: sum(lists.persons[k] * m.x[k, j, n] for k in lists.guards)
        - lists.guard[j] * m.open[j, n] >= 0,
    )  # fmt: skip
    model.site_balance = pyo.Constraint(model.J, model.N, rule=balance)
    model.site_closing = pyo.Constraint(model.J, model.N, rule=closing)
    model.site_opening = pyo.Constraint(
        model.J, model.N,
        rule=lambda m, j, n: m.opens[j, n] - sum(m.open_order[j, e] for e in lists.opening[j][n]) == 0,
    )  # fmt: skip
    model.site_opens_once = pyo.Constraint(model.J, model.N, rule=once)
    model.site_limit = pyo.Constraint(model.N, rule=limit)


def add_protection(model: pyo.ConcreteModel, lists: Lists) -> None:
    """Presence, floors and the share that the first priority counts."""
    data, demand = lists.data, lists.data.demand
    pattern, floors = data.ground.pattern.tolist(), demand.floors.tolist()
    model.y = pyo.Var(model.A, model.L, model.N, bounds=(0, 1))
    model.floor_short = pyo.Var(model.A, model.N, bounds=lambda m, a, n: (0, floors[a][n]))

    def protection(m: Any, a: int, n: int) -> Any:
        present = sum(
            weight * (m.x[k, j, n] - lists.lost[n] * m.move_in[k, j, n]) for k, j, weight in lists.reach[a, pattern[n]]
        )
        return sum(m.y[a, step, n] for step in m.L) - present <= 0

    def floor(m: Any, a: int, n: int) -> Any:
        if floors[a][n] <= 0:
            return pyo.Constraint.Skip
        held = sum(lists.worth[step] * m.y[a, step, n] for step in m.L)
        return held + m.floor_short[a, n] >= floors[a][n]

    model.protection = pyo.Constraint(model.A, model.N, rule=protection)
    model.floor = pyo.Constraint(model.A, model.N, rule=floor)
    harm = demand.harm * demand.weight
    counted = (harm / harm.sum()).tolist()
    model.goal = pyo.Objective(
        expr=sum(counted[a][n] * lists.worth[s] * model.y[a, s, n] for a in model.A for s in model.L for n in model.N),
        sense=pyo.maximize,
    )


def add_care(model: pyo.ConcreteModel, lists: Lists) -> None:
    """Enhanced care and surgery by road."""
    data, sites = lists.data, lists.data.mission.sites
    limits = pyo.RangeSet(0, 1)
    base = [float(site.kind != "partner_hospital") for site in sites]
    wet = data.ground.wet_node.tolist()
    givers = [[k for k, c in enumerate(data.classes) if c.unit_type.medical_level >= level] for level in CARE_LEVELS]
    partner = [[float(site.hospital_level >= level) for site in sites] for level in CARE_LEVELS]
    near = [
        [[np.flatnonzero(table[:, j]).tolist() for j in range(len(sites))] for table in pair]
        for pair in data.ground.care_road
    ]
    model.care_short = pyo.Var(limits, model.J, model.N, bounds=(0, 1))
    model.hospital = pyo.Var(limits, model.J, model.N, bounds=(0, 1))
    model.where = pyo.Constraint(
        limits, model.J, model.N,
        rule=lambda m, i, j, n: m.hospital[i, j, n] - sum(m.x[k, j, n] for k in givers[i]) <= partner[i][j],
    )  # fmt: skip
    model.care = pyo.Constraint(
        limits, model.J, model.N,
        rule=lambda m, i, j, n: base[j] * m.open[j, n] - m.care_short[i, j, n]
        - sum(m.hospital[i, h, n] for h in near[i][int(wet[n])][j]) <= 0,
    )  # fmt: skip


def add_money(model: pyo.ConcreteModel, lists: Lists) -> None:
    """Spending, cash and appropriations."""
    data, price, parent = lists.data, lists.data.prices, lists.parent
    month, deploy, move, home = (p.tolist() for p in (price.month, price.deploy, price.move, price.repatriate))
    run, opening, closing = ((p * data.base).tolist() for p in (price.run_site, price.open_site, price.close_site))
    leaves = data.timeline.leaf.tolist()
    model.spent = pyo.Var(model.N, domain=pyo.NonNegativeReals)
    model.so_far = pyo.Var(model.N, domain=pyo.NonNegativeReals)

    def spending(m: Any, n: int) -> Any:
        units = sum(
            month[k] * lists.months[n] * m.x[k, j, n] + move[k] * m.move_in[k, j, n] + deploy[k] * m.arrive[k, j, n]
            for k in m.K for j in m.J
        )  # fmt: skip
        leaving = sum(
            month[k] * lists.leaving[n, e] * m.stop[k, e] for k in m.K for e in lists.path[n] if (n, e) in lists.leaving
        )
        sites = sum(
            run[j] * lists.months[n] * m.open[j, n] + opening[j] * m.opens[j, n] + closing[j] * m.closes[j, n]
            for j in m.J
        )
        gone = sum(home[k] * m.stop[k, n] for k in m.K)
        return m.spent[n] - units - leaving - gone - sites == price.fixed * lists.months[n]

    def cash(m: Any, n: int) -> Any:
        limit = float(price.cash_limit[n])
        way_home = sum(home[k] * m.x[k, j, n] for k in m.K for j in m.J) if leaves[n] else 0.0
        return pyo.Constraint.Skip if limit == inf else m.so_far[n] + way_home <= limit

    def total(m: Any, n: int) -> Any:
        here = m.so_far[n] - m.spent[n]
        return here == 0 if parent[n] < 0 else here - m.so_far[parent[n]] == 0

    def approved(m: Any, i: int, n: int) -> Any:
        nodes = [e for e in lists.path[n] if price.appropriation[i, e]]
        return sum(m.spent[e] for e in nodes) <= float(price.approved[i]) if nodes else pyo.Constraint.Skip

    model.spending = pyo.Constraint(model.N, rule=spending)
    model.spent_so_far = pyo.Constraint(model.N, rule=total)
    model.cash = pyo.Constraint(model.N, rule=cash)
    model.appropriation = pyo.Constraint(pyo.RangeSet(0, len(price.approved) - 1), model.N, rule=approved)


def add_effort(model: pyo.ConcreteModel, lists: Lists) -> None:
    """Hours given by groups of sites that reach the same zones."""
    data, demand = lists.data, lists.data.demand
    asked = [m for m, presence in enumerate(demand.presence) if not presence]
    hours = demand.hours.tolist()
    usable = (data.allowed | (data.at_start > 0)).tolist()
    groups: dict[tuple[int, tuple[bool, ...]], list[int]] = {}
    for k in model.K:
        if any(lists.share[k][t] for t in asked):
            for j in model.J:
                if usable[k][j]:
                    groups.setdefault((k, tuple(lists.zones[k][j])), []).append(j)
    model.G = pyo.Set(initialize=list(range(len(groups))))
    listed = list(groups.items())
    zones = range(len(data.mission.zones))
    columns = [
        (g, t, z, n)
        for g, ((k, reach), _) in enumerate(listed) for t in asked for z in zones for n in model.N
        if lists.share[k][t] > 0 and reach[z] and hours[t][z][n] > 0
    ]  # fmt: skip
    by_group: dict[tuple[int, int], list[Any]] = {}
    by_task: dict[tuple[int, int, int], list[Any]] = {}
    for column in columns:
        g, t, z, n = column
        by_group.setdefault((g, n), []).append(column)
        by_task.setdefault((t, z, n), []).append(column)
    model.F = pyo.Set(initialize=columns, dimen=4)
    model.effort = pyo.Var(model.F, domain=pyo.NonNegativeReals)
    model.E, model.Z = pyo.Set(initialize=asked), pyo.Set(initialize=list(zones))
    model.unmet = pyo.Var(model.E, model.Z, model.N, bounds=lambda m, t, z, n: (0, hours[t][z][n]))

    def given(m: Any, g: int, n: int) -> Any:
        (k, _), here = listed[g]
        able = sum(m.x[k, j, n] - lists.lost[n] * m.move_in[k, j, n] for j in here) * lists.hours[k] * lists.months[n]
        return sum(m.effort[column] for column in by_group.get((g, n), [])) - able <= 0

    def met(m: Any, t: int, z: int, n: int) -> Any:
        counted = sum(lists.share[listed[c[0]][0][0]][t] * m.effort[c] for c in by_task.get((t, z, n), []))
        return counted + m.unmet[t, z, n] >= hours[t][z][n]

    model.effort_hours = pyo.Constraint(model.G, model.N, rule=given)
    model.effort_demand = pyo.Constraint(model.E, model.Z, model.N, rule=met)
