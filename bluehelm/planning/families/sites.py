"""Sites: beds, guard, opening and closing, and how many may be open."""

from __future__ import annotations

import numpy as np

from bluehelm.planning.columns import Columns
from bluehelm.planning.families.units import ancestry
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import Model


def add_site_capacity(model: Model, data: PlanData, at: Columns) -> None:
    """Units stand only at open sites, and every site keeps within its beds. rows: site_capacity."""
    rows = model.rows("site_capacity", (data.site_ids, data.timeline.node_ids), upper=0.0)
    model.add(rows, at.x, data.persons[:, None, None])
    model.add(rows, at.opened, -data.capacity[:, None])


def add_guard(model: Model, data: PlanData, at: Columns) -> None:
    """An open base has at least the guard that keeps it safe. rows: guard."""
    rows = model.rows("guard", (data.site_ids, data.timeline.node_ids), lower=0.0)
    guards = np.array([c.persons * c.unit_type.guards for c in data.classes], float)
    model.add(rows, at.x, guards[:, None, None])
    model.add(rows, at.opened, -data.guard[:, None])


def add_lifecycle(model: Model, data: PlanData, at: Columns) -> None:
    """A site is open if it was, or opens, and does not close; it opens one lead time after the order.

    rows: site_balance, site_closing, site_opening, site_opens_once (permanent sites come back only after a loss).
    """
    line = data.timeline
    names = (data.site_ids, line.node_ids)
    open_today = np.array([site.open_at_start for site in data.mission.sites], float) * data.base
    today = np.where(line.parent < 0, open_today[:, None], 0.0)
    rows = model.rows("site_balance", names, lower=today, upper=today)
    model.add(rows, at.opened)
    child = np.flatnonzero(line.parent >= 0)
    model.add(rows[:, child], at.opened[:, line.parent[child]], -1.0)
    model.add(rows, at.opens, -1.0)
    model.add(rows, at.closes)
    # Without this a site could open and close in one breath, as if what was ordered had lapsed.
    closing = model.rows("site_closing", names, upper=today)
    model.add(closing, at.closes)
    model.add(closing[:, child], at.opened[:, line.parent[child]], -1.0)
    opening = model.rows("site_opening", names, lower=0.0, upper=0.0)
    model.add(opening, at.opens)
    for lead in np.unique(data.opening_lead):
        here = np.flatnonzero(data.opening_lead == lead)[:, None]
        ordered, lands = line.landing(float(lead))
        model.add(opening[here, lands], at.open_order[here, ordered], -1.0)
    most = np.where([s.kind == "temporary_base" for s in data.mission.sites], np.inf, 1.0 - open_today)
    once = model.rows("site_opens_once", names, upper=most[:, None])
    later, earlier = ancestry(line)
    model.add(once[:, later], at.opens[:, earlier])
    # A site that was lost while open may open once more for each such loss.
    model.add(once[:, later], at.closes[:, earlier], -data.restricted.newly_lost[:, earlier].astype(float))


def add_site_limit(model: Model, data: PlanData, at: Columns) -> None:
    """No more bases are open than the mandate allows. rows: site_limit."""
    rows = model.rows("site_limit", (data.timeline.node_ids,), upper=data.demand.site_limit)
    model.add(rows, at.opened, data.base[:, None].astype(float))
