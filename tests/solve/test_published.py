"""Published answers of stochastic programs, each reproduced to the tolerance that its source states.

Stated as data in tests/data/published: the farmer of Birge and Louveaux (with the scenarios of mpi-sppy's example), and
documented examples of SDDP.jl, there found by dual dynamic programming, here by the whole tree at once.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bluehelm.solve.stages import Outcomes, StagedProgram, States
from bluehelm.solve.stages_file import read_stages
from bluehelm.solve.stages_tree import solve_stages
from tests.solve.farmers import PUBLISHED, farmer

FILES = sorted(PUBLISHED.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_published_best_value_is_reached_and_proven(path):
    program = read_stages(path)
    answer = solve_stages(program)
    assert answer.objective == pytest.approx(program.published, rel=0, abs=program.tolerance)
    assert answer.bound == pytest.approx(answer.objective, rel=1e-9)


def test_every_case_that_is_promised_is_there():
    assert {path.stem for path in FILES} == {
        "air_conditioning", "capacity_three_stages", "capacity_two_stages", "farm", "farmer", "farmer_row_for_row",
        "hydro_valley", "newsvendor",
    }  # fmt: skip


def test_the_farmer_sows_as_the_book_says():
    # Birge and Louveaux, table 5: 170 acres of wheat, 80 of corn, 250 of beets.
    decision = solve_stages(farmer(3)).decision
    assert decision == pytest.approx({"wheat": 170.0, "corn": 80.0, "beets": 250.0})


@pytest.mark.parametrize("stated", ["farmer", "farmer_row_for_row"])
@pytest.mark.parametrize(("scenarios", "published"), [(3, -108_390.0), (10, -122_146.70), (1_000, -132_750.32)])
def test_the_farmer_of_many_scenarios_reaches_the_value_of_mpi_sppy(scenarios, published, stated):
    assert solve_stages(farmer(scenarios, stated)).objective == pytest.approx(published, rel=0, abs=0.01)


def valley(*, rain: bool, prices: bool) -> StagedProgram:
    """Return the hydro valley with rain that turns out or stays away, and prices that move or follow one path."""
    program = read_stages(PUBLISHED / "hydro_valley.toml")
    stages = []
    for stage in program.stages:
        if not rain:
            stage = replace(stage, outcomes=Outcomes(np.ones(1), _first(stage.outcomes.data)))
        if not prices:
            stage = replace(stage, states=States(data=_first(stage.states.data)))
        stages.append(stage)
    return replace(program, stages=tuple(stages))


def _first(data):
    return {name: values[:1] for name, values in data.items()}


@pytest.mark.parametrize(
    ("rain", "prices", "published", "tolerance", "nodes"),
    [(False, False, 835.0, 1e-3, 3), (True, False, 838.33, 1e-2, 13), (False, True, 851.8, 1e-2, 7),
     (True, True, 855.0, 1.0, 43)],
)  # fmt: skip
def test_the_hydro_valley_is_worth_what_sddp_jl_documents_with_and_without_rain_and_prices(
    rain, prices, published, tolerance, nodes
):
    answer = solve_stages(valley(rain=rain, prices=prices))
    assert answer.objective == pytest.approx(published, rel=0, abs=tolerance)
    assert answer.nodes == nodes
