"""Adapting small plans: answers worked out by hand for each kind of shock, then laws."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InfeasibleMissionError, InvalidRecordError
from bluehelm.journey.adapt_plan import adapt
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.reports.adapt.reading import Adaptation, Arm
from bluehelm.reports.adapt.summary import summary_of_adaptation
from tests.adaptation.running import amended, at_site, mission, month, plan_of, shock
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import missions

TOLD = ["m0", "m1", "m2", "m3", "m4", "m5"]


def answered(made: Plan, *shocks) -> Adaptation:
    return adapt(made, shocks, gap=0.0, seconds=30.0)


def arm_of(told: Adaptation, name: str) -> Arm:
    found = told.arm(name)
    assert found is not None
    return found


def done(told: Adaptation) -> set[tuple[str, str, str, int]]:
    return {(deed.month, deed.deed, deed.site_id, deed.units) for deed in (*told.now, *told.later)}


@pytest.fixture(scope="module")
def calm() -> Plan:
    return plan_of(mission({"move_usd_per_person": "1"}))


def test_adapted_to_nothing_the_plan_comes_back(calm):
    told = answered(calm)
    assert told.kept and told.plan is calm
    assert not told.changed_unit_months


def test_adapted_to_a_shock_without_effect_the_plan_comes_back(calm):
    told = answered(calm, shock("funding_cut", 2, share=0.1))
    assert told.kept and told.plan is calm


def test_a_shock_that_does_not_touch_the_plan_leaves_every_decision(calm):
    told = answered(calm, shock("ceiling_lowered", 2, component="military", persons=200))
    for site_id in ("calm_base", "harmed_base", "hq"):
        assert at_site(told.plan, site_id) == at_site(calm, site_id)
    assert told.changed_unit_months == 0


def test_when_the_harmed_base_is_lost_its_company_goes_where_it_protects_most(calm):
    # The harmed base alone reaches the harmed area; calm is covered already, so nothing is gained by any move.
    told = answered(calm, shock("site_lost", 2, site_id="harmed_base"))
    assert at_site(told.plan, "harmed_base") == [1, 1, 0, 0, 0, 0]
    assert small.column(told.plan, "sites", "open", site_id="harmed_base") == [True, True, False, False, False, False]
    assert arm_of(told, "adapted").share == pytest.approx(1 / 5)
    assert arm_of(told, "before").share == pytest.approx(1.0)
    assert [area.area_id for area in told.areas] == ["harmed", "calm"]
    assert told.areas[0].unanswered("adapted") == pytest.approx(16.0)  # 4 deaths a month for 4 months
    assert {deed.deed for deed in told.now} >= {"closes"}


def test_when_the_calm_company_goes_home_no_one_else_moves(calm):
    told = answered(calm, shock("unit_withdrawn", 2, unit_id="one"))
    assert at_site(told.plan, "calm_base", "infantry_company.1") == [1, 1, 0, 0, 0, 0]
    assert at_site(told.plan, "harmed_base", "infantry_company.2") == [1] * 6
    assert ("2020-03", "exit_order", "", 1) in done(told)
    assert set(told.plan.tables["names"].filter(pl.col("month") >= "2020-03")["unit_id"]) == {"two"}


def test_when_the_harmed_company_goes_home_the_other_takes_its_place(calm):
    told = answered(calm, shock("unit_withdrawn", 2, unit_id="two"))
    assert ("2020-03", "move_in", "harmed_base", 1) in done(told)
    assert arm_of(told, "adapted").share == pytest.approx(4 / 5)
    assert arm_of(told, "held").share == pytest.approx(1 / 5)
    assert arm_of(told, "held").stands


def test_a_company_told_to_leave_works_until_its_notice_has_passed():
    made = plan_of(mission({"exit_notice_months": 2}))
    told = answered(made, shock("unit_withdrawn", 1, unit_id="one"))
    assert at_site(told.plan, "calm_base", "infantry_company.1") == [1, 1, 1, 0, 0, 0]


def test_a_surge_draws_the_company_that_saves_more():
    units = [small.unit("one", "harmed_base"), small.unit("guard", "hq", kind="individual_police_team")]
    made = plan_of(mission({"move_usd_per_person": "1"}, units=units[:1]))
    assert at_site(made, "harmed_base") == [1] * 6
    told = answered(made, shock("violence_surge", 3, where=("west",), factor=10.0, until_month=4))
    assert at_site(told.plan, "calm_base") == [0, 0, 0, 1, 1, 0]
    assert arm_of(told, "held").share == pytest.approx(12 / (12 + 20 + 1))
    assert arm_of(told, "adapted").share == pytest.approx(24 / (12 + 20 + 1))


def test_a_surge_too_small_to_matter_moves_nobody():
    made = plan_of(mission({"move_usd_per_person": "1"}, units=[small.unit("one", "harmed_base")]))
    told = answered(made, shock("violence_surge", 3, where=("west",), factor=3.0))
    assert at_site(told.plan, "harmed_base") == [1] * 6


def test_without_consent_a_company_goes_where_it_may_act():
    made = plan_of(mission(units=[small.unit("one", "harmed_base")]))
    told = answered(made, shock("consent_withdrawn", 2, where=("harmed",)))
    assert at_site(told.plan, "calm_base") == [0, 0, 1, 1, 1, 1]
    assert arm_of(told, "held").share == 0.0


def test_grounded_aircraft_protect_no_one():
    areas = [small.area("calm", 1.0, zone="west")]
    sites = [small.site("base", zone="west"), small.hospital()]
    made = plan_of(
        mission(
            {"air_reaction_hours": 0, "air_full_reach_hours": 5, "air_zero_reach_hours": 6}, areas=areas, sites=sites,
            units=[small.unit("heli", "base", kind="utility_helicopter_unit"), small.unit("one", "base")],
            routes=small.covering({"base": ["calm"]}, areas),
        )
    )  # fmt: skip
    told = answered(made, shock("helicopters_grounded", 2))
    assert told.plan.mission.restrictions[0].kind == "grounded"
    assert at_site(told.plan, "base") == [1] * 6


def test_a_lower_ceiling_sends_home_the_company_that_protects_less(calm):
    told = answered(calm, shock("ceiling_lowered", 3, component="military", persons=100))
    assert at_site(told.plan, "harmed_base") == [1] * 6
    assert at_site(told.plan, "calm_base") == [1, 1, 1, 0, 0, 0]
    assert arm_of(told, "held").broken and not arm_of(told, "held").stands
    assert "100" in str(arm_of(told, "held").broken[0])


def test_a_pledge_that_fails_is_missed_and_one_that_is_late_comes_later():
    units = [small.unit("one", "harmed_base")]
    made = plan_of(mission(units=units, pledges=(small.pledge("p", available_from=month(2)),)))
    assert at_site(made, "calm_base") == [0, 0, 1, 1, 1, 1]
    gone = answered(made, shock("pledge_withdrawn", 1, pledge_id="p"))
    assert at_site(gone.plan, "calm_base") == [0] * 6
    late = answered(made, shock("pledge_late", 1, pledge_id="p", months=3))
    assert at_site(late.plan, "calm_base") == [0, 0, 0, 0, 0, 1]


LED = {"lead_months.rapid": 2}


@pytest.fixture(scope="module")
def called() -> Plan:
    """Return a plan that calls a company in the first month; it stands at the calm base from the third on."""
    made = plan_of(mission(LED, units=[small.unit("one", "harmed_base")], pledges=(small.pledge("p"),)))
    assert at_site(made, "calm_base") == [0, 0, 1, 1, 1, 1]
    return made


def test_a_pledge_that_was_called_and_is_withdrawn_on_its_way_never_comes(called):
    told = answered(called, shock("pledge_withdrawn", 1, pledge_id="p"))
    assert at_site(told.plan, "calm_base") == [0] * 6
    # 4 of 5 deaths a month are answered; of the plan before, 4 in the second month and 5 in the four after it.
    assert arm_of(told, "adapted").share == pytest.approx(4 / 5)
    assert arm_of(told, "before").share == pytest.approx(24 / 25)
    # 100 persons at 1 USD a month: the company that never comes would have cost four months.
    assert arm_of(told, "before").cost_usd - arm_of(told, "adapted").cost_usd == pytest.approx(400)
    assert arm_of(told, "held").stands


def test_a_pledge_that_was_called_and_is_late_comes_as_many_months_later(called):
    told = answered(called, shock("pledge_late", 1, pledge_id="p", months=2))
    assert at_site(told.plan, "calm_base") == [0, 0, 0, 0, 1, 1]
    assert arm_of(told, "before").cost_usd - arm_of(told, "adapted").cost_usd == pytest.approx(200)


def test_a_pledge_that_stands_there_and_is_withdrawn_is_called_home(called):
    for kind, name in (("pledge_withdrawn", "pledge_id"), ("unit_withdrawn", "unit_id")):
        told = answered(called, shock(kind, 4, **{name: "p"}))
        assert at_site(told.plan, "calm_base", "infantry_company.2") == [0, 0, 1, 1, 0, 0]
        assert ("2020-05", "exit_order", "", 1) in done(told)


def test_one_of_two_pledges_that_were_called_is_withdrawn_and_the_other_comes():
    pledges = (small.pledge("p"), small.pledge("r"))
    made = plan_of(mission(LED, units=[], pledges=pledges))
    assert [sum(at_site(made, name)) for name in ("calm_base", "harmed_base")] == [4, 4]
    told = answered(made, shock("pledge_withdrawn", 1, pledge_id="r"))
    assert [sum(at_site(told.plan, name)) for name in ("calm_base", "harmed_base")] == [0, 4]


def test_a_company_without_a_bed_crowds_the_nearest_base_and_the_report_says_so():
    # The headquarters has 50 beds free: the company of the lost base neither vanishes nor comes back from nowhere.
    sites = [
        small.site("hq", "mission_headquarters", zone="west", place=(13.0, 26.0), capacity_persons=50),
        small.site("calm_base", zone="west", may_close=True, capacity_persons=100),
        small.site("harmed_base", zone="east", may_close=True, place=(13.0, 27.0), capacity_persons=100),
    ]
    made = plan_of(mission(sites=[*sites, small.hospital()]))
    told = answered(made, shock("site_lost", 2, site_id="calm_base"))
    assert at_site(told.plan, "harmed_base") == [1] * 6
    for name in ("held", "proportional"):
        arm = arm_of(told, name)
        assert not arm.stands
        assert any("more people than beds" in str(text) for text in arm.broken), name
        # 2 companies of 100 for the 4 months from the shock on, none of them gone.
        assert arm.cost_usd == pytest.approx(800), name


def test_a_shock_that_leaves_every_step_says_so(calm):
    told = answered(calm, shock("ceiling_lowered", 2, component="military", persons=200))
    assert told.unchanged and not told.kept
    lines = {line.label: line.text for line in summary_of_adaptation(told).lines}
    assert lines["This month"] == "Nothing changes: every step stays as planned."
    assert "Changes" not in lines and "Can wait" not in lines


def test_a_plan_whose_hours_were_shared_out_badly_gets_them_shared_anew_and_moves_nobody():
    task = small.task("escort", "humanitarian_escort", 2, demand_hours_per_zone_month=100.0)
    made = plan_of(mission(tasks=[small.task(), task]))
    lazy = made.tables["effort"].with_columns(given_hours=pl.lit(0.0), unmet_hours=pl.col("demand_hours"))
    tiers = tuple(replace(t, objective=0.0) if t.name == "priority_2" else t for t in made.tiers)
    told = answered(replace(made, tables={**made.tables, "effort": lazy}, tiers=tiers))
    assert not told.kept and told.unchanged
    assert arm_of(told, "adapted").tiers["priority_2"] == pytest.approx(arm_of(told, "held").tiers["priority_2"])


def test_a_unit_on_its_way_that_is_late_protects_later():
    units = [small.unit("one", "harmed_base"), small.unit("two", "calm_base", arrives=month(2))]
    made = plan_of(mission(units=units))
    told = answered(made, shock("unit_late", 1, unit_id="two", months=2))
    assert at_site(told.plan, "calm_base") == [0, 0, 0, 0, 1, 1]
    assert arm_of(told, "held").share == pytest.approx(arm_of(told, "adapted").share)


def test_a_new_task_of_the_first_priority_is_worked_for():
    made = plan_of(mission())
    task = small.task("escort", "humanitarian_escort", 1, demand_hours_per_zone_month=1000.0, starts=month(2))
    told = answered(made, shock("new_task", 2, task=task))
    hours = small.column(told.plan, "effort", "given_hours", task_id="escort")
    assert sum(hours) > 0
    assert "escort" not in made.tables["effort"]["task_id"].to_list()


def test_a_cut_sends_home_what_protects_least_and_an_impossible_one_is_told():
    budget = (small.money("appropriation", 1200, last=5),)  # two companies of 100 persons for six months
    made = plan_of(mission(budget=budget))
    told = answered(made, shock("funding_cut", 2, share=0.5))  # 400 less: four unit-months of 100
    assert at_site(told.plan, "harmed_base") == [1] * 6
    assert sum(at_site(told.plan, "calm_base")) == 2
    assert arm_of(told, "held").broken
    with pytest.raises(InfeasibleMissionError) as caught:
        answered(plan_of(mission({"exit_lag_months": 6}, budget=budget)), shock("funding_cut", 4, share=0.4))
    assert "2020-05 stands" in caught.value.conflict[-1]
    assert any("approved" in sentence for sentence in caught.value.conflict)


def test_several_shocks_are_answered_together(calm):
    told = answered(
        calm, shock("site_lost", 2, site_id="calm_base"), shock("unit_withdrawn", 2, unit_id="two"),
    )  # fmt: skip
    assert at_site(told.plan, "harmed_base", "infantry_company.1")[2:] == [1] * 4
    assert len(told.shocks) == 2


def test_nobody_answers_a_shock_before_it_is_known():
    made = plan_of(mission({"move_days": 15}, units=[small.unit("one", "harmed_base")]))
    surge = {"where": ("west",), "factor": 30.0}
    now = answered(made, shock("violence_surge", 4, **surge))
    ahead = answered(made, shock("violence_surge", 4, known_from=3, **surge))
    assert at_site(now.plan, "harmed_base")[:4] == [1] * 4
    # Known a month ahead, the company spends its days on the road before the surge.
    assert at_site(ahead.plan, "calm_base") == [0, 0, 0, 1, 1, 1]
    assert arm_of(ahead, "adapted").tiers["priority_1"] > arm_of(now, "adapted").tiers["priority_1"]


def test_a_shock_known_later_is_answered_after_those_known_before():
    made = plan_of(mission(units=[small.unit("one", "harmed_base")]))
    told = answered(
        made, shock("consent_withdrawn", 1, where=("harmed",), until_month=5),
        shock("site_lost", 3, site_id="calm_base"),
    )  # fmt: skip
    assert at_site(told.plan, "calm_base") == [0, 1, 1, 0, 0, 0]
    assert told.from_month == "2020-02"


def test_a_site_that_opens_later_says_by_when_it_must_be_ordered():
    sites = [small.site("calm_base", zone="west"),
             small.site("far_base", "temporary_base", zone="east", open_at_start=False, may_close=True,
                        opens_from=small.FIRST, place=(13.0, 27.0)), small.hospital()]  # fmt: skip
    areas = [small.area("calm", 4.0, zone="west"), small.area("far", 1.0, zone="east", place=(13.0, 27.0))]
    made = plan_of(
        mission({"site_open_lead_months.temporary_base": 2, "site_open_usd.temporary_base": "1"}, sites=sites,
                units=[small.unit("one", "calm_base")], areas=areas,
                routes=small.covering({"calm_base": ["calm"], "far_base": ["far"]}, areas))
    )  # fmt: skip
    assert at_site(made, "calm_base") == [1] * 6
    # Ten deaths a month at `far` in the last two months are more than four: the company goes there for them alone.
    told = answered(made, shock("violence_surge", 4, where=("far",), factor=10.0, known_from=1))
    assert at_site(told.plan, "far_base") == [0, 0, 0, 0, 1, 1]
    opens = next(deed for deed in told.later if deed.deed == "opens")
    assert (opens.site_id, opens.month, opens.decide_by) == ("far_base", "2020-05", "2020-03")
    # The base costs 1 to open; the company costs the same wherever it stands, and moves for free.
    assert arm_of(told, "adapted").cost_usd - arm_of(told, "before").cost_usd == pytest.approx(1)
    # From the second month on calm expects 5 · 4 deaths, far 3 · 1 + 2 · 10; 3 · 4 + 2 · 10 of these are answered.
    assert arm_of(told, "adapted").share == pytest.approx(32 / 43)
    assert arm_of(told, "held").share == pytest.approx(20 / 43)
    assert arm_of(told, "before").share == pytest.approx(20 / 25)


def test_shocks_of_four_kinds_at_once_are_answered_as_by_hand():
    # One company of two may stay (ceiling, money); the calm area, ten times as harmed, has more deaths: 10 against 4.
    pledges = (small.pledge("p", available_from=month(3)),)
    made = plan_of(mission(pledges=pledges, budget=(small.money("appropriation", 2000, last=5),)))
    told = answered(
        made, shock("violence_surge", 2, where=("calm",), factor=10.0),
        shock("ceiling_lowered", 2, component="military", persons=100), shock("pledge_withdrawn", 2, pledge_id="p"),
        shock("funding_cut", 2, share=0.6),
    )  # fmt: skip
    assert [at_site(told.plan, name)[2:] for name in ("calm_base", "harmed_base")] == [[1] * 4, [0] * 4]
    adapted, before, held = (arm_of(told, name) for name in ("adapted", "before", "held"))
    assert adapted.share == pytest.approx(40 / 56) and before.share == pytest.approx(1.0)
    # 4 months of 100 persons instead of 200; 2000 less 0.6 · 4 / 6 of it is 1200: what was spent and this are 800.
    assert [adapted.cost_usd, before.cost_usd] == pytest.approx([400, 800])
    assert told.plan.mission.budget[0].amount_usd == 1200
    assert not held.stands and "ceiling" in str(held.broken[0])
    assert arm_of(told, "proportional").stands
    assert len(told.shocks) == 4 and told.areas[0].area_id == "harmed"
    assert told.areas[0].unanswered("adapted") == pytest.approx(16)


def test_a_plan_that_is_not_one_is_refused(calm):
    with pytest.raises(InvalidRecordError, match="'nowhere' is not in the mission"):
        answered(calm, shock("site_lost", 1, site_id="nowhere"))
    with pytest.raises(InvalidRecordError, match="work is 0"):
        adapt(calm, (), work=0)


SHOCKS = st.sampled_from(
    [("ceiling_lowered", {"component": "military", "persons": 150}), ("funding_cut", {"share": 0.1}),
     ("violence_surge", {"where": ("n",), "factor": 4.0}), ("consent_withdrawn", {"where": ("n",)}),
     ("site_lost", {"site_id": "s0"})]
)  # fmt: skip


@examples(5, 300)
@given(missions(), st.integers(1, 3), SHOCKS)
def test_what_is_decided_before_a_shock_stands_and_adapting_never_harms(drawn, after, chosen):
    given_mission, changes = drawn
    made = plan_of(amended(given_mission, changes))
    kind, more = chosen
    try:
        told = answered(made, shock(kind, after, **more))
    except (InvalidRecordError, InfeasibleMissionError):
        return  # a ceiling that is not lower, or units that cannot be out in time: told elsewhere
    before = [row for row in decisions(made) if row[0] < str(month(after))]
    assert [row for row in decisions(told.plan) if row[0] < str(month(after))] == before
    first = next(tier.name for tier in made.tiers)
    sign = 1 if first == "priority_1" else -1
    for name in ("held", "proportional"):
        arm = told.arm(name)
        if arm is not None and arm.stands:
            assert sign * arm_of(told, "adapted").tiers[first] >= sign * arm.tiers[first] - 1e-5, name


def decisions(made: Plan) -> list[tuple[str, float, str, str, int]]:
    """List where units stand, by calendar month, so that a calendar that is cut reads the same."""
    lengths = dict(made.tables["nodes"].select("node_id", "months").iter_rows())
    parents = dict(made.tables["nodes"].select("node_id", "probability").iter_rows())
    rows = []
    for node_id, begins, class_id, site_id, units in made.tables["deployments"].select(
        "node_id", "month", "class_id", "site_id", "units"
    ).iter_rows():  # fmt: skip
        for i in range(lengths[node_id]):
            rows.append((str(Month.parse(begins) + i), round(parents[node_id], 6), class_id, site_id, units))
    return sorted(rows)
