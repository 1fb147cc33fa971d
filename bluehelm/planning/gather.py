"""All data of the plan model, gathered in one step from the mission and the norms; the model is built in the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bluehelm.mission.information import Information
from bluehelm.mission.mission import Mission
from bluehelm.norms.norms import Norms
from bluehelm.planning.classes import PledgeClass, UnitClass, class_key, classes_of, pledge_classes_of
from bluehelm.planning.demand import Demand, demand_of
from bluehelm.planning.ground import Ground, ground_of
from bluehelm.planning.information import decided_in
from bluehelm.planning.prices import Prices, prices_of
from bluehelm.planning.restricted import Restricted, restricted_of
from bluehelm.planning.timeline import Timeline, timeline_of
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class PlanData:
    """Everything the model is built from; K classes, J sites, A areas, Z zones, N nodes, C pledge classes.

    at_start: (K, J) units in place today. arriving: (K, N) units on their way, by the node in which they arrive.
    allowed: (K, J) where a class may be based. most_units: (K,) in place, on their way and pledged.
    capacity, guard: (J,) persons. lost: (N,) share of a node that a unit arriving by a move is out of action.
    hours: (K,) hours of effort a unit gives in a month. decided_in: for kinds of decision that are taken knowing less
    than the node, the node whose columns each node shares.
    """

    mission: Mission
    timeline: Timeline
    classes: list[UnitClass]
    pledge_classes: list[PledgeClass]
    ground: Ground
    demand: Demand
    prices: Prices
    restricted: Restricted
    at_start: IntArray
    arriving: IntArray
    allowed: BoolArray
    most_units: IntArray
    persons: IntArray
    capacity: FloatArray
    guard: FloatArray
    opening_lead: FloatArray
    lost: FloatArray
    hours: FloatArray
    q: float
    steps: int
    tail: float
    exit_notice_months: float
    exit_lag_months: float
    lead_months: FloatArray
    decided_in: Mapping[str, IntArray] = field(default_factory=dict)

    @property
    def class_ids(self) -> list[str]:
        """Names of the classes."""
        return [c.class_id for c in self.classes]

    @property
    def site_ids(self) -> list[str]:
        """Names of the sites."""
        return [site.site_id for site in self.mission.sites]

    @property
    def area_ids(self) -> list[str]:
        """Names of the areas."""
        return [area.area_id for area in self.mission.areas]

    @property
    def zone_of_area(self) -> IntArray:
        """Place of each area's zone among the zones of the mission."""
        zones = self.mission.zones
        return np.array([zones.index(area.zone) for area in self.mission.areas], np.int32)

    @property
    def may_move(self) -> BoolArray:
        """(K, N) whether units of a class may move to another site: those that may not still leave a lost site."""
        may_move = np.array([c.may_move for c in self.classes], bool)[:, None]
        return np.asarray(may_move | (self.may_stand @ self.restricted.newly_lost))

    @property
    def may_stand(self) -> BoolArray:
        """(K, J) whether units of a class ever stand at a site: where they are, or where they may come to."""
        return np.asarray((self.allowed & self.roams[:, None]) | (self.at_start > 0))

    @property
    def roams(self) -> BoolArray:
        """(K,) whether units of a class may ever stand elsewhere than today: they move, arrive, or lose their site."""
        comes = self.most_units > self.at_start.sum(axis=1)
        flees = ((self.at_start > 0) & self.restricted.lost.any(axis=1)).any(axis=1)
        return np.asarray(np.array([c.may_move for c in self.classes], bool) | comes | flees)

    @property
    def base(self) -> BoolArray:
        """Whether each site can hold units at all (a partner's hospital cannot)."""
        return np.array([site.kind != "partner_hospital" for site in self.mission.sites], bool)


