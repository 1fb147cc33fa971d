"""How past violence raises the chance of more: decay in time, spread in space and along armed groups.

The expected number of events in area a and month t, given the months before, is a sum of non-negative parts:

    lambda[a, t] = sum_b mu_b B_b[a]
                 + sum_{k,h} (alpha_{k,h} X_{k,h}[a, t] + beta_{k,h} (K X_{k,h})[a, t])
                 + sum_h gamma_h sum_i P_i[a, t] Y_{i,h}[t]

    X_{k,h}[a, t] = (1 - d_h) sum_{u < t} d_h^(t-1-u) M_k[a, u],     d_h = 2^(-1/h)

M_k is the sum of ln(1 + deaths) of kind k (violence that killed civilians; other fighting), h a half-life, K a spread
to neighbours by distance with column sums of 1. Y_{i,h} is the like of X for the marks of armed group i in the whole
country, and P_i[a, t] the share of area a in the group's marks before month t, with the longest half-life: a group that
stirs anywhere is feared where it has been. B_b are backgrounds: even over areas, and by the square root of people.
Exponential decays make the process a Markov chain: X, Y and P are the whole state of a future.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bluehelm.foresight.history import History
from bluehelm.foresight.nearest import FloatArray, degrees_of
from bluehelm.geo.distance import distance_km

HALF_LIVES_MONTHS = (1.0, 4.0, 16.0, 64.0)
NEIGHBOUR_KM = 50.0
NEIGHBOUR_LIMIT_KM = 150.0
KINDS = 2
HALVES = len(HALF_LIVES_MONTHS)
BACKGROUNDS = 2
NO_GROUP = 1e-12


@dataclass(frozen=True, slots=True)
class State:
    """Where the process stands after a record.

    own: X, shape (kinds, half-lives, areas). groups: Y, shape (half-lives, groups). presence: P, shape (areas,
    groups), column sums 1 (0 for a group never seen). blame: marks of each group for a mark in an area, over the whole
    record, shape (areas, groups); a row adds up to more than 1 where two groups fight each other.
    """

    own: FloatArray
    groups: FloatArray
    presence: FloatArray
    blame: FloatArray


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of lambda with all factors 1, shape (parts, areas, months), and the state after the record."""

    table: FloatArray
    state: State


def neighbours(history: History) -> csr_array:
    """Return the spread to neighbours, shape (areas, areas), column sums 1 (0 where an area is alone)."""
    where = degrees_of(history.areas)
    km = distance_km(*where, *where, NEIGHBOUR_LIMIT_KM)
    weight = np.where(np.isfinite(km), np.exp(-0.5 * (km / NEIGHBOUR_KM) ** 2), 0.0)
    np.fill_diagonal(weight, 0.0)
    total = weight.sum(axis=0)
    return csr_array(weight / np.where(total > 0, total, 1.0))


def backgrounds_of(history: History) -> FloatArray:
    """Return the backgrounds, shape (2, areas), each with sum 1: even, and by the square root of people."""
    people = np.sqrt(np.maximum(history.areas.get_column("population_persons").to_numpy().astype(float), 1.0))
    return np.stack([np.full(len(people), 1 / len(people)), people / people.sum()])


def marks_of(history: History) -> FloatArray:
    """Return the sums of ln(1 + deaths) by kind, shape (kinds, areas, months)."""
    areas, months = history.deaths.shape
    cell = history.harm.area * months + history.harm.month
    harm = np.bincount(cell, np.log1p(history.harm.deaths), areas * months).reshape(areas, months)
    return np.stack([harm, history.fight_marks])


def decays() -> FloatArray:
    """Return the monthly factor of decay of each half-life."""
    return np.asarray(0.5 ** (1 / np.array(HALF_LIVES_MONTHS)))


def decayed(marks: FloatArray, decay: FloatArray) -> FloatArray:
    """Return decayed means of marks before each month and after the last.

    Parameters
    ----------
    marks : shape (..., months)
    decay : monthly factors, shape (half-lives,)

    Returns
    -------
    float array, shape (half-lives, ..., months + 1); weights of the past add up to at most 1
    """
    state = np.zeros((len(decay), *marks.shape[:-1], marks.shape[-1] + 1))
    keep = decay.reshape(-1, *[1] * (marks.ndim - 1))
    for t in range(marks.shape[-1]):
        state[..., t + 1] = keep * state[..., t] + (1 - keep) * marks[..., t]
    return state


def parts_of(history: History, near: csr_array) -> Parts:
    """Work out the parts of lambda for the months of the record, and the state after it."""
    areas, months = history.deaths.shape
    marks = marks_of(history)
    own = decayed(marks, decays()).transpose(1, 0, 2, 3)
    flat = own[..., :-1].transpose(2, 0, 1, 3).reshape(areas, -1)
    beside = (near @ flat).reshape(areas, KINDS, HALVES, months).transpose(1, 2, 0, 3)
    group = decayed(history.group_marks.sum(axis=1), decays())
    presence = decayed(history.group_marks, decays()[-1:])[0]
    total = presence.sum(axis=1, keepdims=True)
    presence = np.divide(presence, total, out=np.zeros_like(presence), where=total > NO_GROUP)
    feared = np.einsum("iat,hit->hat", presence[..., :-1], group[..., :-1])
    background = np.repeat(backgrounds_of(history)[:, :, None], months, axis=2)
    blame = (history.group_marks.sum(axis=2) / np.maximum(marks.sum(axis=(0, 2)), NO_GROUP)).T
    table = np.concatenate(
        [background, own[..., :-1].reshape(-1, areas, months), beside.reshape(-1, areas, months), feared]
    )
    return Parts(table, State(own[..., -1], group[..., -1], presence[..., -1].T, blame))


@dataclass(frozen=True, slots=True)
class Weights:
    """Factors of the parts of one kind of event: mu (2,), alpha and beta (kinds, half-lives), gamma (half-lives,)."""

    background: FloatArray
    own: FloatArray
    beside: FloatArray
    groups: FloatArray

    @classmethod
    def cut(cls, flat: FloatArray) -> Weights:
        """Cut the factors of `Parts.table` into their blocks."""
        ends = np.cumsum([BACKGROUNDS, KINDS * HALVES, KINDS * HALVES, HALVES])
        background, own, beside, groups = np.split(flat, ends[:-1])
        return cls(background, own.reshape(KINDS, HALVES), beside.reshape(KINDS, HALVES), groups)

    def scaled(self, factor: float) -> Weights:
        """Scale all but the background."""
        return Weights(self.background, self.own * factor, self.beside * factor, self.groups * factor)


def intensity(
    weights: Weights,
    background: FloatArray,
    near: csr_array,
    presence: FloatArray,
    own: NDArray[np.float32],
    groups: NDArray[np.float32],
) -> FloatArray:
    """Return lambda for many paths at once.

    Parameters
    ----------
    background : shape (areas,)
    own : X, shape (kinds, half-lives, areas, paths)
    groups : Y, shape (half-lives, groups, paths)

    Returns
    -------
    float array, shape (areas, paths)
    """
    alpha, beta, gamma = (block.astype(np.float32) for block in (weights.own, weights.beside, weights.groups))
    total = np.tensordot(alpha, own, 2)
    total += near.astype(np.float32) @ np.tensordot(beta, own, 2)
    total += presence.astype(np.float32) @ np.tensordot(gamma, groups, 1)
    return np.asarray(total + background[:, None])
