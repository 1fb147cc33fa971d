"""All figures of a plan, by key, with what each shows in one sentence for those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.cost import cost
from bluehelm.reports.figures.deployment import deployment
from bluehelm.reports.figures.futures import futures
from bluehelm.reports.figures.map import map_of_bases
from bluehelm.reports.figures.protection import protection
from bluehelm.reports.figures.sensitivity import sensitivity
from bluehelm.reports.figures.timeline import timeline
from bluehelm.reports.figures.unmet import unmet
from bluehelm.reports.figures.yardsticks import yardsticks
from bluehelm.reports.numbers import percent
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Figure, figures_of
from bluehelm.reports.yardstick_rows import with_plan
from bluehelm.words import say


def gallery(reading: Reading, extras: ReportExtras) -> Mapping[str, Figure]:
    """Make the specification of every figure for which there is something to show, in the language in use."""
    by_month = reading.protection_by_month
    first, last = (by_month["share"][0], by_month["share"][-1]) if len(by_month) else (0.0, 0.0)
    closing = len(reading.sites_left)
    listed = (
        ("map", map_of_bases(reading), say("Bases and protection, before and after"),
         say("Two maps of areas as circles, larger where more deaths are expected and bluer where more is protected, "
             "with bases by kind; bases that close: {count}.", count=closing)),
        ("deployment", deployment(reading), say("Persons in theatre by month and component, against the ceilings"),
         say("Bars of persons by month for each component, with a line at the ceiling in force.")),
        ("timeline", timeline(reading), say("Sites open, by month"),
         say("One row a site, filled in the months in which it is open, darker where more persons are based.")),
        ("futures", futures(extras.policy), say("Futures: deaths expected out of reach, and cost"),
         say("One circle a future, larger where it is likelier, and lines at the mean of all and of the worst.")),
        ("cost", cost(reading), say("Cost by month, against the budget"),
         say("Bars of spending by part, and lines of cumulated spending below the limits of cash and budget.")),
        ("protection", protection(reading), say("Protection by month"),
         say("Protected share of expected harm: {first} in the first month, {last} in the last.",
             first=percent(first), last=percent(last))),
        ("unmet", unmet(reading), say("Work asked and done, by task"),
         say("One bar a task, split into hours done and not done.")),
        ("yardsticks", yardsticks(with_plan(reading, extras)), say("The plan beside simple rules"),
         say("One bar a rule: the share of expected harm protected, and of later violence within reach.")),
        ("sensitivity", sensitivity(extras), say("What the unverified norms can change"),
         say("One bar a norm, from the protected share at its low end to that at its high end.")),
    )  # fmt: skip
    return figures_of(*listed)
