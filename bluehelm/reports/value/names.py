"""Names of the ways to plan and of their differences, in words."""

from __future__ import annotations

from bluehelm.reports.names import spoken
from bluehelm.words import say


def arm_name(arm: str) -> str:
    """Name a way to plan.

    Examples
    --------
    >>> arm_name("rigid"), arm_name("without_orders")
    ('Rigid plan', 'Adaptive, orders decided in advance')
    """
    return {
        "rigid": say("Rigid plan"),
        "rolling": say("Step by step, for the mean"),
        "adaptive": say("Adaptive plan, over the futures"),
        "clairvoyant": say("Clairvoyant"),
        "without_orders": say("Adaptive, orders decided in advance"),
        "without_exits": say("Adaptive, exits decided in advance"),
        "without_sites": say("Adaptive, sites decided in advance"),
        "only_moves": say("Adaptive, only units move"),
        "hedged": say("Adaptive, hedged against the worst futures"),
        "as_told": say("Adaptive, knowing what the file says"),
    }.get(arm) or spoken(arm)


def arm_meaning(arm: str) -> str:
    """Say in a sentence how a way to plan decides."""
    return {
        "rigid": say("Made once, over all futures, and then followed: in each month it does the same, whatever has "
                     "happened. It must fit the ceilings and the money of every future."),
        "rolling": say("As plans are made today: plan for the mean of the futures still possible, do the first step, "
                       "see what came, plan again for the new mean. What was decided before stands. A condition of the "
                       "mandate is taken to hold where it holds in at least half of these futures."),
        "adaptive": say("Made once, over all futures, with a decision for each node: what is done in a month depends "
                        "on what has happened by then, and nothing else."),
        "clairvoyant": say("Each future planned by itself, as if it were known from the first month. Nobody can plan "
                           "like this: it is the most that any foresight could bring."),
        "without_orders": say("As the adaptive plan, but which pledges are called in a month does not depend on what "
                              "has happened."),
        "without_exits": say("As the adaptive plan, but which units are told to leave in a month does not depend on "
                             "what has happened."),
        "without_sites": say("As the adaptive plan, but which sites are open in a month does not depend on what has "
                             "happened."),
        "only_moves": say("As the adaptive plan, but pledges, exits and sites do not depend on what has happened: only "
                          "where units stand does."),
        "hedged": say("Over all futures, by the harm of the worst of them (CVaR) instead of the mean."),
        "as_told": say("As the adaptive plan, but who knows what when is as the file of information sets says."),
    }.get(arm, "")  # fmt: skip


def difference_name(name: str) -> str:
    """Name a difference between two ways to plan."""
    return {
        "adaptability": say("Adaptability"),
        "vss": say("Planning over futures (VSS)"),
        "evpi": say("Perfect foresight (EVPI)"),
        "without_orders": say("Orders that follow events"),
        "without_exits": say("Exits that follow events"),
        "without_sites": say("Sites that follow events"),
        "only_moves": say("All but moves that follow events"),
        "hedged": say("The mean instead of the worst"),
        "as_told": say("Knowing more than the file says"),
    }.get(name) or spoken(name)


def difference_meaning(name: str, more: str, less: str) -> str:
    """Say what is taken from what."""
    told = say("{more}, less {less}", more=arm_name(more), less=arm_name(less))
    return {
        "adaptability": say("{difference}: what it is worth to decide when more is known.", difference=told),
        "vss": say("{difference}: what it is worth to plan for all futures and not for their mean. This is the value "
                   "of the stochastic solution over the rolling deterministic one.", difference=told),
        "evpi": say("{difference}: what perfect foresight would add at most (expected value of perfect "
                    "information).", difference=told),
    }.get(name, told)  # fmt: skip
