from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bluehelm.errors import InvalidRecordError, UnknownNormError
from bluehelm.mission.records import READINESS_LEVELS, SITE_KINDS
from bluehelm.norms import load_norms
from bluehelm.norms.page import with_table
from bluehelm.words import speaking

REIMBURSEMENT = "personnel_reimbursement_usd_per_person_month"
PAGE = Path(__file__).parents[2] / "docs" / "norms.md"
CONTRACT = (
    "protection_q", "road_speed_dry_km_per_hour", "road_speed_wet_km_per_hour", "road_detour_ratio",
    "air_speed_km_per_hour", "air_reaction_hours", "road_reaction_hours", "road_full_reach_hours",
    "road_zero_reach_hours", "air_full_reach_hours", "air_zero_reach_hours", "static_reach_km",
    "guard_persons_per_base", "effort_hours_per_person_month", "move_days", "move_usd_per_person",
    "deployment_usd_per_person", "repatriation_usd_per_person", "exit_notice_months", "exit_lag_months",
    "equipment_usd_per_person_month", "personnel_reimbursement_usd_per_person_month", "rations_usd_per_person_month",
    "fuel_usd_per_person_month", "individual_police_usd_per_person_month", "civilian_usd_per_person_month",
    "aircraft_usd_per_month", "fixed_cost_usd_per_person_month", "enhanced_care_hours", "surgery_hours",
    "patrol_radius_km", "evacuation_launch_hours", "beyond_horizon_months", "tier_tolerance_share",
    "risk_half_life_months", "risk_prior_deaths_per_million_month",
)  # fmt: skip
BY_SITE_KIND = (
    "site_capacity_persons", "site_open_usd", "site_run_usd_per_month", "site_close_usd", "site_open_lead_months",
)  # fmt: skip


def test_reimbursement_takes_the_rate_in_force_on_the_day():
    norms = load_norms()
    assert norms.value(REIMBURSEMENT, date(2017, 6, 30)) == Decimal(1365)
    assert norms.value(REIMBURSEMENT, date(2017, 7, 1)) == Decimal(1410)
    assert norms.value(REIMBURSEMENT, date(2018, 6, 30)) == Decimal(1410)
    assert norms.value(REIMBURSEMENT, date(2018, 7, 1)) == Decimal(1428)


def test_a_day_before_the_first_value_is_an_error_that_names_the_first_day():
    with pytest.raises(UnknownNormError) as fault:
        load_norms().value("protection_q", date(1989, 12, 31))
    assert str(fault.value) == (
        "Norm 'protection_q' has no value on 1989-12-31; its first value starts on 1990-01-01 (assumed). "
        "Choose a later day, or add the earlier value with its source."
    )


def test_an_unknown_key_is_an_error_with_the_nearest_name():
    with pytest.raises(UnknownNormError, match="Nearest name: 'protection_q'"):
        load_norms().value("protection_p", date(2017, 1, 1))
    with pytest.raises(UnknownNormError, match="none of the"):
        load_norms().norm("zzz")


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2012, 7, 1), date(2017, 1, 1), date(2026, 1, 1)])
def test_every_scalar_that_the_planner_asks_for_has_a_value(day):
    norms = load_norms()
    by_kind = [f"{key}.{kind}" for key in BY_SITE_KIND for kind in SITE_KINDS if kind != "partner_hospital"]
    leads = [f"lead_months.{level}" for level in READINESS_LEVELS]
    for key in [*CONTRACT, *by_kind, *leads]:
        assert norms.number(key, day) >= 0


def test_money_is_exact_and_numbers_are_numbers():
    norms = load_norms()
    for norm in map(norms.norm, norms.keys()):
        for entry in norm.entries:
            assert isinstance(entry.value, Decimal) == norm.unit.startswith("USD"), norm.key


def test_what_is_assumed_says_why_and_how_far_and_what_is_verified_says_where():
    norms = load_norms()
    for norm in map(norms.norm, norms.keys()):
        ranged = norm.unit != "pay group"
        for entry in norm.entries:
            if entry.status == "assumed":
                assert entry.reason, norm.key
                assert not ranged or (entry.low is not None and entry.high is not None), norm.key
            else:
                assert entry.source, norm.key


def test_an_amount_is_asked_only_of_money():
    with pytest.raises(InvalidRecordError, match="not an amount of money"):
        load_norms().amount("protection_q", date(2017, 1, 1))


def test_digest_is_the_same_for_the_same_values_and_changes_with_any_of_them():
    norms = load_norms()
    digest = norms.digest()
    assert len(digest) == 64
    assert load_norms().digest() == digest
    assert load_norms({"protection_q": 0.7}).digest() != digest
    assert load_norms({"presence_share.infantry_company": 0.9}).digest() != digest
    assert norms.digest() == digest


def test_digest_does_not_depend_on_the_order_of_amendments():
    one = load_norms({"protection_q": 0.7, "move_days": 5})
    two = load_norms({"move_days": 5}).with_amendments({"protection_q": 0.7})
    assert one.digest() == two.digest()


def test_digest_and_values_do_not_depend_on_the_language_in_force_but_the_reason_is_told_in_it():
    made = {}
    for language in ("en", "zh"):
        with speaking(language):
            made[language] = load_norms({"protection_q": 0.7})
    assert made["en"] == made["zh"]
    assert made["en"].digest() == made["zh"].digest()
    entry = made["zh"].entry("protection_q", date(2017, 1, 1))
    assert entry.origin == "Amended: a what-if laid over the norms."
    with speaking("zh"):
        assert entry.origin == "已修改：覆盖于规范值之上的假设。"


def test_a_reason_given_with_an_amendment_is_told_as_it_was_written():
    norms = load_norms({"protection_q": {"value": 0.7, "reason": "Read from patrol logs"}})
    assert norms.entry("protection_q", date(2017, 1, 1)).origin == "Read from patrol logs"


def test_the_page_lists_every_norm_as_it_is():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page, load_norms()), (
        'run python -c "from pathlib import Path; from bluehelm.norms import load_norms, page; '
        "page.write_table(Path('docs/norms.md'), load_norms())\""
    )


def test_importing_norms_is_light():
    code = (
        "import sys, time; start = time.perf_counter(); import bluehelm.norms; took = time.perf_counter() - start; "
        "heavy = {'numpy', 'polars', 'scipy', 'pyproj', 'highspy'} & set(sys.modules); "
        "sys.exit(f'{heavy} {took}' if heavy or took > 0.5 else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PAGE.parents[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
