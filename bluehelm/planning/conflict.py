"""Why no plan exists: the smallest set of demands in conflict, in sentences that a planner understands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.build import PlanModel
from bluehelm.planning.gather import PlanData
from bluehelm.planning.prices import KUSD
from bluehelm.solve.conflict import Conflict, Demand, bounds_as_rows, find_conflict
from bluehelm.solve.model import FloatArray, IntArray, Problem
from bluehelm.words import say


@dataclass(frozen=True, slots=True)
class Limit:
    """A demand of the mission. tell: its sentence, given by how much it would have to move."""

    demand: Demand
    tell: Callable[[float], str]


def smallest_conflict(built: PlanModel, data: PlanData, *, seconds: float = 15.0) -> tuple[str, ...]:
    """List the demands that cannot all be met, each with what would be needed of it if the others stay.

    Bookkeeping (units add up, exits take their time) is never listed; where it is what makes a ceiling impossible, a
    sentence after the demands says so.
    """
    listing = _Limits(data, built)
    limits = list(listing.all())
    found = find_conflict(listing.problem, [limit.demand for limit in limits], seconds=seconds)
    if found.impossible:
        return (say("The facts of the mission contradict each other; 'bluehelm mission check' lists its faults."),)
    if not found.demands:
        return (_no_conflict(found),)
    told = [limits[i].tell(way) for i, way in zip(found.demands, found.gives_way, strict=True)]
    told += _exits_take_time(data, built, [limits[i].demand for i in found.demands])
    if found.whole:
        told.append(say("Parts of units would fit; whole units do not."))
    if not found.irreducible:
        told.append(say("Time ran out before each of these was proven to be needed for the conflict."))
    if found.more:
        told.append(say("The other demands of the mission are in conflict too: settle these, then plan again."))
    return tuple(told)


def _no_conflict(found: Conflict) -> str:
    if found.undecided:
        return say("No conflict between demands was found in the time given; none was ruled out either.")
    return say("All demands can be met together: the search ended before it found how. Give it more seconds.")


def _exits_take_time(data: PlanData, built: PlanModel, demands: list[Demand]) -> list[str]:
    """Say when units told to leave today are out, where a ceiling in conflict comes before that."""
    block, line = built.model.row_blocks["ceiling"], data.timeline
    rows = np.concatenate([demand.rows for demand in demands])
    nodes = (rows[(rows >= block.first) & (rows < block.first + block.size)] - block.first) % len(line)
    ordered, lands = line.landing(data.exit_notice_months)
    stops = line.start[lands[ordered == 0]]
    if not len(nodes) or not len(stops):
        return []
    out = float(stops.min()) + data.exit_lag_months
    if line.end[nodes].min() >= out:
        return []
    first = line.first_month[0]
    return [
        say(
            "Nobody can be out earlier: units told to leave in {told} stop work in {stop} and count until {out}.",
            told=str(first),
            stop=str(first + int(stops.min())),
            out=str(first + math.ceil(out)),
        )
    ]


class _Limits:
    """Finds the demands of a mission in its model, the weightiest first; bounds of columns become rows on the way."""

    def __init__(self, data: PlanData, built: PlanModel) -> None:
        self.data, self.built = data, built
        self.problem: Problem = built.problem

    def all(self) -> Iterator[Limit]:
        """Yield every demand."""
        yield from self._ceilings()
        yield from self._site_limits()
        yield from self._appropriations()
        yield from self._cash()
        yield from self._arrivals()
        yield from self._leaving()
        yield from self._lost_sites()
        yield from self._open_sites()
        yield from self._placing()
        yield from self._sites()
        yield from self._pledges()

    def _rows(self, family: str) -> IntArray:
        block = self.built.model.row_blocks[family]
        return np.arange(block.first, block.first + block.size, dtype=np.int32).reshape(block.shape)

    def _bounds(self, *parts: tuple[IntArray, FloatArray | float]) -> Demand:
        """Make a demand of the bounds of columns; each part says what stays as the upper bound, 0 as the lower."""
        columns = np.concatenate([part.ravel() for part, _ in parts])
        upper = np.concatenate([np.broadcast_to(most, part.shape).ravel() for part, most in parts])
        self.problem, rows = bounds_as_rows(self.problem, columns, np.zeros(len(columns)), upper.astype(float))
        return Demand(rows)

    def _ceilings(self) -> Iterator[Limit]:
        demand = self.data.demand
        rows = np.concatenate([self._rows("ceiling"), self._rows("ceiling_within")], axis=1)
        limits = np.concatenate([demand.ceilings, demand.inner_ceilings], axis=1)
        for c, component in enumerate(COMPONENTS):
            for most in np.unique(limits[c][np.isfinite(limits[c])]):
                listed = [x for x in self.data.mission.mandate.ceiling if (x.component, x.persons) == (component, most)]
                since = max(min(x.from_month for x in listed), self.data.timeline.first_month[0])
                yield Limit(Demand(rows[c, limits[c] == most]), _told_ceiling(component, int(most), str(since)))

    def _site_limits(self) -> Iterator[Limit]:
        rows, limits = self._rows("site_limit"), self.data.demand.site_limit
        for most in np.unique(limits[np.isfinite(limits)]):
            first = self.data.timeline.months_of(int(np.flatnonzero(limits == most)[0]))[-1]
            yield Limit(Demand(rows[limits == most]), _told_site_limit(int(most), str(first)))

    def _appropriations(self) -> Iterator[Limit]:
        lines = [line for line in self.data.mission.budget if line.kind == "appropriation"]
        for rows, line in zip(self._rows("appropriation"), lines, strict=True):
            run = {"first": str(line.first_month), "last": str(line.last_month)}
            yield Limit(Demand(rows), _told_money(float(line.amount_usd), run=run))

    def _cash(self) -> Iterator[Limit]:
        rows, line = self._rows("cash"), self.data.timeline
        for n in np.flatnonzero(np.isfinite(self.data.prices.cash_limit)).tolist():
            most = float(self.data.prices.cash_limit[n]) * KUSD
            run = {"month": str(line.months_of(n)[-1])}
            yield Limit(Demand(rows[[n]]), _told_money(most, run=run, at_end=bool(line.leaf[n])))

    def _arrivals(self) -> Iterator[Limit]:
        rows, line = self._rows("arrivals"), self.data.timeline
        for k, n in zip(*np.nonzero(self.data.arriving), strict=True):
            text = say(
                "{count} × {unit} on the way arrive in {month}.",
                count=int(self.data.arriving[k, n]),
                unit=self._unit(int(k)),
                month=str(line.first_month[n]),
            )
            yield Limit(Demand(rows[[k], n], upper=False), _always(text))

    def _leaving(self) -> Iterator[Limit]:
        at = self.built.columns
        for k, c in enumerate(self.data.classes):
            if not c.may_leave:
                held = self._bounds((at.stop[k], self.data.most_units[k]), (at.exit_order[k], self.data.most_units[k]))
                count = int(self.data.at_start[k].sum())
                text = say("{count} × {unit} may not leave.", count=count, unit=self._unit(k))
                yield Limit(held, _always(text))

    def _lost_sites(self) -> Iterator[Limit]:
        """Sites that a restriction closes: without it each could stay open."""
        at, line = self.built.columns, self.data.timeline
        for j, lost in enumerate(self.data.restricted.lost & self.data.base[:, None]):
            if lost.any():
                months = sorted(month for n in np.flatnonzero(lost).tolist() for month in line.months_of(n))
                text = say(
                    "{site} is lost: it cannot be open in {first} to {last}.",
                    site=self.data.mission.sites[j].name,
                    first=str(months[0]),
                    last=str(months[-1]),
                )
                yield Limit(self._bounds((at.opened[j, lost], 1.0)), _always(text))

    def _open_sites(self) -> Iterator[Limit]:
        at = self.built.columns
        for j, site in enumerate(self.data.mission.sites):
            if site.open_at_start and not site.may_close and self.data.base[j]:
                free = ~self.data.restricted.lost[j]
                held = self._bounds((at.opened[j, free], 1.0), (at.closes[j], 1.0))
                yield Limit(held, _always(say("{site} may not close.", site=site.name)))

    def _placing(self) -> Iterator[Limit]:
        """Caveats and airfields: without them a class may stand at any base and move there."""
        at, most = self.built.columns, self.data.most_units
        for k, c in enumerate(self.data.classes):
            if not c.may_move:
                text = say("{unit} may not be moved.", unit=self._unit(k))
            elif c.only_zones:
                text = say("{unit} may be based only in {zones}.", unit=self._unit(k), zones=", ".join(c.only_zones))
            elif c.unit_type.needs_airfield:
                text = say("{unit} may be based only where there is an airfield.", unit=self._unit(k))
            else:
                continue
            anywhere = np.where(self.data.base, most[k], self.data.at_start[k])[:, None]
            held = self._bounds((at.x[k], anywhere), (at.move_in[k], anywhere))
            yield Limit(Demand(np.concatenate([held.rows, self._displaced(k)])), _always(text))

    def _displaced(self, k: int) -> IntArray:
        """Rows that let units of a class that may not move leave only lost sites."""
        names = self.built.model.row_blocks["displaced"].axes[0]
        class_id = self.data.class_ids[k]
        return self._rows("displaced")[names.index(class_id)] if class_id in names else np.zeros(0, np.int32)

    def _sites(self) -> Iterator[Limit]:
        beds, guard = self._rows("site_capacity"), self._rows("guard")
        for j, site in enumerate(self.data.mission.sites):
            if self.data.base[j]:
                count = f"{self.data.capacity[j]:,.0f}"
                text = say(
                    "{site} has {beds} {beds:bed|beds} while it is open, and none after.", site=site.name, beds=count
                )
                yield Limit(Demand(beds[j]), _always(text))
            if self.data.guard[j] > 0:
                count = f"{self.data.guard[j]:,.0f}"
                text = say("{site} needs {guard} persons to guard it while it is open.", site=site.name, guard=count)
                yield Limit(Demand(guard[j]), _always(text))

    def _pledges(self) -> Iterator[Limit]:
        of = {c.class_id: k for k, c in enumerate(self.data.classes)}
        called, late = self._rows("pledges"), self._rows("pledge_too_late")
        for c, pledge in enumerate(self.data.pledge_classes):
            unit = self._unit(of[pledge.unit_class])
            text = say("No more than {count} × {unit} are pledged.", count=pledge.count, unit=unit)
            yield Limit(Demand(called[c]), _always(text))
            text = say(
                "Pledges of {unit} can be called from {first} and must arrive by {last}.",
                unit=unit,
                first=str(pledge.available_from),
                last=str(pledge.last_month),
            )
            yield Limit(Demand(late[c]), _always(text))

    def _unit(self, k: int) -> str:
        c = self.data.classes[k]
        return say("{unit} ({persons} {persons:person|persons})", unit=say(c.unit_type.title), persons=f"{c.persons:,}")


def _always(text: str) -> Callable[[float], str]:
    return lambda way: text


def _told_ceiling(component: str, most: int, month: str) -> Callable[[float], str]:
    who = {"military": say("Military"), "police": say("Police"), "civilian": say("Civilian")}[component]
    text = say("{who} personnel may be at most {most} from {month}.", who=who, most=f"{most:,}", month=month)
    return lambda way: f"{text} {_needed(most + way)}".strip()


def _told_site_limit(most: int, month: str) -> Callable[[float], str]:
    text = say("At most {most} {most:site|sites} may be open from {month}.", most=most, month=month)
    return lambda way: f"{text} {_needed(most + way)}".strip()


def _told_money(most: float, *, run: dict[str, str], at_end: bool = False) -> Callable[[float], str]:
    words = {"amount": f"{most / 1e6:,.1f}", **run}
    if "first" in run:
        text = say("USD {amount} million are approved for {first} to {last}.", **words)
    elif at_end:
        text = say("USD {amount} million can be spent by the end of {month}, the way home kept back.", **words)
    else:
        text = say("USD {amount} million can be spent by the end of {month}.", **words)
    return lambda way: f"{text} {_needed_usd(most + way * KUSD)}".strip()


def _needed(count: float) -> str:
    """Say what a limit on persons or sites would have to be; NaN where that is not known."""
    if math.isnan(count):
        return ""
    least = f"{math.ceil(count - 1e-4):,}"
    return say("With the rest of this list, {count} or more would have to be allowed.", count=least)


def _needed_usd(usd: float) -> str:
    if math.isnan(usd):
        return ""
    least = f"{math.ceil(usd / 1e5 - 1e-4) / 10:,.1f}"
    return say("With the rest of this list, USD {amount} million or more would be needed.", amount=least)
