"""Everything a report tells beside its plan, worked out in a bounded time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import perf_counter

from bluehelm.journey.closures import closure_reasons
from bluehelm.journey.gap_list import gap_list
from bluehelm.journey.norm_use import norms_used, themes
from bluehelm.journey.sensitivity import sensitivities
from bluehelm.journey.yardsticks import yardsticks
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.build import build
from bluehelm.planning.make import data_of
from bluehelm.reports.extras import ReportExtras, Text
from bluehelm.reports.reading import Reading


def extras_of(plan: Plan, norms: Norms, *, notes: Sequence[Text] = (), seconds: float = math.inf) -> ReportExtras:
    """Work out yardsticks, gap list, reasons, norms and what their ranges change.

    norms: those that the plan was made with. seconds: after them nothing that takes long is begun, and a note says so.
    """
    began = perf_counter()
    data = data_of(plan, norms)
    reading = Reading(plan)
    compared = yardsticks(plan, data, build(data), norms)
    asked = gap_list(plan, data, norms)
    left = max(seconds - (perf_counter() - began), 0.0)
    tried, told = sensitivities(reading, data, norms, seconds=left)
    return ReportExtras(
        yardsticks=compared,
        sensitivities=tried,
        norms_used=norms_used(plan.mission, norms),
        themes=themes(norms),
        notes=(*notes, *told),
        gap_list=asked,
        closure_reasons=closure_reasons(reading, data),
    )
