"""Files that state a program of stages are read strictly."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import BluehelmError, InvalidRecordError
from bluehelm.solve.stages_file import program_from, read_stages
from tests.conftest import examples
from tests.solve.inventories import inventory

COIN = [{"probability": 0.5, "demand": 1}, {"probability": 0.5, "demand": 3}]
CHAIN = [{"name": "low", "chance": 0.5, "demand": 1}, {"name": "high", "chance": 0.5, "demand": 3}]
AFTER = [
    {"name": "low", "chance": {"low": 0.75, "high": 0.5}, "demand": 1},
    {"name": "high", "chance": {"low": 0.25, "high": 0.5}, "demand": 3},
]
GOOD = inventory([{"data": {"demand": 1}}, {"outcome": COIN}, {"state": CHAIN}, {"state": AFTER}])


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return the good file with another value at one place; None takes it out."""
    raw = deepcopy(GOOD)
    at: Any = raw
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return raw


def test_a_stage_like_another_takes_what_it_does_not_give_anew():
    raw = inventory([{"data": {"demand": 1}}, {"outcome": COIN}])
    raw["stage"].append({"name": "last", "like": "month 1", "cost": "0"})
    second, third = program_from(raw, "f").stages[1:]
    assert third.rows == second.rows and third.columns == second.columns
    assert third.outcomes.data["demand"].tolist() == [1.0, 3.0]
    assert third.cost != second.cost


def test_chances_stand_by_the_state_before():
    assert program_from(GOOD, "f").stages[3].states.chance.tolist() == [[0.75, 0.25], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("sens",), "min", "f has an unknown key 'sens'. Nearest name: 'sense'"),
        (("sense",), "least", "f has sense = 'least'; min or max was expected"),
        (("sense",), None, "f has no 'sense'. Add it."),
        (("published",), "1", "f has published = '1'; a number was expected"),
        (("initial",), {}, r"Stage 'month 0' uses stored\[-1\], which has no value before it"),
        (("stage",), [], "'Inventory' has no stages"),
        (("stage",), 3, "a list in square brackets was expected"),
        (("stage", 1, "name"), "month 0", "f has 'month 0' 2 times"),
        (("stage", 1, "like"), "month 2", "is like 'month 2', which is no stage before it"),
        (("stage", 1, "like"), ["month 0"], "text in quotes was expected"),
        (("stage", 1, "columns", "made"), 3, "made = 3; a table was expected"),
        (("stage", 1, "columns", "made", "whole"), 1, "whole = 1; true or false was expected"),
        (("stage", 1, "columns", "made", "uper"), 1, "unknown key 'uper'. Nearest name: 'upper'"),
        (("stage", 1, "columns", "demand"), {}, "has 'demand' 2 times"),
        (("stage", 1, "rows", "balance"), 1, "balance = 1; text in quotes was expected"),
        (("stage", 1, "cost"), None, "stage 'month 1' has no 'cost'"),
        (("stage", 1, "outcome"), [], "would end there without a future"),
        (("stage", 1, "outcome", 0, "probability"), 0.4, "which sum to 0.9"),
        (("stage", 1, "outcome", 0, "probability"), None, "has no 'probability'"),
        (("stage", 1, "outcome", 0, "demand"), None, "has no 'demand'"),
        (("stage", 1, "outcome", 0, "demand"), float("nan"), "demand = nan; a number was expected"),
        (("stage", 1, "outcome", 0, "demand"), 10**400, "a number was expected"),
        (("stage", 2, "state"), [], "would end there without a future"),
        (("stage", 2, "state", 0, "name"), "high", "has 'high' 2 times"),
        (("stage", 2, "state", 0, "chance"), None, "has no 'chance'"),
        (
            ("stage", 2, "state", 0, "chance"),
            {"lo": 1},
            "'low' follows the state 'lo', which the stage before does not",
        ),
        (("stage", 3, "state", 0, "chance"), {"high": 0.5}, "0, 0.25, which sum to 0.25"),
        (("stage", 2, "outcome"), COIN, "has 'demand' 2 times"),
    ],
)
def test_a_fault_is_told_with_its_place(path, value, told):
    with pytest.raises(InvalidRecordError, match=told):
        program_from(changed(path, value), "f")


def test_a_file_that_is_no_toml_or_not_there_is_told(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text("name = ", "utf-8")
    with pytest.raises(InvalidRecordError, match=r"broken.toml cannot be read as TOML"):
        read_stages(path)
    with pytest.raises(InvalidRecordError, match=r"missing.toml cannot be read as TOML"):
        read_stages(tmp_path / "missing.toml")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def places(held: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the keys that lead to everything a file holds."""
    keys: Any = held if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ()
    return [path] * bool(path) + [place for key in keys for place in places(held[key], (*path, key))]


@examples(150, 10_000)
@given(st.sampled_from(places(GOOD)), ANYTHING)
def test_a_file_changed_at_random_is_read_or_refused_in_a_sentence(path, value):
    with suppress(BluehelmError):
        program_from(changed(path, value), "f")
