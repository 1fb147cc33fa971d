"""Names of the parts and groups of a cost, and of the columns of its tables."""

from __future__ import annotations

from bluehelm.reports.names import spoken
from bluehelm.words import say


def part_name(part: str, group: str = "") -> str:
    """Name a part of the cost; in the group of civilians journeys are said to be theirs.

    Examples
    --------
    >>> part_name("reimbursement"), part_name("site_running")
    ('Reimbursement of personnel', 'Site running')
    """
    if group == "civilian" and part == "deployment":
        return say("Deployment of civilians")
    if group == "civilian" and part == "repatriation":
        return say("Repatriation of civilians")
    return {
        "reimbursement": say("Reimbursement of personnel"),
        "equipment": say("Major equipment and self-sustainment"),
        "rations": say("Rations"),
        "rotation": say("Rotation"),
        "subsistence": say("Subsistence of individuals"),
        "deployment": say("Deployment"),
        "repatriation": say("Repatriation"),
        "civilians": say("Civilian teams"),
        "fixed_civilian": say("Fixed cost: civilian staff"),
        "fuel": say("Fuel"),
        "aircraft": say("Aircraft hours"),
        "move": say("Moves inside the mission"),
        "site_running": say("Site running"),
        "site_opening": say("Site opening"),
        "site_closing": say("Site closing"),
        "fixed_operational": say("Fixed cost: services and systems"),
    }.get(part) or spoken(part)


def group_name(group: str) -> str:
    """Name a group of a mission's budget; none: all together."""
    return {
        "military_and_police": say("Military and police personnel"),
        "civilian": say("Civilian personnel"),
        "operational": say("Operational requirements"),
        "": say("All groups"),
    }.get(group) or spoken(group)


def column_name(column: str) -> str:
    """Name a column of the table of lines."""
    return {
        "fiscal_year": say("Fiscal year"),
        "month": say("Month"),
        "node_id": say("Node"),
        "probability": say("Probability"),
        "cash_part": say("Part of the plan's cash"),
        "site_id": say("Site"),
        "unit_type": say("Unit type"),
        "component": say("Component"),
        "group": say("Group"),
        "part": say("Part"),
        "units": say("Units"),
        "persons": say("Persons"),
        "amount_usd": say("Amount (USD)"),
        "at_plan_prices_usd": say("At plan prices (USD)"),
        "expected_usd": say("Expected (USD)"),
        "norm_status": say("Status of norms"),
        "norms": say("Norms used"),
    }[column]
