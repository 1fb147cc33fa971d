from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bluehelm
from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.journey.mission_from_bases import mission_from_bases, mission_from_geopko
from bluehelm.journey.supply_from_bases import COMPANY_PERSONS, PLATOON_PERSONS, supply_of
from bluehelm.mission.folder import find_faults, mission_hash, write_mission
from bluehelm.mission.importers.base import Base
from bluehelm.mission.importers.geopko import read_bases
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.norms import load_norms
from tests.conftest import FULL

HEADER = "mission,year,country,location,latitude,longitude,Infantry,NoTroops,Reserve,hq,UNPOL,Med,Av,UNMO,ave.no.troops"
DARFUR = """UNAMID,2016,Sudan,El Fasher,13.63,25.35,300,500,150,3,1,1,1,0,1000
UNAMID,2016,Sudan,Nyala,12.05,24.88,650,650,0,2,1,0,0,1,650
UNAMID,2016,Sudan,Kas,12.5,24.28,185,185,0,0,0,0,0,0,185
UNAMID,2016,Sudan,Tine,15.0,22.8,0,,0,0,0,0,0,1,
BINUB,2016,Burundi,Bujumbura,-3.38,29.36,0,0,0,3,0,0,0,0,0
UNFICYP,2016,Cyprus,Nicosia,35.17,33.36,0,0,0,1,1,0,0,0,0
"""
EVENTS = "id,type_of_violence,latitude,longitude,date_start,best,where_prec,where_coordinates\n"
PAST = "1,3,12.05,24.88,2016-06-01,40,1,Nyala\n2,3,13.1,23.4,2016-07-01,90,1,Jebel\n"
FUTURE = "3,3,13.63,25.35,2017-02-01,500,1,El Fasher\n4,3,14.9,23.0,2017-01-15,70,1,Elsewhere\n"


@pytest.fixture
def bases(tmp_path):
    path = tmp_path / "bases.csv"
    path.write_text(f"{HEADER}\n{DARFUR}")
    return path


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + PAST)
    return path


def draft_of(bases, events=None, operation="UNAMID", months=18, **more):
    return mission_from_bases(bases, operation=operation, year=2016, months=months, events=events, **more)


def units_at(mission, site_id):
    return Counter((unit.unit_type, unit.persons) for unit in mission.units if unit.site_id == site_id)


# who stands where


def test_troops_become_companies_platoons_and_support_units(bases):
    mission = draft_of(bases).mission
    assert units_at(mission, "kas") == {("infantry_company", 150): 1, ("infantry_platoon", 35): 1}
    fasher = units_at(mission, "el-fasher")
    assert fasher[("infantry_company", 150)] == 3
    assert {"level_2_hospital", "utility_helicopter_unit", "individual_police_team"} <= {kind for kind, _ in fasher}
    assert units_at(mission, "nyala")[("military_observer_team", 12)] == 1


def test_the_mission_keeps_the_troops_of_the_maps_to_half_a_platoon(bases):
    mission = draft_of(bases).mission
    came_alone = {"individual_police_team", "military_observer_team"}
    troops = sum(unit.persons for unit in mission.units if unit.unit_type not in came_alone)
    assert troops == pytest.approx(1000 + 650 + 185, abs=PLATOON_PERSONS / 2)


def test_unknown_strength_gives_no_troops_and_is_said(bases):
    draft = draft_of(bases)
    assert units_at(draft.mission, "tine") == {("military_observer_team", 12): 1}
    assert any("Tine" in note and "unknown" in note for note in draft.notes)


def test_units_carry_the_contributor_that_the_files_name(bases, tmp_path):
    contributors = tmp_path / "contributors.csv"
    contributors.write_text('mission,year,location,year.overview\nUNAMID,2016,Kas,"Rwanda (150), Nepal (35)"\n')
    mission = draft_of(bases, contributors=contributors).mission
    assert {unit.unit_type: unit.contributor for unit in mission.units if unit.site_id == "kas"} == {
        "infantry_company": "Rwanda", "infantry_platoon": "Nepal",
    }  # fmt: skip


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=30))
def test_rounding_to_companies_and_platoons_never_loses_or_invents_troops(strengths):
    bases = [
        Base(
            location=f"Base {i}",
            country="Sudan",
            latitude_deg=12,
            longitude_deg=24,
            hq_level=0,
            troops_persons=persons,
            infantry_persons=persons,
            formed_police_persons=None,
            kinds=frozenset(),
            police=False,
            observers=False,
        )
        for i, persons in enumerate(strengths)
    ]
    supply = supply_of(bases, [f"base-{i}" for i in range(len(bases))], load_norms().unit_types(), "base-0")
    infantry = [unit for unit in supply.units if unit.unit_type.startswith("infantry")]
    assert {unit.persons for unit in infantry} <= {COMPANY_PERSONS, PLATOON_PERSONS}
    tiny = sum(persons < PLATOON_PERSONS for persons in strengths)
    assert abs(sum(unit.persons for unit in infantry) - sum(strengths)) <= PLATOON_PERSONS * (1 + tiny)
    assert {unit.site_id for unit in infantry} == {f"base-{i}" for i, persons in enumerate(strengths) if persons}


