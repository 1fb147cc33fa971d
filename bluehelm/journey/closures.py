"""Why each site closes: what lies in its reach, what stays protected without it, and what is saved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bluehelm.journey.sentences import joined, listed, named, usd_told
from bluehelm.planning.fixed import Stand, stand_of
from bluehelm.planning.gather import PlanData
from bluehelm.planning.prices import KUSD
from bluehelm.planning.proportional import open_today, reach_of_one
from bluehelm.planning.tables import protected_share
from bluehelm.reports.extras import Text, tell
from bluehelm.reports.numbers import decimal, percent
from bluehelm.reports.reading import Reading
from bluehelm.solve.model import FloatArray, IntArray

NEIGHBOURS = 2


def closure_reasons(reading: Reading, data: PlanData) -> Mapping[str, Text]:
    """Give the reason for each site that closes on the most likely future."""
    stand = stand_of(data, reading.plan.tables)
    node = {node_id: n for n, node_id in enumerate(data.timeline.node_ids)}
    row = {site_id: j for j, site_id in enumerate(data.site_ids)}
    path = [node[node_id] for node_id in reading.path]
    at = {str(data.timeline.first_month[n]): n for n in path}
    return {
        change.site_id: _reason(data, stand, row[change.site_id], at[change.month], path) for change in reading.closures
    }


def _reason(data: PlanData, stand: Stand, j: int, n: int, path: list[int]) -> Text:
    if data.restricted.lost[j, n]:
        return tell("The site is lost and cannot be open.")
    harm = data.demand.harm[:, n] / data.timeline.months[n]
    by_site = reach_of_one(data, int(data.ground.pattern[n])) @ harm
    parent = int(data.timeline.parent[n])
    bases = stand.opened[:, parent] if parent >= 0 else open_today(data)[:, 0]
    bases = bases & data.base
    rank = int((by_site[bases] < by_site[j]).sum()) + 1
    told = [
        tell(
            "{deaths} deaths a month are expected in its reach: number {rank} of {count} bases, from the least.",
            deaths=decimal(float(by_site[j]), 2),
            rank=rank,
            count=int(bases.sum()),
        ),
        _protection(data, stand, j, n),
        _money(data, j, n, path),
    ]
    return joined(told)


def _protection(data: PlanData, stand: Stand, j: int, n: int) -> Text:
    """Say what of the harm in reach stays protected, from where, and what it would be with the units still there."""
    in_reach = reach_of_one(data, int(data.ground.pattern[n]))[j] * data.demand.harm[:, n]
    if in_reach.sum() == 0:
        return ""
    from_site = presence_by_site(data, stand.x[:, :, n], n)
    parent = data.timeline.parent[n]
    before = stand.x[:, :, parent] if parent >= 0 else data.at_start
    stayed = from_site.sum(axis=0) + presence_by_site(data, before, n)[j]
    without, with_it = (
        float(in_reach @ protected_share(data, present) / in_reach.sum()) for present in (from_site.sum(axis=0), stayed)
    )
    part = from_site @ in_reach
    helpers = [i for i in np.argsort(-part, kind="stable") if part[i] > 0][:NEIGHBOURS]
    values = {"without": percent(without), "with_it": percent(with_it)}
    if not helpers:
        return tell("Nothing else protects there: {without} is protected, {with_it} if its units had stayed.", **values)
    names = listed([named(data.mission.sites[i].name) for i in helpers])
    return tell(
        "{without} of that stays protected, most from {sites}; {with_it} if its units had stayed.",
        sites=names,
        **values,
    )


def presence_by_site(data: PlanData, x: IntArray, n: int) -> FloatArray:
    """Presence over each area from each site, with units x (classes, sites) in place; shape (sites, areas)."""
    total = np.zeros((len(data.site_ids), len(data.area_ids)))
    for group, sigma in enumerate(data.ground.sigma[data.ground.pattern[n]]):
        units = x[data.ground.group == group].sum(axis=0)
        total += sigma.toarray() * units[:, None]
    return total


def _money(data: PlanData, j: int, n: int, path: list[int]) -> Text:
    months = sum(int(data.timeline.months[m]) for m in path if data.timeline.start[m] >= data.timeline.start[n])
    saved = (data.prices.run_site[j] * months - data.prices.close_site[j]) * KUSD
    if saved <= 0:
        return tell("Closing costs more than running it to the end of the plan.")
    return tell("The site itself costs {amount} less to the end of the plan.", amount=usd_told(saved))
