"""Care of casualties: enhanced care and surgery in time from every open site, by road or by an air link."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from bluehelm.planning.columns import Columns
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import BoolArray, IntArray, Model

CARE_LEVELS = (1, 2)
CARE_NAMES = ("enhanced_care", "surgery")
MOST_PATTERNS = 400


def add_care(model: Model, data: PlanData, at: Columns) -> None:
    """An open site has care in time, or the shortfall is counted (it ranks after priority 1 and is never hidden).

    rows: enhanced_care, surgery, and those that say where lift and hospitals are and which links they make.
    """
    nodes, sites = data.timeline.node_ids, data.site_ids
    partner = np.array([site.hospital_level for site in data.mission.sites])
    lift = _present(model, data, at, "lift_at_site", lifts(data), idle=data.restricted.grounded)
    patterns = _lift_patterns(model, data, lift)
    for limit, (level, name) in enumerate(zip(CARE_LEVELS, CARE_NAMES, strict=True)):
        rows = model.rows(name, (sites, nodes), upper=0.0, soft=True)
        model.add(rows, at.opened, data.base[:, None].astype(float))
        model.add(rows, at.care_short[limit], -1.0)
        giving = np.array([c.unit_type.medical_level >= level for c in data.classes])
        hospital = _present(model, data, at, f"{name}_hospital", giving, always=partner >= level)
        _add_roads(model, data, limit, rows, hospital)
        if limit == 0:
            lifter, site = np.nonzero(data.ground.lift_alone)
            model.add(rows[site], lift[lifter], -1.0)
        _add_links(model, data, name, rows, lift, hospital, data.ground.care_air[limit])
        if patterns is not None:
            _add_pattern_cuts(model, data, at, limit, hospital, patterns)


def _present(
    model: Model, data: PlanData, at: Columns, name: str, classes: BoolArray, *, always: BoolArray | None = None,
    idle: BoolArray | None = None,
) -> IntArray:  # fmt: skip
    """Add columns (sites, nodes) that may be 1 where a unit of the classes works, or where a partner always does.

    idle: (classes, nodes) where units give nothing. A partner's hospital that is lost gives nothing either.
    """
    names = (data.site_ids, data.timeline.node_ids)
    given = np.zeros(len(data.site_ids), bool) if always is None else always
    possible = given | _may_stand(data, classes)
    present = model.columns(name, names, upper=possible.astype(float)[:, None])
    rows = model.rows(name, names, upper=(given[:, None] & ~data.restricted.lost).astype(float), soft=True)
    model.add(rows, present)
    works = np.ones((len(data.classes), len(data.timeline))) if idle is None else ~idle
    model.add(rows, at.x[classes], -works[classes][:, None, :].astype(float))
    return present


def _lift_patterns(model: Model, data: PlanData, lift: IntArray) -> tuple[IntArray, BoolArray] | None:
    """Choose for each node one set of sites with lift: the same thing said twice, so that fractions cannot cheat.

    Without it the relaxation spreads a helicopter thinly over all airfields and covers everyone. Returns the columns
    (sets, nodes) and which sites each set holds, or None where there are too many sets to list.
    """
    bases = np.flatnonzero(_may_stand(data, lifts(data)))
    units = int(data.most_units[lifts(data)].sum())
    sizes = range(min(units, len(bases)) + 1)
    if sum(math.comb(len(bases), size) for size in sizes) > MOST_PATTERNS:
        return None
    sets = [chosen for size in sizes for chosen in combinations(bases.tolist(), size)]
    holds = np.zeros((len(sets), len(data.site_ids)), bool)
    for row, chosen in zip(holds, sets, strict=True):
        row[list(chosen)] = True
    nodes = data.timeline.node_ids
    names = ["+".join(data.site_ids[j] for j in chosen) or "none" for chosen in sets]
    pattern = model.columns("lift_pattern", (names, nodes), upper=1.0)
    one = model.rows("lift_one_pattern", (nodes,), lower=1.0, upper=1.0, soft=True)
    model.add(one, pattern)
    same = model.rows("lift_pattern", (data.site_ids, nodes), lower=0.0, upper=0.0, soft=True)
    model.add(same, lift)
    at_set, at_site = np.nonzero(holds)
    model.add(same[at_site], pattern[at_set], -1.0)
    return pattern, holds


def _add_pattern_cuts(
    model: Model, data: PlanData, at: Columns, limit: int, hospital: IntArray, patterns: tuple[IntArray, BoolArray]
) -> None:
    """A site is covered by road, or by a set of lift that reaches it and some place where a hospital may stand."""
    pattern, holds = patterns
    in_time = data.ground.care_air[limit][:, may_heal(data, limit)].any(axis=1)
    if limit == 0:
        in_time = in_time | data.ground.lift_alone
    covers = (holds.astype(np.int32) @ in_time.astype(np.int32)) > 0
    rows = model.rows(f"{CARE_NAMES[limit]}_by_set", (data.site_ids, data.timeline.node_ids), upper=0.0, soft=True)
    model.add(rows, at.opened, data.base[:, None].astype(float))
    model.add(rows, at.care_short[limit], -1.0)
    _add_roads(model, data, limit, rows, hospital)
    chosen, site = np.nonzero(covers)
    model.add(rows[site], pattern[chosen], -1.0)


def _add_roads(model: Model, data: PlanData, limit: int, rows: IntArray, hospital: IntArray) -> None:
    """Hospitals serve the sites they reach in time by road, in the season of the node."""
    dry, wet = data.ground.care_road[limit]
    for n in range(len(data.timeline)):
        giver, site = np.nonzero(wet if data.ground.wet_node[n] else dry)
        model.add(rows[site, n], hospital[giver, n], -1.0)


def lifts(data: PlanData) -> BoolArray:
    """Mark the classes that lift casualties by air."""
    return np.array([c.unit_type.casualty_lift for c in data.classes], bool)


def may_heal(data: PlanData, limit: int) -> BoolArray:
    """Mark the sites where care of a limit may be given."""
    giving = np.array([c.unit_type.medical_level >= CARE_LEVELS[limit] for c in data.classes], bool)
    partner = np.array([site.hospital_level >= CARE_LEVELS[limit] for site in data.mission.sites], bool)
    return np.asarray(_may_stand(data, giving) | partner)


def _may_stand(data: PlanData, classes: BoolArray) -> BoolArray:
    """Mark the sites where a unit of some class stands or may come to stand."""
    return np.asarray((data.may_stand & classes[:, None]).any(axis=0))


def _add_links(
    model: Model, data: PlanData, name: str, rows: IntArray, lift: IntArray, hospital: IntArray, in_time: BoolArray
) -> None:
    """Air links need a helicopter at one end and a hospital at the other; each serves every site it reaches in time."""
    limit = CARE_NAMES.index(name)
    base, healer = np.nonzero(_may_stand(data, lifts(data))[:, None] & may_heal(data, limit) & in_time.any(axis=2))
    pairs = [f"{data.site_ids[h]}>{data.site_ids[i]}" for h, i in zip(base, healer, strict=True)]
    nodes = data.timeline.node_ids
    link = model.columns(f"{name}_link", (pairs, nodes), upper=1.0)
    needs_lift = model.rows(f"{name}_link_lift", (pairs, nodes), upper=0.0, soft=True)
    model.add(needs_lift, link)
    model.add(needs_lift, lift[base], -1.0)
    needs_hospital = model.rows(f"{name}_link_hospital", (pairs, nodes), upper=0.0, soft=True)
    model.add(needs_hospital, link)
    model.add(needs_hospital, hospital[healer], -1.0)
    pair, site = np.nonzero(in_time[base, healer])
    model.add(rows[site], link[pair], -1.0)
