from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.geopko import read_bases
from bluehelm.mission.importers.geopko_maps import KINDS
from bluehelm.mission.importers.geopko_years import contributors_in
from tests.conftest import examples
from tests.mission.importers.garble import reads_or_says_why, spoiled

YEARS = "mission,year,country,location,latitude,longitude,Infantry,NoTroops,Reserve,hq,UNPOL,Med,Av,UNMO,ave.no.troops"
MAPS = (
    "source,mission,year,month,location,country,latitude,longitude,no.troops,inf.no,res.no,fpu.no,unpol.dummy,unmo.dummy,hq,"
    "nameoftcc_1,notroopspertcc_1,nameoftcc_2,notroopspertcc_2," + ",".join(KINDS)
)


def year_row(location="Nyala", *, ave="650.0", hq="0", infantry="650", lat="12.05", year="2012", mission="UNAMID"):
    return f"{mission},{year},Sudan,{location},{lat},24.88,{infantry},999,0,{hq},1,0,0,0,{ave}"


def map_row(location="Nyala", *, source="Map 1", month="6", troops="650", infantry="650", kinds=(), **more):
    values = {"lat": "12.05", "hq": "0", "fpu": "0", "tcc": "Rwanda", "size": "650", "year": "2016"} | more
    flags = ",".join("1" if kind in kinds else "0" for kind in KINDS)
    return (
        f"{source},UNAMID,{values['year']},{month},{location},Sudan,{values['lat']},24.88,{troops},{infantry},0,"
        f"{values['fpu']},0,1,{values['hq']},{values['tcc']},{values['size']},NA,NA,{flags}"
    )


@pytest.fixture
def file(tmp_path):
    def write(header, *rows, name="bases.csv"):
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


# v2.3: rows per year


def test_a_location_that_stands_several_times_is_one_base_and_its_troops_are_never_summed(file):
    path = file(YEARS, year_row(hq="0"), year_row(hq="2"), year_row("Kas", ave="150.0", infantry="150"))
    nyala, kas = read_bases(path, "UNAMID", 2012).bases
    assert (nyala.location, nyala.troops_persons, nyala.hq_level) == ("Nyala", 650, 2)
    assert (kas.troops_persons, kas.police) == (150, True)


def test_a_blank_average_is_unknown_and_zero_is_zero(file):
    path = file(YEARS, year_row(ave=""), year_row("Kas", ave="0.0", infantry="0.0"))
    assert [base.troops_persons for base in read_bases(path, "UNAMID", 2012).bases] == [None, 0]


def test_types_and_contributors_are_joined_by_the_name_in_any_spelling(file):
    path = file(YEARS, year_row("Al Da'ein"))
    types = file(
        "mission,year,location,latitude,longitude,Infantry,eng,med,sig,av,riv,maint,trans",
        "UNAMID,2012,El Da’ein,12,25,650,3,0,0,1,0,0,0",
        "UNAMID,2011,El Da’ein,12,25,650,0,1,0,0,0,0,0",
        name="types.csv",
    )
    contributors = file(
        "mission,year,location,latitude,longitude,No.TCC,year.overview",
        'UNAMID,2012,El Da’ein,12,25,3,"Korea (ROK) (450), Nepal (35), Peru (size unknown)"',
        name="contributors.csv",
    )
    (base,) = read_bases(path, "unamid", 2012, types, contributors).bases
    assert base.kinds == {"eng", "avia"}
    assert base.contributors == {"Korea (ROK)": 450, "Nepal": 35, "Peru": None}


def test_what_no_file_tells_is_said(file):
    notes = " ".join(read_bases(file(YEARS, year_row()), "UNAMID", 2012).notes)
    assert "No file of troop types" in notes
    assert "No file of contributors" in notes


@given(
    st.dictionaries(
        st.text("abcdefghijklmnopqrstuvwxyz é'-", min_size=1, max_size=12).map(str.strip).filter(bool),
        st.none() | st.integers(0, 5000),
        max_size=6,
    )
)
def test_a_written_list_of_contributors_reads_back(contributors):
    written = ", ".join(f"{name} ({'size unknown' if size is None else size})" for name, size in contributors.items())
    assert contributors_in(written) == contributors


# v2.1: maps


def test_strength_is_the_median_over_the_maps_of_the_year(file):
    rows = [
        map_row(source=f"Map {i}", month=str(i), troops=str(t), infantry="150")
        for i, t in enumerate((300, 150, 650), 1)
    ]
    (base,) = read_bases(file(MAPS, *rows), "UNAMID", 2016).bases
    assert base.troops_persons == 300


