"""A mission that is planned in a few milliseconds, and files of ensembles on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bluehelm.mission.folder import write_mission
from bluehelm.mission.mission import Mission
from tests.planning import small

AXES = """
[[axis]]
name = "receipts_scale"
values = [0.5, 1.0]

[[axis]]
name = "pledges_share"
values = [0.0, 1.0]

[[axis]]
name = "risk_scale"
values = [1.0, 2.0]
"""
HEAD = 'name = "Small"\nmission = "mission"\n'
LIMITS = "[limits]\ngap = 0.0\nwork = 1\n"


def mission(**more: Any) -> Mission:
    """Two bases that each reach one area, a company at each, one pledged; each company costs 100 USD a month."""
    areas = [small.area("a", 3.0), small.area("b", 1.0), small.area("c", 2.0)]
    covers = {"east": ["a"], "west": ["b"], "south": ["c"]}
    given: dict[str, Any] = {
        "areas": areas, "sites": [small.site(name) for name in covers],
        "units": [small.unit("u1", "east"), small.unit("u2", "west")],
        "routes": small.covering(covers, areas), "pledges": (small.pledge("p1"),), "months": 2,
        "budget": (small.money("receipt", 300, last=1),), "amendments": dict(small.FREE), **more,
    }  # fmt: skip
    made = small.mission(**given)
    return replace(made, setting=replace(made.setting, mission_model="protection_of_civilians"))


def written(folder: Path, axes: str = AXES, *, head: str = HEAD, limits: str = LIMITS, **more: Any) -> Path:
    """Write the mission and the file of an ensemble; return the file."""
    if not (folder / "mission").exists():
        write_mission(mission(**more), folder / "mission")
    (folder / "ensemble.toml").write_text(head + limits + axes, "utf-8")
    return folder / "ensemble.toml"


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file that may not differ: all but the lock and run.json, which holds the clock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (".lock", "run.json")
    }
