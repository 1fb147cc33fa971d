"""What a plan says, as arrays beside its mission: the one reading that all families of the check work from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from bluehelm.checks.futures import Futures
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import Pledge, Unit
from bluehelm.mission.unit_type import UnitType
from bluehelm.norms.norms import Norms
from bluehelm.words import say

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SITE_DEEDS = ("arrive", "move_in", "move_out", "stop")
DEEDS = (*SITE_DEEDS, "order", "exit_order")
ClassKey = tuple[str, int, tuple[str, ...], tuple[str, ...], bool, bool]


@dataclass(frozen=True, slots=True)
class UnitClass:
    """Units that are interchangeable."""

    class_id: str
    key: ClassKey
    unit_type: UnitType

    @property
    def persons(self) -> int:
        """Strength of one unit."""
        return self.key[1]

    @property
    def only_zones(self) -> tuple[str, ...]:
        """Zones where it may be based; empty = all."""
        return self.key[2]

    @property
    def not_tasks(self) -> tuple[str, ...]:
        """Kinds of task it will not do."""
        return self.key[3]

    @property
    def may_move(self) -> bool:
        """May be moved to another site."""
        return self.key[4]

    @property
    def may_leave(self) -> bool:
        """May be sent home."""
        return self.key[5]


@dataclass(frozen=True, slots=True)
class PledgeGroup:
    """Pledges that are alike: class, readiness, first month in which to order, month of expiry."""

    name: str
    class_id: str
    readiness_level: str
    available_from: Month
    last_month: Month
    count: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A plan read into arrays: units and deeds by class k, site j and node n.

    units[k,j,n]: at work. start_units[k,j]: today. deeds[deed][k,j,n]. exit_orders[k,n].
    orders[group name][n]. is_open[j,n].
    """

    mission: Mission
    norms: Norms
    tables: Mapping[str, pl.DataFrame]
    futures: Futures
    classes: tuple[UnitClass, ...]
    start_units: IntArray
    units: IntArray
    deeds: Mapping[str, IntArray]
    exit_orders: IntArray
    pledge_groups: Mapping[str, PledgeGroup]
    orders: Mapping[str, IntArray]
    is_open: BoolArray

    def norm(self, key: str) -> float:
        """Read a norm on the first day of the mission."""
        return self.norms.number(key, self.mission.setting.first_month.first_day)

    @property
    def persons(self) -> IntArray:
        """Strength of one unit of each class."""
        return np.array([c.persons for c in self.classes], dtype=np.int64)

    @property
    def working_units(self) -> FloatArray:
        """Units at work less what is lost on the move: a unit on the move counts nowhere for its travel days."""
        months = np.array([node.months for node in self.futures])
        lost = np.minimum(1.0, self.norm("move_days") / (30.4375 * months))
        return self.units - lost * self.deeds["move_in"]


def class_key(unit: Unit | Pledge) -> ClassKey:
    """Return what makes a unit or pledge interchangeable with others; a pledged unit may always be sent home."""
    may_leave = unit.may_leave if isinstance(unit, Unit) else True
    return unit.unit_type, unit.persons, unit.only_zones, unit.not_tasks, unit.may_move, may_leave


def pledge_groups(mission: Mission, classes: tuple[UnitClass, ...]) -> dict[str, PledgeGroup]:
    """Group pledges that are alike, named `pledges.1`, `pledges.2` ... in order of what makes them alike."""
    id_of = {c.key: c.class_id for c in classes}
    listed = sorted(
        (id_of[class_key(p)], p.readiness_level, p.available_from, Month.of(p.expires_on)) for p in mission.pledges
    )
    groups: dict[str, PledgeGroup] = {}
    for alike in dict.fromkeys(listed):
        name = f"pledges.{len(groups) + 1}"
        groups[name] = PledgeGroup(name, *alike, listed.count(alike))
    return groups


