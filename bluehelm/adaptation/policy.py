"""A plan over many futures as a policy: what is done in all of them, what depends on what is seen, and what is kept.

A plan over a tree says for every node what is done there. A leader does not stand at a node: she sees deaths, payments
and benchmarks. For each decision that is taken in some of the nodes of a month and not in others, this room looks for
the simplest rule on what is known when deciding that tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bluehelm.adaptation.policy_decisions import Decision, Occasion, occasions_of
from bluehelm.adaptation.policy_futures import Future, Parting, courses_of, futures_of, partings_of
from bluehelm.adaptation.policy_judged import LEAST_NODES, held_back, judge
from bluehelm.adaptation.policy_keep import Keep, keeps_of
from bluehelm.adaptation.policy_observables import Seen, observed
from bluehelm.adaptation.policy_rules import DIGITS, RuleFinder, Sign
from bluehelm.adaptation.policy_tree import tree_of
from bluehelm.mission.plan import Plan
from bluehelm.norms import load_norms
from bluehelm.norms.norms import Norms

LEAST_EITHER_WAY = 2
"""A rule that was read from fewer nodes that take the decision, or that do not, is indicative."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A decision of one month, and the rule by which the plan takes it.

    signs: at most two, joined by "and"; empty where the decision is taken in every node at which it can be, or where
    nothing tells. explained: whether the rule tells. agreement: share of the chance of the nodes at which the decision
    could be taken where rule and plan agree (where nothing tells: of the best rule found). agreement_held_back: the
    same where each node is judged by a rule found without it; None where no rule is given or nodes are too few to hold
    any back. taken: share of that chance at which the plan takes it. chance: of coming to a node at which it is asked.
    nodes, nodes_taken, futures: on how many nodes it rests, at how many of them it is taken, and how many futures pass
    through them. everywhere: it is taken in every future. months_before: length of what was seen; 0 if that differs.
    alternatives: other observables that tell as well by themselves; also: the simplest of them of another kind.
    indicative: it rests on few nodes, or on few that go one of the two ways. near_end: nothing after it corrects it, so
    near is the end.
    """

    decision: Decision
    month: str
    units_low: int
    units_high: int
    signs: tuple[Sign, ...]
    explained: bool
    agreement: float
    taken: float
    chance: float
    nodes: int
    nodes_taken: int
    futures: int
    everywhere: bool
    months_before: int
    alternatives: int
    also: Sign | None
    indicative: bool
    near_end: bool
    agreement_held_back: float | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What a plan over futures asks of those who carry it out.

    first_parting: month in which futures are first planned otherwise; blank if never. courses: ways of acting that
    differ, over all futures. tail: share of the mildest futures left out where the worst are told. knows_before:
    whether the mission's tree says what was seen before each node; otherwise rules on violence are on what is expected.
    """

    futures: tuple[Future, ...]
    tail: float
    courses: int
    partings: tuple[Parting, ...]
    triggers: tuple[Trigger, ...]
    keeps: tuple[Keep, ...]
    knows_before: bool

    @property
    def first_parting(self) -> str:
        """First month in which futures are planned otherwise; blank if they never are."""
        return min((parting.month for parting in self.partings), default="")


TOLD_TAIL = 0.8
"""Where a plan was made for the mean, its worst fifth of futures is told beside it."""


def policy_of(plan: Plan, seen: Seen | None = None, norms: Norms | None = None) -> Policy:
    """Read the policy of a plan over a tree of futures.

    Parameters
    ----------
    plan : Plan
        A plan of a mission with nodes.
    seen : Seen, optional
        Deaths that the futures of each node have seen before it, where the tree says so. Without it, what was seen is
        what the plan reckons with in the node before, and rules may name the deaths expected in the node itself.
    norms : Norms, optional
        Those that the plan was made with; by default those of its mission.

    Returns
    -------
    Policy
        Triggers by month; those that no rule explains are among them.
    """
    norms = norms or load_norms(plan.mission.amendments)
    tree = tree_of(plan)
    finder = RuleFinder(observed(plan, tree, seen))
    zones = {site.site_id: site.zone for site in plan.mission.sites}
    options = plan.provenance.get("options")
    tail = float(options.get("tail", 0.0)) if isinstance(options, dict) else 0.0
    return Policy(
        futures=futures_of(plan, tree),
        tail=tail or TOLD_TAIL,
        courses=courses_of(plan, tree),
        partings=partings_of(plan, tree),
        triggers=tuple(_trigger(finder, occasion, zones) for occasion in occasions_of(plan, tree, norms)),
        keeps=keeps_of(plan, tree),
        knows_before=seen is not None,
    )


def _trigger(finder: RuleFinder, occasion: Occasion, zones: Mapping[str, str]) -> Trigger:
    """Find the rule of one decision in one month."""
    tree, nodes = finder.known.tree, list(occasion.asked)
    near = [zones[site] for site in (occasion.decision.to_site, occasion.decision.from_site) if site]
    judged = judge(finder, occasion, near)
    found, taken, always = judged.rule, judged.taken, judged.always
    lengths = {tree.months[tree.parent[n]] for n in nodes if tree.parent[n] >= 0}
    return Trigger(
        decision=occasion.decision,
        month=occasion.month,
        units_low=min(occasion.units.values()),
        units_high=max(occasion.units.values()),
        signs=found.signs if found is not None and judged.explained else (),
        explained=judged.explained,
        agreement=1.0 if always else found.agreement if found is not None else round(max(taken, 1 - taken), DIGITS),
        taken=round(taken, DIGITS),
        chance=round(sum(tree.chance[n] for n in nodes), DIGITS),
        nodes=len(nodes),
        nodes_taken=len(occasion.units),
        futures=sum(tree.futures_below[n] for n in nodes),
        everywhere=always and occasion.everywhere,
        months_before=lengths.pop() if len(lengths) == 1 else 0,
        alternatives=found.alternatives if found is not None else 0,
        also=found.also if found is not None else None,
        indicative=not always and (len(nodes) < LEAST_NODES or _fewer_way(occasion) < LEAST_EITHER_WAY),
        near_end=any(tree.indicative[n] for n in occasion.units),
        agreement_held_back=held_back(finder, occasion, near) if found is not None and judged.explained else None,
    )


def _fewer_way(occasion: Occasion) -> int:
    """Count the nodes that take a decision, or those that do not, whichever are fewer."""
    return min(len(occasion.units), len(occasion.asked) - len(occasion.units))
