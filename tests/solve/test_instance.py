"""Instances from files: read as they were written, refused with a sentence where they cannot be, solutions checked."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.instances.files import arrays, write_npz
from benchmarks.instances.stripped import stripped
from bluehelm.errors import ImportFileError
from bluehelm.solve.instance import NEEDED, read_instance, worst_violation
from tests.solve.trees import problem_of

MADE = stripped(stages=2, branch=2, areas=5, sites=3)


def written(folder, **other):
    """Write a small instance with some arrays replaced, or left out where they are None."""
    held = {name: value for name, value in (arrays(MADE) | other).items() if value is not None}
    np.savez(folder / "instance.npz", **held)
    return folder / "instance.npz"


def with_one(name, place, value):
    """Return an array of the instance with one number changed."""
    changed = np.array(arrays(MADE)[name], float)
    changed[place] = value
    return {name: changed}


def test_an_instance_is_read_as_it_was_written(tmp_path):
    write_npz(MADE, tmp_path / "made.npz")
    found = read_instance(tmp_path / "made.npz")
    assert (found.problem.matrix.toarray() == MADE.matrix.toarray()).all()
    assert (found.problem.cost == MADE.objective).all()
    assert (found.problem.integer == MADE.integer).all()
    assert found.parent.tolist() == [-1, 0, 0]
    assert found.base == MADE.base


def test_the_node_of_a_column_follows_from_its_rows(tmp_path):
    """24 columns of units a node, then 24 of arrivals, and so on, each family node after node."""
    stage = read_instance(written(tmp_path)).stage
    assert stage[:72].tolist() == [0] * 24 + [1] * 24 + [2] * 24
    assert np.bincount(stage).tolist() == [len(stage) // 3] * 3


def test_the_node_of_a_column_is_taken_from_the_file_where_it_stands_there(tmp_path):
    given = np.zeros(len(MADE.objective), np.int64)
    assert read_instance(written(tmp_path, stage=given)).stage.tolist() == given.tolist()


def test_a_solution_to_start_from_may_stand_in_the_file(tmp_path):
    """No one anywhere satisfies every row of the stripped family."""
    assert read_instance(written(tmp_path)).start is None
    start = read_instance(written(tmp_path, start=np.zeros(len(MADE.objective)))).start
    assert start is not None and not start.any()


@pytest.mark.parametrize("name", NEEDED)
def test_an_array_that_is_missing_is_named(tmp_path, name):
    with pytest.raises(ImportFileError, match=f"lacks {name}"):
        read_instance(written(tmp_path, **{name: None}))


@pytest.mark.parametrize("name", [
    "objective", "lower", "upper", "row_lower", "row_upper", "integer", "indptr", "indices", "probability",
])  # fmt: skip
def test_an_array_of_the_wrong_length_is_named(tmp_path, name):
    with pytest.raises(ImportFileError, match=f"{name} has the shape"):
        read_instance(written(tmp_path, **{name: arrays(MADE)[name][:-1]}))


@pytest.mark.parametrize(("changed", "words"), [
    (with_one("objective", 3, np.nan), "objective"),
    (with_one("objective", 3, np.inf), "objective"),
    (with_one("lower", 0, np.nan), "lower passes"),
    (with_one("upper", 0, -1.0), "lower passes"),
    (with_one("row_upper", 0, np.nan), "row_lower passes"),
    (with_one("data", 0, np.nan), "not a matrix"),
    (with_one("probability", 1, np.nan), "chance"),
    (with_one("probability", 1, 0.4), "add up"),
    (with_one("probability", 0, 0.9), "chance"),
    (with_one("probability", 1, -0.1), "chance"),
    ({"parent": np.array([-1, -1, 0])}, "node 1"),
    ({"parent": np.array([-1, 2, 0])}, "node 1"),
    ({"parent": np.array([-1, 1, 0])}, "node 1"),
    ({"parent": np.array([1, -1, 0])}, "node 0"),
    ({"parent": np.zeros(0, int), "probability": np.zeros(0)}, "without a node"),
    ({"base": np.array(0.0)}, "base"),
    ({"base": np.array(np.nan)}, "base"),
    ({"base": np.array([1.0, 2.0])}, "base"),
    ({"shape": np.array([3])}, "shape"),
    ({"shape": np.array([0, 5])}, "shape"),
    ({"shape": np.array([np.nan, 5])}, "shape"),
    ({"stage": np.array([0, 1])}, "stage"),
    ({"stage": np.full(len(MADE.objective), 3)}, "stage"),
    ({"indices": np.full(MADE.matrix.nnz, 10**6)}, "not a matrix"),
    ({"indices": MADE.matrix.indices + 0.5}, "indices"),
    ({"parent": np.array([-1.0, np.nan, 0.0])}, "parent"),
    ({"parent": np.array(0)}, "parent"),
    ({"data": np.array(1.0)}, "data"),
    ({"data": np.array([["a"]])}, "data"),
    ({"objective": np.array(["much"] * len(MADE.objective))}, "objective"),
    ({"integer": np.full(len(MADE.objective), np.nan)}, "integer"),
    ({"shape": np.array(["ten", "ten"])}, "shape"),
    ({"base": np.array("all")}, "base"),
    ({"start": np.full(len(MADE.objective), 99.0)}, "start"),
    ({"start": np.full(len(MADE.objective), np.nan)}, "start"),
    ({"start": np.zeros(3)}, "start"),
    ({"start": np.array(["some"] * len(MADE.objective))}, "start"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(tmp_path, changed, words):
    with pytest.raises(ImportFileError, match=words):
        read_instance(written(tmp_path, **changed))


def test_a_file_that_is_not_there_or_none_of_ours_is_refused(tmp_path):
    with pytest.raises(ImportFileError, match="not there"):
        read_instance(tmp_path / "none.npz")
    with pytest.raises(ImportFileError, match="not there"):
        read_instance(tmp_path)
    for content in (b"", b"words", b"PK\x03\x04 and no more"):
        (tmp_path / "other.npz").write_bytes(content)
        with pytest.raises(ImportFileError, match="cannot be read"):
            read_instance(tmp_path / "other.npz")
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_instance(tmp_path / "one.npy")
    np.savez(tmp_path / "objects.npz", objective=np.array([object()], dtype=object))
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_instance(tmp_path / "objects.npz")


def test_a_file_that_was_cut_off_or_spoilt_is_refused(tmp_path):
    write_npz(MADE, tmp_path / "made.npz")
    whole = (tmp_path / "made.npz").read_bytes()
    spoilt = bytearray(whole)
    spoilt[60:90] = bytes(30)
    for content in (whole[: len(whole) // 2], bytes(spoilt)):
        (tmp_path / "bad.npz").write_bytes(content)
        with pytest.raises(ImportFileError, match="cannot be read"):
            read_instance(tmp_path / "bad.npz")


def test_a_solution_is_measured_against_rows_bounds_and_whole_numbers():
    problem = problem_of([[1.0, 1.0]], [1.0], [400.0], [0, 0], upper=[300.0, np.inf], integer=[True, False])
    assert worst_violation(problem, np.array([2.0, 0.5])) == 0
    assert worst_violation(problem, np.array([0.0, 0.25])) == pytest.approx(0.75)
    assert worst_violation(problem, np.array([1.0, -0.5])) == pytest.approx(0.5)
    assert worst_violation(problem, np.array([1.25, 0.0])) == pytest.approx(0.25)
    assert worst_violation(problem, np.array([303.0, 0.0])) == pytest.approx(0.01)
