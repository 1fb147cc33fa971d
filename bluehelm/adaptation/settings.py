"""A setting: one way in which a mission could turn out, as a pure change of its facts.

Money scaled, violence scaled, some pledges broken, norms amended: an ensemble plans the same mission under many of
them. Whatever is drawn by chance hangs on a seed and the name of the thing alone, so that a setting means the same on
every machine, and more pledges always hold those that fewer would.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import NormalDist
from typing import Literal

import polars as pl

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import BudgetLine, Pledge

Value = float | int | str
Setting = Mapping[str, Value]
NORM, ZONE_RISK = "norm.", "risk_scale."
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Axis:
    """What can be varied: numbers from low to high (whole ones where said), or one of some texts."""

    kind: Literal["number", "whole", "text"]
    low: float = 0.0
    high: float = math.inf
    choices: tuple[str, ...] = ()


MISSION_AXES: Mapping[str, Axis] = {
    "budget_scale": Axis("number"),
    "receipts_scale": Axis("number"),
    "appropriation_scale": Axis("number"),
    "owed_limit_scale": Axis("number"),
    "risk_scale": Axis("number"),
    "risk_noise": Axis("number", high=3.0),
    "risk_seed": Axis("whole", high=2**31 - 1),
    "ceiling_scale": Axis("number"),
    "pledges_share": Axis("number", high=1.0),
    "pledges_seed": Axis("whole", high=2**31 - 1),
    "pledges_late_months": Axis("whole", high=120),
}
"""Axes that change the facts of a mission; beside them `risk_scale.<zone>` and `norm.<key>`.

