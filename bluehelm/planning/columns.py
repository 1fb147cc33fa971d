"""Decisions of the plan model, as blocks of columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import BoolArray, IntArray, Model


@dataclass(frozen=True, slots=True)
class Columns:
    """Column indices; K classes, J sites, A areas, L steps, N nodes, C pledge classes, E effort tasks, Z zones.

    x: (K, J, N) whole units at work. move_in, arrive: (K, J, N) what comes at the start of a node, from another site or
    from outside. stop: (K, N) units that end their work; from which sites follows from x. order: (C, N) pledges called.
    exit_order: (K, N) units told to leave. opened: (J, N) 0/1, with opens, closes and open_order. y: (A, L, N) steps of
    protection. unmet: (E, Z, N) hours. care_short: (2, J, N) sites without care. floor_short: (A, N). minimum_short:
    (M,) what a task lacks to its minimum. tail_level: (T,) and tail_over: (T, leaves) deaths not answered on a path, up
    to a level and beyond it. spent, spent_so_far: (N,) thousand USD.
    """

    x: IntArray
    move_in: IntArray
    arrive: IntArray
    stop: IntArray
    order: IntArray
    exit_order: IntArray
    opened: IntArray
    opens: IntArray
    closes: IntArray
    open_order: IntArray
    y: IntArray
    unmet: IntArray
    care_short: IntArray
    floor_short: IntArray
    minimum_short: IntArray
    tail_level: IntArray
    tail_over: IntArray
    spent: IntArray
    spent_so_far: IntArray


def add_columns(model: Model, data: PlanData) -> Columns:
    """Add the decisions, with the bounds that a single decision obeys by itself."""
    nodes = data.timeline.node_ids
    kjn = (data.class_ids, data.site_ids, nodes)
    jn = (data.site_ids, nodes)
    most = _most_units(data)[:, :, None]
    may_move_in = data.allowed[:, :, None] & data.may_move[:, None, :]
    may_leave = np.array([c.may_leave for c in data.classes])[:, None]
    most_stops = np.where(may_leave, data.most_units[:, None], 0)
    comes = (data.allowed & (data.most_units > data.at_start.sum(axis=1))[:, None])[:, :, None]
    step_ids = [str(step + 1) for step in range(data.steps)]
    demand = data.demand
    task_ids = [task.task_id for task in demand.tasks]
    effort_ids = [task_id for task_id, presence in zip(task_ids, demand.presence, strict=True) if not presence]
    tail_ids = [task_ids[m] for m in tail_tasks(data)]
    pledge_ids = [p.pledge_class for p in data.pledge_classes]
    pledge_counts = np.array([p.count for p in data.pledge_classes])[:, None]
    opened, opens, closes, open_order = _site_columns(model, data)
    return Columns(
        x=model.columns("units", kjn, upper=most, integer=True),
        move_in=model.columns("move_in", kjn, upper=np.where(may_move_in, most, 0)),
        # Whole, else a unit could land in part at one site and in part at the next, and lose less time on the move.
        arrive=model.columns("arrive", kjn, upper=np.where(comes, most, 0), integer=comes),
        stop=model.columns("stop", (data.class_ids, nodes), upper=most_stops),
        order=model.columns("order", (pledge_ids, nodes), upper=pledge_counts, integer=True),
        exit_order=model.columns("exit_order", (data.class_ids, nodes), upper=most_stops),
        opened=opened,
        opens=opens,
        closes=closes,
        open_order=open_order,
        y=model.columns("protection", (data.area_ids, step_ids, nodes), upper=1.0),
        unmet=model.columns("unmet", (effort_ids, data.mission.zones, nodes), upper=demand.hours[~demand.presence]),
        care_short=model.columns("care_short", (("enhanced_care", "surgery"), *jn), upper=1.0),
        floor_short=model.columns("floor_short", (data.area_ids, nodes), upper=demand.floors),
        minimum_short=model.columns("minimum_short", (task_ids,), upper=1.0),
        tail_level=model.columns("tail_level", (tail_ids,)),
        tail_over=model.columns("tail_over", (tail_ids, leaf_ids(data))),
        spent=model.columns("spent", (nodes,)),
        spent_so_far=model.columns("spent_so_far", (nodes,)),
    )


def tail_tasks(data: PlanData) -> IntArray:
    """Return the tasks whose harm is measured over the worst futures: those that presence answers, where asked."""
    return np.flatnonzero(data.demand.presence & (data.tail > 0))


def leaf_ids(data: PlanData) -> tuple[str, ...]:
    """Name the futures, each by its last node."""
    return tuple(data.timeline.node_ids[n] for n in np.flatnonzero(data.timeline.leaf))


def _most_units(data: PlanData) -> IntArray:
    """Most units of a class that can ever stand at a site: its beds and the class's supply; who stays put is bound."""
    beds = np.floor(data.capacity / np.maximum(data.persons, 1)[:, None]).astype(np.int64)
    anywhere = np.where(data.allowed, np.minimum(data.most_units[:, None], beds), 0)
    return np.where(data.roams[:, None], np.maximum(anywhere, data.at_start), data.at_start)


def _site_columns(model: Model, data: PlanData) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Open or closed, and the deeds that change it: who may close, who may open and from when.

    A lost site closes whatever it may; one that stood may open again once it is no longer lost.
    """
    sites, line, restricted = data.mission.sites, data.timeline, data.restricted
    jn = (data.site_ids, line.node_ids)
    may_open = np.zeros((len(sites), len(line)), bool)
    for j, site in enumerate(sites):
        if site.opens_from is not None and site.kind != "partner_hospital":
            may_open[j] = [month >= site.opens_from for month in line.first_month]
    open_today = np.array([site.open_at_start for site in sites], bool)[:, None] & data.base[:, None]
    may_open = (may_open | (open_today & restricted.was_lost)) & ~restricted.lost
    may_close: BoolArray = np.array([site.may_close for site in sites], bool)[:, None]
    stays = open_today & ~may_close & ~restricted.lost & ~restricted.was_lost
    ever_opens = may_open.max(axis=1, keepdims=True).astype(float)
    ever = (stays | may_close | may_open) & data.base[:, None] & ~restricted.lost
    closes = (may_close | restricted.lost) & data.base[:, None]
    return (
        model.columns("open", jn, lower=stays.astype(float), upper=ever.astype(float), integer=True),
        model.columns("opens", jn, upper=may_open.astype(float)),
        model.columns("closes", jn, upper=closes.astype(float)),
        model.columns("open_order", jn, upper=np.broadcast_to(ever_opens, may_open.shape)),
    )