# ground


def test_headquarters_stay_name_the_zones_and_an_aviation_unit_means_an_airfield(bases):
    sites = {site.site_id: site for site in draft_of(bases).mission.sites}
    assert (sites["el-fasher"].kind, sites["el-fasher"].may_close) == ("mission_headquarters", False)
    assert (sites["nyala"].kind, sites["nyala"].may_close) == ("sector_headquarters", False)
    assert (sites["kas"].kind, sites["kas"].may_close, sites["kas"].zone) == ("company_base", True, "nyala")
    assert sites["el-fasher"].airfield


def test_temporary_bases_are_offered_far_from_bases_where_violence_is_expected(bases, events):
    offered = [site for site in draft_of(bases, events).mission.sites if not site.open_at_start]
    assert 1 <= len(offered) <= 10
    assert offered[0].name == "Jebel"
    assert {site.kind for site in offered} == {"temporary_base"}
    assert all(site.opens_from == Month(2017, 1) for site in offered)


def test_no_later_event_changes_what_is_planned_with(bases, events):
    before = draft_of(bases, events).mission
    events.write_text(EVENTS + PAST + FUTURE)
    after = draft_of(bases, events).mission
    assert mission_hash(after) == mission_hash(before)
    assert after.areas == before.areas
    assert after.hindsight_violence is not None
    assert after.hindsight_violence["fatalities"].to_list() == [500.0]
    assert before.hindsight_violence is None


def test_events_of_the_last_month_are_not_known_yet(bases, events):
    before = draft_of(bases, events).mission
    events.write_text(EVENTS + PAST + "5,3,12.05,24.88,2016-12-20,400,1,Nyala\n")
    assert mission_hash(draft_of(bases, events).mission) == mission_hash(before)


def test_without_events_risk_follows_people_alone_and_it_is_said(bases):
    draft = draft_of(bases)
    prior = load_norms().number("risk_prior_deaths_per_million_month", date(2017, 1, 1))
    for area in draft.mission.areas:
        assert area.fatalities_per_month == pytest.approx(area.population_persons * prior / 1e6, abs=1e-6)
    assert draft.mission.events is None
    assert any("prior on population alone" in note for note in draft.notes)


# mandate and money


def test_ceilings_are_what_stands_there_and_the_one_task_is_to_protect_civilians(bases):
    mission = draft_of(bases).mission
    types = load_norms().unit_types()
    standing = Counter[str]()
    for unit in mission.units:
        standing[types[unit.unit_type].component] += unit.persons
    assert {ceiling.component: ceiling.persons for ceiling in mission.mandate.ceiling} == dict(standing)
    assert [(task.kind, task.priority) for task in mission.mandate.task] == [("protection_of_civilians", 1)]


def test_the_budget_pays_for_every_month_and_is_cut_at_the_first_of_july(bases):
    mission = draft_of(bases, months=18).mission
    lines = {kind: [line for line in mission.budget if line.kind == kind] for kind in ("receipt", "appropriation")}
    runs = [(str(line.first_month), str(line.last_month)) for line in lines["appropriation"]]
    assert runs == [("2017-01", "2017-06"), ("2017-07", "2018-06")]
    (receipt,) = lines["receipt"]
    assert sum(line.amount_usd for line in lines["appropriation"]) == 18 * receipt.amount_usd
    assert all(line.status == "assumed" and line.note for line in mission.budget)
    assert receipt.amount_usd > mission.setting.fixed_cost_usd_per_month > Decimal(0)


# the whole


def test_the_folder_written_has_no_fault(bases, events, tmp_path):
    write_mission(draft_of(bases, events).mission, tmp_path / "darfur")
    read, faults = find_faults(tmp_path / "darfur")
    assert faults == ()
    assert read is not None
    assert mission_hash(read) == mission_hash(draft_of(bases, events).mission)


def test_a_mission_of_one_base_without_troops_is_still_a_mission(bases, tmp_path):
    draft = draft_of(bases, operation="BINUB")
    assert [unit.unit_type for unit in draft.mission.units] == ["mediation_team"]
    write_mission(draft.mission, tmp_path / "binub")
    assert find_faults(tmp_path / "binub")[0] is not None


def test_a_mission_without_headquarters_on_the_maps_gets_one(bases):
    draft = draft_of(bases, operation="UNFICYP")
    assert [(site.kind, site.may_close, site.status) for site in draft.mission.sites if site.open_at_start] == [
        ("mission_headquarters", False, "assumed")
    ]
    assert any("No headquarters" in note for note in draft.notes)


def test_a_places_file_names_the_areas(bases, tmp_path):
    places = tmp_path / "places.csv"
    places.write_text("name,latitude,longitude,population\nMukjar,12.6,23.9,7000\n")
    areas = {area.name: area.population_persons for area in draft_of(bases, places=places).mission.areas}
    assert areas["Mukjar"] == 7000


