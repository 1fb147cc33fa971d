"""What to ask for at the next pledging conference, and what each item would buy beside the plan as it stands.

Each unit is laid on the plan with everything else as it is, so that it buys at least what is told: a plan made anew
with it can only do better. Units of one kind add up; what the budget lacks is told for each item taken alone.
"""

from __future__ import annotations

from bluehelm.journey.gap_care import care_items
from bluehelm.journey.gap_money import money_items
from bluehelm.journey.gap_presence import presence_items
from bluehelm.journey.gap_work import work_items
from bluehelm.journey.wishes import wishes_of
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.gather import PlanData
from bluehelm.reports.extras import GapItem


def gap_list(plan: Plan, data: PlanData, norms: Norms) -> tuple[GapItem, ...]:
    """List what to ask for: units against harm, for casualties and for work by its priority; last, money.

    data: the plan's own. Nothing is listed that could not arrive within the months planned.
    """
    wishes = wishes_of(plan, data, norms)
    units = (*presence_items(wishes), *care_items(plan, data, wishes), *work_items(plan, wishes))
    return (*(units if wishes.room.path else ()), *money_items(plan, norms))
