"""What if the military ceilings were a tenth lower? Change the mission, plan again, compare.

Run: python examples/what_if.py [MISSION folder]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import bluehelm
from bluehelm.mission.mandate import Ceiling

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "bluehelm/data/missions/darfur_2017")


def lowered(ceiling: Ceiling) -> Ceiling:
    """Take a tenth from a military ceiling; leave the others."""
    return replace(ceiling, persons=ceiling.persons * 9 // 10) if ceiling.component == "military" else ceiling


mission = bluehelm.read_mission(folder)
mandate = replace(mission.mandate, ceiling=tuple(lowered(ceiling) for ceiling in mission.mandate.ceiling))
what_if = replace(mission, mandate=mandate)

for name, one in (("as it is", mission), ("a tenth lower", what_if)):
    plan = bluehelm.plan(one, gap=0.01, seconds=60)
    print(name, *(f"{tier.title}: {tier.objective:.4g} {tier.unit}" for tier in plan.tiers), sep="\n  ")
