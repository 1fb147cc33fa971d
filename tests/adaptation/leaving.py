"""A small mission that leaves: two areas, two bases, four companies; each base reaches its own area only."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from bluehelm.adaptation.transition_months import Months
from bluehelm.mission.mandate import Condition, Handover
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from tests.planning import small
from tests.planning.small import FIRST

# One month of notice, two more until a unit is out, as prices and times that are easy to add up.
PRICES = {
    "protection_q": 0.5, "exit_notice_months": 1, "exit_lag_months": 2, "return_lead_months": 9, "lead_months.3": 3,
    "deployment_usd_per_person": "30", "repatriation_usd_per_person": "20", "move_usd_per_person": "5",
    "site_run_usd_per_month.company_base": "40", "site_open_usd.company_base": "500",
    "site_close_usd.company_base": "70", "site_open_lead_months.company_base": 4, "move_days": 0,
}  # fmt: skip


def handover(**more: Any) -> Handover:
    """Police that take over protection of `far` from the third month, in full from the seventh: 0.1 up to 0.5."""
    given: dict[str, Any] = {
        "handover_id": "police", "actor": "National police", "actor_kind": "national_police", "tasks": ("protect",),
        "zones": ("f",), "from_month": FIRST + 2, "full_month": FIRST + 6, "share_start": 0.1, "share_full": 0.5,
        "share_low": 0.2, "share_high": 0.8, **small.KNOWN, **more,
    }  # fmt: skip
    return Handover(**given)


def benchmark(name: str = "calm", after: int = 4) -> Condition:
    return Condition(condition_id=name, text="It is calm", holds_from=FIRST + after, **small.KNOWN)


def leaving_mission(**more: Any) -> Mission:
    """Ten months; hq (stays) reaches `near`, out (may close) reaches `far`; two companies of 100 at each."""
    areas = [small.area("near", 1.0, zone="n"), small.area("far", 3.0, zone="f", place=(13.0, 27.0))]
    sites = (small.site("hq", zone="n"), small.site("out", zone="f", may_close=True, place=(13.0, 27.0)))
    units = [small.unit(f"u{i}", place) for i, place in enumerate(("hq", "hq", "out", "out"))]
    mandate = {name: more.pop(name) for name in ("handover", "condition") if name in more}
    given = small.mission(
        areas=areas, sites=sites, units=units, months=10,
        routes=small.covering({"hq": ["near"], "out": ["far"]}, areas), **more,
    )  # fmt: skip
    setting = small.replace(given.setting, mission_model="protection_of_civilians")
    return small.replace(given, setting=setting, mandate=small.replace(given.mandate, **mandate))


@cache
def planned(**more: Any) -> Plan:
    """Plan the mission with the ceiling at 200 persons from the fifth month: what stays is one base."""
    return small.plan(leaving_mission(**more), PRICES)


def months_of(made: Plan) -> Months:
    return Months(made, small.norms(PRICES))


def by_month(after: int) -> Month:
    return FIRST + after


def write_file(folder: Path, text: str) -> Path:
    """Write a transition with a head that fits the mission, and more."""
    path = folder / "transition.toml"
    path.write_text(text, "utf-8")
    return path


HEAD = """\
ends = "2020-06"
residual_sites = ["hq"]
residual_military_persons = 200
source = "hand"
status = "assumed"
note = "made up"
"""
