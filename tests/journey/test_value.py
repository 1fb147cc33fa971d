"""What adaptability is worth: by hand on two towns, and the laws on random trees solved exactly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bluehelm
from bluehelm.errors import InfeasibleMissionError, InvalidRecordError, MissionFilesError
from bluehelm.journey.value import value, value_of
from bluehelm.journey.value_arms import Measured
from bluehelm.journey.value_order import ValueOrder
from bluehelm.journey.value_rolling import as_one, everywhere, rolling
from bluehelm.mission.information import Information, Knows
from bluehelm.mission.mandate import Condition
from bluehelm.norms import load_norms
from tests.conftest import examples
from tests.journey.two_towns import AMENDMENTS, FUTURES, two_towns
from tests.planning import small
from tests.planning.missions import missions
from tests.planning.small import node, replace

EXACT: dict[str, Any] = {"gap": 0.0, "engine": "here"}
SLACK = 1e-5
NORMS = load_norms(AMENDMENTS)


def arm_of(record, name):
    return next(row for row in record["arms"] if row["arm"] == name)


def difference_of(record, name):
    return next((row for row in record["differences"] if row["name"] == name), None)


@pytest.fixture(scope="module")
def found():
    return value(two_towns(), ablation=True, **EXACT)


def test_the_four_ways_to_plan_leave_what_was_worked_out_by_hand(found):
    deaths = {row["arm"]: row["deaths"] for row in found["arms"]}
    assert [deaths[name] for name in ("rigid", "rolling", "adaptive", "clairvoyant")] == pytest.approx(
        [3.0, 0.4 * 3.0, 0.0, 0.0], abs=1e-6
    )
    assert arm_of(found, "rolling")["by_future"]["deaths"] == pytest.approx([0.0, 3.0], abs=1e-6)
    assert arm_of(found, "rolling")["deaths_tail"] == pytest.approx(3.0)
    assert found["deaths_if_nobody_answered"] == pytest.approx(10.0)
    assert arm_of(found, "rolling")["protected_share"] == pytest.approx(0.88)


def test_values_are_the_differences_and_proven(found):
    for name, deaths in (("adaptability", 3.0), ("vss", 1.2), ("evpi", 0.0)):
        row = difference_of(found, name)
        assert [row["low"], row["deaths"], row["high"]] == pytest.approx([deaths] * 3, abs=1e-6)
        assert row["cost_usd"] == pytest.approx(0.0)
    assert found["notes"] == []
    assert found["proven"]


def test_only_moves_need_follow_events_in_two_towns(found):
    """The base in b is ordered in any case: what has to wait for news is where the company goes."""
    for name in ("without_orders", "without_exits", "without_sites", "only_moves"):
        assert difference_of(found, name)["deaths"] == pytest.approx(0.0, abs=1e-6)


def test_information_sets_of_the_readers_own_are_one_more_way_to_plan():
    """Whoever learns in the third month what happened in the second is, here, as good as rigid."""
    knows = Information(units=Knows(knows="late", months=1))
    told = value(two_towns(), knows=knows, rolling=False, **EXACT)
    assert arm_of(told, "as_told")["deaths"] == pytest.approx(3.0)
    assert difference_of(told, "as_told")["low"] == pytest.approx(3.0, abs=1e-5)
    assert difference_of(told, "vss") is None


def test_the_same_question_has_the_same_answer_in_processes_and_by_work(found):
    asked: dict[str, Any] = {"gap": 0.0, "work": 1, "rolling": False}
    here, apart = (
        value_of(two_towns(), NORMS, ValueOrder(engine=engine, workers=2, **asked)) for engine in ("here", "processes")
    )
    assert json.dumps(here, allow_nan=False) == json.dumps(apart, allow_nan=False)
    assert here["provenance"]["asked"]["seconds"] is None
    assert [row["deaths"] for row in here["arms"]] == pytest.approx(
        [arm_of(found, row["arm"])["deaths"] for row in here["arms"]]
    )


def test_futures_that_do_not_differ_are_worth_exactly_nothing():
    same = tuple(replace(n, risk_scale=1.0) for n in FUTURES)
    told = value(two_towns(nodes=same, risk=None), **EXACT)
    assert told["notes"] == [{"note": "nothing_to_learn"}]
    assert {(row["low"], row["deaths"], row["high"], row["cost_usd"]) for row in told["differences"]} == {(0, 0, 0, 0)}


def test_a_mission_without_a_tree_is_told_how_to_make_one():
    with pytest.raises(InvalidRecordError, match="bluehelm scenario tree"):
        value(two_towns(nodes=(), risk=None))


def test_a_mission_with_faults_is_refused():
    with pytest.raises(MissionFilesError, match="was not planned"):
        value(replace(two_towns(), setting=replace(two_towns().setting, mission_model="nowhere")))


@pytest.mark.parametrize("asked", [{"alpha": 1.0}, {"alpha": -0.1}, {"gap": 2.0}, {"seconds": 0.0}, {"work": 0}])
def test_what_cannot_be_asked_is_refused(asked):
    with pytest.raises(InvalidRecordError, match="expected"):
        value(two_towns(), **asked)


# In the second of two futures everybody must be gone by the end of the month, and going takes a month.
CUT = (node("now", "", 0, 1), node("stays", "now", 1, 1, 0.75), node("cut", "now", 1, 1, 0.25, conditions=("cut",)))


def with_cut(**more):
    condition = Condition(condition_id="cut", text="the Council ends the mission", **small.KNOWN)
    return small.mission(
        areas=[small.area("a")], sites=[small.site("s"), small.hospital()], units=[small.unit("u", "s", **more)],
        months=2, nodes=CUT, conditions=[condition], routes=small.routes({("s", "a"): 0.5}),
        ceilings=[small.ceiling(100), small.ceiling(0, after=1, when="cut")],
    )  # fmt: skip


def test_planning_for_the_mean_ends_in_a_dead_end_where_the_less_likely_needed_time():
    """Notice is a month: whoever waits for the cut is late. The mean, in which there is no cut, waits."""
    told = value_of(with_cut(), small.norms({"exit_notice_months": 1}), ValueOrder(**EXACT))
    (note,) = told["notes"]
    assert (note["note"], note["node"]) == ("stuck", "cut")
    assert note["conflict"]
    assert difference_of(told, "vss") is None
    # The unit has to go in both futures: what is protected is the first month.
    assert arm_of(told, "adaptive")["deaths"] == pytest.approx(1.0)
    assert arm_of(told, "clairvoyant")["deaths"] == pytest.approx(0.25)


def test_where_no_rigid_plan_fits_every_future_it_is_said():
    """A base must be guarded, by soldiers or by police; in each future the ceiling of one of the two falls to 0."""
    other = Condition(condition_id="other", text="the other ends", **small.KNOWN)
    given = with_cut()
    nodes = (CUT[0], replace(CUT[1], conditions=("other",)), CUT[2])
    mandate = replace(
        given.mandate,
        condition=(*given.mandate.condition, other),
        ceiling=(
            small.ceiling(100), small.ceiling(100, component="police"), small.ceiling(0, after=1, when="cut"),
            small.ceiling(0, component="police", after=1, when="other"),
        ),
    )  # fmt: skip
    units = (small.unit("u", "s"), small.unit("p", "s", kind="formed_police_unit"))
    given = replace(given, nodes=nodes, mandate=mandate, units=units)
    guarded = {"guard_persons_per_base": 100}
    told = value_of(given, small.norms(guarded), ValueOrder(rolling=False, **EXACT))
    (note,) = told["notes"]
    assert (note["note"], note["arm"]) == ("impossible", "rigid")
    assert note["conflict"]
    assert difference_of(told, "adaptability") is None
    assert difference_of(told, "evpi") is not None


def test_a_tree_that_no_plan_fits_is_refused_with_the_conflict():
    with pytest.raises(InfeasibleMissionError) as refused:
        value_of(with_cut(may_leave=False), small.norms(), ValueOrder(**EXACT))
    assert refused.value.conflict


def test_rolling_planning_keeps_what_it_ordered_and_measures_every_future():
    rolled = rolling(two_towns(), NORMS, ValueOrder(**EXACT).options, 10.0, "here", None)
    assert {name: one.unanswered[name] for name, one in rolled.measured.items()} == pytest.approx(
        {"at_a": 0.0, "at_b": 3.0}, abs=1e-6
    )


def with_escort(priority, protect=1, **more):
    given = two_towns()
    protection = replace(given.mandate.task[0], priority=protect)
    escort = small.task("escort", "humanitarian_escort", priority, **{"demand_hours_per_zone_month": 10.0, **more})
    return replace(given, mandate=replace(given.mandate, task=(escort, protection)))


def test_protection_is_put_before_the_other_tasks_of_its_priority_and_the_report_is_told():
    shared, apart = (value(with_escort(priority), rolling=False, **EXACT) for priority in (1, 2))
    assert shared["notes"] == [{"note": "protection_first"}]
    assert apart["notes"] == []
    assert shared["proven"]
    assert shared["differences"] == apart["differences"]
    assert shared["provenance"]["input_hash"] != apart["provenance"]["input_hash"]


def test_where_the_council_puts_something_before_protection_no_interval_of_deaths_is_told():
    told = value(with_escort(1, protect=2), rolling=False, **EXACT)
    assert not told["proven"]
    assert {row["low"] for row in told["differences"]} == {None}


def test_with_minimum_shares_met_adaptability_is_proven_and_foresight_is_told_as_found():
    """A minimum holds on average over the tree, and in each future for whoever knows it: they bound no longer."""
    told = value(with_escort(2, minimum_share=0.5), **EXACT)
    assert (told["proven"], told["unproven_because"]) == (False, "minimum_shares")
    worth = difference_of(told, "adaptability")
    assert [worth["low"], worth["deaths"], worth["high"]] == pytest.approx([3.0] * 3, abs=1e-5)
    assert [difference_of(told, name)["low"] for name in ("vss", "evpi")] == [None, None]
    assert difference_of(told, "vss")["deaths"] == pytest.approx(1.2, abs=1e-5)


def test_where_a_minimum_share_cannot_be_met_no_interval_is_told():
    told = value(with_escort(2, minimum_share=0.5, demand_hours_per_zone_month=1e6), rolling=False, **EXACT)
    assert {row["low"] for row in told["differences"]} == {None}


def test_searches_begin_where_simpler_plans_end():
    """The plan for the mean is followed everywhere; the steps of rolling planning are put together node by node."""
    rolled = rolling(two_towns(), NORMS, ValueOrder(**EXACT).options, 10.0, "here", None)
    mean, steps = (
        dict(made.deployments.select("node_id", "site_id").iter_rows())
        for made in (everywhere(two_towns(), rolled.plans["now"]), as_one(rolled.plans))
    )
    assert mean.keys() == steps.keys() == {"now", "at_a", "at_b"}
    assert mean["at_a"] == mean["at_b"] == "crossroads"
    assert (steps["at_a"], steps["at_b"]) == ("near_a", "crossroads")


def test_where_no_adaptive_plan_was_found_in_time_the_best_that_knows_less_stands_in(found, monkeypatch):
    """Rolling planning leaves 1.2, a rigid plan 3.0; the clairvoyant bound holds for what was not found, too."""
    monkeypatch.setattr(
        "bluehelm.journey.value_search._on_cores", lambda work, cores: Measured({}, {}, conflict=("late",))
    )
    told = value_of(two_towns(), NORMS, ValueOrder(**EXACT))
    assert told["notes"] == [{"note": "taken_over", "arm": "adaptive", "from": "rolling"}]
    assert arm_of(told, "adaptive")["deaths"] == pytest.approx(1.2)
    one = difference_of(told, "adaptability")
    assert one["low"] <= difference_of(found, "adaptability")["deaths"] + SLACK
    assert one["low"] == pytest.approx(1.8)
    assert one["high"] == pytest.approx(3.0)


def test_where_a_future_alone_was_not_solved_in_time_it_does_what_the_adaptive_plan_does(monkeypatch):
    def alone_too_late(work, arguments, **asked):
        return [Measured({}, {}, conflict=("late",)) for _ in arguments]

    monkeypatch.setattr("bluehelm.journey.value_search.run_all", alone_too_late)
    told = value_of(two_towns(), NORMS, ValueOrder(rolling=False, **EXACT))
    assert arm_of(told, "clairvoyant")["deaths"] == arm_of(told, "adaptive")["deaths"] == pytest.approx(0.0)
    assert arm_of(told, "clairvoyant")["deaths_least"] is None
    assert difference_of(told, "evpi")["high"] is None
    (note,) = told["notes"]
    assert (note["note"], note["arm"]) == ("impossible", "rigid")


def test_python_offers_it_by_name():
    assert bluehelm.value is value


@st.composite
def trees(draw):
    """Draw a small mission over three stages and up to four futures, protection alone in the first priority."""
    mission, changes = draw(missions(nodes=False))
    chance, later = draw(st.sampled_from([0.2, 0.5, 0.7])), draw(st.sampled_from([0.3, 0.5]))
    scale = [draw(st.sampled_from([0.0, 0.5, 1.0, 3.0])) for _ in range(6)]
    nodes = (
        node("n0", "", 0, 2), node("x", "n0", 2, 1, chance, risk_scale=scale[0]),
        node("y", "n0", 2, 1, 1 - chance, risk_scale=scale[1]),
        node("x1", "x", 3, 2, later, risk_scale=scale[2]), node("x2", "x", 3, 2, 1 - later, risk_scale=scale[3]),
        node("y1", "y", 3, 2, later, risk_scale=scale[4]), node("y2", "y", 3, 2, 1 - later, risk_scale=scale[5]),
    )  # fmt: skip
    first, *others = mission.mandate.task
    tasks = (first, *(replace(task, priority=2) for task in others))
    # Where violence goes differs between the futures of a stage, not only how much there is.
    areas = [area.area_id for area in mission.areas]
    rows = [
        {"area_id": draw(st.sampled_from(areas)), "month": "2020-04", "fatalities_per_month": 12.0, "node_id": n,
         **small.KNOWN, "note": ""}
        for n in ("x1", "x2", "y1", "y2")
    ]  # fmt: skip
    mandate = replace(mission.mandate, task=tasks)
    return replace(mission, nodes=nodes, mandate=mandate, risk=small.pl.DataFrame(rows)), changes


@examples(2, 150)
@given(trees())
def test_on_random_trees_knowing_more_never_hurts_and_values_lie_in_their_intervals(drawn):
    """Rigid ≤ adaptive ≤ clairvoyant, rolling ≤ adaptive; intervals are no wider than the tolerance of the goals."""
    mission, changes = drawn
    told = value_of(mission, small.norms(changes), ValueOrder(**EXACT))
    assume(not any(note["note"] == "nothing_to_learn" for note in told["notes"]))
    deaths = {row["arm"]: row["deaths"] for row in told["arms"]}
    spare = SLACK + 0.001 * told["deaths_if_nobody_answered"]
    assert deaths["clairvoyant"] <= deaths["adaptive"] + spare
    assert deaths["adaptive"] <= deaths["rigid"] + spare
    assert deaths["adaptive"] <= deaths.get("rolling", deaths["adaptive"]) + spare
    for row in told["differences"]:
        assert 0 <= row["low"] <= row["deaths"] <= row["high"] <= row["low"] + 2 * spare
    for row in told["arms"]:
        assert row["deaths_least"] <= row["deaths"] + SLACK
        assert row["deaths"] <= row["deaths_tail"] + SLACK <= row["deaths_worst"] + 2 * SLACK


@examples(2, 100)
@given(trees(), st.sampled_from([0.2, 0.6]))
def test_on_random_trees_with_minimum_shares_what_is_proven_holds(drawn, least):
    """Plans of the tree, each solved exactly: adaptive never worse than rigid, and their difference in its interval."""
    mission, changes = drawn
    tasks = tuple(replace(task, minimum_share=least) for task in mission.mandate.task)
    mission = replace(mission, mandate=replace(mission.mandate, task=tasks))
    told = value_of(mission, small.norms(changes), ValueOrder(rolling=False, **EXACT))
    assume(not any(note["note"] in ("nothing_to_learn", "impossible") for note in told["notes"]))
    row, spare = difference_of(told, "adaptability"), SLACK + 0.001 * told["deaths_if_nobody_answered"]
    assume(row["low"] is not None)
    found = arm_of(told, "rigid")["deaths"] - arm_of(told, "adaptive")["deaths"]
    assert row["low"] - spare <= found <= row["high"] + spare
    assert row["high"] - row["low"] <= 2 * spare
    assert found >= -spare


@examples(1, 100)
@given(trees(), st.randoms(use_true_random=False))
def test_the_order_of_futures_units_and_areas_changes_no_value(drawn, random):
    mission, changes = drawn
    mixed = {}
    for name in ("nodes", "units", "areas", "sites"):
        rows = list(getattr(mission, name))
        random.shuffle(rows)
        mixed[name] = tuple(rows)
    order = ValueOrder(rolling=False, alpha=0.0, **EXACT)
    one, other = (value_of(given, small.norms(changes), order) for given in (mission, replace(mission, **mixed)))
    spare = SLACK + 0.001 * one["deaths_if_nobody_answered"]
    for name in ("rigid", "adaptive", "clairvoyant"):
        assert arm_of(one, name)["deaths"] == pytest.approx(arm_of(other, name)["deaths"], abs=spare)
        # CVaR at 0 is the expectation.
        assert arm_of(one, name)["deaths_tail"] == pytest.approx(arm_of(one, name)["deaths"])
