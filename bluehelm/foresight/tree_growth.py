"""A scenario tree grown by the division that tells most for each leaf it adds.

A division at a stage parts all futures of a node by what is known then, never by what comes later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from scipy.spatial.distance import cdist

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.reduce import (
    BoolArray,
    FloatArray,
    IntArray,
    around_mean,
    forward_selection,
    part_in_two,
    raised,
)
from bluehelm.foresight.tree import Futures, Leaf, Tree

# Which conditions hold is settled before anything else: a node where one holds in part cannot be planned.
URGENT = 1e6
SMALL_TREE = 8
MOST_CANDIDATES = 1000


def grow_tree(futures: Futures, leaves: int, least_paths: int = 1) -> Tree:
    """Divide futures into at most so many leaves, each time where the distance falls most for each leaf added.

    A node is divided by what is known at its stage: paths in two groups, each near its mean (quantisation), or
    histories in which a state has a certain value. Whatever lies below the node is parted with it. Of all trees met
    on the way, the one of least loss is taken, so more leaves never make the loss larger.

    least_paths: no leaf has fewer, because the mean of a few paths foresees what nobody can.

    Raises
    ------
    InvalidRecordError
        If leaves is below 1, or futures in which different conditions hold would share a node.

    Source
    ------
    Stagewise reduction after Heitsch, H. & Römisch, W. (2009), Scenario tree modeling for multistage stochastic
    programs, Mathematical Programming 118, 371-406, here leaf by leaf; optimal quantisation of order 2 after Pflug, G.
    & Pichler, A. (2014), Multistage Stochastic Optimization, Springer.
    """
    if leaves < 1:
        raise InvalidRecordError(
            "{leaves} {leaves:leaf|leaves} {leaves:is|are} asked for; 1 or more was expected.", leaves=leaves
        )
    ground = _Ground(futures, least_paths)
    root = ground.chain()
    best = root
    while (step := _best_division(root)) is not None:
        after = root.size + step.added
        # Sizes that the best division jumps over are reached by the best ones that fit.
        for size in range(root.size + 1, min(after, leaves + 1)):
            best = min(best, _filled(root, size), key=_quality)
        if after > leaves:
            break
        root = step.apply(root)
        best = min(best, root, key=_quality)
    _refuse_mixed(ground, best, leaves)
    return ground.finished(best)


def branch_tree(futures: Futures, branches: Sequence[int], seed: int = 0) -> Tree:
    """Divide the paths of each node into so many branches at each stage after the first, by forward selection.

    States are kept apart. Where a node has more than 1,000 paths, the ones that may be kept are drawn with the seed.

    Raises
    ------
    InvalidRecordError
        If there is not one number of branches, 1 or more, for each stage after the first.
    """
    if len(branches) != futures.stages - 1 or min(branches, default=1) < 1:
        raise InvalidRecordError(
            "Branches are {branches}; the tree has {stages} {stages:stage|stages}, so {expected} numbers, 1 or more, "
            "were expected: one for each stage after the first.",
            branches=", ".join(map(str, branches)),
            stages=futures.stages,
            expected=futures.stages - 1,
        )
    ground = _Ground(futures, 1)
    everything = np.arange(futures.paths), np.arange(len(futures.chance))
    return ground.finished(_branched(ground, 0, *everything, branches, seed))


@dataclass(frozen=True, eq=False)
class _Node:
    """A node while the tree grows; never changed, so that trees share what they have in common.

    paths, histories: the futures of a leaf; a node before the last stage has children instead. sums: per spread, the
    sums over its futures of weight, weight · |point|² and weight · point.
    """

    ground: _Ground
    stage: int
    paths: IntArray
    histories: IntArray
    children: tuple[_Node, ...]
    sums: tuple[FloatArray, ...]

    @cached_property
    def leaves(self) -> tuple[_Node, ...]:
        return tuple(leaf for child in self.children for leaf in child.leaves) if self.children else (self,)

    @property
    def size(self) -> int:
        return len(self.leaves)

    @cached_property
    def distance(self) -> float:
        """Distance of the futures to this node and those below it, all units as shares."""
        own = sum(scale * around_mean(sums) for scale, sums in zip(self.ground.scale, self.sums, strict=True))
        return own + sum(child.distance for child in self.children)

    @cached_property
    def divisions(self) -> tuple[_Division, ...]:
        """Ways to divide this very node in two, with all below it."""
        if not self.stage:
            return ()
        made = (self._divided(paths, histories) for paths, histories in self._ways())
        return tuple(one for one in made if one is not None)

    def _ways(self) -> Iterator[tuple[BoolArray | None, BoolArray | None]]:
        yield from ((some, None) for some in self.ground.paths_apart(self))
        for histories in self.ground.histories_apart(self):
            yield None, histories

    def _divided(self, paths: BoolArray | None, histories: BoolArray | None) -> _Division | None:
        inside, outside = self.part(paths, histories)
        if inside is None or outside is None:
            return None
        added = inside.size + outside.size - self.size
        # Rounded, so that the choice between equals does not hang on the last bit.
        gain = round(self.distance - inside.distance - outside.distance, 12)
        return _Division(self, inside, outside, added, gain) if added or gain > 0 else None

    def part(self, paths: BoolArray | None, histories: BoolArray | None) -> tuple[_Node | None, _Node | None]:
        """Part all futures below into those of some paths (or histories) and the others; None where there are none."""
        if not self.children:
            given, chosen = (self.paths, paths) if paths is not None else (self.histories, histories)
            assert chosen is not None
            some, others = given[chosen[given]], given[~chosen[given]]
            if not len(some) or not len(others):
                return (self, None) if len(some) else (None, self)
            if paths is not None:
                return self.ground.leaf(some, self.histories), self.ground.leaf(others, self.histories)
            return self.ground.leaf(self.paths, some), self.ground.leaf(self.paths, others)
        parts = [child.part(paths, histories) for child in self.children]
        inside, outside = (tuple(one for part in parts if (one := part[side]) is not None) for side in (0, 1))
        if not inside or not outside:
            return (self, None) if inside else (None, self)
        return self.ground.above(self.stage, inside), self.ground.above(self.stage, outside)

    def replaced(self, old: _Node, new: tuple[_Node, ...]) -> _Node:
        """Put nodes in the place of one below."""
        if old.stage <= self.stage:
            return self
        put = (new if child is old else (child.replaced(old, new),) for child in self.children)
        children = tuple(node for nodes in put for node in nodes)
        if children == self.children:
            return self
        return _Node(self.ground, self.stage, self.paths, self.histories, children, self.sums)

    def below(self) -> Iterator[_Node]:
        """List this node and all below it."""
        yield self
        for child in self.children:
            yield from child.below()


@dataclass(frozen=True)
class _Division:
    node: _Node
    inside: _Node
    outside: _Node
    added: int
    gain: float

    @property
    def worth(self) -> float:
        return self.gain / self.added if self.added else np.inf

    def apply(self, root: _Node) -> _Node:
        return root.replaced(self.node, (self.outside, self.inside))


def _best_division(root: _Node, most: int | None = None) -> _Division | None:
    listed = [
        division
        for node in root.below()
        for division in node.divisions
        if most is None or root.size + division.added <= most
    ]
    return max(listed, key=lambda division: division.worth, default=None)


def _filled(root: _Node, size: int) -> _Node:
    while (step := _best_division(root, size)) is not None:
        root = step.apply(root)
    return root


def _quality(root: _Node) -> tuple[float, int]:
    return round(root.distance, 12), root.size


def _refuse_mixed(ground: _Ground, root: _Node, leaves: int) -> None:
    """Where different conditions hold in one node, say how many leaves would keep them apart."""
    needed = root
    while ground.mixed(needed) and (step := _best_division(needed)) is not None:
        needed = step.apply(needed)
    if needed is not root:
        raise InvalidRecordError(
            "{leaves} {leaves:leaf|leaves} {leaves:is|are} too few for the states: conditions of the mandate that "
            "hold in one future and not in another cannot share a node. Ask for {needed} {needed:leaf|leaves} or "
            "more, or give the states fewer ways.",
            leaves=leaves,
            needed=needed.size,
        )


def _branched(
    ground: _Ground, stage: int, paths: IntArray, histories: IntArray, branches: Sequence[int], seed: int
) -> _Node:
    if stage == ground.futures.stages - 1:
        return ground.leaf(paths, histories)
    points = next(spread for spread in ground.futures.spreads if spread.over_paths).points[stage + 1][paths]
    candidates = points
    if len(points) > MOST_CANDIDATES:
        candidates = points[np.random.default_rng(seed).choice(len(points), MOST_CANDIDATES, replace=False)]
    kept = forward_selection(cdist(points, candidates), np.ones(len(paths)), branches[stage])
    _, kind = np.unique(ground.futures.value[histories, stage + 1], axis=0, return_inverse=True)
    children = [
        _branched(ground, stage + 1, paths[kept.nearest == k], histories[kind.ravel() == v], branches, seed)
        for v in range(int(kind.max()) + 1)
        for k in range(len(kept.kept))
    ]
    return ground.above(stage, tuple(children))


class _Ground:
    """What all nodes stand on: the futures, their distances, and how units are weighed against each other."""

    def __init__(self, futures: Futures, least_paths: int) -> None:
        self.futures, self.least_paths = futures, least_paths
        self.chance = np.array([float(chance) for chance in futures.chance])
        self._raised = [[raised(points) for points in spread.points] for spread in futures.spreads]
        self._sums: dict[tuple[bytes, int], list[FloatArray]] = {}
        self.scale = [1.0] * len(futures.spreads)
        self.of_one = self.errors(self.chain())
        tellable = {unit: self._tellable(unit) for unit in self.of_one}
        for i, spread in enumerate(futures.spreads):
            alone = tellable[spread.unit]
            self.scale[i] = (URGENT if spread.urgent else 1.0) / alone if alone > 0 else 0.0

    def _tellable(self, unit: str) -> float:
        """Say how much a small tree could tell of one unit alone.

        Units have no common measure before a plan is made, so each counts as a share of this. As a share of all there
        is to tell, states of few values would take every leaf from violence in many areas.
        """
        spreads = tuple(spread for spread in self.futures.spreads if spread.unit == unit)
        if len(spreads) == len(self.futures.spreads):
            return self.of_one[unit]
        alone = grow_tree(replace(self.futures, spreads=spreads), SMALL_TREE, self.least_paths)
        return alone.error_of_one[unit] ** 2 - alone.error[unit] ** 2

    def chain(self) -> _Node:
        """Make the tree of one scenario."""
        node = self.leaf(np.arange(self.futures.paths), np.arange(len(self.chance)))
        for stage in reversed(range(self.futures.stages - 1)):
            node = self.above(stage, (node,))
        return node

    def leaf(self, paths: IntArray, histories: IntArray) -> _Node:
        """Make a node of the last stage."""
        last = self.futures.stages - 1
        return _Node(self, last, paths, histories, (), self.sums(paths, histories, last))

    def above(self, stage: int, children: tuple[_Node, ...]) -> _Node:
        """Make a node with these children."""
        leaves = [leaf for child in children for leaf in child.leaves]
        sums = [self.sums(leaf.paths, leaf.histories, stage) for leaf in leaves]
        none = np.zeros(0, np.int64)
        return _Node(self, stage, none, none, children, tuple(sum(parts) for parts in zip(*sums, strict=True)))

    def sums(self, paths: IntArray, histories: IntArray, stage: int) -> tuple[FloatArray, ...]:
        """Add up, for each spread, weight, weight · |point|² and weight · point of some futures."""
        in_paths, in_histories = len(paths) / self.futures.paths, float(self.chance[histories].sum())
        return tuple(
            self._of_paths(paths, i)[stage] * (in_histories / self.futures.paths)
            if spread.over_paths
            else self.chance[histories] @ self._raised[i][stage][histories] * in_paths
            for i, spread in enumerate(self.futures.spreads)
        )

    def _of_paths(self, paths: IntArray, spread: int) -> list[FloatArray]:
        """Add up points of some paths in every stage; many leaves hold the same paths, so it is done once."""
        key = (paths.tobytes(), spread)
        if key not in self._sums:
            self._sums[key] = [points[paths].sum(axis=0) for points in self._raised[spread]]
        return self._sums[key]

    def paths_apart(self, node: _Node) -> Iterator[BoolArray]:
        """Choose the paths to part from a node, so that both halves lie near their means and leaves keep enough."""
        label = self.futures.path_label[node.stage]
        weight = np.zeros(self.futures.paths)
        for leaf in node.leaves:
            weight[leaf.paths] += self.chance[leaf.histories].sum()
        # Paths that cannot be told apart stay together: one point stands for all of them.
        known, first, kind = np.unique(label[weight > 0], return_index=True, return_inverse=True)
        places = [spread.points[node.stage] for spread in self.futures.spreads if spread.over_paths]
        if len(known) < 2 or not places:
            return
        rows = np.flatnonzero(weight)
        points = places[0][rows[first]]
        mass = np.bincount(kind, weights=weight[rows]).astype(np.float64)
        counts = np.stack([np.bincount(kind[np.isin(rows, leaf.paths)], minlength=len(known)) for leaf in node.leaves])
        chosen = part_in_two(points - mass @ points / mass.sum(), mass, counts, self.least_paths)
        if chosen is not None:
            moved = np.zeros(self.futures.paths, bool)
            moved[rows] = chosen[kind]
            yield moved

    def histories_apart(self, node: _Node) -> Iterator[BoolArray]:
        """For each state and each value it can have at a node, choose the histories where it has it."""
        held = np.unique(np.concatenate([leaf.histories for leaf in node.leaves]))
        value = self.futures.value[:, node.stage]
        for state in range(value.shape[1]):
            there = np.unique(value[held, state])
            # Of two values it is the same which one leaves.
            for one in there[len(there) == 2 :] if len(there) > 1 else []:
                yield value[:, state] == one

    def errors(self, root: _Node) -> dict[str, float]:
        """Sum the squared distances of each unit over all nodes."""
        errors = dict.fromkeys((spread.unit for spread in self.futures.spreads), 0.0)
        for node in root.below():
            for spread, sums in zip(self.futures.spreads, node.sums, strict=True):
                errors[spread.unit] += around_mean(sums)
        return errors

    def mixed(self, root: _Node) -> bool:
        """Say whether a node holds futures that may not be together."""
        errors = self.errors(root)
        return any(spread.urgent and errors[spread.unit] > 1e-12 for spread in self.futures.spreads)

    def finished(self, root: _Node) -> Tree:
        """Number the nodes stage by stage, those of one parent by falling probability."""
        if all(self._is_one(leaf) for leaf in root.leaves):
            root = self._exact(0, root.leaves)
        parent, stage, chance, row = [-1], [0], [Fraction(1)], [root]
        above: dict[int, tuple[int, ...]] = {id(leaf): (0,) for leaf in root.leaves}
        for depth in range(1, self.futures.stages):
            after: list[_Node] = []
            for node in row:
                mother = above[id(node.leaves[0])][-1]
                for child in sorted(node.children, key=self._rank):
                    parent, stage, chance = [*parent, mother], [*stage, depth], [*chance, self._probability(child)]
                    above |= {id(leaf): (*above[id(leaf)], len(parent) - 1) for leaf in child.leaves}
                    after.append(child)
            row = after
        leaves = tuple(Leaf(leaf.paths, leaf.histories, above[id(leaf)]) for leaf in row)
        error, of_one = (
            {unit: float(np.sqrt(e)) for unit, e in each.items()} for each in (self.errors(root), self.of_one)
        )
        return Tree(tuple(parent), tuple(stage), tuple(chance), leaves, error, of_one, root.distance)

    def _rank(self, node: _Node) -> tuple[Fraction, int, int]:
        first = min(int(leaf.paths[0]) for leaf in node.leaves)
        return -self._probability(node), first, min(int(leaf.histories[0]) for leaf in node.leaves)

    def _probability(self, node: _Node) -> Fraction:
        chance = self.futures.chance
        each = (len(leaf.paths) * sum((chance[h] for h in leaf.histories), Fraction(0)) for leaf in node.leaves)
        return sum(each, Fraction(0)) / self.futures.paths

    def _is_one(self, leaf: _Node) -> bool:
        return len(leaf.histories) == 1 and len(np.unique(self.futures.path_label[-1][leaf.paths])) == 1

    def _exact(self, stage: int, leaves: Sequence[_Node]) -> _Node:
        """Where every leaf is one future, put exactly those into a node that are the same up to its stage."""
        if stage == self.futures.stages - 1:
            return leaves[0]
        together: dict[tuple[int, bytes], list[_Node]] = {}
        for leaf in leaves:
            history = self.futures.value[leaf.histories[0], : stage + 2].tobytes()
            together.setdefault((int(self.futures.path_label[stage + 1][leaf.paths[0]]), history), []).append(leaf)
        return self.above(stage, tuple(self._exact(stage + 1, some) for some in together.values()))