def test_swapped_coordinates_are_refused_wherever_they_stand(bases, events):
    events.write_text(EVENTS + "1,3,25.35,13.63,2016-06-01,40,1,El Fasher\n")
    with pytest.raises(ImportFileError, match="1 of 1 do once latitude and longitude are swapped"):
        draft_of(bases, events)
    bases.write_text(f"{HEADER}\n{DARFUR}".replace("12.5,24.28", "24.28,12.5"))
    with pytest.raises(ImportFileError, match="swapped at 1 base: Kas"):
        draft_of(bases)


def test_months_out_of_range_and_an_unknown_mission_are_refused(bases):
    with pytest.raises(InvalidRecordError, match="1 to 120"):
        draft_of(bases, months=0)
    with pytest.raises(ImportFileError, match="nearest name: 'UNAMID'"):
        draft_of(bases, operation="UNAMIR")


CASES = [
    ("MINUSCA", 2016, "ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz", "central-african-republic", 17),
    ("UNAMID", 2012, "ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz", "sudan", 34),
    ("UNMIL", 2012, None, "liberia", 29),
    ("MONUC", 2008, None, None, 43),
]


def shown(shared: Path, operation: str, year: int, events: str | None, places: str | None) -> Mission:
    """Build a mission from the real files beside the project."""
    data = shared / "data"
    return mission_from_geopko(
        data / "geopko/geopko_v23_location_year_dev.csv.gz",
        operation,
        year,
        12,
        load_norms(),
        events=None if events is None else data / events,
        places=None if places is None else data / f"osm_places/{places}.csv.gz",
        types=data / "geopko/geopko_v23_trooptype_location_year_dev.csv.gz",
        contributors=data / "geopko/geopko_v23_tcc_location_year_dev.csv.gz",
    )


@pytest.mark.real_data
@pytest.mark.parametrize(("operation", "year", "events", "places", "sites"), CASES, ids=lambda case: str(case))
def test_missions_to_show_are_built_from_real_files(shared, tmp_path, operation, year, events, places, sites):
    mission = shown(shared, operation, year, events, places)
    assert sum(site.open_at_start for site in mission.sites) == sites
    assert 60 <= len(mission.areas) <= 200
    write_mission(mission, tmp_path / "mission")
    read, faults = find_faults(tmp_path / "mission")
    assert read is not None, faults
    if events:
        assert mission.events is not None
        assert mission.events["date"].max() < date(year, 12, 1)  # type: ignore[operator]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("operation", "year", "events", "places"),
    [pytest.param(*case[:4], marks=[] if case[0] == "UNMIL" else pytest.mark.full, id=case[0]) for case in CASES],
)
def test_missions_to_show_are_planned_as_they_are(shared, operation, year, events, places):
    made = bluehelm.plan(shown(shared, operation, year, events, places), seconds=40.0 if FULL else 12.0)
    assert made.checked
    assert [tier.name for tier in made.tiers] == ["priority_1", "care", "cost", "moves"]
    assert all(0 <= tier.gap <= 1 for tier in made.tiers)
    assert made.tables["deployments"]["units"].sum() > 0


@pytest.mark.real_data
def test_unamid_2016_is_built_from_its_maps(shared):
    data = shared / "data"
    draft = mission_from_bases(
        data / "geopko/geopko_v21_location_map_dev.csv.gz",
        operation="UNAMID",
        year=2016,
        months=18,
        events=data / "ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz",
    )
    assert sum(site.open_at_start for site in draft.mission.sites) == 36
    assert sum(unit.persons for unit in draft.mission.units) == pytest.approx(9625, abs=400)
    contributors = {unit.contributor for unit in draft.mission.units}
    assert {"Rwanda", "Ethiopia", "Pakistan"} <= contributors


@pytest.mark.real_data
@pytest.mark.parametrize("file", ["geopko_v23_location_year_dev.csv.gz", "geopko_v21_location_map_dev.csv.gz"])
def test_every_mission_and_year_on_the_maps_becomes_a_mission(shared, tmp_path, file):
    path = shared / "data/geopko" / file
    listed = pl.read_csv(path, columns=["mission", "year"], infer_schema=False).unique().sort("mission", "year").rows()
    for operation, year in listed if FULL else listed[::15]:
        mission = mission_from_bases(path, operation=operation, year=int(year), months=12).mission
        folder = tmp_path / f"{operation}-{year}"
        write_mission(mission, folder)
        read, faults = find_faults(folder)
        assert read is not None, (operation, year, faults)
        assert not faults
        bases = read_bases(path, operation, int(year)).bases
        assert sum(site.open_at_start for site in mission.sites) == len(bases)
        starts = sorted((line.first_month, line.last_month) for line in mission.budget if line.kind == "appropriation")
        assert all(last + 1 == first for (_, last), (first, _) in pairwise(starts))
