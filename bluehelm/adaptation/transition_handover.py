"""Handover to named actors: what an area has with the actor's share as stated, low and high, and which floors break.

The plan is held as it is. With p the share of harm that the mission's own presence protects and s the share that an
actor has taken over, an area has 1 - (1 - p)(1 - s): the mission answers for what the actor does not. Several actors in
one area multiply in the same way; of several tasks of protection, the one that leaves most to the mission counts. A
share is the mean over the months of each stretch of the plan, as the planner has it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bluehelm.adaptation.transition_months import Months
from bluehelm.mission.mandate import Handover
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month

HELD = 1e-6
CASES = ("low", "stated", "high")


@dataclass(frozen=True, slots=True)
class Break:
    """A floor that does not hold: asked and held, as shares, at its worst month; months: how many it is short."""

    area_id: str
    floor: float
    held: float
    month: str
    months: int


@dataclass(frozen=True, slots=True)
class Case:
    """The plan held while actors reach one of the three shares.

    by_area: mean share protected from the first handover on. total: the same over all areas, weighted by the deaths
    that each area expects; by_month: over all areas, month by month from the first planned.
    """

    name: str
    by_area: Mapping[str, float]
    total: float
    by_month: tuple[float, ...]
    broken: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From which full share of an actor on an area's floor holds in every month; None where no share would do.

    decides: the month that asks for most.
    """

    handover_id: str
    area_id: str
    floor: float
    share: float | None
    decides: str


def share_at(handover: Handover, month: Month, full: float | None = None) -> float:
    """Share that an actor has taken over in a month, if it reaches `full` (blank = as stated).

    Examples
    --------
    >>> from bluehelm.mission.mandate import Handover
    >>> police = Handover(handover_id="p", actor="Police", actor_kind="national_police", tasks=("poc",),
    ...     from_month=Month(2020, 1), full_month=Month(2020, 5), share_start=0.2, share_full=0.6, share_low=0.4,
    ...     share_high=0.8, source="s", status="assumed")
    >>> [round(share_at(police, Month(2020, m)), 2) for m in (1, 3, 5, 9)]
    [0.2, 0.4, 0.6, 0.6]
    """
    full = handover.share_full if full is None else full
    start = min(handover.share_start, full)
    if month < handover.from_month:
        return 0.0
    return start + (full - start) * _grown(handover, month)


def _grown(handover: Handover, month: Month) -> float:
    """How far along its curve an actor is, from 0 to 1."""
    if month >= handover.full_month:
        return 1.0
    return (month - handover.from_month) / (handover.full_month - handover.from_month)


def covering(months: Months, area_id: str) -> tuple[Handover, ...]:
    """Handovers that take over protection of an area."""
    zone, tasks = months.zone_of[area_id], set(months.protecting[area_id])
    return tuple(
        one
        for one in months.mission.mandate.handover
        if tasks & set(one.tasks) and (not one.zones or zone in one.zones)
    )


def floor_in(mission: Mission, area_id: str, month: Month) -> float:
    """Floor on the protection of an area in a month; 0 where there is none."""
    asked = [
        floor.share
        for floor in mission.mandate.floor
        if (not floor.areas or area_id in floor.areas)
        and floor.from_month <= month
        and not (floor.taken_over_from is not None and floor.taken_over_from <= month)
    ]
    return max(asked, default=0.0)


def held_cases(months: Months, *, not_before: Mapping[str, Month] | None = None) -> tuple[Case, ...]:
    """Hold the plan while every actor reaches its low, its stated and its high share.

    not_before: months before which actors hold nothing, by name of the handover, because a benchmark is not met yet.
    """
    return tuple(_case(months, name, not_before or {}) for name in CASES)


