"""The sections of an ensemble's report."""

from __future__ import annotations

from collections import Counter

from bluehelm.reports.ensemble.names import axis_name, design_name, status_of_run, value_name
from bluehelm.reports.ensemble.reading import COST, DEATHS, PROTECTION, EnsembleReading, Run
from bluehelm.reports.ensemble.summary import effect_size, figure_told
from bluehelm.reports.numbers import NOTHING, decimal, percent, span, whole
from bluehelm.reports.section import Section, Shown, Table, Words, shortened
from bluehelm.words import say

MOST_REASONS = 12
RUNS_TOLD = 5


def effects(reading: EnsembleReading) -> Section:
    """Show which axis moves protection and cost most."""
    parts: tuple[Words | Shown | Table, ...] = (
        Words(say("An axis is judged by the means of its levels: all runs that share one value of it, or one stretch "
                  "of its range, whatever the others are. The share of the variance says how much of the difference "
                  "between runs the axis explains alone; what is missing to 100% comes from axes together.")),
        _effects_table(reading),
        Shown("protection"),
        Shown("deaths"),
        Shown("cost"),
    )  # fmt: skip
    return Section("effects", say("What moves protection and cost"), parts)


def _effects_table(reading: EnsembleReading) -> Table:
    found = {figure: {one.axis: one for one in reading.effects(figure)} for figure in (PROTECTION, DEATHS, COST)}
    first = list(found[PROTECTION])
    rows = []
    for axis in [*first, *(axis for axis in reading.moving if axis not in first)]:
        row = [axis_name(axis)]
        for figure, effects_on in found.items():
            effect = effects_on.get(axis)
            share = effect.share_of_variance if effect else None
            row.append(NOTHING if effect is None else effect_size(figure, effect))
            row.append(NOTHING if share is None else percent(share, 0))
        rows.append(tuple(row))
    share_of = say("Share of its variance")
    headings = (say("Axis"), say("Protection moves by"), share_of, say("Deaths not answered move by"), share_of,
                say("Cost moves by"), share_of)  # fmt: skip
    return Table(say("Main effects: highest less lowest mean of a level"), "lrrrrrr", headings, tuple(rows))


def levels(reading: EnsembleReading) -> Section:
    """Show every level of every axis."""
    rows = []
    for axis in reading.axes:
        for i, level in enumerate(reading.levels[axis]):
            leaving = level.mean("units_leaving")
            rows.append((
                axis_name(axis) if i == 0 else "", level.label, whole(len(level.runs)), whole(len(level.planned)),
                figure_told(PROTECTION, level.mean(PROTECTION)), figure_told(COST, level.mean(COST)),
                NOTHING if leaving is None else decimal(leaving),
            ))  # fmt: skip
    headings = (say("Axis"), say("Level"), say("Runs"), say("Planned"), say("Protected, mean"), say("Cost, mean"),
                say("Units told to leave, mean"))  # fmt: skip
    return Section("levels", say("Every level"), (Table(say("Means by level"), "lsrrrrr", headings, tuple(rows)),))


def extremes(reading: EnsembleReading) -> Section:
    """Show the settings under which least and most is protected."""
    title = say("Least and most protected")
    ranked = sorted(reading.planned, key=lambda run: (run["figures"][PROTECTION], run["key"]))
    if not ranked:
        return Section("extremes", title, (Words(say("No run made a plan.")),))
    least, most = ranked[:RUNS_TOLD], ranked[RUNS_TOLD:][-RUNS_TOLD:]
    headings = (say("Setting"), say("Protected"), say("Deaths not answered"), say("Cost"), say("Units told to leave"))
    rows = tuple(_run_row(reading, run) for run in [*least, *most])
    return Section("extremes", title, (Table(say("Settings at both ends"), "lrrrr", headings, rows),))


def _run_row(reading: EnsembleReading, run: Run) -> tuple[str, ...]:
    setting = "\n".join(
        say("{axis}: {value}", axis=axis_name(axis), value=value_name(run["setting"][axis])) for axis in reading.axes
    )
    figures = run["figures"]
    return (setting, figure_told(PROTECTION, figures[PROTECTION]), decimal(figures["deaths_not_answered"]),
            figure_told(COST, figures[COST]), decimal(figures["units_leaving"]))  # fmt: skip


def unplanned(reading: EnsembleReading) -> Section:
    """Show the runs without a plan, and why."""
    title = say("Runs without a plan")
    reasons: Counter[tuple[str, str]] = Counter()
    for run in reading.runs:
        if not run["figures"]:
            why = [say(run["message"], **run["values"]), *run["details"][:3]]
            reasons[run["status"], "\n".join(why)] += 1
    if not reasons:
        return Section("unplanned", title, (Words(say("Every setting has a plan.")),))
    rows: list[tuple[str, ...]] = [
        (status_of_run(status), why, whole(count)) for (status, why), count in reasons.most_common()
    ]
    shown, left_out = shortened(rows, MOST_REASONS)
    note = say("{count} more {count:reason|reasons} {count:is|are} in results.csv.", count=left_out) if left_out else ""
    headings = (say("How it ended"), say("Why"), say("Runs"))
    told = Words(say("A setting under which no plan fits is an answer too. It is counted at its levels above, and left "
                     "out of their means."))  # fmt: skip
    return Section("unplanned", title, (told, Table(say("Reasons"), "slr", headings, shown, note)))


def design(reading: EnsembleReading) -> Section:
    """Show what was varied and how, and what the runs were made with."""
    record = reading.record
    rows = []
    for axis, given in record["axes"].items():
        low_high = span(value_name(given.get("low")), value_name(given.get("high")))
        tried = say(", ").join(value_name(value) for value in given["values"]) if "values" in given else low_high
        rows.append((axis_name(axis), axis, tried))
    limits = record["limits"]
    stopped = (say("{count} {count:round|rounds} of improvement", count=limits["work"]) if limits["work"]
               else say("{count} {count:second|seconds}", count=f"{limits['seconds']:g}"))  # fmt: skip
    facts = (
        (say("Design"), design_name(record["design"])),
        (say("Seed"), str(record["seed"])),
        (say("Each plan is stopped at a gap of"), say("{gap}, or after {limit}", gap=percent(limits["gap"], 2),
                                                     limit=stopped)),
        (say("Hash of the mission"), record["input_hash"][:16]),
        (say("Hash of the norms"), record["norms_hash"][:16]),
        (say("Made with"), f"bluehelm {record['bluehelm']}, {record['solver']}"),
    )  # fmt: skip
    parts = (
        Table(say("What was varied"), "lsl", (say("Axis"), say("Key"), say("Values")), tuple(rows)),
        Table(say("How"), "ll", (say("What"), say("Value")), facts),
        Words(say("Plans stopped by seconds may differ from one computer to the next; those stopped by their gap or by "
                  "rounds of work do not.")),
    )  # fmt: skip
    return Section("design", say("Design and provenance"), parts)
