from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from bluehelm.norms import load_norms, trace, unit_price

CASES = Path(__file__).parent.parent / "cases"
PRICES = tomllib.loads((CASES / "unit_price.toml").read_text(encoding="utf-8"))["case"]
MISSION = tomllib.loads((CASES / "mission_cost.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", PRICES, ids=lambda case: case["name"])
def test_a_unit_costs_what_was_worked_out_by_hand(case):
    norms = load_norms()
    given = dict(case["given"])
    if "unit_type" in given:
        given["unit_type"] = norms.unit_types()[given["unit_type"]]
    answer = getattr(unit_price, case["rule"])(**given, norms=norms, on=case["day"])
    assert isinstance(answer, Decimal)
    assert answer == Decimal(case["expect"])


@pytest.mark.parametrize("case", MISSION["case"], ids=lambda case: case["name"])
def test_a_whole_mission_costs_about_what_such_missions_cost(case, record_property):
    norms, day = load_norms(), case["day"]
    types = norms.unit_types()
    persons = sum(each * units for _, each, units in MISSION["units"])
    parts = {
        "units": sum(
            units * unit_price.monthly_unit_cost_usd(types[name], each, norms, day)
            for name, each, units in MISSION["units"]
        ),
        "sites": sum(n * norms.amount(f"site_run_usd_per_month.{kind}", day) for kind, n in MISSION["sites"].items()),
        "fixed": persons * norms.amount("fixed_cost_usd_per_person_month", day),
    }
    per_person_year = 12 * sum(parts.values()) / persons
    ratio = float(per_person_year) / case["known_usd_per_person_year"]
    told = ", ".join(f"{name} {float(12 * part / persons):,.0f}" for name, part in parts.items())
    record_property("usd_per_person_year", f"{per_person_year:,.0f} ({told}); ratio to the known figure {ratio:.3f}")
    assert 16_500 <= persons <= 17_500
    assert abs(ratio - 1) <= case["within_share"], f"{per_person_year:,.0f} USD: {told}; ratio {ratio:.3f}"


def test_a_price_unfolds_down_to_the_norms_and_their_sources():
    norms = load_norms()
    helicopters = norms.unit_types()["utility_helicopter_unit"]
    with trace("what does it cost?") as answer:
        cost = unit_price.monthly_unit_cost_usd(helicopters, 110, norms, PRICES[0]["day"])
    assert answer.steps[0].answer == cost
    assert sum(Decimal(str(step.answer)) for step in answer.steps[0].steps) == cost
    assert {use.key for use in answer.all_uses()} == {
        "paid_as.utility_helicopter_unit",
        "personnel_reimbursement_usd_per_person_month",
        "equipment_usd_per_person_month",
        "rations_usd_per_person_month",
        "rotation_usd_per_person_month",
        "fuel_usd_per_person_month",
        "aircraft_usd_per_month",
    }
    assert "A/RES/72/285" in answer.unfold()


def test_what_a_unit_is_paid_as_can_be_amended():
    day = PRICES[0]["day"]
    norms = load_norms({"paid_as.formed_police_unit": "individual"})
    unit = norms.unit_types()["formed_police_unit"]
    assert unit_price.monthly_unit_cost_usd(unit, 10, norms, day) == Decimal(10 * (3900 + 180))


def test_every_unit_type_has_a_price_on_every_day_that_can_be_planned():
    norms = load_norms()
    for day in (PRICES[0]["day"].replace(year=2000, month=1, day=1), PRICES[0]["day"].replace(year=2030)):
        for unit in norms.unit_types().values():
            for price in ("monthly_unit_cost_usd", "deployment_cost_usd", "repatriation_cost_usd", "move_cost_usd"):
                assert getattr(unit_price, price)(unit, unit.strength_persons, norms, day) > 0


def test_the_price_of_a_month_is_the_sum_of_its_parts_whatever_a_unit_is_paid_as():
    norms, day = load_norms({"rotation_usd_per_person_month": "100"}), PRICES[0]["day"]
    for unit in norms.unit_types().values():
        parts = unit_price.monthly_parts_usd(unit, 10, norms, day)
        assert sum(parts.values()) == unit_price.monthly_unit_cost_usd(unit, 10, norms, day)
        assert parts.get("rotation", 0) == (1000 if "reimbursement" in parts else 0)


def test_rotation_costs_nothing_by_itself_until_it_is_given():
    norms, day = load_norms(), PRICES[0]["day"]
    assert unit_price.monthly_rotation_usd(850, norms, day) == 0
    assert norms.entry("rotation_usd_per_person_month", day).status == "assumed"


def test_fuel_by_route_meets_the_flat_price_at_three_hundred_kilometres_and_grows_with_the_road():
    norms, day = load_norms(), PRICES[0]["day"]
    flat = unit_price.monthly_fuel_usd(150, norms, day)
    assert unit_price.monthly_delivered_fuel_usd(150, Decimal(300), norms, day) == flat
    # 150 persons x 150 litres x (1.05 + 800 x 0.0005)
    assert unit_price.monthly_delivered_fuel_usd(150, Decimal(800), norms, day) == Decimal("32625")
