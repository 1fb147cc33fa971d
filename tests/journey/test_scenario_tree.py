"""A mission with the futures of a forecast: planned by hand, mass kept, and refused where it cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bluehelm.checks.mission_check import check_folder
from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.forecast import Forecast
from bluehelm.foresight.states import Chain, Value
from bluehelm.journey.scenario_tree import TreeRules, scenario_tree
from bluehelm.mission.folder import read_mission, write_mission
from bluehelm.mission.mandate import Condition
from bluehelm.mission.months import Month
from bluehelm.mission.template import write_template
from tests.planning import small

KM = 1 / 111.2  # degrees of latitude


def forecast(paths, places, origin=small.FIRST + -1) -> Forecast:
    areas = pl.DataFrame(
        {
            "area_id": list(places), "name": list(places), "latitude_deg": [at[0] for at in places.values()],
            "longitude_deg": [at[1] for at in places.values()], "population_persons": [1000] * len(places),
        }
    )  # fmt: skip
    return Forecast(areas, origin, np.array(paths, np.int32), "by hand")


A, B = (13.0, 25.0), (13.0, 27.0)
# Month 1 tells where month 2 strikes: at a on three paths, at b on one.
STRIKES = [[[4, 4], [0, 0]]] * 3 + [[[0, 0], [4, 4]]]
TWO = TreeRules(stages=(0, 1), leaves=2)


def one_unit(**more) -> small.Mission:
    areas = [small.area("a", place=A), small.area("b", place=B)]
    return small.mission(
        areas=areas, sites=[small.site("s"), small.site("t"), small.hospital()], units=[small.unit("u", "s")], months=2,
        routes=small.covering({"s": ["a"], "t": ["b"]}, areas), **more,
    )  # fmt: skip


def risk(mission) -> dict[tuple[str, str, str], float]:
    rows = mission.risk.select("node_id", "area_id", "month", "fatalities_per_month").iter_rows()
    return {(node, area, month): deaths for node, area, month, deaths in rows}


def reach(mission) -> np.ndarray:
    """Chance of each node, parents first."""
    chance: dict[str, float] = {"": 1.0}
    for node in mission.nodes:
        chance[node.node_id] = chance[node.parent_id] * node.probability
    return np.array([chance[node.node_id] for node in mission.nodes])


def expected(mission) -> float:
    """Deaths expected over all months and futures, as the rows of risk.csv say."""
    chance = dict(zip((node.node_id for node in mission.nodes), reach(mission), strict=True))
    return sum(chance[node] * deaths for (node, _, _), deaths in risk(mission).items())


def test_nodes_and_risk_are_as_worked_out_by_hand():
    made = scenario_tree(forecast(STRIKES, {"a": A, "b": B}), one_unit(), rules=TWO).mission
    assert [(n.node_id, n.parent_id, n.months, n.probability) for n in made.nodes] == [
        ("m00", "", 1, 1.0), ("m01_01", "m00", 1, 0.75), ("m01_02", "m00", 1, 0.25),
    ]  # fmt: skip
    assert risk(made) == {
        ("m00", "a", "2020-01"): 3.0, ("m00", "b", "2020-01"): 1.0, ("m01_01", "a", "2020-02"): 4.0,
        ("m01_01", "b", "2020-02"): 0.0, ("m01_02", "a", "2020-02"): 0.0, ("m01_02", "b", "2020-02"): 4.0,
    }  # fmt: skip


@pytest.mark.parametrize(("leaves", "protected"), [(1, 6 / 8), (2, 7 / 8)])
def test_a_plan_follows_violence_as_far_as_the_tree_tells_it_apart(leaves, protected):
    # The unit stands at a in month 1 (3 of 4 deaths); in month 2 it can follow only if a node knows.
    made = scenario_tree(forecast(STRIKES, {"a": A, "b": B}), one_unit(), rules=replace(TWO, leaves=leaves)).mission
    assert small.reached(small.plan(made)) == pytest.approx(protected, abs=1e-6)


def test_the_mission_given_is_not_touched_and_the_rest_of_it_stays():
    given = one_unit()
    before = one_unit()
    made = scenario_tree(forecast(STRIKES, {"a": A, "b": B}), given, rules=TWO).mission
    assert given == before
    assert replace(made, nodes=(), risk=None, sources=given.sources) == given
    assert "'by hand' at the end of 2019-12, 4 sample paths" in made.sources["forecast"]


def test_areas_of_another_name_count_in_the_nearest_one_and_what_is_outside_is_said():
    near, far = (A[0] + 20 * KM, A[1]), (A[0] + 100 * KM, A[1])
    given = forecast([[[1, 1], [2, 2], [5, 5]]], {"a": A, "village": near, "elsewhere": far})
    made = scenario_tree(given, one_unit(), rules=TWO)
    assert risk(made.mission) == {("m00", "a", "2020-01"): 3.0, ("m01_01", "a", "2020-02"): 3.0}
    assert made.record["areas"] | {"share_of_deaths_outside": 0} == {
        "forecast": 3, "by_name": 1, "by_name_but_far": 0, "by_place": 1, "outside": 1, "share_of_deaths_outside": 0,
        "keep_their_own_risk": ["b"],
    }  # fmt: skip
    assert made.record["areas"]["share_of_deaths_outside"] == pytest.approx(10 / 16)
    said = " ".join(made.lines)
    assert "outside: 1, with 62.5% of the deaths" in said
    assert "They keep their own risk: b." in said


def test_an_area_of_the_same_name_far_away_is_said():
    made = scenario_tree(forecast([[[1, 1]]], {"a": (14.0, 25.0)}), one_unit(), rules=TWO)
    assert "lie more than 30 km from every area of it: 1." in " ".join(made.lines)


def test_deaths_expected_are_those_of_the_forecast_inside():
    rng = np.random.default_rng(2)
    paths = rng.poisson(rng.gamma(0.4, 5, (50, 3, 1)), (50, 3, 6))
    given = forecast(paths, {"a": A, "x": (B[0] + 5 * KM, B[1]), "b": B}, origin=small.FIRST + -3)
    mission = replace(one_unit(), setting=replace(one_unit().setting, months=4))
    for leaves in (1, 5, 50):
        rules = TreeRules(stages=(0, 1, 3), leaves=leaves, least_share=0)
        made = scenario_tree(given, mission, rules=rules).mission
        # The forecast stands two months earlier: its months 3 to 6 are the ones planned.
        assert expected(made) == pytest.approx(paths[:, :, 2:].sum() / 50, abs=1e-4)


def talks(**more) -> Chain:
    at_war = Value(state="peace", name="war")
    return Chain("peace", (at_war, Value(state="peace", name="truce", chances=(0.25,), **more)))


def test_a_state_multiplies_risk_where_it_says_and_keeps_its_chance():
    calm = forecast([[[2, 2], [6, 6]]], {"a": A, "b": B})
    made = scenario_tree(calm, one_unit(), [talks(risk_factor=0.5, risk_areas=("b",))], TWO).mission
    assert [node.probability for node in made.nodes] == [1.0, 0.75, 0.25]
    assert [node.note for node in made.nodes[1:]] == [
        "1 of 1 sample paths; peace: war", "1 of 1 sample paths; peace: truce",
    ]  # fmt: skip
    found = risk(made)
    assert [found["m01_02", area, "2020-02"] for area in ("a", "b")] == [2.0, 3.0]
    assert [found["m01_01", area, "2020-02"] for area in ("a", "b")] == [2.0, 6.0]


def test_a_state_that_is_not_told_apart_leaves_its_mean():
    calm = forecast([[[2, 2], [6, 6]]], {"a": A, "b": B})
    made = scenario_tree(calm, one_unit(), [talks(risk_factor=0.5)], replace(TWO, leaves=1)).mission
    assert risk(made)["m01_01", "b", "2020-02"] == pytest.approx(6 * (0.75 + 0.25 * 0.5))


def test_a_state_reaches_areas_of_which_the_forecast_says_nothing():
    given = replace(
        one_unit(),
        risk=pl.DataFrame({"area_id": ["b"], "month": ["2020-01"], "fatalities_per_month": [9.0], "node_id": [""],
                           "source": ["hand"], "status": ["assumed"], "note": ["hand"]}),
    )  # fmt: skip
    made = scenario_tree(forecast([[[2, 2]]], {"a": A}), given, [talks(risk_factor=0.5)], TWO).mission
    found = {key: deaths for key, deaths in risk(made).items() if key[1] == "b"}
    assert found == {("m00", "b", "2020-01"): 9.0, ("m01_01", "b", "2020-02"): 1.0, ("m01_02", "b", "2020-02"): 0.5}
    untouched = scenario_tree(forecast([[[2, 2]]], {"a": A}), given, rules=TWO).mission
    assert {key: v for key, v in risk(untouched).items() if key[1] == "b"} == {("", "b", "2020-01"): 9.0}


def test_money_follows_a_state_and_is_refused_where_there_are_no_receipts():
    cut = talks(receipts_share=0.8)
    paid = one_unit(budget=(small.money("receipt", 1000),))
    calm = forecast([[[2, 2]]], {"a": A})
    made = scenario_tree(calm, paid, [cut], TWO)
    assert [node.receipts_scale for node in made.mission.nodes] == [1.0, 1.0, 0.8]
    assert made.record["transport_distance"]["receipts"]["relative"] == 0
    with pytest.raises(InvalidRecordError, match=r"budget\.csv of the mission has none"):
        scenario_tree(calm, one_unit(), [cut], TWO)


def test_conditions_follow_states_or_else_their_own_month():
    conditions = [
        Condition(condition_id="truce", text="t", holds_from=small.FIRST, **small.KNOWN),
        Condition(condition_id="vote", text="v", holds_from=small.FIRST + 1, **small.KNOWN),
    ]
    calm = forecast([[[2, 2]]], {"a": A})
    made = scenario_tree(calm, one_unit(conditions=conditions), [talks(conditions=("truce",))], TWO).mission
    assert [node.conditions for node in made.nodes] == [(), ("vote",), ("truce", "vote")]
    alone = scenario_tree(calm, one_unit(conditions=conditions), rules=TWO).mission
    assert [node.conditions for node in alone.nodes] == [("truce",), ("truce", "vote")]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"risk_factor": 2.0, "risk_areas": ("aa",)}, "Nearest name: 'a'"),
        ({"conditions": ("truse",)}, "Nearest name: 'truce'"),
    ],
)
def test_a_state_that_names_what_the_mission_does_not_have_is_refused(state, said):
    truce = Condition(condition_id="truce", text="t", **small.KNOWN)
    with pytest.raises(InvalidRecordError, match=said):
        scenario_tree(forecast([[[2, 2]]], {"a": A}), one_unit(conditions=[truce]), [talks(**state)], TWO)


@pytest.mark.parametrize(
    ("given", "rules", "said"),
    [
        (forecast([[[2]]], {"a": A}), TWO, "covers 2020-01 to 2020-01; the mission is planned from 2020-01 to 2020-02"),
        (forecast([[[2, 2]]], {"a": A}, small.FIRST), TWO, "Forecast from origin 2019-12 with a horizon of 2 months"),
        (forecast([[[2, 2]]], {"x": (-33.0, 18.0)}), TWO, "None of the 1 areas"),
        (forecast([[[2, -2]]], {"a": A}), TWO, "1 numbers of deaths in the forecast are below 0"),
        (forecast([[[2, 2]]], {"a": A}), replace(TWO, stages=(1, 2)), "begin with 0 and rise"),
        (forecast([[[2, 2]]], {"a": A}), replace(TWO, stages=(0, 2, 1)), "begin with 0 and rise"),
        (forecast([[[2, 2]]], {"a": A}), replace(TWO, stages=()), "begin with 0 and rise"),
        (forecast([[[2, 2]]], {"a": A}), replace(TWO, leaves=0), "1 or more was expected"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_to_do(given, rules, said):
    with pytest.raises(InvalidRecordError, match=said):
        scenario_tree(given, one_unit(), rules=rules)


def test_a_forecast_without_violence_gives_one_future():
    made = scenario_tree(forecast(np.zeros((9, 2, 2)), {"a": A, "b": B}), one_unit(), rules=TWO)
    assert made.record["leaves"] == 1 and set(risk(made.mission).values()) == {0.0}
    assert made.record["transport_distance"]["violence"]["relative"] == 0


def test_more_paths_than_candidates_give_the_same_tree_for_the_same_seed(monkeypatch):
    monkeypatch.setattr("bluehelm.foresight.tree_growth.MOST_CANDIDATES", 20)
    given = forecast(np.random.default_rng(1).poisson(3, (200, 2, 2)), {"a": A, "b": B})
    rules = (TreeRules((0, 1), branches=(6,), seed=seed) for seed in (7, 7, 8))
    first, again, other = (scenario_tree(given, one_unit(), rules=one).mission for one in rules)
    assert first == again != other


def test_the_tree_of_the_example_mission_passes_its_check(tmp_path):
    write_template(tmp_path / "mission")
    mission = read_mission(tmp_path / "mission")
    deaths = np.array([area.fatalities_per_month for area in mission.areas])
    rng = np.random.default_rng(0)
    paths = rng.poisson(rng.gamma(0.5, 2, (100, 1, 1)) * deaths[:, None], (100, len(deaths), 12))
    places = {area.area_id: (area.latitude_deg, area.longitude_deg) for area in mission.areas}
    truce = Value(state="peace", name="truce", chance_per_year=0.5, conditions=("ceasefire_holds",))
    chain = Chain("peace", (Value(state="peace", name="talks"), truce))
    made = scenario_tree(forecast(paths, places, Month(2026, 12)), mission, [chain])
    write_mission(made.mission, tmp_path / "with_tree")
    again, faults = check_folder(tmp_path / "with_tree")
    assert again == made.mission
    assert [fault for fault in faults if fault.grade == "error"] == []
    assert {"talks", "truce"} <= {word for node in made.mission.nodes for word in node.note.replace(";", " ").split()}
    assert "The 5 nodes of the mission" in " ".join(made.lines)
    assert made.record["leaves"] == 8
