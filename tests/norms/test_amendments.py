from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import BluehelmError, InvalidRecordError, UnknownNormError
from bluehelm.norms import load_norms

DAY = date(2017, 1, 1)


def test_an_amendment_holds_on_all_days_and_is_marked():
    norms = load_norms({"personnel_reimbursement_usd_per_person_month": "1500.50"})
    norm = norms.norm("personnel_reimbursement_usd_per_person_month")
    assert norm.amended
    assert {norms.value(norm.key, day) for day in (date(2000, 1, 1), date(2030, 1, 1))} == {Decimal("1500.50")}
    assert norm.entries[0].status == "assumed"
    assert "what-if" in norm.entries[0].reason
    assert not norms.norm("protection_q").amended


def test_an_amendment_from_a_day_on_leaves_the_days_before():
    raw = {"value": 1500, "since": date(2018, 1, 1), "source": "draft", "reason": "what if the rate rose"}
    norms = load_norms({"personnel_reimbursement_usd_per_person_month": raw})
    key = "personnel_reimbursement_usd_per_person_month"
    assert norms.value(key, date(2017, 12, 31)) == Decimal(1410)
    assert norms.value(key, date(2018, 7, 1)) == Decimal(1500)
    assert norms.entry(key, date(2018, 7, 1)).source == "draft"


def test_norms_that_are_amended_are_new_and_the_old_ones_stay():
    before = load_norms()
    after = before.with_amendments({"protection_q": 0.8})
    assert (before.number("protection_q", DAY), after.number("protection_q", DAY)) == (0.6, 0.8)
    assert load_norms().number("protection_q", DAY) == 0.6


def test_keys_may_be_quoted_or_written_as_tables():
    quoted = tomllib.loads('"site_capacity_persons.company_base" = 500')
    nested = tomllib.loads("site_capacity_persons.company_base = 500\nlead_months.rapid.value = 3")
    assert load_norms(quoted).value("site_capacity_persons.company_base", DAY) == 500
    assert load_norms(nested).value("site_capacity_persons.company_base", DAY) == 500
    assert load_norms(nested).value("lead_months.rapid", date(2020, 1, 1)) == 3


def test_catalogues_show_what_is_amended():
    norms = load_norms(
        {
            "presence_share.infantry_company": 0.8,
            "strength_persons.infantry_company": 120,
            "demand_hours_per_zone_month.humanitarian_escort": 5000,
        }
    )
    company = norms.unit_types()["infantry_company"]
    assert (company.presence_share, company.strength_persons) == (0.8, 120)
    assert norms.task_kinds()["humanitarian_escort"].demand_hours_per_zone_month == 5000


@pytest.mark.parametrize(
    ("amendments", "told"),
    [
        ({"protection_p": 0.5}, "Nearest name: 'protection_q'"),
        ({"site_capacity_persons": {"compny_base": 1}}, "site_capacity_persons.company_base"),
        ({"xyz": 1}, "none of the"),
        ({"site_capacity_persons": {}}, "Nearest name"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_name(amendments, told):
    with pytest.raises(UnknownNormError, match=told):
        load_norms(amendments)


@pytest.mark.parametrize(
    ("amendments", "told"),
    [
        ({"protection_q": 1.5}, "a number from 0 to 1"),
        ({"protection_q": "high"}, "a number from 0 to 1"),
        ({"protection_q": True}, "a number from 0 to 1"),
        ({"protection_q": float("nan")}, "a number from 0 to 1"),
        ({"move_usd_per_person": Decimal("sNaN")}, "an amount in quotes"),
        ({"road_speed_dry_km_per_hour": 0}, "a number above 0"),
        ({"exit_lag_months": 2.5}, "a whole number"),
        ({"move_usd_per_person": 0.1}, "an amount in quotes"),
        ({"move_usd_per_person": "many"}, "an amount in quotes"),
        ({"move_usd_per_person": "-1"}, "an amount in quotes"),
        ({"paid_as.infantry_company": "army"}, "contingent, individual or civilian"),
        ({"protection_q": {"value": 0.5, "becuase": "x"}}, "unknown key 'becuase'"),
        ({"protection_q": {"value": 0.5, "since": "2017"}}, "a day such as"),
        ({"protection_q": {"value": 0.5, "low": 0.6, "high": 0.7}}, "low <= value <= high"),
        ({"protection_q": None}, "a number from 0 to 1"),
        ({"road_full_reach_hours": 5}, "must be below"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_was_expected(amendments, told):
    with pytest.raises(InvalidRecordError, match=told):
        load_norms(amendments)


KEYS = st.sampled_from([*load_norms().keys(), "site_open_usd", "protection", "", "{key}"])
RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "since", "low", "high", "reason", "x", "a.b"]), inner, max_size=4)
    ),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, RAW, max_size=3))
def test_any_amendment_gives_norms_or_an_error_of_ours(amendments):
    told = ""
    norms = load_norms()
    try:
        norms = load_norms(amendments)
    except BluehelmError as fault:
        told = str(fault)
    assert told or norms.norm("protection_q").amended == ("protection_q" in amendments)
    assert all(norms.number(key, DAY) >= 0 for key in ("protection_q", "move_days", "road_speed_dry_km_per_hour"))
