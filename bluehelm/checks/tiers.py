"""What each tier of the Council's order reached, measured anew, beside what is stated and proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bluehelm.checks.care import LIMITS, care_hours
from bluehelm.checks.compare import differ, exceeds, number, stated_numbers
from bluehelm.checks.effort import counted_hours, demand_hours, months_in_force
from bluehelm.checks.evidence import Evidence, FloatArray
from bluehelm.checks.handovers import presence_left
from bluehelm.checks.money import spending
from bluehelm.checks.protection import floor_shares, stated_block
from bluehelm.mission.mandate import Task
from bluehelm.mission.plan import Tier
from bluehelm.words import say


def tiers(e: Evidence, stated: Sequence[Tier], *, tail: float = 0.0) -> Iterator[str]:
    """Each tier's objective is what the plan reaches; no plan passes its bound; its gap follows from both.

    tail: harm is measured over the worst 1 - tail of the futures.
    """
    for tier in stated:
        reached = measure(e, tier.name, tail)
        if reached is None:
            yield say("Tier '{tier}' is unknown, and cannot be measured.", tier=tier.name)
        elif differ(tier.objective, reached, scale=1.0 if tier.unit == "share" else 0.0):
            yield say(
                "Tier '{tier}' is stated to reach {stated} {unit}; {found} was found; off by {off}.",
                tier=tier.name, stated=number(tier.objective), unit=tier.unit, found=number(reached),
                off=number(abs(tier.objective - reached)),
            )  # fmt: skip
        better, worse = (tier.objective, tier.bound) if tier.sense == "max" else (tier.bound, tier.objective)
        if exceeds(better, worse):
            yield say(
                "Tier '{tier}': the objective {objective} passes its bound {bound}, which no plan can.",
                tier=tier.name, objective=number(tier.objective), bound=number(tier.bound),
            )  # fmt: skip
        gap = min(abs(tier.bound - tier.objective) / max(abs(tier.objective), 1e-9), 1.0)
        if differ(tier.gap, gap) and abs(tier.bound - tier.objective) > 1e-9:
            yield say(
                "Tier '{tier}': a gap of {stated} is stated; objective and bound give {found}.",
                tier=tier.name, stated=number(tier.gap), found=number(gap),
            )  # fmt: skip


def measure(e: Evidence, name: str, tail: float = 0.0) -> float | None:
    """Measure what the plan reaches in a tier; None for a tier that is unknown."""
    tasks = e.mission.mandate.task
    if name.startswith("priority_"):
        chosen = [task for task in tasks if str(task.priority) == name.removeprefix("priority_")]
        return _weighted(e, chosen, tail, lambda task: task.weight) if chosen else None
    if name == "weighted":
        return _weighted(e, tasks, tail, lambda task: task.weight / task.priority)
    if name == "minimum_shares":
        return _minimum_shares(e, tail)
    measures = {"floors": _floors, "care": _care, "cost": _cost, "moves": _moves}
    return measures[name](e) if name in measures else None


def _weighted(e: Evidence, tasks: Sequence[Task], tail: float, weight: Callable[[Task], float]) -> float:
    total = sum(weight(task) for task in tasks)
    return sum(weight(task) * task_share(e, task, tail) for task in tasks) / total


def task_share(e: Evidence, task: Task, tail: float = 0.0) -> float:
    """Share of a task that is done over all futures: harm protected over harm, or hours met over hours asked."""
    if e.norms.task_kinds()[task.kind].answered_by == "effort":
        return _met_share(e, task)
    beyond = e.norm("beyond_horizon_months")
    asked_for = np.array([not task.zones or area.zone in task.zones for area in e.mission.areas])
    weight = np.array(
        [
            (1 + beyond / node.months if node.is_leaf else 1.0) * months_in_force(e, task, node) / node.months
            for node in e.futures
        ]
    )
    by_zone = {zone: [presence_left(e, task, zone, node) for node in e.futures] for zone in e.mission.zones}
    left = np.array([by_zone[area.zone] for area in e.mission.areas])
    harm = stated_block(e, "fatalities") * asked_for[:, None] * weight * left
    met = (harm * (1 - stated_block(e, "protected_share"))).sum(axis=0)
    feared = _worst(e, harm.sum(axis=0), tail)
    return 1.0 - _worst(e, met, tail) / feared if feared > 0 else 1.0


def _worst(e: Evidence, deaths: FloatArray, tail: float) -> float:
    """Mean of the deaths along a future, over the worst 1 - tail of all futures; all of them for a tail of 0."""
    ends = [(float(deaths[list(leaf.path)].sum()), leaf.probability) for leaf in e.futures if leaf.is_leaf]
    left, total = 1.0 - tail, 0.0
    for count, chance in sorted(ends, reverse=True):
        taken = min(chance, left)
        left, total = left - taken, total + taken * count
    return total / (1.0 - tail)


def _met_share(e: Evidence, task: Task) -> float:
    chance = {node.node_id: node.probability for node in e.futures}
    asked = {where: hours for where, hours in demand_hours(e).items() if where[1] == task.task_id}
    counted = counted_hours(e)
    total = sum(chance[where[0]] * hours for where, hours in asked.items())
    met = sum(chance[where[0]] * min(hours, counted.get(where, 0.0)) for where, hours in asked.items())
    return met / total if total > 0 else 1.0


def _minimum_shares(e: Evidence, tail: float) -> float:
    return sum(max(0.0, task.minimum_share - task_share(e, task, tail)) for task in e.mission.mandate.task)


def _floors(e: Evidence) -> float:
    """Share of the floors that is held."""
    floors = np.nan_to_num(floor_shares(e))
    weight = np.array([node.probability * node.months for node in e.futures])
    short = np.maximum(0.0, floors - stated_block(e, "protected_share"))
    asked = float((floors * weight).sum())
    return 1.0 - float((short * weight).sum()) / asked if asked > 0 else 1.0


def _care(e: Evidence) -> float:
    """Share of site-months, of all sites and both limits, that are not an open base without care."""
    weight = {node.node_id: node.probability * node.months for node in e.futures}
    lacking = 0.0
    for column in LIMITS:
        stated = stated_numbers(e.tables["care"], ("node_id", "site_id"), column)
        for where, (is_open, _) in care_hours(e)[column].items():
            lacking += weight[where[0]] * (1.0 - (stated.get(where) or 0.0)) if is_open else 0.0
    return 1.0 - lacking / (len(LIMITS) * len(e.mission.sites) * sum(weight.values()))


def _cost(e: Evidence) -> float:
    """Expected spending in million USD."""
    return float(np.array([node.probability for node in e.futures]) @ spending(e)["spent_usd"]) / 1e6


def _moves(e: Evidence) -> float:
    """Share of the time of all units known today that is not lost on the move."""
    moved = e.deeds["move_in"].sum(axis=(0, 1))
    away_months = sum(
        node.probability * min(e.norm("move_days") / 30.4375, node.months) * float(count)
        for node, count in zip(e.futures, moved, strict=True)
    )
    known = len(e.mission.units) + len(e.mission.pledges)
    return 1.0 - away_months / (max(known, 1) * sum(node.probability * node.months for node in e.futures))
