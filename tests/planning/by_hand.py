"""The constraint families written out a second time, term by term from the formulas on the pages; no arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

from bluehelm.planning.build import PlanModel
from bluehelm.planning.gather import PlanData
from tests.planning.by_hand_restrictions import is_lost, left, lost_from

Column = tuple[str, tuple[str, ...]]
Terms = dict[Column, float]
Row = tuple[tuple[str, ...], Terms, float, float]


@dataclass
class Hand:
    """Short names for what the formulas speak of; indices k, j, a, z, m, n as on the pages."""

    data: PlanData
    built: PlanModel

    def __post_init__(self) -> None:
        self.nodes = range(len(self.data.timeline))
        self.classes = range(len(self.data.classes))
        self.sites = range(len(self.data.mission.sites))
        self.node_id, self.class_id = self.data.timeline.node_ids, self.data.class_ids
        self.site_id, self.area_id = self.data.site_ids, self.data.area_ids

    def before(self, n: int) -> int:
        return int(self.data.timeline.parent[n])

    def path(self, n: int) -> list[int]:
        return [*self.path(self.before(n)), n] if self.before(n) >= 0 else [n]

    def landing(self, n: int, lag: float) -> list[int]:
        """Nodes whose orders land in n: due after the start of the node before, and by the start of this one."""
        start = self.data.timeline.start
        since = start[self.before(n)] if self.before(n) >= 0 else -inf
        return [m for m in self.path(n) if since < start[m] + lag <= start[n]]

    def x(self, k: int, j: int, n: int, block: str = "units") -> Column:
        return block, (self.class_id[k], self.site_id[j], self.node_id[n])

    def kn(self, block: str, k: int, n: int) -> Column:
        return block, (self.class_id[k], self.node_id[n])

    def jn(self, block: str, j: int, n: int) -> Column:
        return block, (self.site_id[j], self.node_id[n])

    def order(self, c: int, n: int) -> Column:
        return "order", (self.data.pledge_classes[c].pledge_class, self.node_id[n])

    def in_time(self, c: int, m: int, n: int) -> bool:
        pledge, months = self.data.pledge_classes[c], self.data.timeline.first_month
        return months[m] >= pledge.available_from and months[n] <= pledge.last_month


def supply(h: Hand) -> Iterator[Row]:
    for k in h.classes:
        for n in h.nodes:
            terms: Terms = {h.x(k, j, n): 1.0 for j in h.sites}
            terms |= {h.x(k, j, n, "arrive"): -1.0 for j in h.sites} | {h.kn("stop", k, n): 1.0}
            today = float(h.data.at_start[k].sum())
            if h.before(n) >= 0:
                terms |= {h.x(k, j, h.before(n)): -1.0 for j in h.sites}
                today = 0.0
            yield (h.class_id[k], h.node_id[n]), terms, today, today


def gains(h: Hand) -> Iterator[Row]:
    for k in h.classes:
        for j in h.sites:
            for n in h.nodes:
                terms = {h.x(k, j, n): 1.0, h.x(k, j, n, "move_in"): -1.0, h.x(k, j, n, "arrive"): -1.0}
                if h.before(n) >= 0:
                    terms[h.x(k, j, h.before(n))] = -1.0
                most = 0.0 if h.before(n) >= 0 else float(h.data.at_start[k, j])
                yield (h.class_id[k], h.site_id[j], h.node_id[n]), terms, -inf, most


def arrivals(h: Hand) -> Iterator[Row]:
    for k in h.classes:
        for n in h.nodes:
            terms: Terms = {h.x(k, j, n, "arrive"): 1.0 for j in h.sites}
            for c, pledge in enumerate(h.data.pledge_classes):
                if pledge.unit_class == h.class_id[k]:
                    landed = h.landing(n, float(h.data.lead_months[c]))
                    terms |= {h.order(c, m): -1.0 for m in landed if h.in_time(c, m, n)}
            due = float(h.data.arriving[k, n])
            yield (h.class_id[k], h.node_id[n]), terms, due, due


def pledges(h: Hand) -> Iterator[Row]:
    for c, pledge in enumerate(h.data.pledge_classes):
        for n in h.nodes:
            terms: Terms = {h.order(c, m): 1.0 for m in h.path(n)}
            yield (pledge.pledge_class, h.node_id[n]), terms, -inf, float(pledge.count)


def pledge_too_late(h: Hand) -> Iterator[Row]:
    for c, pledge in enumerate(h.data.pledge_classes):
        useful = {m for n in h.nodes for m in h.landing(n, float(h.data.lead_months[c])) if h.in_time(c, m, n)}
        for m in h.nodes:
            key = pledge.pledge_class, h.node_id[m]
            yield (key, {}, -inf, inf) if m in useful else (key, {h.order(c, m): 1.0}, -inf, 0.0)


def exits(h: Hand) -> Iterator[Row]:
    for k in h.classes:
        for n in h.nodes:
            terms = {h.kn("stop", k, n): 1.0}
            terms |= {h.kn("exit_order", k, m): -1.0 for m in h.landing(n, h.data.exit_notice_months)}
            yield (h.class_id[k], h.node_id[n]), terms, 0.0, 0.0


def leavers(h: Hand) -> Iterator[Row]:
    for k in h.classes:
        for n in h.nodes:
            before = h.before(n)
            terms = {h.kn("stop", k, n): 1.0}
            terms |= {h.x(k, j, before): -1.0 for j in h.sites} if before >= 0 else {}
            yield (h.class_id[k], h.node_id[n]), terms, -inf, 0.0 if before >= 0 else float(h.data.at_start[k].sum())


def ceiling(h: Hand) -> Iterator[Row]:
    line = h.data.timeline
    for i, component in enumerate(("military", "police", "civilian")):
        for n in h.nodes:
            terms: Terms = {}
            for k in h.classes:
                if h.data.classes[k].unit_type.component == component:
                    persons = float(h.data.persons[k])
                    terms |= {h.x(k, j, n): persons for j in h.sites}
                    still_there = [m for m in h.path(n) if line.end[n] < line.start[m] + h.data.exit_lag_months]
                    terms |= {h.kn("stop", k, m): persons for m in still_there}
            yield (component, h.node_id[n]), terms, -inf, float(h.data.demand.ceilings[i, n])


def ceiling_within(h: Hand) -> Iterator[Row]:
    line, first = h.data.timeline, h.data.mission.setting.first_month
    several = len(h.nodes) - len({h.before(n) for n in h.nodes} - {-1}) > 1
    for i, component in enumerate(("military", "police", "civilian")):
        for at, (n, month) in enumerate(h.data.demand.inner):
            terms: Terms = {}
            for k in h.classes:
                if h.data.classes[k].unit_type.component == component:
                    persons = float(h.data.persons[k])
                    terms |= {h.x(k, j, n): persons for j in h.sites}
                    still_there = [m for m in h.path(n) if month - first + 1 < line.start[m] + h.data.exit_lag_months]
                    terms |= {h.kn("stop", k, m): persons for m in still_there}
            name = f"{h.node_id[n]} {month}" if several else str(month)
            yield (component, name), terms, -inf, float(h.data.demand.inner_ceilings[i, at])


def site_capacity(h: Hand) -> Iterator[Row]:
    for j in h.sites:
        for n in h.nodes:
            terms = {h.x(k, j, n): float(h.data.persons[k]) for k in h.classes}
            terms[h.jn("open", j, n)] = -float(h.data.capacity[j])
            yield (h.site_id[j], h.node_id[n]), terms, -inf, 0.0


def guard(h: Hand) -> Iterator[Row]:
    for j in h.sites:
        for n in h.nodes:
            guards = [k for k in h.classes if h.data.classes[k].unit_type.guards]
            terms = {h.x(k, j, n): float(h.data.persons[k]) for k in guards}
            terms[h.jn("open", j, n)] = -float(h.data.guard[j])
            yield (h.site_id[j], h.node_id[n]), terms, 0.0, inf


def open_today(h: Hand, j: int) -> float:
    site = h.data.mission.sites[j]
    return float(site.open_at_start and site.kind != "partner_hospital")


def site_balance(h: Hand) -> Iterator[Row]:
    for j in h.sites:
        for n in h.nodes:
            terms = {h.jn("open", j, n): 1.0, h.jn("opens", j, n): -1.0, h.jn("closes", j, n): 1.0}
            today = open_today(h, j)
            if h.before(n) >= 0:
                terms[h.jn("open", j, h.before(n))] = -1.0
                today = 0.0
            yield (h.site_id[j], h.node_id[n]), terms, today, today


def site_closing(h: Hand) -> Iterator[Row]:
    for j in h.sites:
        for n in h.nodes:
            terms, before = {h.jn("closes", j, n): 1.0}, h.before(n)
            if before >= 0:
                terms[h.jn("open", j, before)] = -1.0
            yield (h.site_id[j], h.node_id[n]), terms, -inf, 0.0 if before >= 0 else open_today(h, j)


def site_opening(h: Hand) -> Iterator[Row]:
    for j in h.sites:
        for n in h.nodes:
            terms = {h.jn("opens", j, n): 1.0}
            terms |= {h.jn("open_order", j, m): -1.0 for m in h.landing(n, float(h.data.opening_lead[j]))}
            yield (h.site_id[j], h.node_id[n]), terms, 0.0, 0.0


def site_opens_once(h: Hand) -> Iterator[Row]:
    for j in h.sites:
        temporary = h.data.mission.sites[j].kind == "temporary_base"
        for n in h.nodes:
            terms: Terms = {h.jn("opens", j, m): 1.0 for m in h.path(n)}
            terms |= {h.jn("closes", j, m): -1.0 for m in h.path(n) if lost_from(h, j, m)}
            yield (h.site_id[j], h.node_id[n]), terms, -inf, inf if temporary else 1.0 - open_today(h, j)


def displaced(h: Hand) -> Iterator[Row]:
    ever = [j for j in h.sites if any(is_lost(h, j, n) for n in h.nodes)]
    for k in h.classes:
        may_be_there = any(h.data.may_stand[k, j] for j in ever)
        for n in h.nodes if may_be_there and not h.data.classes[k].may_move else ():
            terms = {h.x(k, j, n, "move_in"): 1.0 for j in h.sites}
            left = [j for j in h.sites if lost_from(h, j, n)]
            today = float(sum(h.data.at_start[k, j] for j in left)) if h.before(n) < 0 else 0.0
            terms |= {h.x(k, j, h.before(n)): -1.0 for j in left if h.before(n) >= 0}
            yield (h.class_id[k], h.node_id[n]), terms, -inf, today


def site_limit(h: Hand) -> Iterator[Row]:
    ours = [j for j in h.sites if h.data.mission.sites[j].kind != "partner_hospital"]
    for n in h.nodes:
        yield (h.node_id[n],), {h.jn("open", j, n): 1.0 for j in ours}, -inf, float(h.data.demand.site_limit[n])


def sigma(h: Hand, k: int, j: int, a: int, n: int) -> float:
    """Steps that one unit counts, from the reach of its group (whose travel times other tests hold)."""
    weight = h.data.ground.sigma[int(h.data.ground.pattern[n])][int(h.data.ground.group[k])]
    return float(weight[j, a])


def protection(h: Hand) -> Iterator[Row]:
    for a in range(len(h.area_id)):
        for n in h.nodes:
            steps = [str(step + 1) for step in range(h.data.steps)]
            terms: Terms = {("protection", (h.area_id[a], step, h.node_id[n])): 1.0 for step in steps}
            for k in h.classes:
                for j in h.sites:
                    if h.data.allowed[k, j] or h.data.at_start[k, j]:
                        weight = sigma(h, k, j, a, n)
                        terms[h.x(k, j, n)] = -weight
                        terms[h.x(k, j, n, "move_in")] = weight * float(h.data.lost[n])
            yield (h.area_id[a], h.node_id[n]), terms, -inf, 0.0


def floor(h: Hand) -> Iterator[Row]:
    q = h.data.q
    for a, area in enumerate(h.area_id):
        for n in h.nodes:
            least = float(h.data.demand.floors[a, n])
            terms: Terms = {("floor_short", (area, h.node_id[n])): 1.0}
            for step in range(h.data.steps):
                terms["protection", (area, str(step + 1), h.node_id[n])] = q * (1 - q) ** step
            yield ((area, h.node_id[n]), terms, least, inf) if least > 0 else ((area, h.node_id[n]), {}, -inf, inf)


def tail(h: Hand) -> Iterator[Row]:
    q, line, demand = h.data.q, h.data.timeline, h.data.demand
    for m, asked in enumerate(demand.tasks):
        if not demand.presence[m] or h.data.tail == 0:
            continue
        for s in (n for n in h.nodes if n not in {h.before(n) for n in h.nodes}):
            terms: Terms = {("tail_level", (asked.task_id,)): 1.0, ("tail_over", (asked.task_id, h.node_id[s])): 1.0}
            total = 0.0
            for n in h.path(s):
                months = demand.months_asked[m, n] / line.months[n] * demand.weight[n] / line.probability[n]
                for a, area in enumerate(h.area_id):
                    harm = demand.harm[a, n] * demand.area_in_task[m, a] * months * left(h, m, a, n)
                    total += harm
                    for step in range(h.data.steps):
                        terms["protection", (area, str(step + 1), h.node_id[n])] = harm * q * (1 - q) ** step
            yield (asked.task_id, h.node_id[s]), terms, total, inf


def effort_columns(h: Hand) -> Iterator[tuple[Column, int, int, int, int, int]]:
    e = h.built.effort
    for i, parts in enumerate(zip(e.unit_class, e.group, e.task, e.zone, e.node, strict=True)):
        k, g, m, z, n = (int(part) for part in parts)
        yield ("effort", (str(i),)), k, g, m, z, n


def effort_hours(h: Hand) -> Iterator[Row]:
    rows: dict[tuple[int, int], Terms] = defaultdict(dict)
    class_of = {}
    for column, k, g, _, _, n in effort_columns(h):
        rows[g, n][column] = 1.0
        class_of[g] = k
    for g, sites in enumerate(h.built.effort.sites):
        label = h.built.model.row_blocks["effort_hours"].axes[0][g]
        k = class_of.get(g, h.class_id.index(label.rpartition("/")[0]))
        for n in h.nodes:
            terms = rows[g, n]
            for j in h.sites:
                if sites[j]:
                    hours = float(h.data.hours[k] * h.data.timeline.months[n])
                    terms[h.x(k, j, n)] = -hours
                    terms[h.x(k, j, n, "move_in")] = hours * float(h.data.lost[n])
            yield (label, h.node_id[n]), terms, -inf, 0.0


def effort_demand(h: Hand) -> Iterator[Row]:
    rows: dict[tuple[int, int, int], Terms] = defaultdict(dict)
    for column, k, _, m, z, n in effort_columns(h):
        c, task = h.data.classes[k], h.data.demand.tasks[m]
        rows[m, z, n][column] = c.unit_type.effort_share[task.kind] if task.kind not in c.not_tasks else 0.0
    for m, task in enumerate(h.data.demand.tasks):
        if h.data.demand.presence[m]:
            continue
        for z, zone in enumerate(h.data.mission.zones):
            for n in h.nodes:
                key = task.task_id, zone, h.node_id[n]
                yield key, rows[m, z, n] | {("unmet", key): 1.0}, float(h.data.demand.hours[m, z, n]), inf


def spending(h: Hand) -> Iterator[Row]:
    line, price = h.data.timeline, h.data.prices
    for n in h.nodes:
        months = float(line.months[n])
        terms: Terms = {("spent", (h.node_id[n],)): 1.0}
        for k in h.classes:
            for j in h.sites:
                terms[h.x(k, j, n)] = -float(price.month[k]) * months
                terms[h.x(k, j, n, "move_in")] = -float(price.move[k])
                terms[h.x(k, j, n, "arrive")] = -float(price.deploy[k])
            for m in h.path(n):
                out = line.start[m] + h.data.exit_lag_months
                leaving = max(0.0, float(min(out, line.end[n]) - max(line.start[m], line.start[n])))
                paid = float(price.month[k]) * leaving + (float(price.repatriate[k]) if m == n else 0.0)
                terms[h.kn("stop", k, m)] = -paid
        for j in h.sites:
            runs = h.data.mission.sites[j].kind != "partner_hospital"
            terms[h.jn("open", j, n)] = -float(price.run_site[j]) * months * runs
            terms[h.jn("opens", j, n)] = -float(price.open_site[j])
            terms[h.jn("closes", j, n)] = -float(price.close_site[j])
        yield (h.node_id[n],), terms, price.fixed * months, price.fixed * months


def spent_so_far(h: Hand) -> Iterator[Row]:
    for n in h.nodes:
        terms: Terms = {("spent_so_far", (h.node_id[n],)): 1.0, ("spent", (h.node_id[n],)): -1.0}
        if h.before(n) >= 0:
            terms["spent_so_far", (h.node_id[h.before(n)],)] = -1.0
        yield (h.node_id[n],), terms, 0.0, 0.0


def cash(h: Hand) -> Iterator[Row]:
    parents = {h.before(n) for n in h.nodes}
    for n in h.nodes:
        terms: Terms = {("spent_so_far", (h.node_id[n],)): 1.0}
        if n not in parents:
            terms |= {h.x(k, j, n): float(h.data.prices.repatriate[k]) for k in h.classes for j in h.sites}
        yield (h.node_id[n],), terms, -inf, float(h.data.prices.cash_limit[n])


def appropriation(h: Hand) -> Iterator[Row]:
    lines = [line for line in h.data.mission.budget if line.kind == "appropriation"]
    for run, approved in enumerate(h.data.prices.approved):
        for n in h.nodes:
            nodes = [m for m in h.path(n) if h.data.prices.appropriation[run, m]]
            terms: Terms = {("spent", (h.node_id[m],)): 1.0 for m in nodes}
            line = lines[run]
            holds = not line.when or (
                h.data.prices.appropriation[run, n] and line.when in h.data.timeline.conditions[n]
            )
            yield (str(run + 1), h.node_id[n]), terms, -inf, float(approved) if holds else inf


FAMILIES: tuple[Callable[[Hand], Iterator[Row]], ...] = (
    supply, gains, arrivals, pledges, pledge_too_late, exits, leavers, ceiling, ceiling_within, site_capacity,
    guard, site_balance, site_closing, site_opening, site_opens_once, site_limit, displaced, protection, floor, tail,
    effort_hours, effort_demand, spending, spent_so_far, cash, appropriation,
)  # fmt: skip
