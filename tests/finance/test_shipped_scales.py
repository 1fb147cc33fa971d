"""The scales that come with the package, held against published rates and what was assessed."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bluehelm.errors import InvalidRecordError, RuleError
from bluehelm.finance.apportion import apportion_usd
from bluehelm.finance.regular_limits import beyond_limits
from bluehelm.finance.scale import PERMANENT
from bluehelm.finance.shipped_scales import (
    all_shipped_scales,
    known_members,
    last_decided_day,
    shipped_period,
    shipped_rates,
    shipped_scale,
)
from bluehelm.norms import load_norms

NORMS = load_norms()
TODAY = shipped_scale("2022-2024", NORMS)
RATES = {state.member_state: state for state in TODAY.states}
STEPS = np.array([0.0, 0.075, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9])
LEVEL_OF_STEP = ("B", "C", "D", "E", "F", "G", "H/I", "J")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("state", "rate"),
    [
        ("United States of America", "26.9493"), ("China", "18.6856"), ("Japan", "8.0330"), ("Brazil", "0.4026"),
        ("Saudi Arabia", "1.0952"), ("Greece", "0.2600"), ("Poland", "0.2511"), ("Bangladesh", "0.0010"),
        ("United Kingdom of Great Britain and Northern Ireland", "5.3592"), ("France", "5.2894"),
        ("Russian Federation", "2.2858"),
    ],
)  # fmt: skip
def test_rates_of_2022_to_2024_are_the_published_ones(state, rate):
    assert str(RATES[state].peacekeeping_rate_pct) == rate


def test_totals_of_2022_to_2024_are_the_published_ones():
    assert TODAY.discounts_pct == Fraction("10.7563") and TODAY.permanent_pct == Decimal("47.813")
    assert round(float(TODAY.multiplier), 7) == 1.2249660
    assert sum(state.regular_rate_pct for state in TODAY.states) == 100
    assert sum(state.peacekeeping_rate_pct for state in TODAY.states) == 100


@pytest.mark.parametrize("scale", all_shipped_scales(NORMS), ids=lambda scale: str(scale.first_day))
def test_every_shipped_scale_has_193_states_and_adds_up(scale):
    assert {state.member_state for state in scale.states} == known_members() and len(scale.states) == 193
    assert sum(scale.exact_rates().values()) == 100
    assert {state.member_state for state in scale.states if state.level == "A"} == set(PERMANENT)
    regular = shipped_rates(shipped_period(scale.period), scale.first_day.year)
    assert beyond_limits(regular, NORMS, scale.first_day) == ()


def test_scales_follow_each_other_without_a_gap():
    spans = [(scale.first_day, scale.last_day) for scale in all_shipped_scales(NORMS)]
    assert spans == [
        (date(2019, 1, 1), date(2019, 12, 31)),
        (date(2020, 1, 1), date(2021, 12, 31)),
        (date(2022, 1, 1), date(2024, 12, 31)),
    ]
    assert last_decided_day() == date(2027, 12, 31)


def test_the_rate_of_the_united_states_in_2019_is_the_one_that_was_told():
    """27.89 per cent in 2019 (everycrsreport.com IF10597): levels inferred from other States give it back."""
    rates = {
        year: {
            state.member_state: state.peacekeeping_rate_pct for state in shipped_scale("2019-2021", NORMS, year).states
        }
        for year in (2019, 2020, 2021)
    }
    assert rates[2019]["United States of America"] == Decimal("27.8912")
    assert rates[2020]["United States of America"] == Decimal("27.8908")
    assert rates[2020] == rates[2021]
    moved = [state for state in rates[2019] if rates[2019][state] != rates[2020][state] and state not in PERMANENT]
    assert moved == ["Equatorial Guinea"]


def test_what_is_not_known_of_2025_to_2027_is_refused_with_what_is():
    with pytest.raises(RuleError, match=r"of 193 States the regular rates of 10 are at hand \(3 verified.*levels of 5"):
        shipped_scale("2025-2027", NORMS)


@pytest.mark.parametrize("period", ["2028-2030", "2016-2018", "", "2022", "now"])
def test_a_period_that_is_not_decided_or_not_at_hand_is_refused(period):
    with pytest.raises(RuleError, match="only rates that the General Assembly has decided"):
        shipped_scale(period, NORMS)


def test_a_year_outside_its_period_is_refused_and_a_long_dash_is_read():
    with pytest.raises(InvalidRecordError, match="2025 is not in the period 2022-2024"):
        shipped_scale("2022-2024", NORMS, 2025)
    assert shipped_scale(" 2022–2024 ", NORMS) == TODAY


def test_recalled_rates_of_2025_to_2027_have_one_multiplier():
    """26.1584 / 22.000 and the four others agree to their last decimal: each is its regular rate times one number."""
    recalled = {"22.000": "26.1584", "20.004": "23.7851", "3.858": "4.5872", "3.991": "4.7454", "2.094": "2.4898"}
    half = Decimal("0.00005")
    least = max((Decimal(rate) - half) / Decimal(regular) for regular, rate in recalled.items())
    most = min((Decimal(rate) + half) / Decimal(regular) for regular, rate in recalled.items())
    assert least < most


def test_amounts_assessed_in_2024_follow_exact_rates_and_not_printed_ones():
    """Amounts in UN CEB financial statistics (UN-DPO, assessed, 2024). States without discount give the total; then

    States at level C, whose rates have six decimals, were assessed by all six: the printed four miss by thousands.
    """
    whole = {"New Zealand": 19_455_792, "Ireland": 27_641_075, "Finland": 26_255_875, "Denmark": 34_818_943}
    level_c = {"United Arab Emirates": 36_983_321, "Qatar": 15_666_949, "Kuwait": 13_628_500}
    rates_pct = sum((RATES[state].exact_rate_pct for state in whole), Fraction(0))
    total = 100 * sum(whole.values()) / rates_pct
    for state, amount in level_c.items():
        assert abs(RATES[state].exact_rate_pct * total / 100 - amount) < 5
        assert abs(Fraction(RATES[state].peacekeeping_rate_pct) * total / 100 - amount) > 1_000


def test_a_budget_is_shared_out_to_the_last_cent():
    parts = apportion_usd(Decimal("1036595600.07"), TODAY.exact_rates())
    assert sum(parts.values()) == Decimal("1036595600.07")


@pytest.mark.real_data
def test_shipped_scales_are_the_facts_beside_the_repository(shared):
    facts = {row["member_state"]: row for row in rows(shared / "facts" / "assessment_rates.csv")}
    assert set(facts) == known_members()
    for state, row in facts.items():
        found = RATES[state]
        assert found.regular_rate_pct == Decimal(row["regular_rate_2022_2024_pct"])
        assert found.level == row["implied_level"]
        assert found.level == "A" or found.discount_share == Decimal(row["implied_discount"])
        for column in ("peacekeeping_rate_2022_2024_pct_observed", "peacekeeping_rate_2022_2024_pct_formula"):
            if row[column]:
                assert abs(found.peacekeeping_rate_pct - Decimal(row[column])) <= Decimal("0.0001"), (state, column)
        if row["peacekeeping_rate_2022_2024_pct_formula"]:
            assert str(found.peacekeeping_rate_pct) == row["peacekeeping_rate_2022_2024_pct_formula"]
    first = shipped_scale("2019-2021", NORMS, 2019)
    assert all(
        state.regular_rate_pct == Decimal(facts[state.member_state]["regular_rate_2019_2021_pct"])
        for state in first.states
    )


@pytest.mark.real_data
def test_members_of_each_level_are_as_many_as_the_facts_count(shared):
    counted = Counter(state.level for state in TODAY.states)
    for row in rows(shared / "facts" / "assessment_levels.csv"):
        level = "H/I" if row["level"] in "HI" else row["level"]
        assert counted[level] == int(row["members_2022_2024_inferred"].split()[0]), row["level"]


@pytest.mark.real_data
def test_levels_of_2019_follow_from_what_was_assessed_in_2018_and_2019(shared):
    """Assessed in 2019 = u · assessed in 2018 + v · regular rate · (1 - discount): part of it was on the old scale.

    u and v come from States at level B with a rate above 0.1; every other State then shows its discount.
    """
    file = shared / "data" / "un_financing" / "contributor_to_un_and_dpo_2013_2019.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        table = [row for row in csv.DictReader(text) if (row["entity"], row["revenue_type"]) == ("UN-DPO", "Assessed")]
    paid = {year: {row["contributor"]: float(row["amount_usd"]) for row in table if row["year"] == year}
            for year in ("2018", "2019")}  # fmt: skip
    scale = shipped_scale("2019-2021", NORMS, 2019)
    states = [state for state in scale.states if state.level != "A"]
    regular = np.array([float(state.regular_rate_pct) for state in states])
    old, new = (np.array([paid[year][state.member_state] for state in states]) for year in ("2018", "2019"))
    plain = np.array([state.level == "B" for state in states]) & (regular > 0.1)
    columns = np.stack([old, regular], axis=1)
    u, v = np.linalg.lstsq(columns[plain] / new[plain, None], np.ones(plain.sum()), rcond=None)[0]
    assert abs(columns[plain] @ (u, v) / new[plain] - 1).max() < 1e-6

    discount = 1 - (new - u * old) / v / regular
    nearest = abs(discount[:, None] - STEPS).argmin(axis=1)
    # Saudi Arabia's discount began within 2018; Equatorial Guinea was on its way from level J.
    apart = {"Saudi Arabia", "Equatorial Guinea"}
    for place, state in enumerate(states):
        if state.member_state not in apart:
            assert abs(discount[place] - STEPS[nearest[place]]) < 2e-4, state
            assert LEVEL_OF_STEP[nearest[place]] == state.level
    guinea = next(place for place, state in enumerate(states) if state.member_state == "Equatorial Guinea")
    assert discount[guinea] == pytest.approx(float(states[guinea].discount_share), abs=1e-3) == 0.85


@pytest.mark.real_data
def test_the_table_of_levels_is_that_of_the_facts(shared):
    for row in rows(shared / "facts" / "assessment_levels.csv"):
        day, level = date.fromisoformat(row["valid_from"]), row["level"]
        entry = NORMS.entry(f"peacekeeping_discount_share.{level}", day)
        assert 100 * Decimal(str(entry.value)) == Decimal(row["discount_pct"]) and entry.status == row["status"]
        if row["threshold_multiple_of_average_gni_per_capita"]:
            threshold = NORMS.entry(f"peacekeeping_threshold_ratio.{level}", day)
            assert threshold.value == float(row["threshold_multiple_of_average_gni_per_capita"])
            assert threshold.status == row["threshold_status"]


@pytest.mark.real_data
def test_all_acceptance_vectors_of_the_scale_hold(shared):
    states = {
        "usa": "United States of America", "china": "China", "brazil": "Brazil", "saudi": "Saudi Arabia",
        "greece": "Greece", "poland": "Poland", "bangladesh": "Bangladesh",
    }  # fmt: skip
    found: dict[str, Fraction | Decimal] = {
        **{f"pk_rate_{short}_2022_2024": RATES[state].peacekeeping_rate_pct for short, state in states.items()},
        "discount_pool_2022_2024": TODAY.discounts_pct,
        "p5_regular_sum_2022_2024": TODAY.permanent_pct,
        "p5_multiplier_2022_2024": TODAY.multiplier,
        "regular_scale_sum": sum((state.regular_rate_pct for state in TODAY.states), Decimal(0)),
    }
    vectors = {row["test"]: row for row in rows(shared / "facts" / "acceptance_vectors.csv")}
    assert set(found) == {name for name, row in vectors.items() if row["source"] == "assessment_rates.csv"}
    for name, answer in found.items():
        tolerance = Fraction(vectors[name]["tolerance"].split()[0])
        assert abs(Fraction(answer) - Fraction(vectors[name]["expected"])) <= tolerance, name


@pytest.mark.real_data
def test_the_rules_of_resolution_2719_are_those_of_the_facts(shared):
    facts = {row["item"]: row for row in rows(shared / "facts" / "key_facts.csv") if row["topic"] == "res2719"}
    entry = NORMS.entry("partner_assessed_ceiling_share", date(2023, 12, 21))
    ceiling = facts["assessed-contribution ceiling"]
    assert 100 * Decimal(str(entry.value)) == Decimal(ceiling["value"]) and entry.status == ceiling["status"]
    assert str(entry.since) == ceiling["valid_from"]
