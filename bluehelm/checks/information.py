"""Whoever cannot tell futures apart decides alike in them: held against the plan by what each node could know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from bluehelm.checks.evidence import Evidence
from bluehelm.checks.futures import FutureNode, Futures
from bluehelm.mission.information import ALL, KINDS, NOTHING, Information, Knows
from bluehelm.words import say

Known = tuple[int, str]
"""Month in which a node begins, and the last node of its path that is known by then; blank where none is."""


def information_sets(e: Evidence, information: Information | None) -> Iterator[str]:
    """In every set of nodes that cannot be told apart, each kind of decision it is for is the same."""
    if information is None or information.says_nothing:
        return
    decided = _decisions(e)
    names = {
        "orders": say("pledges called"), "units": say("where units stand"), "exits": say("units told to leave"),
        "sites": say("which sites are open"),
    }  # fmt: skip
    for kind in KINDS:
        for i, n in _pairs(e.futures, information, kind):
            first, other = e.futures[i], e.futures[n]
            if first.start != other.start:
                yield say(
                    "Nodes '{first}' and '{other}' are said to look alike, but begin in different months.",
                    first=first.node_id, other=other.node_id,
                )  # fmt: skip
            elif decided[kind](i) != decided[kind](n):
                yield say(
                    "Nodes '{first}' and '{other}' cannot be told apart, but the plan decides differently in them: "
                    "{decision}.",
                    first=first.node_id, other=other.node_id, decision=names[kind],
                )  # fmt: skip


def _decisions(e: Evidence) -> Mapping[str, Callable[[int], object]]:
    """Return, for each kind, how to read what is decided in a node."""
    return {
        "orders": lambda n: [int(by_node[n]) for by_node in e.orders.values()],
        "units": lambda n: e.units[:, :, n].tolist(),
        "exits": lambda n: e.exit_orders[:, n].tolist(),
        "sites": lambda n: e.is_open[:, n].tolist(),
    }


def _pairs(futures: Futures, information: Information, kind: str) -> Iterator[tuple[int, int]]:
    """Pair each node of a set with the one before it, by their places: sets by rule, then those that are named."""
    alike: dict[Known, list[int]] = defaultdict(list)
    rule = information.of(kind)
    for n, node in enumerate(futures):
        alike[_known(futures, node, rule)].append(n)
    sets = list(alike.values()) if rule.knows != ALL else []
    of = {node.node_id: n for n, node in enumerate(futures)}
    sets += [[of[name] for name in one.nodes if name in of] for one in information.alike if kind in one.kinds]
    for nodes in sets:
        yield from pairwise(n for n in nodes if information.binds(futures[n].first_month))


def _known(futures: Futures, node: FutureNode, rule: Knows) -> Known:
    if rule.knows == NOTHING:
        return node.start, ""
    seen = [futures[m].node_id for m in node.path if futures[m].start <= node.start - rule.months]
    return node.start, seen[-1] if seen else ""
