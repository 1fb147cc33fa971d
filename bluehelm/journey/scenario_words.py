"""What a scenario tree is and how good it is: as data for tree.json, and in words for people."""

from __future__ import annotations

from typing import Any

from bluehelm.journey.scenario_tables import Laid
from bluehelm.mission.mission import Mission
from bluehelm.words import say

NAMES_SHOWN = 5


def record_of(
    laid: Laid, mission: Mission, told: tuple[float, float, float], origin: str, model: str
) -> dict[str, Any]:
    """Return what tree.json holds: size, errors, and how the areas of the forecast were matched."""
    tree, matched = laid.tree, laid.matched
    units = [unit for unit in tree.error if unit != "conditions"]
    silent = [area.area_id for i, area in enumerate(mission.areas) if i not in set(matched.foreseen.tolist())]
    smallest = min(len(leaf.paths) for leaf in tree.leaves)
    return {
        "forecast": {"model": model, "origin": origin, "paths": laid.futures.paths},
        "first_month": str(mission.setting.first_month),
        "stage_starts": list(laid.starts),
        "nodes": len(tree.parent),
        "leaves": len(tree.leaves),
        "fewest_paths_in_a_leaf": smallest,
        "least_leaf_probability": float(min(tree.probability[leaf.nodes[-1]] for leaf in tree.leaves)),
        "transport_distance": {
            unit: {
                "tree": tree.error[unit],
                "one_scenario": tree.error_of_one[unit],
                "relative": tree.relative_error(unit),
            }
            for unit in units
        },
        "deaths_per_area_month": {
            "mean_absolute_deviation": told[0],
            "mean_absolute_deviation_of_one_scenario": told[1],
            "share_of_variance_told_apart": told[2],
        },
        "areas": {
            "forecast": len(matched.place),
            "by_name": matched.by_name,
            "by_name_but_far": matched.by_name_but_far,
            "by_place": int((matched.place >= 0).sum()) - matched.by_name,
            "outside": int((matched.place < 0).sum()),
            "share_of_deaths_outside": matched.outside_share,
            "keep_their_own_risk": silent,
        },
        "states": {chain.name: [value.name for value in chain.values] for chain in laid.chains},
        "histories_of_states": len(laid.histories),
    }


def lines_of(record: dict[str, Any], mission: Mission) -> tuple[str, ...]:
    """Tell the same to people."""
    return (*_size(record), *_error(record), *_areas(record), *_replaced(record, mission), *_money(record, mission))


def _size(record: dict[str, Any]) -> list[str]:
    lines = [
        say(
            "The tree has {nodes} {nodes:node|nodes} and {leaves} {leaves:leaf|leaves}, made from {paths} sample "
            "paths; stages begin after "
            "{starts} {starts:month|months}.",
            nodes=record["nodes"],
            leaves=record["leaves"],
            paths=record["forecast"]["paths"],
            starts=", ".join(map(str, record["stage_starts"])),
        ),
        say(
            "A node knows the violence of the months before it, and the states that hold in it."
            if record["asked"]["seen"]
            else "A node knows the violence of its own months when it begins, which nobody will: plans that adapt look "
            "better than they can be."
        ),
        say(
            "The smallest leaf has {paths} of the paths and a probability of {probability}.",
            paths=record["fewest_paths_in_a_leaf"],
            probability=f"{record['least_leaf_probability']:.2g}",
        ),
    ]
    late = [start for start in record["asked"]["stages"] if start not in record["stage_starts"]]
    if late:
        lines.append(
            say(
                "Left out: stages after {starts} {starts:month|months}, because no month is planned there.",
                starts=", ".join(map(str, late)),
            )
        )
    if not record["asked"]["branches"] and record["leaves"] < record["asked"]["leaves"]:
        lines.append(
            say(
                "{asked} {asked:leaf|leaves} {asked:was|were} asked for; {leaves} tell all futures apart, or further "
                "ones would have too few "
                "paths.",
                asked=record["asked"]["leaves"],
                leaves=record["leaves"],
            )
        )
    return lines


