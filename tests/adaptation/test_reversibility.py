"""The way back, worked out by hand month by month."""

from __future__ import annotations

import pytest

from bluehelm.adaptation.reversibility import reversibility
from bluehelm.adaptation.transition_file import Leaving, Reserve, Transition
from tests.adaptation.leaving import by_month, months_of, planned
from tests.planning import small


def leaves(**more):
    """Let two companies go and a base close: a ceiling of 200 and one base from the seventh month on."""
    return months_of(
        planned(ceilings=(small.ceiling(400), small.ceiling(200, after=6)), site_limits=(small.site_limit(1, after=6),))
    )


def transition(**more) -> Transition:
    head = Leaving(ends=by_month(6), source="hand", status="assumed", **more)
    return Transition(head)


def test_with_everything_in_place_a_return_costs_nothing_and_takes_no_time():
    first = reversibility(leaves(), transition()).rows[0]
    assert (first.units_out, first.units_turning, first.cost_usd, first.all_months) == (0, 0, 0.0, 0.0)


def test_at_the_end_two_companies_and_a_base_must_come_back():
    last = reversibility(leaves(), transition()).rows[-1]
    assert last.sites_closed == ("out",)
    assert (last.units_out, last.persons_out, last.units_turning) == (2, 200, 0)
    # 200 persons brought from home at 30 USD; the base opened again at 500; then 200 + 40 a month.
    assert last.transport_usd == pytest.approx(6000.0)
    assert last.reopening_usd == pytest.approx(500.0)
    assert last.monthly_usd == pytest.approx(240.0)
    # Units are asked for again in nine months; the base takes four.
    assert last.all_months == 9.0


def test_a_unit_on_its_way_home_turns_round():
    months = leaves()
    rows = {row.month: row for row in reversibility(months, transition()).rows}
    turning = [row for row in rows.values() if row.units_turning]
    assert turning, "somebody is on the way home in some month"
    for row in turning:
        # Moving back costs 5 USD a person, and no time here; what is out already comes from home.
        assert row.transport_usd == pytest.approx(5.0 * 100 * row.units_turning + 30.0 * row.persons_out)
        assert row.first_months == 0.0


def test_the_point_of_no_return_is_the_first_month_from_which_it_always_takes_longer():
    months = leaves()
    found = reversibility(months, transition(return_months_at_most=6))
    late = [row.month for row in found.rows if row.all_months > 6]
    assert found.point_of_no_return == late[0]
    assert [row.month for row in found.rows][-len(late) :] == late
    assert reversibility(months, transition(return_months_at_most=12)).point_of_no_return == ""


def test_a_longer_accepted_time_never_brings_the_point_of_no_return_forward():
    months = leaves()
    found = [reversibility(months, transition(return_months_at_most=most)) for most in range(12)]
    points = [one.point_of_no_return or "9999" for one in found]
    assert points == sorted(points)


def test_a_reserve_shortens_the_return_and_costs_the_same_to_bring():
    months = leaves()
    reserve = Reserve(unit_type="infantry_company", units=2, readiness_level="3", source="hand", status="assumed")
    with_it = Transition(transition().head, reserve=(reserve,))
    last, before = (reversibility(months, one).rows[-1] for one in (with_it, transition()))
    # The reserve is there in three months; the base takes four.
    assert (last.first_months, last.all_months) == (3.0, 4.0)
    assert last.cost_usd == before.cost_usd


def test_half_a_reserve_brings_the_first_units_sooner_and_not_the_last():
    reserve = Reserve(unit_type="infantry_company", units=1, readiness_level="3", source="hand", status="assumed")
    last = reversibility(leaves(), Transition(transition().head, reserve=(reserve,))).rows[-1]
    assert (last.first_months, last.all_months) == (3.0, 9.0)


def test_a_reserve_of_another_type_helps_nobody():
    reserve = Reserve(unit_type="formed_police_unit", units=9, readiness_level="3", source="hand", status="assumed")
    assert reversibility(leaves(), Transition(transition().head, reserve=(reserve,))).rows[-1].all_months == 9.0


def test_the_closure_stands_in_the_month_in_which_it_happens():
    found = reversibility(leaves(), transition())
    closed = [row.month for row in found.rows if row.closed == ("out",)]
    assert len(closed) == 1
    assert [row for row in found.rows if row.month >= closed[0] and row.sites_closed != ("out",)] == []
