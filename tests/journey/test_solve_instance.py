"""From a file of arrays to a proven solution: the same as HiGHS on the whole, and no more claimed than is true."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from benchmarks.instances.files import arrays, write_npz
from benchmarks.instances.stripped import stripped
from bluehelm.errors import NoSolutionError, StoppedError
from bluehelm.journey import solve_instance as story
from bluehelm.journey.solve_instance import GAPS, Course, solve_instance
from bluehelm.solve.highs import Outcome
from bluehelm.solve.instance import TOLERANCE, read_instance, worst_violation
from bluehelm.solve.method import is_small
from tests.solve.trees import MAKERS, best_of


def instance(folder, family="stripped", stages=2, seed=0, **other):
    path = folder / "instance.npz"
    made = MAKERS[family](stages=stages, branch=2, areas=5, sites=3, seed=seed)
    np.savez(path, **(arrays(made) | other))
    return path


@pytest.mark.parametrize(("family", "stages", "seed"), [("stripped", 2, 0), ("stripped", 3, 1), ("full", 2, 0)])
def test_the_best_share_lies_between_share_and_bound(tmp_path, family, stages, seed):
    path = instance(tmp_path, family, stages, seed)
    found = solve_instance(path, seconds=20.0, gap=0.002, threads=1, solution=tmp_path / "answer.npz")
    given = read_instance(path)
    best = -best_of(family, stages, seed) / given.base
    slack = 1e-6 * abs(best)
    assert found["share"] - slack <= best <= found["bound"] + slack
    assert found["status"] == "solved" and found["gap"] <= 0.002
    values = np.load(tmp_path / "answer.npz")["values"]
    assert worst_violation(given.problem, values) <= TOLERANCE
    assert -given.problem.cost @ values / given.base == pytest.approx(found["share"])
    assert found["input_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_where_no_plan_is_found_node_by_node_the_whole_is_solved(tmp_path):
    """Seen with HiGHS 1.15: at the first prices the root of this instance has no end."""
    found = solve_instance(instance(tmp_path, "full", 2, 2), seconds=20.0, gap=0.002, threads=1)
    assert found["status"] == "solved"
    assert found["gap"] <= 0.002


def test_rows_over_two_futures_are_solved_as_one(tmp_path):
    """All columns but the last are the root's by the file: the last node's stands in no row of the second's future."""
    made = stripped(stages=2, branch=2, areas=5, sites=3)
    stage = np.zeros(len(made.objective), np.int64)
    row = made.matrix[[0]].indices
    stage[row[0]], stage[row[-1]] = 1, 2
    found = solve_instance(instance(tmp_path, stage=stage), seconds=20.0, gap=0.002, threads=1)
    assert found["method"] == "whole"
    assert -found["share"] * made.base == pytest.approx(best_of("stripped", 2, 0), rel=0.002)


def test_the_same_file_and_seed_give_the_same_solution(tmp_path):
    path = instance(tmp_path, stages=3)
    answers = []
    for run in range(2):
        solve_instance(path, seconds=60.0, gap=0.01, solution=tmp_path / f"{run}.npz")
        answers.append((tmp_path / f"{run}.npz").read_bytes())
    assert answers[0] == answers[1]


def impossible(folder, **size):
    """Write an instance whose first units need more beds than there are, and say which file it is."""
    made = stripped(**{"stages": 2, "branch": 2, "areas": 5, "sites": 3, **size})
    lower = np.array(made.lower)
    lower[:24] = 50.0
    held: dict[str, Any] = arrays(made) | {"lower": lower}
    np.savez(folder / "impossible.npz", **held)
    return folder / "impossible.npz"


def test_a_problem_without_a_solution_is_told_as_proven_and_writes_nothing(tmp_path):
    with pytest.raises(NoSolutionError, match=r"has no solution, and more time will find none.*Rows in conflict"):
        solve_instance(impossible(tmp_path), seconds=5.0, threads=1, solution=tmp_path / "answer.npz")
    assert not (tmp_path / "answer.npz").exists()


def test_a_large_problem_without_a_solution_is_told_as_proven_too(tmp_path):
    path = impossible(tmp_path, stages=4, areas=60, sites=20)
    assert not is_small(read_instance(path).problem)
    with pytest.raises(NoSolutionError, match="Rows in conflict"):
        solve_instance(path, seconds=20.0, threads=1)


