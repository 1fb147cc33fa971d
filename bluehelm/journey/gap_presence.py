"""Units to ask for against harm that the plan leaves unanswered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bluehelm.journey.sentences import listed, named
from bluehelm.journey.wishes import Wishes, item_cost, stay
from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.tables import protected_share
from bluehelm.reports.extras import GapItem, Text, tell
from bluehelm.reports.numbers import decimal, percent, whole
from bluehelm.solve.model import FloatArray

MOST_UNITS = 5
# Pairs of type and site that are worked out exactly in each round; the rest lie below them by their slope.
TRIALS = 40
LEAST_DEATHS = 0.05
NAMED_AREAS = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """One more unit of a class at a site: nodes in which it works, presence it adds and deaths it protects from."""

    k: int
    j: int
    nodes: list[int]
    added: FloatArray
    gained: FloatArray

    @property
    def deaths(self) -> float:
        """Deaths protected in all."""
        return float(self.gained.sum())


def presence_items(wishes: Wishes) -> Iterator[GapItem]:
    """Yield the units that protect most, each beside those before it; like ones at one place are one item.

    Where the ceilings let no unit in that would help, units are told as if they did, and that they do not.
    """
    found = list(_best(wishes))
    above = not found
    if above:
        no_ceiling = replace(wishes.room, persons=np.full_like(wishes.room.persons, np.inf))
        found = list(_best(replace(wishes, room=no_ceiling)))
    alike: dict[tuple[int, int, int], list[Trial]] = {}
    for trial in found:
        alike.setdefault((trial.k, trial.j, trial.nodes[0]), []).append(trial)
    for trials in alike.values():
        yield _item(wishes, trials, above=above)


def _best(wishes: Wishes) -> Iterator[Trial]:
    present = wishes.present.copy()
    room = replace(wishes.room, persons=wishes.room.persons.copy(), beds=wishes.room.beds.copy())
    left = replace(wishes, room=room)
    for _ in range(MOST_UNITS):
        best = max(_trials(left, present), key=lambda trial: trial.deaths, default=None)
        if best is None or best.deaths < LEAST_DEATHS:
            return
        yield best
        present += best.added
        kind = wishes.data.classes[best.k]
        room.beds[best.j, best.nodes] -= kind.persons
        room.persons[COMPONENTS.index(kind.unit_type.component), best.nodes] -= kind.persons


def _item(wishes: Wishes, trials: list[Trial], *, above: bool) -> GapItem:
    data, first = wishes.data, trials[0]
    gained = np.sum([trial.gained.sum(axis=1) for trial in trials], axis=0)
    areas = np.argsort(-gained, kind="stable")[:NAMED_AREAS]
    buys: Text = tell(
        "{deaths} more {deaths:death|deaths} protected ({share} of all), most in {areas}; {cost}",
        deaths=decimal(float(gained.sum()), 1),
        share=percent(float(gained.sum() / (data.demand.harm * data.timeline.probability).sum()), 2),
        areas=listed([named(data.mission.areas[a].name) for a in areas if gained[a] > 0]),
        cost=item_cost(wishes, first.k, first.nodes, units=len(trials)),
    )
    if above:
        persons = whole(len(trials) * data.classes[first.k].persons)
        buys = tell(
            "{buys}; the ceiling has no room for its {persons} {persons:person|persons}", buys=buys, persons=persons
        )
    return GapItem(
        what=named(data.classes[first.k].unit_type.title),
        where=named(data.mission.sites[first.j].name),
        first_month=str(data.timeline.first_month[first.nodes[0]]),
        amount=len(trials),
        unit="units",
        buys=buys,
    )


def _trials(wishes: Wishes, present: FloatArray) -> Iterator[Trial]:
    """Work out the pairs of type and site that promise most by the next step of the curve."""
    data = wishes.data
    # What the next whole unit would add where it stands alone: q (1-q)^s of the harm.
    slope = data.demand.harm * data.q * (1 - data.q) ** np.minimum(present, data.steps)
    promise = []
    for k in wishes.classes:
        by_site = np.zeros(len(data.site_ids))
        for n in wishes.room.path:
            by_site += data.ground.sigma[data.ground.pattern[n]][data.ground.group[k]] @ slope[:, n]
        promise += [(float(by_site[j]), k, int(j)) for j in np.flatnonzero(data.allowed[k] & (by_site > 0))]
    # Equal promises are kept in the order of types and sites, so that the list is always the same.
    promise.sort(key=lambda one: (-one[0], one[1], one[2]))
    for _, k, j in promise[:TRIALS]:
        nodes = stay(wishes, k, wishes.room.beds[j])
        if nodes:
            yield _trial(wishes, present, k, j, nodes)


def _trial(wishes: Wishes, present: FloatArray, k: int, j: int, nodes: list[int]) -> Trial:
    data = wishes.data
    added = np.zeros_like(present)
    for n in nodes:
        sigma = data.ground.sigma[data.ground.pattern[n]][data.ground.group[k]]
        added[:, n] = sigma[[j]].toarray()[0]
    gained = data.demand.harm * (protected_share(data, present + added) - protected_share(data, present))
    return Trial(k, j, nodes, added, gained)
