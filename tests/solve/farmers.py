"""The farmer with any number of scenarios, by the rule of mpi-sppy's example: in threes around the published yields."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from bluehelm.solve.stages import Outcomes, StagedProgram
from bluehelm.solve.stages_file import read_stages

PUBLISHED = Path(__file__).resolve().parents[1] / "data" / "published"
CROPS = ("wheat_yield", "corn_yield", "beets_yield")


def farmer(scenarios: int, stated: str = "farmer") -> StagedProgram:
    """State the farmer with equally likely yields, as the book does ("farmer") or mpi-sppy ("farmer_row_for_row").

    Scenario i has the yields of the published outcome i mod 3; from the fourth on, each crop gets a number from 0 to 1
    more, drawn in the order wheat, corn, beets by NumPy's Mersenne twister seeded with i (mpi-sppy 0.14,
    mpisppy/tests/examples/farmer.py).
    """
    program = read_stages(PUBLISHED / f"{stated}.toml")
    sow, harvest = program.stages
    number = np.arange(scenarios)
    # The published answers hang on these very draws, so the old generator it is.
    stream, drawn = np.random.RandomState(), np.zeros((scenarios, len(CROPS)))
    for i in number[3:]:
        stream.seed(i)
        drawn[i] = stream.random_sample(len(CROPS))
    yields = {crop: harvest.outcomes.data[crop][number % 3] + drawn[:, at] for at, crop in enumerate(CROPS)}
    outcomes = Outcomes(np.full(scenarios, 1 / scenarios), yields)
    return replace(program, name=f"Farmer, {scenarios} scenarios", stages=(sow, replace(harvest, outcomes=outcomes)))
