"""A problem over a large scenario tree: prices, bounds and whole plans node by node, ever better until told to stop.

Relaxing and solving the whole grows faster than the tree. Here nothing larger than a family of nodes is ever solved:

1. a first-order method prices the rows that tie nodes together (`prices.py`);
2. each node is bounded by itself, with rounding cuts (`node_bounds.py`): their sum bounds the whole;
3. each node is decided in its turn, its ancestors as they stand and its future priced (`node_plans.py`); where rows
   reach over several generations, with likely futures beside it instead (`along_futures.py`);
4. with the cuts found, prices are worked out again in more steps, and with them bounds and plans;
5. nodes are bounded with whole columns, and families decided again, the largest doubt first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from bluehelm.solve.along_futures import Ways, improve_along, plan_along
from bluehelm.solve.futures import futures_of, relax_apart
from bluehelm.solve.highs import Limits, Outcome, Progress, Status, solve_integer, stop_asked
from bluehelm.solve.implied_bounds import with_implied_bounds
from bluehelm.solve.method import improve
from bluehelm.solve.model import FloatArray, IntArray
from bluehelm.solve.node_bounds import NodeBound, relax_node, whole_node
from bluehelm.solve.node_plans import SECONDS_OF_A_FAMILY, Around, first_plan, improve_family, longest_tie
from bluehelm.solve.prices import Prices, prices_of
from bluehelm.solve.tree import TreeProblem

# Steps of the first-order method, first without cuts, then with those found; more only while they bring much.
STEPS = (1000, 2000, 8000, 32000)
# Prices are worked out again where the last time took away at least this share of the gap that was left.
ENOUGH = 0.3
# A node is solved with whole columns to this part of the asked gap, and for at most so many seconds.
OF_THE_GAP, SECONDS_OF_A_BOUND = 0.1, 2.0
# A plan that is better than the bound by more than this, relative, disproves it.
PASSED = 1e-6
# The whole is given to branch and bound, beside the search around the best plan, up to this size.
NON_ZEROS_AS_ONE = 400_000
# One search around the best plan takes this long at most; what is used less than this by the relaxation is not used.
SECONDS_AS_ONE, USED = 60.0, 1e-3
# Of the time that is left, the most for nodes and families before the whole is searched.
OF_THE_TIME = 0.5
# Of the time that is left, the most for pricing once, for a plan along the futures, and for making that better.
PRICING, ALONG, BETTER = 0.2, 0.5, 0.3


@dataclass
class Search:
    """The best plan and bound so far; prices and bounds of nodes are those with the best bound of the whole.

    closed: the tree with implied bounds (plans are found more slowly with them), where it is needed.
    """

    tree: TreeProblem
    limits: Limits
    progress: Progress | None
    began: float
    values: FloatArray | None = None
    objective: float = np.inf
    bound: float = -np.inf
    prices: Prices | None = None
    bounds: list[NodeBound] = field(default_factory=list)
    closed: TreeProblem | None = None
    probability: FloatArray | None = None

    @property
    def lags(self) -> bool:
        """Whether rows reach over several generations, so that a node priced by itself leaves the next no answer."""
        return self.probability is not None and bool((self.probability > 0).all()) and longest_tie(self.tree) > 1

    @property
    def by_itself(self) -> TreeProblem:
        """The tree whose nodes are bounded: with implied bounds, once a node ran away without them."""
        return self.closed or self.tree

    @property
    def seconds_left(self) -> float:
        """Seconds by the clock before the limit."""
        return self.limits.seconds - (time.perf_counter() - self.began)

    @property
    def within_gap(self) -> bool:
        """Whether the best plan is proven to be as good as asked."""
        asked = self.limits.gap * max(abs(self.objective), 1e-9)
        return self.values is not None and self.objective - self.bound <= asked

    @property
    def over(self) -> bool:
        """Whether the gap is reached, the time is up, or someone asked to stop."""
        return self.within_gap or self.seconds_left <= 0 or stop_asked()

    @property
    def around(self) -> Around:
        """What plans are sought with."""
        assert self.prices is not None
        return Around(self.tree, self.prices, self.bounds)

    def offer(self, values: FloatArray | None) -> bool:
        """Take a plan if it is the best."""
        objective = np.inf if values is None else float(self.tree.problem.cost @ values) + self.tree.problem.offset
        taken = objective < self.objective
        if taken:
            self.values, self.objective = values, objective
            self.tell()
        return taken

    def bounded(self) -> None:
        """Take the bound of the nodes if it is the best."""
        assert self.prices is not None
        bound = sum(one.bound for one in self.bounds) + self.prices.constant
        if bound > self.bound:
            self.bound = bound
            self.tell()

    def bound_of_whole(self, _objective: float, bound: float) -> None:
        """Take a bound that branch and bound on the whole has proven by now."""
        if np.isfinite(bound) and bound > self.bound:
            self.bound = bound
            self.tell()

    def tell(self) -> None:
        """Say how far things are."""
        if self.progress is not None:
            self.progress(self.objective, self.bound)


def solve_tree(
    tree: TreeProblem, limits: Limits, progress: Progress | None = None, *, start: FloatArray | None = None,
    probability: FloatArray | None = None,
) -> Outcome:  # fmt: skip
    """Minimise a problem over a tree to the asked gap, or as near as the limits allow; the bound is always proven.

    No values where no whole plan was found node by node: the problem may still have one. start: a solution, where one
    is known. probability: chance of each node, without which no plan is sought along futures.
    """
    began = time.perf_counter()
    search = Search(tree, limits, progress, began, probability=probability)
    search.offer(start)
    with ThreadPoolExecutor(max(limits.threads, 1)) as pool:
        for steps in STEPS:
            before = search.bound
            _price(search, pool, steps)
            if search.over:
                break
            search.offer(_first(search, pool))
            if search.lags or _enough(search, before):
                break
        _refine(search, pool)
        if not search.over and search.values is not None:
            _as_one(search, pool)
    if search.bound > search.objective + PASSED * max(abs(search.objective), 1.0):
        # The solver was wrong somewhere, as it rarely is: a plan beyond a bound disproves it.
        search.bound = -np.inf
    status: Status = "solved" if search.within_gap else "stopped"
    return Outcome(status, search.values, search.objective, search.bound, stop_asked())


def _enough(search: Search, before: float) -> bool:
    """Say whether all is over, or pricing again brought too little for once more; a first bound is never too little."""
    if search.over or not np.isfinite(before):
        return search.over
    return search.bound - before < ENOUGH * (search.objective - before)


def _first(search: Search, pool: ThreadPoolExecutor) -> FloatArray | None:
    """Decide node after node; where a node has no end at its prices, with implied bounds; where rows reach far, along
    likely futures."""
    if search.lags:
        return _along(search, pool)
    until = time.perf_counter() + search.seconds_left
    found = first_plan(search.around, pool, until)
    if found is None and search.closed is not None and not search.over:
        found = first_plan(replace(search.around, tree=search.closed), pool, until)
    return found


def _along(search: Search, pool: ThreadPoolExecutor) -> FloatArray | None:
    """Decide node after node along likely futures, and families again; what futures prove by themselves is kept."""
    tree, threads = search.tree, max(search.limits.threads, 1)
    assert search.probability is not None
    now, left = time.perf_counter(), search.seconds_left
    futures = futures_of(tree, search.probability)
    apart = relax_apart(futures, tree.problem.cost, tree.problem.offset, pool, threads, left * ALONG / 2)
    search.bound_of_whole(search.objective, apart.bound)
    ways = Ways(tree, search.probability, tree.problem.integer, apart.most)
    found = plan_along(ways, pool, threads, now + left * ALONG, now + left * ALONG)
    if not search.offer(found):
        found = search.values
    better = time.perf_counter() + search.seconds_left * BETTER
    return None if found is None else improve_along(ways, found, pool, threads, better)


def _price(search: Search, pool: ThreadPoolExecutor, steps: int) -> None:
    """Price the ties anew, with the cuts that are known, and bound every node at these prices."""
    tree, known = search.tree, [one.cuts for one in search.bounds]
    prices = prices_of(tree, known or None, steps, max(search.seconds_left * PRICING, 0.1))

    def relax(node: int) -> NodeBound:
        return relax_node(search.by_itself, prices, node, known[node] if known else None)

    bounds = list(pool.map(relax, range(len(tree))))
    if search.closed is None and any(np.isneginf(one.bound) for one in bounds):
        search.closed = replace(tree, problem=with_implied_bounds(tree.problem))
        bounds = list(pool.map(relax, range(len(tree))))
    if search.prices is None or sum(one.bound for one in bounds) + prices.constant > search.bound:
        search.prices, search.bounds = prices, bounds
        search.bounded()
    else:
        search.bounds = [replace(old, cuts=new.cuts) for old, new in zip(search.bounds, bounds, strict=True)]


def _doubt(search: Search) -> FloatArray:
    """Distance, by node, between the priced cost of the best plan and the node's bound; they add up to the gap."""
    bounds = np.array([one.bound for one in search.bounds])
    if search.values is None or search.prices is None:
        return -bounds
    weights = search.prices.cost * search.values
    spent = np.bincount(search.tree.node_of_column, weights=weights, minlength=len(bounds))
    return np.asarray(spent - bounds)