def _case(months: Months, name: str, not_before: Mapping[str, Month]) -> Case:
    mission = months.mission
    since = min((one.from_month for one in mission.mandate.handover), default=mission.setting.first_month)
    counted = [month for month in months.all if month >= since] or months.all
    by_area: dict[str, float] = {}
    in_month = [0.0] * len(months.all)
    broken: list[Break] = []
    for area in mission.areas:
        actors = covering(months, area.area_id)
        had = {month: _has(months, area.area_id, month, actors, name, not_before) for month in months.all}
        in_month = [sum_ + area.fatalities_per_month * had[m] for sum_, m in zip(in_month, months.all, strict=True)]
        by_area[area.area_id] = sum(had[month] for month in counted) / len(counted)
        short = [
            (had[month] - floor, month, floor)
            for month in months.all
            if (floor := floor_in(mission, area.area_id, month)) - had[month] > HELD
        ]
        if short:
            worst, month, floor = min(short)
            broken.append(Break(area.area_id, floor, floor + worst, str(month), len(short)))
    weight = {area.area_id: area.fatalities_per_month for area in mission.areas}
    total = sum(weight.values())
    mean = sum(by_area[a] * w for a, w in weight.items()) / total if total else 0.0
    return Case(name, by_area, mean, tuple(value / total if total else 0.0 for value in in_month), tuple(broken))


def _has(
    months: Months, area_id: str, month: Month, actors: Sequence[Handover], case: str, not_before: Mapping[str, Month]
) -> float:
    """Share of an area's harm that mission and actors protect together in a month."""
    left = dict.fromkeys(months.protecting[area_id], 1.0)
    for one in actors:
        start, full = _weights(months, one, month, not_before.get(one.handover_id, month))
        reached = full_share(one, case)
        for task_id in set(one.tasks) & set(left):
            left[task_id] *= 1.0 - (start * min(one.share_start, reached) + full * reached)
    return 1.0 - (1.0 - months.share(month, area_id)) * max(left.values(), default=1.0)


def _weights(months: Months, one: Handover, month: Month, since: Month | None = None) -> tuple[float, float]:
    """Weights of the starting and the full share in the mean share over the stretch of a month."""
    if not months.holds(one.when, month) or (since is not None and month < since):
        return 0.0, 0.0
    stretch = months.stretch_of(month)
    grown = [_grown(one, moment) for moment in stretch if moment >= one.from_month]
    return (len(grown) - sum(grown)) / len(stretch), sum(grown) / len(stretch)


def full_share(handover: Handover, case: str) -> float:
    """Full share of an actor in a case: low, stated or high."""
    return {"low": handover.share_low, "stated": handover.share_full, "high": handover.share_high}[case]


def break_evens(months: Months) -> tuple[BreakEven, ...]:
    """Say from which full share of an actor on each floor holds, with all other actors as stated."""
    mission = months.mission
    found = []
    for area in mission.areas:
        for one in covering(months, area.area_id):
            asked = [m for m in months.all if m >= one.from_month and floor_in(mission, area.area_id, m) > 0]
            if asked:
                found.append(_break_even(months, area.area_id, one, asked))
    return tuple(found)


def _break_even(months: Months, area_id: str, one: Handover, asked: Sequence[Month]) -> BreakEven:
    needs = [(_full_for(months, area_id, one, month), month) for month in asked]
    share, month = max(needs, key=lambda need: need[0])
    floor = floor_in(months.mission, area_id, month)
    return BreakEven(one.handover_id, area_id, floor, share if share <= 1.0 + HELD else None, str(month))


def _full_for(months: Months, area_id: str, one: Handover, month: Month) -> float:
    """Full share by which an actor holds the floor of a month; inf where none does."""
    others = [other for other in covering(months, area_id) if other.handover_id != one.handover_id]
    alone = 1.0 - months.share(month, area_id)
    left = dict.fromkeys(months.protecting[area_id], alone)
    for other in others:
        start, full = _weights(months, other, month)
        for task_id in set(other.tasks) & set(left):
            left[task_id] *= 1.0 - (start * min(other.share_start, other.share_full) + full * other.share_full)
    allowed = 1.0 - floor_in(months.mission, area_id, month)
    if max(left.values()) <= allowed + HELD:
        return 0.0
    if any(value > allowed + HELD for task_id, value in left.items() if task_id not in one.tasks):
        return math.inf
    needed = 1.0 - allowed / max(value for task_id, value in left.items() if task_id in one.tasks)
    start, full = _weights(months, one, month)
    risen = (needed - start * one.share_start) / full if full > 0 else math.inf
    if risen >= one.share_start:
        return risen
    return needed / (start + full)
