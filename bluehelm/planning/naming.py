"""Which contributor's unit goes where: the counts of the plan are given names, contingents together.

The plan fixes how many units of a class stand, move, arrive and leave at each site and node, so that the number of
moves is settled. What is left is whose they are. Units of one class and contributor are alike; their numbers are
found by an exact second step (`contingents`), and single units are then told off in the order of their names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import TABLES
from bluehelm.mission.records import Pledge, Unit
from bluehelm.norms.norms import Norms, load_norms
from bluehelm.planning.contingents import Shares, share_out
from bluehelm.planning.counts import Counts, Group, counts_of

AT_SITE, LEAVING = "at_site", "leaving"


@dataclass
class Roll:
    """Which unit is where at one node. leaving: the site it left, and months after the start at which it is out."""

    at_site: dict[str, str] = field(default_factory=dict)
    leaving: dict[str, tuple[str, float]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)

    def copy(self) -> Roll:
        """Return a roll of its own for the next node."""
        return Roll(dict(self.at_site), dict(self.leaving), set(self.called))


def name_units(mission: Mission, tables: Mapping[str, pl.DataFrame], norms: Norms | None = None) -> pl.DataFrame:
    """Name every unit at every node: table `names` of a plan.

    Moves are as few as the plan counts; among all ways to name them, one with the fewest pairs of a contributor and a
    site, over all nodes, is taken. A pledge that comes bears its own name. The site of a unit that is leaving is the
    one it left.

    norms: those of the plan; where not given, the shipped ones with the mission's amendments.
    """
    counts = counts_of(mission, tables, load_norms(mission.amendments) if norms is None else norms)
    shares = share_out(counts)
    units: dict[str, Unit | Pledge] = {unit.unit_id: unit for unit in mission.units}
    units |= {pledge.pledge_id: pledge for pledge in mission.pledges}
    line = counts.timeline
    rolls: list[Roll] = []
    rows: list[tuple[str, ...]] = []
    for n, node_id in enumerate(line.node_ids):
        roll = rolls[line.parent[n]].copy() if line.parent[n] >= 0 else _today(mission)
        _tell_off(counts, shares, n, roll)
        rolls.append(roll)
        for unit_id, site_id, state in sorted(_states(roll)):
            unit, month = units[unit_id], str(line.first_month[n])
            class_id = counts.class_of[unit_id]
            rows.append((node_id, month, unit_id, unit.contributor, unit.unit_type, class_id, site_id, state))
    return pl.DataFrame(rows, schema=dict.fromkeys(TABLES["names"], pl.String), orient="row")


def _today(mission: Mission) -> Roll:
    return Roll({unit.unit_id: unit.site_id for unit in mission.units if unit.arrives is None})


def _states(roll: Roll) -> Iterator[tuple[str, str, str]]:
    for unit_id, site_id in roll.at_site.items():
        yield unit_id, site_id, AT_SITE
    for unit_id, (site_id, _) in roll.leaving.items():
        yield unit_id, site_id, LEAVING


def _tell_off(counts: Counts, shares: Shares, n: int, roll: Roll) -> None:
    """Bring a roll from the parent of node n to node n; of units that are alike, the last by name go first."""
    start = float(counts.timeline.start[n])
    roll.leaving = {unit_id: (site, out) for unit_id, (site, out) in roll.leaving.items() if start < out}
    for g, group in enumerate(counts.groups):
        standing: dict[str, list[str]] = defaultdict(list)
        for unit_id in group.unit_ids:
            if unit_id in roll.at_site:
                standing[roll.at_site[unit_id]].append(unit_id)
        for site_id in _each(shares.deeds.get(("stop", g, n), {})):
            unit_id = standing[site_id].pop()
            del roll.at_site[unit_id]
            if counts.exit_lag_months > 0:
                roll.leaving[unit_id] = site_id, start + counts.exit_lag_months
        moving = [standing[site_id].pop() for site_id in _each(shares.deeds.get(("move_out", g, n), {}))]
        arriving = _arriving(counts, shares, g, group, n, roll)
        for ids, deed in ((moving, "move_in"), (arriving, "arrive")):
            sites = list(_each(shares.deeds.get((deed, g, n), {})))
            roll.at_site |= dict(zip(ids, sites, strict=True))
        roll.called |= set(arriving)


def _each(numbers: Mapping[str, int]) -> Iterator[str]:
    """Yield each name as often as its number says."""
    for name, number in numbers.items():
        yield from [name] * number


def _arriving(counts: Counts, shares: Shares, g: int, group: Group, n: int, roll: Roll) -> list[str]:
    """List who arrives: those on their way, then pledges called one lead time before, in the order of their names."""
    arriving = list(group.on_the_way.get(n, ()))
    for name, pledge_ids in group.pledged.items():
        due = sum(shares.orders.get((g, m), {}).get(name, 0) for m, at in counts.lands[name] if at == n)
        arriving += [pledge_id for pledge_id in pledge_ids if pledge_id not in roll.called][:due]
    return arriving
