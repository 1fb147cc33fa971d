"""Laws: more of anything never hurts the first priority, and names and orders of rows change nothing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import Drawn, missions, more_pledges

SLACK = 1e-5


def first_tier(drawn: Drawn, mission: small.Mission | None = None) -> float:
    return small.reached(small.plan(mission or drawn[0], drawn[1]))


@examples(6, 500)
@given(missions())
def test_one_more_pledge_never_hurts(drawn):
    assert first_tier(drawn, more_pledges(drawn[0])) >= first_tier(drawn) - SLACK


@examples(6, 500)
@given(missions())
def test_more_money_never_hurts(drawn):
    mission = drawn[0]
    assume(mission.budget)
    richer = tuple(small.replace(line, amount_usd=line.amount_usd * 2) for line in mission.budget)
    before = first_tier(drawn)
    assert first_tier(drawn, small.replace(mission, budget=richer)) >= before - SLACK
    assert first_tier(drawn, small.replace(mission, budget=())) >= before - SLACK


@examples(6, 500)
@given(missions())
def test_more_reach_never_hurts(drawn):
    mission = drawn[0]
    quicker = tuple(
        small.replace(route, dry_hours=route.dry_hours - 0.25, wet_hours=route.wet_hours - 0.25)
        for route in mission.routes
    )
    assert first_tier(drawn, small.replace(mission, routes=quicker)) >= first_tier(drawn) - SLACK


@examples(6, 500)
@given(missions())
def test_a_higher_ceiling_never_hurts(drawn):
    mission = drawn[0]
    assume(mission.mandate.ceiling)
    higher = tuple(small.replace(limit, persons=limit.persons + 100) for limit in mission.mandate.ceiling)
    loosened = small.replace(mission, mandate=small.replace(mission.mandate, ceiling=higher))
    assert first_tier(drawn, loosened) >= first_tier(drawn) - SLACK


@examples(6, 500)
@given(missions())
def test_more_beds_never_hurt(drawn):
    mission = drawn[0]
    wider = tuple(small.replace(s, capacity_persons=(s.capacity_persons or 0) + 100) for s in mission.sites)
    assert first_tier(drawn, small.replace(mission, sites=wider)) >= first_tier(drawn) - SLACK


@examples(6, 500)
@given(missions(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_value(drawn, random):
    mission, changes = drawn
    mixed = {}
    for name in ("units", "areas", "sites", "pledges", "routes", "nodes"):
        rows = list(getattr(mission, name))
        random.shuffle(rows)
        mixed[name] = tuple(rows)
    found = small.plan(small.replace(mission, **mixed), changes)
    expected = [(tier.name, tier.objective) for tier in small.plan(mission, changes).tiers]
    assert [tier.name for tier in found.tiers] == [name for name, _ in expected]
    values = [tier.objective for tier in found.tiers]
    assert values == pytest.approx([value for _, value in expected], rel=SLACK, abs=SLACK)


@examples(6, 500)
@given(missions())
def test_harm_scaled_everywhere_changes_no_share(drawn):
    mission = drawn[0]
    worse = tuple(small.replace(a, fatalities_per_month=a.fatalities_per_month * 7) for a in mission.areas)
    assert first_tier(drawn, small.replace(mission, areas=worse)) == pytest.approx(first_tier(drawn), abs=SLACK)
