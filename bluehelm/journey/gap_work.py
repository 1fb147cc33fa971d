"""Units to ask for where work that the mandate asks is left undone."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np
import polars as pl

from bluehelm.journey.sentences import named
from bluehelm.journey.wishes import Wishes, cost_usd, item_cost, stay
from bluehelm.mission.plan import Plan
from bluehelm.planning.families.effort import effort_share
from bluehelm.reports.extras import GapItem, tell
from bluehelm.reports.numbers import percent, whole
from bluehelm.solve.model import FloatArray

MOST_ITEMS = 4
# Less unmet work than this share of what is asked is left to the table of shortfalls.
LEAST_SHARE = 0.01


def work_items(plan: Plan, wishes: Wishes) -> Iterator[GapItem]:
    """Yield, for the tasks with unmet work and the zone where most is unmet, the units that meet it most cheaply."""
    data = wishes.data
    shares = effort_share(data)
    found = 0
    for m in sorted(range(len(data.demand.tasks)), key=lambda m: data.demand.tasks[m].priority):
        task = data.demand.tasks[m]
        asked = float(data.demand.hours[m][:, list(wishes.room.path)].sum())
        unmet = _unmet(plan, wishes, task.task_id)
        if found == MOST_ITEMS or unmet.sum() <= LEAST_SHARE * asked:
            continue
        zone = int(np.argmax(unmet.sum(axis=1)))
        item = _cheapest(wishes, shares[:, m], unmet[zone], zone, task.title)
        if item is not None:
            found += 1
            yield item


def _unmet(plan: Plan, wishes: Wishes, task_id: str) -> FloatArray:
    """Hours unmet of a task, in the nodes in which a new unit could be there; shape (zones, nodes)."""
    line, zones = wishes.data.timeline, wishes.data.mission.zones
    hours = np.zeros((len(zones), len(line)))
    mine = plan.tables["effort"].filter(pl.col("task_id") == task_id)
    for zone, node_id, unmet in mine.select("zone", "node_id", "unmet_hours").iter_rows():
        n = line.node_ids.index(node_id)
        if n in wishes.room.path:
            hours[zones.index(zone), n] = unmet
    return hours


def _cheapest(wishes: Wishes, shares: FloatArray, unmet: FloatArray, zone: int, title: str) -> GapItem | None:
    """Choose the type with the most hours met for its cost, and as many units as the worst month needs."""
    data, line = wishes.data, wishes.data.timeline
    offers = []
    for k in wishes.classes:
        nodes = [n for n in stay(wishes, k) if unmet[n] > 0]
        can_be = data.allowed[k] & data.ground.zone_reach[k][:, zone] & (wishes.room.beds[:, nodes] > 0).any(axis=1)
        hours = shares[k] * data.hours[k]
        if not nodes or hours <= 0 or not can_be.any():
            continue
        met = float(np.minimum(unmet[nodes], hours * line.months[nodes]).sum())
        offers.append((met / cost_usd(wishes, k, nodes), k, nodes, hours))
    if not offers:
        return None
    _, k, nodes, hours = max(offers, key=lambda offer: offer[0])
    units = ceil(float((unmet[nodes] / line.months[nodes]).max()) / hours)
    met = float(np.minimum(unmet[nodes], units * hours * line.months[nodes]).sum())
    return GapItem(
        what=named(data.classes[k].unit_type.title),
        where=named(data.mission.zones[zone].replace("_", " ").title()),
        first_month=str(line.first_month[nodes[0]]),
        amount=units,
        unit="units",
        buys=tell(
            "{hours} {hours:hour|hours} of '{task}' ({share} of what is unmet there); {cost}",
            hours=whole(met),
            task=named(title),
            share=percent(met / unmet.sum(), 0),
            cost=item_cost(wishes, k, nodes, units=units),
        ),
    )
