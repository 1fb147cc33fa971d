"""The first page of an ensemble's report: how many plans, their range, and what moves them most."""

from __future__ import annotations

from bluehelm.reports.ensemble.names import axis_name, status_of_run
from bluehelm.reports.ensemble.reading import COST, DEATHS, PROTECTION, Effect, EnsembleReading
from bluehelm.reports.numbers import NOTHING, decimal, listing, millions, money, percent, span, together, whole
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.words import say

AXES_TOLD = 3


def summary_of_ensemble(reading: EnsembleReading) -> Summary:
    """Tell an ensemble on one page, in the language in use."""
    record = reading.record
    lines = (
        Line(say("Runs"), _runs(reading)),
        Line(say("Protection"), _moved(reading, PROTECTION)),
        Line(say("Deaths not answered"), _moved(reading, DEATHS)),
        Line(say("Cost"), _moved(reading, COST)),
        Line(say("Proof"), _proof(reading)),
        Line(say("What this is not"), say(
            "No setting here has a chance: a range says what could be, not how likely it is. Means are over the runs "
            "that made a plan; where some levels have none, levels are compared on different runs.")),
    )  # fmt: skip
    return Summary(
        record["name"],
        say("{mission} planned under {count} {count:setting|settings} of {axes}.", mission=record["mission"],
            count=whole(len(reading.runs)), axes=listing(axis_name(axis) for axis in reading.axes)),
        _tiles(reading),
        tuple(line for line in lines if line.text),
    )  # fmt: skip


def figure_told(figure: str, value: float | None) -> str:
    """Write a figure of a plan by what it is."""
    if value is None:
        return NOTHING
    return {PROTECTION: percent, DEATHS: decimal}.get(figure, money)(value)


def range_told(figure: str, ends: tuple[float, float] | None) -> str:
    """Write the range of a figure."""
    if ends is None:
        return NOTHING
    if figure == COST:
        return say("USD {low} to {high} million", low=millions(ends[0]), high=millions(ends[1]))
    return span(*(figure_told(figure, end) for end in ends))


def effect_size(figure: str, effect: Effect) -> str:
    """Write how far an axis moves a figure."""
    if figure == PROTECTION:
        return say("{number} {number:point|points}", number=decimal(100 * effect.range, 1))
    return decimal(effect.range) if figure == DEATHS else money(effect.range)


def _tiles(reading: EnsembleReading) -> tuple[Tile, ...]:
    strongest = next(iter(reading.effects(PROTECTION)), None)
    return (
        Tile(say("{part} of {whole}", part=whole(len(reading.planned)), whole=whole(len(reading.runs))),
             say("runs that made a plan"), ""),
        Tile(range_told(PROTECTION, reading.range_of(PROTECTION)), say("of expected harm protected"),
             say("lowest and highest of all plans")),
        Tile(range_told(COST, reading.range_of(COST)), say("cost"), say("lowest and highest of all plans")),
        Tile(effect_size(PROTECTION, strongest) if strongest else NOTHING, say("is what one axis moves protection by"),
             axis_name(strongest.axis) if strongest else ""),
    )  # fmt: skip


def _runs(reading: EnsembleReading) -> str:
    told = listing(say("{name} {count}", name=status_of_run(status), count=whole(count))
                   for status, count in reading.statuses.most_common())  # fmt: skip
    repeated = reading.record["repeated"]
    again = say(
        "{count} {count:setting|settings} came up more than once and {count:was|were} planned once.",
        count=whole(repeated),
    )
    return together(say("How the runs ended: {list}.", list=told), again if repeated else "")


def _moved(reading: EnsembleReading, figure: str) -> str:
    if not reading.planned:
        return ""
    compared = reading.effects(figure)
    effects = [effect for effect in compared if effect.range > 0]
    if not effects:
        return (say("No axis moves it.") if compared
                else say("No axis has plans at two of its levels, so nothing can be compared."))  # fmt: skip
    told = say("; ").join(
        say("{axis}: {size} ({share} of the variance)", axis=axis_name(effect.axis), size=effect_size(figure, effect),
            share=NOTHING if effect.share_of_variance is None else percent(effect.share_of_variance, 0))
        for effect in effects[:AXES_TOLD]
    )  # fmt: skip
    return say("From {range} over all plans. Moved most by, from the lowest to the highest mean of a level: {list}.",
               range=range_told(figure, reading.range_of(figure)), list=told)  # fmt: skip


def _proof(reading: EnsembleReading) -> str:
    if not reading.planned:
        return ""
    asked = reading.record["limits"]["gap"]
    within = reading.statuses.get("within_gap", 0)
    first = next(name for name in [*(n for n in reading.gaps if n.startswith("priority")), *reading.gaps])
    return say("{count} of {all} plans are proven to be within {gap} of the best in every goal. Largest gap of the "
               "first priority: {largest}.", count=whole(within), all=whole(len(reading.planned)), gap=percent(asked),
               largest=percent(reading.gaps[first]))  # fmt: skip
