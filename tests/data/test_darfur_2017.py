"""The shipped mission Darfur 2017: its sums are the published ones, and its tables are what the data give."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from bluehelm.mission.folder import find_faults
from bluehelm.mission.mandate import Floor
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area, BudgetLine, Site, Unit
from bluehelm.norms.norms import load_norms

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "bluehelm" / "data" / "missions" / "darfur_2017"
Script = Callable[[str], ModuleType]
CLOSED_BY_THE_MISSION = {
    "malha", "mallit", "umm_kadada", "muhajeria", "edd_el_fursan", "tulus", "forobaranga", "tine", "habila", "zam_zam",
}  # fmt: skip


@pytest.fixture(scope="module")
def mission() -> Mission:
    found, faults = find_faults(FOLDER)
    assert found is not None, "\n".join(str(fault) for fault in faults)
    return found


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    """Give the modules of `scripts/` by name, as `python scripts/compute_darfur_2017.py` finds them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(REPOSITORY / "scripts"))
        yield importlib.import_module


def persons(mission: Mission, component: str) -> int:
    types = load_norms().unit_types()
    return sum(unit.persons for unit in mission.units if types[unit.unit_type].component == component)


def test_the_folder_is_read_without_any_fault() -> None:
    _, faults = find_faults(FOLDER)
    assert [str(fault) for fault in faults] == []


def test_it_plans_eighteen_months_from_january_2017(mission: Mission) -> None:
    assert (mission.months[0], mission.months[-1]) == (Month(2017, 1), Month(2018, 6))


def test_military_and_police_are_the_un_figures_of_december_2016_to_the_last_person(mission: Mission) -> None:
    assert persons(mission, "military") == 13_617 + 181
    assert persons(mission, "police") == 3_296


def test_observers_and_staff_officers_are_181(mission: Mission) -> None:
    observers = sum(unit.persons for unit in mission.units if unit.unit_type == "military_observer_team")
    officers = sum(unit.persons for unit in mission.units if unit.note.startswith("Staff officers"))
    assert observers + officers == 181


def test_all_36_sites_of_the_map_are_open_at_start_and_golo_may_open(mission: Mission) -> None:
    assert sum(site.open_at_start for site in mission.sites) == 36
    later = [site for site in mission.sites if not site.open_at_start]
    assert [(site.site_id, site.kind, site.opens_from) for site in later] == [
        ("golo", "temporary_base", Month(2017, 7))
    ]


def test_only_headquarters_are_kept_open(mission: Mission) -> None:
    kept = {site.site_id for site in mission.sites if not site.may_close}
    assert kept == {"el_fasher", "el_geneina", "nyala", "zalingei", "al_daein"}


def test_every_site_houses_what_stands_there(mission: Mission) -> None:
    standing: Counter[str] = Counter()
    for unit in mission.units:
        standing[unit.site_id] += unit.persons
    for site in mission.sites:
        assert site.capacity_persons is None or standing[site.site_id] <= site.capacity_persons


def test_units_that_need_an_airfield_stand_at_one(mission: Mission) -> None:
    types, sites = load_norms().unit_types(), {site.site_id: site for site in mission.sites}
    flying = [unit for unit in mission.units if types[unit.unit_type].needs_airfield]
    assert flying
    assert all(sites[unit.site_id].airfield for unit in flying)


def test_units_and_tasks_are_kinds_that_the_norms_know(mission: Mission) -> None:
    norms = load_norms()
    assert {unit.unit_type for unit in mission.units} <= set(norms.unit_types())
    assert {task.kind for task in mission.mandate.task} <= set(norms.task_kinds())
    assert mission.setting.mission_model in norms.mission_models()


def test_blocks_of_one_type_are_interchangeable_so_that_the_model_stays_small(mission: Mission) -> None:
    classes = {(u.unit_type, u.persons, u.only_zones, u.not_tasks, u.may_move, u.may_leave) for u in mission.units}
    assert len(classes) <= 21


def test_ceilings_are_those_of_the_council(mission: Mission) -> None:
    told = {(c.component, str(c.from_month)): (c.persons, c.when) for c in mission.mandate.ceiling}
    assert told == {
        ("military", "2017-01"): (15_845, ""),
        ("military", "2017-12"): (11_395, ""),
        ("military", "2018-06"): (8_735, "phase_two"),
        ("police", "2017-01"): (3_403, ""),
        ("police", "2017-12"): (2_888, ""),
        ("police", "2018-06"): (2_500, "phase_two"),
    }


def test_at_most_26_sites_stay_open_after_phase_one(mission: Mission) -> None:
    (limit,) = mission.mandate.site_limit
    assert (limit.at_most, limit.from_month) == (36 - 11 + 1, Month(2017, 12))


