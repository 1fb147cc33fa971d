"""Programs of stages that cannot be are refused in a sentence that names the place."""

from __future__ import annotations

import numpy as np
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.solve.stages import Column, Outcomes, Stage, StagedProgram, States
from bluehelm.solve.stages_text import Row, Term

STOCK = Column("stock")


def refused(**change):
    with pytest.raises(InvalidRecordError) as told:
        Stage(**{"name": "May", "columns": (STOCK,), "rows": (), "cost": (), **change})
    return str(told.value)


@pytest.mark.parametrize(
    ("values", "total"), [([0.5, 0.4], "sum to 0.9"), ([1.5, -0.5], "sum to 1"), ([np.nan, 1.0], "sum to nan")]
)
def test_probabilities_that_are_none_are_refused(values, total):
    told = refused(outcomes=Outcomes(np.array(values)))
    assert told.startswith("stage 'May' has the probabilities") and total in told


def test_chances_after_each_state_sum_to_one():
    assert "0.3, 0.6, which sum to 0.9" in refused(states=States(("low", "high"), np.array([[0.5, 0.5], [0.3, 0.6]])))


def test_a_tree_without_a_future_is_refused():
    assert "would end there without a future" in refused(outcomes=Outcomes(np.zeros(0)))


@pytest.mark.parametrize(
    "change",
    [
        {"columns": (STOCK, STOCK)},
        {"rows": (Row("limit", (Term(1.0),), "<="),) * 2},
        {"states": States(("low", "low"), np.array([[0.5, 0.5]]))},
    ],
)
def test_repeated_names_are_refused(change):
    assert "2 times. Rename or remove all but one." in refused(**change)


def program(*stages, **given):
    return StagedProgram(name="Stock", source="made up", stages=stages, **given)


def stage(name, **given):
    return Stage(**{"name": name, "columns": (STOCK,), "rows": (), "cost": (), **given})


def test_a_program_has_stages_and_each_its_own_name():
    with pytest.raises(InvalidRecordError, match="'Stock' has no stages"):
        program()
    with pytest.raises(InvalidRecordError, match="'Stock' has 'May' 2 times"):
        program(stage("May"), stage("May"))


def test_the_first_stage_has_one_present():
    with pytest.raises(InvalidRecordError, match="Stage 'May' is the first and has several outcomes"):
        program(stage("May", outcomes=Outcomes(np.array([0.5, 0.5]))))


def test_a_state_follows_states_that_are_there():
    three = States(("low", "high"), np.full((3, 2), 0.5))
    with pytest.raises(InvalidRecordError, match="Stage 'June' gives chances after 3 states; the stage before has 1"):
        program(stage("May"), stage("June", states=three))


def test_what_is_carried_over_stood_there_before():
    carried = (Term(1.0, (), "stok", True),)
    with pytest.raises(InvalidRecordError, match=r"Stage 'June' uses stok\[-1\].*Nearest name: 'stock'"):
        program(stage("May"), stage("June", cost=carried))
    with pytest.raises(InvalidRecordError, match=r"known are -"):
        program(stage("May", cost=carried))
    assert program(stage("May", cost=carried), initial={"stok": 1.0}).initial == {"stok": 1.0}
