"""The check finds every number that is not what the mission gives, and every rule that a plan breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import polars as pl
import pytest

from bluehelm.checks.plan_check import check_plan
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import TABLES, Plan
from bluehelm.mission.plan_folder import table_schema
from tests.checks.tiny import FOUND, JULY, JUNE, MAY, tiny_norms, tiny_plan, with_table

PLAN = tiny_plan()
NORMS = tiny_norms()
# What follows from no rule: which decisions are young, and the tables that only retell the others.
RETOLD = ("shortfalls", "binding")
CELLS = [
    (table, column)
    for table, columns in TABLES.items()
    if table not in RETOLD
    for column in columns
    if column not in ("indicative", "pledge_class")
]


def sentences(plan: Plan) -> tuple[str, ...]:
    return check_plan(plan, NORMS).sentences


def test_the_plan_worked_out_by_hand_stands() -> None:
    assert sentences(PLAN) == ()
    assert check_plan(PLAN, NORMS).ok


@pytest.mark.parametrize(("table", "column"), CELLS)
def test_every_cell_that_is_altered_is_found(table: str, column: str) -> None:
    frame = PLAN.tables[table]
    for row in range(len(frame)):
        altered = frame[column].to_list()
        altered[row] = _altered(altered[row], frame[column].dtype, 100.0 if column.endswith("hours") else 0.1)
        changed = frame.with_columns(pl.Series(column, altered, dtype=frame[column].dtype))
        assert sentences(with_table(PLAN, table, changed)), f"row {row} of {table}.{column}"


def _altered(value: Any, dtype: pl.DataType, size: float) -> Any:
    if dtype == pl.Boolean:
        return not value
    if dtype == pl.String:
        return f"{value}x"
    if dtype == pl.Int64:
        return value + 1
    return 0.123 if value != value else value - max(abs(value), size) * 1e-4


@pytest.mark.parametrize("table", [table for table in TABLES if table not in RETOLD])
def test_every_row_left_out_or_told_twice_is_found(table: str) -> None:
    frame = PLAN.tables[table]
    for row in range(len(frame)):
        without = pl.concat([frame[:row], frame[row + 1 :]])
        # A component without a ceiling may be left out, and so may a base that was never open.
        harmless = table == "ceilings" and frame["component"][row] == "civilian"
        if not harmless:
            assert sentences(with_table(PLAN, table, without)), f"row {row} of {table}"
        twice = sentences(with_table(PLAN, table, pl.concat([frame, frame[row : row + 1]])))
        assert "stand twice" in twice[0] or "cover" in twice[0]


@pytest.mark.parametrize("table", list(TABLES))
def test_a_table_or_column_that_is_missing_is_told_and_nothing_else(table: str) -> None:
    tables = dict(PLAN.tables)
    del tables[table]
    assert sentences(replace(PLAN, tables=tables)) == (f"The plan has no table '{table}'.",)
    column = next(iter(TABLES[table]))
    found = sentences(with_table(PLAN, table, PLAN.tables[table].drop(column)))
    assert found == (f"Table {table}: columns missing or unknown: {column}.",)


@pytest.mark.parametrize("name", list(FOUND))
def test_a_tier_that_states_more_than_it_reaches_is_found(name: str) -> None:
    tiers = tuple(
        replace(tier, objective=tier.objective * 1.0001, bound=max(1.0, tier.bound * 1.1))
        if tier.name == name
        else tier
        for tier in PLAN.tiers
    )
    assert any(f"Tier '{name}' is stated to reach" in sentence for sentence in sentences(replace(PLAN, tiers=tiers)))


def test_a_tier_that_passes_its_bound_or_misstates_its_gap_is_found() -> None:
    first = PLAN.tiers[0]
    beyond = replace(first, bound=first.objective * 0.99, gap=0.01)
    assert "passes its bound" in sentences(replace(PLAN, tiers=(beyond,)))[0]
    wide = replace(first, gap=first.gap / 2)
    assert "a gap of" in sentences(replace(PLAN, tiers=(wide,)))[0]
    unknown = replace(first, name="fame")
    assert "is unknown" in sentences(replace(PLAN, tiers=(unknown,)))[0]


def _of(records: tuple[Any, ...], which: int, **changes: Any) -> tuple[Any, ...]:
    return (*records[:which], replace(records[which], **changes), *records[which + 1 :])


def _mandate(mission: Mission, part: str, which: int, **changes: Any) -> Mission:
    listed = _of(getattr(mission.mandate, part), which, **changes)
    return replace(mission, mandate=replace(mission.mandate, **cast(Any, {part: listed})))


Change = Callable[[Mission], Mission]
RULES: dict[str, tuple[Change, str]] = {
    "ceiling in May": (lambda m: _mandate(m, "ceiling", 0, persons=709), "1 too many"),
    "ceiling in July": (lambda m: _mandate(m, "ceiling", 1, persons=600), "10 too many"),
    "ceiling from June": (lambda m: _mandate(m, "ceiling", 1, from_month=JUNE), "100 too many"),
    "site limit": (lambda m: _mandate(m, "site_limit", 0, at_most=1), "2 sites are open in 2017-05"),
    "beds": (lambda m: replace(m, sites=_of(m.sites, 0, capacity_persons=500)), "515 persons in 500 beds; 15 too many"),
    "guard": (lambda m: replace(m, amendments={**m.amendments, "guard_persons_per_base": 101}), "100 persons guard"),
    "stays open": (lambda m: replace(m, sites=_of(m.sites, 1, may_close=False)), "south closes in 2017-07"),
    "opens too early": (lambda m: replace(m, sites=_of(m.sites, 2, opens_from=JULY + 1)), "well opens in 2017-07"),
    "cannot open": (lambda m: replace(m, sites=_of(m.sites, 2, opens_from=None)), "well opens in 2017-07"),
    "opening takes time": (
        lambda m: replace(m, amendments={**m.amendments, "site_open_lead_months.temporary_base": 3}),
        "well opens in 2017-07",
    ),
    "pledge not yet open": (
        lambda m: replace(m, pledges=_of(m.pledges, 0, available_from=JUNE)),
        "available from 2017-06",
    ),
    "pledge expires": (lambda m: replace(m, pledges=_of(m.pledges, 0, expires_on=date(2017, 5, 31))), "1 were due"),
    "pledge takes longer": (lambda m: replace(m, amendments={**m.amendments, "lead_months.rapid": 2}), "1 were due"),
    "notice": (lambda m: replace(m, amendments={**m.amendments, "exit_notice_months": 2}), "0 were told to leave"),
    "on its way later": (lambda m: replace(m, units=_of(m.units, 4, arrives=JULY)), "1 were due"),
    "cash": (
        lambda m: replace(m, budget=_of(m.budget, 0, amount_usd=Decimal(1_000_000))),
        "562000 USD too much",
    ),
    "approved": (
        lambda m: replace(m, budget=_of(m.budget, 3, amount_usd=Decimal(5_000_000))),
        "880000 USD too much",
    ),
    "risk": (lambda m: replace(m, areas=_of(m.areas, 0, fatalities_per_month=11.0)), "fatalities is stated as 10"),
    "route": (lambda m: replace(m, routes=()), "presence is stated"),
    "rains": (lambda m: replace(m, setting=replace(m.setting, wet_months=())), "presence is stated"),
    "floor": (lambda m: _mandate(m, "floor", 0, share=0.5), "floor_share is stated"),
    "floor taken over": (lambda m: _mandate(m, "floor", 0, taken_over_from=JULY), "floor_share is stated"),
    "task begins earlier": (lambda m: _mandate(m, "task", 2, starts=MAY), "Table effort has no row"),
    "task elsewhere": (lambda m: _mandate(m, "task", 2, zones=("n",)), "no effort is asked"),
    "clinic closes": (lambda m: replace(m, sites=_of(m.sites, 3, hospital_level=1)), "surgery_covered is stated"),
    "hours": (
        lambda m: replace(m, amendments={**m.amendments, "effort_hours_per_person_month": 20}),
        "gives 150 hours and has 100; 50 too many",
    ),
}


@pytest.mark.parametrize("rule", list(RULES))
def test_a_plan_that_breaks_a_rule_of_its_mission_is_found(rule: str) -> None:
    change, phrase = RULES[rule]
    mission = change(PLAN.mission)
    found = check_plan(replace(PLAN, mission=mission), NORMS.with_amendments(mission.amendments)).sentences
    assert any(phrase in sentence for sentence in found), found


def _edit(table: str, where: dict[str, str], **values: Any) -> Plan:
    here = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
    frame = PLAN.tables[table]
    assert frame.filter(here).height > 0
    edits = [pl.when(here).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in values.items()]
    return with_table(PLAN, table, frame.with_columns(edits))


def _add(table: str, **values: Any) -> Plan:
    row = pl.DataFrame([[values[name] for name in TABLES[table]]], schema=table_schema(table), orient="row")
    return with_table(PLAN, table, pl.concat([PLAN.tables[table], row]))


EDITS: dict[str, tuple[Callable[[], Plan], str]] = {
    "unit from nowhere": (
        lambda: _edit("deployments", {"node_id": "2017-05", "site_id": "south"}, units=3, persons=300),
        "south in 2017-05: 3 units, but those before and all movements give 2",
    ),
    "unit at a closed site": (
        lambda: _edit("deployments", {"node_id": "2017-07", "site_id": "well"}, site_id="south"),
        "south in 2017-07: 100 persons in 0 beds; 100 too many",
    ),
    "move without a start": (
        lambda: _edit("movements", {"deed": "move_out"}, deed="stop"),
        "1 units move in somewhere, 0 move out",
    ),
    "hospital that may not move": (
        lambda: _edit("movements", {"deed": "move_in"}, class_id="level_2_hospital", unit_type="level_2_hospital"),
        "units are moved; their caveat says they may not be",
    ),
    "hospital that may not leave": (
        lambda: _edit("movements", {"deed": "exit_order"}, class_id="level_2_hospital", unit_type="level_2_hospital"),
        "units are told to leave; they may not",
    ),
    "team beyond its zones": (
        lambda: _edit("movements", {"deed": "move_in"}, class_id="mediation_team", unit_type="mediation_team"),
        "its caveat bars zone 's'",
    ),
    "helicopters without an airfield": (
        lambda: _edit(
            "movements", {"deed": "move_in"}, class_id="utility_helicopter_unit", unit_type="utility_helicopter_unit"
        ),
        "utility_helicopter_unit comes to well in 2017-07: 1 units, but it has no airfield",
    ),
    "pledge called twice": (
        lambda: _edit("movements", {"deed": "order"}, units=2),
        "2 units ordered up to 2017-05, 1 pledged; 1 too many",
    ),
    "order without pledges": (
        lambda: _edit("movements", {"deed": "order"}, pledge_class=""),
        "a deed 'order' has site '' and pledges ''",
    ),
    "task it cannot do": (
        lambda: _edit("effort_given", {"node_id": "2017-06", "zone": "s"}, task_id="mediate"),
        "the class cannot do",
    ),
    "zone beyond reach": (
        lambda: _edit("effort_given", {"node_id": "2017-06", "zone": "n"}, zone="s"),
        "the zone is beyond the reach",
    ),
    "hours twice": (
        lambda: _edit("effort_given", {"node_id": "2017-06", "zone": "s"}, hours=4001.0),
        "gives 4001 hours and has 4000",
    ),
    "unknown site": (
        lambda: _edit("deployments", {"node_id": "2017-07", "site_id": "well"}, site_id="wel"),
        "site_id 'wel' is unknown",
    ),
    "row where none belongs": (
        lambda: _add(
            "care", node_id="2017-07", month="2017-07", site_id="south", enhanced_care_covered=1.0, surgery_covered=1.0
        ),
        "south: enhanced_care_covered is stated as 1, but 0 was found",
    ),
    "wrong contributor": (lambda: _edit("names", {"unit_id": "i3"}, contributor="Aland"), "is not what this unit is"),
    "names that swap places": (lambda: _swapped(), "do 'move_in' at north; the plan counts 0"),
}


def _swapped() -> Plan:
    """Let i1 and i3 change places in July, which the counts do not show."""
    frame = PLAN.tables["names"]
    july = pl.col("node_id") == "2017-07"
    names = pl.when(july).then(pl.col("unit_id").replace({"i1": "i3", "i3": "i1"})).otherwise(pl.col("unit_id"))
    swapped = frame.with_columns(unit_id=names)
    whose = pl.col("unit_id").replace({"i1": "Aland", "i3": "Bland"})
    here = pl.col("unit_id").is_in(["i1", "i3"])
    return with_table(
        PLAN, "names", swapped.with_columns(contributor=pl.when(here).then(whose).otherwise("contributor"))
    )


@pytest.mark.parametrize("name", list(EDITS))
def test_a_plan_that_does_what_cannot_be_is_found(name: str) -> None:
    make, phrase = EDITS[name]
    found = sentences(make())
    assert any(phrase in sentence for sentence in found), found


def test_not_more_than_five_faults_of_a_kind_are_told_and_the_rest_counted() -> None:
    frame = PLAN.tables["protection"].with_columns(fatalities=pl.lit(1.0))
    found = [
        sentence
        for sentence in sentences(with_table(PLAN, "protection", frame))
        if "protection" in sentence or "more" in sentence
    ]
    assert len(found) <= 6
    assert found[-1] == "... and 1 more of this kind."


def test_the_last_digits_of_a_difference_are_no_fault() -> None:
    """Hours come rounded from a file; what is unmet is the difference of two of them."""
    plan = _edit("effort_given", {"node_id": "2017-06", "zone": "s"}, hours=1000.0 - 1e-4)
    assert sentences(plan) == ()
    assert sentences(_edit("effort_given", {"node_id": "2017-06", "zone": "s"}, hours=1000.0 - 1e-2))


def test_units_without_names_yet_are_not_a_fault() -> None:
    assert sentences(with_table(PLAN, "names", PLAN.tables["names"].clear())) == ()


def test_the_last_digits_of_a_distance_are_no_fault_but_a_metre_in_a_hundred_is() -> None:
    """Two formulas for the ellipsoid differ in the seventh digit; presence may follow either."""
    mission = replace(PLAN.mission, routes=(), setting=replace(PLAN.mission.setting, wet_months=()))
    plan = replace(PLAN, mission=mission)
    stated = [s for s in sentences(plan) if "presence" in s]
    assert len(stated) == 1
    found = float(stated[0].split("but ")[1].split(" was")[0])
    for stretch, faults in ((1 + 1e-6, 0), (1 + 1e-3, 1)):
        frame = PLAN.tables["protection"].with_columns(
            presence=pl.when((pl.col("node_id") == "2017-07") & (pl.col("area_id") == "south_town"))
            .then(found * stretch)
            .otherwise("presence")
        )
        assert len([s for s in sentences(with_table(plan, "protection", frame)) if ": presence" in s]) == faults


def test_the_first_month_of_the_mission_is_the_day_of_all_norms() -> None:
    mission = replace(PLAN.mission, setting=replace(PLAN.mission.setting, first_month=Month(2018, 5)))
    assert sentences(replace(PLAN, mission=mission))
