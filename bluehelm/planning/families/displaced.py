"""Units whose caveat keeps them where they are still leave a site that is lost, and move for no other reason."""

from __future__ import annotations

import numpy as np

from bluehelm.planning.columns import Columns
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import IntArray, Model


def add_displaced(model: Model, data: PlanData, at: Columns) -> None:
    """Of a class that may not move, as many units move as stood at sites that are now lost. rows: displaced."""
    line, fixed = data.timeline, displaced_classes(data)
    newly = data.restricted.newly_lost
    today = (data.at_start[fixed] @ newly) * (line.parent < 0)
    rows = model.rows("displaced", ([data.class_ids[k] for k in fixed], line.node_ids), upper=today)
    model.add(rows[:, None], at.move_in[fixed])
    child = np.flatnonzero(line.parent >= 0)
    model.add(rows[:, None, child], at.x[fixed][:, :, line.parent[child]], -newly[:, child].astype(float))


def displaced_classes(data: PlanData) -> IntArray:
    """List the classes that may not move but may stand at a site that is lost."""
    may_move = np.array([c.may_move for c in data.classes], bool)
    meets = (data.may_stand & data.restricted.lost.any(axis=1)).any(axis=1)
    return np.flatnonzero(~may_move & meets)
