"""What unverified norms can change: planned again at both ends, and what could not be planned is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bluehelm.journey.coarse import answer, as_it_stands, ask, coarse_mission
from bluehelm.journey.held_plan import held
from bluehelm.journey.sensitivity import sensitivities
from bluehelm.mission.folder import read_mission
from bluehelm.planning.decisions import decisions_of
from bluehelm.planning.gather import gather
from bluehelm.reports.extras import read
from bluehelm.reports.reading import Reading
from tests.conftest import REPOSITORY
from tests.journey.worked import worked_mission, worked_norms, worked_plan
from tests.planning import small

DARFUR = REPOSITORY / "bluehelm" / "data" / "missions" / "darfur_2017"


@pytest.fixture(scope="module")
def tried():
    plan = worked_plan()
    return sensitivities(Reading(plan), gather(plan.mission, worked_norms()), worked_norms(), seconds=60)


def test_time_is_cut_where_ceilings_limits_and_money_change():
    mission = read_mission(DARFUR)
    nodes = coarse_mission(mission).nodes
    assert [node.node_id for node in nodes] == ["2017-01", "2017-07", "2017-12", "2018-06"]
    assert sum(node.months for node in nodes) == mission.setting.months
    # The second fall hangs on a condition that is taken to hold from January 2018.
    assert [node.conditions for node in nodes] == [(), (), (), ("phase_two",)]


def test_a_mission_with_futures_keeps_them():
    given = replace(worked_mission(), nodes=(small.node("now", "", 0, 6),))
    assert coarse_mission(given) is given


def test_the_quick_plan_of_a_small_mission_is_as_good_as_the_plan():
    plan = worked_plan()
    question = ask(coarse_mission(plan.mission), worked_norms())
    found = answer(question, as_it_stands(question, plan.tables, gather(plan.mission, worked_norms())))
    assert found is not None
    assert found.protected_share == pytest.approx(Reading(plan).protected_share, abs=0.02)
    assert found.closed == {"quiet"}


def test_a_plan_held_under_its_own_norms_is_worth_what_it_is_worth():
    question = ask(coarse_mission(worked_mission()), worked_norms())
    found = answer(question)
    assert found is not None
    one = held(question.data, decisions_of(question.data, question.built, found.values))
    assert one.protected_share == pytest.approx(found.protected_share, abs=1e-6)
    assert one.cost_usd == pytest.approx(found.cost_usd, rel=1e-6)
    assert one.broken == frozenset() and one.overspent_usd == 0


def test_a_plan_held_under_harsher_norms_names_what_it_breaks():
    question = ask(coarse_mission(worked_mission()), worked_norms())
    found = answer(question)
    assert found is not None
    made = decisions_of(question.data, question.built, found.values)
    harsh = worked_norms().with_amendments({"site_capacity_persons.company_base": 50})
    assert held(gather(coarse_mission(worked_mission()), harsh), made).broken == {"beds"}


def test_norms_that_matter_are_planned_again_at_both_ends(tried):
    found = {one.norm_key: one for one in tried[0]}
    share = found["presence_share.infantry_company"]
    assert share.protected_share_low < share.protected_share_base
    assert share.low < share.value


def test_figures_between_the_ends_are_those_of_the_plan(tried):
    plan = Reading(worked_plan())
    assert all(one.protected_share_base == plan.protected_share for one in tried[0])
    assert all(one.cost_base == plan.cost_usd for one in tried[0])


def test_the_report_is_told_how_ranges_were_tried(tried):
    told = [read(note) for note in tried[1]]
    assert any("calendar of" in note for note in told)
    assert any("more unverified norms" in note for note in told)


def test_without_time_nothing_is_planned_again_and_that_is_told():
    plan = worked_plan()
    found, notes = sensitivities(Reading(plan), gather(plan.mission, worked_norms()), worked_norms(), seconds=0)
    assert found == ()
    assert any(read(note).startswith("For lack of time") for note in notes)


def test_where_a_norm_makes_the_mission_impossible_the_plan_as_it_stands_is_told():
    mission = worked_mission(budget=(small.money("appropriation", 100 * 6 * 4, last=5),))
    norms = small.norms({"protection_q": 0.5, "guard_persons_per_base": 100})
    dear = {"personnel_reimbursement_usd_per_person_month": {"value": "1", "low": "1", "high": "900"}}
    plan = replace(worked_plan(), mission=mission)
    found, _ = sensitivities(Reading(plan), gather(mission, norms), norms.with_amendments(dear), seconds=60)
    one = next(s for s in found if s.norm_key == "personnel_reimbursement_usd_per_person_month")
    assert "no plan was found" in read(one.sentence) and "too much" in read(one.sentence)
    assert np.isfinite(one.protected_share_high)
