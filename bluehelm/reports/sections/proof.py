"""How good the plan is proven to be, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import flag
from bluehelm.reports.numbers import measure, percent, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.reports.summary import tier_title
from bluehelm.words import say


def proof(reading: Reading, extras: ReportExtras) -> Section:
    """Show tiers with bounds and gaps, futures, and provenance."""
    plan = reading.plan
    status = {
        "within_gap": say("every tier reached the asked gap"),
        "stopped": say("stopped by a limit or by hand: the best plan so far"),
    }
    rows = tuple(
        (
            tier_title(t),
            measure(t.objective, t.unit),
            measure(t.bound, t.unit),
            percent(t.gap, 2),
            measure(t.held_at, t.unit),
        )
        for t in plan.tiers
    )
    headings = (say("Tier, in order"), say("Reached"), say("No plan can do better than"), say("Gap"), say("Held at"))
    parts: list[Table | Words] = [
        Words(say("Tiers are solved in the Council's order; each is held at what it reached, less a stated "
                  "tolerance, while the next is solved. A bound is proven by the solver for this model and these "
                  "inputs; it says nothing about what the model leaves out.")),
        Table(say("Tiers: reached, bound and gap"), "lrrrr", headings, rows),
    ]  # fmt: skip
    if len(reading.leaves) > 1:
        parts.append(_futures(reading))
    parts.append(
        Table(say("Provenance"), "ll", (say("What"), say("Value")), (
            (say("Status"), status.get(plan.status, plan.status)),
            (say("Checked again by separate code"), say("yes, no fault found") if plan.checked else say("no")),
            (say("Hash of the mission (SHA-256)"), plan.input_hash),
            *_flat(plan.provenance),
        ))
    )  # fmt: skip
    flagged = flag(reading, extras, tables=("tasks",), norms=("tier_tolerance_share",))
    return Section("proof", say("Provenance and proof"), tuple(parts), flagged)


def _futures(reading: Reading) -> Table:
    rows = tuple(
        (leaf, percent(reading.probability(leaf), 0), whole(len(reading.sites_open(leaf)))) for leaf in reading.leaves
    )
    return Table(say("Futures"), "lrr", (say("Ends at"), say("Chance"), say("Sites open at its end")), rows)


def _flat(values: Mapping[str, object], before: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            rows += _flat(value, f"{before}{key}.")
        else:
            rows.append((f"{before}{key}", str(value)))
    return rows
