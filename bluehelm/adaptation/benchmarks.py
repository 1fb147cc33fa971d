"""Benchmarks as conditions: what waits for each, and what it costs if it is met later, with the plan held as it is.

Held means: units and bases that leave for a ceiling or limit that hangs on the benchmark stay as many months longer as
it is put off, within the months planned, and are paid; an actor whose handover hangs on it holds nothing until then.
What leaves earlier than it must is priced with it, so the figure is rather too high than too low, and it never falls
with the delay. A plan made again would find something better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bluehelm.adaptation.transition_handover import Break, held_cases
from bluehelm.adaptation.transition_months import Months
from bluehelm.mission.mandate import Condition
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month

DELAYS = (3, 6)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the mandate that hangs on a benchmark. kind: name of its list; what: component, task or actor; amount:
    persons or sites, 0 where it has none; from_month: month in which it takes effect, blank where never."""

    kind: str
    what: str
    amount: float
    from_month: str


@dataclass(frozen=True, slots=True)
class Delay:
    """A benchmark met some months later. put_off: by how many months each waiting row takes effect later, the largest.

    cost_usd: of keeping what would have left. broken: floors that no longer hold. how: "held", or "planned again";
    protected_share: of the plan made again; None where held.
    """

    months: int
    put_off: int
    cost_usd: float
    broken: tuple[Break, ...]
    how: str = "held"
    protected_share: float | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark, what waits for it, and what delays cost. met_in: month in which it is met; blank where never, or
    where the futures of the mission say it. chance: of the futures in which it is met by the end."""

    condition_id: str
    text: str
    met_in: str
    chance: float
    waiting: tuple[Waiting, ...]
    delays: tuple[Delay, ...]


def benchmarks(months: Months) -> tuple[Benchmark, ...]:
    """List every benchmark of the mandate with what waits for it and what 3 and 6 months of delay cost."""
    mission = months.mission
    return tuple(
        Benchmark(
            condition_id=one.condition_id,
            text=one.text,
            met_in=str(one.holds_from) if one.holds_from is not None and not mission.nodes else "",
            chance=_chance(mission, one),
            waiting=waiting_for(mission, one),
            delays=() if mission.nodes or one.holds_from is None else tuple(_delay(months, one, d) for d in DELAYS),
        )
        for one in mission.mandate.condition
    )


def waiting_for(mission: Mission, one: Condition) -> tuple[Waiting, ...]:
    """List the rows of the mandate and the budget that hang on a benchmark."""
    mandate, name = mission.mandate, one.condition_id
    rows: list[tuple[str, str, float, Month]] = [
        *(("ceiling", c.component, float(c.persons), c.from_month) for c in mandate.ceiling if c.when == name),
        *(("site_limit", "", float(s.at_most), s.from_month) for s in mandate.site_limit if s.when == name),
        *(("task", t.task_id, 0.0, t.starts) for t in mandate.task if t.when == name),
        *(("handover", h.handover_id, h.share_full, h.from_month) for h in mandate.handover if h.when == name),
        *(
            ("budget", line.kind, float(line.amount_usd), line.first_month)
            for line in mission.budget
            if getattr(line, "when", "") == name
        ),
    ]
    met = one.holds_from
    return tuple(
        Waiting(kind, what, amount, str(max(since, met)) if met is not None else "")
        for kind, what, amount, since in rows
    )


def later_by(mission: Mission, condition_id: str, months: int) -> Mapping[str, Condition]:
    """Return the benchmarks of a mission by name, one of them met some months later."""
    return {
        c.condition_id: c if c.condition_id != condition_id or c.holds_from is None else _moved(c, months)
        for c in mission.mandate.condition
    }


def _moved(one: Condition, months: int) -> Condition:
    assert one.holds_from is not None, "a benchmark that is never met cannot be met later"
    return replace(one, holds_from=one.holds_from + months)


def _chance(mission: Mission, one: Condition) -> float:
    if not mission.nodes:
        return 1.0 if one.holds_from is not None else 0.0
    by_name = {node.node_id: node for node in mission.nodes}
    parents = {node.parent_id for node in mission.nodes}
    total = 0.0
    for node in mission.nodes:
        if node.node_id in parents or one.condition_id not in node.conditions:
            continue
        share, at = node.probability, node.parent_id
        while at:
            share, at = share * by_name[at].probability, by_name[at].parent_id
        total += share
    return total


def _delay(months: Months, one: Condition, later: int) -> Delay:
    assert one.holds_from is not None, "only what is met can be met later"
    mission, end = months.mission, months.all[-1] + 1
    cost, most = 0.0, 0
    effects = [(c.from_month, c.component) for c in mission.mandate.ceiling if c.when == one.condition_id]
    effects += [(s.from_month, "") for s in mission.mandate.site_limit if s.when == one.condition_id]
    for since, component in effects:
        before, after = max(since, one.holds_from), max(since, one.holds_from + later)
        put_off = max(0, min(after, end) - min(before, end))
        most = max(most, put_off)
        if put_off:
            cost += put_off * _leaves_for(months, component, before, one.condition_id)
    handovers = [h for h in mission.mandate.handover if h.when == one.condition_id]
    met = one.holds_from + later
    most = max([most, *(min(met, end) - min(max(h.from_month, one.holds_from), end) for h in handovers)])
    not_before = {h.handover_id: met for h in handovers}
    broken = held_cases(months, not_before=not_before)[1].broken if handovers else ()
    return Delay(later, most, cost, broken)


def _leaves_for(months: Months, component: str, month: Month, condition_id: str) -> float:
    """Cost of a month of what leaves for a step: units of a component, or bases, gone since the step before it."""
    mandate = months.mission.mandate
    rows = [c for c in mandate.ceiling if c.component == component] if component else list(mandate.site_limit)
    earlier = [row.from_month for row in rows if row.from_month < month and row.when != condition_id]
    start = max([months.all[0], *earlier])
    # A step is counted at the end of its month: what stood when the step before it was met is what may leave for it.
    if component:
        then, now = _units(months, component, start, today=not earlier), _units(months, component, month, today=False)
        return sum(max(0, count - now.get(c, 0)) * months.unit_cost_usd(c) for c, count in then.items())
    gone = months.open_in(start) - months.open_in(min(month, months.all[-1]))
    return sum(months.site_price("site_run_usd_per_month", site_id) for site_id in gone)


def _units(months: Months, component: str, month: Month, *, today: bool) -> dict[str, int]:
    if today:
        return {
            class_id: int(str(row["units_at_start"]))
            for class_id, row in months.classes.items()
            if row["component"] == component
        }
    there = months.count(min(month, months.all[-1]))
    return {c: units for c, units in there.items() if months.classes[c]["component"] == component}
