"""Hospitals and helicopters to ask for where casualties would not have care in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bluehelm.journey.sentences import listed, named
from bluehelm.journey.wishes import Wishes, item_cost, stay
from bluehelm.mission.plan import Plan
from bluehelm.planning.families.care import CARE_LEVELS
from bluehelm.planning.fixed import stand_of
from bluehelm.planning.gather import PlanData
from bluehelm.reports.extras import GapItem, Text, tell
from bluehelm.reports.numbers import whole
from bluehelm.solve.model import BoolArray

MOST_ITEMS = 2
NAMED_SITES = 3


def care_items(plan: Plan, data: PlanData, wishes: Wishes) -> Iterator[GapItem]:
    """Yield the hospital or helicopter that brings care to most base-months without it, then the next."""
    stand = stand_of(data, plan.tables)
    lifts = np.array([c.unit_type.casualty_lift for c in data.classes], bool)
    levels = np.array([c.unit_type.medical_level for c in data.classes])
    partner = np.array([site.hospital_level for site in data.mission.sites])
    lift = (stand.x[lifts] > 0).any(axis=0)
    healers = [(stand.x[levels >= level] > 0).any(axis=0) | (partner >= level)[:, None] for level in CARE_LEVELS]
    without = [stand.opened & data.base[:, None] & ~_covered(data, lift, healers, i) for i in range(len(CARE_LEVELS))]
    for _ in range(MOST_ITEMS):
        best = max(_trials(wishes, lift, healers, without), key=lambda trial: trial[0], default=None)
        if best is None or best[0] == 0:
            return
        _, k, j, nodes, gained = best
        kind = wishes.data.classes[k].unit_type
        if kind.casualty_lift:
            lift[j, nodes] = True
        for i, level in enumerate(CARE_LEVELS):
            healers[i][j, nodes] |= kind.medical_level >= level
            without[i] &= ~gained[i]
        sites = [named(data.mission.sites[i].name) for i in np.flatnonzero((gained[0] | gained[1]).any(axis=1))]
        enhanced, surgery = (int((gain @ data.timeline.months).sum()) for gain in gained)
        yield GapItem(
            what=named(kind.title),
            where=named(data.mission.sites[j].name),
            first_month=str(data.timeline.first_month[nodes[0]]),
            amount=1,
            unit="units",
            buys=bought(enhanced, surgery, {"sites": listed(sites, NAMED_SITES), "cost": item_cost(wishes, k, nodes)}),
        )


def bought(enhanced: int, surgery: int, at: Mapping[str, Text]) -> Text:
    """Say which care comes in time for how many more base-months; what gains none is not named."""
    if not surgery:
        return tell(
            "enhanced care in time for {enhanced} more {enhanced:base-month|base-months}, at {sites}; {cost}",
            enhanced=whole(enhanced), **at,
        )  # fmt: skip
    if not enhanced:
        return tell("surgery in time for {surgery} more {surgery:base-month|base-months}, at {sites}; {cost}",
                    surgery=whole(surgery), **at)  # fmt: skip
    return tell(
        "enhanced care in time for {enhanced} more {enhanced:base-month|base-months} and surgery for {surgery}, at "
        "{sites}; {cost}",
        enhanced=whole(enhanced), surgery=whole(surgery), **at,
    )  # fmt: skip


def _covered(data: PlanData, lift: BoolArray, healers: list[BoolArray], limit: int) -> BoolArray:
    """Say where and when care is in time; shape (sites, nodes)."""
    ground = data.ground
    dry, wet = ground.care_road[limit]
    found = np.zeros(lift.shape, bool)
    for n in range(lift.shape[1]):
        healer = healers[limit][:, n]
        by_road = (wet if ground.wet_node[n] else dry)[healer].any(axis=0)
        by_air = ground.care_air[limit][lift[:, n]][:, healer].any(axis=(0, 1))
        on_board = ground.lift_alone[lift[:, n]].any(axis=0) if limit == 0 else False
        found[:, n] = by_road | by_air | on_board
    return found


Trial = tuple[int, int, int, list[int], list[BoolArray]]


def _trials(wishes: Wishes, lift: BoolArray, healers: list[BoolArray], without: list[BoolArray]) -> Iterator[Trial]:
    """Yield (base-months gained, class, site, nodes, what is gained) for each type and site that may help."""
    data = wishes.data
    for k in wishes.classes:
        kind = data.classes[k].unit_type
        if not (kind.casualty_lift or kind.medical_level > 0):
            continue
        for j in np.flatnonzero(data.allowed[k]).tolist():
            nodes = stay(wishes, k, wishes.room.beds[j])
            if not nodes:
                continue
            more_lift, more = lift.copy(), [healer.copy() for healer in healers]
            more_lift[j, nodes] |= kind.casualty_lift
            for i, level in enumerate(CARE_LEVELS):
                more[i][j, nodes] |= kind.medical_level >= level
            gained = [gap & _covered(data, more_lift, more, i) for i, gap in enumerate(without)]
            months = sum(int((gain @ data.timeline.months).sum()) for gain in gained)
            yield months, k, j, nodes, gained
