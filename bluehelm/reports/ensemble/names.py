"""Names of the axes of an ensemble, of their values and of how runs ended, in words."""

from __future__ import annotations

from bluehelm.reports.names import spoken_name
from bluehelm.reports.numbers import NOTHING, whole
from bluehelm.words import say


def axis_name(axis: str) -> str:
    """Name an axis.

    Examples
    --------
    >>> axis_name("risk_scale"), axis_name("risk_scale.north_darfur"), axis_name("norm.protection_q")
    ('Scale of violence', 'Scale of violence in North Darfur', 'Norm protection_q')
    """
    if axis.startswith("norm."):
        return say("Norm {key}", key=axis.removeprefix("norm."))
    if axis.startswith("risk_scale."):
        return say("Scale of violence in {zone}", zone=spoken_name(axis.removeprefix("risk_scale.")))
    return {
        "budget_scale": say("Scale of receipts and appropriations"),
        "receipts_scale": say("Scale of receipts"),
        "appropriation_scale": say("Scale of appropriations"),
        "owed_limit_scale": say("Scale of what may stay owed"),
        "risk_scale": say("Scale of violence"),
        "risk_noise": say("Violence elsewhere than thought"),
        "risk_seed": say("Draw of violence"),
        "ceiling_scale": say("Scale of ceilings"),
        "pledges_share": say("Share of pledges that come true"),
        "pledges_seed": say("Draw of pledges"),
        "pledges_late_months": say("Months by which pledges are late"),
        "order": say("Order of the priorities"),
        "tail": say("Futures left out as mild (CVaR)"),
        "gap": say("Gap asked for"),
        "work": say("Rounds of improvement"),
        "steps": say("Steps of the protection curve"),
        "solver_seed": say("Seed of the solver"),
        "tree_seed": say("Draw of the tree"),
        "tree_leaves": say("Leaves of the tree"),
    }.get(axis, axis)


def value_name(value: object) -> str:
    """Write the value of an axis."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return whole(value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def status_of_run(status: str) -> str:
    """Say how a run ended."""
    return {
        "within_gap": say("planned within the gap asked for"),
        "stopped": say("planned, stopped before the gap"),
        "infeasible": say("no plan fits"),
        "refused": say("the mission cannot be so"),
        "failed": say("failed"),
    }.get(status, status)


def design_name(design: str) -> str:
    """Say how settings were chosen."""
    return {
        "grid": say("every combination"),
        "latin_hypercube": say("drawn, a latin hypercube"),
        "random": say("drawn at random"),
    }.get(design, design)
