"""The method for large trees on programs whose best value is known: it never claims more than is true."""

from __future__ import annotations

import pytest
from hypothesis import given

from bluehelm.solve.highs import Limits
from bluehelm.solve.stages import StagedProgram
from bluehelm.solve.stages_file import program_from, read_stages
from bluehelm.solve.stages_tree import assemble, parents_of, solve_stages
from bluehelm.solve.tree import tree_problem
from bluehelm.solve.tree_method import solve_tree
from tests.conftest import examples
from tests.solve.farmers import PUBLISHED
from tests.solve.inventories import inventory, months
from tests.solve.problems import breach

LIMITS = Limits(gap=1e-3, seconds=2.0, threads=1)


def told_truly(program: StagedProgram) -> None:
    sign = -1.0 if program.maximise else 1.0
    best = sign * solve_stages(program).objective
    problem = assemble(program)
    tree = tree_problem(problem, parents_of(program), problem.stage)
    assert tree is not None
    found = solve_tree(tree, LIMITS)
    slack = 1e-6 * max(1.0, abs(best))
    assert found.bound <= best + slack
    if found.values is not None:
        assert breach(problem, found.values) < 1e-5
        assert found.objective >= best - slack


@pytest.mark.parametrize("path", sorted(PUBLISHED.glob("*.toml")), ids=lambda path: path.stem)
def test_no_bound_passes_a_published_best_value(path):
    told_truly(read_stages(path))


@examples(40, 500)
@given(months())
def test_no_bound_passes_the_best_value_of_an_inventory(drawn):
    told_truly(program_from(inventory(drawn), "made up"))
