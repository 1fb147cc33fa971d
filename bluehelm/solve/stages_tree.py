"""From a program of stages to the arrays of its scenario tree: one block for each stage, with a row of it per node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bluehelm.errors import InfeasibleMissionError, StoppedError
from bluehelm.solve.highs import Limits, relax, solve_integer
from bluehelm.solve.model import FloatArray, IntArray, Model, Problem
from bluehelm.solve.stages import Stage, StagedProgram
from bluehelm.solve.stages_text import Row, Term

EXACT = Limits(gap=0.0)


@dataclass(frozen=True, slots=True)
class Layer:
    """The nodes of the tree at one stage: node before, state and outcome as indices, and probability."""

    before: IntArray
    state: IntArray
    outcome: IntArray
    probability: FloatArray


@dataclass(frozen=True, slots=True)
class StagedAnswer:
    """The best value with its bound, in the program's own sense, and what is decided at the first stage."""

    objective: float
    bound: float
    decision: dict[str, float]
    nodes: int


def layers_of(program: StagedProgram) -> list[Layer]:
    """Expand a program to its tree, stage by stage; what has no chance is left out."""
    layers: list[Layer] = []
    state, probability = np.zeros(1, int), np.ones(1)
    for stage in program.stages:
        chances = stage.states.chance[state if len(stage.states.chance) > 1 else np.zeros_like(state)]
        chance = probability[:, None, None] * chances[:, :, None] * stage.outcomes.probability
        before, state, outcome = np.nonzero(chance)
        probability = chance[before, state, outcome]
        layers.append(Layer(before, state, outcome, probability))
    return layers


def parents_of(program: StagedProgram) -> IntArray:
    """Return the parent of each node of the tree, nodes numbered as in `Problem.stage`; -1 for the first."""
    layers = layers_of(program)
    sizes = [1, *(len(layer.before) for layer in layers)]
    first = np.cumsum([-1, *sizes])
    return np.concatenate([layer.before + first[at] for at, layer in enumerate(layers)])


def assemble(program: StagedProgram) -> Problem:
    """Put all nodes of the tree into one problem, minimised, each node's cost times its probability.

    Parameters
    ----------
    program : StagedProgram
        Stages with what may turn out at each.

    Returns
    -------
    Problem
        Columns stage by stage, within a stage node by node; `stage` tells the node that a column belongs to.
    """
    model = Model()
    stage_before: Stage | None = None
    before: IntArray | None = None
    costs: list[tuple[IntArray, FloatArray]] = []
    nodes_before, offset, sign = 0, 0.0, -1.0 if program.maximise else 1.0
    node_of: list[IntArray] = []
    for stage, layer in zip(program.stages, layers_of(program), strict=True):
        nodes = [str(node) for node in range(len(layer.probability))]
        columns = model.columns(
            stage.name, (nodes, stage.names),
            lower=np.array([column.lower for column in stage.columns]),
            upper=np.array([column.upper for column in stage.columns]),
            integer=np.array([column.whole for column in stage.columns], bool),
        )  # fmt: skip
        node_of.append(np.repeat(nodes_before + np.arange(len(nodes)), len(stage.columns)))
        nodes_before += len(nodes)
        parents = None if before is None else before[layer.before]
        here = _Here(stage, layer, columns, stage_before, parents, program.initial)
        for row in stage.rows:
            _add_row(model, here, row, nodes)
        for term in stage.cost:
            value, column = here.term(term)
            if column is None:
                offset += sign * float((value * layer.probability).sum())
            else:
                costs.append((column, sign * value * layer.probability))
        stage_before, before = stage, columns
    problem = model.problem()
    cost = np.zeros(len(problem.cost))
    for column, value in costs:
        np.add.at(cost, column, value)
    return replace(problem, cost=cost, offset=offset, stage=np.concatenate(node_of))


@dataclass(frozen=True, slots=True)
class _Here:
    """One stage with its nodes: what a term is worth in each of them."""

    stage: Stage
    layer: Layer
    columns: IntArray
    stage_before: Stage | None
    before: IntArray | None
    initial: Mapping[str, float]

    def term(self, term: Term) -> tuple[FloatArray, IntArray | None]:
        """Return the coefficient of a term in each node, and its column in each node (None: the number alone)."""
        value = np.full(len(self.layer.probability), term.factor)
        for name in term.data:
            value *= self._datum(name)
        if not term.column:
            return value, None
        if not term.before:
            return value, self.columns[:, self.stage.names.index(term.column)]
        if self.stage_before is None or self.before is None:
            return value * self.initial[term.column], None
        return value, self.before[:, self.stage_before.names.index(term.column)]

    def _datum(self, name: str) -> FloatArray | float:
        if name in self.stage.outcomes.data:
            return self.stage.outcomes.data[name][self.layer.outcome]
        if name in self.stage.states.data:
            return self.stage.states.data[name][self.layer.state]
        return self.stage.data[name]


def _add_row(model: Model, here: _Here, row: Row, nodes: Sequence[str]) -> None:
    """Add one row of a stage for all its nodes; what stands without a column goes to the limit."""
    terms = [here.term(term) for term in row.terms]
    limit = -sum((value for value, column in terms if column is None), np.zeros(len(nodes)))
    rows = model.rows(
        f"{here.stage.name}: {row.name}", (nodes,),
        lower=-np.inf if row.comparison == "<=" else limit, upper=np.inf if row.comparison == ">=" else limit,
    )  # fmt: skip
    for value, column in terms:
        if column is not None:
            model.add(rows, column, value)


def solve_stages(program: StagedProgram, limits: Limits = EXACT) -> StagedAnswer:
    """Solve a program over its whole tree at once.

    Parameters
    ----------
    program : StagedProgram
        Stages with what may turn out at each.
    limits : Limits
        Gap and seconds, where decisions are whole.

    Returns
    -------
    StagedAnswer

    Raises
    ------
    InfeasibleMissionError
        If nothing that can be decided satisfies every row in every node.
    StoppedError
        If the seconds ended before a first solution was found.
    """
    problem = assemble(program)
    if problem.integer.any():
        found = solve_integer(problem, limits)
    else:
        found = relax(problem, seconds=limits.seconds, threads=limits.threads)
    if found.values is None and found.status == "stopped":
        raise StoppedError("Stopped before a first solution was found. Give it more seconds.")
    if found.values is None:
        raise InfeasibleMissionError(
            "'{name}' has no solution that satisfies every row at all of its {nodes} nodes. Loosen a row, or add a "
            "column that says what is missing and what it costs.",
            name=program.name,
            nodes=int(problem.stage.max()) + 1,
        )
    sign = -1.0 if program.maximise else 1.0
    names = program.stages[0].names
    decision = dict(zip(names, (found.values[: len(names)] + 0.0).tolist(), strict=True))
    return StagedAnswer(sign * found.objective, sign * found.bound, decision, int(problem.stage.max()) + 1)
