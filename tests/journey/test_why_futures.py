"""Why, asked of plans over several futures and of adapted plans: months are named, and what stands is said."""

from __future__ import annotations

import re

import pytest

from bluehelm.journey.adapt_plan import adapt
from bluehelm.journey.why import why
from bluehelm.mission.plan_folder import write_plan
from tests.adaptation.running import mission, month, plan_of, shock
from tests.planning import small

FUTURES = (
    small.node("now", "", 0, 2), small.node("calm", "now", 2, 4, 0.6), small.node("harm", "now", 2, 4, 0.4),
)  # fmt: skip


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    """Write a plan over two futures under a full ceiling that falls within a node, and the same after a shock."""
    ceilings = [small.ceiling(200), small.ceiling(200, after=1), small.ceiling(200, after=3)]
    made = plan_of(mission(nodes=FUTURES, ceilings=ceilings))
    told = adapt(made, [shock("consent_withdrawn", 3, where=("calm",))], gap=0.0, seconds=30.0)
    folder = tmp_path_factory.mktemp("why")
    write_plan(made, folder / "before")
    write_plan(told.plan, folder / "adapted")
    return folder


@pytest.mark.parametrize("name", ["before", "adapted"])
@pytest.mark.parametrize("question", [
    {"site": "harmed_base"}, {"site": "calm_base"}, {"unit": "one"}, {"area": "harmed"}, {"shortfall": "protection"},
])  # fmt: skip
def test_every_question_has_an_answer_in_which_periods_are_months(plans, name, question):
    told = why(plans / name, **question)
    assert told and "{" not in told
    assert not re.search(r"reached (in|at the end of) (?![A-Z][a-z]{2} \d{4})", told), told


def test_a_ceiling_within_periods_is_told_once_and_for_the_most_likely_future(plans):
    told = why(plans / "before", site="harmed_base")
    assert told.count("reached at the end of") <= 1
    assert "harm)" not in told


def test_an_adapted_plan_says_what_stands_and_the_plan_before_it_does_not(plans):
    assert "This plan was adapted in Apr 2020: what it decides before stands." in why(plans / "adapted", area="harmed")
    assert "adapted" not in why(plans / "before", area="harmed")
    assert str(month(3)) == "2020-04"


def test_the_list_of_who_reaches_an_area_ends_with_a_full_stop(plans):
    lines = [line for line in why(plans / "before", area="harmed").splitlines() if line.startswith("  - ")]
    assert lines and lines[-1].endswith(".") and all(line.endswith(";") for line in lines[:-1])
