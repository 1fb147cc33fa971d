"""Thousands of trees: a tree of futures is laid over the mission before each plan."""

from __future__ import annotations

import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.forecast import write_forecast
from bluehelm.journey.ensemble.order import read_order
from bluehelm.journey.ensemble.run import ensemble
from bluehelm.journey.ensemble.trees import with_tree
from bluehelm.journey.scenario_tree import TreeRules, scenario_tree
from tests.journey.ensemble.made import HEAD, LIMITS, mission, written
from tests.journey.test_scenario_tree import A, forecast

# Month 1 tells where month 2 strikes: at a on six paths, at b on two.
PATHS = [[[4, 4], [0, 0], [1, 1]]] * 6 + [[[0, 0], [4, 4], [1, 3]]] * 2
TREE = '[tree]\nforecast = "forecast"\nstages = [0, 1]\nleaves = 2\n'
SEEDS = '[[axis]]\nname = "tree_seed"\nvalues = [1, 2, 3]\n[[axis]]\nname = "tree_leaves"\nvalues = [1, 2]\n'


def given(folder):
    made = forecast(PATHS, {"a": A, "b": A, "c": A})
    (folder / "forecast").mkdir()
    write_forecast(made, folder / "forecast")
    return made


def test_without_a_seed_the_tree_is_that_of_scenario_tree(tmp_path):
    made = given(tmp_path)
    asked = read_order(written(tmp_path, SEEDS, limits=LIMITS + TREE)).tree
    assert asked is not None
    alike = scenario_tree(made, mission(), rules=TreeRules(stages=(0, 1), leaves=2)).mission
    assert with_tree(mission(), made, (), asked, {}) == alike
    drawn = {str(with_tree(mission(), made, (), asked, {"tree_seed": seed}).nodes) for seed in range(8)}
    assert len(drawn) > 1, "seeds draw other futures"


def test_each_seed_and_number_of_leaves_is_planned_on_its_own_tree(tmp_path):
    given(tmp_path)
    file = written(tmp_path, SEEDS, limits=LIMITS + TREE)
    table = ensemble(file, tmp_path / "out", engine="here").table
    assert table["status"].to_list() == ["within_gap"] * 6
    both = table.pivot("tree_leaves", index="tree_seed", values="deaths_not_answered")
    assert (both["1"] >= both["2"] - 1e-9).all(), "to know more never hurts"
    assert table["deaths_expected"].n_unique() > 1


def test_another_forecast_is_another_ensemble(tmp_path):
    given(tmp_path)
    file = written(tmp_path, SEEDS, limits=LIMITS + TREE, head=HEAD)
    ensemble(file, tmp_path / "out", engine="here")
    paths = tmp_path / "forecast" / "paths.parquet"
    pl.read_parquet(paths).with_columns(pl.col("deaths") + 1).write_parquet(paths)
    with pytest.raises(InvalidRecordError, match=r"tree\.forecast_hash"):
        ensemble(file, tmp_path / "out", engine="here", resume=True)
