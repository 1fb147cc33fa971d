"""What every future keeps, to a month, a payment or the end: worked out by hand."""

from __future__ import annotations

from bluehelm.adaptation.policy import policy_of
from bluehelm.adaptation.policy_keep import Keep, payment_months
from tests.adaptation.policy_plans import fan, tree_plan
from tests.planning import small

NORMS = small.norms()
THREE = fan(0.5, 0.3, 0.2)
COMPANY = "infantry_company"


def keeps(plan):
    return policy_of(plan, None, NORMS).keeps


def test_a_site_is_kept_until_the_first_future_closes_it_and_units_are_counted_at_their_least():
    plan = tree_plan(
        THREE, closed={"n1": ["t"]},
        standing={"root": {"s": 3, "t": 2}, "n0": {"s": 2, "t": 2}, "n1": {"s": 3}, "n2": {"s": 3, "t": 1}},
    )  # fmt: skip
    assert keeps(plan) == (
        Keep("s", "", open=False, units=((COMPANY, 2),)),
        Keep("t", "2020-04", open=True, units=((COMPANY, 2),)),
    )


def test_a_site_that_no_future_closes_is_kept_to_the_end():
    assert Keep("t", "", open=True, units=()) in keeps(tree_plan(THREE))


def test_a_site_that_is_closed_at_once_is_not_kept():
    plan = tree_plan(THREE, closed={node.node_id: ["t"] for node in THREE}, standing={"root": {"t": 1}})
    assert not any(keep.site_id == "t" and keep.open for keep in keeps(plan))


def test_a_month_in_which_money_comes_is_told_as_a_payment():
    payments = tuple(small.money("receipt", 10, after=after, last=after) for after in (0, 3, 6))
    plan = tree_plan(THREE, closed={"n1": ["t"]}, budget=payments)
    assert Keep("t", "2020-04", open=True, units=(), payment=2) in keeps(plan)


def test_payments_of_every_month_are_too_many_to_be_counted():
    plan = tree_plan(THREE, budget=(small.money("receipt", 10),))
    assert payment_months(plan.mission) == []
