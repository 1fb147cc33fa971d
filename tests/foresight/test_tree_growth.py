"""Trees of futures: by hand, the laws of every tree, and that no node knows what comes later."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.reduce import known_features, labels_of, stage_features, told_apart
from bluehelm.foresight.tree import Futures, Spread, path_weights
from bluehelm.foresight.tree_growth import branch_tree, grow_tree
from tests.conftest import examples

ONE = (Fraction(1),)


def futures(paths, starts, *, seen=False, chance=ONE, value=None, more=()):
    features = stage_features(np.asarray(paths), starts)
    known = known_features(features, seen=seen)
    value = np.zeros((len(chance), len(starts), 0), np.int64) if value is None else np.array(value)
    return Futures(labels_of(features, seen=seen), value, chance, (Spread("violence", True, tuple(known)), *more))


def members(tree) -> list[list[int]]:
    """Paths of each node, where there are no states."""
    return [sorted(int(p) for leaf in tree.leaves_of(n) for p in leaf.paths) for n in range(len(tree.parent))]


# One area, four months in two stages: calm, calm then war, war, war then calm.
FOUR = np.array([[[0, 0, 0, 0]], [[0, 0, 36, 0]], [[50, 50, 49, 0]], [[60, 61, 0, 0]]])


def test_four_paths_become_two_as_worked_out_by_hand():
    # Square roots in the second stage: 0, 6, 7, 0. Two and two stand together; only 6 against 7 is left.
    tree = grow_tree(futures(FOUR, (0, 2)), 2)
    assert tree.parent == (-1, 0, 0)
    assert members(tree) == [[0, 1, 2, 3], [0, 3], [1, 2]]
    assert tree.probability == (Fraction(1), Fraction(1, 2), Fraction(1, 2))
    assert tree.error["violence"] == pytest.approx(np.sqrt(2 * 0.5**2 / 4))
    # One scenario: the mean is 13/4.
    of_one = (2 * (13 / 4) ** 2 + (6 - 13 / 4) ** 2 + (7 - 13 / 4) ** 2) / 4
    assert tree.error_of_one["violence"] == pytest.approx(np.sqrt(of_one))
    assert tree.relative_error("violence") == pytest.approx(np.sqrt(0.125 / of_one))


def test_a_node_that_knows_only_what_was_seen_parts_by_the_months_before():
    # Square roots in the first stage: 0, 0, 10, 11.
    tree = grow_tree(futures(FOUR, (0, 2), seen=True), 2)
    assert members(tree) == [[0, 1, 2, 3], [0, 1], [2, 3]]
    assert tree.error["violence"] == pytest.approx(np.sqrt(2 * 0.5**2 / 4))


def test_what_cannot_be_told_apart_yet_never_is():
    # The first two have seen the same, whatever comes: three leaves are all there can be.
    tree = grow_tree(futures(FOUR, (0, 2), seen=True), 4)
    assert members(tree) == [[0, 1, 2, 3], [0, 1], [2], [3]]
    assert tree.error["violence"] == 0


def test_what_few_leaves_can_tell_of_each_unit_decides_who_gets_them():
    # Violence in many areas that nothing joins can hardly be told by few leaves; money is, and must not take them all.
    paths = np.random.default_rng(6).poisson(3, (300, 40, 4))
    money = Spread("money", False, (np.zeros((4, 1)), np.arange(4.0)[:, None]))
    value = [[[0], [i]] for i in range(4)]
    given = futures(paths, (0, 2), chance=(Fraction(1, 4),) * 4, value=value, more=(money,))
    tree = grow_tree(given, 8, least_paths=3)
    assert 0 < tree.relative_error("money") < 0.6
    assert min(len(leaf.paths) for leaf in tree.leaves) < 300


def test_branches_are_given_to_each_node_at_each_stage():
    rng = np.random.default_rng(5)
    tree = branch_tree(futures(rng.poisson(5, (40, 2, 6)), (0, 2, 4)), (3, 2))
    assert [tree.stage.count(s) for s in range(3)] == [1, 3, 6]
    assert [tree.parent.count(n) for n in range(1, 4)] == [2, 2, 2]


def test_states_are_parted_before_violence_where_conditions_differ():
    # A truce holds with chance 1/4 from the second stage on; no node may hold both.
    truce = Spread("conditions", False, (np.zeros((2, 1)), np.eye(2)), urgent=True)
    both = futures(FOUR, (0, 2), chance=(Fraction(3, 4), Fraction(1, 4)), value=[[[0], [0]], [[0], [1]]], more=(truce,))
    tree = grow_tree(both, 3)
    assert sorted((tree.probability[leaf.nodes[1]], len(leaf.histories)) for leaf in tree.leaves) == [
        (Fraction(1, 4), 1), (Fraction(3, 8), 1), (Fraction(3, 8), 1),
    ]  # fmt: skip
    assert tree.error["conditions"] == 0
    with pytest.raises(InvalidRecordError, match="Ask for 2 leaves or more"):
        grow_tree(both, 1)


def test_no_leaf_has_fewer_paths_than_the_least():
    rng = np.random.default_rng(0)
    paths = rng.poisson(rng.gamma(0.5, 4, (200, 1, 1)), (200, 3, 6))
    for least in (1, 20):
        tree = grow_tree(futures(paths, (0, 2, 4)), 12, least_paths=least)
        fewest = min(len(leaf.paths) for leaf in tree.leaves)
        assert fewest >= least and (least > 1 or fewest < 20)


def test_months_that_nothing_announces_are_not_foreseen_by_what_was_seen():
    # Each month is drawn anew: who knows only the past knows nothing, who knows the months to come knows much.
    paths = np.random.default_rng(3).poisson(4, (400, 1, 6))
    shares = {}
    for seen in (True, False):
        given = futures(paths, (0, 2, 4), seen=seen)
        tree = grow_tree(given, 8, least_paths=20)
        shares[seen] = told_apart(paths, (0, 2, 4), tree.stage, path_weights(tree, given))[2]
    assert shares[True] < 0.04 < 0.2 < shares[False]


@pytest.mark.parametrize("wrong", [0, -3])
def test_a_tree_without_leaves_is_refused(wrong):
    with pytest.raises(InvalidRecordError, match="1 or more was expected"):
        grow_tree(futures(FOUR, (0, 2)), wrong)


@pytest.mark.parametrize("wrong", [(), (2, 2), (0,)])
def test_branches_that_do_not_fit_the_stages_are_refused(wrong):
    with pytest.raises(InvalidRecordError, match="1 numbers, 1 or more, were expected"):
        branch_tree(futures(FOUR, (0, 2)), wrong)


@st.composite
def cases(draw):
    """Few paths with many the same, two or three stages, and sometimes a state with an effect on money."""
    starts = draw(st.sampled_from([(0, 2), (0, 1, 3), (0, 1, 2)]))
    paths = draw(arrays(np.int64, (draw(st.integers(1, 6)), draw(st.integers(1, 2)), 4), elements=st.integers(0, 3)))
    if not draw(st.booleans()):
        return paths, starts, {}
    stages = len(starts)
    value = np.array([[[0]] * stages, [[0]] + [[1]] * (stages - 1), [[0]] * (stages - 1) + [[2]]])
    places = tuple(value[:, s].astype(float) for s in range(stages))
    third = draw(st.integers(1, 9))
    chance = (Fraction(1, 2), Fraction(third, 20), Fraction(10 - third, 20))
    return paths, starts, {"chance": chance, "value": value, "more": (Spread("money", False, places),)}


@examples(60, 600)
@given(cases(), st.booleans())
def test_more_leaves_never_lie_farther_and_all_of_them_lie_at_no_distance(case, seen):
    paths, starts, more = case
    given = futures(paths, starts, seen=seen, **more)
    most = len(paths) * len(given.chance)
    trees = [grow_tree(given, leaves) for leaves in range(1, most + 1)]
    assert all(after <= before + 1e-9 for before, after in pairwise(tree.loss for tree in trees))
    assert all(len(tree.leaves) <= leaves for leaves, tree in enumerate(trees, 1))
    assert set(trees[-1].error.values()) == {0} and trees[-1].loss == 0
    assert len(trees[-1].leaves) <= len(np.unique(given.path_label[-1])) * len(given.chance)


@examples(60, 600)
@given(cases(), st.booleans(), st.integers(1, 8))
def test_chances_are_exact_and_nodes_keep_the_mean_of_all_paths(case, seen, leaves):
    paths, starts, more = case
    given = futures(paths, starts, seen=seen, **more)
    tree = grow_tree(given, leaves)
    assert sum(tree.probability[leaf.nodes[-1]] for leaf in tree.leaves) == 1
    for node, parent in enumerate(tree.parent):
        children = [tree.probability[child] for child, above in enumerate(tree.parent) if above == node]
        assert not children or sum(children) == tree.probability[node]
        assert parent < node
    weight = path_weights(tree, given)
    assert weight.sum(axis=1) == pytest.approx([float(p) for p in tree.probability])
    for stage in range(len(starts)):
        here = [n for n in range(len(tree.parent)) if tree.stage[n] == stage]
        assert np.tensordot(weight[here].sum(axis=0), paths, axes=1) == pytest.approx(paths.mean(axis=0))


@examples(60, 600)
@given(cases(), st.booleans(), st.integers(1, 8))
def test_no_node_tells_apart_what_is_the_same_up_to_its_stage(case, seen, leaves):
    paths, starts, more = case
    given = futures(paths, starts, seen=seen, **more)
    tree = grow_tree(given, leaves)
    for stage in range(len(starts)):
        node_of: dict[tuple, int] = {}
        for leaf in tree.leaves:
            for path in leaf.paths:
                for history in leaf.histories:
                    known = int(given.path_label[stage, path]), given.value[history, : stage + 1].tobytes()
                    assert node_of.setdefault(known, leaf.nodes[stage]) == leaf.nodes[stage]
