"""Does the plan survive the range of what is not verified? Planned again at both ends of the norms that matter most."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from bluehelm.errors import BluehelmError
from bluehelm.journey.coarse import Answer, Question, answer, as_it_stands, ask, coarse_mission
from bluehelm.journey.held_plan import Held, held
from bluehelm.journey.norm_use import keys_used
from bluehelm.journey.sentences import joined, usd_told
from bluehelm.mission.mission import Mission
from bluehelm.norms.norms import Norms
from bluehelm.norms.ranges import AssumedRange, assumed_ranges
from bluehelm.planning.decisions import Decisions, decisions_of
from bluehelm.planning.gather import PlanData, gather
from bluehelm.reports.extras import Sensitivity, Text, tell
from bluehelm.reports.numbers import percent
from bluehelm.reports.reading import Reading

MOST_NORMS = 8
# A model beyond this size is not planned again: each answer would take minutes.
MOST_NON_ZEROS = 400_000
# A norm that moves the plan by less than this share of protection and cost together is only counted.
FELT = 1e-4
# A change of cost weighs half a change of protection of the same share, and a broken limit as much as this share.
COST_WEIGHT, BROKEN_WEIGHT = 0.5, 0.02
SAME_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Ends:
    """A norm with the plan as it stands at its two ends; None where the norms forbid an end."""

    norm: AssumedRange
    low: Held | None
    high: Held | None
    moved: float


def sensitivities(
    reading: Reading, finer: PlanData, norms: Norms, *, seconds: float
) -> tuple[tuple[Sensitivity, ...], tuple[Text, ...]]:
    """Plan again at both ends of the norms that move the plan most; return the results and what must be said of them.

    The calendar has few steps and only the first priority counts, with whole units; differences to the same quick plan
    under today's norms are laid on the plan's own figures. finer: data of the plan's own calendar. seconds: no new norm
    is begun after them.
    """
    began = perf_counter()
    mission = coarse_mission(reading.mission)
    question = ask(mission, norms)
    if question.problem.matrix.nnz > MOST_NON_ZEROS:
        return (), (tell("The range of the norms was not tried: the mission is too large to be planned so often."),)
    base = answer(question, as_it_stands(question, reading.plan.tables, finer))
    if base is None:
        return (), (tell("The range of the norms was not tried: no quick plan of the mission was found."),)
    made = decisions_of(question.data, question.built, base.values)
    tried = sorted(_both_ends(mission, norms, question.data, made), key=lambda ends: (-ends.moved, ends.norm.key))
    chosen = [ends for ends in tried if ends.moved > FELT][:MOST_NORMS]

    def again(ends: Ends) -> Sensitivity | None:
        if perf_counter() - began > seconds:
            return None
        return _planned_again(reading, mission, norms, base, ends)

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(again, ends) for ends in chosen]
        try:
            found = [one.result() for one in asked]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    done = tuple(one for one in found if one is not None)
    return done, _notes(question, tried, chosen, len(done))


def _both_ends(mission: Mission, norms: Norms, data: PlanData, made: Decisions) -> list[Ends]:
    """Hold the quick plan as it is at both ends of every norm that is not verified."""
    on = mission.setting.first_month.first_day
    standing = held(data, made)
    listed = []
    for norm in assumed_ranges(norms, keys_used(mission, norms), on):
        ends = [_amended(norms, norm.key, value) for value in (norm.low, norm.high)]
        low, high = (None if other is None else held(gather(mission, other), made) for other in ends)
        listed.append(Ends(norm, low, high, max(_moved(one, standing) for one in (low, high))))
    return listed


def _amended(norms: Norms, key: str, value: object) -> Norms | None:
    """Lay one end over the norms; None where two norms would contradict each other."""
    try:
        return norms.with_amendments({key: value})
    except BluehelmError:
        return None


def _moved(one: Held | None, standing: Held) -> float:
    if one is None:
        return 0.0
    cost = abs(one.cost_usd - standing.cost_usd) / max(standing.cost_usd, 1.0)
    new = len(one.broken - standing.broken)
    return abs(one.protected_share - standing.protected_share) + COST_WEIGHT * cost + BROKEN_WEIGHT * new


def _planned_again(reading: Reading, mission: Mission, norms: Norms, base: Answer, ends: Ends) -> Sensitivity:
    norm = ends.norm
    low, high = (
        _end(mission, norms, base, norm.key, value, standing)
        for value, standing in ((norm.low, ends.low), (norm.high, ends.high))
    )
    share, cost = reading.protected_share - base.protected_share, reading.cost_usd - base.cost_usd
    return Sensitivity(
        norm_key=norm.key,
        unit=norm.unit,
        value=norm.value,
        low=norm.low,
        high=norm.high,
        status=norm.status,
        protected_share_low=_as_share(low.protected_share + share),
        protected_share_base=reading.protected_share,
        protected_share_high=_as_share(high.protected_share + share),
        cost_low=low.cost_usd + cost,
        cost_base=reading.cost_usd,
        cost_high=high.cost_usd + cost,
        closures_changed_low=low.closures_changed,
        closures_changed_high=high.closures_changed,
        reason=norm.reason,
        sentence=joined([low.told(tell("low")), high.told(tell("high")), _survives(base, low, high)]),
    )


@dataclass(frozen=True, slots=True)
class End:
    """One end of a norm: planned again, or, where no plan fits (or was found), the plan as it stands."""

    protected_share: float
    cost_usd: float
    closures_changed: int
    planned: bool
    overspent_usd: float

    def told(self, end: Text) -> Text:
        """Say what must be known of an end at which no plan was found."""
        if self.planned:
            return ""
        if self.overspent_usd > 0:
            return tell("At its {end} end no plan was found; as it stands, the plan would spend {amount} too much.",
                        end=end, amount=usd_told(self.overspent_usd))  # fmt: skip
        return tell("At its {end} end no plan was found; the figures are those of the plan as it stands.", end=end)


def _end(mission: Mission, norms: Norms, base: Answer, key: str, value: object, standing: Held | None) -> End:
    other = _amended(norms, key, value)
    found = answer(ask(mission, other), base.values) if other is not None else None
    if found is not None:
        return End(found.protected_share, found.cost_usd, len(found.closed ^ base.closed), True, 0.0)
    if standing is None:
        return End(base.protected_share, base.cost_usd, 0, False, 0.0)
    return End(standing.protected_share, standing.cost_usd, 0, False, standing.overspent_usd)


def _survives(base: Answer, low: End, high: End) -> Text:
    """Say whether the same sites close and protection hardly moves."""
    if not (low.planned and high.planned):
        return ""
    if low.closures_changed or high.closures_changed:
        return tell("Other sites would close: the choice of sites hangs on this figure.")
    if max(abs(end.protected_share - base.protected_share) for end in (low, high)) < SAME_SHARE:
        return tell("The plan survives: the same sites close and protection hardly moves.")
    return tell("The same sites close; how much is protected hangs on this figure.")


def _as_share(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _notes(question: Question, tried: Sequence[Ends], chosen: Sequence[Ends], done: int) -> tuple[Text, ...]:
    """Say how the ranges were tried, and which norms were not planned again."""
    told: list[Text] = [
        tell("Ranges of norms: planned again with whole units on a calendar of {steps} steps for the first priority; "
             "the differences are laid on the plan's own figures, and those below 1% may be the solver's own.",
             steps=len(question.data.timeline))
    ]  # fmt: skip
    others = [ends for ends in tried if ends not in chosen]
    if others:
        most = max(abs(ends.moved) for ends in others)
        told.append(
            tell("{count} more unverified norms move the plan as it stands by at most {most}, protection and half the "
                 "cost taken together, and were not planned again.", count=len(others), most=percent(most, 2))
        )  # fmt: skip
    if done < len(chosen):
        told.append(
            tell(
                "For lack of time {count} {count:norm|norms} {count:was|were} not planned again.",
                count=len(chosen) - done,
            )
        )
    return tuple(told)
