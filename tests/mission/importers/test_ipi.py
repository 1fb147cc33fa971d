from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.ipi import read_contributor_mission_month, read_contributor_month, read_mission_month
from tests.conftest import examples
from tests.mission.importers.garble import reads_or_says_why, spoiled

MISSION_COLUMNS = (
    "Date,Mission,Country of Mission ISO-3,Mission HQ,Mission HQ Longitude,Mission HQ Latitude,"
    "Troops,Police,Observers,Total\n"
)
MISSIONS = (
    MISSION_COLUMNS
    + """\
2012-12-31,UNMIL,LBR,Monrovia,6.3106,-10.8047,7430,1306,126,8862
2012-12-31,UNTSO,ISR,Jerusalem,31.7833,35.2167,,,153,153
2012-12-31,all,,,,,7430,1306,279,9015
"""
)
COUNTRIES = "Contributor,Date,Troops,Police,Experts\nZambia,2011-12-31,9,263,44\nall,2011-12-31,90,2630,440\n"
GENDER = (
    "Date,Contributor,Contributor_ISO-3,Mission,Individual_Police_Male,Individual_Police_Female,Individual_Police_Total,"
    "Formed_Police_Units_Male,Formed_Police_Units_Female,Formed_Police_Units_Total,Experts_on_Mission_Male,"
    "Experts_on_Mission_Female,Experts_on_Mission_Total,Troops_Male,Troops_Female,Troops_Total\n"
    "2009-11-30,all,all,all,1,1,2,,,,,,,63,0,63\n2009-11-30,Albania,ALB,all,,,,,,,,,,63,0,63\n"
    "2009-11-30,Albania,ALB,MINURCAT,,,,,,,,,,60,3,63\n"
)


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "ipi.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_headquarters_get_their_latitude_and_longitude_back_and_totals_are_dropped(file):
    table = read_mission_month(file(MISSIONS))
    assert table["mission"].to_list() == ["UNMIL", "UNTSO"]
    assert table.select("hq_latitude_deg", "hq_longitude_deg").rows() == [(6.3106, -10.8047), (31.7833, 35.2167)]
    assert table.select("troops_persons", "total_persons").rows() == [(7430, 8862), (None, 153)]


def test_contributors_by_month_are_read_without_their_totals(file):
    assert read_contributor_month(file(COUNTRIES)).rows() == [(date(2011, 12, 31), "Zambia", 9, 263, 44)]


def test_persons_by_gender_stand_one_to_a_row_without_totals(file):
    table = read_contributor_mission_month(file(GENDER))
    assert set(table["mission"]) == {"MINURCAT"}
    assert table.select("component", "gender", "persons").rows() == [
        ("troops", "all", 63), ("troops", "female", 3), ("troops", "male", 60)
    ]  # fmt: skip


def test_a_negative_strength_or_a_bad_date_is_refused(file):
    with pytest.raises(ImportFileError, match="negative or above 10 million in 1 of 1 rows: Zambia"):
        read_contributor_month(file(COUNTRIES.replace(",9,", ",-9,")))
    with pytest.raises(ImportFileError, match="not year-month-day"):
        read_contributor_month(file(COUNTRIES.replace("2011-12-31", "Dec 2011")))


@pytest.mark.parametrize(
    ("read", "good"),
    [(read_mission_month, MISSIONS), (read_contributor_month, COUNTRIES), (read_contributor_mission_month, GENDER)],
    ids=["missions", "countries", "gender"],
)
def test_a_spoiled_file_is_read_or_refused_in_a_sentence(tmp_path_factory, read, good):
    @examples(40, 1_500)
    @given(data=spoiled(good))
    def check(data):
        reads_or_says_why(read, data, tmp_path_factory.getbasetemp())

    check()


@pytest.mark.real_data
def test_real_headquarters_lie_where_they_are_and_rows_add_up(shared):
    table = read_mission_month(shared / "data/ipi_contributions/mission_month_1990_2012.csv.gz")
    monrovia = table.filter(mission="UNMIL", month_end=date(2012, 12, 31)).row(0, named=True)
    assert (round(monrovia["hq_latitude_deg"]), round(monrovia["hq_longitude_deg"])) == (6, -11)
    assert monrovia["total_persons"] == 8862
