from __future__ import annotations

import pytest

from bluehelm.errors import ImportFileError
from bluehelm.finance.calibrate import calibrate
from bluehelm.finance.strength_file import StrengthRow, read_strengths
from bluehelm.journey.strengths_of_missions import strengths_of
from bluehelm.mission.tables import table_text
from tests.conftest import REPOSITORY

CEILINGS = REPOSITORY / "examples" / "finance" / "authorised_strengths.csv"

MONTHS = [(2011, m) for m in range(7, 13)] + [(2012, m) for m in range(1, 7)]


def persons_file(tmp_path, missions):
    """Write monthly strengths: mission -> months known, total that rises by one a month."""
    rows = ["Date,Mission,Troops,Police,Observers,Total"]
    for mission, months in missions.items():
        rows += [f"{y}-{m:02d}-28,{mission},{100 + i},,10,{110 + i}" for i, (y, m) in enumerate(months)]
    path = tmp_path / "persons.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_year_is_the_mean_of_its_twelve_months_and_one_with_fewer_is_left_out(tmp_path):
    path = persons_file(tmp_path, {"WHOLE": MONTHS, "SHORT": MONTHS[:11]})
    rows = strengths_of(path, None, ["2011/12"])
    assert [(row.mission, row.uniformed_persons, row.sites) for row in rows] == [("WHOLE", 115.5, None)]
    with pytest.raises(ImportFileError, match="no mission with all twelve months of 2014/15"):
        strengths_of(path, None, ["2014/15"])


def test_sites_are_the_mean_of_both_calendar_years_and_blank_where_no_map_is(tmp_path):
    path = persons_file(tmp_path, {"WHOLE": MONTHS, "NOMAP": MONTHS})
    bases = tmp_path / "bases.csv"
    rows = ["mission,year,country,location,latitude,longitude,hq,Av,ave.no.troops"]
    rows += [f"Whole,2011,X,Place{i},{i + 1}.5,20.5,0,{int(i == 0)},50" for i in range(4)]
    rows += [f"Whole,2012,X,Place{i},{i + 1}.5,20.5,0,0,50" for i in range(3)]
    bases.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = {row.mission: row for row in strengths_of(path, bases, ["2011/12"])}
    assert (found["WHOLE"].sites, found["WHOLE"].aviation_sites) == (3.5, 0.5)
    assert (found["NOMAP"].sites, found["NOMAP"].aviation_sites) == (None, None)


@pytest.mark.real_data
def test_strengths_of_2011_12_are_made_and_the_error_of_the_model_is_stated_as_it_is(shared, tmp_path, record_property):
    data = shared / "data"
    rows = strengths_of(
        data / "ipi_contributions" / "mission_month_1990_2012.csv.gz",
        data / "geopko" / "geopko_v23_location_year_dev.csv.gz",
        ["2011/12"],
    )
    path = tmp_path / "strengths.csv"
    path.write_text(table_text(rows, StrengthRow), encoding="utf-8")
    assert tuple(row.record for row in read_strengths(path)) == rows
    found = calibrate(shared / "facts" / "mission_budgets.csv", path)
    assert {row.year.fiscal_year for row in found.told} == {"2011/12"}
    error = found.left_out_error_share
    record_property("leave_one_mission_out", f"{error:.3f} over {len(found.told)} missions")
    # No bar is held here: with one year of uniformed strengths the target of 12 % is missed by far (docs/cost.md).
    assert 0.12 < error < 1.0


def test_ceilings_of_the_example_say_how_well_each_is_known():
    rows = [row.record for row in read_strengths(CEILINGS)]
    assert {row.status for row in rows} == {"verified", "recalled"}
    assert all(row.source for row in rows)


@pytest.mark.real_data
def test_ceilings_beside_later_spending_tell_missions_left_out_better_and_still_miss_the_target(shared):
    found = calibrate(shared / "facts" / "mission_budgets.csv", CEILINGS)
    assert len(found.told) == 33 and len({row.year.mission for row in found.told}) == 8
    assert all(row.measure == "expenditure (actual)" for row in found.told)
    assert round(found.left_out_error_share, 3) == 0.180
    assert max(abs(level) for level in found.level_by_year.values()) < 0.05
