"""With one type, one node and reach of 0 or 1 the planner is a covering model whose answers are known."""

from __future__ import annotations

import csv
from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.conftest import examples
from tests.planning import small
from tests.planning.small import area, covering, hospital, reached, routes, site, unit

Cover = dict[str, list[str]]


@st.composite
def covers(draw: st.DrawFn, *, every_area: bool = False) -> tuple[Cover, list[float]]:
    """Draw which of up to 5 sites covers which of up to 7 areas, and the harm in each area."""
    sites, areas = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    found: Cover = {}
    for s in range(sites):
        found[f"s{s}"] = [f"a{a}" for a in range(areas) if draw(st.booleans())]
    if every_area:
        for a in range(areas):
            found[f"s{draw(st.integers(0, sites - 1))}"].append(f"a{a}")
    return found, [float(draw(st.integers(1, 9))) for _ in range(areas)]


def matrix(cover: Cover, areas: int) -> np.ndarray:
    """Return 1 where a site covers an area; shape (areas, sites)."""
    return np.array([[float(f"a{a}" in names) for names in cover.values()] for a in range(areas)])


def most_covered(cover: np.ndarray, harm: np.ndarray, count: int) -> float:
    """Solve maximal covering (Church and ReVelle) as a model of its own: open `count` sites, cover the most harm."""
    areas, sites = cover.shape
    rows = np.block([[-cover, np.eye(areas)], [np.ones((1, sites)), np.zeros((1, areas))]])
    found = milp(
        np.concatenate([np.zeros(sites), -harm]),
        constraints=LinearConstraint(rows, ub=np.append(np.zeros(areas), count)),
        bounds=Bounds(0, 1), integrality=np.append(np.ones(sites), np.zeros(areas)),
    )  # fmt: skip
    assert found.fun is not None
    return -float(found.fun)


def fewest_sites(cover: np.ndarray) -> int:
    """Solve set covering (Toregas) as a model of its own: cover every area with the fewest sites."""
    sites = cover.shape[1]
    found = milp(
        np.ones(sites), constraints=LinearConstraint(cover, lb=1), bounds=Bounds(0, 1), integrality=[1] * sites
    )
    assert found.fun is not None
    return round(found.fun)


def covering_mission(cover: Cover, harm: list[float], units: int) -> small.Mission:
    """All units stand at a depot that reaches nothing, and may move anywhere for nothing."""
    areas = [area(f"a{a}", deaths) for a, deaths in enumerate(harm)]
    cover = {"depot": [], **cover}
    return small.mission(
        areas=areas, sites=[*(site(name) for name in cover), hospital()],
        units=[unit(f"u{i}", "depot") for i in range(units)], routes=covering(cover, areas),
    )  # fmt: skip


@examples(20, 2_000)
@given(covers(), st.integers(1, 3))
def test_one_type_and_one_node_is_maximal_covering(drawn, count):
    cover, harm = drawn
    best = most_covered(matrix(cover, len(harm)), np.array(harm), count) / sum(harm)
    assert reached(small.plan(covering_mission(cover, harm, count))) == pytest.approx(best, abs=1e-6)


@examples(10, 1_000)
@given(covers(every_area=True))
def test_the_cheapest_full_cover_is_set_covering(drawn):
    cover, harm = drawn
    made = small.plan(covering_mission(cover, harm, len(cover)))
    assert reached(made) == pytest.approx(1.0, abs=1e-6)
    stand = small.units_at(made)["2020-01"]
    assert sum(stand.values()) == fewest_sites(matrix(cover, len(harm)))
    assert reached(made, "cost") == pytest.approx(sum(stand.values()) * 100 / 1e6)


@examples(15, 1_000)
@given(covers(), st.integers(1, 3), st.sampled_from([0.25, 0.6, 0.9]))
def test_units_that_are_sometimes_busy_are_expected_covering(drawn, count, q):
    """MEXCLP (Daskin): q is one minus the busy share, and as many steps as units say it exactly."""
    cover, harm = drawn
    table = matrix(cover, len(harm))
    best = max(
        float(np.array(harm) @ (1 - (1 - q) ** table[:, list(chosen)].sum(axis=1)))
        for chosen in combinations_with_replacement(range(len(cover)), count)
    )
    options = small.Options(gap=0.0, threads=1, steps=count)
    made = small.plan(covering_mission(cover, harm, count), {"protection_q": q}, options)
    assert reached(made) == pytest.approx(best / sum(harm), abs=1e-6)


def test_with_one_step_a_second_unit_adds_nothing_to_an_area():
    one = covering_mission({"s0": ["a0"], "s1": []}, [1.0], 3)
    options = small.Options(gap=0.0, threads=1, steps=1)
    assert reached(small.plan(one, {"protection_q": 0.4}, options)) == pytest.approx(0.4, abs=1e-6)


@pytest.fixture(scope="module")
def san_francisco(shared):
    """Sites, census tracts, network distances between them [m], and people in each tract."""
    file = shared / "data" / "spopt_sf" / "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    sites, tracts = (sorted({row[name] for row in rows}) for name in ("name", "DestinationName"))
    distance_m, people = np.full((len(tracts), len(sites)), np.inf), np.zeros(len(tracts))
    for row in rows:
        tract = tracts.index(row["DestinationName"])
        distance_m[tract, sites.index(row["name"])] = float(row["distance"])
        people[tract] = float(row["demand"])
    return sites, tracts, distance_m, people


def in_san_francisco(real, units: int) -> small.Mission:
    """A kilometre is written as an hour on the road, so that reach ends at 5 hours; harm is people."""
    sites, tracts, distance_m, people = real
    hours = {
        (name, tract): float(distance_m[i, j]) / 1000
        for j, name in enumerate(sites) for i, tract in enumerate(tracts)
    }  # fmt: skip
    hours |= {("depot", tract): small.NEVER for tract in tracts}
    return small.mission(
        areas=[area(tract, count) for tract, count in zip(tracts, people, strict=True)],
        sites=[*(site(name) for name in ["depot", *sites]), hospital()],
        units=[unit(f"u{i}", "depot") for i in range(units)], routes=routes(hours),
    )  # fmt: skip


FIVE_KM = {"road_full_reach_hours": 5.0, "road_zero_reach_hours": 5.000001}


@pytest.mark.real_data
def test_four_sites_within_five_kilometres_cover_the_documented_share_of_san_francisco(san_francisco):
    """The package spopt documents that the plan for most people leaves 21 of 205 tracts uncovered."""
    people, cover = san_francisco[3], (san_francisco[2] <= 5000).astype(float)
    made = small.plan(in_san_francisco(san_francisco, 4), FIVE_KM)
    covered = (made.tables["protection"]["protected_share"] == 1.0).sum()
    assert covered == 205 - 21
    assert round(covered / 205 * 100, 3) == 89.756
    best = max(float(people @ (cover[:, list(four)].sum(axis=1) > 0)) for four in combinations(range(16), 4))
    assert reached(made) == pytest.approx(best / people.sum(), abs=1e-6)
    assert best == pytest.approx(most_covered(cover, people, 4))


@pytest.mark.real_data
def test_the_fewest_sites_that_cover_all_of_san_francisco(san_francisco):
    cover = (san_francisco[2] <= 5000).astype(float)
    made = small.plan(in_san_francisco(san_francisco, 16), FIVE_KM)
    assert reached(made) == pytest.approx(1.0, abs=1e-6)
    assert sum(small.units_at(made)["2020-01"].values()) == fewest_sites(cover)