budget_scale: receipts and appropriations together. risk_noise: standard deviation of the logarithm of a factor of mean
1 by which each area's risk is multiplied, drawn by risk_seed. pledges_share: share of the pledges that come true,
drawn by pledges_seed. pledges_late_months: all of them may be ordered so much later only.
"""


def mission_at(mission: Mission, setting: Setting, seed: int = 0) -> Mission:
    """Return the mission as it would be under a setting; what the setting does not name stays as it is.

    Parameters
    ----------
    setting : name of an axis -> value
    seed : of the draws of pledges and of risk, where the setting names none

    Raises
    ------
    InvalidRecordError
        If an axis is not known, its value cannot be, or the mission has nothing that it could change.
    """
    for name, value in setting.items():
        check_value(name, value, mission)
    drawn = {"pledges_seed": seed, "risk_seed": seed, **setting}
    for name in setting:
        if name in _CHANGES:
            mission = _CHANGES[name](mission, drawn)
        elif name.startswith(ZONE_RISK):
            mission = _scale_risk(mission, {name.removeprefix(ZONE_RISK): float(setting[name])})
    norms = {name.removeprefix(NORM): value for name, value in setting.items() if name.startswith(NORM)}
    return replace(mission, amendments={**mission.amendments, **norms}) if norms else mission


def axis_of(name: str, mission: Mission, more: Mapping[str, Axis] | None = None) -> Axis | None:
    """Return what an axis may be; None for a norm, whose values the norms themselves judge.

    Raises InvalidRecordError, with the nearest name, where there is no such axis.
    """
    known = {**MISSION_AXES, **(more or {}), **{f"{ZONE_RISK}{zone}": Axis("number") for zone in mission.zones}}
    if name in known:
        return known[name]
    if name.startswith(NORM) and len(name) > len(NORM):
        return None
    raise InvalidRecordError(
        "Axis '{axis}' is not known. Nearest name: '{near}'. Known are {known}, and norm.<key of a norm>.",
        axis=name,
        near=nearest(name, known) or "risk_scale",
        known=", ".join(known),
    )


def check_value(name: str, value: object, mission: Mission, more: Mapping[str, Axis] | None = None) -> None:
    """Refuse a value that an axis cannot have, and an axis that would change nothing."""
    axis = axis_of(name, mission, more)
    if axis is None:
        return
    if axis.kind == "text":
        if value not in axis.choices:
            raise InvalidRecordError(
                "Axis '{axis}' has the value {value!r}; one of {choices} was expected. Nearest name: '{near}'.",
                axis=name,
                value=value,
                choices=", ".join(axis.choices),
                near=nearest(str(value), axis.choices) or axis.choices[0],
            )
        return
    fits = isinstance(value, int if axis.kind == "whole" else int | float) and not isinstance(value, bool)
    if not fits or not axis.low <= value <= axis.high or value == math.inf:  # type: ignore[operator]
        raise InvalidRecordError(
            "Axis '{axis}' has the value {value!r}; a whole number from {low} to {high} was expected."
            if axis.kind == "whole"
            else "Axis '{axis}' has the value {value!r}; a number from {low} to {high} was expected.",
            axis=name,
            value=value,
            low=f"{axis.low:g}",
            high=f"{axis.high:g}",
        )
    _refuse_idle(name, mission)


def _refuse_idle(name: str, mission: Mission) -> None:
    kinds = {line.kind for line in mission.budget}
    lacks = {
        "budget_scale": not kinds & {"receipt", "appropriation"},
        "receipts_scale": "receipt" not in kinds,
        "appropriation_scale": "appropriation" not in kinds,
        "owed_limit_scale": "owed_limit" not in kinds,
        "ceiling_scale": not mission.mandate.ceiling,
        "pledges_share": not mission.pledges,
        "pledges_late_months": not mission.pledges,
    }
    if lacks.get(name):
        raise InvalidRecordError(
            "Axis '{axis}' would change nothing: mission '{mission}' has no lines of that kind. Add them to the "
            "mission, or take the axis out.",
            axis=name,
            mission=mission.setting.name,
        )


def _scale_lines(axis: str, *kinds: str) -> Callable[[Mission, Setting], Mission]:
    def change(mission: Mission, setting: Setting) -> Mission:
        scale = Decimal(str(setting[axis]))

        def scaled(line: BudgetLine) -> BudgetLine:
            return replace(line, amount_usd=(line.amount_usd * scale).quantize(CENT)) if line.kind in kinds else line

        return replace(mission, budget=tuple(scaled(line) for line in mission.budget))

    return change


def _scale_all_risk(mission: Mission, setting: Setting) -> Mission:
    return _scale_risk(mission, dict.fromkeys(mission.zones, float(setting["risk_scale"])))


def _scale_risk(mission: Mission, by_zone: Mapping[str, float]) -> Mission:
    return _multiply_risk(mission, {area.area_id: by_zone.get(area.zone, 1.0) for area in mission.areas})


def _multiply_risk(mission: Mission, factor: Mapping[str, float]) -> Mission:
    areas = tuple(
        replace(area, fatalities_per_month=area.fatalities_per_month * factor[area.area_id]) for area in mission.areas
    )
    risk = mission.risk
    if risk is not None:
        by = pl.col("area_id").replace_strict(dict(factor), default=1.0, return_dtype=pl.Float64)
        risk = risk.with_columns(fatalities_per_month=pl.col("fatalities_per_month") * by)
    return replace(mission, areas=areas, risk=risk)


def _noise(mission: Mission, setting: Setting) -> Mission:
    """Multiply the risk of each area by exp(s z - s²/2), z standard normal: a factor of mean 1."""
    spread = float(setting["risk_noise"])
    z = {area.area_id: NormalDist().inv_cdf(_chance("risk", setting["risk_seed"], area.area_id))
         for area in mission.areas}  # fmt: skip
    return _multiply_risk(mission, {name: math.exp(spread * draw - spread**2 / 2) for name, draw in z.items()})


def _chance(what: str, seed: Value, name: str) -> float:
    """Draw a number between 0 and 1 that hangs on the seed and the name alone."""
    drawn = hashlib.sha256(f"{what}\n{seed}\n{name}".encode()).digest()[:6]
    return (int.from_bytes(drawn, "big") + 0.5) / 2**48


def _keep_pledges(mission: Mission, setting: Setting) -> Mission:
    """Keep the pledges drawn first, rounded to whole ones; a larger share keeps all that a smaller one does."""
    seed = setting["pledges_seed"]
    order = sorted(mission.pledges, key=lambda one: (_chance("pledge", seed, one.pledge_id), one.pledge_id))
    kept = {one.pledge_id for one in order[: math.floor(float(setting["pledges_share"]) * len(order) + 0.5)]}
    return replace(mission, pledges=tuple(one for one in mission.pledges if one.pledge_id in kept))


def _delay_pledges(mission: Mission, setting: Setting) -> Mission:
    def later(one: Pledge) -> Pledge:
        return replace(one, available_from=one.available_from + int(setting["pledges_late_months"]))

    return replace(mission, pledges=tuple(later(one) for one in mission.pledges))


def _scale_ceilings(mission: Mission, setting: Setting) -> Mission:
    scale = Decimal(str(setting["ceiling_scale"]))
    ceilings = tuple(replace(one, persons=int(one.persons * scale)) for one in mission.mandate.ceiling)
    return replace(mission, mandate=replace(mission.mandate, ceiling=ceilings))


_CHANGES: Mapping[str, Callable[[Mission, Setting], Mission]] = {
    "budget_scale": _scale_lines("budget_scale", "receipt", "appropriation"),
    "receipts_scale": _scale_lines("receipts_scale", "receipt"),
    "appropriation_scale": _scale_lines("appropriation_scale", "appropriation"),
    "owed_limit_scale": _scale_lines("owed_limit_scale", "owed_limit"),
    "risk_scale": _scale_all_risk,
    "risk_noise": _noise,
    "ceiling_scale": _scale_ceilings,
    "pledges_share": _keep_pledges,
    "pledges_late_months": _delay_pledges,
}
