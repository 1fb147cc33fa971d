"""Shocks that cannot be are refused in sentences."""

from __future__ import annotations

import pytest

from bluehelm.adaptation.called_pledges import called_before, in_every_future
from bluehelm.adaptation.refused import refuse
from bluehelm.errors import InvalidRecordError
from bluehelm.mission.plan import Plan
from bluehelm.norms import load_norms
from tests.adaptation.running import mission, month, plan_of, shock
from tests.planning import small


@pytest.fixture(scope="module")
def running() -> Plan:
    """A third company that is sent home at once, its base closed; a pledge that is called in the third month."""
    sites = [*mission().sites, small.site("spare", zone="west", may_close=True)]
    return plan_of(
        mission(
            {"lead_months.rapid": 1},
            sites=sites,
            units=[small.unit("one", "calm_base"), small.unit("two", "harmed_base"), small.unit("three", "spare"),
                   small.unit("due", "hq", kind="formed_police_unit", arrives=month(3))],
            pledges=(small.pledge("p", kind="infantry_platoon", available_from=month(1)),),
            ceilings=[small.ceiling(400), small.ceiling(350, after=3)],
            tasks=[small.task(), small.task("escort", "humanitarian_escort", 2, demand_hours_per_zone_month=1e6)],
        )
    )  # fmt: skip


def told(plan: Plan, *shocks) -> str:
    with pytest.raises(InvalidRecordError) as caught:
        refuse(plan, shocks, load_norms(plan.mission.amendments))
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "after", "more", "sentence"),
    [
        ("site_lost", 1, {"site_id": "calm_bas"}, "Nearest name: 'calm_base'"),
        ("site_lost", 1, {"site_id": "clinic"}, "'clinic' is a hospital of a partner"),
        ("site_lost", 6, {"site_id": "hq"}, "2020-01 to 2020-06 are planned"),
        ("site_lost", 3, {"site_id": "hq", "until_month": 2}, "before from_month"),
        ("unit_withdrawn", 1, {"unit_id": "on"}, "Nearest name: 'one'"),
        ("unit_late", 1, {"unit_id": "one", "months": 1}, "has arrived by then"),
        ("unit_late", 4, {"unit_id": "due", "months": 1}, "has arrived by then"),
        ("pledge_withdrawn", 1, {"pledge_id": "q"}, "'q' is not in the mission"),
        ("consent_withdrawn", 1, {"where": ("eas",)}, "Nearest name: 'east'"),
        ("consent_withdrawn", 1, {"where": ()}, "where is empty"),
        ("violence_surge", 1, {"where": ("east",), "factor": 0.5}, "factor is 0.5"),
        ("helicopters_grounded", 1, {}, "Nothing in this mission flies"),
        ("ceiling_lowered", 1, {"component": "military", "persons": 400}, "400 is not lower"),
        ("funding_cut", 1, {"share": 1.5}, "a share from 0 to 1"),
        ("new_task", 1, {"task": small.task()}, "is in the mandate already"),
        ("new_task", 1, {"task": small.task("t", "escorting")}, "'escorting' is not a kind of task"),
    ],
)  # fmt: skip
def test_a_shock_that_cannot_be_is_refused(running, kind, after, more, sentence):
    assert sentence in told(running, shock(kind, after, **more))


@pytest.mark.parametrize(
    ("unit_type", "sentence"),
    [("infantry_company", "does not fly"), ("utility_helicopter", "Nearest name: 'utility_helicopter_unit'")],
)
def test_only_what_flies_is_grounded(unit_type, sentence):
    units = [small.unit("one", "calm_base"), small.unit("heli", "hq", kind="utility_helicopter_unit")]
    assert sentence in told(plan_of(mission(units=units)), shock("helicopters_grounded", 1, unit_type=unit_type))


def test_a_shock_on_a_site_that_the_plan_has_closed_is_refused():
    made = plan_of(mission(site_limits=[small.site_limit(2, after=2)]))
    closed = small.column(made, "sites", "site_id", node_id="m2", open=False)
    site_id = next(name for name in closed if name != "clinic")
    assert "is closed in the plan" in told(made, shock("site_lost", 3, site_id=site_id))


def test_a_pledge_that_was_called_in_some_futures_only_is_told_apart():
    nodes = [small.node("now", "", 0, 1), small.node("calm", "now", 1, 1, 0.5), small.node("calm_later", "calm", 2, 4),
             small.node("worse", "now", 1, 1, 0.5), small.node("worse_later", "worse", 2, 4)]  # fmt: skip
    one, pledge = small.unit("one", "harmed_base"), small.pledge("p", available_from=month(1))
    made = plan_of(mission(nodes=tuple(nodes), units=[one], pledges=(pledge,)))
    found = called_before(made, "p", month(2), load_norms(made.mission.amendments))
    assert {call.node_id for call in found} == {"calm", "worse"}
    assert in_every_future(made, found, month(2))
    assert not in_every_future(made, [call for call in found if call.node_id == "worse"], month(2))


def test_a_pledge_that_stands_there_is_not_late(running):
    ordered = small.deeds(running, "order")
    assert ordered, "the case rests on a pledge that is called"
    assert "has arrived by then" in told(running, shock("pledge_late", 5, pledge_id="p", months=1))
    text = told(running, shock("pledge_withdrawn", 5, pledge_id="p"))
    assert "Shock pledge_withdrawn" in text and "has left by then" in text


def test_shocks_that_contradict_each_other_are_refused(running):
    assert "contradict" in told(running, shock("funding_cut", 1, share=0.1), shock("funding_cut", 2, share=0.2))
    late = shock("pledge_late", 0, pledge_id="p", months=1)
    assert "contradict" in told(running, late, shock("pledge_withdrawn", 0, pledge_id="p"))


def test_shocks_one_after_the_other_do_not_contradict(running):
    first = shock("funding_cut", 1, share=0.1, until_month=2)
    lower = [shock("ceiling_lowered", after, component="military", persons=p) for after, p in ((1, 390), (3, 200))]
    refuse(running, [first, shock("funding_cut", 3, share=0.2), *lower], load_norms(running.mission.amendments))


def test_all_faults_are_counted_and_told_at_once(running):
    text = told(running, shock("site_lost", 1, site_id="x1"), shock("unit_withdrawn", 1, unit_id="y1"))
    assert "shocks: 2." in text and "x1" in text and "y1" in text
