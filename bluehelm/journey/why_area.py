"""Why an area is protected as it is: the harm expected, who reaches it and how fast, and what would raise it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bluehelm.journey.why_again import gain_of
from bluehelm.journey.why_asked import Asked
from bluehelm.journey.why_changes import MOST_FREE, free_to_place, more_money, one_more_unit
from bluehelm.journey.why_measures import deaths_answered, most_present
from bluehelm.journey.why_words import binding_told, gain_told, money_told, one_more, unit_name
from bluehelm.planning.ground import Season, air_hours, road_hours
from bluehelm.planning.tables import protected_share
from bluehelm.reports.names import spoken_name
from bluehelm.reports.numbers import decimal, month_name, percent
from bluehelm.solve.model import BoolArray, FloatArray
from bluehelm.words import say

MOST_NAMED = 6


def why_area(asked: Asked, area_id: str) -> Iterator[str]:
    """Yield the sentences about one area."""
    a = asked.data.area_ids.index(area_id)
    area = asked.plan.mission.areas[a]
    yield say("{area} in {zone}.", area=asked.reading.name(area_id), zone=spoken_name(area.zone))
    yield from _protection(asked, a)
    yield from _who_reaches(asked, a)
    yield from binding_told(asked, lambda family, key: family == "floor" and area_id in key)
    yield from _what_would_raise(asked, a)


def _protection(asked: Asked, a: int) -> Iterator[str]:
    """Say what harm is expected and which share of it presence answers, at first, at worst and at the end."""
    line, harm = asked.data.timeline, asked.data.demand.harm[a]
    share = protected_share(asked.data, asked.present)[a]
    path = asked.path
    total = float((harm * line.probability).sum())
    answered = float((harm * line.probability * share).sum())
    yield say(
        "{deaths} civilian {deaths:death|deaths} {deaths:is|are} expected over the plan if nothing were protected; "
        "presence answers {answered} "
        "of them ({share}).",
        deaths=decimal(total, 2),
        answered=decimal(answered, 2),
        share=percent(answered / total if total else 0.0),
    )
    worst = min(path, key=lambda n: share[n])
    for n in dict.fromkeys([path[0], worst, path[-1]]):
        yield say(
            "In {month} {share} is protected, by a presence of {units} units' worth in reach.",
            month=month_name(str(line.first_month[n])),
            share=percent(float(share[n])),
            units=decimal(float(asked.present[a, n]), 2),
        )
    floors = asked.data.demand.floors[a]
    if floors.max() > 0:
        held = bool((share[path] >= floors[path] - 1e-6).all())
        yield (
            say("Its floor of {floor} is held throughout.", floor=percent(float(floors.max())))
            if held
            else say("Its floor of {floor} is not held throughout.", floor=percent(float(floors.max())))
        )


def _who_reaches(asked: Asked, a: int) -> Iterator[str]:
    """Name the units that reach the area at the end of the plan, the strongest first, with their travel time."""
    data, n = asked.data, asked.path[-1]
    hours = _hours(asked)
    found: list[tuple[float, str]] = []
    for k, j in zip(*np.nonzero(asked.x[:, :, n]), strict=True):
        weight = float(data.ground.sigma[data.ground.pattern[n]][data.ground.group[k]][j, a])
        if weight > 0:
            text = say(
                "{count} × {unit} at {site}, {away}, each worth {weight} of a unit on the spot",
                count=int(asked.x[k, j, n]),
                unit=unit_name(asked, int(k)),
                site=asked.reading.name(data.site_ids[j]),
                away=_away(*(float(times[j, a]) for times in hours[data.classes[k].unit_type.mobility])),
                weight=decimal(weight, 2),
            )
            found.append((weight * float(asked.x[k, j, n]), text))
    if not found:
        yield say("At the end of the plan no unit reaches it in time.")
        return
    found.sort(key=lambda item: -item[0])
    yield say("Who reaches it at the end of the plan:")
    ends = len(found) <= MOST_NAMED
    told = [text for _, text in found[:MOST_NAMED]]
    yield from (say("  - {line};", line=text) for text in told[: len(told) - ends])
    if ends:
        yield say("  - {line}.", line=told[-1])
    else:
        yield say("  - and {count} more.", count=len(found) - MOST_NAMED)


def _away(dry_hours: float, wet_hours: float) -> str:
    if not np.isfinite(wet_hours):
        return say("{dry} h away, cut off in the rains", dry=decimal(dry_hours))
    if wet_hours == dry_hours:
        return say("{dry} h away", dry=decimal(dry_hours))
    return say("{dry} h away, {wet} h in the rains", dry=decimal(dry_hours), wet=decimal(wet_hours))


def _hours(asked: Asked) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Travel time by mobility, from getting word to arriving, in the dry and the wet season [h]."""
    on = asked.plan.mission.setting.first_month.first_day
    mission, norms = asked.plan.mission, asked.norms
    road_start, air_start = (norms.number(f"{mode}_reaction_hours", on) for mode in ("road", "air"))
    seasons: tuple[Season, Season] = ("dry", "wet")
    road = [road_hours(mission, norms, season, on, to_sites=False) + road_start for season in seasons]
    air = [air_hours(mission, norms, season, on, to_sites=False) + air_start for season in seasons]
    return {"road": (road[0], road[1]), "air": (air[0], air[1]), "static": (road[0], road[1])}


def _what_would_raise(asked: Asked, a: int) -> Iterator[str]:
    """Try one more unit where it does most for the area, the same units put elsewhere, and one more million."""
    only: BoolArray = np.arange(len(asked.data.area_ids)) == a
    measure = deaths_answered(asked, only)
    classes = most_present(asked, only)
    if not classes:
        yield say("No unit of a kind that the mission has would protect more here.")
        yield money_told(asked)
        return
    k = classes[0]
    best = say("{unit}, placed where it does most for this area", unit=one_more(asked, k))
    yield gain_told(best, gain_of(asked, measure, free_to_place(asked, [k]), one_more_unit(asked, k)))
    money = money_told(asked)
    if money:
        yield money
    else:
        free = free_to_place(asked, classes[:MOST_FREE])
        yield gain_told(say("One million USD more"), gain_of(asked, measure, free, more_money(asked, 1e6)))
