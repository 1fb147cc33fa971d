"""Information sets in the model: nodes that cannot be told apart share one column for each decision.

x[k, j, m] and x[k, j, n] become one column where m and n are in one set: the model gets smaller, and every row of
either node reads the same decision. What follows from decisions (moves, arrivals, protection, money) stays apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.mission.information import ALL, KINDS, NOTHING, Information, Knows
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import IntArray, Problem

if TYPE_CHECKING:
    from bluehelm.planning.columns import Columns

BLOCKS: Mapping[str, str] = {"orders": "order", "units": "x", "exits": "exit_order", "sites": "opened"}


def decided_in(information: Information | None, line: Timeline) -> dict[str, IntArray]:
    """Say, for each kind of decision, in which node each node's decision is held: the first of its set.

    Raises
    ------
    InvalidRecordError
        If a set names a node that is not in the tree, or nodes of different months.
    """
    if information is None or information.says_nothing:
        return {}
    found = {}
    for kind in KINDS:
        sets = [_known_nodes(one.nodes, line) for one in information.alike if kind in one.kinds]
        held = _joined(_by_rule(information.of(kind), line), sets)
        # Nodes of a set begin in one month, so that all of them are bound or none is.
        held = np.where([information.binds(month) for month in line.first_month], held, np.arange(len(line)))
        if (held != np.arange(len(line))).any():
            found[kind] = held
    return found


def _by_rule(rule: Knows, line: Timeline) -> IntArray:
    """Number the nodes by what is known in them; nodes of one month that know the same have the same number."""
    nodes = range(len(line))
    if rule.knows == ALL:
        return np.arange(len(line))
    late = np.inf if rule.knows == NOTHING else rule.months
    seen = [(line.start[n], max((m for m in line.path(n) if line.start[m] <= line.start[n] - late), default=-1))
            for n in nodes]  # fmt: skip
    return np.array([seen.index(known) for known in seen])


def _joined(first: IntArray, sets: list[list[int]]) -> IntArray:
    """Join sets that share a node; the first node of each speaks for all."""
    held = first.copy()
    for nodes in sets:
        together = np.isin(held, held[nodes])
        held[together] = held[together].min()
    return held


def _known_nodes(names: tuple[str, ...], line: Timeline) -> list[int]:
    for name in names:
        if name not in line.node_ids:
            raise InvalidRecordError(
                "A set of nodes that cannot be told apart names '{node}', which is not in the tree ({count} "
                "{count:node|nodes}). "
                "Nearest name: '{nearest}'.",
                node=name,
                count=len(line),
                nearest=nearest(name, line.node_ids),
            )
    nodes = sorted(line.node_ids.index(name) for name in names)
    for n in nodes[1:]:
        if line.start[n] != line.start[nodes[0]]:
            raise InvalidRecordError(
                "Nodes '{first}' ({first_month}) and '{other}' ({other_month}) are in one set of nodes that cannot be "
                "told apart, but begin in different months: the calendar tells them apart. Name nodes of one month.",
                first=line.node_ids[nodes[0]],
                first_month=str(line.first_month[nodes[0]]),
                other=line.node_ids[n],
                other_month=str(line.first_month[n]),
            )
    return nodes


def merged(columns: Columns, held: Mapping[str, IntArray]) -> Columns:
    """Let the nodes of a set share their columns."""
    return replace(columns, **{BLOCKS[kind]: getattr(columns, BLOCKS[kind])[..., held[kind]] for kind in held})


def common_bounds(problem: Problem, before: Columns, after: Columns) -> Problem:
    """Keep shared columns within what each of their nodes allows; those that nothing uses any more stay at 0."""
    lower, upper = problem.column_lower.copy(), problem.column_upper.copy()
    for name in BLOCKS.values():
        own, held = getattr(before, name).ravel(), getattr(after, name).ravel()
        np.maximum.at(lower, held, problem.column_lower[own])
        np.minimum.at(upper, held, problem.column_upper[own])
        idle = own[own != held]
        lower[idle] = upper[idle] = 0.0
    return replace(problem, column_lower=lower, column_upper=upper)
