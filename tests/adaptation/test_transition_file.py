"""`transition.toml`: what it says is read, and what cannot be is refused with file, line and the step to take."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bluehelm.adaptation.transition import leaving_mission
from bluehelm.adaptation.transition_file import Transition, read_transition, without_file
from bluehelm.errors import MissionFilesError
from bluehelm.mission.folder import read_mission
from bluehelm.mission.months import Month
from bluehelm.mission.template import write_template
from bluehelm.norms import load_norms
from tests.adaptation import leaving
from tests.adaptation.leaving import HEAD, by_month, write_file
from tests.conftest import REPOSITORY
from tests.planning import small

NORMS = small.norms(leaving.PRICES)
HANDOVER = """
[[handover]]
handover_id = "police"
actor = "National police"
actor_kind = "national_police"
tasks = ["protect"]
zones = ["f"]
from_month = "2020-03"
full_month = "2020-07"
share_full = 0.5
share_low = 0.2
share_high = 0.8
source = "hand"
status = "assumed"
"""


def read(tmp_path, text: str, **more) -> Transition:
    return read_transition(write_file(tmp_path, text), leaving.leaving_mission(**more), NORMS)


def refused(tmp_path, text: str, **more) -> str:
    with pytest.raises(MissionFilesError) as caught:
        read(tmp_path, text, **more)
    return " ".join([str(caught.value), *(str(fault) for fault in caught.value.faults)])


def test_a_complete_file_is_read(tmp_path):
    found = read(tmp_path, HEAD + HANDOVER)
    assert found.head.ends == by_month(5) and found.head.residual_sites == ("hq",)
    assert found.handover[0].share_high == 0.8
    assert found.file == "transition.toml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Key 'ends' is missing"),
        (HEAD.replace('"2020-06"', '"2020-13"'), "2020-13"),
        (HEAD.replace('"2020-06"', '"2021-06"'), "outside the months planned"),
        (HEAD.replace('["hq"]', '["hqq"]'), "Did you mean 'hq'?"),
        (HEAD.replace("200", "-1"), "-1"),
        (HEAD.replace('source = "hand"', 'source = "nobody"'), "nobody"),
        (HEAD + 'when = "peace"\n', "peace"),
        (HEAD + 'new_form = "obsevation"\n', "obsevation"),
        (HEAD + "ends_in = 3\n", "Key 'ends_in' is not known here"),
        (HEAD + "[[handovers]]\n", "Did you mean 'handover'?"),
        (HEAD + HANDOVER.replace("protect", "protcet"), "protcet"),
        (HEAD + HANDOVER.replace('["f"]', '["g"]'), "'g'"),
        (HEAD + HANDOVER.replace("share_low = 0.2", "share_low = 0.6"), "share_low"),
        (HEAD + HANDOVER.replace("share_high = 0.8", "share_high = 1.8"), "1.8"),
        (HEAD + HANDOVER.replace("2020-07", "2020-02"), "full_month"),
        (HEAD + '[[floor]]\nshare = 0.5\nareas = ["nowhere"]\nfrom_month = "2020-01"\nsource = "hand"\n'
         'status = "assumed"\n', "nowhere"),
        (HEAD + '[[reserve]]\nunit_type = "infantry"\nunits = 1\nreadiness_level = "3"\nsource = "hand"\n'
         'status = "assumed"\n', "infantry"),
        (HEAD + '[[reserve]]\nunit_type = "infantry_company"\nunits = 0\nreadiness_level = "3"\nsource = "hand"\n'
         'status = "assumed"\n', "units"),
        (HEAD + "[sources]\nnews = 3\n", "[sources]"),
        ("ends = ", "transition.toml"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, text, told):
    assert told in refused(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(MissionFilesError, match=r"gone\.toml"):
        read_transition(tmp_path / "gone.toml", leaving.leaving_mission(), NORMS)


def test_faults_name_the_line(tmp_path):
    text = HEAD + HANDOVER.replace("share_low = 0.2", "share_low = 0.6")
    line = text.splitlines().index("share_low = 0.6") + 1
    assert f"transition.toml:{line}:share_low" in refused(tmp_path, text)


def test_sources_of_the_file_join_those_of_the_mission(tmp_path):
    found = read(tmp_path, HEAD.replace('"hand"', '"news"') + '[sources]\nnews = "A newspaper"\n')
    asked = leaving_mission(leaving.leaving_mission(), found, NORMS)
    assert asked.mission.sources == {"hand": "made up by hand", "news": "A newspaper"}


def test_what_stays_becomes_ceilings_and_a_limit_on_sites(tmp_path):
    asked = leaving_mission(leaving.leaving_mission(), read(tmp_path, HEAD), NORMS)
    ceiling, limit = asked.mission.mandate.ceiling[-1], asked.mission.mandate.site_limit[-1]
    assert (ceiling.component, ceiling.persons, ceiling.from_month) == ("military", 200, by_month(5))
    assert (limit.at_most, limit.from_month) == (1, by_month(5))
    assert {site.site_id: site.may_close for site in asked.mission.sites} == {"hq": False, "out": True}


def test_a_ceiling_that_would_let_units_back_in_is_left_out(tmp_path):
    loose, tight = small.ceiling(300, after=8), small.ceiling(100, after=8)
    asked = leaving_mission(leaving.leaving_mission(ceilings=[loose, tight]), read(tmp_path, HEAD), NORMS)
    assert [(c.persons, c.from_month) for c in asked.mission.mandate.ceiling] == [
        (100, by_month(8)),
        (200, by_month(5)),
    ]


def test_units_that_may_not_leave_are_let_go_only_where_there_is_no_room(tmp_path):
    given = leaving.leaving_mission()
    stuck = tuple(small.replace(unit, may_leave=False) for unit in given.units)
    asked = leaving_mission(small.replace(given, units=stuck), read(tmp_path, HEAD), NORMS)
    # 400 persons may not leave and 200 may stay: all of them may leave.
    assert len(asked.freed) == 4
    one = (small.replace(given.units[0], may_leave=False), *given.units[1:])
    assert leaving_mission(small.replace(given, units=one), read(tmp_path, HEAD), NORMS).freed == ()
    pinned = (*given.units[:3], small.replace(given.units[3], may_leave=False, may_move=False))
    assert leaving_mission(small.replace(given, units=pinned), read(tmp_path, HEAD), NORMS).freed == ("u3",)


def test_a_benchmark_may_be_taken_as_met_in_another_month(tmp_path):
    text = HEAD + '[[benchmark]]\ncondition_id = "calm"\nmet_in = "2020-08"\nsource = "hand"\nstatus = "assumed"\n'
    given = leaving.leaving_mission(condition=(leaving.benchmark(),))
    asked = leaving_mission(given, read(tmp_path, text, condition=(leaving.benchmark(),)), NORMS)
    assert [one.holds_from for one in asked.mission.mandate.condition] == [by_month(7)]
    assert "calm" in refused(tmp_path, text.replace('"calm"', '"clam"'), condition=(leaving.benchmark(),))
    nodes = (small.node("n", "", 0, 10),)
    assert "nodes.csv" in refused(tmp_path, text, condition=(leaving.benchmark(),), nodes=nodes)


def test_the_examples_of_the_page_read_for_the_mission_that_mission_new_writes(tmp_path):
    page = (REPOSITORY / "docs" / "transition.md").read_text("utf-8")
    write_template(tmp_path / "mission")
    given = read_mission(tmp_path / "mission")
    whole, met = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    norms = load_norms(given.amendments)
    assert read_transition(write_file(tmp_path, whole), given, norms).handover[0].actor == "National police"
    one_future = small.replace(given, nodes=())
    found = read_transition(write_file(tmp_path, whole + met), one_future, norms)
    assert found.benchmark[0].met_in == Month(2027, 6)


def test_the_what_if_shipped_for_darfur_reads_and_flags_every_figure():
    data = REPOSITORY / "bluehelm" / "data"
    given = read_mission(data / "missions" / "darfur_2017")
    found = read_transition(data / "transitions" / "darfur_2017.toml", given, load_norms(given.amendments))
    rows: list[Any] = [found.head, *found.floor, *found.handover, *found.reserve]
    assert all(row.status == "assumed" and row.note for row in rows)


def test_without_a_file_the_mandate_alone_is_the_transition():
    given = leaving.leaving_mission(ceilings=[small.ceiling(300)])
    found = without_file(given)
    asked = leaving_mission(given, found, NORMS)
    assert asked.mission == given and found.head.ends == by_month(9)


def test_reading_changes_nothing_in_the_mission(tmp_path):
    given = leaving.leaving_mission()
    leaving_mission(given, read(tmp_path, HEAD + HANDOVER), NORMS)
    assert given == leaving.leaving_mission()
