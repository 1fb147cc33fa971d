"""Units that one could ask for: what each type could do, and where and when the plan has room for one more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite

import numpy as np
import polars as pl

from bluehelm.journey.sentences import usd_told
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import COMPONENTS, Pledge
from bluehelm.norms.norms import Norms
from bluehelm.planning.classes import class_key, classes_of
from bluehelm.planning.gather import PlanData, gather
from bluehelm.planning.leaving import closing_node
from bluehelm.planning.prices import KUSD
from bluehelm.reports.extras import Text, tell
from bluehelm.reports.reading import Reading
from bluehelm.solve.model import FloatArray

READINESS = "2"


@dataclass(frozen=True, slots=True)
class Room:
    """What the plan leaves free on its most likely future.

    path: nodes of that future from the first in which a unit pledged now could be there. persons: (components, nodes)
    below the ceilings, inf where there is none. beds: (sites, nodes), 0 where a site is closed.
    spare_usd: least that is left of cash and of any approved amount at the end.
    """

    path: tuple[int, ...]
    persons: FloatArray
    beds: FloatArray
    spare_usd: float


@dataclass(frozen=True, slots=True)
class Wishes:
    """Data of the mission with one unit of every type pledged. classes: place of each type among the classes.

    present: (areas, nodes), presence of the plan.
    """

    data: PlanData
    classes: tuple[int, ...]
    room: Room
    present: FloatArray


def wishes_of(plan: Plan, data: PlanData, norms: Norms) -> Wishes:
    """Pledge one unit of every type that the form of operation may use, and see what room the plan leaves."""
    mission = plan.mission
    model = norms.mission_models().get(mission.setting.mission_model)
    components = model.components if model is not None else COMPONENTS
    pledges = tuple(
        Pledge(
            pledge_id=f"wish-{name}",
            unit_type=name,
            contributor="",
            persons=kind.strength_persons,
            readiness_level=READINESS,
            available_from=mission.setting.first_month,
            expires_on=mission.months[-1].first_day,
            source=mission.mandate.source,
            status="assumed",
        )
        for name, kind in norms.unit_types().items()
        if kind.component in components
    )
    wished = replace(mission, pledges=(*mission.pledges, *pledges))
    by_key = classes_of(wished, norms.unit_types())
    place = {c.class_id: k for k, c in enumerate(by_key.values())}
    wider = gather(wished, norms, steps=data.steps, tail=data.tail)
    lead = norms.number(f"lead_months.{READINESS}", mission.setting.first_month.first_day)
    classes = tuple(place[by_key[class_key(pledge)].class_id] for pledge in pledges)
    return Wishes(wider, classes, _room(plan, data, lead), _present(plan, data))


def _present(plan: Plan, data: PlanData) -> FloatArray:
    area = {area_id: a for a, area_id in enumerate(data.area_ids)}
    node = {node_id: n for n, node_id in enumerate(data.timeline.node_ids)}
    present = np.zeros((len(area), len(node)))
    for area_id, node_id, value in plan.tables["protection"].select("area_id", "node_id", "presence").iter_rows():
        present[area[area_id], node[node_id]] = value
    return present


def _room(plan: Plan, data: PlanData, lead_months: float) -> Room:
    node = {node_id: n for n, node_id in enumerate(data.timeline.node_ids)}
    path = tuple(node[n] for n in Reading(plan).path if data.timeline.start[node[n]] >= lead_months)
    persons = np.full((len(COMPONENTS), len(node)), np.inf)
    for component, node_id, there, ceiling in (
        plan.tables["ceilings"].select("component", "node_id", "persons", "ceiling_persons").iter_rows()
    ):
        if ceiling is not None and np.isfinite(ceiling):
            persons[COMPONENTS.index(component), node[node_id]] = ceiling - there
    beds = np.zeros((len(data.site_ids), len(node)))
    row = {site_id: j for j, site_id in enumerate(data.site_ids)}
    for site_id, node_id, there, capacity in (
        plan.tables["sites"]
        .filter(pl.col("open"))
        .select("site_id", "node_id", "persons", "capacity_persons")
        .iter_rows()
    ):
        beds[row[site_id], node[node_id]] = max(capacity - there, 0.0)
    return Room(path, persons, beds, _spare_usd(plan))


def _spare_usd(plan: Plan) -> float:
    """Least money left: of what is approved for the last run, and of cash at any later time."""
    cash = Reading(plan).on_path("cash")
    left = [cash["approved_usd"][-1] - cash["fiscal_year_spent_usd"][-1]] if len(cash) else []
    left += (cash["cash_limit_usd"] - cash["cumulative_usd"]).to_list()
    return max(0.0, min((amount for amount in left if isfinite(amount)), default=inf))


def stay(wishes: Wishes, k: int, beds: FloatArray | None = None) -> list[int]:
    """Nodes in which one more unit of a class could work: from its arrival until a ceiling or a full site ends it.

    beds: (nodes,) at its site; None where that does not matter. The unit leaves early enough to be out in time.
    """
    data, room = wishes.data, wishes.room
    free = room.persons[COMPONENTS.index(data.classes[k].unit_type.component)]
    if beds is not None:
        free = np.minimum(free, beds)
    fits = [n for n in room.path if free[n] >= data.persons[k]]
    if not room.path or not fits or fits[0] != room.path[0]:
        return fits if _to_the_end(room, fits) else []
    shut = next((n for n in room.path if n not in fits), None)
    if shut is None:
        return fits
    last = data.timeline.start[closing_node(data, shut)]
    return [n for n in fits if data.timeline.start[n] < last]


def _to_the_end(room: Room, nodes: list[int]) -> bool:
    """Whether nodes are the last ones of the path: a unit may then come later and stay."""
    return bool(nodes) and list(room.path[-len(nodes) :]) == nodes


def cost_usd(wishes: Wishes, k: int, nodes: list[int]) -> float:
    """What a unit of a class costs over some nodes, with its journeys."""
    price = wishes.data.prices
    months = float(wishes.data.timeline.months[nodes].sum())
    return float(price.month[k] * months + price.deploy[k] + price.repatriate[k]) * KUSD


def item_cost(wishes: Wishes, k: int, nodes: list[int], *, units: int = 1) -> Text:
    """Say what units cost to the end of their stay, and what of it the money of the mission does not hold."""
    line = wishes.data.timeline
    cost = units * cost_usd(wishes, k, nodes)
    values = {"cost": usd_told(cost), "months": int(line.months[nodes].sum())}
    lacking = max(cost - wishes.room.spare_usd, 0.0)
    if lacking == 0:
        return tell("it costs {cost} in {months} {months:month|months}", **values)
    return tell("it costs {cost} in {months} {months:month|months}, {lacking} of it not in the budget",
                lacking=usd_told(lacking),
                **values)  # fmt: skip
