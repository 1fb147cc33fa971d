"""Restrictions and handovers written out a second time, month by month, for the families in `by_hand`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.planning.by_hand import Hand


def is_lost(h: Hand, j: int, n: int) -> bool:
    line, last = h.data.timeline, h.data.timeline.months_of(n)[-1]
    return any(
        row.kind == "site_lost" and row.what == h.site_id[j] and row.from_month <= last
        and (row.until_month is None or row.until_month >= line.first_month[n])
        and (not row.when or row.when in line.conditions[n])
        for row in h.data.mission.restrictions
    )  # fmt: skip


def lost_from(h: Hand, j: int, n: int) -> bool:
    return is_lost(h, j, n) and not (h.before(n) >= 0 and is_lost(h, j, h.before(n)))


def left(h: Hand, m: int, a: int, n: int) -> float:
    """Share of a task of presence that nobody has taken over in an area: one minus the chance that some actor acts."""
    line, kept = h.data.timeline, 1.0
    for x in h.data.mission.mandate.handover:
        here = not x.zones or h.data.mission.areas[a].zone in x.zones
        holds = not x.when or x.when in line.conditions[n]
        if h.data.demand.tasks[m].task_id in x.tasks and here and holds:
            months = line.months_of(n)
            risen = [
                0.0 if month < x.from_month else 1.0 if month >= x.full_month
                else (month - x.from_month) / (x.full_month - x.from_month)
                for month in months
            ]  # fmt: skip
            begun = sum(month >= x.from_month for month in months)
            kept *= 1 - (x.share_start * begun + (x.share_full - x.share_start) * sum(risen)) / len(months)
    return kept
