"""A plan held as it is under other norms: what it then protects and costs, and which limits it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.decisions import Decisions
from bluehelm.planning.families.units import months_leaving
from bluehelm.planning.gather import PlanData
from bluehelm.planning.spending import overspent, spending
from bluehelm.planning.tables import presence, protected_share


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
    still = np.zeros((len(data.timeline), len(data.timeline)))
    still[stopped, later] = counted
    present = made.x.sum(axis=1) + made.stop.sum(axis=1) @ still
    component = np.array([COMPONENTS.index(c.unit_type.component) for c in data.classes])
    in_theatre = np.zeros(data.demand.ceilings.shape)
    np.add.at(in_theatre, component, present * data.persons[:, None])
    if (in_theatre > data.demand.ceilings).any():
        yield "ceiling"
