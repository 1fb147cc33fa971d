"""Plan a mission in a few lines.

Run: python examples/plan_a_mission.py [MISSION folder] [OUT folder]
"""

from __future__ import annotations

import sys
from pathlib import Path

import bluehelm

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "bluehelm/data/missions/darfur_2017")
out = Path(sys.argv[2] if len(sys.argv) > 2 else "out/example")

mission = bluehelm.read_mission(folder)
plan = bluehelm.plan(mission, gap=0.01, seconds=60)

print(f"{mission.setting.name}: {plan.status}")
for tier in plan.tiers:
    print(f"  {tier.title}: {tier.objective:.4g} {tier.unit}, at best {tier.bound:.4g}, gap {tier.gap:.2%}")
people = plan.deployments.select("month", "component", "persons")
print(people.group_by("month", "component", maintain_order=True).sum())

out.mkdir(parents=True, exist_ok=True)
bluehelm.report(plan, out / "report.html")
print(f"Report: {out / 'report.html'}")
