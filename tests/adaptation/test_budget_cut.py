"""A cut in people: by hand, day by day, by the plan model, and its laws."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.budget_cut import (
    BudgetCut,
    cost_share_for,
    leaving_share,
    leaving_table,
    saved_elsewhere_for,
    spending_by_month,
)
from bluehelm.errors import InvalidRecordError
from bluehelm.planning.make import Options
from tests.conftest import SHARED, examples
from tests.planning import small


def cut(**more: float) -> BudgetCut:
    given = {"cut_share": 0.15, "months_left": 9.0, "starts_months": 0.0, "takes_months": 0.0, "cost_share": 1.0}
    return BudgetCut(**{**given, **more})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"months_left": 12.0}, 0.15),  # a whole year, at once, everything falls with people
        ({"months_left": 12.0, "cost_share": 0.6}, 0.25),  # 15 % of the budget is a quarter of 60 %
        ({}, 0.2),  # nine months are 3/4 of a year: 0.15 / 0.75
        ({"starts_months": 4.0}, 0.36),  # each saves 5 months: 0.15 · 12 / 5
        ({"starts_months": 1.0, "takes_months": 4.0}, 0.3),  # each saves 6 months on average
        ({"starts_months": 5.0, "takes_months": 8.0}, 1.8),  # half is out in time, and saves 2 months: m = 1
        ({"way_home_share": 0.05}, 0.15 / 0.7),  # 0.75 saved, 0.05 paid
        ({"saved_elsewhere_share": 0.5}, 0.1),
        ({"starts_months": 9.0}, math.inf),  # nobody is out in time
        ({"cut_share": 0.0, "starts_months": 9.0}, 0.0),
        ({"way_home_share": 1.0}, math.inf),  # leaving costs more than it saves
    ],
)
def test_people_leaving_worked_out_by_hand(given, expected):
    assert leaving_share(cut(**given)) == pytest.approx(expected)


share = st.floats(0.05, 1)
CUTS = st.builds(
    BudgetCut, cut_share=st.floats(0.01, 0.5), months_left=st.floats(0.5, 12), starts_months=st.floats(0, 12),
    takes_months=st.one_of(st.just(0.0), st.floats(0.05, 12)), cost_share=share, way_home_share=st.floats(0, 0.2),
    saved_elsewhere_share=st.floats(0, 0.9),
)  # fmt: skip


def saved_person_by_person(one: BudgetCut, leaving: float, persons: int = 400) -> float:
    """Follow each of many people who leave one after the other: cost until out, way home if out before the end."""
    saved = 0.0
    for i in range(persons):
        out = one.starts_months + one.takes_months * (i + 0.5) / persons
        if out <= one.months_left:
            saved += one.cost_share / 12 * (one.months_left - out) - one.way_home_share
    return leaving * saved / persons


@examples(60, 5000)
@given(CUTS, st.floats(0, 1))
def test_the_closed_form_is_what_following_every_person_gives(one, leaving):
    found = saved_person_by_person(one, leaving)
    expected = one.months_left / 12 - sum(spending_by_month(one, leaving))
    assert found == pytest.approx(expected, abs=2e-3)
    x = leaving_share(one)
    if x <= 1:
        assert saved_person_by_person(one, x) == pytest.approx(
            one.cut_share * (1 - one.saved_elsewhere_share), abs=2e-3
        )


@examples(60, 5000)
@given(CUTS)
def test_spending_over_the_months_left_falls_by_the_cut(one):
    x = leaving_share(one)
    if x <= 1:
        saved = one.months_left / 12 - sum(spending_by_month(one, x))
        assert saved == pytest.approx(one.cut_share * (1 - one.saved_elsewhere_share), rel=1e-9)


@examples(60, 5000)
@given(CUTS, st.floats(0, 0.3))
def test_more_delay_a_deeper_cut_or_less_that_falls_with_people_never_lets_more_stay(one, step):
    x = leaving_share(one) * (1 - 1e-12)
    assert leaving_share(replace(one, starts_months=one.starts_months + step)) >= x
    assert leaving_share(replace(one, cut_share=min(1.0, one.cut_share + step))) >= x
    assert leaving_share(replace(one, cost_share=max(0.0, one.cost_share - step))) >= x
    # A longer journey keeps more people past the end of the year, whose way home is then paid in the next.
    free = replace(one, way_home_share=0.0)
    assert leaving_share(replace(free, takes_months=one.takes_months + step)) >= leaving_share(free) * (1 - 1e-12)


@examples(60, 5000)
@given(CUTS, st.floats(0.01, 1))
def test_asked_backwards_the_same_equation_answers(one, leaving):
    needed = cost_share_for(one, leaving)
    if needed <= 1:
        assert leaving_share(replace(one, cost_share=needed)) == pytest.approx(leaving)
    elsewhere = saved_elsewhere_for(one, leaving)
    if 0 <= elsewhere <= 1:
        back = replace(one, saved_elsewhere_share=elsewhere)
        assert leaving_share(back) == pytest.approx(leaving, rel=1e-6) or elsewhere > 1 - 1e-9


@pytest.mark.parametrize(("lag", "cost_share", "home"), [(3, 1.0, 0), (1, 1.0, 1), (3, 0.8, 0), (0, 0.625, 2)])
def test_the_plan_model_sends_as_many_units_home(lag, cost_share, home):
    """40 companies that each cost 100 USD a month, notice of one month, out `lag` months later, 9 months left;
    the way home of one costs `home` months of it."""
    units, monthly, notice, months = 40, 100, 1, 9
    year = units * monthly * 12 / cost_share
    fixed = (year - units * monthly * 12) / 12
    approved = Decimal(str(year * months / 12 - 0.15 * year)).quantize(Decimal("0.01"))
    mission = small.mission(
        areas=[small.area("a")], sites=[small.site("s")], units=[small.unit(f"u{i:02}", "s") for i in range(units)],
        tasks=[small.task("escort", "humanitarian_escort", demand_hours_per_zone_month=units * 4000.0)],
        routes=small.covering({"s": ["a"]}, [small.area("a")]), months=months, fixed=round(fixed),
        budget=(small.money("appropriation", int(approved), last=months - 1),),
    )  # fmt: skip
    changes = {
        "effort_hours_per_person_month": 40, "exit_notice_months": notice, "exit_lag_months": lag,
        "repatriation_usd_per_person": str(home),
    }  # fmt: skip
    made = small.plan(mission, changes, Options(gap=0.0, seconds=30.0, threads=1))
    one = cut(starts_months=float(notice + lag), cost_share=cost_share, way_home_share=home * monthly * units / year)
    assert sum(small.deeds(made, "exit_order").values()) == math.ceil(units * leaving_share(one) - 1e-6)


@pytest.mark.real_data
def test_the_published_figures_are_those_that_the_page_takes():
    with (SHARED / "facts" / "liquidity.csv").open(encoding="utf-8") as file:
        facts = {row["item"]: row for row in csv.DictReader(file)}
    published = ("expenditure cut (contingency plan)", "uniformed personnel cut", "repatriation may start within")
    assert {facts[name]["status"] for name in published} == {"verified"}
    assert facts["expenditure cut (contingency plan)"]["value"] == "15"
    assert facts["uniformed personnel cut"]["value"] == "25"
    assert facts["repatriation may start within"]["value"] == "6"
    assert "12 to 18 weeks" in facts["repatriation may start within"]["note"]


def test_the_table_has_a_row_for_each_delay():
    found = leaving_table(cut(), [(0, 0), (6, 12)], [0.5, 1.0])
    assert found[0] == pytest.approx([0.4, 0.2])
    assert found[1][1] == pytest.approx(1.8 / (9 - 12 * 12 * 7 / 365.25))


@pytest.mark.parametrize(
    "wrong", [{"cut_share": 1.5}, {"cost_share": -0.1}, {"months_left": 0.0}, {"months_left": 13.0},
              {"starts_months": -1.0}, {"takes_months": math.nan}, {"takes_months": math.inf}],
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidRecordError, match="shares from 0 to 1"):
        cut(**wrong)
