"""Is this plan what it says it is? Everything is worked out again from the raw mission, by other code.

Nothing here is shared with the builder of the model or with its geometry: a mistake there cannot hide itself here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bluehelm.checks import (
    balance,
    care,
    ceilings,
    effort,
    labels,
    money,
    names,
    protection,
    restrictions,
    sites,
    tiers,
)
from bluehelm.checks.compare import shorten
from bluehelm.checks.evidence import Evidence, UnitClass, class_faults, read_classes, read_evidence
from bluehelm.checks.futures import Futures, node_faults, read_futures
from bluehelm.checks.information import information_sets
from bluehelm.mission.information import Information, information_of
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms

Family = Callable[[Evidence], Iterator[str]]

FAMILIES: tuple[Family, ...] = (
    balance.whole_units,
    balance.balance,
    balance.moves,
    balance.orders,
    balance.arrivals,
    balance.departures,
    ceilings.ceilings,
    ceilings.stated_ceilings,
    sites.capacity_and_guard,
    sites.placement,
    sites.lifecycle,
    sites.site_limits,
    sites.stated_sites,
    restrictions.lost_sites,
    protection.protection,
    effort.effort,
    effort.effort_hours,
    effort.effort_reach,
    restrictions.restricted_effort,
    care.care,
    money.cash,
    money.appropriations,
    money.fiscal_years,
)
NAME_FAMILIES: tuple[Family, ...] = (names.name_labels, names.name_counts, names.name_paths)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the check found: one sentence for each fault, in the reader's language; none where the plan stands."""

    sentences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the plan is what it says."""
        return not self.sentences


def check_plan(plan: Plan, norms: Norms) -> CheckResult:
    """Hold a plan against its mission: every rule, and every number that its tables state.

    norms: those that the plan was made with, the mission's amendments laid over them. Tables that cannot be read
    (unknown names, rows that stand twice) are told first, and alone: nothing can be worked out from them.
    """
    form = shorten(labels.form_faults(plan.tables))
    if form:
        return CheckResult(tuple(form))
    futures = read_futures(plan.mission, plan.tables["nodes"])
    classes = read_classes(plan.tables["classes"], norms)
    for faults in _reading_faults(plan, futures, classes):
        if told := shorten(faults):
            return CheckResult(tuple(told))
    evidence = read_evidence(plan, norms, futures, classes)
    start = evidence.start_units.sum(axis=1).tolist()
    cost = np.asarray(money.prices(evidence).month).tolist()
    found = shorten(labels.class_label_faults(plan.tables["classes"], classes, start, cost))
    # While a plan is still compared with others its units need no names; then the table is empty.
    named = NAME_FAMILIES if len(plan.tables["names"]) else ()
    for family in (*FAMILIES, *named):
        found += shorten(family(evidence))
    found += shorten(information_sets(evidence, _information(plan)))
    return CheckResult((*found, *tiers.tiers(evidence, plan.tiers, tail=_tail(plan))))


def _tail(plan: Plan) -> float:
    """Share of the futures, the mildest, that the plan leaves out when it measures harm."""
    options = plan.provenance.get("options")
    return float(options.get("tail", 0.0)) if isinstance(options, Mapping) else 0.0


def _information(plan: Plan) -> Information | None:
    """Who knew what when in the plan, as its options say."""
    options = plan.provenance.get("options")
    return information_of(options.get("information")) if isinstance(options, Mapping) else None


def _reading_faults(plan: Plan, futures: Futures, classes: tuple[UnitClass, ...]) -> Iterator[Iterable[str]]:
    """Yield one family of faults after the other; each can be looked for only where those before it are absent."""
    yield node_faults(plan.mission, plan.tables["nodes"], futures)
    yield class_faults(plan.mission, classes, plan.tables["classes"])
    yield labels.name_faults(plan.mission, plan.tables, futures, classes)
    yield labels.movement_faults(plan.tables["movements"])
    yield labels.label_faults(plan.tables, futures, classes)
