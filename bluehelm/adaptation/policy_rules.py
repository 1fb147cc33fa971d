"""The simplest rule on what is observed that says where a decision is taken.

Rules with one threshold are tried first, all of them; then two joined by "and". What agrees with the plan over the most
chance is chosen; among equals the one with fewer signs, of the simpler kind, about the zone in which something is done,
that is passed rather than stayed under, with the wider margin, and then by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, log10

import numpy as np

from bluehelm.adaptation.policy_decisions import Occasion
from bluehelm.adaptation.policy_observables import KINDS, Observable, Observed
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

MOST_PAIRS, MOST_WORK = 4_000_000, 100_000_000
"""Pairs of signs compared for one decision, and multiplications spent on it; beyond them only the signs that agree
best by themselves are tried as the first of a pair."""

DIGITS = 9


@dataclass(frozen=True, slots=True)
class Sign:
    """One comparison: the observable passes the threshold (above), or stays under it. A condition holds, or not."""

    observable: Observable
    above: bool
    threshold: float


@dataclass(frozen=True, slots=True)
class Rule:
    """Signs that all must be there, and the share of the chance asked at which that agrees with the plan.

    alternatives: observables other than the one used that agree as well, each by itself; 0 for a rule of two signs.
    also: the simplest of them that is of another kind, such as a payment in place of violence.
    """

    signs: tuple[Sign, ...]
    agreement: float
    alternatives: int = 0
    also: Sign | None = None


@dataclass(frozen=True, slots=True)
class Cuts:
    """Every way to cut some nodes in two by one threshold. passes: (nodes, cuts), 1 or 0. column: observable cut.

    low, high: values on both sides of the cut. margin: its width over the whole span of the observable.
    """

    passes: FloatArray
    column: IntArray
    low: FloatArray
    high: FloatArray
    margin: FloatArray


def cuts_of(values: FloatArray) -> Cuts:
    """List the cuts of each observable between neighbouring values; values: (nodes, observables)."""
    passes: list[FloatArray] = [np.zeros((len(values), 0))]
    column, low, high, margin = [], [], [], []
    for o in range(values.shape[1]):
        steps = np.unique(values[:, o])
        passes.append((values[:, o][:, None] >= steps[1:]) * 1.0)
        column += [o] * (len(steps) - 1)
        low += steps[:-1].tolist()
        high += steps[1:].tolist()
        margin += (np.diff(steps) / max(steps[-1] - steps[0], 1e-300)).tolist()
    return Cuts(
        np.hstack(passes), np.array(column, np.int64), np.array(low), np.array(high), np.array(margin).round(DIGITS)
    )


@dataclass(frozen=True, slots=True)
class RuleFinder:
    """Finds rules over what is observed at the nodes of one plan; cuts of the same nodes are made once."""

    known: Observed
    _cuts: dict[tuple[int, ...], Cuts] = field(default_factory=dict)
    _ranks: dict[tuple[tuple[int, ...], tuple[str, ...]], IntArray] = field(default_factory=dict)

    def rule_of(self, occasion: Occasion, near: Sequence[str], *, remember: bool = True) -> Rule | None:
        """Find the rule for one decision; None where nothing observed differs between the nodes asked.

        near: zones in which something is done; rules about them are preferred among equals. remember: cuts of these
        nodes, for other decisions that are asked at the same ones.
        """
        nodes = occasion.asked
        cuts = self._cuts[nodes] if nodes in self._cuts else cuts_of(self.known.values[list(nodes)])
        if remember:
            self._cuts[nodes] = cuts
        if not len(cuts.column):
            return None
        chance = np.array([self.known.tree.chance[n] for n in nodes])
        taken = np.array([n in occasion.units for n in nodes])
        key = (nodes, tuple(near))
        rank = self._ranks[key] if key in self._ranks else self._rank(cuts, near)
        if remember:
            self._ranks[key] = rank
        search = _Search(self.known, cuts, rank, chance / (chance.sum() or 1.0), taken)
        single = search.best_single()
        pair = search.best_pair() if single.agreement < 1 else single
        return pair if pair.agreement > single.agreement else single

    def holds(self, rule: Rule, node: int) -> bool:
        """Say whether all signs of a rule are there at a node."""
        values, names = self.known.values[node], self.known.names
        return all((values[names.index(sign.observable)] > sign.threshold) == sign.above for sign in rule.signs)

    def _rank(self, cuts: Cuts, near: Sequence[str]) -> IntArray:
        """Rank signs from the simplest on: kind, nearness, passed before stayed under, margin, name."""
        names, zones = self.known.names, self.known.zones
        kind = np.array([KINDS.index(name.kind) for name in names])
        far = np.array([near.index(zone) if zone in near else len(near) for zone in zones])
        by_name = np.argsort(sorted(range(len(names)), key=lambda i: (names[i].place, names[i].what)))
        column, under = np.tile(cuts.column, 2), np.repeat([0, 1], len(cuts.column))
        margin, low = np.tile(cuts.margin, 2), np.tile(cuts.low, 2)
        return np.argsort(np.lexsort((low, by_name[column], -margin, under, far[column], kind[column])))


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for one decision. Signs are numbered: each cut passed, then each cut stayed under; rank: of signs."""

    known: Observed
    cuts: Cuts
    rank: IntArray
    weight: FloatArray
    taken: BoolArray

    def best_single(self) -> Rule:
        """Return the best rule of one sign."""
        agreement = self._alone()
        found = np.flatnonzero(agreement == agreement.max())
        sign = int(found[self.rank[found].argmin()])
        others = len({int(self.cuts.column[one % len(self.cuts.column)]) for one in found}) - 1
        chosen, listed = self._sign(sign), found[self.rank[found].argsort()]
        signs = (self._sign(int(one)) for one in listed)
        also = next((one for one in signs if one.observable.kind != chosen.observable.kind), None)
        return Rule((chosen,), float(agreement[sign]), others, also)

    def best_pair(self) -> Rule:
        """Return the best rule of two signs; the first is one of those that agree best by themselves."""
        passes, rank, count = self.cuts.passes, self.rank, len(self.cuts.column)
        alone = self._alone()
        most = max(8, min(MOST_PAIRS // (2 * count), MOST_WORK // passes.size))
        firsts = np.lexsort((rank, -alone))[:most]
        held = np.where(firsts < count, passes[:, firsts % count], 1 - passes[:, firsts % count])
        signed = self._signed()[:, None] * held
        over = passes.T @ signed
        both = (np.vstack([over, signed.sum(axis=0) - over]) + self._not_taken()).round(DIGITS)
        at = np.argwhere(both == both.max())
        sums = rank[at[:, 0]] + rank[firsts[at[:, 1]]]
        second, place = at[sums.argmin()].tolist()
        chosen = sorted((int(firsts[place]), second), key=lambda one: (int(rank[one]), one))
        return Rule(tuple(self._sign(one) for one in chosen), float(both[second, place]))

    def _alone(self) -> FloatArray:
        """Share of the chance at which each sign is there where the decision is taken, and not elsewhere."""
        above = self.cuts.passes.T @ self._signed() + self._not_taken()
        return np.concatenate([above, 1 - above]).round(DIGITS)

    def _signed(self) -> FloatArray:
        return np.where(self.taken, self.weight, -self.weight)

    def _not_taken(self) -> float:
        return float(self.weight[~self.taken].sum())

    def _sign(self, sign: int) -> Sign:
        cut = sign % len(self.cuts.column)
        name = self.known.names[self.cuts.column[cut]]
        return Sign(name, sign < len(self.cuts.column), handy(float(self.cuts.low[cut]), float(self.cuts.high[cut])))


def handy(low: float, high: float) -> float:
    """Return a number strictly between two others that a person can use: few figures, near the middle.

    Examples
    --------
    >>> handy(7.2, 15.9), handy(0.31, 0.38), handy(2.0, 3.0), handy(0.0, 4.0)
    (10.0, 0.35, 2.5, 2.0)
    """
    middle = (low + high) / 2
    # The coarsest step of which a multiple lies in the inner half, so that neither side is grazed.
    inner = (low + (high - low) / 4, high - (high - low) / 4)
    power = ceil(log10(high - low)) + 1
    while power > -300:
        for step in (10.0**power, 5 * 10.0 ** (power - 1), 2 * 10.0 ** (power - 1)):
            number = round(float(f"{round(middle / step) * step:.12g}"), 12)
            if inner[0] <= number <= inner[1] and low < number < high:
                return number
        power -= 1
    return middle
