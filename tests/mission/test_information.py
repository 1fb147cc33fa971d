"""Who knows what when, as a newcomer writes it."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from bluehelm.errors import MissionFilesError
from bluehelm.mission.information import (
    NOTHING_LEARNED,
    Alike,
    Information,
    Knows,
    information_of,
    read_information,
)

GOOD = """
[orders]
knows = "nothing"
[exits]
knows = "late"
months = 3
[[alike]]
kinds = ["sites", "units"]
nodes = ["calm", "harm"]
"""
READ = Information(
    orders=Knows(knows="nothing"),
    exits=Knows(knows="late", months=3),
    alike=(Alike(kinds=("sites", "units"), nodes=("calm", "harm")),),
)


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "information.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_file_says_who_knows_what_when(written):
    assert read_information(written(GOOD)) == READ


def test_what_is_not_named_is_decided_knowing_the_node(written):
    found = read_information(written(""))
    assert found.says_nothing
    assert found == Information()


@pytest.mark.parametrize("given", [READ, NOTHING_LEARNED, Information()])
def test_it_is_read_back_from_the_options_that_a_plan_lists(given):
    assert information_of(asdict(given)) == given


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[order]\nknows = "nothing"', "Did you mean 'orders'"),
        ('[orders]\nknows = "nothin"', "Did you mean 'nothing'"),
        ("[orders]\nknow = 1", "Key 'know' is not known here"),
        ('orders = "nothing"', "'orders' is not a table"),
        ('[exits]\nknows = "late"', "months is 0"),
        ('[exits]\nknows = "nothing"\nmonths = 2', "months is 2"),
        ('[exits]\nknows = "late"\nmonths = -1', "months"),
        ('[[alike]]\nkinds = ["sites"]\nnodes = ["calm"]', "fewer than two different nodes"),
        ('[[alike]]\nkinds = ["sites"]\nnodes = ["calm", "calm"]', "fewer than two different nodes"),
        ('[[alike]]\nkinds = []\nnodes = ["calm", "harm"]', "kinds is blank"),
        ('[[alike]]\nkinds = ["site"]\nnodes = ["calm", "harm"]', "Did you mean 'sites'"),
        ('[[alike]]\nnodes = ["calm", "harm"]', "Key 'kinds' is missing"),
        ('[alike]\nkinds = ["sites"]', "'alike' is not a list of tables"),
        ("[orders", "not valid TOML"),
    ],
)
def test_every_mistake_is_told_in_its_place(written, text, told):
    with pytest.raises(MissionFilesError) as refused:
        read_information(written(text))
    assert any(told in str(fault) for fault in refused.value.faults), [str(fault) for fault in refused.value.faults]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(MissionFilesError, match="is not there"):
        read_information(tmp_path / "none.toml")
