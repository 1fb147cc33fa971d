"""Faults of a mission beside norms and ground: each hand-made mission has one, told once and in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bluehelm.checks.mission_check import check_folder, check_mission
from bluehelm.mission.faults import Fault
from bluehelm.mission.folder import read_mission
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Restriction
from bluehelm.mission.template import write_template
from bluehelm.norms import load_norms

NORMS = load_norms({"exit_notice_months": 1, "exit_lag_months": 3, "lead_months.3": 6, "lead_months.rapid": 2})


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    folder = tmp_path_factory.mktemp("missions") / "m"
    write_template(folder)
    return read_mission(folder)


def told(mission: Mission, column: str = "", grade: str = "error") -> list[Fault]:
    faults = [fault for fault in check_mission(mission, NORMS) if fault.grade == grade]
    return [fault for fault in faults if fault.column == column] if column else faults


def with_row(rows: tuple[Any, ...], at: int, **changed: Any) -> tuple[Any, ...]:
    return (*rows[:at], replace(rows[at], **changed), *rows[at + 1 :])


def test_the_template_has_no_errors(example):
    assert told(example) == []


def ceiling_at(example: Mission, month: str, persons: int) -> Mission:
    """Four companies of 180, one helicopter unit and one hospital that may not leave (167), 12 monitors."""
    first = replace(example.mandate.ceiling[0], persons=2_000)
    later = replace(first, persons=persons, from_month=Month.parse(month))
    rest = tuple(c for c in example.mandate.ceiling if c.component != "military")
    return replace(example, mandate=replace(example.mandate, ceiling=(first, later, *rest)))


def test_a_ceiling_counts_all_who_cannot_have_left_by_then(example):
    # Told to leave on 1 January, out after 1 + 3 months: gone on the last day of April, still there in March.
    assert told(ceiling_at(example, "2027-04", 167)) == []
    (fault,) = told(ceiling_at(example, "2027-03", 898))
    assert "899 persons in 7 units" in str(fault)
    assert told(ceiling_at(example, "2027-03", 899)) == []
    (fault,) = told(ceiling_at(example, "2027-10", 166))
    assert "167 persons in 2 units cannot have left by then, such as 'heli-1', 'hosp-1'" in str(fault)


def test_a_ceiling_that_hangs_on_a_condition_is_told_only_where_it_is_sure_to_hold(example):
    low = ceiling_at(example, "2027-07", 10)
    hanging = replace(low.mandate.ceiling[1], when="ceasefire_holds")
    mandate = replace(low.mandate, ceiling=with_row(low.mandate.ceiling, 1, when="ceasefire_holds"))
    assert hanging in mandate.ceiling
    assert told(replace(low, mandate=mandate)) == []
    assert len(told(replace(low, mandate=mandate, nodes=()))) == 1


def test_a_limit_of_sites_below_those_that_may_not_close_is_told(example):
    limit = with_row(example.mandate.site_limit, 0, at_most=1)
    (fault,) = told(replace(example, mandate=replace(example.mandate, site_limit=limit)))
    assert "2 may not close: 'adiri_hq', 'dumat_hq'" in str(fault)


def test_more_people_than_beds_are_told(example):
    tight = replace(example, sites=with_row(example.sites, 0, capacity_persons=300))
    (fault,) = told(tight, "capacity_persons", "warning")
    assert (fault.file, fault.line) == ("sites.csv", 2)
    assert "487 persons stand at site 'adiri_hq', which has 300 beds; 57 of them" in str(fault)
    assert told(replace(example, sites=with_row(example.sites, 0, capacity_persons=50)), "capacity_persons")


def test_sites_that_stay_need_guards(example):
    unarmed = tuple(unit for unit in example.units if unit.unit_type in ("mediation_team", "ceasefire_monitoring_team"))
    assert told(replace(example, units=unarmed), "persons")


def test_a_pledge_that_expires_before_its_unit_can_arrive_is_worth_nothing(example):
    # Ordered in February at readiness level 3, it arrives in August.
    late = replace(example, pledges=with_row(example.pledges, 1, expires_on=date(2027, 7, 31)))
    (fault,) = told(late, "expires_on", "warning")
    assert (fault.line, "before its unit can arrive (2027-08)" in str(fault)) == (3, True)
    in_time = replace(example, pledges=with_row(example.pledges, 1, expires_on=date(2027, 8, 1)))
    assert told(in_time, "expires_on", "warning") == []
    beyond = replace(example, pledges=with_row(example.pledges, 1, available_from=Month(2027, 9)))
    assert told(beyond, "expires_on", "warning")


def test_money_that_cannot_pay_for_what_is_due_is_told_with_the_first_month(example):
    poor = replace(example, budget=tuple(replace(line, amount_usd=Decimal(1)) for line in example.budget))
    faults = told(poor, "amount_usd")
    assert [fault.line for fault in faults] == [0, 6, 7]
    assert "Until the end of 2027-01" in str(faults[0])


def test_without_lines_of_cash_money_is_not_limited(example):
    assert told(replace(example, budget=())) == []


def test_names_that_the_norms_do_not_know_are_told_with_the_nearest(example):
    wrong = replace(
        example,
        setting=replace(example.setting, mission_model="protection_of_civilian"),
        units=with_row(example.units, 0, unit_type="infantry_compny", not_tasks=("mine_acton",)),
        mandate=replace(example.mandate, task=with_row(example.mandate.task, 0, kind="protection")),
    )
    said = " ".join(map(str, told(wrong)))
    for name in ("protection_of_civilians", "infantry_company", "mine_action"):
        assert f"Did you mean '{name}'?" in said
    assert [fault.column for fault in told(wrong)] == ["mission_model", "kind", "not_tasks", "unit_type"]


def test_a_strength_far_above_its_type_is_a_warning(example):
    many = replace(example, units=with_row(example.units, 0, persons=5_000))
    assert "far above its usual strength" in str(told(many, "persons", "warning")[0])


def test_places_outside_the_countries_are_told(example):
    def placed(lat, lon):
        return replace(example, areas=with_row(example.areas, 0, latitude_deg=lat, longitude_deg=lon))

    (swapped,) = told(placed(22.45, 13.45), "latitude_deg")
    assert "look swapped" in str(swapped)
    (far,) = told(placed(-13.45, 22.45), "latitude_deg")
    assert "by more than 50 km" in str(far)
    assert told(placed(13.45, 21.95), "latitude_deg", "warning") or told(placed(13.45, 21.95)) == []
    neighbour = replace(example, sites=with_row(example.sites, 5, latitude_deg=12.11, longitude_deg=21.0))
    assert (len(told(neighbour)), len(told(neighbour, "latitude_deg", "warning"))) == (0, 1)


def test_countries_without_known_borders_are_a_warning(example):
    nowhere = replace(example, setting=replace(example.setting, countries=("XXX",)))
    assert told(nowhere, "countries", "warning")


def test_sites_without_surgery_in_reach_are_a_warning(example):
    unhealed = replace(
        example,
        units=tuple(unit for unit in example.units if unit.unit_type != "level_2_hospital"),
        sites=example.sites[:-1],
    )
    assert "No site is within 2 hours of surgery" in str(told(unhealed, "site_id", "warning")[0])


def test_aircraft_away_from_airfields_are_a_warning(example):
    grounded = replace(example, sites=with_row(example.sites, 0, airfield=False))
    needs = NORMS.unit_types()["utility_helicopter_unit"].needs_airfield
    assert bool(told(grounded, "site_id", "warning")[0].value == "adiri_hq") == needs


def test_unit_types_that_are_grounded_are_looked_up_in_the_norms(example):
    def grounding(what):
        rows = with_row(example.restrictions, 1, what=what)
        return replace(example, restrictions=rows)

    (unknown,) = told(grounding("utility_helicopter"), "what")
    assert "Did you mean 'utility_helicopter_unit'?" in str(unknown) and unknown.line == 3
    assert "grounding it changes nothing" in str(told(grounding("armed_attack_helicopter_unit"), "what", "warning")[0])
    assert told(grounding("utility_helicopter_unit"), "what", "warning") == []


def test_rows_whose_condition_never_holds_are_warnings(example):
    never = replace(
        example,
        nodes=(),
        restrictions=with_row(example.restrictions, 0, when="ceasefire_holds"),
        mandate=replace(
            example.mandate,
            condition=with_row(example.mandate.condition, 0, holds_from=None),
            handover=with_row(example.mandate.handover, 0, when="ceasefire_holds"),
        ),
    )
    said = [fault for fault in told(never, "when", "warning") if "changes nothing" in str(fault)]
    assert [(fault.file, fault.line) for fault in said] == [
        ("restrictions.csv", 2), ("budget.csv", 8), ("mandate.toml", 0),
    ]  # fmt: skip


def test_a_base_that_is_lost_is_not_taken_to_stay(example):
    few = replace(example, mandate=replace(example.mandate, site_limit=with_row(
        example.mandate.site_limit, 0, at_most=1)))  # fmt: skip
    (limit,) = told(few, "at_most")
    assert "'adiri_hq', 'dumat_hq'" in str(limit)
    lost = (Restriction(kind="site_lost", what="dumat_hq", from_month=few.months[0], source="invented",
                        status="assumed", note="by hand"),)  # fmt: skip
    assert told(replace(few, restrictions=lost), "at_most") == []


def test_a_task_that_never_starts_is_a_warning(example):
    never = replace(
        example,
        nodes=(),
        mandate=replace(example.mandate, condition=with_row(example.mandate.condition, 0, holds_from=None)),
    )
    assert "never starts" in str(told(never, "when", "warning")[0])


@pytest.mark.parametrize("line", ["protection_p = 0.4", 'protection_q = "half"', "protection_q = 7"])
def test_amendments_that_the_norms_refuse_are_told(tmp_path: Path, line: str):
    write_template(tmp_path / "m")
    file = tmp_path / "m" / "mission.toml"
    file.write_text(file.read_text() + line + "\n")
    mission, faults = check_folder(tmp_path / "m")
    assert mission is None
    assert [fault.column for fault in faults if fault.grade == "error"] == [line.partition(" ")[0]]


def test_amendments_take_dots_and_tables(tmp_path: Path):
    write_template(tmp_path / "m")
    file = tmp_path / "m" / "mission.toml"
    file.write_text(file.read_text() + "lead_months.2 = 4\nprotection_q = { value = 0.4, since = 2020-01-01 }\n")
    mission, faults = check_folder(tmp_path / "m")
    assert mission is not None, list(map(str, faults))
    assert mission.amendments["lead_months"] == {"2": 4}
