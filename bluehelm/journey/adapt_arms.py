"""What shocks cost with and without adapting: the plan held as it is, cut in proportion, and adapted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bluehelm.journey.broken_limits import ROUNDING, broken_limits
from bluehelm.journey.sentences import usd_told
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.by_rule_since import cut_since, given_of
from bluehelm.planning.fixed import Stand, worth_of
from bluehelm.planning.from_tables import Carried, carried_of
from bluehelm.planning.gather import PlanData
from bluehelm.planning.goals import goals_of
from bluehelm.planning.make import data_of
from bluehelm.planning.prices import KUSD
from bluehelm.planning.rehoused import rehoused
from bluehelm.planning.spending import overspent
from bluehelm.reports.adapt.reading import ADAPTED, BEFORE, HELD, PROPORTIONAL, AreaLoss, Arm
from bluehelm.reports.extras import Text, tell
from bluehelm.solve.dive import complete
from bluehelm.solve.model import FloatArray

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Measured:
    """Arms, the tables of each, and why an arm is missing."""

    arms: tuple[Arm, ...]
    tables: Mapping[str, Tables]
    missing: tuple[Text, ...]


def measured_arms(
    before: Plan, carried: Plan, made: Plan, since: Month | None, called_home: Sequence[tuple[str, Month]], norms: Norms
) -> Measured:
    """Measure every arm in the mission with the shocks, and the plan before them in its own.

    before: the plan that is adapted. carried: the same under the names of the adapted plan, made.
    """
    # Arms by rule need not decide alike where futures look alike, so their model lets each node decide by itself.
    data = replace(data_of(made, norms), decided_in={})
    built, decided = build(data), carried_of(carried, data)
    first = since or made.mission.setting.first_month
    tables: dict[str, Tables] = {BEFORE: before.tables}
    tiers: dict[str, Mapping[str, float]] = {BEFORE: {tier.name: tier.objective for tier in before.tiers}}
    stands = {HELD: _held(data, decided), PROPORTIONAL: _cut(data, decided, since, called_home)}
    missing: list[Text] = []
    for name, stand in stands.items():
        if stand is None:
            missing.append(
                tell("Cut in proportion: too few sites may close for the limit on sites, so there is no such plan.")
            )
            continue
        tables[name], values = worth_of(data, built, stand)
        tiers[name] = _tiers(data, built, values, norms)
    tables[ADAPTED] = made.tables
    tiers[ADAPTED] = {tier.name: tier.objective for tier in made.tiers}
    arms = []
    for name, shown in tables.items():
        broken = () if name in (BEFORE, ADAPTED) else tuple(_broken(data, built, shown, stands[name]))
        mission = before.mission if name == BEFORE else made.mission
        arms.append(_arm(name, mission, shown, first, tiers[name], broken))
    return Measured(tuple(arms), tables, tuple(missing))


def _held(data: PlanData, decided: Carried) -> Stand:
    """Keep the plan as it is; units of a site that is lost go to the nearest base with beds, or are left out."""
    kept = rehoused(data, decided)
    return Stand(np.rint(kept.x).astype(np.int32), kept.opened > 0, np.rint(kept.order).astype(np.int32))


def _cut(
    data: PlanData, decided: Carried, since: Month | None, called_home: Sequence[tuple[str, Month]]
) -> Stand | None:
    given = given_of(data, decided, since, called_home)
    # Where the rule ends in a dead end it is shown all the same, with the limits that it breaks.
    found = cut_since(data, given) or cut_since(data, given, crowded=True)
    return None if found is None else Stand(*found, np.where(given.fixed, np.rint(decided.order), 0).astype(np.int32))


def _tiers(data: PlanData, built: PlanModel, values: FloatArray, norms: Norms) -> Mapping[str, float]:
    tolerance = norms.number("tier_tolerance_share", data.mission.setting.first_month.first_day)
    return {goal.name: goal.of(values) for goal in goals_of(data, built.columns, tolerance=tolerance)}


def _broken(data: PlanData, built: PlanModel, tables: Tables, stand: Stand | None) -> Iterator[Text]:
    """Say which limits an arm breaks; where none of them is it, the model says whether it can be done at all."""
    assert stand is not None, "an arm that is missing has no tables"
    found = [*broken_limits(data, tables), *_crowded(data, stand)]
    yield from found
    if found:
        return
    over = overspent(data, tables["cash"]["spent_usd"].to_numpy() / KUSD, stand.x.sum(axis=1)).max() * KUSD
    if over > ROUNDING:
        yield tell("It cannot pay the way home of all who stand there at the end: {amount} are missing.",
                   amount=usd_told(float(over)))  # fmt: skip
    elif _impossible(built, stand):
        yield tell("It cannot be done in time: units would come or leave earlier than orders and notices allow.")


def _impossible(built: PlanModel, stand: Stand) -> bool:
    """Say whether no solution of the model does what is given."""
    at = built.columns
    order = np.zeros(at.order.shape) if stand.order is None else stand.order
    columns = np.concatenate([at.x.ravel(), at.opened.ravel(), at.order.ravel()])
    whole = np.concatenate([stand.x.ravel(), stand.opened.ravel(), order.ravel()]).astype(float)
    low, high = built.problem.column_lower[columns], built.problem.column_upper[columns]
    return bool(((whole < low) | (whole > high)).any()) or complete(built.problem, columns, whole) is None


def _crowded(data: PlanData, stand: Stand) -> Iterator[Text]:
    """Say where beds or guards are too few."""
    beds = (np.einsum("k,kjn->jn", data.persons, stand.x) > data.capacity[:, None] * stand.opened).any(axis=1)
    guards = np.array([c.persons * c.unit_type.guards for c in data.classes], float)
    unguarded = (np.einsum("k,kjn->jn", guards, stand.x) < data.guard[:, None] * stand.opened).any(axis=1)
    if beds.any():
        yield tell("Sites with more people than beds: {count}.", count=int(beds.sum()))
    if unguarded.any():
        yield tell("Open bases with less than their guard: {count}.", count=int(unguarded.sum()))


def part_since(nodes: pl.DataFrame, first: Month) -> pl.DataFrame:
    """Return for each node its chance times the share of its months from a month on."""
    rows = [
        (node_id, chance * min(max(Month.parse(month) + months - first, 0), months) / months)
        for node_id, month, months, chance in nodes.select("node_id", "month", "months", "probability").iter_rows()
    ]
    return pl.DataFrame(rows, schema={"node_id": pl.String, "part": pl.Float64}, orient="row")


def _arm(
    name: str, mission: Mission, tables: Tables, first: Month, tiers: Mapping[str, float], broken: tuple[Text, ...]
) -> Arm:  # fmt: skip
    part = part_since(tables["nodes"], first)

    def summed(table: str, amount: pl.Expr) -> float:
        rows = tables[table].join(part, on="node_id", how="left")
        return float(rows.select((amount * pl.col("part")).sum()).item() or 0.0)

    every = tables["cash"].join(tables["nodes"].select("node_id", "probability"), on="node_id")
    moved = pl.when(pl.col("deed") == "move_in").then(pl.col("units")).otherwise(0)
    return Arm(
        name=name,
        deaths=summed("protection", pl.col("fatalities")),
        protected_deaths=summed("protection", pl.col("fatalities") * pl.col("protected_share")),
        cost_usd=summed("cash", pl.col("spent_usd")),
        total_cost_usd=float((every["spent_usd"] * every["probability"]).sum()),
        moves=summed("movements", moved),
        unmet_hours=summed("effort", pl.col("unmet_hours")),
        tiers=tiers,
        stands=not broken,
        broken=broken,
    )


def area_losses(measured: Measured, mission: Mission, first: Month) -> tuple[AreaLoss, ...]:
    """List the areas by what they lose in the adapted plan, the most first: deaths that nobody answers any more."""
    deaths: dict[str, dict[str, tuple[float, float]]] = {}
    for name, tables in measured.tables.items():
        rows = tables["protection"].join(part_since(tables["nodes"], first), on="node_id", how="left")
        harm = pl.col("fatalities") * pl.col("part")
        each = rows.group_by("area_id").agg(harm.sum(), (harm * pl.col("protected_share")).sum().alias("protected"))
        deaths[name] = {area: (total, part) for area, total, part in each.iter_rows()}
    found = [
        AreaLoss(
            area_id=area.area_id,
            name=area.name,
            deaths=deaths[ADAPTED][area.area_id][0],
            deaths_before=deaths[BEFORE][area.area_id][0],
            shares={name: part / total if total else 0.0 for name, by in deaths.items()
                    for total, part in [by[area.area_id]]},
        )
        for area in mission.areas
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.unanswered(BEFORE) - one.unanswered(ADAPTED), one.area_id)))
