"""The measure of harm over futures: mean, worst share and worst future choose other plans, each in the given order."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given

import bluehelm
from bluehelm.errors import InvalidRecordError
from bluehelm.journey.risk_measure import tail_of
from tests.conftest import examples
from tests.journey.worked import worked_mission
from tests.planning import small
from tests.planning.missions import TREE, missions
from tests.planning.small import FIRST, area, covering, hospital, node, pledge, reached, replace, site, task, units_at

# One company, sent before anyone knows which of three places is struck; at x it answers for all harm of x.
STRUCK = {"a": (0.6, 10.0), "b": (0.3, 18.0), "c": (0.1, 20.0)}
FUTURES = (node("now", "", 0, 1), *(node(f"at_{x}", "now", 1, 1, chance) for x, (chance, _) in STRUCK.items()))


def one_company(**more) -> small.Mission:
    areas = [area(x, zone=x) for x in STRUCK]
    risk = pl.DataFrame(
        [
            {"area_id": x, "month": str(FIRST + (n != "now")), "source": "hand", "status": "assumed", "node_id": n,
             "fatalities_per_month": STRUCK[x][1] if n == f"at_{x}" else 0.0}
            for n in (one.node_id for one in FUTURES) for x in STRUCK
        ]
    )  # fmt: skip
    return small.mission(
        areas=areas, sites=[*(site(f"site_{x}", zone=x) for x in STRUCK), hospital()], units=[], months=2,
        nodes=FUTURES, pledges=(pledge("p", may_move=False, expires_on=date(2020, 1, 31)),), risk=risk,
        routes=covering({f"site_{x}": [x] for x in STRUCK}, areas), **more,
    )  # fmt: skip


def planned(mission, risk, tail=0.0, **options):
    return small.plan(mission, {}, replace(small.EXACT, tail=tail_of(mission, risk, tail), **options))


CASES = [
    ("mean", 0.0, "site_a", 6.0 / 13.4),  # 6.0 of 13.4 deaths expected; at b 5.4, at c 2.0
    ("cvar", 0.6, "site_b", 1 - 12.5 / 18.5),  # worst 0.4: at b 0.1 x 20 + 0.3 x 10, over 0.4; at a 18.5, at c 16
    ("worst", 0.0, "site_c", 1 - 18.0 / 20.0),  # at c the worst is b with 18; at a and at b it is c with 20
]


@pytest.mark.parametrize(("risk", "tail", "place", "share"), CASES)
def test_each_measure_sends_the_company_elsewhere(risk, tail, place, share):
    made = planned(one_company(), risk, tail)
    assert units_at(made)["now"] == {place: 1}
    assert reached(made) == pytest.approx(share, abs=1e-6)


# Escorts are asked where the first priority would not go; the company that stands there can give them.
ESCORTS = {"mean": "b", "cvar": "c", "worst": "a"}


@pytest.mark.parametrize(("risk", "tail", "place", "share"), CASES)
def test_priorities_are_kept_in_order_under_each_measure(risk, tail, place, share):
    elsewhere = ESCORTS[risk]
    escort = task("escort", "humanitarian_escort", 2, zones=(elsewhere,), demand_hours_per_zone_month=10.0)
    mission = one_company(tasks=[task(), escort])
    first = planned(mission, risk, tail)
    assert units_at(first)["now"] == {place: 1}
    assert reached(first) == pytest.approx(share, abs=1e-6)
    assert reached(first, "priority_2") == pytest.approx(0, abs=1e-6)
    last = planned(mission, risk, tail, order="reverse")
    assert units_at(last)["now"] == {f"site_{elsewhere}": 1}
    assert reached(last, "priority_2") > 0.4


def unanswered(made: small.Plan, share: str = "protected_share") -> list[float]:
    """Deaths not answered in each future, from the tables; with no column of shares, all deaths."""
    rows = made.tables["protection"]
    answered = rows["fatalities"] * rows[share] if share else rows["fatalities"] * 0.0
    lost = dict(
        rows.with_columns(lost=rows["fatalities"] - answered).group_by("node_id").agg(pl.col("lost").sum()).iter_rows()
    )
    parent = dict(made.tables["nodes"].select("node_id", "parent_id").iter_rows())
    totals = []
    for leaf in set(parent) - set(parent.values()):
        at, total = leaf, 0.0
        while at:
            total += lost.get(at, 0.0)
            at = parent[at]
        totals.append(total)
    return totals


@examples(8, 300)
@given(missions())
def test_the_worst_measure_is_the_maximum_over_futures(drawn):
    """CVaR over 1 - the smallest chance equals the maximum, with the plan and without anyone."""
    mission, changes = drawn
    mission = replace(mission, nodes=TREE, mandate=replace(mission.mandate, task=mission.mandate.task[:1]))
    made = small.plan(mission, changes, replace(small.EXACT, tail=tail_of(mission, "worst", 0.0)))
    alone = max(unanswered(made, ""))
    expected = 1 - max(unanswered(made)) / alone if alone else 1.0
    assert reached(made) == pytest.approx(expected, abs=1e-5)


def test_the_worst_future_counts_what_its_rarest_has():
    assert tail_of(one_company(), "worst", 0.0) == pytest.approx(0.9)
    never = replace(FUTURES[-1], node_id="never", probability=0.0)
    assert tail_of(replace(one_company(), nodes=(*FUTURES, never)), "worst", 0.0) == pytest.approx(0.9)


def test_with_one_future_all_measures_are_one():
    assert tail_of(worked_mission(), "worst", 0.0) == tail_of(worked_mission(), "mean", 0.0) == 0.0


@pytest.mark.parametrize(
    ("given_options", "told"),
    [
        ({"risk": "mean", "tail": 0.5}, "over all futures, and --tail 0.5"),
        ({"risk": "worst", "tail": 0.5}, "worst future alone, and --tail 0.5"),
        ({"risk": "cvar"}, "Add --tail"),
        ({"risk": "best"}, "risk is 'best'; one of mean, cvar, worst"),
    ],
    ids=lambda one: " ".join(map(str, one.values())) if isinstance(one, dict) else "",
)
def test_options_that_contradict_each_other_are_refused_in_a_sentence(given_options, told):
    with pytest.raises(InvalidRecordError, match=told):
        bluehelm.plan(worked_mission(), **given_options)
