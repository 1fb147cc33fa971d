"""The plan beside simple rules and beside what the mission itself did, all measured by the same code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bluehelm.geo.distance import distance_km
from bluehelm.journey.broken_limits import broken_limits
from bluehelm.journey.hindsight import closed_by_mission, violence_answered, violence_within_reach
from bluehelm.journey.sentences import joined, listed, named
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.build import PlanModel
from bluehelm.planning.fixed import Stand, tables_with
from bluehelm.planning.gather import PlanData
from bluehelm.planning.ground import coordinates
from bluehelm.planning.proportional import close_least, harm_in_reach, within_money
from bluehelm.reports.extras import Text, Yardstick, tell
from bluehelm.reports.numbers import percent
from bluehelm.reports.reading import Reading
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

NEAR_KM = 50.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A simple way to decide: which sites are open, and whether units of closing sites leave first."""

    name: str
    title: Text
    opened: BoolArray
    closing_first: bool
    note: Text


def yardsticks(plan: Plan, data: PlanData, built: PlanModel, norms: Norms) -> tuple[Yardstick, ...]:
    """Measure the plan and each rule; one that ends in a dead end, or decides as one before it, is left out."""
    found = [measured("plan", tell("This plan"), plan, plan.tables, _answered(plan, plan.tables))]
    decided: list[IntArray] = []
    for rule in rules(data, norms):
        x = within_money(data, rule.opened, closing_first=rule.closing_first)
        if x is None or any((x == other).all() for other in decided):
            continue
        decided.append(x)
        tables = tables_with(data, built, Stand(x, rule.opened))
        note = joined([rule.note, *broken_limits(data, tables), _answered(plan, tables)])
        found.append(measured(rule.name, rule.title, plan, tables, note))
    return tuple(found)


def rules(data: PlanData, norms: Norms) -> tuple[Rule, ...]:
    """List the rules: cut in proportion, close where least violence was, do as the mission did."""
    past = expected_near(data, norms)
    alike = tell("Units leave in proportion everywhere; what the limit on sites asks for closes where a base reaches "
                 "the least expected harm.")  # fmt: skip
    least = tell("The history of violence within {km} km by road decides; units there leave first, and the rest move "
                 "to the nearest base with beds.", km=round(NEAR_KM))  # fmt: skip
    known = (
        ("proportional", tell("Cut every site in proportion"), close_least(data, harm_in_reach(data)), False, alike),
        ("least_violence", tell("Close the sites with least past violence"), close_least(data, past), True, least),
        ("mission", tell("What the mission itself closed"), closed_by_mission(data), True, _as_it_did(data)),
    )
    return tuple(
        Rule(name, title, opened, first, note) for name, title, opened, first, note in known if opened is not None
    )


def _as_it_did(data: PlanData) -> Text:
    later = [closure for closure in data.mission.hindsight_closures if closure.deed == "opened"]
    names = {site.site_id: site.name for site in data.mission.sites}
    told: list[Text] = [tell("Units of the sites that it closed leave first; further cuts are in proportion.")]
    if later:
        opened = listed([named(names[closure.site_id]) for closure in later])
        told.append(tell("Sites that it opened later are left out: {sites}.", sites=opened))
    return joined(told)


def expected_near(data: PlanData, norms: Norms) -> FloatArray:
    """Expected deaths a month within 50 km by road of each site, from the history of violence; shape (sites,)."""
    on = data.mission.setting.first_month.first_day
    km = distance_km(*coordinates(data.mission.sites), *coordinates(data.mission.areas))
    near = km * norms.number("road_detour_ratio", on) <= NEAR_KM
    return np.asarray(near @ np.array([area.fatalities_per_month for area in data.mission.areas], float))


def measured(name: str, title: Text, plan: Plan, tables: Mapping[str, pl.DataFrame], note: Text = "") -> Yardstick:
    """Measure tables as the report measures the plan."""
    reading = Reading(replace(plan, tables=tables))
    asked, unmet = (reading.expected("effort", pl.col(column)) for column in ("demand_hours", "unmet_hours"))
    order = [change.site_id for change in reading.closures]
    return Yardstick(
        name=name,
        title=title,
        protected_share=reading.protected_share,
        protected_deaths=reading.protected_deaths,
        cost_usd=reading.cost_usd,
        moves=reading.moved_units(),
        sites_closed=tuple(sorted(reading.sites_left, key=order.index)),
        hindsight_share_within_reach=violence_within_reach(plan.mission, tables),
        unmet_hours=unmet if asked else None,
        unmet_share=unmet / asked if asked else None,
        note=note,
    )


def _answered(plan: Plan, tables: Mapping[str, pl.DataFrame]) -> Text:
    """Say what share of the later violence could have been answered: being in reach is not yet being protected."""
    share = violence_answered(plan.mission, tables)
    if share is None:
        return ""
    return tell("By the curve of protection it could have answered {share} of the later deaths.", share=percent(share))