def read_classes(stated: pl.DataFrame, norms: Norms) -> tuple[UnitClass, ...]:
    """Read the classes that a plan names; types that the norms do not know are left out."""
    types = norms.unit_types()
    return tuple(
        UnitClass(row["class_id"], _stated_key(row), types[row["unit_type"]])
        for row in stated.iter_rows(named=True)
        if row["unit_type"] in types
    )


def _stated_key(row: Mapping[str, object]) -> ClassKey:
    zones, tasks = (tuple(filter(None, str(row[name] or "").split(";"))) for name in ("only_zones", "not_tasks"))
    persons = row["persons"]
    assert isinstance(persons, int)
    return str(row["unit_type"]), persons, zones, tasks, bool(row["may_move"]), bool(row["may_leave"])


def class_faults(mission: Mission, classes: tuple[UnitClass, ...], stated: pl.DataFrame) -> Iterator[str]:
    """Say where the plan's classes are not those of the mission's units and pledges."""
    named = [c.key for c in classes]
    asked = {class_key(unit): unit.unit_id for unit in mission.units}
    asked |= {class_key(pledge): pledge.pledge_id for pledge in mission.pledges}
    if len(classes) != len(stated):
        yield say("{count} classes are of a unit type that the norms do not know.", count=len(stated) - len(classes))
    for c in classes:
        if c.key not in asked or named.count(c.key) > 1:
            yield say("Class '{class_id}' is not a class of the mission, or is listed twice.", class_id=c.class_id)
    for key in asked.keys() - set(named):
        yield say("No class of the plan holds '{unit}'.", unit=asked[key])


def read_evidence(plan: Plan, norms: Norms, futures: Futures, classes: tuple[UnitClass, ...]) -> Evidence:
    """Read the tables of a plan into arrays; names in them must be known (see labels)."""
    mission, tables = plan.mission, plan.tables
    k_of = {c.class_id: k for k, c in enumerate(classes)}
    j_of = {site.site_id: j for j, site in enumerate(mission.sites)}
    n_of = {node.node_id: n for n, node in enumerate(futures)}
    shape = (len(classes), len(mission.sites), len(futures))
    units = np.zeros(shape, dtype=np.int64)
    for row in tables["deployments"].iter_rows(named=True):
        units[k_of[row["class_id"]], j_of[row["site_id"]], n_of[row["node_id"]]] = row["units"]
    deeds = {deed: np.zeros(shape, dtype=np.int64) for deed in SITE_DEEDS}
    exit_orders = np.zeros((shape[0], shape[2]), dtype=np.int64)
    groups = pledge_groups(mission, classes)
    orders = {name: np.zeros(shape[2], dtype=np.int64) for name in groups}
    for row in tables["movements"].iter_rows(named=True):
        k, n = k_of[row["class_id"]], n_of[row["node_id"]]
        if row["deed"] == "order":
            orders[row["pledge_class"]][n] += row["units"]
        elif row["deed"] == "exit_order":
            exit_orders[k, n] += row["units"]
        else:
            deeds[row["deed"]][k, j_of[row["site_id"]], n] += row["units"]
    is_open = np.zeros(shape[1:], dtype=np.bool_)
    for site_id, node_id, stated in tables["sites"].select("site_id", "node_id", "open").iter_rows():
        is_open[j_of[site_id], n_of[node_id]] = stated
    start = _start_units(mission, classes, j_of)
    return Evidence(mission, norms, tables, futures, classes, start, units, deeds, exit_orders, groups, orders, is_open)


def _start_units(mission: Mission, classes: tuple[UnitClass, ...], j_of: Mapping[str, int]) -> IntArray:
    start = np.zeros((len(classes), len(j_of)), dtype=np.int64)
    position = {c.key: k for k, c in enumerate(classes)}
    for unit in mission.units:
        if mission.stands_today(unit):
            start[position[class_key(unit)], j_of[unit.site_id]] += 1
    return start
