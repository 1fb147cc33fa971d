"""Care of casualties: enhanced care and surgery in time from every open site, by road or by an air link."""

from __future__ import annotations

import numpy as np

from bluehelm.planning.columns import Columns
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import BoolArray, IntArray, Model

CARE_LEVELS = (1, 2)
CARE_NAMES = ("enhanced_care", "surgery")


def add_care(model: Model, data: PlanData, at: Columns) -> None:
    """An open site has care in time, or the shortfall is counted (it ranks after priority 1 and is never hidden).

    rows: care (one per site, node and limit), care_at_hospital, lift_at_site, link_needs_lift, link_needs_hospital.
    """
    nodes, sites = data.timeline.node_ids, data.site_ids
    partner = np.array([site.hospital_level for site in data.mission.sites])
    lift = _present(model, data, at, "lift_at_site", np.array([c.unit_type.casualty_lift for c in data.classes]))
    for limit, (level, name) in enumerate(zip(CARE_LEVELS, CARE_NAMES, strict=True)):
        rows = model.rows(name, (sites, nodes), upper=0.0, soft=True)
        model.add(rows, at.opened, data.base[:, None].astype(float))
        model.add(rows, at.care_short[limit], -1.0)
        giving = np.array([c.unit_type.medical_level >= level for c in data.classes])
        hospital = _present(model, data, at, f"{name}_hospital", giving, always=partner >= level)
        dry, wet = data.ground.care_road[limit]
        for n in range(len(nodes)):
            giver, site = np.nonzero(wet if data.ground.wet_node[n] else dry)
            model.add(rows[site, n], hospital[giver, n], -1.0)
        if limit == 0:
            lifter, site = np.nonzero(data.ground.lift_alone)
            model.add(rows[site], lift[lifter], -1.0)
        _add_links(model, data, name, rows, lift, hospital, data.ground.care_air[limit])


def _present(
    model: Model, data: PlanData, at: Columns, name: str, classes: BoolArray, *, always: BoolArray | None = None
) -> IntArray:
    """Add columns (sites, nodes) that may be 1 where a unit of the classes works, or where a partner always does."""
    names = (data.site_ids, data.timeline.node_ids)
    given = np.zeros(len(data.site_ids), bool) if always is None else always
    possible = given | (classes[:, None] & (data.allowed | (data.at_start > 0))).any(axis=0)
    present = model.columns(name, names, upper=possible.astype(float)[:, None])
    rows = model.rows(name, names, upper=given.astype(float)[:, None], soft=True)
    model.add(rows, present)
    model.add(rows, at.x[classes], -1.0)
    return present


def _add_links(
    model: Model, data: PlanData, name: str, rows: IntArray, lift: IntArray, hospital: IntArray, in_time: BoolArray
) -> None:
    """Air links need a helicopter at one end and a hospital at the other; each serves every site it reaches in time."""
    can_lift = np.array([c.unit_type.casualty_lift for c in data.classes], bool)
    may_lift = (can_lift[:, None] & (data.allowed | (data.at_start > 0))).any(axis=0)
    level = CARE_LEVELS[CARE_NAMES.index(name)]
    can_heal = np.array([c.unit_type.medical_level >= level for c in data.classes], bool)
    may_heal = (can_heal[:, None] & (data.allowed | (data.at_start > 0))).any(axis=0)
    may_heal |= np.array([site.hospital_level >= level for site in data.mission.sites])
    base, healer = np.nonzero(may_lift[:, None] & may_heal[None, :] & in_time.any(axis=2))
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
