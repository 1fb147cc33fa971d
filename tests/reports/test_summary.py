from __future__ import annotations

from dataclasses import replace

import polars as pl

from bluehelm.mission.plan import Plan
from bluehelm.reports.plain import summary_text
from bluehelm.reports.reading import Reading
from bluehelm.reports.shortfalls import ranked_shortfalls
from bluehelm.reports.terminal import columns_taken
from bluehelm.reports.tiles import tiles_of
from bluehelm.words import speaking
from tests.reports.example_extras import example_extras
from tests.reports.example_plan import example_plan


def test_summary_names_every_site_that_closes_with_its_month() -> None:
    text = " ".join(summary_text(example_plan()).split())
    assert "4 of 8 sites close: Dune Wells (Apr 2017); River Crossing (Jun 2017)" in text
    assert "New sites: Upper Spring (Apr 2017)" in text


def with_change(plan: Plan, site_id: str, month: str, **deeds: bool) -> Plan:
    """Change what the plan says of a site in a month."""
    at = (pl.col("site_id") == site_id) & (pl.col("node_id") == month)
    columns = [pl.when(at).then(value).otherwise(pl.col(deed)).alias(deed) for deed, value in deeds.items()]
    return replace(plan, tables={**plan.tables, "sites": plan.tables["sites"].with_columns(columns)})


def test_summary_tells_a_site_that_opens_twice_once_with_its_months() -> None:
    plan = with_change(with_change(example_plan(), "spring", "2017-07", closes=True), "spring", "2017-10", opens=True)
    text = " ".join(summary_text(plan).split())
    assert "New sites: Upper Spring (opens Apr 2017, closes Jul 2017, opens again Oct 2017)." in text


def test_summary_calls_a_site_that_stood_before_the_plan_opened_again_and_not_new() -> None:
    text = " ".join(summary_text(with_change(example_plan(), "dune", "2017-09", opens=True)).split())
    assert "Opened again: Dune Wells (closes Apr 2017, opens again Sep 2017)." in text
    assert "New sites: Upper Spring (Apr 2017). Opened" in text


def test_summary_names_the_month_with_least_protection_and_says_what_is_measured() -> None:
    text = " ".join(summary_text(example_plan()).split())
    assert "lowest in " in text and "This measures presence, not lives saved." in text


def test_summary_tells_a_norm_by_its_meaning() -> None:
    extras = example_extras()
    norm = replace(extras.norms_used[0], meaning="Chance that a unit can act")
    text = " ".join(summary_text(example_plan(), replace(extras, norms_used=(norm,))).split())
    assert "The unverified norm that matters most: Chance that a unit can act (protection_q)." in text
    assert "First to ask for: Utility helicopter unit, 1 unit, at South Town." in text


def test_summary_never_calls_a_plan_good_without_its_bound_and_gap() -> None:
    text = " ".join(summary_text(example_plan()).split())
    assert "44.12%; no plan in this model can do better than 44.37% (gap 0.57%)" in text


def test_summary_warns_of_a_plan_that_was_not_checked_or_was_stopped() -> None:
    text = " ".join(summary_text(replace(example_plan(), checked=False, status="stopped")).split())
    assert "NOT checked" in text and "stopped before the asked gap" in text


def test_summary_fits_a_terminal_in_both_languages() -> None:
    for language in ("en", "zh"):
        with speaking(language):
            rows = summary_text(example_plan(), example_extras()).splitlines()
        assert 10 <= len(rows) <= 36
        assert max(columns_taken(row) for row in rows[2:]) <= 116


def test_totals_are_expected_over_futures_and_amounts_of_a_node_are_spread_over_its_months() -> None:
    one, two = Reading(example_plan()), Reading(example_plan(2))
    assert round(one.deaths, 6) == round(55.1 * 12, 6)
    assert round(two.deaths, 6) == round(55.1 * 6 + 0.7 * 55.1 * 6 + 0.3 * 2 * 55.1 * 6, 6)
    assert two.protection_by_month["deaths"].round(6).unique().to_list() == [55.1]
    assert two.path == ("now", "calm") and len(two.months) == 12


def test_fiscal_years_show_what_is_spent_and_approved() -> None:
    first, second = Reading(example_plan()).years_of_money
    assert (first.fiscal_year, first.approved_usd) == ("2016-17", 265e6)
    assert 0 < first.spent_usd < first.approved_usd and second.approved_usd != second.approved_usd


def test_shortfalls_are_ranked_by_priority_and_hours_add_up() -> None:
    found = ranked_shortfalls(Reading(example_plan()))
    assert [s.priority for s in found] == [1, 2, 3]
    assert found[2].amount == 780 * 12 and round(found[2].share_unmet, 6) == 0.39


def test_tile_of_money_says_when_a_year_has_no_budget() -> None:
    tile = tiles_of(Reading(example_plan()))[4]
    assert tile.label == "million USD spent" and tile.context.endswith(" of 265.0 in the years with a budget")


def test_tile_of_the_gap_counts_the_tiers_that_missed_it() -> None:
    assert tiles_of(Reading(example_plan()))[1].context == "gap asked: 1.00%; missed by 0 of 4 tiers"
