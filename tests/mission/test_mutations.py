"""Whatever happens to a mission folder, reading it ends in a mission or in faults, and never in a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bluehelm.checks.mission_check import check_folder
from bluehelm.mission.folder import read_mission, write_mission
from bluehelm.mission.template import template_files
from tests.conftest import examples
from tests.mission.mutations import MUTATIONS

TEMPLATE = template_files()


@examples(200, 6_000)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_mutated_folder_is_read_or_told_what_is_wrong(seed, count):
    random = Random(seed)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "mission"
        folder.mkdir()
        for name, text in TEMPLATE.items():
            (folder / name).write_text(text, encoding="utf-8")
        for mutate in random.choices(MUTATIONS, k=count):
            mutate(folder, random)
        mission, faults = check_folder(folder)
        errors = [fault for fault in faults if fault.grade == "error"]
        assert (mission is None) == bool(errors)
        for fault in faults:
            assert str(fault)
            assert all(fault.as_dict()[part] for part in ("file", "message", "expected", "next_step"))
        if mission is not None:
            write_mission(mission, Path(parent) / "again")
            assert read_mission(Path(parent) / "again") == mission
