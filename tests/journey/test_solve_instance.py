"""From a file of arrays to a proven solution: the same as HiGHS on the whole, and no more claimed than is true."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from benchmarks.instances.files import arrays, write_npz
from benchmarks.instances.stripped import stripped
from bluehelm.errors import StoppedError
from bluehelm.journey.solve_instance import GAPS, Course, solve_instance
from bluehelm.solve.instance import TOLERANCE, read_instance, worst_violation
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


def test_a_problem_without_a_solution_ends_in_a_sentence_and_writes_nothing(tmp_path):
    made = stripped(stages=2, branch=2, areas=5, sites=3)
    lower = np.array(made.lower)
    lower[:24] = 50.0
    with pytest.raises(StoppedError, match="No solution"):
        solve_instance(instance(tmp_path, lower=lower), seconds=2.0, threads=1, solution=tmp_path / "answer.npz")
    assert not (tmp_path / "answer.npz").exists()


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