def _error(record: dict[str, Any]) -> list[str]:
    lines = []
    for unit, distance in record["transport_distance"].items():
        lines.append(
            say(
                "Approximation error, violence: what nodes know lies {relative} as far from the sample paths as one "
                "scenario does (transport distance of order 2: {tree} against {one}, square roots of deaths)."
                if unit == "violence"
                else "Approximation error, receipts: {relative} of that of one scenario (transport distance of order "
                "2: {tree} against {one}, shares of receipts).",
                relative=f"{distance['relative']:.0%}",
                tree=f"{distance['tree']:.3g}",
                one=f"{distance['one_scenario']:.3g}",
            )
        )
    deaths = record["deaths_per_area_month"]
    lines.append(
        say(
            "Deaths in an area and month lie {tree} from the mean of their node on average; {one} with one scenario. "
            "Nodes tell {share} of the variance of deaths apart.",
            tree=f"{deaths['mean_absolute_deviation']:.3g}",
            one=f"{deaths['mean_absolute_deviation_of_one_scenario']:.3g}",
            share=f"{deaths['share_of_variance_told_apart']:.0%}",
        )
    )
    return lines


def _areas(record: dict[str, Any]) -> list[str]:
    areas = record["areas"]
    lines = [
        say(
            "Areas of the forecast: {count}. Areas of the mission by name: {by_name}; counted in the nearest one "
            "within {km} km: {by_place}; outside: {outside}, with {share} of the deaths expected.",
            count=areas["forecast"],
            km=f"{record['asked']['within_km']:g}",
            share=f"{areas['share_of_deaths_outside']:.1%}",
            by_name=areas["by_name"],
            by_place=areas["by_place"],
            outside=areas["outside"],
        )
    ]
    if areas["by_name_but_far"]:
        lines.append(
            say(
                "Areas that bear the name of an area of the mission but lie more than {km} km from every area of it: "
                "{count}. Are they the same places?",
                count=areas["by_name_but_far"],
                km=f"{record['asked']['within_km']:g}",
            )
        )
    silent = areas["keep_their_own_risk"]
    if silent:
        lines.append(
            say(
                "Areas of the mission of which the forecast says nothing: {count}. They keep their own risk: {names}.",
                count=len(silent),
                names=", ".join(silent[:NAMES_SHOWN]) + (" …" if len(silent) > NAMES_SHOWN else ""),
            )
        )
    return lines


def _replaced(record: dict[str, Any], mission: Mission) -> list[str]:
    lines = []
    if mission.nodes:
        lines.append(
            say(
                "The {count} {count:node|nodes} of the mission, with their risk, receipts and conditions, are "
                "replaced.",
                count=len(mission.nodes),
            )
        )
    begins = {mission.setting.first_month + start for start in record["stage_starts"]}
    last = mission.months[-1]
    for condition in mission.mandate.condition:
        since = condition.holds_from
        if since is not None and mission.setting.first_month < since <= last and since not in begins:
            lines.append(
                say(
                    "Condition '{condition}' holds from {month}, where no stage begins: here it holds from the next "
                    "stage on.",
                    condition=condition.condition_id,
                    month=str(since),
                )
            )
    return lines


def _money(record: dict[str, Any], mission: Mission) -> list[str]:
    """A node is spent from the appropriation of its first month, so stages should begin where one does."""
    begins = {mission.setting.first_month + start for start in record["stage_starts"]}
    within = sorted(
        {
            line.first_month
            for line in mission.budget
            if line.kind == "appropriation"
            and mission.setting.first_month < line.first_month <= mission.months[-1]
            and line.first_month not in begins
        }
    )
    return [
        say(
            "An appropriation begins in {month}, where no stage begins: the node of that month is paid from the one "
            "before. A stage after {start} {start:month|months} would mend it.",
            month=str(month),
            start=month - mission.setting.first_month,
        )
        for month in within
    ]
