"""Money that hangs on a condition counts only where it holds."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import missions
from tests.planning.small import area, column, condition, covering, hospital, money, node, site, unit, units_at

SLACK = 1e-5
NODES = (node("now", "", 0, 1), node("paid", "now", 1, 2, 0.5, conditions=("paid",)), node("cut", "now", 1, 2, 0.5))


def funded(*lines, **more) -> small.Mission:
    """Two companies that may leave; each costs 100 a month."""
    areas = [area("a"), area("b")]
    given = {"nodes": NODES, "months": 3, **more}
    return small.mission(
        areas=areas, sites=[site("A"), site("B"), hospital()], units=[unit("u", "A"), unit("v", "B")],
        routes=covering({"A": ["a"], "B": ["b"]}, areas), conditions=[condition("paid")], budget=lines, **given,
    )  # fmt: skip


def total(made: small.Plan) -> dict[str, int]:
    return {node_id: sum(at.values()) for node_id, at in units_at(made).items()}


def test_receipts_come_only_in_the_future_that_pays_them():
    made = small.plan(funded(money("opening_cash", 200), money("receipt", 100), money("receipt", 100, when="paid")))
    assert total(made) == {"now": 2, "paid": 2, "cut": 1}
    assert dict(made.tables["cash"].select("node_id", "cash_limit_usd").iter_rows()) == pytest.approx(
        {"now": 300, "paid": 700, "cut": 500}
    )


def test_a_limit_on_debt_holds_where_its_condition_does():
    made = small.plan(funded(money("opening_cash", 400), money("owed_limit", 200, when="paid")))
    assert total(made) == {"now": 2, "paid": 2, "cut": 1}


def test_an_approval_counts_all_that_its_run_spends_and_binds_where_it_holds():
    """Of 400 for the three months, 200 are spent before it is known that no more is approved."""
    low = money("appropriation", 400, last=2, when="paid")
    made = small.plan(funded(low, money("appropriation", 10_000, last=2)))
    assert total(made) == {"now": 2, "paid": 1, "cut": 2}


def test_an_approval_does_not_bind_before_its_condition_holds_or_after_its_run():
    now_paid = small.replace(NODES[0], conditions=("paid",))
    later = (now_paid, *(small.replace(one, conditions=()) for one in NODES[1:]))
    low = money("appropriation", 100, last=0, when="paid")
    assert total(small.plan(funded(low, nodes=later))) == {"now": 1, "paid": 1, "cut": 1}
    after = (small.replace(NODES[0], conditions=()), *(small.replace(one, conditions=("paid",)) for one in NODES[1:]))
    assert total(small.plan(funded(low, nodes=after))) == {"now": 2, "paid": 2, "cut": 2}


@examples(6, 300)
@given(missions())
def test_money_whose_condition_never_holds_changes_nothing(drawn):
    mission, changes = drawn
    lines = (
        money("receipt", 1, when="never"),
        money("owed_limit", 1, when="never"),
        money("appropriation", 1, when="never"),
    )
    free = small.plan(mission, changes)
    same = small.plan(small.replace(mission, budget=(*mission.budget, *lines)), changes)
    assert [t.objective for t in same.tiers] == pytest.approx([t.objective for t in free.tiers], abs=SLACK)
    assert column(same, "cash", "cash_limit_usd") == pytest.approx(column(free, "cash", "cash_limit_usd"), nan_ok=True)
