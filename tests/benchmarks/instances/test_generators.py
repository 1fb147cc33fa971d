"""Instances come back from their seeds, have a known solution, and every family of rows matters."""

from __future__ import annotations

import importlib.util
import sys

import highspy
import numpy as np
import pytest

from benchmarks.instances import SIZES, STAGES
from benchmarks.instances.check import check
from benchmarks.instances.files import arrays, fingerprint, in_highs, read_npz, write_mps, write_npz
from benchmarks.instances.full import full
from benchmarks.instances.ground import draw_ground
from benchmarks.instances.names import library, parse
from benchmarks.instances.operation import draw_operation
from benchmarks.instances.stripped import stripped
from benchmarks.instances.tree import branching

TINY = {"stages": 3, "branch": 2, "areas": 12, "sites": 8}
MAKERS = pytest.mark.parametrize("make", [stripped, full])
FAMILIES = {
    "balance", "exchange", "supply", "ceiling", "room", "guard", "lifecycle", "hours", "demand", "presence", "floor",
    "cash",
}  # fmt: skip


def best(instance, **options):
    solver = in_highs(instance)
    for name, value in ({"mip_rel_gap": 1e-6} | options).items():
        solver.setOptionValue(name, value)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return solver


def test_a_tree_of_four_stages_has_forty_nodes_whose_stages_add_up_to_one():
    tree = branching(4, 3)
    assert tree.nodes == 40
    assert np.bincount(tree.stage, tree.probability).tolist() == pytest.approx([1, 1, 1, 1])
    assert (tree.parent[1:] < np.arange(1, 40)).all() and tree.parent[0] == -1
    assert np.bincount(tree.parent[1:]).tolist() == [3] * 13
    assert tree.ancestor(2)[[0, 3, 4, 39]].tolist() == [-1, -1, 0, 4 - 1]


def test_a_tree_without_stages_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        branching(0, 3)


def test_values_multiply_along_paths():
    assert branching(3, 2).along_paths(np.array([2.0, 3, 5, 7, 1, 1, 11])).tolist() == [2, 6, 10, 42, 6, 10, 110]


@MAKERS
def test_the_same_seed_gives_the_same_arrays_and_another_seed_others(make):
    assert fingerprint(make(**TINY, seed=3)) == fingerprint(make(**TINY, seed=3))
    assert fingerprint(make(**TINY, seed=3)) != fingerprint(make(**TINY, seed=4))


def test_arrays_are_those_whose_fingerprints_were_published():
    """A change of either means new instances: raise VERSION and solve the library again."""
    assert fingerprint(parse("stripped_n13_small_s0").make())[:16] == "8ecfb9917cb224c7"
    assert fingerprint(parse("full_n13_small_s0").make())[:16] == "b1730dcd2f71a4aa"


@pytest.mark.real_data
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"stages": 3, "areas": 37, "sites": 5, "types": 3, "steps": 2, "q": 0.4, "seed": 7, "branch": 2},
        {"stages": 1, "seed": 3},
        {"stages": 5, "areas": 100, "sites": 20, "seed": 1},
    ],
)
def test_the_stripped_family_is_the_yardstick_array_by_array(shared, asked):
    source = importlib.util.spec_from_file_location("tree_instance", shared / "bench" / "tree_instance.py")
    assert source is not None and source.loader is not None
    theirs = importlib.util.module_from_spec(source)
    sys.modules["tree_instance"] = theirs
    source.loader.exec_module(theirs)
    expected, made = theirs.make(**asked), arrays(stripped(**asked))
    matrix = expected.matrix
    held = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": np.array(matrix.shape)}
    for name, values in made.items():
        other = held[name] if name in held else np.asarray(getattr(expected, name))
        assert values.dtype == other.dtype and values.shape == other.shape, name
        assert (values == other).all(), name


def test_doing_nothing_is_a_solution_of_the_stripped_family():
    instance = stripped(**TINY)
    found = check(arrays(instance), np.zeros(len(instance.objective)))
    assert found.holds and found.share == 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_staying_as_it_is_is_a_solution_of_the_full_family(size, seed):
    sites, areas = SIZES[size]
    instance = full(stages=4, areas=areas, sites=sites, seed=seed)
    found = check(arrays(instance), instance.extras["start"])
    assert found.holds, found