def small_arrays(matrix, row_lower, row_upper, **other):
    """Write the arrays of a problem in one node, all columns whole and 0 or more, to be minimised."""
    rows, columns = len(matrix), len(matrix[0])
    by_row = sparse.csr_array(np.array(matrix, float))
    return {
        "objective": np.zeros(columns), "lower": np.zeros(columns), "upper": np.full(columns, np.inf),
        "row_lower": np.array(row_lower, float), "row_upper": np.array(row_upper, float),
        "integer": np.ones(columns, bool), "data": by_row.data, "indices": by_row.indices, "indptr": by_row.indptr,
        "shape": np.array([rows, columns]), "parent": np.array([-1]), "probability": np.array([1.0]), "base": 1.0,
        "stage": np.zeros(columns, np.int64), **other,
    }  # fmt: skip


@pytest.mark.parametrize(("given", "told"), [
    # 2a - 2b = 1 has parts as its only solutions.
    (small_arrays([[2, -2]], [1], [1], upper=np.array([9.0, 9.0])), "ruled out every choice of whole numbers"),
    (small_arrays([[1, -1]], [0], [0], objective=np.array([-1.0, 0.0])),
     "gets better without end.*without limit \\(2, numbered from 0\\): 0, 1. Give"),
    # The objective has no end, but neither is there a solution: that is what is told.
    (small_arrays([[1, -1, 0], [0, 0, 1]], [0, 5], [0, 9], objective=np.array([-1.0, 0.0, 0.0]),
                  upper=np.array([np.inf, np.inf, 4.0])), "has no solution.*Rows in conflict \\(1, .*: 1. "),
])  # fmt: skip
def test_what_cannot_be_solved_says_why(tmp_path, given, told):
    np.savez(tmp_path / "given.npz", **given)
    with pytest.raises(NoSolutionError, match=told):
        solve_instance(tmp_path / "given.npz", seconds=5.0, threads=1)


def test_a_false_word_of_the_solver_on_a_large_problem_is_not_believed(tmp_path, monkeypatch):
    """HiGHS 1.15 has called problems impossible that it had simplified; without simplifying it finds the solution."""
    wrong = Outcome("infeasible", None, np.inf, np.inf)
    monkeypatch.setattr(story, "_solved", lambda *asked: ("whole", wrong))
    monkeypatch.setattr(story, "is_small", lambda problem: False)
    found = solve_instance(instance(tmp_path), seconds=20.0, gap=0.002, threads=1)
    assert found["status"] == "solved"
    assert -found["share"] * read_instance(instance(tmp_path)).base == pytest.approx(
        best_of("stripped", 2, 0), rel=0.01
    )


def test_where_nothing_was_found_or_ruled_out_more_time_is_asked_for(tmp_path, monkeypatch):
    nothing = Outcome("stopped", None, np.inf, -np.inf)
    monkeypatch.setattr(story, "_solved", lambda *asked: ("whole", nothing))
    with pytest.raises(StoppedError, match=r"nor a proof that there is none. Give more time"):
        solve_instance(instance(tmp_path), seconds=5.0, threads=1)
    monkeypatch.setattr(story, "_solved", lambda *asked: ("whole", replace(nothing, interrupted=True)))
    with pytest.raises(StoppedError, match="Stopped by hand"):
        solve_instance(instance(tmp_path), seconds=5.0, threads=1)


def test_the_course_notes_when_each_gap_was_first_reached():
    told = []
    course = Course(0.0, lambda *now: told.append(now))
    course(np.inf, -2.0)
    assert course.reached == {}
    course(-1.0, -1.015)
    assert set(course.reached) == {0.05, 0.02}
    before = dict(course.reached)
    course(-1.0, -1.001)
    assert set(course.reached) == set(GAPS)
    assert all(course.reached[mark] == when for mark, when in before.items())
    assert told == [(np.inf, -2.0), (-1.0, -1.015), (-1.0, -1.001)]


def test_the_instance_is_left_as_it_was(tmp_path):
    write_npz(stripped(stages=2, branch=2, areas=5, sites=3), tmp_path / "made.npz")
    before = (tmp_path / "made.npz").read_bytes()
    solve_instance(tmp_path / "made.npz", seconds=5.0, threads=1, solution=tmp_path / "answer.npz")
    assert (tmp_path / "made.npz").read_bytes() == before
