"""Names of the arms of a backtest in words."""

from __future__ import annotations

from bluehelm.reports.names import spoken
from bluehelm.words import say

OWN = "own_planning_year"
RECIPE, PAID_RECIPE, ADAPTIVE = "recipe_", "recipe_paid_", "adaptive_"
ABLATION = "ablation_"


def arm_name(arm: str) -> str:
    """Name an arm; one that is not known here by its key, as words.

    Examples
    --------
    >>> arm_name("own_planning_year"), arm_name("recipe_2"), arm_name("adaptive_all")
    ("The mission's own bases", 'Recipe, 2 moves a month', 'Adaptive plan, any number of moves')
    """
    known = {
        OWN: say("The mission's own bases"),
        "own_scored_year": say("The mission's own bases a year later"),
        "random_towns": say("Random towns"),
        "most_violent_last_year": say("Where last year was most violent"),
        "rigid": say("Rigid plan, sited once a year"),
        "oracle": say("Oracle, knowing the year"),
        "ablation_no_prior": say("Adaptive, without the prior on people"),
        "ablation_by_deaths": say("Adaptive, futures weighed by deaths"),
        "ablation_headquarters_move": say("Adaptive, headquarters move too"),
        "ablation_moves_free": say("Adaptive, moves cost nothing"),
        "ablation_tail": say("Adaptive, hedged against bad futures"),
    }
    if arm in known:
        return known[arm]
    start = kind_of(arm)
    if not start:
        return spoken(arm)
    return say("{name}, {moves}", name=kind_name(start), moves=_moves(arm.removeprefix(start)))


def kind_of(arm: str) -> str:
    """Return how the name of an arm that moves begins; blank for the others."""
    return next((start for start in (PAID_RECIPE, RECIPE, ADAPTIVE) if arm.startswith(start)), "")


def kind_name(start: str) -> str:
    """Name a kind of arm that moves."""
    return {RECIPE: say("Recipe"), PAID_RECIPE: say("Recipe, moves paid"), ADAPTIVE: say("Adaptive plan")}[start]


def _moves(most: str) -> str:
    if most == "all":
        return say("any number of moves")
    return {"0": say("no moves"), "1": say("1 move a month")}.get(most, say("{count} moves a month", count=most))


def arm_meaning(arm: str) -> str:
    """Say in a sentence how an arm decides."""
    if kind_of(arm) == RECIPE:
        return say("Starts from the mission's own bases; headquarters stay; each month moves bases to decayed past "
                   "violence. Moves cost nothing and take no time.")  # fmt: skip
    if kind_of(arm) == PAID_RECIPE:
        return say("The recipe, but each move is paid as in the adaptive plan: in days out of action and in money.")
    if kind_of(arm) == ADAPTIVE:
        return say("Starts from the mission's own bases; headquarters stay; each month moves bases to where sampled "
                   "futures put harm. Each move is paid in days out of action and in money.")  # fmt: skip
    if arm.startswith(ABLATION):
        return say("The adaptive plan with two moves a month, changed in this one part, to show what the part adds.")
    return {
        OWN: say("Where the mission stood in the planning year, held through the year after."),
        "own_scored_year": say("Where the mission stood in the year that is scored: it could react to that year."),
        "random_towns": say("The same number of bases in towns drawn at random; the mean of many draws."),
        "most_violent_last_year": say("All bases where most people were killed in the planning year."),
        "rigid": say("Sited at the start of the year on the same futures as the adaptive plan, then left alone."),
        "oracle": say(
            "All bases sited with knowledge of the year that is scored: the most that any siting could reach."
        ),
    }.get(arm, "")
