"""Futures before and after they are put together: sample paths and histories of states, and a tree of them.

A node is a set of futures that cannot be told apart yet. What it knows of violence stands in the points: that of the
months before it (as people will know it), or that of its own months (the usual tree, which flatters plans that adapt).
States are known in the stage in which they hold. Risk of a node is the mean of the paths that pass through it, so for
given knowledge an expected value over the tree is exact; what is approximate is how finely it tells futures apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bluehelm.foresight.reduce import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Spread:
    """How far apart futures lie in one respect, such as violence or money.

    points: per stage, a place for each path (or history of states); futures lie as far apart as their places. unit:
    spreads of the same unit are added up before they are compared with the others. urgent: no node may hold futures
    that differ in it.
    """

    unit: str
    over_paths: bool
    points: tuple[FloatArray, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Futures:
    """All futures before any are put together: equally likely paths times histories of states with their chances.

    path_label: (stages, paths), the same where paths cannot be told apart up to that stage. value: (histories, stages,
    states), the value of each state.
    """

    path_label: IntArray
    value: IntArray
    chance: tuple[Fraction, ...]
    spreads: tuple[Spread, ...]

    @property
    def paths(self) -> int:
        """Count the sample paths."""
        return int(self.path_label.shape[1])

    @property
    def stages(self) -> int:
        """Count the stages."""
        return int(self.path_label.shape[0])


@dataclass(frozen=True, slots=True)
class Leaf:
    """One future of the tree: some paths in some histories of states, and its node at each stage."""

    paths: IntArray
    histories: IntArray
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes with parents before children; probability: chance of reaching each node from today, exact.

    error, error_of_one: per unit of spread, the transport distance of order 2 between all futures and this tree, each
    future carried to its own leaf: √ Σ chance · |place of the future - mean of its node|², over all stages; and the
    same for the tree of one scenario. loss: what growth makes small: the squares of error, each unit as a share of what
    eight leaves could tell of it alone.
    """

    parent: tuple[int, ...]
    stage: tuple[int, ...]
    probability: tuple[Fraction, ...]
    leaves: tuple[Leaf, ...]
    error: dict[str, float]
    error_of_one: dict[str, float]
    loss: float

    def leaves_of(self, node: int) -> list[Leaf]:
        """List the leaves below a node."""
        stage = self.stage[node]
        return [leaf for leaf in self.leaves if leaf.nodes[stage] == node]

    def relative_error(self, unit: str) -> float:
        """Return the distance as a share of that of the one-scenario tree; 0 where nothing differs."""
        return self.error[unit] / self.error_of_one[unit] if self.error_of_one[unit] > 0 else 0.0


def path_weights(tree: Tree, futures: Futures) -> FloatArray:
    """Return the weight of each path in each node, states apart; a row sums to the probability of its node."""
    weight = np.zeros((len(tree.parent), futures.paths))
    for leaf in tree.leaves:
        in_histories = float(sum((futures.chance[h] for h in leaf.histories), Fraction(0)))
        for node in leaf.nodes:
            weight[node, leaf.paths] += in_histories / futures.paths
    return weight
