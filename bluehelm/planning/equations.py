"""Every constraint family on one page: its rows, formula and the sentence that people read when it binds.

`docs/equations/` is made from this table; a test proves that it, the built model and the pages match.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Equation:
    """One family of rows: what its names stand for, the formula, the sentence, and why it is there.

    sentence: key of the catalogue, with the names in `over` as values; empty where a row only keeps the books.
    """

    over: tuple[str, ...]
    formula: str
    sentence: str
    why: str


EQUATIONS: Mapping[str, Equation] = {
    "supply": Equation(
        ("unit_class", "node"),
        "Σ_j x[k,j,n] = Σ_j x[k,j,p(n)] + Σ_j arrive[k,j,n] - stop[k,n]; today at the root",
        "",
        "Units do not appear or vanish: the parent of the first node is today.",
    ),
    "gains": Equation(
        ("unit_class", "site", "node"),
        "x[k,j,n] ≤ x[k,j,p(n)] + in[k,j,n] + arrive[k,j,n]; today at the root",
        "",
        "A site gains units by moves, which cost money and days out of action, or by arrivals; what other sites lose"
        " follows, since each class adds up.",
    ),
    "arrivals": Equation(
        ("unit_class", "node"),
        "Σ_j arrive[k,j,n] = on_its_way[k,n] + Σ_{c of k} Σ_{m landing in n} order[c,m]",
        "",
        "What arrives was ordered one lead time earlier.",
    ),
    "pledges": Equation(
        ("pledge_class", "node"),
        "Σ_{m on the path to n} order[c,m] ≤ number of pledges in c",
        "every pledge of {pledge_class} is called by {node}",
        "No more units are called than were pledged.",
    ),
    "pledge_too_late": Equation(
        ("pledge_class", "node"),
        "order[c,m] ≤ 0 where the pledge is not open in m, or its unit would arrive after it expires",
        "a pledge of {pledge_class} called in {node} would come too late",
        "A pledge is called only in its time.",
    ),
    "exits": Equation(
        ("unit_class", "node"),
        "stop[k,n] = Σ_{m landing in n} exit[k,m]",
        "",
        "A unit stops work one notice after it is told to leave.",
    ),
    "leavers": Equation(
        ("unit_class", "node"),
        "stop[k,n] ≤ Σ_j x[k,j,p(n)]; today at the root",
        "",
        "Only units that were at work stop: who arrives works for one node at least.",
    ),
    "ceiling": Equation(
        ("component", "node"),
        "Σ_{k of component} persons[k] · (Σ_j x[k,j,n] + stopped, still there at the end of n) ≤ ceiling[component,n]",
        "the ceiling for {component} personnel is reached in {node}",
        "The Council's ceiling counts everyone in theatre, also those on their way home.",
    ),
    "ceiling_within": Equation(
        ("component", "month_end"),
        "Σ_{k of component} persons[k] · (Σ_j x[k,j,n] + stopped, still there at the end of t) ≤ ceiling[component,t]",
        "the ceiling for {component} personnel is reached at the end of {month_end}",
        "Months t that end within a node n: who stops in n may still be there then.",
    ),
    "site_capacity": Equation(
        ("site", "node"),
        "Σ_k persons[k] · x[k,j,n] ≤ capacity[j] · open[j,n]",
        "no further unit finds beds at {site} in {node}",
        "Units live under a roof, and only at open sites.",
    ),
    "guard": Equation(
        ("site", "node"),
        "Σ_{k that guards} persons[k] · x[k,j,n] ≥ guard · open[j,n]",
        "{site} has no more than its guard in {node}",
        "An open base can defend itself.",
    ),
    "site_balance": Equation(
        ("site", "node"),
        "open[j,n] - open[j,p(n)] - opens[j,n] + closes[j,n] = 0; today at the root",
        "",
        "A site is open until it closes.",
    ),
    "site_closing": Equation(
        ("site", "node"),
        "closes[j,n] ≤ open[j,p(n)]; today at the root",
        "",
        "Only a site that was open can close: what was ordered opens first.",
    ),
    "site_opening": Equation(
        ("site", "node"),
        "opens[j,n] = Σ_{m landing in n} open_order[j,m]",
        "",
        "A site opens one lead time after the order.",
    ),
    "site_opens_once": Equation(
        ("site", "node"),
        "Σ_{m on the path to n} (opens[j,m] - closes[j,m] where j is lost from m on) ≤ 1 for a new permanent site,"
        " 0 for one that stands; free if temporary",
        "{site} cannot open again by {node}",
        "Permanent sites that closed do not come back within a plan, unless it was a loss that closed them.",
    ),
    "displaced": Equation(
        ("unit_class", "node"),
        "Σ_j in[k,j,n] ≤ Σ_{j lost from n on} x[k,j,p(n)] for k that may not move; today at the root",
        "",
        "Units that may not move leave a site that is lost, and move for no other reason.",
    ),
    "site_limit": Equation(
        ("node",),
        "Σ_j open[j,n] ≤ limit[n]",
        "no more bases may be open in {node}",
        "The mandate, or a decision that followed it, says how many bases stay.",
    ),
    "protection": Equation(
        ("area", "node"),
        "Σ_ℓ y[a,ℓ,n] ≤ Σ_{k,j} σ[k,j,a] · (x[k,j,n] - lost[n] · in[k,j,n])",
        "",
        "Presence protects every area in reach (non-rival); a unit that moves is away for its travel days. σ is 0"
        " where an area gives no consent or the class is grounded.",
    ),
    "tail": Equation(
        ("task", "future"),
        "over[m,s] + level[m] + Σ_{n on the path to s} Σ_a Σ_ℓ h[m,a,n] · q(1-q)^(ℓ-1) · y[a,ℓ,n] ≥ Σ_n Σ_a h[m,a,n]",
        "",
        "Harm not answered on a future is at most the level of the worst futures and what passes it (CVaR).",
    ),
    "floor": Equation(
        ("area", "node"),
        "Σ_ℓ worth[ℓ] · y[a,ℓ,n] + short[a,n] ≥ floor[a,n]",
        "protection of {area} stands at its floor in {node}",
        "Leaving must not let protection fall; a shortfall is counted and shown. Where actors have taken a share s"
        " over, the floor f is max(0, (f - s) / (1 - s)).",
    ),
    "lift_at_site": Equation(
        ("site", "node"),
        "lift[j,n] ≤ Σ_{k that lifts casualties, not grounded in n} x[k,j,n]",
        "",
        "A helicopter flies from where it is based.",
    ),
    "lift_pattern": Equation(
        ("site", "node"),
        "lift[j,n] = Σ_{S with j} set[S,n]",
        "",
        "The sites with lift form one set, so that a fraction of a helicopter cannot be everywhere at once.",
    ),
    "lift_one_pattern": Equation(("node",), "Σ_S set[S,n] = 1", "", "One set of sites with lift per node."),
    "enhanced_care_by_set": Equation(
        ("site", "node"),
        "open[j,n] ≤ short[j,n] + Σ_{i in time by road} hospital[i,n] + Σ_{S that covers j} set[S,n]",
        "",
        "Says again, more tightly, that a site is covered by road or by the set of lift chosen.",
    ),
    "surgery_by_set": Equation(
        ("site", "node"),
        "open[j,n] ≤ short[j,n] + Σ_{i in time by road} hospital[i,n] + Σ_{S that covers j} set[S,n]",
        "",
        "Says again, more tightly, that a site is covered by road or by the set of lift chosen.",
    ),
    "enhanced_care_hospital": Equation(
        ("site", "node"),
        "hospital[i,n] ≤ partner[i] (0 where it is lost) + Σ_{k of level 1 and above} x[k,i,n]",
        "",
        "Enhanced care is given where a clinic works.",
    ),
    "surgery_hospital": Equation(
        ("site", "node"),
        "hospital[i,n] ≤ partner[i] (0 where it is lost) + Σ_{k of level 2 and above} x[k,i,n]",
        "",
        "Surgery is given where a hospital works.",
    ),
    "enhanced_care": Equation(
        ("site", "node"),
        "open[j,n] ≤ short[j,n] + Σ_{i in time by road} hospital[i,n] + Σ_{h in time} lift[h,n] + Σ links in time",
        "{site} is without enhanced care in time in {node}",
        "Enhanced care within one hour, from the far end of a patrol.",
    ),
    "surgery": Equation(
        ("site", "node"),
        "open[j,n] ≤ short[j,n] + Σ_{i in time by road} hospital[i,n] + Σ links in time",
        "{site} is without surgery in time in {node}",
        "Surgery within two hours, from the far end of a patrol.",
    ),
    "enhanced_care_link_lift": Equation(
        ("pair", "node"), "link[h,i,n] ≤ lift[h,n]", "", "An air link needs its helicopter."
    ),
    "enhanced_care_link_hospital": Equation(
        ("pair", "node"), "link[h,i,n] ≤ hospital[i,n]", "", "An air link needs its clinic."
    ),
    "surgery_link_lift": Equation(("pair", "node"), "link[h,i,n] ≤ lift[h,n]", "", "An air link needs its helicopter."),
    "surgery_link_hospital": Equation(
        ("pair", "node"), "link[h,i,n] ≤ hospital[i,n]", "", "An air link needs its hospital."
    ),
    "effort_hours": Equation(
        ("group", "node"),
        "Σ_{m,z} f[k,g,m,z,n] ≤ hours[k] · δ[n] · Σ_{j in g} (x[k,j,n] - lost[n] · in[k,j,n])",
        "",
        "An hour is given once (rival), by units that are there; sites that reach the same zones are taken together."
        " There is no f where a class is grounded or a zone gives no consent.",
    ),
    "effort_demand": Equation(
        ("task", "zone", "node"),
        "Σ_{k,g} share[k,m] · f[k,g,m,z,n] + unmet[m,z,n] ≥ demand[m,z,n]",
        "",
        "What a task asks is given, or counted as unmet; the share that actors have taken over is not asked.",
    ),
    "spending": Equation(
        ("node",),
        "spent[n] = Σ_k month[k] · (δ[n] · x + months leaving · stop) + move · in + deploy · arrive + repatriate · stop"
        " + Σ_j (run · δ[n] · open + opening · opens + closing · closes) + fixed · δ[n]",
        "",
        "Everything that a node costs.",
    ),
    "spent_so_far": Equation(
        ("node",), "spent_so_far[n] = spent_so_far[p(n)] + spent[n]", "", "Spending adds up along a path."
    ),
    "cash": Equation(
        ("node",),
        "spent_so_far[n] (+ Σ repatriate · x at a leaf) ≤ opening cash + receipts on the path + borrowing + debt limit",
        "cash is used up to its limit in {node}",
        "Money that has not come cannot be spent; the way home is kept back at the end.",
    ),
    "appropriation": Equation(
        ("run", "node"),
        "Σ_{m on the path to n, spent from the run} spent[m] ≤ approved[run], where the condition of the run holds",
        "all that was approved for run {run} is spent by {node}",
        "No more is spent than was approved for the run, usually a fiscal year.",
    ),
    "minimum_share": Equation(
        ("task",),
        "share[m] + short[m] ≥ minimum[m]",
        "task {task} gets just its minimum",
        "Some tasks must reach a minimum before anything else is improved.",
    ),
}
