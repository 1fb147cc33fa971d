"""Same inputs and seed, same bytes; and Ctrl-C gives the best plan found so far."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given

from bluehelm.errors import StoppedError
from bluehelm.mission.plan_folder import read_plan, write_plan
from bluehelm.mission.template import write_template
from bluehelm.planning import make
from tests.conftest import REPOSITORY, examples
from tests.planning import small
from tests.planning.missions import missions
from tests.planning.small import area, hospital, routes, site, task, unit


def files(folder: Path) -> dict[str, bytes]:
    """Read what must not hang on clock or place."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def larger(sites: int = 4, areas: int = 6, units: int = 9) -> small.Mission:
    """A mission in which the best place of each unit is not plain to see."""
    places = [area(f"a{i}", 1.0 + i % 5, zone="ns"[i % 2]) for i in range(areas)]
    bases = [site(f"s{j}", zone="ns"[j % 2], may_close=j > 0, capacity_persons=600) for j in range(sites)]
    ways = {
        (base.site_id, place.area_id): 0.7 + (7 * i + 5 * j) % 11 / 8
        for i, place in enumerate(places)
        for j, base in enumerate(bases)
    }
    kinds = ["infantry_company", "formed_police_unit", "infantry_platoon"]
    return small.mission(
        areas=places, sites=[*bases, hospital()],
        units=[unit(f"u{i}", f"s{i % sites}", kind=kinds[i % 3], persons=90 + i % 2) for i in range(units)],
        routes=routes(ways), months=6, fixed=100,
        ceilings=[small.ceiling(100 * units), small.ceiling(65 * units, after=3)],
        site_limits=[small.site_limit(3, after=3)],
        tasks=[task(), task("escort", "humanitarian_escort", 2, demand_hours_per_zone_month=15000.0)],
        budget=(small.money("opening_cash", 50_000_000),),
    )  # fmt: skip


PRICES = {
    "protection_q": 0.5, "move_days": 10, "exit_notice_months": 1, "exit_lag_months": 1, "move_usd_per_person": "50",
    "personnel_reimbursement_usd_per_person_month": "1000", "site_run_usd_per_month.company_base": "20000",
}  # fmt: skip


@pytest.mark.parametrize("threads", [1, 2])
def test_two_runs_give_the_same_bytes(tmp_path, threads):
    for name in ("one", "two"):
        made = small.plan(larger(), PRICES, small.Options(gap=0.05, work=5, threads=threads, seed=3))
        write_plan(made, tmp_path / name)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


@examples(5, 200)
@given(missions())
def test_any_small_mission_planned_twice_gives_equal_tables(drawn):
    one, two = small.plan(*drawn), small.plan(*drawn)
    assert one.tiers == two.tiers and one.provenance == two.provenance
    for name, table in one.tables.items():
        assert table.equals(two.tables[name]), name


def test_a_plan_that_is_written_and_read_says_the_same(tmp_path):
    made = small.plan(larger(), PRICES, small.Options(gap=0.05, threads=1))
    write_plan(made, tmp_path / "plan")
    again = read_plan(tmp_path / "plan")
    assert again.tables["deployments"].equals(made.tables["deployments"].cast(again.tables["deployments"].schema))
    assert [tier.name for tier in again.tiers] == [tier.name for tier in made.tiers]


# Reads the example mission from a folder, with a what-if laid over the norms, plans it and writes the plan.
READING = """
import sys
from bluehelm.mission.folder import read_mission
from bluehelm.mission.plan_folder import write_plan
from bluehelm.norms import load_norms
from bluehelm.planning.make import Options, make_plan
from bluehelm.words import use_language

folder, out, language = sys.argv[1:]
use_language(language)
mission = read_mission(folder)
norms = load_norms(mission.amendments)
write_plan(make_plan(mission, norms, Options(gap=0.05, seconds=float("inf"), work=1, threads=1)), out)
"""


def test_hashes_and_bytes_do_not_depend_on_language_locale_place_time_zone_or_seed_of_hashing(tmp_path):
    def planned(name: str, language: str, **around: str) -> dict[str, bytes]:
        folder = tmp_path / name / "mission"
        write_template(folder)
        text = (folder / "mission.toml").read_text("utf-8")
        (folder / "mission.toml").write_text(text.replace("# protection_q", "protection_q"), "utf-8")
        asked = [sys.executable, "-c", READING, str(folder), str(tmp_path / name / "plan"), language]
        subprocess.run(asked, cwd=REPOSITORY, check=True, env={**os.environ, **around})
        return files(tmp_path / name / "plan")

    one = planned("here", "en", LC_ALL="C", TZ="UTC", PYTHONHASHSEED="1")
    two = planned("a place elsewhere", "zh", LC_ALL="zh_CN.UTF-8", TZ="Asia/Shanghai", PYTHONHASHSEED="2")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    told = json.loads(one["plan.json"])
    assert len(told["input_hash"]) == len(told["provenance"]["norms_hash"]) == 64


# A model that takes minutes to the last digit, planned in a process of its own.
PLANNING = """
from math import isfinite
from tests.planning import small
from tests.planning.test_repeatable import PRICES, larger

def watch(name, best, bound):
    if isfinite(best):
        print("a plan is known", flush=True)

made = small.plan(larger(8, 30, 40), PRICES, small.Options(gap=0.0, seconds=600.0, threads=1), watch=watch)
print("DONE", made.status, made.checked, len(made.tiers), flush=True)
"""


def test_ctrl_c_ends_in_good_order_with_the_best_plan_so_far():
    running = subprocess.Popen(
        [sys.executable, "-c", PLANNING], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    running.stdout.readline()
    time.sleep(1.0)
    running.send_signal(signal.SIGINT)
    try:
        said, trouble = running.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        running.kill()
        pytest.fail("planning went on after Ctrl-C")
    assert running.returncode == 0, trouble
    assert said.splitlines()[-1].startswith("DONE stopped True")


def test_ctrl_c_before_any_plan_is_not_told_as_a_conflict(monkeypatch):
    monkeypatch.setattr(make, "solve_in_order", lambda *args, **more: ([], None))
    monkeypatch.setattr(make, "stop_asked", lambda: True)
    with pytest.raises(StoppedError, match="before a first plan of Small was found"):
        small.plan(larger(), PRICES)