def test_two_maps_in_one_month_do_not_double_the_troops(file):
    rows = [map_row(source="Map 1"), map_row(source="Map 2")]
    (base,) = read_bases(file(MAPS, *rows), "UNAMID", 2016).bases
    assert (base.troops_persons, base.contributors) == (650, {"Rwanda": 650})


def test_two_symbols_of_one_base_on_one_map_are_summed(file):
    rows = [map_row(troops="150", infantry="150"), map_row(troops="35", infantry="35", lat="12.06")]
    (base,) = read_bases(file(MAPS, *rows), "UNAMID", 2016).bases
    assert base.troops_persons == 185


def test_a_location_on_few_maps_is_left_out_and_said(file):
    rows = [map_row(source=f"Map {i}", month=str(i)) for i in (1, 2, 3)]
    read = read_bases(file(MAPS, *rows, map_row("Golo", source="Map 3", month="3")), "UNAMID", 2016)
    assert [base.location for base in read.bases] == ["Nyala"]
    assert any("Golo" in note for note in read.notes)


def test_unknown_troops_stay_unknown_and_kinds_and_police_are_kept(file):
    path = file(MAPS, map_row(troops="unknown", infantry="0", kinds=("fpu", "eng"), fpu="150", size="unknown"))
    (base,) = read_bases(path, "UNAMID", 2016).bases
    assert base.troops_persons is base.infantry_persons is None
    assert (base.kinds, base.formed_police_persons) == (frozenset({"fpu", "eng"}), 150)
    assert (base.observers, base.police, base.contributors) == (True, False, {"Rwanda": None})


# both


def test_an_unknown_mission_is_answered_with_the_nearest_and_all_known(file):
    path = file(YEARS, year_row(), year_row(mission="UNMIL"))
    with pytest.raises(
        ImportFileError, match=r"no mission 'UNAMIT' \(nearest name: 'UNAMID'\) among its 2: UNAMID, UNMIL"
    ):
        read_bases(path, "UNAMIT", 2012)


def test_a_year_without_maps_is_answered_with_the_years_there_are(file):
    path = file(YEARS, year_row(year="2012"), year_row(year="2009"))
    with pytest.raises(ImportFileError, match="no map of UNAMID in 2010; it has 2009, 2012"):
        read_bases(path, "UNAMID", 2010)


def test_a_file_that_is_neither_version_is_refused(file):
    with pytest.raises(ImportFileError, match=r"neither Geo-PKO v2\.1 .* nor v2\.3"):
        read_bases(file("name,latitude", "x,1"), "UNAMID", 2012)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (year_row(lat=""), "no coordinates on land .*: Nyala"),
        (year_row(lat="98"), "no coordinates on land"),
        (year_row(ave="-3"), "negative in 1 of 1 locations: Nyala"),
        (year_row(hq="7"), "hq is not 0, 1, 2 or 3"),
    ],
)
def test_a_wrong_row_is_refused_with_its_location(file, row, words):
    with pytest.raises(ImportFileError, match=words):
        read_bases(file(YEARS, row), "UNAMID", 2012)


@examples(60, 3_000)
@given(data=spoiled("\n".join([YEARS, year_row(), year_row(hq="2"), year_row("Kas")])))
def test_a_spoiled_file_of_years_is_read_or_refused_in_a_sentence(tmp_path_factory, data):
    reads_or_says_why(lambda path: read_bases(path, "UNAMID", 2012), data, tmp_path_factory.getbasetemp())


@examples(60, 3_000)
@given(data=spoiled("\n".join([MAPS, map_row(), map_row(source="Map 2"), map_row("Kas", kinds=("med",))])))
def test_a_spoiled_file_of_maps_is_read_or_refused_in_a_sentence(tmp_path_factory, data):
    reads_or_says_why(lambda path: read_bases(path, "UNAMID", 2016), data, tmp_path_factory.getbasetemp())


@pytest.mark.real_data
def test_unamid_2016_stands_at_36_bases_with_the_symbols_of_its_maps(shared):
    read = read_bases(shared / "data/geopko/geopko_v21_location_map_dev.csv.gz", "UNAMID", 2016)
    assert (read.version, len(read.bases)) == ("v2.1", 36)
    assert sum(base.troops_persons or 0 for base in read.bases) == 9625


@pytest.mark.real_data
def test_a_year_of_v23_holds_each_location_once(shared):
    folder = shared / "data/geopko"
    read = read_bases(
        folder / "geopko_v23_location_year_dev.csv.gz",
        "MINUSTAH",
        2006,
        folder / "geopko_v23_trooptype_location_year_dev.csv.gz",
        folder / "geopko_v23_tcc_location_year_dev.csv.gz",
    )
    (capital,) = (base for base in read.bases if base.location == "Port-au-Prince")
    assert (capital.troops_persons, capital.hq_level) == (2375, 3)
    assert capital.contributors["Brazil"] is not None
