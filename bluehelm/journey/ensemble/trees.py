"""A tree of futures for one run: sample paths of a forecast, drawn anew where a seed is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bluehelm.adaptation.settings import Setting
from bluehelm.foresight.forecast import Forecast
from bluehelm.foresight.states import Chain
from bluehelm.journey.ensemble.order import TreeAsked
from bluehelm.journey.scenario_tree import TreeRules, scenario_tree
from bluehelm.mission.mission import Mission


def with_tree(
    mission: Mission, forecast: Forecast, chains: Sequence[Chain], asked: TreeAsked, setting: Setting
) -> Mission:
    """Lay a tree of futures over a mission.

    With a tree_seed, as many sample paths as the forecast has are drawn from it with replacement, so that the trees of
    many seeds show how far a plan hangs on the draw of its futures; without, the paths are taken as they are.
    """
    if "tree_seed" in setting:
        drawn = np.random.default_rng(int(setting["tree_seed"]))
        chosen = drawn.integers(0, len(forecast.paths), len(forecast.paths))
        forecast = replace(forecast, paths=forecast.paths[np.sort(chosen)])
    rules = TreeRules(
        stages=asked.stages,
        leaves=int(setting.get("tree_leaves", asked.leaves)),
        seen=asked.knows == "seen",
        within_km=asked.within_km,
        least_share=asked.least_share,
    )
    return scenario_tree(forecast, mission, chains, rules).mission
