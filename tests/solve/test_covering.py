"""Maximal covering is exact where it says so, and its bound holds wherever it stops."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from bluehelm.errors import InvalidRecordError
from bluehelm.solve.covering import merge_areas, most_covered
from bluehelm.solve.covering_bound import onto_units, priced_bound, relax_covering
from tests.conftest import examples


def covered(reach, weight, sites):
    return float(weight[np.asarray(reach)[list(sites)].any(axis=0)].sum())


def brute_force(reach, weight, units):
    return max(covered(reach, weight, some) for some in combinations(range(len(reach)), min(units, len(reach))))


def by_milp(reach, weight, units):
    """Solve the textbook model, nothing merged and nothing settled."""
    sites, areas = reach.shape
    rows = np.block([[-reach.T, np.eye(areas)], [np.ones((1, sites)), np.zeros((1, areas))]])
    found = milp(
        np.concatenate([np.zeros(sites), -weight]),
        constraints=LinearConstraint(rows, ub=np.append(np.zeros(areas), units)),
        bounds=Bounds(0, 1), integrality=np.append(np.ones(sites), np.zeros(areas)), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert found.fun is not None
    return -float(found.fun)


def on_a_plane(sites, areas, radius, seed):
    draw = np.random.default_rng(seed)
    places, people = draw.uniform(0, 1, (sites, 2)), draw.uniform(0, 1, (areas, 2))
    reach = np.linalg.norm(places[:, None] - people[None], axis=2) <= radius
    return reach.astype(float), draw.lognormal(0, 1.5, areas)


@st.composite
def cases(draw):
    sites, areas = draw(st.integers(1, 8)), draw(st.integers(1, 12))
    reach = np.array(draw(st.lists(st.lists(st.sampled_from([0, 1]), min_size=areas, max_size=areas), min_size=sites,
                                   max_size=sites)), float)  # fmt: skip
    weight = np.array(draw(st.lists(st.integers(0, 9), min_size=areas, max_size=areas)), float)
    return reach, weight, draw(st.integers(0, sites + 1))


def test_greedy_choice_is_mended_by_a_swap():
    # The best first is the middle (6), then one end (2); the two ends cover all 10.
    reach = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]], float)
    found = most_covered(sparse.csr_array(reach), np.array([2.0, 3, 3, 2]), 2, gap=0.0)
    assert found.sites.tolist() == [0, 2]
    assert (found.covered, found.bound, found.gap) == (10.0, 10.0, 0.0)


def test_no_units_cover_nothing():
    found = most_covered(sparse.csr_array(np.ones((2, 2))), np.ones(2), 0)
    assert (found.sites.tolist(), found.covered, found.bound) == ([], 0.0, 0.0)


def test_sites_that_add_nothing_are_left_out():
    found = most_covered(sparse.csr_array(np.array([[1.0, 0], [0, 0], [0, 1]])), np.array([1.0, 2]), 3)
    assert found.sites.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("weight", "units"), [(np.ones(3), 1), (np.array([1.0, -1]), 1), (np.array([1.0, np.nan]), 1), (np.ones(2), -1)]
)
def test_weights_and_units_that_cannot_be_are_refused(weight, units):
    with pytest.raises(InvalidRecordError, match="were expected"):
        most_covered(sparse.csr_array(np.ones((2, 2))), weight, units)


@examples(100, 5_000)
@given(cases())
def test_small_cases_equal_brute_force(case):
    reach, weight, units = case
    found = most_covered(sparse.csr_array(reach), weight, units, gap=0.0, threads=1)
    best = brute_force(reach, weight, units)
    assert found.covered == pytest.approx(best)
    assert found.bound == pytest.approx(best, abs=1e-6)
    assert len(set(found.sites.tolist())) == len(found.sites) <= units
    assert covered(reach, weight, found.sites) == pytest.approx(found.covered)


@pytest.mark.parametrize(("radius", "units", "seed"), [(0.12, 8, 0), (0.2, 5, 1), (0.2, 12, 2), (0.35, 4, 3)])
def test_mid_sized_cases_equal_an_integer_program_of_its_own(radius, units, seed):
    reach, weight = on_a_plane(40, 300, radius, seed)
    found = most_covered(sparse.csr_array(reach), weight, units, gap=1e-7, threads=1)
    assert found.covered == pytest.approx(by_milp(reach, weight, units))
    assert found.gap <= 1e-6


@examples(30, 2_000)
@given(cases(), st.randoms(use_true_random=False))
def test_names_of_sites_and_areas_do_not_matter(case, shuffle):
    reach, weight, units = case
    sites, areas = list(range(len(reach))), list(range(len(weight)))
    shuffle.shuffle(sites)
    shuffle.shuffle(areas)
    one = most_covered(sparse.csr_array(reach), weight, units, gap=0.0, threads=1)
    other = most_covered(sparse.csr_array(reach[sites][:, areas]), weight[areas], units, gap=0.0, threads=1)
    assert one.covered == pytest.approx(other.covered)


@examples(30, 2_000)
@given(cases())
def test_one_more_unit_never_covers_less(case):
    reach, weight, units = case
    table = sparse.csr_array(reach)
    fewer = most_covered(table, weight, units, gap=0.0, threads=1)
    assert most_covered(table, weight, units + 1, gap=0.0, threads=1).covered >= fewer.covered - 1e-9


def test_stopped_at_once_the_bound_still_holds():
    reach, weight = on_a_plane(60, 500, 0.15, 5)
    table = sparse.csr_array(reach)
    found, best = most_covered(table, weight, 10, gap=0.0, seconds=0.0), most_covered(table, weight, 10, gap=1e-6)
    assert found.covered <= best.covered + 1e-9 and best.bound <= found.bound + 1e-6
    assert best.covered <= found.bound


def test_the_same_seed_gives_the_same_sites():
    reach, weight = on_a_plane(60, 500, 0.15, 6)
    made = [most_covered(sparse.csr_array(reach), weight, 10, seed=4, threads=1) for _ in range(2)]
    assert made[0].sites.tolist() == made[1].sites.tolist() and made[0].bound == made[1].bound


@examples(50, 2_000)
@given(cases(), st.lists(st.floats(0, 1), min_size=12, max_size=12))
def test_any_prices_prove_a_bound(case, parts):
    reach, weight, units = case
    table, harm = merge_areas(sparse.csr_array(reach), weight)
    units = min(max(units, 1), len(reach))
    price = harm * np.array(parts)[np.arange(len(harm)) % 12]
    assert priced_bound(table, harm, price, units) >= brute_force(reach, weight, units) - 1e-9


def test_the_relaxation_comes_close_to_the_linear_program():
    reach, weight = on_a_plane(60, 500, 0.15, 7)
    table, harm = merge_areas(sparse.csr_array(reach), weight)
    sites, areas = table.shape
    rows = sparse.vstack([sparse.hstack([-table.T, sparse.eye_array(areas)]),
                          sparse.csr_array(np.append(np.ones(sites), np.zeros(areas))[None, :])])  # fmt: skip
    limit = LinearConstraint(rows, ub=np.append(np.zeros(areas), 10))
    found = milp(np.append(np.zeros(sites), -harm), constraints=limit, bounds=Bounds(0, 1))
    assert found.fun is not None
    relaxed = relax_covering(table, harm, 10)
    assert -found.fun <= relaxed.bound + 1e-9
    assert relaxed.bound == pytest.approx(-found.fun, rel=5e-4)
    assert relaxed.share.sum() == pytest.approx(10) and relaxed.share.max() <= 1 + 1e-9


@examples(50, 2_000)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 3)), min_size=1, max_size=12), st.data())
def test_shares_are_brought_onto_the_units_by_the_shortest_way(pairs, data):
    wanted, pace = (np.array(part) for part in zip(*pairs, strict=True))
    units = data.draw(st.integers(1, len(pairs)))
    found = onto_units(wanted, pace, units)
    assert found.sum() == pytest.approx(units) and found.min() >= 0 and found.max() <= 1
    low, high = -10.0 / pace.min(), 10.0 / pace.min()
    for _ in range(200):  # the toll by halving
        middle = (low + high) / 2
        low, high = (middle, high) if np.clip(wanted - middle * pace, 0, 1).sum() > units else (low, middle)
    assert found == pytest.approx(np.clip(wanted - high * pace, 0, 1), abs=1e-6)


@examples(50, 2_000)
@given(cases())
def test_merged_areas_weigh_what_is_reached_and_no_two_are_alike(case):
    reach, weight, _ = case
    table, harm = merge_areas(sparse.csr_array(reach), weight)
    assert harm.sum() == pytest.approx(weight[reach.any(axis=0)].sum())
    columns = {tuple(column) for column in table.toarray().T}
    assert len(columns) == len(harm) == len({tuple(c) for c, w in zip(reach.T, weight, strict=True) if w and c.any()})
