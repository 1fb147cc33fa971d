"""The plan model, whole: all decisions and constraint families over the nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bluehelm.planning.columns import Columns, add_columns
from bluehelm.planning.families.care import add_care
from bluehelm.planning.families.cash import add_appropriations, add_cash, add_spending
from bluehelm.planning.families.displaced import add_displaced
from bluehelm.planning.families.effort import EffortColumns, add_effort
from bluehelm.planning.families.protection import add_floors, add_protection, add_tail
from bluehelm.planning.families.sites import add_guard, add_lifecycle, add_site_capacity, add_site_limit
from bluehelm.planning.families.units import (
    add_arrivals,
    add_ceilings,
    add_exits,
    add_gains,
    add_pledges,
    add_supply,
)
from bluehelm.planning.gather import PlanData
from bluehelm.planning.goals import add_minimums
from bluehelm.planning.information import common_bounds, merged
from bluehelm.solve.model import Model, Problem

# On a single path, what is decided in a node shows its effect (exit, opening, order) within this many nodes.
NODES_OF_A_LAG = 3


@dataclass(frozen=True, slots=True)
class PlanModel:
    """A built model: its blocks by name, the columns of each decision, and the arrays for the solver."""

    model: Model
    columns: Columns
    effort: EffortColumns
    problem: Problem


FAMILIES = (
    add_supply,
    add_gains,
    add_arrivals,
    add_pledges,
    add_exits,
    add_ceilings,
    add_site_capacity,
    add_guard,
    add_lifecycle,
    add_site_limit,
    add_displaced,
    add_protection,
    add_floors,
    add_tail,
    add_care,
    add_spending,
    add_cash,
    add_appropriations,
    add_minimums,
)


def build(data: PlanData) -> PlanModel:
    """Build the model from gathered data."""
    model = Model(data.timeline.node_ids)
    own = add_columns(model, data)
    columns = merged(own, data.decided_in)
    for add_family in FAMILIES:
        add_family(model, data, columns)
    effort = add_effort(model, data, columns)
    branches = np.bincount(data.timeline.parent[data.timeline.parent >= 0], minlength=1).max() > 1
    problem = common_bounds(model.problem(None if branches else NODES_OF_A_LAG), own, columns)
    return PlanModel(model, columns, effort, problem)
