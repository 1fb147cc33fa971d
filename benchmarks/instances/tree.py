"""Scenario trees whose nodes all branch alike, numbered stage by stage, so that a parent comes before its children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tree:
    """parent: -1 at the root. probability: of reaching a node; a stage adds up to 1. stage: 0 at the root."""

    parent: IntArray
    probability: FloatArray
    stage: IntArray

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    def ancestor(self, back: int) -> IntArray:
        """Return each node's ancestor `back` steps up (0: the node itself), -1 where there is none."""
        up = np.arange(self.nodes)
        for _ in range(back):
            up = np.where(up >= 0, self.parent[up], -1)
        return up

    def along_paths(self, factor: NDArray[Any]) -> NDArray[np.float64]:
        """Multiply along each path: a node's value is its parent's times its own factor; shape as `factor`."""
        value = np.array(factor, float)
        for stage in range(1, int(self.stage[-1]) + 1):
            here = np.flatnonzero(self.stage == stage)
            value[here] = value[self.parent[here]] * value[here]
        return value


def branching(stages: int, branch: int) -> Tree:
    """Make the tree in which every node but the last has `branch` children of equal probability.

    Raises
    ------
    ValueError
        If there is no stage or no branch.

    Examples
    --------
    >>> branching(3, 2).parent.tolist()
    [-1, 0, 0, 1, 1, 2, 2]
    """
    if stages < 1 or branch < 1:
        raise ValueError(f"{stages} stages and {branch} branches; at least one of each was expected.")
    parents, probabilities = [np.array([-1])], [np.ones(1)]
    first = 0
    for _ in range(1, stages):
        above = np.arange(first, first + len(parents[-1]))
        first += len(above)
        parents.append(np.repeat(above, branch))
        probabilities.append(np.repeat(probabilities[-1] / branch, branch))
    stage = np.repeat(np.arange(stages), [len(nodes) for nodes in parents])
    return Tree(np.concatenate(parents), np.concatenate(probabilities), stage)
