from __future__ import annotations

from dataclasses import replace

from bluehelm.reports.plain import _columns, summary_text
from bluehelm.reports.reading import Reading
from bluehelm.reports.shortfalls import ranked_shortfalls
from bluehelm.words import speaking
from tests.reports.example_extras import example_extras
from tests.reports.example_plan import example_plan


def test_summary_names_every_site_that_closes_with_its_month() -> None:
    text = " ".join(summary_text(example_plan()).split())
    assert "4 of 8 sites close: Dune Wells (Apr 2017); River Crossing (Jun 2017)" in text
    assert "New sites: Upper Spring (Apr 2017)" in text


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
        assert max(_columns(row) for row in rows[2:]) <= 116


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
