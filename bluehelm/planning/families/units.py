"""Units: what stands where, what comes and goes, one lag after it was ordered, and under which ceilings."""

from __future__ import annotations

import numpy as np

from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.columns import Columns
from bluehelm.planning.gather import PlanData
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import FloatArray, IntArray, Model


def add_supply(model: Model, data: PlanData, at: Columns) -> None:
    """Units of a class are those of the parent node, plus what arrives, less what stops work. rows: supply."""
    today = np.where(data.timeline.parent < 0, data.at_start.sum(axis=1)[:, None], 0)
    rows = model.rows("supply", (data.class_ids, data.timeline.node_ids), lower=today, upper=today)
    model.add(rows[:, None], at.x)
    child = np.flatnonzero(data.timeline.parent >= 0)
    model.add(rows[:, None, child], at.x[..., data.timeline.parent[child]], -1.0)
    model.add(rows[:, None], at.arrive, -1.0)
    model.add(rows, at.stop)


def add_gains(model: Model, data: PlanData, at: Columns) -> None:
    """A site gains units by a move or an arrival only; what others lose follows from the sum. rows: gains."""
    today = np.where(data.timeline.parent < 0, data.at_start[:, :, None], 0)
    rows = model.rows("gains", (data.class_ids, data.site_ids, data.timeline.node_ids), upper=today)
    model.add(rows, at.x)
    child = np.flatnonzero(data.timeline.parent >= 0)
    model.add(rows[..., child], at.x[..., data.timeline.parent[child]], -1.0)
    model.add(rows, at.move_in, -1.0)
    model.add(rows, at.arrive, -1.0)


def add_arrivals(model: Model, data: PlanData, at: Columns) -> None:
    """What arrives was ordered one lead time earlier, or is on its way today. rows: arrivals."""
    rows = model.rows("arrivals", (data.class_ids, data.timeline.node_ids), lower=data.arriving, upper=data.arriving)
    model.add(rows[:, None], at.arrive)
    place = {class_id: k for k, class_id in enumerate(data.class_ids)}
    for c, pledge in enumerate(data.pledge_classes):
        ordered, lands = order_landing(data, c)
        model.add(rows[place[pledge.unit_class], lands], at.order[c, ordered], -1.0)


def order_landing(data: PlanData, c: int) -> tuple[IntArray, IntArray]:
    """Pair the nodes where a pledge class may be ordered with those where it arrives before it expires."""
    pledge, line = data.pledge_classes[c], data.timeline
    ordered, lands = line.landing(float(data.lead_months[c]))
    from_month = np.array([line.first_month[m] >= pledge.available_from for m in ordered], bool)
    in_time = np.array([line.first_month[n] <= pledge.last_month for n in lands], bool)
    return ordered[from_month & in_time], lands[from_month & in_time]


def add_pledges(model: Model, data: PlanData, at: Columns) -> None:
    """On every path no more pledges are called than were made, and none that would come too late. rows: pledges."""
    line = data.timeline
    names = [pledge.pledge_class for pledge in data.pledge_classes]
    counts = np.array([pledge.count for pledge in data.pledge_classes], float)[:, None]
    rows = model.rows("pledges", (names, line.node_ids), upper=counts)
    later, earlier = ancestry(line)
    model.add(rows[:, later], at.order[:, earlier])
    too_late = np.ones((len(names), len(line)), bool)
    for c in range(len(names)):
        too_late[c, order_landing(data, c)[0]] = False
    shut = model.rows("pledge_too_late", (names, line.node_ids), upper=np.where(too_late, 0.0, np.inf))
    model.add(shut, at.order, too_late.astype(float))


def ancestry(line: Timeline) -> tuple[IntArray, IntArray]:
    """Pair every node with itself and all nodes before it on its path: (later, earlier)."""
    pairs = [(n, m) for n in range(len(line)) for m in line.path(n)]
    later, earlier = np.array(pairs, np.int32).T
    return later, earlier


def add_exits(model: Model, data: PlanData, at: Columns) -> None:
    """Units stop work one notice after they were told to leave; only those at work before can. rows: exits, leavers."""
    rows = model.rows("exits", (data.class_ids, data.timeline.node_ids), lower=0.0, upper=0.0)
    model.add(rows, at.stop)
    ordered, lands = data.timeline.landing(data.exit_notice_months)
    model.add(rows[:, lands], at.exit_order[:, ordered], -1.0)
    today = np.where(data.timeline.parent < 0, data.at_start.sum(axis=1)[:, None], 0)
    leavers = model.rows("leavers", (data.class_ids, data.timeline.node_ids), upper=today)
    model.add(leavers, at.stop)
    child = np.flatnonzero(data.timeline.parent >= 0)
    model.add(leavers[:, None, child], at.x[..., data.timeline.parent[child]], -1.0)


def months_leaving(data: PlanData) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Follow units that stopped in one node through the nodes in which they are still in theatre.

    Returns (later, stopped, months, counted): months in theatre within the later node, and 1 where they still
    count on its last day.
    """
    line = data.timeline
    later, stopped = ancestry(line)
    out = line.start[stopped] + data.exit_lag_months
    months = np.minimum(out, line.end[later]) - np.maximum(line.start[stopped], line.start[later])
    return later, stopped, np.maximum(months, 0.0), (line.end[later] < out).astype(float)


def leaving_within(data: PlanData) -> tuple[IntArray, IntArray]:
    """Pair each month that ends within a node with the nodes whose leavers still count on its last day."""
    line, first = data.timeline, data.mission.setting.first_month
    pairs = [
        (i, m)
        for i, (n, month) in enumerate(data.demand.inner)
        for m in line.path(n)
        if month - first + 1 < line.start[m] + data.exit_lag_months
    ]
    month_end, stopped = np.array(pairs, np.int32).reshape(-1, 2).T
    return month_end, stopped


def add_ceilings(model: Model, data: PlanData, at: Columns) -> None:
    """Persons in theatre at the end of every month stay under the ceiling of their component.

    rows: ceiling (the last day of each node), ceiling_within (ends of the months before).
    """
    component = np.array([COMPONENTS.index(c.unit_type.component) for c in data.classes], np.int32)
    persons = data.persons[:, None, None].astype(float)
    rows = model.rows("ceiling", (COMPONENTS, data.timeline.node_ids), upper=data.demand.ceilings)
    model.add(rows[component][:, None, :], at.x, persons)
    later, stopped, _, counted = months_leaving(data)
    model.add(rows[component][:, later], at.stop[:, stopped], data.persons[:, None] * counted)
    within = model.rows("ceiling_within", (COMPONENTS, inner_names(data)), upper=data.demand.inner_ceilings)
    nodes = np.array([n for n, _ in data.demand.inner], np.int32)
    model.add(within[component][:, None, :], at.x[:, :, nodes], persons)
    month_end, stopped = leaving_within(data)
    model.add(within[component][:, month_end], at.stop[:, stopped], data.persons[:, None].astype(float))


def inner_names(data: PlanData) -> tuple[str, ...]:
    """Name the months that end within a node: by the month alone where there is one future."""
    line = data.timeline
    alone = int(line.leaf.sum()) == 1
    return tuple(str(month) if alone else f"{line.node_ids[n]} {month}" for n, month in data.demand.inner)
