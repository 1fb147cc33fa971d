"""What presence protects in each area: reach, chances combined, steps of the curve, floors."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from bluehelm.checks.compare import ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE, Key, compare, stated_numbers
from bluehelm.checks.evidence import Evidence, FloatArray
from bluehelm.checks.futures import FutureNode
from bluehelm.checks.ground import DISTANCE_TOLERANCE, SEASONS, kilometres, reach, season_of
from bluehelm.checks.handovers import floor_left, protection_taken
from bluehelm.checks.restrictions import is_grounded, without_consent
from bluehelm.mission.months import Month

STEPS = 4
KEYS = ("node_id", "area_id")


def monthly_harm(e: Evidence, node: FutureNode) -> dict[Month, FloatArray]:
    """Expected civilian deaths in each area, for each month of a node."""
    figures = {month: np.array([a.fatalities_per_month for a in e.mission.areas]) for month in node.all_months}
    position = {area.area_id: i for i, area in enumerate(e.mission.areas)}
    by_name = {str(month): month for month in figures}
    if e.mission.risk is not None:
        columns = ("node_id", "month", "area_id", "fatalities_per_month")
        rows = [row for row in e.mission.risk.select(columns).iter_rows() if row[1] in by_name]
        for wanted in ("", node.node_id):  # a row of this very node passes one of every node
            for node_id, month, area_id, fatalities in rows:
                if (node_id or "") == wanted:
                    figures[by_name[month]][position[area_id]] = fatalities
    return {month: deaths * node.risk_scale for month, deaths in figures.items()}


def presence(e: Evidence, stretch: float = 0.0) -> FloatArray:
    """s = Σ σ · x over classes and sites, by area and node; σ from the mean reach over the months of the node.

    stretch: share by which all distances are longer, to see what the last digits of a distance change.
    """
    q = e.norm("protection_q")
    km = kilometres(e.mission.sites, e.mission.areas) * (1 + stretch)
    felt = np.zeros((len(e.mission.areas), len(e.futures)))
    working = e.working_units
    for unit_type in {c.unit_type.unit_type: c.unit_type for c in e.classes}.values():
        of_type = [k for k, c in enumerate(e.classes) if c.unit_type.unit_type == unit_type.unit_type]
        by_season = {season: reach(e, unit_type, km, season) for season in SEASONS}
        for n, node in enumerate(e.futures):
            mean = np.mean([by_season[season_of(e, month)] for month in node.all_months], axis=0)
            rho = unit_type.presence_share * mean
            sigma = rho if q == 1 else np.log1p(-q * rho) / math.log1p(-q)
            if not is_grounded(e, e.classes[of_type[0]], node):
                felt[:, n] += sigma.T @ working[of_type, :, n].sum(axis=0)
    for n, node in enumerate(e.futures):
        felt[without_consent(e, node), n] = 0.0
    return felt


def protected_share(felt: FloatArray, q: float) -> FloatArray:
    """Share protected, on the straight lines between whole steps of the curve; flat after the last step."""
    steps = np.arange(STEPS + 1)
    return np.asarray(np.interp(felt, steps, 1 - (1 - q) ** steps), dtype=np.float64)


def floor_shares(e: Evidence) -> FloatArray:
    """Highest floor in force for each area and node, less what actors have taken over; NaN where there is none."""
    floors = np.full((len(e.mission.areas), len(e.futures)), math.nan)
    for floor in e.mission.mandate.floor:
        for n, node in enumerate(e.futures):
            taken_over = floor.taken_over_from is not None and floor.taken_over_from <= node.last_month
            if floor.from_month > node.last_month or taken_over:
                continue
            for i, area in enumerate(e.mission.areas):
                if not floor.areas or area.area_id in floor.areas:
                    floors[i, n] = np.fmax(floors[i, n], floor.share)
    for i, n in np.argwhere(~np.isnan(floors)) if e.mission.mandate.handover else ():
        taken = protection_taken(e, e.mission.areas[i], e.futures[n])
        left = floor_left(float(floors[i, n]), taken)
        floors[i, n] = math.nan if taken > 0 and left == 0 else left
    return floors


def protection(e: Evidence) -> Iterator[str]:
    """Table protection states harm, presence, shares and floors as they are.

    Presence is worked out from the ground; what follows from presence is worked out from the presence stated, so
    that every step is held to the last digits.
    """
    q = e.norm("protection_q")
    harm = np.column_stack([sum(monthly_harm(e, node).values()) for node in e.futures])
    floors = floor_shares(e)
    yield from _column(e, "fatalities", harm)
    yield from _column(e, "presence", _believable(e))
    yield from _column(e, "floor_share", floors)
    felt = stated_block(e, "presence")
    share = protected_share(felt, q)
    yield from _column(e, "protected_share", share)
    yield from _column(e, "curve_share", 1 - (1 - q) ** np.minimum(felt, STEPS))
    short = np.maximum(0.0, floors - stated_block(e, "protected_share"))
    yield from _column(e, "floor_shortfall", np.where(np.isnan(floors), 0.0, short))


def _believable(e: Evidence) -> FloatArray:
    """Presence as stated where it lies within what the last digits of the distances allow, otherwise as found."""
    near, far = presence(e, -DISTANCE_TOLERANCE), presence(e, DISTANCE_TOLERANCE)
    stated = stated_block(e, "presence")
    slack = ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * np.abs(near)
    within = (stated >= np.minimum(near, far) - slack) & (stated <= np.maximum(near, far) + slack)
    return np.where(within, stated, presence(e))


def stated_block(e: Evidence, column: str) -> FloatArray:
    """Read a column of table protection as (areas, nodes); NaN where a row is missing."""
    stated = stated_numbers(e.tables["protection"], KEYS, column)
    return np.array(
        [[_or_nan(stated.get((node.node_id, area.area_id))) for node in e.futures] for area in e.mission.areas]
    ).reshape(len(e.mission.areas), len(e.futures))


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _column(e: Evidence, column: str, block: FloatArray) -> Iterator[str]:
    found: dict[Key, float] = {
        (node.node_id, area.area_id): float(block[i, n])
        for n, node in enumerate(e.futures)
        for i, area in enumerate(e.mission.areas)
    }
    yield from compare("protection", column, stated_numbers(e.tables["protection"], KEYS, column), found)
