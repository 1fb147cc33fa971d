"""Why a site is open or closed: who is there, what binds, and what the other way would bring."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bluehelm.geo.distance import distance_km
from bluehelm.journey.why_again import gain_of, otherwise
from bluehelm.journey.why_asked import Asked
from bluehelm.journey.why_changes import one_more_unit, site_forced
from bluehelm.journey.why_forced import compared
from bluehelm.journey.why_measures import deaths_answered, presence_gains, site_losses
from bluehelm.journey.why_words import CEILINGS, binding_told, gain_told, money_told, one_more, runs, unit_name
from bluehelm.reports.names import site_kind_name, spoken_name
from bluehelm.reports.numbers import decimal, listing, month_name, whole
from bluehelm.solve.model import BoolArray, IntArray
from bluehelm.words import say

# Sites that may change with the one asked about: the nearest open ones, and those that protect least.
NEAREST, LEAST = 3, 3


def why_site(asked: Asked, site_id: str) -> Iterator[str]:
    """Yield the sentences about one site."""
    j = asked.data.site_ids.index(site_id)
    site = asked.plan.mission.sites[j]
    yield say("{site}: {kind} in {zone}.", site=asked.reading.name(site_id), kind=site_kind_name(site.kind),
              zone=spoken_name(site.zone))  # fmt: skip
    if not asked.data.base[j]:
        yield say("It belongs to a partner: the plan decides nothing about it.")
        return
    yield from _when_open(asked, j)
    yield from _who(asked, j)
    yield from binding_told(asked, lambda family, key: site_id in key)
    yield from binding_told(asked, lambda family, key: family in ("site_limit", *CEILINGS, "cash", "appropriation"))
    yield from _weight(asked, j)
    yield from _other_way(asked, j)
    yield from _one_more(asked, j)
    yield money_told(asked)


def _when_open(asked: Asked, j: int) -> Iterator[str]:
    states = ["open" if asked.opened[j, n] else "closed" for n in asked.path]
    today = asked.plan.mission.sites[j].open_at_start
    if today and states[0] == "closed":
        yield say("Open on the day before the plan.")
    for state, first, last in runs(asked, states):
        if state == "open":
            yield say("Open from {first} to {last}.", first=first, last=last)
        else:
            yield say("Closed from {first} to {last}.", first=first, last=last)
    if asked.opened[j].any() and not asked.opened[j, asked.path].any():
        yield say("In other futures it opens.")
    site = asked.plan.mission.sites[j]
    lost = ["lost" if asked.data.restricted.lost[j, n] else "" for n in asked.path]
    for _, first, last in (run for run in runs(asked, lost) if run[0]):
        yield say("It is lost from {first} to {last} and cannot be open then.", first=first, last=last)
    if site.open_at_start and not site.may_close and not any(lost):
        yield say("The mission says that it may not close, so it stays open.")
    elif not site.open_at_start and site.opens_from is None:
        yield say("It is closed today and the mission gives no month from which it may open.")
    elif not site.open_at_start and site.opens_from is not None:
        yield say("It may open from {month}.", month=month_name(str(site.opens_from)))


def _who(asked: Asked, j: int) -> Iterator[str]:
    """Say who is based there when it is first and last open."""
    nodes = [n for n in asked.path if asked.opened[j, n]]
    for n in dict.fromkeys([*nodes[:1], *nodes[-1:]]):
        units = asked.x[:, j, n]
        persons = float(units @ asked.data.persons)
        names = [f"{units[k]} × {unit_name(asked, int(k))}" for k in np.flatnonzero(units)]
        yield say(
            "In {month} {persons} {persons:person|persons} {persons:is|are} based there, with beds for {beds}: "
            "{units}.",
            month=month_name(str(asked.data.timeline.first_month[n])),
            persons=whole(persons),
            beds=whole(float(asked.data.capacity[j])),
            units=listing(names) or say("nobody"),
        )


def _weight(asked: Asked, j: int) -> Iterator[str]:
    """Say what only its units protect, and how that ranks among the bases that may close."""
    losses = site_losses(asked)
    if not asked.opened[j].any():
        return
    months = asked.opened @ asked.data.timeline.months
    may_close = [i for i, site in enumerate(asked.plan.mission.sites) if site.may_close and months[i] > 0]
    per_month = losses / np.maximum(months, 1)
    yield say(
        "Without its units, everyone else as planned, {deaths} expected {deaths:death|deaths} would no longer be "
        "answered.",
        deaths=decimal(float(losses[j]), 2),
    )
    if j in may_close and len(may_close) > 1:
        rank = 1 + sum(per_month[i] > per_month[j] for i in may_close)
        yield say(
            "By that, month for month, it is number {rank} of the {count} bases that may close, from the most.",
            rank=rank,
            count=len(may_close),
        )


def _other_way(asked: Asked, j: int) -> Iterator[str]:
    """Force the site the other way, plan again near the plan, and tell the differences."""
    site, line = asked.plan.mission.sites[j], asked.data.timeline
    closed = np.flatnonzero(~asked.opened[j] & ~asked.data.restricted.lost[j])
    free = _free_sites(asked, j)
    if len(closed):
        ready = float(asked.data.opening_lead[j])
        able = [n for n in closed.tolist() if site.open_at_start or _may_open_by(asked, j, n, ready)]
        if not able:
            return
        found = otherwise(asked, free, site_forced(asked, j, able, open_=True))
        yield from compared(asked, say("Were it open all the time"), found, but=j)
        if not found and np.isfinite(asked.data.demand.site_limit).any():
            found = otherwise(asked, free, site_forced(asked, j, able, open_=True, extra_site=True))
            yield from compared(asked, say("Were it open all the time, with one base more allowed"), found, but=j)
    elif site.may_close:
        start = np.flatnonzero(line.start >= asked.data.exit_notice_months)
        found = otherwise(asked, free, site_forced(asked, j, start.tolist(), open_=False))
        yield from compared(asked, say("Were it closed as soon as units told to leave can stop"), found, but=j)


def _may_open_by(asked: Asked, j: int, n: int, lead_months: float) -> bool:
    site, line = asked.plan.mission.sites[j], asked.data.timeline
    if site.opens_from is None:
        return False
    earliest = [m for m in line.path(n) if line.first_month[m] >= site.opens_from and line.start[m] >= lead_months]
    return bool(earliest)


def _free_sites(asked: Asked, j: int) -> IntArray:
    """Return the whole columns of a site and of those that may change with it."""
    sites, at = asked.plan.mission.sites, asked.built.columns
    lat, lon = np.array([s.latitude_deg for s in sites]), np.array([s.longitude_deg for s in sites])
    km = distance_km(lat[[j]], lon[[j]], lat, lon)[0]
    ever: BoolArray = asked.opened.max(axis=1)
    others = np.array([i for i in range(len(sites)) if i != j and asked.data.base[i]], int)
    near = [i for i in others[np.argsort(km[others])] if ever[i]][:NEAREST]
    may_close: BoolArray = np.array([s.may_close for s in sites], bool)
    stays = asked.opened.min(axis=1).astype(bool) & may_close
    losses = site_losses(asked)
    least = [i for i in others[np.argsort(losses[others])] if stays[i]][:LEAST]
    chosen = sorted({j, *near, *least})
    return np.concatenate([at.x[:, chosen].ravel(), at.opened[chosen].ravel()])


def _one_more(asked: Asked, j: int) -> Iterator[str]:
    gains = presence_gains(asked)[:, j]
    if not len(gains) or gains.max() <= 0 or not asked.opened[j].any():
        return
    k = int(np.argmax(gains))
    gain = gain_of(asked, deaths_answered(asked), asked.built.columns.x[k].ravel(), one_more_unit(asked, k, j))
    yield gain_told(say("{unit}, arriving there", unit=one_more(asked, k)), gain)
