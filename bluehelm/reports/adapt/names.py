"""Names of arms and deeds of an adapted plan in words."""

from __future__ import annotations

from bluehelm.reports.adapt.reading import ADAPTED, BEFORE, HELD, PROPORTIONAL, Deed
from bluehelm.reports.names import unit_type_name
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def arm_name(name: str) -> str:
    """Name an arm.

    Examples
    --------
    >>> arm_name("held"), arm_name("adapted")
    ('Plan held as it is', 'Adapted plan')
    """
    return {
        BEFORE: say("Plan before the shocks"),
        HELD: say("Plan held as it is"),
        PROPORTIONAL: say("Cut in proportion"),
        ADAPTED: say("Adapted plan"),
    }[name]


def deed_name(deed: Deed) -> str:
    """Name what is done."""
    return {
        "order": say("Call a pledge"),
        "exit_order": say("Tell to leave"),
        "move_out": say("Move away"),
        "move_in": say("Move in"),
        "opens": say("Open a site"),
        "closes": say("Close a site"),
    }[deed.deed]


def deed_subject(deed: Deed) -> str:
    """Name the units of a deed; blank for a site."""
    if not deed.unit_type:
        return ""
    return say("{count} × {unit}", count=deed.units or deed.before, unit=unit_type_name(deed.unit_type))


def deed_sentence(reading: Reading, deed: Deed) -> str:
    """Tell a deed in a few words: what, whom, where."""
    values = {"units": deed_subject(deed), "site": reading.name(deed.site_id) if deed.site_id else ""}
    return {
        "order": say("call {units}", **values),
        "exit_order": say("tell {units} to leave", **values),
        "move_out": say("move {units} away from {site}", **values),
        "move_in": say("move {units} to {site}", **values),
        "opens": say("open {site}", **values),
        "closes": say("close {site}", **values),
    }[deed.deed]
