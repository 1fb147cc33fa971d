"""A mission folder gives back what was written, appears whole or not at all, and is quick to read."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from bluehelm.errors import InvalidRecordError, MissionFilesError
from bluehelm.mission.folder import find_faults, mission_hash, read_mission, write_mission
from bluehelm.mission.mission import Mission
from bluehelm.mission.template import write_template
from tests.checks.tiny import tiny_mission
from tests.conftest import REPOSITORY, examples
from tests.mission.strategies import missions


@pytest.fixture
def example(tmp_path: Path) -> Mission:
    write_template(tmp_path / "example")
    return read_mission(tmp_path / "example")


@examples(40, 1_000)
@given(missions())
def test_a_mission_is_read_back_as_it_was_written(mission):
    with tempfile.TemporaryDirectory() as folder:
        write_mission(mission, Path(folder) / "mission")
        back = read_mission(Path(folder) / "mission")
    assert back == mission
    assert mission_hash(back) == mission_hash(mission)


def test_writing_twice_gives_the_same_bytes(example, tmp_path):
    write_mission(example, tmp_path / "one")
    write_mission(read_mission(tmp_path / "one"), tmp_path / "two")
    texts = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")]
    assert texts[0] == texts[1]


def test_writing_refuses_a_folder_that_is_not_empty(example, tmp_path):
    with pytest.raises(MissionFilesError, match="is there already"):
        write_mission(example, tmp_path / "example")


def test_writing_fills_an_empty_folder_and_makes_its_parents(example, tmp_path):
    (tmp_path / "empty").mkdir()
    write_mission(example, tmp_path / "empty")
    write_mission(example, tmp_path / "a" / "b")
    assert read_mission(tmp_path / "empty") == read_mission(tmp_path / "a" / "b")


def test_writing_leaves_nothing_behind_when_a_value_cannot_be_written(example, tmp_path):
    before = sorted(tmp_path.iterdir())
    areas = (replace(example.areas[0], name=" padded "), *example.areas[1:])
    with pytest.raises(InvalidRecordError, match="without loss"):
        write_mission(replace(example, areas=areas), tmp_path / "new")
    with pytest.raises(MissionFilesError, match="cannot be written"):
        write_mission(example, tmp_path / "example" / "mission.toml" / "inside")
    assert sorted(tmp_path.iterdir()) == before


def test_reading_lists_all_faults_in_its_error(tmp_path):
    write_template(tmp_path / "m")
    (tmp_path / "m" / "areas.csv").unlink()
    (tmp_path / "m" / "units.csv").write_text("unit_id\nx\n")
    with pytest.raises(MissionFilesError) as caught:
        read_mission(tmp_path / "m")
    assert {fault.file for fault in caught.value.faults} >= {"areas.csv", "units.csv"}
    assert "areas.csv" in str(caught.value)


@pytest.mark.parametrize("name", ["absent", "a\0b", "file"])
def test_a_folder_that_is_none_is_one_clear_fault(tmp_path, name):
    (tmp_path / "file").write_text("")
    mission, faults = find_faults(f"{tmp_path}/{name}")
    assert mission is None
    assert [fault.grade for fault in faults] == ["error"]


def test_the_hash_depends_on_facts_and_not_on_how_they_are_written(example, tmp_path):
    write_template(tmp_path / "other")
    budget = tmp_path / "other" / "budget.csv"
    budget.write_text(budget.read_text().replace("7500000,", "7.5e6,").replace(",", ";"), newline="\r\n")
    other = read_mission(tmp_path / "other")
    assert other.budget[1].amount_usd == Decimal("7500000")
    assert mission_hash(other) == mission_hash(example)
    assert mission_hash(replace(other, units=other.units[:-1])) != mission_hash(example)
    assert other.risk is not None
    assert mission_hash(replace(other, risk=other.risk.head(1))) != mission_hash(example)


def test_the_hash_leaves_hindsight_out(example):
    blind = replace(example, hindsight_closures=(), hindsight_violence=None)
    assert mission_hash(blind) == mission_hash(example)


def test_a_mission_keeps_the_hash_that_it_had_before_the_format_grew():
    """The hash was taken before there were restrictions, handovers and conditions of money."""
    known = "ae42f7d373425991551b9f5514bdfe46508d369f34bee8db10f650751b146d84"
    assert mission_hash(tiny_mission()) == known


def test_restrictions_handovers_and_conditions_of_money_count_in_the_hash(example):
    money = replace(example.budget[-1], when="")
    changed = (
        replace(example, restrictions=example.restrictions[:1]),
        replace(example, mandate=replace(example.mandate, handover=())),
        replace(example, budget=(*example.budget[:-1], money)),
    )
    assert len({mission_hash(one) for one in (example, *changed)}) == 4


def test_the_hash_is_the_same_in_another_process(example, tmp_path):
    code = "import sys; from bluehelm.mission.folder import *; print(mission_hash(read_mission(sys.argv[1])))"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "example"], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == mission_hash(example)


def test_two_thousand_areas_are_read_in_half_a_second(example, tmp_path):
    areas = tuple(replace(example.areas[i % 6], area_id=f"a{i}", name=f"Area {i}") for i in range(2_000))
    areas += example.areas
    write_mission(replace(example, areas=areas), tmp_path / "large")
    quickest = min(_seconds(tmp_path / "large") for _ in range(3))
    assert quickest < 0.5


def _seconds(folder: Path) -> float:
    start = time.perf_counter()
    mission, _ = find_faults(folder)
    assert mission is not None
    return time.perf_counter() - start
