"""Does a rule tell a decision, and does it tell it at nodes that it was not read from?

A rule is chosen as the one that agrees best with the plan, so that its agreement flatters it. Therefore the search is
done again with some of the nodes held back, several times, until each has been held back once; what was found without
a node is tried on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bluehelm.adaptation.policy_decisions import Occasion
from bluehelm.adaptation.policy_rules import DIGITS, Rule, RuleFinder

LEAST_EXPLAINED = 0.5
"""Share of what "always the commoner of the two" gets wrong that a rule must get right to be given."""

LEAST_NODES = 5
"""With fewer nodes nothing is held back: almost anything tells so few apart."""

MOST_TIMES = 10
"""Times that the search is done again; with no more nodes than that, each is held back alone."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of one decision. taken: share of the chance asked at which it is taken. always: at every node.

    rule: the best there is; None where nothing observed differs, or none is needed. explained: whether it is given.
    """

    taken: float
    always: bool
    rule: Rule | None
    explained: bool

    def at(self, finder: RuleFinder, node: int) -> bool:
        """Say whether the decision would be taken at a node: by the rule, or else by what is commoner."""
        if self.rule is not None and self.explained:
            return finder.holds(self.rule, node)
        return self.taken > 0.5


def judge(finder: RuleFinder, occasion: Occasion, near: Sequence[str], *, remember: bool = True) -> Judged:
    """Find the rule of one decision, and say whether it tells enough to be given."""
    chance, nodes = finder.known.tree.chance, occasion.asked
    weight = sum(chance[n] for n in nodes)
    taken = sum(chance[n] for n in occasion.units) / weight if weight else 1.0
    if len(occasion.units) == len(nodes):
        return Judged(taken, always=True, rule=None, explained=True)
    rule = finder.rule_of(occasion, near, remember=remember) if occasion.units else None
    gained = 0.0 if rule is None else rule.agreement - max(taken, 1 - taken)
    explained = rule is not None and gained >= LEAST_EXPLAINED * min(taken, 1 - taken)
    return Judged(taken, always=False, rule=rule, explained=explained)


def held_back(finder: RuleFinder, occasion: Occasion, near: Sequence[str]) -> float | None:
    """Return the share of the chance asked at which a rule found without a node agrees with the plan at it.

    Where nothing tells without it, the commoner of the two stands for the rule. None where nodes are too few.
    """
    nodes, chance = occasion.asked, finder.known.tree.chance
    weight = sum(chance[n] for n in nodes)
    if len(nodes) < LEAST_NODES or not weight:
        return None
    right = 0.0
    for first in range(min(MOST_TIMES, len(nodes))):
        apart = nodes[first::MOST_TIMES]
        rest = replace(
            occasion,
            asked=tuple(n for n in nodes if n not in apart),
            units={n: units for n, units in occasion.units.items() if n not in apart},
        )
        judged = judge(finder, rest, near, remember=False)
        right += sum(chance[n] for n in apart if judged.at(finder, n) == (n in occasion.units))
    return round(right / weight, DIGITS)
