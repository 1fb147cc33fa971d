"""How good the plan is proven to be, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import flag
from bluehelm.reports.numbers import measure, percent, plain, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.reports.tiers import gaps_sentence, tier_title
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
                  "tolerance, while the next is solved. A tier is one aim of the plan; its gap is how far it may still "
                  "lie from the best that is possible. A bound is proven by the solver for this model and these "
                  "inputs; it says nothing about what the model leaves out. The score of a priority also weighs its "
                  "other tasks and the months after the last, so it differs from the share of deaths protected.")),
        Words(gaps_sentence(plan)),
        Table(say("Tiers: reached, bound and gap"), "lrrrr", headings, rows),
    ]  # fmt: skip
    if len(reading.leaves) > 1:
        parts.append(_futures(reading))
    parts.append(
        Table(say("Provenance"), "ll", (say("What"), say("Value")), (
            (say("Status"), status.get(plan.status, plan.status)),
            (say("Checked again by separate code"), say("yes, no fault found") if plan.checked else say("no")),
            (say("Hash of the mission (SHA-256)"), plan.input_hash),
            *_named(plan.provenance),
        ))
    )  # fmt: skip
    flagged = flag(reading, extras, tables=("tasks",), norms=("tier_tolerance_share",))
    return Section("proof", say("Provenance and proof"), tuple(parts), flagged)


def _futures(reading: Reading) -> Table:
    rows = tuple(
        (leaf, percent(reading.probability(leaf), 0), whole(len(reading.sites_open(leaf)))) for leaf in reading.leaves
    )
    return Table(say("Futures"), "lrr", (say("Ends at"), say("Chance"), say("Sites open at its end")), rows)


def _named(values: Mapping[str, object]) -> list[tuple[str, str]]:
    known = {
        "bluehelm": say("Version of bluehelm"), "solver": say("Solver"), "python": say("Version of Python"),
        "columns": say("Unknowns of the model"), "integers": say("Of these, whole numbers"),
        "rows": say("Equations and limits of the model"), "non_zeros": say("Numbers in these"),
        "nodes": say("Steps in time, over all futures"), "norms_hash": say("Hash of the norms (SHA-256)"),
        "options.gap": say("Gap asked"), "options.seconds": say("Time allowed (seconds)"),
        "options.nodes": say("Work allowed (nodes of the search)"), "options.seed": say("Seed of chance"),
        "options.threads": say("Processors used"), "options.steps": say("Steps of the protection curve"),
        "options.order": say("Order of the priorities"), "options.tail": say("Share of mildest futures left out"),
        "options.reverse_order": say("Priorities in reverse order"),
    }  # fmt: skip
    place = {key: i for i, key in enumerate(known)}
    rows = sorted(_flat(values), key=lambda row: place.get(row[0], len(place)))
    return [(known.get(key, key), _plainly(key, value)) for key, value in rows]


def _plainly(key: str, value: object) -> str:
    if value is None:
        return say("no limit")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if key == "options.gap":
        return percent(float(str(value)), 2)
    return plain(f"{value:.10g}") if isinstance(value, (int, float)) else str(value)


def _flat(values: Mapping[str, object], before: str = "") -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            rows += _flat(value, f"{before}{key}.")
        else:
            rows.append((f"{before}{key}", value))
    return rows
