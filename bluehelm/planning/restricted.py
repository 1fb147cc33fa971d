"""What restrictions take away: sites that are lost, areas and zones without consent, unit types that are grounded.

A restriction holds in a node if any month of the node lies within it and its condition holds there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bluehelm.mission.mission import Mission
from bluehelm.mission.records import ALL_AIRCRAFT, Restriction
from bluehelm.planning.classes import UnitClass
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import BoolArray


@dataclass(frozen=True, slots=True)
class Restricted:
    """Where restrictions hold; K classes, J sites, A areas, Z zones, N nodes.

    lost: (J, N) the site cannot be open. no_presence: (A, N) presence protects no one. no_effort: (Z, N) no hours are
    given. grounded: (K, N) units give no presence, no hours and no lift. was_lost: (J, N) lost in a node before on the
    path. parent_lost: (J, N) lost in the parent node.
    """

    lost: BoolArray
    no_presence: BoolArray
    no_effort: BoolArray
    grounded: BoolArray
    was_lost: BoolArray
    parent_lost: BoolArray

    @property
    def newly_lost(self) -> BoolArray:
        """(J, N) whether a site is lost at the start of a node."""
        return np.asarray(self.lost & ~self.parent_lost)

    @property
    def signature(self) -> list[bytes]:
        """One key per node: nodes with the same key restrict presence alike."""
        return [column.tobytes() for column in np.concatenate([self.no_presence, self.grounded]).T]


def restricted_of(mission: Mission, timeline: Timeline, classes: Sequence[UnitClass]) -> Restricted:
    """Lay the restrictions over the nodes."""
    sites = [site.site_id for site in mission.sites]
    count = len(timeline)
    lost, no_presence, no_effort, grounded = (
        np.zeros((rows, count), bool) for rows in (len(sites), len(mission.areas), len(mission.zones), len(classes))
    )
    area_names = np.array([(area.area_id, area.zone) for area in mission.areas], str).reshape(-1, 2)
    for row, nodes in _holding(mission, timeline):
        if row.kind == "site_lost":
            lost[sites.index(row.what)] |= nodes
        elif row.kind == "no_consent":
            no_presence[(area_names == row.what).any(axis=1)] |= nodes
            no_effort[[zone == row.what for zone in mission.zones]] |= nodes
        else:
            grounded[[_is_grounded(row, one) for one in classes]] |= nodes
    was_lost, parent_lost = np.zeros_like(lost), np.zeros_like(lost)
    for n, parent in enumerate(timeline.parent.tolist()):
        if parent >= 0:
            parent_lost[:, n] = lost[:, parent]
            was_lost[:, n] = lost[:, parent] | was_lost[:, parent]
    return Restricted(lost, no_presence, no_effort, grounded, was_lost, parent_lost)


def _holding(mission: Mission, timeline: Timeline) -> Iterator[tuple[Restriction, BoolArray]]:
    """Yield each restriction with the nodes in which it holds."""
    first = np.array([month - mission.setting.first_month for month in timeline.first_month])
    for row in mission.restrictions:
        since = row.from_month - mission.setting.first_month
        until = np.inf if row.until_month is None else row.until_month - mission.setting.first_month
        meets = (first <= until) & (first + timeline.months > since)
        holds = np.array([not row.when or row.when in conditions for conditions in timeline.conditions], bool)
        yield row, np.asarray(meets & holds)


def _is_grounded(row: Restriction, unit_class: UnitClass) -> bool:
    kind = unit_class.unit_type
    return row.what == kind.unit_type or (row.what == ALL_AIRCRAFT and kind.mobility == "air")
