"""The re-check works out by itself which nodes cannot be told apart, and finds a plan that tells them apart."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from bluehelm.checks.plan_check import check_plan
from bluehelm.mission.information import NOTHING_LEARNED, Alike, Information, Knows
from tests.planning import small
from tests.planning.small import node, replace
from tests.planning.test_trees import A_OR_B, one_pledge

NOTHING, LATE = Knows(knows="nothing"), Knows(knows="late", months=1)
# So that an empty base is closed.
CHANGES = {"site_run_usd_per_month.company_base": "20"}


def two_towns() -> small.Mission:
    areas = [small.area("a", 0.0), small.area("b", 0.0)]
    rows = [
        {"area_id": area, "month": "2020-02", "fatalities_per_month": 5.0, "node_id": node_id, "note": "",
         **small.KNOWN} for node_id, area in (("at_a", "a"), ("at_b", "b"))
    ]  # fmt: skip
    return small.mission(
        areas=areas, sites=[*(small.site(name, may_close=True) for name in ("near_a", "near_b")), small.hospital()],
        units=[small.unit("u", "near_b"), small.unit("v", "near_b")], months=2, nodes=A_OR_B,
        risk=small.pl.DataFrame(rows),
        routes=small.covering({"near_a": ["a"], "near_b": ["b"]}, areas),
    )  # fmt: skip


def said_to_know(plan: small.Plan, information: Information | None) -> list[str]:
    """Return what the re-check says of a plan that claims to be made with such knowledge."""
    return [sentence for sentence in all_told(plan, information) if "told apart" in sentence]


def all_told(plan: small.Plan, information: Information | None) -> tuple[str, ...]:
    given: Any = plan.provenance["options"]
    options = {**given, "information": None if information is None else asdict(information)}
    claimed = replace(plan, provenance={**plan.provenance, "options": options})
    return check_plan(claimed, small.norms(CHANGES)).sentences


@pytest.mark.parametrize(
    ("given", "information", "differs"),
    [
        (one_pledge, Information(orders=NOTHING), "pledges called"),
        (one_pledge, Information(orders=LATE), "pledges called"),
        (one_pledge, Information(alike=(Alike(kinds=("orders",), nodes=("harm", "calm")),)), "pledges called"),
        (two_towns, Information(units=NOTHING), "where units stand"),
        (two_towns, Information(units=LATE), "where units stand"),
        (two_towns, Information(sites=NOTHING), "which sites are open"),
    ],
)
def test_a_plan_that_tells_apart_what_it_says_it_cannot_is_found(given, information, differs):
    made = small.plan(given(), CHANGES)
    assert said_to_know(made, None) == said_to_know(made, Information()) == []
    found = said_to_know(made, information)
    assert len(found) == 1
    assert differs in found[0]


def test_exits_that_follow_what_nobody_knew_are_found():
    given = small.mission(
        areas=[small.area("a")], sites=[small.site("s"), small.hospital()], units=[small.unit("u", "s")], months=2,
        nodes=(node("now", "", 0, 1), node("calm", "now", 1, 1, 0.5, risk_scale=0.0), node("harm", "now", 1, 1, 0.5)),
        routes=small.routes({("s", "a"): 0.5}),
    )  # fmt: skip
    (sentence,) = said_to_know(small.plan(given, CHANGES), Information(exits=NOTHING))
    assert "units told to leave" in sentence


def test_what_was_known_in_time_may_be_told_apart():
    """A month late, nodes of the third month differ by what was known in the second."""
    nodes = (*A_OR_B, node("a2", "at_a", 2, 1), node("b2", "at_b", 2, 1))
    given = small.replace(one_pledge(), nodes=nodes, setting=replace(one_pledge().setting, months=3))
    made = small.plan(given, CHANGES, options=replace(small.EXACT, information=Information(orders=LATE)))
    assert said_to_know(made, Information(orders=LATE)) == []


def test_a_plan_made_with_information_sets_stands_by_them():
    made = small.plan(two_towns(), CHANGES, options=replace(small.EXACT, information=NOTHING_LEARNED))
    assert said_to_know(made, NOTHING_LEARNED) == []


def test_sets_of_nodes_of_different_months_are_told():
    made = small.plan(one_pledge(), CHANGES)
    uneven = Information(alike=(Alike(kinds=("orders",), nodes=("now", "harm")),))
    assert any("begin in different months" in sentence for sentence in all_told(made, uneven))