def test_the_staff_that_stays_fits_under_the_last_ceiling(mission: Mission) -> None:
    assert sum(unit.persons for unit in mission.units if not unit.may_leave) < 8_735


def test_appropriations_cover_every_month_once(mission: Mission) -> None:
    runs = sorted((b.first_month, b.last_month) for b in mission.budget if b.kind == "appropriation")
    assert runs == [(Month(2017, 1), Month(2017, 6)), (Month(2017, 7), Month(2018, 6))]
    assert sum(b.amount_usd for b in mission.budget if b.kind == "appropriation") == Decimal("1430600000")


def test_every_site_of_the_map_has_an_area_at_its_town(mission: Mission) -> None:
    areas = {area.area_id: area for area in mission.areas}
    for site in mission.sites:
        assert (areas[site.site_id].zone, areas[site.site_id].latitude_deg) == (site.zone, site.latitude_deg)


def test_people_add_up_to_the_census_that_is_shared_out(mission: Mission) -> None:
    people = sum(area.population_persons for area in mission.areas)
    assert people == pytest.approx(2_113_626 + 4_093_594 + 1_308_225, abs=50 * len(mission.areas))


def test_every_assumed_row_gives_its_reason(mission: Mission) -> None:
    rows: tuple[Area | Site | Unit | BudgetLine | Floor, ...] = (
        *mission.areas, *mission.sites, *mission.units, *mission.budget, *mission.mandate.floor,
    )  # fmt: skip
    assert all(row.note for row in rows if row.status == "assumed")


def test_expected_deaths_can_be_redone_from_the_note_of_each_area(mission: Mission, script: Script) -> None:
    for area in mission.areas:
        told = re.match(r"UCDP civilian deaths 2012-2016: (.+?); spread from the state: (.+?)\. Pop", area.note)
        assert told is not None, area.area_id
        known, wide = ([float(n) for n in part.split(", ")] for part in told.groups())
        both = [n + w for n, w in zip(known, wide, strict=True)]
        assert script("darfur_2017_violence").monthly_rate(both, area.population_persons) == area.fatalities_per_month


def test_hindsight_names_what_the_mission_closed_and_opened(mission: Mission) -> None:
    deeds = {closure.site_id: closure.deed for closure in mission.hindsight_closures}
    assert {site for site, deed in deeds.items() if deed == "closed"} == CLOSED_BY_THE_MISSION
    assert {site for site, deed in deeds.items() if deed == "opened"} == {"golo"}
    assert all(date(2017, 8, 1) <= closure.done_on <= date(2018, 6, 30) for closure in mission.hindsight_closures)


@pytest.mark.real_data
def test_shipped_tables_are_what_the_data_give(shared: Path, script: Script) -> None:
    for name, text in script("compute_darfur_2017").tables(shared).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


@pytest.mark.real_data
def test_fixed_cost_is_what_the_spending_leaves(shared: Path, script: Script, mission: Mission) -> None:
    computed = script("darfur_2017_money").fixed_cost_usd_per_month(list(mission.units), list(mission.sites))
    assert computed == mission.setting.fixed_cost_usd_per_month


@pytest.mark.real_data
def test_no_death_is_lost_or_counted_twice(shared: Path, script: Script, mission: Mission) -> None:
    assert mission.hindsight_violence is not None
    of_2017 = [row for row in script("darfur_2017_violence").events(shared) if row["year"] == "2017"]
    known = sum(float(row["deaths_civilians"]) for row in of_2017)
    assert mission.hindsight_violence["fatalities"].sum() == pytest.approx(known, abs=0.01)


@pytest.mark.real_data
def test_no_area_was_chosen_for_what_happened_later(shared: Path, script: Script) -> None:
    rows = script("darfur_2017_inputs").read_csv(shared / "data/ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz")
    before = {
        (float(r["latitude"]), float(r["longitude"]))
        for r in rows
        if int(r["year"]) <= 2016 and int(r["where_prec"]) < 4
    }
    for row in script("darfur_2017_inputs").ROWS["area"]:
        if row.get("source", "ucdp_ged") == "ucdp_ged":
            near = [p for p in before if abs(p[0] - row["latitude_deg"]) + abs(p[1] - row["longitude_deg"]) < 0.02]
            assert near, row["area_id"]


@pytest.mark.real_data
def test_scripts_rows_name_sites_of_the_map(shared: Path, script: Script) -> None:
    mapped = script("darfur_2017_inputs").deployment_map(shared)
    assert len(mapped) == 36
    assert set(mapped) == {row["name"] for row in script("darfur_2017_inputs").ROWS["site"]} - {"Golo"}