def _refine(search: Search, pool: ThreadPoolExecutor) -> None:
    """Decide families again and bound nodes with whole columns, side by side, until neither brings anything."""
    tree, threads = search.tree, max(search.limits.threads, 1)
    nodes = set(range(len(tree)))
    decided = search.values is not None
    families = {node for node in nodes if decided and (tree.children[node] or len(tree) == 1)}
    until = search.seconds_left * (1 - OF_THE_TIME)
    while not search.over and (nodes or families) and search.seconds_left > until:
        doubt = _doubt(search)
        chosen = list(islice(_apart(tree, families, doubt), max(threads - bool(nodes), 1)))
        left = sorted(nodes, key=lambda node: (-doubt[node], node))[: threads - len(chosen)]
        waiting = [pool.submit(_again, search, node) for node in chosen]
        for node, bounded in zip(left, pool.map(lambda node: _bound_whole(search, node), left), strict=True):
            search.bounds[node] = bounded
        families -= set(chosen)
        nodes -= set(left)
        search.bounded()
        for node, job in zip(chosen, waiting, strict=True):
            if _merge(search, job.result()):
                families |= {one for one in _near(tree, node) if tree.children[one]} - {node}


def _as_one(search: Search, pool: ThreadPoolExecutor) -> None:
    """Search the whole around the best plan; beside it, where the whole is small enough, branch and bound on it."""
    problem, limits = search.tree.problem, replace(search.limits, threads=1)
    beside = None
    if problem.matrix.nnz <= NON_ZEROS_AS_ONE:
        within = replace(limits, seconds=search.seconds_left)
        beside = pool.submit(solve_integer, problem, within, start=search.values, progress=search.bound_of_whole)
    assert search.prices is not None
    used = np.where(search.prices.values > USED, search.prices.values, 0.0)
    seed = limits.seed
    while not search.over and (beside is None or not beside.done()):
        best = Outcome("stopped", search.values, search.objective, search.bound)
        relaxed = Outcome("stopped", used, -np.inf, search.bound)
        within = replace(limits, seconds=min(search.seconds_left, SECONDS_AS_ONE), seed=seed)
        gained = search.offer(improve(problem, within, best, relaxed).values)
        seed += 1
        if beside is None and not gained:
            break
    if beside is not None:
        found = beside.result()
        search.offer(found.values)
        search.bound = max(search.bound, found.bound)


