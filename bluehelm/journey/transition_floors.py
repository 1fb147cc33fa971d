"""Floors that no force could hold: every unit and pledge in place and still too little, and the smallest conflict.

The question is asked of each stretch of months alone: units may stand at any base that may be open, without lead times,
guards or money, in parts where that helps. What even this cannot hold, no plan holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bluehelm.journey.sentences import month_told, named
from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.families.protection import step_worth
from bluehelm.planning.gather import PlanData
from bluehelm.reports.extras import Text, tell
from bluehelm.reports.numbers import percent, whole
from bluehelm.solve.conflict import Conflict, Demand, find_conflict
from bluehelm.solve.highs import relax
from bluehelm.solve.model import FloatArray, IntArray, Model, Problem

SECONDS = 3.0
SPARE = 1e-6


@dataclass(frozen=True, slots=True)
class FloorShort:
    """A floor in conflict. alone: most that every unit and pledge could hold there if this area were all."""

    area_id: str
    floor: float
    alone: float


@dataclass(frozen=True, slots=True)
class FloorConflict:
    """Floors that no force could hold together, from a month on. sentences: the smallest conflict; remedies: what would
    hold each floor."""

    month: str
    floors: tuple[FloorShort, ...]
    sentences: tuple[Text, ...]
    remedies: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Static:
    """One stretch of months as a model: units anywhere, bases open or not."""

    problem: Problem
    x: IntArray
    demands: list[tuple[str, int, Demand]]
    presence: FloatArray


def floor_conflicts(data: PlanData) -> tuple[FloorConflict, ...]:
    """List the conflicts, one for each stretch that differs from the stretches before it."""
    seen: set[tuple[object, ...]] = set()
    told: dict[tuple[object, ...], FloorConflict] = {}
    for n in range(len(data.timeline)):
        asked = tuple(np.round(data.demand.floors[:, n], 9).tolist())
        limits = (*data.demand.ceilings[:, n].tolist(), float(data.demand.site_limit[n]))
        sign = (asked, limits, int(data.ground.pattern[n]), tuple(_may_open(data, n).tolist()))
        if any(asked) and sign not in seen:
            seen.add(sign)
            for limits_in_conflict, conflict in _at(data, n):
                # The same demands in conflict in later months need no second telling.
                told.setdefault(limits_in_conflict, conflict)
    return tuple(told.values())


def _may_open(data: PlanData, n: int) -> FloatArray:
    last = data.timeline.months_of(n)[-1]
    able = [site.open_at_start or (site.opens_from is not None and site.opens_from <= last) for site in
            data.mission.sites]  # fmt: skip
    return np.asarray(np.array(able, bool) & data.base, float)


def _at(data: PlanData, n: int) -> Iterator[tuple[tuple[object, ...], FloorConflict]]:
    """Find the smallest conflict of one stretch, beside what makes it the same as another."""
    static = _static(data, n)
    conflict = find_conflict(static.problem, [demand for _, _, demand in static.demands], seconds=SECONDS)
    if not conflict.demands:
        return
    floors = [static.demands[i][1] for i in conflict.demands if static.demands[i][0] == "floor"]
    if not floors:
        return
    bounds = static.problem
    same = tuple(
        (kind, place, float(bounds.row_lower[demand.rows[0]]), float(bounds.row_upper[demand.rows[0]]))
        for kind, place, demand in (static.demands[i] for i in conflict.demands)
    )
    yield (
        same,
        FloorConflict(
            month=str(data.timeline.first_month[n]),
            floors=tuple(
                FloorShort(data.area_ids[a], float(data.demand.floors[a, n]), _alone(data, static, a)) for a in floors
            ),
            sentences=tuple(_sentences(data, n, static, conflict)),
            remedies=tuple(_remedies(data, n, static, conflict)),
        ),
    )


def needed_presence(data: PlanData, share: float) -> float:
    """Presence that gives a share of protection by the chords of the curve; inf where no presence gives it."""
    worth = np.append(0.0, np.cumsum(step_worth(data)))
    return float(np.interp(share, worth, np.arange(len(worth)))) if share <= worth[-1] + SPARE else math.inf


def _share(data: PlanData, present: float) -> float:
    worth = np.append(0.0, np.cumsum(step_worth(data)))
    return float(np.interp(present, np.arange(len(worth)), worth))


def _static(data: PlanData, n: int) -> _Static:
    model = Model()
    may_open = _may_open(data, n)
    most = data.most_units[:, None] * (data.allowed & (may_open > 0))
    x = model.columns("units", (data.class_ids, data.site_ids), upper=most.astype(float), integer=True)
    opened = model.columns("open", (data.site_ids,), upper=may_open, integer=True)
    supply = model.rows("supply", (data.class_ids,), upper=data.most_units.astype(float))
    model.add(supply[:, None], x)
    beds = model.rows("beds", (data.site_ids,), upper=0.0)
    model.add(beds[None, :], x, data.persons[:, None].astype(float))
    model.add(beds, opened, -data.capacity)
    demands: list[tuple[str, int, Demand]] = []
    for c, component in enumerate(COMPONENTS):
        ceiling = float(data.demand.ceilings[c, n])
        mine = np.array([k for k, one in enumerate(data.classes) if one.unit_type.component == component], np.int32)
        if math.isfinite(ceiling) and len(mine):
            row = model.rows(f"ceiling_{component}", ((component,),), upper=ceiling)
            model.add(row, x[mine].ravel(), np.repeat(data.persons[mine], x.shape[1]).astype(float))
            demands.append(("ceiling", c, Demand(row)))
    if math.isfinite(float(data.demand.site_limit[n])):
        row = model.rows("site_limit", (("sites",),), upper=float(data.demand.site_limit[n]))
        model.add(row, opened)
        demands.append(("site_limit", 0, Demand(row)))
    sigma = _presence(data, n)
    for a in np.flatnonzero(data.demand.floors[:, n] > 0).tolist():
        # What no presence gives is asked as more presence than there are units.
        needed = min(needed_presence(data, float(data.demand.floors[a, n])), float(data.most_units.sum()) + 1.0)
        row = model.rows(f"floor_{a}", ((data.area_ids[a],),), lower=needed)
        model.add(row, x.ravel(), sigma[:, :, a].ravel())
        demands.append(("floor", a, Demand(row)))
    return _Static(model.problem(), x, demands, sigma)


def _presence(data: PlanData, n: int) -> FloatArray:
    """Presence of one unit of each class at each site over each area; shape (classes, sites, areas)."""
    by_group = [sigma.toarray() for sigma in data.ground.sigma[data.ground.pattern[n]]]
    return np.stack([by_group[group] for group in data.ground.group])


def _alone(data: PlanData, static: _Static, a: int) -> float:
    """Most that can be held in an area if every unit and base served it, within ceilings and the limit on sites."""
    rows = np.concatenate([demand.rows for kind, _, demand in static.demands if kind == "floor"])
    free = static.problem.row_lower.copy()
    free[rows] = -np.inf
    cost = np.zeros(len(static.problem.cost))
    cost[static.x] = -static.presence[:, :, a]
    found = relax(replace(static.problem, cost=cost, row_lower=free), method="simplex")
    return _share(data, -found.bound) if math.isfinite(found.bound) else 0.0


def _sentences(data: PlanData, n: int, static: _Static, conflict: Conflict) -> Iterator[Text]:
    month = month_told(str(data.timeline.first_month[n]))
    for i, way in zip(conflict.demands, conflict.gives_way, strict=True):
        kind, place, demand = static.demands[i]
        if kind == "floor":
            floor = float(data.demand.floors[place, n])
            needed = needed_presence(data, floor)
            least = _share(data, max(needed - way, 0.0)) if math.isfinite(needed) else _alone(data, static, place)
            yield tell(
                "Protection of {area} may not fall below {floor} in {month}. With the rest of this list, at most "
                "{most} can be held.",
                area=named(data.mission.areas[place].name),
                floor=percent(floor),
                month=month,
                most=percent(min(least, floor)),
            )
        elif kind == "ceiling":
            most = float(data.demand.ceilings[place, n])
            yield tell(
                "{component} personnel may be at most {most} in {month}. With the rest of this list, {least} or more "
                "would have to be allowed.",
                component=named(COMPONENTS[place].capitalize()),
                most=whole(most),
                month=month,
                least=whole(math.ceil(most + way - SPARE)),
            )
        else:
            most = float(static.problem.row_upper[demand.rows[0]])
            yield tell(
                "At most {most} {most:site|sites} may be open in {month}. With the rest of this list, {least} or "
                "more would have "
                "to be allowed.",
                most=whole(most),
                month=month,
                least=whole(math.ceil(most + way - SPARE)),
            )
    if all(static.demands[i][0] == "floor" for i in conflict.demands):
        yield tell("Every unit and every pledge is counted as in place: no force at hand could hold this.")
    if conflict.whole:
        yield tell("Parts of units would hold it; whole units do not.")


def _remedies(data: PlanData, n: int, static: _Static, conflict: Conflict) -> Iterator[Text]:
    for i, way in zip(conflict.demands, conflict.gives_way, strict=True):
        kind, a, _ = static.demands[i]
        if kind != "floor":
            continue
        area, floor = named(data.mission.areas[a].name), float(data.demand.floors[a, n])
        by_unit = static.presence[:, :, a] * data.allowed * _may_open(data, n)
        if not math.isfinite(needed_presence(data, floor)):
            yield tell(
                "{area}: {floor} is more than any presence gives by the curve of protection. Lower the floor, or name "
                "an actor who takes a share over.",
                area=area,
                floor=percent(floor),
            )
        elif by_unit.max() <= 0:
            yield tell(
                "{area}: no base lies within reach of any unit. A base nearer to it, or an actor who takes a share "
                "over, would hold it.",
                area=area,
            )
        else:
            k, j = np.unravel_index(int(by_unit.argmax()), by_unit.shape)
            yield tell(
                "{area}: {count} more of {unit} at {site} would hold it, or an actor who takes over {share} of the "
                "protection.",
                area=area,
                count=math.ceil(way / float(by_unit[k, j]) - SPARE),
                unit=named(data.classes[int(k)].unit_type.title),
                site=named(data.mission.sites[int(j)].name),
                share=percent(_actor_share(floor, _share(data, max(needed_presence(data, floor) - way, 0.0)))),
            )


def _actor_share(floor: float, held: float) -> float:
    """Share of the protection that an actor would have to take over, where the mission holds so much of the rest."""
    return max(0.0, (floor - held) / (1.0 - held)) if held < 1 else 0.0
