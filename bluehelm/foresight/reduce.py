"""Many sample paths stood for by a few: forward selection and parting in two, under the transport distance.

The distance between two paths is taken on square roots of deaths. A massacre of 400 then counts as 20 deaths would one
by one, so that it does not decide alone; and counts of rare events have the same spread everywhere on that scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
MOST_ROUNDS = 10
TINY = 1e-300
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Reduction:
    """Scenarios kept, in the order in which they were chosen.

    nearest: for each scenario given, the place in `kept` of the one that stands for it. weight: what each kept one
    carries. distance: transport distance to all that were given, after each choice.
    """

    kept: IntArray
    nearest: IntArray
    weight: FloatArray
    distance: FloatArray


def forward_selection(cost: FloatArray, weight: FloatArray, size: int) -> Reduction:
    """Choose scenarios one by one, each time the one that lowers the transport distance most.

    D(K) = Σ_i w[i] · min_{k in K} c[i,k]: what it costs to move the weight of every scenario to the nearest one kept.

    Parameters
    ----------
    cost : float array, shape (scenarios, candidates)
        Distance from each scenario to each candidate, 0 or more; candidates are often the scenarios themselves.
    weight : float array, shape (scenarios,)
        Weight of each scenario, such as its probability.
    size : int
        Most scenarios kept; fewer are where fewer already stand for all at no distance.

    Returns
    -------
    Reduction
        With `distance` that never rises, and 0 once every distinct scenario is kept.

    Raises
    ------
    InvalidRecordError
        If size is below 1, or a cost or weight is negative or missing.

    Source
    ------
    Heitsch, H. & Römisch, W. (2003), Scenario reduction algorithms in stochastic programming, Computational
    Optimization and Applications 24, 187-206 (fast forward selection); Dupačová, J., Gröwe-Kuska, N. & Römisch, W.
    (2003), Scenario reduction in stochastic programming, Mathematical Programming A 95, 493-511.

    Examples
    --------
    >>> deaths = np.array([[0.0], [1.0], [9.0], [10.0]])
    >>> kept = forward_selection(abs(deaths - deaths.T), np.array([0.3, 0.3, 0.3, 0.1]), 2)
    >>> kept.kept.tolist(), kept.weight.round(9).tolist(), kept.distance.round(9).tolist()
    ([1, 2], [0.6, 0.4], [3.6, 0.4])
    """
    _check(cost, weight, size)
    kept = [int(np.argmin(weight @ cost))]
    near = cost[:, kept[0]].copy()
    distance = [float(weight @ near)]
    while len(kept) < size and distance[-1] > 0:
        chosen, gain = best_next(cost, weight, near)
        if gain <= 0:
            break
        kept.append(chosen)
        near = np.minimum(near, cost[:, chosen])
        distance.append(float(weight @ near))
    nearest = np.argmin(cost[:, kept], axis=1)
    return Reduction(
        kept=np.array(kept, np.int64),
        nearest=nearest.astype(np.int64),
        weight=np.bincount(nearest, weights=weight, minlength=len(kept)).astype(np.float64),
        distance=np.array(distance),
    )


def best_next(cost: FloatArray, weight: FloatArray, near: FloatArray) -> tuple[int, float]:
    """Find the candidate that lowers Σ w · near most when it is kept too, and by how much."""
    gain = weight @ np.maximum(near[:, None] - cost, 0.0)
    chosen = int(np.argmax(gain))
    return chosen, float(gain[chosen])


def stage_features(paths: NDArray[np.integer], starts: Sequence[int]) -> list[FloatArray]:
    """Return the square root of each path's deaths in each area over the months of each stage.

    Parameters
    ----------
    paths : integer array, shape (paths, areas, months)
    starts : first month of each stage, counted from 0

    Returns
    -------
    list of float arrays, one per stage, each of shape (paths, areas)

    Examples
    --------
    >>> [x.tolist() for x in stage_features(np.array([[[1, 3, 9]]]), (0, 2))]
    [[[2.0]], [[3.0]]]
    """
    ends = [*starts[1:], paths.shape[2]]
    return [np.sqrt(paths[:, :, start:end].sum(axis=2, dtype=float)) for start, end in zip(starts, ends, strict=True)]


def known_features(features: Sequence[FloatArray], *, seen: bool) -> list[FloatArray]:
    """Return what a node of each stage knows of each path; shape (paths, numbers known) per stage.

    seen: a node knows the months before it. Otherwise it knows its own months. The first stage is one node for all,
    which knows nothing yet.
    """
    nothing = np.zeros((len(features[0]), 1))
    if not seen:
        return [nothing, *features[1:]]
    return [nothing, *(np.concatenate(features[:stage], axis=1) for stage in range(1, len(features)))]


def labels_of(features: Sequence[FloatArray], *, seen: bool) -> IntArray:
    """Number paths by what a node of each stage knows: the same number where they are the same; (stages, paths)."""
    labels = [np.zeros(len(features[0]), np.int64)]
    for stage in range(1, len(features)):
        known = features[:stage] if seen else features[1 : stage + 1]
        _, label = np.unique(np.concatenate(known, axis=1), axis=0, return_inverse=True)
        labels.append(label.ravel().astype(np.int64))
    return np.stack(labels)


def told_apart(
    paths: NDArray[np.integer], starts: Sequence[int], stage: Sequence[int], weight: FloatArray
) -> tuple[float, float, float]:
    """Say how well the nodes of a tree foresee deaths.

    Parameters
    ----------
    paths : integer array, shape (paths, areas, months)
    starts : first month of each stage, counted from 0
    stage : stage of each node
    weight : float array, shape (nodes, paths)
        Weight of each path in each node; the nodes of a stage share all weight.

    Returns
    -------
    deviation, deviation of one scenario : |deaths on a path - mean of its node| [death/area-month], averaged over
        areas, months and futures
    share : 1 - Σ var(deaths | node) / Σ var(deaths); 0 for one scenario, and dividing a node never lowers it

    Examples
    --------
    >>> told_apart(np.array([[[1, 0]], [[1, 8]]]), (0, 1), (0, 1, 1), np.array([[0.5, 0.5], [0.5, 0], [0, 0.5]]))
    (0.0, 2.0, 1.0)
    """
    deaths = paths.astype(float)
    mean = deaths.mean(axis=0)
    ends = [*starts[1:], paths.shape[2]]
    away, within = 0.0, 0.0
    for here, w in zip(stage, weight, strict=True):
        some, w = deaths[w > 0, :, starts[here] : ends[here]], w[w > 0]
        apart = some - np.tensordot(w / w.sum(), some, axes=1)
        away += float(np.tensordot(w, np.abs(apart), axes=1).sum())
        within += float(np.tensordot(w, np.square(apart), axes=1).sum())
    whole = float(np.square(deaths - mean).mean(axis=0).sum())
    share = 1 - within / whole if whole > 0 else 0.0
    return away / mean.size, float(np.abs(deaths - mean).mean()), share


def part_in_two(away: FloatArray, mass: FloatArray, counts: IntArray, least: int = 1) -> BoolArray | None:
    """Part points in two groups, each near its mean, so that much is told for each leaf that is parted.

    Points are ordered along the direction in which they differ most and cut where it tells most; then each goes to the
    nearer mean, as long as that tells more.

    Parameters
    ----------
    away : float array, shape (points, numbers)
        Points, taken from their mean.
    mass : float array, shape (points,)
        Weight of each point.
    counts : integer array, shape (leaves, points)
        How many paths of each leaf stand at each point.
    least : int
        Fewest paths that either side of a leaf may have, if the leaf is parted at all.

    Returns
    -------
    bool array, shape (points,)
        Which points form one of the groups; None where no parting is allowed.

    Examples
    --------
    >>> part_in_two(np.array([[-3.0], [-2.0], [5.0]]), np.ones(3), np.ones((1, 3), int)).tolist()
    [True, True, False]
    """
    weighted = away * mass[:, None]
    order = np.argsort(away @ _longest_axis(away, weighted), kind="stable")
    pulls, paths = np.column_stack([mass, weighted]), counts.T
    sums, leaving = np.cumsum(pulls[order], axis=0)[:-1], np.cumsum(paths[order], axis=0)[:-1]
    worth = _worth(sums, leaving, float(mass.sum()), paths, least)
    cut = int(np.argmax(worth))
    if worth[cut] < 0:
        return None
    chosen, told = np.zeros(len(order), bool), float(worth[cut])
    chosen[order[: cut + 1]] = True
    for _ in range(MOST_ROUNDS):
        means = [weighted[side].sum(axis=0) / mass[side].sum() for side in (chosen, ~chosen)]
        nearer = np.square(away - means[0]).sum(axis=1) < np.square(away - means[1]).sum(axis=1)
        sums, leaving = pulls[nearer].sum(axis=0)[None], paths[nearer].sum(axis=0)[None]
        again = float(_worth(sums, leaving, float(mass.sum()), paths, least)[0])
        if again <= told:
            break
        chosen, told = nearer, again
    return chosen


def raised(points: FloatArray) -> FloatArray:
    """Put 1 and |point|² before the coordinates of each point, taken from their mean so that sums stay exact."""
    away = points - points.mean(axis=0)
    return np.column_stack([np.ones(len(away)), np.square(away).sum(axis=1), away])


def around_mean(sums: FloatArray) -> float:
    """Σ w |p - mean|² = Σ w |p|² - |Σ w p|² / Σ w; what is lost to rounding counts as nothing."""
    left = float(sums[1] - sums[2:] @ sums[2:] / sums[0])
    return left if left > ROUNDING * float(sums[1]) else 0.0


def _longest_axis(away: FloatArray, weighted: FloatArray) -> FloatArray:
    """Find the direction in which points differ most, near enough, by repeated multiplication."""
    axis = np.zeros(away.shape[1])
    axis[int(np.argmax((away * weighted).sum(axis=0)))] = 1.0
    for _ in range(MOST_ROUNDS):
        turned = weighted.T @ (away @ axis)
        length = float(np.linalg.norm(turned))
        if length == 0:
            break
        axis = turned / length
    return axis


def _worth(pull: FloatArray, leaving: IntArray, mass: float, paths: IntArray, least: int) -> FloatArray:
    """Say of each way to part points in two how much it tells for each leaf it parts; -1 where it may not be.

    pull: per way, the mass that leaves and its sum of mass · point. leaving: per way, the paths that leave each leaf.
    """
    total = paths.sum(axis=0)
    parted = (leaving > 0) & (leaving < total)
    enough = (np.minimum(leaving, total - leaving) >= least) | ~parted
    allowed = enough.all(axis=1) & (leaving.sum(axis=1) > 0) & (leaving.sum(axis=1) < total.sum())
    # Points are taken from their mean, so both halves pull it equally: |S|² (1/W1 + 1/W2).
    halves = 1 / np.maximum(pull[:, 0], TINY) + 1 / np.maximum(mass - pull[:, 0], TINY)
    told = np.square(pull[:, 1:]).sum(axis=1) * halves / np.maximum(parted.sum(axis=1), 1)
    return np.where(allowed, told, -1.0)


def _check(cost: FloatArray, weight: FloatArray, size: int) -> None:
    if size < 1:
        raise InvalidRecordError("{size} scenarios are asked for; 1 or more was expected.", size=size)
    wrong = int((~(cost >= 0)).sum() + (~(weight >= 0)).sum())
    if wrong or cost.ndim != 2 or cost.shape[0] != len(weight) or not cost.size:
        raise InvalidRecordError(
            "{count} distances or weights of scenarios are negative or missing, or their tables do not fit together "
            "(distances {shape}, weights {weights}). One weight for each row of distances, all 0 or more, was "
            "expected. Mend the sample paths.",
            count=wrong,
            shape=cost.shape,
            weights=len(weight),
        )