def gather(
    mission: Mission, norms: Norms, *, steps: int = 4, longest_months: int = 3, tail: float = 0.0,
    information: Information | None = None,
) -> PlanData:  # fmt: skip
    """Gather the data of the plan model.

    steps: whole steps of the protection curve; with q = 1 one step says it all. longest_months: longest node where
    the mission names none. tail: harm is measured over the worst 1 - tail of the futures (CVaR); 0: over all of them.
    information: who knows what when; None: each decision is taken knowing its node.
    """
    on = mission.setting.first_month.first_day
    notice, lag = norms.number("exit_notice_months", on), norms.number("exit_lag_months", on)
    timeline = timeline_of(mission, longest_months=longest_months, lags=(lag,), notice=notice)
    by_key = classes_of(mission, norms.unit_types())
    classes = list(by_key.values())
    restricted = restricted_of(mission, timeline, classes)
    place = {c.class_id: k for k, c in enumerate(classes)}
    pledge_classes = pledge_classes_of(mission, by_key)
    in_place = np.zeros((len(classes), len(mission.sites)), np.int32)
    arriving = np.zeros((len(classes), len(timeline)), np.int32)
    row = {site.site_id: j for j, site in enumerate(mission.sites)}
    for unit in mission.units:
        k = place[by_key[class_key(unit)].class_id]
        if mission.stands_today(unit):
            in_place[k, row[unit.site_id]] += 1
        else:
            for n in range(len(timeline)):
                arriving[k, n] += unit.arrives in timeline.months_of(n)
    pledged = Counter(dict.fromkeys(place, 0))
    for pledge in pledge_classes:
        pledged[pledge.unit_class] += pledge.count
    on_the_way = Counter(by_key[class_key(unit)].class_id for unit in mission.units if not mission.stands_today(unit))
    persons = np.array([c.persons for c in classes], np.int32)
    q = norms.number("protection_q", on)
    return PlanData(
        mission=mission,
        timeline=timeline,
        classes=classes,
        pledge_classes=pledge_classes,
        ground=ground_of(mission, norms, timeline, classes, restricted, on),
        demand=demand_of(mission, norms, timeline, on),
        prices=prices_of(mission, norms, timeline, classes, on),
        restricted=restricted,
        at_start=in_place,
        arriving=arriving,
        allowed=_allowed(mission, classes),
        most_units=in_place.sum(axis=1) + np.array([on_the_way[c] + pledged[c] for c in place], np.int32),
        persons=persons,
        capacity=np.array([_capacity(mission, norms, j) for j in range(len(mission.sites))]),
        guard=_guard(mission, norms, classes, in_place),
        opening_lead=np.array(
            [
                0.0 if s.kind == "partner_hospital" else norms.number(f"site_open_lead_months.{s.kind}", on)
                for s in mission.sites
            ]
        ),
        lost=np.minimum(1.0, norms.number("move_days", on) / (DAYS_PER_MONTH * timeline.months)),
        hours=persons * norms.number("effort_hours_per_person_month", on),
        q=q,
        steps=1 if q == 1 else steps,
        tail=tail,
        exit_notice_months=notice,
        exit_lag_months=lag,
        lead_months=np.array([norms.number(f"lead_months.{p.readiness_level}", on) for p in pledge_classes]),
        decided_in=decided_in(information, timeline),
    )


def _guard(mission: Mission, norms: Norms, classes: list[UnitClass], in_place: IntArray) -> FloatArray:
    """Persons who must guard each base while it is open: the norm, or fewer where fewer guard it today."""
    norm = norms.number("guard_persons_per_base", mission.setting.first_month.first_day)
    standing = np.array([c.persons * c.unit_type.guards for c in classes], float) @ in_place
    open_today = np.array([site.open_at_start for site in mission.sites], bool)
    base = np.array([site.kind != "partner_hospital" for site in mission.sites], bool)
    return np.asarray(np.where(open_today, np.minimum(norm, standing), norm) * base)


def _capacity(mission: Mission, norms: Norms, j: int) -> float:
    site = mission.sites[j]
    if site.kind == "partner_hospital":
        return 0.0
    if site.capacity_persons is not None:
        return float(site.capacity_persons)
    return norms.number(f"site_capacity_persons.{site.kind}", mission.setting.first_month.first_day)


def _allowed(mission: Mission, classes: list[UnitClass]) -> BoolArray:
    """Say where each class may be based: a base, in a zone its caveats allow, with an airfield if it needs one."""
    zone = np.array([site.zone for site in mission.sites])
    airfield = np.array([site.airfield for site in mission.sites], bool)
    base = np.array([site.kind != "partner_hospital" for site in mission.sites], bool)
    rows = [
        base
        & (np.isin(zone, c.only_zones) if c.only_zones else np.ones(len(zone), bool))
        & (airfield | (not c.unit_type.needs_airfield))
        for c in classes
    ]
    return np.array(rows, bool).reshape(len(classes), len(zone))
