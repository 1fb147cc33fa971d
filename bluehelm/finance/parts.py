"""Parts of the cost of an operation, and the three groups in which the General Assembly approves them.

The groups are those of every budget of a mission: military and police personnel, civilian personnel, operational
requirements. Which part belongs where follows the layout of those budgets as recalled: what is paid for persons in
uniform and for bringing them (equipment of their own included) stands in the first, civilians and their travel in the
second, and fuel, aircraft, transport inside the mission and sites in the third.
"""

from __future__ import annotations

from collections.abc import Mapping

MILITARY_AND_POLICE, CIVILIAN, OPERATIONAL = "military_and_police", "civilian", "operational"
GROUPS = (MILITARY_AND_POLICE, CIVILIAN, OPERATIONAL)

_BY_COMPONENT = ""
_GROUP_OF: Mapping[str, str] = {
    "reimbursement": MILITARY_AND_POLICE,
    "equipment": MILITARY_AND_POLICE,
    "rations": MILITARY_AND_POLICE,
    "rotation": MILITARY_AND_POLICE,
    "subsistence": MILITARY_AND_POLICE,
    "deployment": _BY_COMPONENT,
    "repatriation": _BY_COMPONENT,
    "civilians": CIVILIAN,
    "fixed_civilian": CIVILIAN,
    "fuel": OPERATIONAL,
    "aircraft": OPERATIONAL,
    "move": OPERATIONAL,
    "site_running": OPERATIONAL,
    "site_opening": OPERATIONAL,
    "site_closing": OPERATIONAL,
    "fixed_operational": OPERATIONAL,
}
PARTS = tuple(_GROUP_OF)


def group_of(part: str, component: str) -> str:
    """Say in which group of the budget a part stands; journeys go with the component that travels.

    Examples
    --------
    >>> group_of("fuel", "military"), group_of("deployment", "civilian"), group_of("deployment", "police")
    ('operational', 'civilian', 'military_and_police')
    """
    return _GROUP_OF[part] or (CIVILIAN if component == "civilian" else MILITARY_AND_POLICE)