def test_every_family_of_rows_is_there_and_binds():
    """A row that binds has a price in the relaxation; what prices are 0 everywhere could be left out."""
    instance = full(stages=4, branch=2, areas=20, sites=8, seed=2)
    family, names = instance.extras["row_family"], instance.extras["row_families"].tolist()
    assert set(names) == FAMILIES
    prices = np.abs(best(instance, solve_relaxation=True).getSolution().row_dual)
    assert {name for number, name in enumerate(names) if prices[family == number].max() > 1e-7} == FAMILIES


def test_orders_arrive_after_their_lead_time_and_exits_after_notice():
    tree = branching(4, 1)
    operation = draw_operation(tree, draw_ground(tree, 20, 10, 0), 0)
    instance = full(stages=4, branch=1, areas=20, sites=10)
    column, row = instance.extras["column_family"], instance.extras["row_family"]
    columns, rows = instance.extras["column_families"].tolist(), instance.extras["row_families"].tolist()
    exchange = np.flatnonzero(row == rows.index("exchange"))
    orders = instance.matrix[exchange][:, np.flatnonzero(column == columns.index("order"))].toarray()
    # Type 0 takes one node, type 2 two: rows and columns run node by node, 8 types each.
    assert np.argwhere(orders[0::8, 0::8]).tolist() == [[1, 0], [2, 1], [3, 2]]
    assert np.argwhere(orders[2::8, 2::8]).tolist() == [[2, 0], [3, 1]]
    leave = instance.matrix[exchange][:, np.flatnonzero(column == columns.index("leave"))].toarray()
    assert np.argwhere(leave[0::8, 0::8]).tolist() == [[1, 0], [2, 1], [3, 2]]
    assert operation.arriving[:, 0].tolist() == [1, 0, 0, 0] and operation.arriving[:, 3].tolist() == [0, 1, 0, 0]


def test_each_column_of_the_full_family_says_its_node():
    instance = full(**TINY)
    stage, count = instance.extras["stage"], len(instance.parent)
    assert len(stage) == len(instance.objective) and set(stage) == set(range(count))
    # A row joins a node with itself, its parent and its parent's parent only.
    table = instance.matrix.tocoo()
    row_node = table.row // (instance.matrix.shape[0] // count)
    up = np.array([[n, instance.parent[n], instance.parent[instance.parent[n]]] for n in range(count)])
    assert (stage[table.col][:, None] == up[row_node]).any(axis=1).all()


@MAKERS
def test_what_is_written_is_read_back(make, tmp_path):
    instance = make(**TINY)
    write_npz(instance, tmp_path / "x.npz")
    again = read_npz(tmp_path / "x.npz")
    assert fingerprint(again) == fingerprint(instance)


@MAKERS
def test_mps_read_back_has_the_same_best_value(make, tmp_path):
    instance = make(stages=2, branch=2, areas=8, sites=4, seed=1)
    write_mps(instance, tmp_path / "x.mps")
    reader = highspy.Highs()
    reader.setOptionValue("output_flag", False)
    assert reader.readModel(str(tmp_path / "x.mps")) == highspy.HighsStatus.kOk
    assert (np.array([int(kind) for kind in reader.getLp().integrality_]) == instance.integer).all()
    reader.setOptionValue("mip_rel_gap", 1e-6)
    reader.run()
    expected = best(instance).getInfo().objective_function_value
    assert reader.getInfo().objective_function_value == pytest.approx(expected, rel=1e-6)


def test_a_name_that_would_not_give_mps_is_refused(tmp_path):
    """HiGHS chooses the format by the name: x.lp would hold something else than was asked for."""
    with pytest.raises(OSError, match=r"ends in \.mps"):
        write_mps(stripped(stages=1, areas=2, sites=1, seed=0), tmp_path / "x.lp")


def test_the_library_names_every_family_tree_and_ground():
    names = [str(name) for name in library()]
    assert len(names) == len(set(names)) == 2 * len(STAGES) * len(SIZES)
    assert [str(parse(name)) for name in names] == names
    with pytest.raises(ValueError, match="full_n40_medium_s0"):
        parse("full_n41_medium_s0")
