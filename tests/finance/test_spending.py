"""What a plan spends by month, and what it needs to have received: along the paths of a tree."""

from __future__ import annotations

import numpy as np
import pytest

from bluehelm.finance.mission_money import spending_of
from bluehelm.finance.recount import futures_that_hold, receipts_needed
from tests.planning import small

# In the harmful future a second company is ordered; each costs 100 USD a month, the mission 10.
NODES = (small.node("now", "", 0, 2), small.node("calm", "now", 2, 2, 0.5, risk_scale=0.0),
         small.node("harm", "now", 2, 2, 0.5))  # fmt: skip


@pytest.fixture(scope="module")
def made():
    areas = [small.area("a", 1.0), small.area("b", 1.0)]
    given = small.mission(
        areas=areas, sites=[small.site("sa"), small.site("sb"), small.hospital()], units=[small.unit("u", "sa")],
        pledges=(small.pledge("p"),), routes=small.covering({"sa": ["a"], "sb": ["b"]}, areas), nodes=NODES, months=4,
        fixed=10, budget=(small.money("opening_cash", 300), small.money("owed_limit", 50), small.money("receipt", 500)),
    )  # fmt: skip
    return small.plan(given, {"repatriation_usd_per_person": "1"})


def test_spending_follows_the_dearest_path_month_by_month(made):
    ends = made.tables["cash"]["cumulative_usd"].max()
    spent = spending_of(made)
    assert spent.shape == (4,) and spent.sum() == pytest.approx(ends)
    assert spent[0] == spent[1] and spent[2] == spent[3]


def test_receipts_needed_are_spending_and_the_way_home_less_what_is_there(made):
    needed = receipts_needed(made, small.norms({"repatriation_usd_per_person": "1"}))
    spent = dict(made.tables["cash"].select("node_id", "cumulative_usd").iter_rows())
    units = {node: sum(by_site.values()) for node, by_site in small.units_at(made).items()}
    for name, month, usd in zip(needed.node_ids, needed.month, needed.usd, strict=True):
        home = 0 if name == "now" else 100 * units[name]
        assert usd == pytest.approx(spent[name] + home - 300 - 50)
        assert month == (1 if name == "now" else 3)


def test_a_future_holds_if_every_node_of_every_path_is_paid(made):
    needed = receipts_needed(made, small.norms({"repatriation_usd_per_person": "1"}))
    most = max(needed.usd)
    so_far = np.array([[most] * 4, [most - 1.0] * 4, [0.0, max(needed.usd[0], 0.0), 0.0, most]])
    assert futures_that_hold(needed, so_far).tolist() == [1.0, 0.0, 1.0]
