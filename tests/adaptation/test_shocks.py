"""Reading shocks: every kind as a newcomer writes it, and every slip told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bluehelm.adaptation.shocks import KINDS, NewTask, by_known_month, read_shocks
from bluehelm.errors import ImportFileError
from bluehelm.mission.months import Month
from tests.adaptation.running import shock

DOCS = Path(__file__).resolve().parents[2] / "docs" / "adapt.md"
CUT = '[[shock]]\nkind = "funding_cut"\nfrom_month = "2020-03"\nshare = 0.15\n'


def read(folder: Path, text: str):
    (folder / "shocks.toml").write_text(text, "utf-8")
    return read_shocks(folder / "shocks.toml")


def test_every_kind_of_shock_is_read_as_the_page_of_docs_writes_it(tmp_path):
    blocks = DOCS.read_text("utf-8").split("```toml\n")[1:]
    found = [one for block in blocks for one in read(tmp_path, block.split("```")[0])]
    assert {one.kind for one in found} == set(KINDS)


def test_a_shock_is_known_when_it_begins_unless_it_says_otherwise(tmp_path):
    plain, earlier = read(tmp_path, CUT + CUT + 'known_from = "2020-01"\n')
    assert plain.known == Month(2020, 3)
    assert earlier.known == Month(2020, 1)
    assert plain.status == "assumed"


def test_a_file_may_say_that_nothing_happened(tmp_path):
    assert read(tmp_path, "shock = []\n") == ()


def test_a_new_task_takes_its_start_and_source_from_its_shock(tmp_path):
    text = '[[shock]]\nkind = "new_task"\nfrom_month = "2020-03"\nsource = "S/RES/0001"\nstatus = "verified"\n'
    task = '[shock.task]\ntask_id = "t"\ntitle = "T"\nkind = "humanitarian_escort"\npriority = 1\n'
    (one,) = read(tmp_path, text + task)
    assert isinstance(one, NewTask)
    assert (one.task.starts, one.task.source, one.task.status) == (Month(2020, 3), "S/RES/0001", "verified")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CUT.replace("funding_cut", "funding_cutt"), ["'funding_cutt' is not known", "'funding_cut'"]),
        (CUT.replace("share", "shar"), ["Key 'shar' is not known", "'share'"]),
        (CUT.replace("0.15", "1.5"), ["share is 1.5", "0 to 1"]),
        (CUT.replace('kind = "funding_cut"\n', ""), ["does not say its kind"]),
        (CUT.replace("[[shock]]", "[shock]"), ["no list of shocks"]),
        (CUT.replace("[[shock]]", "[[shocks]]"), ["Key 'shocks' is not known", "'shock'"]),
        (CUT.replace('"2020-03"', '"2020-13"'), ["from_month", "2020-13"]),
        ('[[shock]]\nkind = "new_task"\nfrom_month = "2020-03"\n', ["has no task", "[shock.task]"]),
        ("shock = [", ["not valid TOML"]),
        (CUT.replace("funding_cut", "violence_surge").replace("share = 0.15", 'where = ["a"]\nfactor = 0.5'),
         ["factor is 0.5"]),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_the_nearest_name(tmp_path, text, told):
    with pytest.raises(ImportFileError) as caught:
        read(tmp_path, text)
    assert all(part in str(caught.value) for part in told), str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ImportFileError, match="not there"):
        read_shocks(tmp_path / "none.toml")


def test_shocks_are_grouped_by_the_month_in_which_they_are_known():
    late, early = shock("funding_cut", 4, share=0.1), shock("site_lost", 5, site_id="a", known_from=1)
    assert [(str(month), len(group)) for month, group in by_known_month([late, early])] == [
        ("2020-02", 1), ("2020-05", 1),
    ]  # fmt: skip
