"""Neighbourhoods of maximal covering: what they prove holds, whatever was moved, and lies below the relaxation."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from bluehelm.solve import covering, covering_regions
from bluehelm.solve.covering import merge_areas, most_covered
from bluehelm.solve.covering_bound import Relaxed, relax_covering
from bluehelm.solve.covering_region import Region
from bluehelm.solve.covering_regions import Regions
from bluehelm.solve.covering_split import split_areas
from tests.conftest import examples
from tests.solve.test_covering import brute_force, by_milp, cases, covered, on_a_plane


def merged(reach, weight):
    table, harm = merge_areas(sparse.csr_array(reach), weight)
    return table[np.flatnonzero(np.diff(table.indptr))], harm


def soon():
    return time.monotonic() + 60


@pytest.fixture
def small_regions(monkeypatch):
    """As on a large table: neighbourhoods of two units, few leaves at first."""
    monkeypatch.setattr(covering_regions, "UNITS_PER_REGION", 2)
    monkeypatch.setattr(covering_regions, "FIRST_LEAVES", 4)
    monkeypatch.setattr(covering, "MOST_BRANCHED", 0)


@examples(40, 2_000)
@given(cases(), st.integers(1, 4), st.data())
def test_any_tolls_and_prices_prove_a_bound_on_whole_sites(case, per_region, data):
    reach, weight, units = case
    table, harm = merged(reach, weight)
    units = max(1, min(units, table.shape[0] - 1))
    if table.shape[0] <= units:
        return
    before, covering_regions.UNITS_PER_REGION = covering_regions.UNITS_PER_REGION, 1 / per_region
    draw = np.random.default_rng(data.draw(st.integers(0, 1_000)))
    price = harm * draw.uniform(0, 1, len(harm))
    try:
        regions = Regions(table, harm, units, Relaxed(float(harm.sum()), price, draw.uniform(0, 1, table.shape[0])))
    finally:
        covering_regions.UNITS_PER_REGION = before
    best = brute_force(table.toarray(), harm, units)
    for _ in range(2):
        assert regions.bound >= best - 1e-6
        regions.tighten(soon())


@examples(40, 2_000)
@given(cases(), st.integers(0, 1_000))
def test_leaves_of_a_region_bound_every_choice_at_its_tolls(case, seed):
    reach, weight, _ = case
    table, harm = merged(reach, weight)
    if not len(harm):
        return
    draw, sites = np.random.default_rng(seed), table.shape[0]
    region = Region(table, harm, np.arange(len(harm)), draw.uniform(0, 1, sites), harm * draw.uniform(0, 1, len(harm)))
    region.toll = draw.uniform(0, 1, sites) * harm.sum()
    region.leaves.value = region.values(region.leaves, region.leaves.price, region.toll)
    region.grow(6, soon())
    choices = (np.arange(2**sites)[:, None] >> np.arange(sites)) & 1
    most = max(covered(table.toarray(), harm, np.flatnonzero(some)) - region.toll @ some for some in choices)
    assert region.leaves.value.max() >= most - 1e-6
    # Each choice lies in exactly one leaf.
    used, free = region.leaves.used.T[None], region.leaves.free.T[None]
    inside = ((choices[:, None] == used) | free).all(axis=2)
    assert (inside.sum(axis=1) == 1).all()


@examples(40, 2_000)
@given(cases(), st.integers(1, 6))
def test_every_area_is_in_one_neighbourhood(case, parts):
    table, harm = merged(*case[:2])
    pieces = split_areas(table, harm, parts)
    assert sorted(np.concatenate(pieces).tolist()) == list(range(len(harm)))
    assert len(pieces) <= parts


def test_grounds_apart_are_split_apart():
    one, _ = on_a_plane(20, 100, 0.5, 3)
    both = np.kron(np.eye(2), one[:, one.any(axis=0)])
    halves = split_areas(sparse.csr_array(both), np.ones(both.shape[1]), 2)
    assert sorted(part[0] // (both.shape[1] // 2) for part in halves) == [0, 1]
    assert all(len(set((part // (both.shape[1] // 2)).tolist())) == 1 for part in halves)


def test_neighbourhoods_prove_less_than_the_relaxation_and_no_less_than_the_best(small_regions):
    reach, weight = on_a_plane(40, 300, 0.2, 0)
    table, harm = merged(reach, weight)
    relaxed = relax_covering(table, harm, 8)
    regions = Regions(table, harm, 8, relaxed)
    for _ in range(3):
        regions.tighten(soon())
    best = by_milp(reach, weight, 8)
    assert regions.bound >= best - 1e-6
    assert regions.bound - best < 0.7 * (relaxed.bound - best)


def test_what_is_solved_by_neighbourhoods_comes_to_the_gap_asked(small_regions):
    reach, weight = on_a_plane(40, 300, 0.2, 0)
    found, best = most_covered(sparse.csr_array(reach), weight, 8, gap=0.01, threads=1), by_milp(reach, weight, 8)
    assert found.covered <= best + 1e-9 <= found.bound + 1e-6
    assert found.gap <= 0.01


def test_threads_do_not_change_what_is_proven(small_regions):
    reach, weight = on_a_plane(40, 300, 0.2, 1)
    made = [most_covered(sparse.csr_array(reach), weight, 8, gap=0.01, threads=threads) for threads in (1, 2)]
    assert made[0].sites.tolist() == made[1].sites.tolist() and made[0].bound == made[1].bound


def test_stopped_at_once_neighbourhoods_still_prove_a_bound(small_regions):
    reach, weight = on_a_plane(40, 300, 0.2, 2)
    found = most_covered(sparse.csr_array(reach), weight, 8, gap=0.0, seconds=0.0)
    assert found.bound >= by_milp(reach, weight, 8) - 1e-6