def _again(search: Search, node: int) -> tuple[IntArray, FloatArray] | None:
    """Decide a family again with all around it held."""
    assert search.values is not None
    seconds = min(SECONDS_OF_A_FAMILY, max(search.seconds_left, 0.01))
    return improve_family(search.around, node, search.values, seconds)


def _merge(search: Search, found: tuple[IntArray, FloatArray] | None) -> bool:
    """Lay a family decided again over the best plan; others decided at the same time lie apart from it."""
    if found is None or search.values is None:
        return False
    better = search.values.copy()
    better[found[0]] = found[1]
    return search.offer(better)


def _bound_whole(search: Search, node: int) -> NodeBound:
    assert search.prices is not None
    gap = max(search.limits.gap * OF_THE_GAP, 1e-5)
    seconds = min(SECONDS_OF_A_BOUND, max(search.seconds_left, 0.01))
    return whole_node(search.by_itself, search.prices, node, search.bounds[node], gap, seconds)


def _apart(tree: TreeProblem, families: set[int], doubt: FloatArray) -> Iterator[int]:
    """List families, the largest doubt first, none of them near one that was listed before."""
    worth = {node: float(doubt[tree.below(node, 2)].sum()) for node in families}
    taken: set[int] = set()
    for node in sorted(worth, key=lambda one: (-worth[one], one)):
        near = _near(tree, node)
        if not near & taken:
            taken |= near
            yield node


def _near(tree: TreeProblem, node: int) -> set[int]:
    """Return the nodes within two generations of a family, before and after."""
    top = node
    for _ in range(2):
        top = int(tree.parent[top]) if tree.parent[top] >= 0 else top
    return set(tree.below(top, 2)) | set(tree.below(node, 4)) | {top, node, max(int(tree.parent[node]), 0)}
