"""Steers a peace operation from mandate to transition.

    import bluehelm

    mission = bluehelm.read_mission("my_mission")
    plan = bluehelm.plan(mission, gap=0.01)
    print(plan.deployments)
    bluehelm.report(plan, "report.html")

Importing this package is light: each name below brings its libraries when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from bluehelm.errors import BluehelmError

if TYPE_CHECKING:
    from bluehelm.adaptation.shocks import read_shocks as read_shocks
    from bluehelm.journey.adapt_plan import adapt as adapt
    from bluehelm.journey.backtest.run import BacktestOrder as BacktestOrder
    from bluehelm.journey.backtest.run import backtest_siting as backtest_siting
    from bluehelm.journey.ensemble.run import ensemble as ensemble
    from bluehelm.journey.forecast_run import ForecastOrder as ForecastOrder
    from bluehelm.journey.forecast_run import forecast as forecast
    from bluehelm.journey.plan_mission import plan as plan
    from bluehelm.journey.transition import transition as transition
    from bluehelm.journey.value import value as value
    from bluehelm.journey.write_report import report as report
    from bluehelm.mission.folder import find_faults as find_faults
    from bluehelm.mission.folder import read_mission as read_mission
    from bluehelm.mission.folder import write_mission as write_mission
    from bluehelm.mission.plan_folder import read_plan as read_plan
    from bluehelm.norms import load_norms as load_norms

__version__ = "0.1.0"

_HOME = {
    "BacktestOrder": "bluehelm.journey.backtest.run",
    "ForecastOrder": "bluehelm.journey.forecast_run",
    "adapt": "bluehelm.journey.adapt_plan",
    "backtest_siting": "bluehelm.journey.backtest.run",
    "ensemble": "bluehelm.journey.ensemble.run",
    "find_faults": "bluehelm.mission.folder",
    "forecast": "bluehelm.journey.forecast_run",
    "load_norms": "bluehelm.norms",
    "plan": "bluehelm.journey.plan_mission",
    "read_mission": "bluehelm.mission.folder",
    "read_plan": "bluehelm.mission.plan_folder",
    "read_shocks": "bluehelm.adaptation.shocks",
    "report": "bluehelm.journey.write_report",
    "transition": "bluehelm.journey.transition",
    "value": "bluehelm.journey.value",
    "write_mission": "bluehelm.mission.folder",
}

__all__ = [
    "BacktestOrder",
    "BluehelmError",
    "ForecastOrder",
    "__version__",
    "adapt",
    "backtest_siting",
    "ensemble",
    "find_faults",
    "forecast",
    "load_norms",
    "plan",
    "read_mission",
    "read_plan",
    "read_shocks",
    "report",
    "transition",
    "value",
    "write_mission",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'bluehelm' has no attribute {name!r}; it offers {', '.join(sorted(_HOME))}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
