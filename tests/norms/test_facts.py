from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bluehelm.norms import load_norms

pytestmark = pytest.mark.real_data


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_rates_of_the_facts_are_in_force_from_their_day(shared):
    norms = load_norms()
    for row in rows(shared / "facts" / "reimbursement_rates.csv"):
        if row["component"] == "base":
            continue
        entry = norms.entry("personnel_reimbursement_usd_per_person_month", date.fromisoformat(row["valid_from"]))
        assert entry.value == Decimal(row["rate_usd_per_person_month"])
        assert entry.status == row["status"]
        assert entry.since == date.fromisoformat(row["valid_from"])


def test_the_recalled_base_rate_is_the_low_end_of_what_was_paid(shared):
    (base,) = (row for row in rows(shared / "facts" / "reimbursement_rates.csv") if row["component"] == "base")
    day = date.fromisoformat(base["valid_from"]) + timedelta(days=1)
    entry = load_norms().entry("personnel_reimbursement_usd_per_person_month", day)
    assert entry.low == Decimal(base["rate_usd_per_person_month"])
    assert entry.status == "assumed"


def test_hours_of_care_are_those_of_the_policy(shared):
    facts = {(row["topic"], row["item"]): row for row in rows(shared / "facts" / "key_facts.csv")}
    for item, key in (("1", "enhanced_care_hours"), ("2", "surgery_hours")):
        row = facts["casevac", item]
        entry = load_norms().entry(key, date.fromisoformat(row["valid_from"]))
        assert entry.value == float(row["value"]) / 60
        assert entry.status == row["status"] == "verified"


def test_an_aircraft_costs_what_the_fleet_of_2017_comes_to(shared):
    (row,) = (r for r in rows(shared / "facts" / "key_facts.csv") if r["item"] == "cost 2017")
    entry = load_norms().entry("aircraft_usd_per_month", date.fromisoformat(row["valid_from"]))
    assert entry.value == round(Decimal(row["value"]) / (58 + 157) / 12)
    assert entry.status == "verified"


def test_rapid_deployment_takes_sixty_days(shared):
    (row,) = (r for r in rows(shared / "facts" / "pcrs_levels.csv") if r["level"] == "RDL")
    assert row["deployment_time"].startswith("60 days")
    entry = load_norms().entry("lead_months.rapid", date.fromisoformat(row["valid_from"]))
    assert (entry.value, entry.status) == (2, "verified")


def test_mission_models_are_those_of_the_facts(shared):
    models = load_norms().mission_models()
    listed = [row for row in rows(shared / "facts" / "mission_models.csv") if not row["model"].startswith("(")]
    assert [model.title.lower() for model in models.values()] == [row["model"].lower() for row in listed]
    assert [model.status for model in models.values()] == [row["status"] for row in listed]
