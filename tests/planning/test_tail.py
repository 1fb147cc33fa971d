"""Harm over the worst futures (CVaR): a case by hand, and the laws of the measure."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import missions
from tests.planning.small import FIRST, area, covering, hospital, node, pledge, reached, replace, site, units_at

# Nobody knows at first; then, most likely, ten deaths at a, or else thirty at b.
FUTURES = (node("now", "", 0, 1), node("likely", "now", 1, 1, 0.8), node("grave", "now", 1, 1, 0.2))
DEATHS = {("now", "a"): 0.0, ("now", "b"): 0.0, ("likely", "a"): 10.0, ("likely", "b"): 0.0, ("grave", "a"): 0.0,
          ("grave", "b"): 30.0}  # fmt: skip


def one_company() -> small.Mission:
    """A pledged company that comes before anyone knows and cannot move again: at n it answers for a, at s for b."""
    areas = [area("a"), area("b")]
    risk = pl.DataFrame(
        [
            {"area_id": a, "month": str(FIRST + (n != "now")), "fatalities_per_month": deaths, "node_id": n,
             "source": "hand", "status": "assumed"}
            for (n, a), deaths in DEATHS.items()
        ]
    )  # fmt: skip
    return small.mission(
        areas=areas, sites=[site("n"), site("s"), hospital()], units=[], months=2, nodes=FUTURES,
        pledges=(pledge("p", may_move=False, expires_on=date(2020, 1, 31)),), risk=risk,
        routes=covering({"n": ["a"], "s": ["b"]}, areas),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tail", "place", "share"),
    [
        (0.0, "n", 8 / 14),  # 8 of 14 deaths expected, against 6 of 14 at s
        (0.5, "s", 1 - 10 / 18),  # the worst half: 0.2 x 30 and 0.3 x 10, over 0.5; at s 10 are left, at n 12
        (0.8, "s", 1 - 10 / 30),  # the worst fifth is the grave future; at s the likely one is then the worst
    ],
)
def test_the_worst_futures_decide_where_a_company_goes(tail, place, share):
    made = small.plan(one_company(), {"protection_q": 1.0}, replace(small.EXACT, tail=tail))
    assert reached(made) == pytest.approx(share, abs=1e-6)
    assert units_at(made)["now"] == {place: 1}


@examples(6, 200)
@given(missions(), st.sampled_from([0.3, 0.5, 0.9]))
def test_a_plan_for_the_worst_futures_is_measured_alike_by_model_and_re_check(drawn, tail):
    mission, changes = drawn
    made = small.plan(mission, changes, replace(small.EXACT, tail=tail))
    assert 0 <= reached(made) <= 1 + 1e-9
    assert made.gap <= 1e-4, made.tiers


@examples(6, 200)
@given(missions())
def test_without_leaving_any_future_out_the_measure_is_the_expectation(drawn):
    mission, changes = drawn
    assume(len(mission.nodes) > 0)
    almost = small.plan(mission, changes, replace(small.EXACT, tail=1e-9))
    assert reached(almost) == pytest.approx(reached(small.plan(mission, changes)), abs=2e-5)
