"""What a question is measured by, and which kind of unit would do most for it."""

from __future__ import annotations

import numpy as np

from bluehelm.journey.why_asked import Asked
from bluehelm.planning.families.care import CARE_LEVELS
from bluehelm.planning.families.effort import effort_share
from bluehelm.planning.families.protection import step_worth
from bluehelm.planning.tables import protected_share
from bluehelm.solve.goal import Goal
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


def deaths_answered(asked: Asked, areas: BoolArray | None = None) -> Goal:
    """Expected civilian deaths that presence answers, in all areas or in some."""
    data = asked.data
    harm = data.demand.harm * data.timeline.probability
    if areas is not None:
        harm = harm * areas[:, None]
    values = harm[:, None, :] * step_worth(data)[:, None]
    columns = asked.built.columns.y
    return Goal(
        "deaths", "expected civilian deaths that are answered", "max", "expected death", columns.ravel(), values.ravel()
    )


def hours_unmet(asked: Asked, m: int) -> Goal:
    """Hours that one task lacks."""
    e = int(np.count_nonzero(~asked.data.demand.presence[:m]))
    columns = asked.built.columns.unmet[e]
    values = np.broadcast_to(asked.data.timeline.probability, columns.shape)
    return Goal("hours", "hours not given", "min", "hour", columns.ravel(), values.ravel())


def months_without_care(asked: Asked, limit: int) -> Goal:
    """Base-months without care of one limit in time."""
    weight = asked.data.timeline.probability * asked.data.timeline.months
    columns = asked.built.columns.care_short[limit]
    values = np.broadcast_to(weight, columns.shape).ravel()
    if limit == 0:
        return Goal(
            "enhanced_care", "months of bases without enhanced care in time", "min", "month", columns.ravel(), values
        )
    return Goal("surgery", "months of bases without surgery in time", "min", "month", columns.ravel(), values)


def floors_lacking(asked: Asked) -> Goal:
    """What protection lacks to its floors, summed over areas and months."""
    weight = asked.data.timeline.probability * asked.data.timeline.months
    columns = asked.built.columns.floor_short
    values = np.broadcast_to(weight, columns.shape)
    terms = columns.ravel(), values.ravel()
    return Goal("floors", "area-months of protection that its floors lack", "min", "month", *terms)


def presence_gains(asked: Asked, areas: BoolArray | None = None, *, closed_too: bool = False) -> FloatArray:
    """Deaths that one more unit of each class would answer at each site, were it there all the time it is open.

    Shape (classes, sites); everything else stays as in the plan. 0 where the class may not be based or finds no bed.
    closed_too: count closed bases as if they were open for it.
    """
    data, line = asked.data, asked.data.timeline
    share = protected_share(data, asked.present)
    harm = data.demand.harm * line.probability
    if areas is not None:
        harm = harm * areas[:, None]
    gains = np.zeros((len(data.ground.sigma[0]), len(data.site_ids)))
    for n in range(len(line)):
        for group, sigma in enumerate(data.ground.sigma[data.ground.pattern[n]]):
            for j in np.flatnonzero(data.base if closed_too else asked.opened[:, n]):
                reached, weight = sigma[[j]].indices, sigma[[j]].data
                more = protected_share(data, asked.present[reached, n] + weight) - share[reached, n]
                gains[group, j] += more @ harm[reached, n]
    return np.asarray(gains[data.ground.group] * (data.allowed & _finds_beds(asked)))


def _finds_beds(asked: Asked) -> BoolArray:
    """Say whether one more unit of each class (rows) finds beds at each site (columns) all the time it is open."""
    data = asked.data
    based = np.einsum("k,kjn->jn", data.persons, asked.x)
    left = np.where(asked.opened, data.capacity[:, None] - based, np.inf).min(axis=1)
    return np.asarray(data.persons[:, None] <= left)


def most_present(asked: Asked, areas: BoolArray | None = None) -> list[int]:
    """List the classes of which one more unit would answer most deaths, best first; of two alike the smaller first."""
    best = presence_gains(asked, areas, closed_too=True).max(axis=1, initial=0.0)
    return [int(k) for k in np.lexsort((asked.data.persons, -best.round(9))) if best[k] > 0]


def most_hours(asked: Asked, m: int) -> list[int]:
    """List the classes of which one more unit would give most hours to a task, best first."""
    hours = effort_share(asked.data)[:, m] * asked.data.hours * asked.data.allowed.any(axis=1)
    return [int(k) for k in np.argsort(-hours, kind="stable") if hours[k] > 0]


def care_classes(asked: Asked, limit: int) -> tuple[IntArray, IntArray]:
    """Return the classes that give care of a limit, and those that lift casualties to it."""
    classes = asked.data.classes
    usable = asked.data.allowed.any(axis=1)
    gives = np.array([c.unit_type.medical_level >= CARE_LEVELS[limit] for c in classes], bool)
    lifts = np.array([c.unit_type.casualty_lift for c in classes], bool)
    return np.flatnonzero(gives & usable), np.flatnonzero(lifts & usable)


def care_givers(asked: Asked, limit: int) -> list[int]:
    """List the classes that could bring care: the smallest that gives it, and the smallest that lifts casualties."""
    return [int(ks[np.argmin(asked.data.persons[ks])]) for ks in care_classes(asked, limit) if len(ks)]


def site_losses(asked: Asked) -> FloatArray:
    """Deaths that would no longer be answered without the units of each site, everything else as in the plan."""
    data, line = asked.data, asked.data.timeline
    share = protected_share(data, asked.present)
    harm = data.demand.harm * line.probability
    losses = np.zeros(len(data.site_ids))
    for n in range(len(line)):
        for j in np.flatnonzero(asked.x[:, :, n].sum(axis=0)):
            gone = np.zeros(len(data.area_ids))
            for k in np.flatnonzero(asked.x[:, j, n]):
                sigma = data.ground.sigma[data.ground.pattern[n]][data.ground.group[k]][[j]]
                gone[sigma.indices] += sigma.data * asked.x[k, j, n]
            left = protected_share(data, np.maximum(asked.present[:, n] - gone, 0.0))
            losses[j] += (share[:, n] - left) @ harm[:, n]
    return losses
