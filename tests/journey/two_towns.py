"""A mission small enough for the back of an envelope: one company, two towns, and a crossroads between them.

In the second month ten people will be killed, in town a (chance 0.6) or in town b. The company stands in a. A second
base can be ordered today and is open a month later, in town b or at the crossroads, from where seven of ten deaths in
either town can be answered; from a town all of its ten, and none of the other's. Moves cost no time.

    rigid         stands at the crossroads whatever comes: 3 deaths are not answered
    step by step  the mean is 6 deaths in a and 4 in b, so it orders the crossroads (7 > 6); then goes to a if it is a,
                  and stays if it is b: 0.4 * 3 = 1.2
    adaptive      orders the base in b, and goes where it strikes: 0
    clairvoyant   the same: 0
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from bluehelm.mission.mission import Mission
from tests.planning import small

AMENDMENTS = {**small.FREE, "site_open_lead_months.temporary_base": 1}
FUTURES = (
    small.node("now", "", 0, 1), small.node("at_a", "now", 1, 1, 0.6), small.node("at_b", "now", 1, 1, 0.4)
)  # fmt: skip
# A road of 1.3 hours leaves 0.7 of full reach, between 1 hour (all) and 2 (none).
HOURS = {
    ("near_a", "a"): 0.5, ("near_a", "b"): small.NEVER, ("near_b", "a"): small.NEVER, ("near_b", "b"): 0.5,
    ("crossroads", "a"): 1.3, ("crossroads", "b"): 1.3,
}  # fmt: skip


def two_towns(**changes: Any) -> Mission:
    """Return the mission; `changes` replace its parts."""
    risk = [("at_a", "a", 10.0), ("at_a", "b", 0.0), ("at_b", "a", 0.0), ("at_b", "b", 10.0)]
    rows = [
        {"area_id": area, "month": "2020-02", "fatalities_per_month": deaths, "node_id": node, **small.KNOWN,
         "note": "made up"}
        for node, area, deaths in risk
    ]  # fmt: skip
    made = small.mission(
        areas=[small.area("a", 0.0), small.area("b", 0.0)],
        sites=[
            small.site("near_a"),
            *(small.site(name, "temporary_base", open_at_start=False, may_close=True, opens_from=small.FIRST)
              for name in ("near_b", "crossroads")),
            small.hospital(),
        ],
        units=[small.unit("company", "near_a", may_leave=False)],
        site_limits=[small.site_limit(2)],
        months=2, nodes=FUTURES, routes=small.routes(HOURS), risk=pl.DataFrame(rows), amendments=AMENDMENTS,
    )  # fmt: skip
    setting = replace(made.setting, mission_model="protection_of_civilians", name="Two towns")
    return replace(made, setting=setting, **changes)
