"""The stripped planning family in Pyomo, scenario by scenario, as mpi-sppy takes it; and how mpi-sppy is asked.

A scenario is one path of the tree, with the columns and rows of its nodes and its costs divided by their chances. The
units at each site in nodes before the last are what scenarios must agree on: arrivals, moves and protection follow.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from benchmarks.instances import BRANCH
from benchmarks.instances.assemble import Instance


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Keep what mpi-sppy prints out of what the benchmark prints."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


with silent():
    from mpisppy.extensions.xhatspecific import XhatSpecific
    from mpisppy.opt.ef import ExtensiveForm
    from mpisppy.opt.ph import PH
    from mpisppy.scenario_tree import ScenarioNode
    from mpisppy.utils.sputils import create_nodenames_from_branching_factors

SOLVER = "appsi_highs"


class Scenarios:
    """An instance of the stripped family, path by path."""

    def __init__(self, instance: Instance, counts: tuple[int, ...]) -> None:
        """Keep the arrays; counts: columns of each family in a node, whole units first."""
        nodes = len(instance.parent)
        self.instance = instance
        self.stage = np.concatenate([np.repeat(np.arange(nodes), count) for count in counts])
        self.rows = instance.matrix.shape[0] // nodes
        self.leaves = np.setdiff1d(np.arange(nodes), instance.parent)
        self.names = [f"scen{i}" for i in range(len(self.leaves))]
        self.stages = len(self.path(int(self.leaves[0])))
        self.node_names = create_nodenames_from_branching_factors([BRANCH] * (self.stages - 1))

    def path(self, leaf: int) -> list[int]:
        """List the nodes from the root to a leaf."""
        path = [leaf]
        while self.instance.parent[path[0]] >= 0:
            path.insert(0, int(self.instance.parent[path[0]]))
        return path

    def node_name(self, path: list[int]) -> str:
        """Name a node as mpi-sppy does: ROOT, ROOT_0, ROOT_0_2."""
        steps = [int(node - np.flatnonzero(self.instance.parent == before)[0]) for before, node in pairwise(path)]
        return "_".join(["ROOT", *map(str, steps)])

    def create(self, name: str) -> pyo.ConcreteModel:
        """State one scenario."""
        made, path = self.instance, self.path(int(self.leaves[int(name.removeprefix("scen"))]))
        columns = np.flatnonzero(np.isin(self.stage, path))
        model = pyo.ConcreteModel(name)
        model.v = pyo.Var(columns.tolist(), bounds=lambda _, i: _bounds(made.lower[i], made.upper[i]),
                          domain=lambda _, i: pyo.Integers if made.integer[i] else pyo.Reals)  # fmt: skip
        rows = [node * self.rows + row for node in path for row in range(self.rows)]
        model.row = pyo.Constraint(rows, rule=self._row)
        cost = made.objective / made.probability[self.stage]
        model.cost = [LinearExpression(linear_coefs=cost[at].tolist(), linear_vars=[model.v[i] for i in at.tolist()])
                      for at in (np.flatnonzero((self.stage == node) & (cost != 0)) for node in path)]  # fmt: skip
        model.objective = pyo.Objective(expr=sum(model.cost))
        model._mpisppy_probability = float(made.probability[path[-1]])
        model._mpisppy_node_list = [self._node(model, path[: at + 1], at) for at in range(len(path) - 1)]
        return model

    def _row(self, model: pyo.ConcreteModel, row: int) -> Any:
        made = self.instance
        at = slice(made.matrix.indptr[row], made.matrix.indptr[row + 1])
        body = LinearExpression(linear_coefs=made.matrix.data[at].tolist(),
                                linear_vars=[model.v[i] for i in made.matrix.indices[at].tolist()])  # fmt: skip
        low, high = _bounds(made.row_lower[row], made.row_upper[row])
        return body == low if low == high else pyo.inequality(low, body, high) if low is not None else body <= high

    def _node(self, model: pyo.ConcreteModel, path: list[int], at: int) -> ScenarioNode:
        made, node = self.instance, path[-1]
        units = np.flatnonzero((self.stage == node) & made.integer).tolist()
        return ScenarioNode(
            self.node_name(path), float(made.probability[node] / (made.probability[path[-2]] if at else 1.0)), at + 1,
            model.cost[at], [model.v[i] for i in units], model, parent_name=self.node_name(path[:-1]) if at else None,
        )  # fmt: skip

    def first_through(self) -> dict[str, str]:
        """Name for each node before the last stage the first scenario that passes through it."""
        through: dict[str, str] = {}
        for name, leaf in zip(self.names, self.leaves, strict=True):
            path = self.path(int(leaf))
            for at in range(1, len(path)):
                through.setdefault(self.node_name(path[:at]), name)
        return through


def _bounds(low: float, high: float) -> tuple[float | None, float | None]:
    return None if low == -np.inf else float(low), None if high == np.inf else float(high)


def extensive_form(names: list[str], creator: Any, gap: float, nodes: list[str] | None = None, **given: Any) -> float:
    """Build and solve mpi-sppy's extensive form; return its objective."""
    with silent():
        form = ExtensiveForm({"solver": SOLVER}, names, creator, all_nodenames=nodes, scenario_creator_kwargs=given)
        form.solve_extensive_form(solver_options={"mip_rel_gap": gap})
        return float(form.get_objective_value())


def hedged(scenarios: Scenarios, gap: float, rho: float, seconds: float) -> tuple[float | None, float, int, float]:
    """Run mpi-sppy's progressive hedging; return objective of a plan, bound, rounds and how far scenarios disagree.

    HiGHS takes no quadratic costs with whole columns, so the proximal terms are linearised, as mpi-sppy offers. The
    plan takes at each node what the first scenario through it does.
    """
    options = {
        "solver_name": SOLVER, "PHIterLimit": 1000, "defaultPHrho": rho, "convthresh": 1e-6, "verbose": False,
        "display_progress": False, "display_timing": False, "display_convergence_detail": False, "smoothed": 0,
        "iter0_solver_options": {"mip_rel_gap": gap}, "iterk_solver_options": {"mip_rel_gap": gap},
        "linearize_proximal_terms": True, "proximal_linearization_tolerance": 0.01, "time_limit": seconds,
        "xhat_specific_options": {"xhat_solver_options": {"mip_rel_gap": gap}, "keep_solution": False,
                                  "xhat_scenario_dict": scenarios.first_through()},
    }  # fmt: skip
    with silent():
        method = PH(options, scenarios.names, scenarios.create, all_nodenames=scenarios.node_names,
                    extensions=XhatSpecific)  # fmt: skip
        disagreement, _, bound = method.ph_main()
        reached = method.extobject._xhat_specific_obj_final
    return reached, float(bound), int(method._PHIter), float(disagreement)
