"""A plan held as it is under other norms: what it then protects and costs, and which limits it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.decisions import Decisions
from bluehelm.planning.families.units import leaving_within, months_leaving
from bluehelm.planning.gather import PlanData
from bluehelm.planning.spending import overspent, spending
from bluehelm.planning.tables import presence, protected_share
from bluehelm.solve.model import FloatArray


@dataclass(frozen=True, slots=True)
class Held:
    """What decisions are worth under some norms. overspent_usd: most by which cash or an approved amount is passed."""

    protected_share: float
    cost_usd: float
    broken: frozenset[str]
    overspent_usd: float


def held(data: PlanData, made: Decisions) -> Held:
    """Measure decisions by the data of other norms; steps, classes and sites are the same."""
    chance = data.timeline.probability
    spent = spending(data, made)
    harm = data.demand.harm * chance
    share = protected_share(data, presence(data, made.x, made.move_in))
    over = float(overspent(data, spent, made.x.sum(axis=1)).max())
    return Held(
        protected_share=float((harm * share).sum() / harm.sum()) if harm.sum() else 0.0,
        cost_usd=float(chance @ spent) * 1000.0,
        broken=frozenset([*_broken(data, made), *(["money"] if over > 0 else [])]),
        overspent_usd=1000.0 * over,
    )


def _broken(data: PlanData, made: Decisions) -> Iterator[str]:
    """Name the limits that decisions break, where other norms may tighten them."""
    persons = np.einsum("k,kjn->jn", data.persons, made.x)
    if (persons > data.capacity[:, None] * made.opened).any():
        yield "beds"
    guards = np.array([c.persons * c.unit_type.guards for c in data.classes])
    if (np.einsum("k,kjn->jn", guards, made.x) < data.guard[:, None] * made.opened).any():
        yield "guard"
    later, stopped, _, counted = months_leaving(data)
    month_end, leaving = leaving_within(data)
    still = np.zeros((len(data.timeline), len(data.timeline)))
    still[stopped, later] = counted
    inner = np.zeros((len(data.timeline), len(data.demand.inner)))
    inner[leaving, month_end] = 1.0
    nodes = np.array([n for n, _ in data.demand.inner], int)
    at_work, stops = made.x.sum(axis=1), made.stop.sum(axis=1)
    on_last_days = _over(data, at_work + stops @ still, data.demand.ceilings)
    if on_last_days or _over(data, at_work[:, nodes] + stops @ inner, data.demand.inner_ceilings):
        yield "ceiling"


def _over(data: PlanData, present: FloatArray, ceilings: FloatArray) -> bool:
    """Say whether units in theatre, (classes, month ends), pass a ceiling, (components, month ends)."""
    component = np.array([COMPONENTS.index(c.unit_type.component) for c in data.classes])
    in_theatre = np.zeros(ceilings.shape)
    np.add.at(in_theatre, component, present * data.persons[:, None])
    return bool((in_theatre > ceilings).any())
