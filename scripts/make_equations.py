"""Write docs/equations/: one page for each group of constraint families, made from bluehelm/planning/equations.py.

python scripts/make_equations.py           write the pages
python scripts/make_equations.py --check   change nothing; status 1 where a page is missing, stale or left over
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bluehelm.planning.equations import EQUATIONS, Equation

PAGES = Path(__file__).resolve().parent.parent / "docs" / "equations"

INTRODUCTION = """# Equations of the plan model

Made by `scripts/make_equations.py` from `bluehelm/planning/equations.py`; do not edit by hand. A test holds the table,
the rows of a built model and these pages together. What it is all for stands in [planning](../planning.md).

A row is named by its family and what it is about: `site_capacity[gao, 2017-01]`. The sentence is what a planner reads
when the row is full; families without one keep the books and are never told.

| page | rows |
| --- | --- |
"""

SYMBOLS = """
## Letters

| letter | means |
| --- | --- |
| k, c | class of units (alike in type, strength and caveats); class of pledges |
| j, i, h | site; site with a hospital; site with a helicopter |
| a, z | area; zone |
| m | task; in sums over nodes, a node on the path |
| n, p(n), δ(n) | node of the tree; the node before it (before the first: today); its months |
| ℓ | step of the protection curve, worth q(1 - q)^(ℓ-1) |
| m landing in n | n is the first node of its path that begins at or after the start of m plus the lag |
| x, in, arrive, stop | units at work; coming by a move; arriving from outside; ending their work |
| order, exit | pledges called; units told to leave |
| open, opens, closes, open_order | state of a site (0 or 1), and what changes it |
| y, short, unmet | step of protection filled (0 to 1); what lacks to a floor, minimum or care; hours not given |
| f, g | hours given; group of sites from which a class reaches the same zones |
| lost[n] | share of node n that a move takes |
| σ | ln(1 - qρ) / ln(1 - q): steps that a unit with reach ρ counts |

Whole numbers: x, order, open. Everything else follows from these, or is whole at the best plan by itself.
"""


@dataclass(frozen=True)
class Group:
    """Families that stand on one page."""

    title: str
    about: str
    families: tuple[str, ...]


GROUPS: Mapping[str, Group] = {
    "units": Group(
        "Units",
        "What stands where, what comes and goes one lag after it was ordered, and under which ceilings.",
        ("supply", "gains", "arrivals", "pledges", "pledge_too_late", "exits", "leavers", "ceiling", "ceiling_within"),
    ),
    "sites": Group(
        "Sites",
        "Beds, guard, opening and closing, and how many may be open.",
        (
            "site_capacity", "guard", "site_balance", "site_closing", "site_opening", "site_opens_once", "site_limit",
            "displaced",
        ),
    ),
    "protection": Group(
        "Protection",
        "Presence is not used up: one unit answers for every area in its reach. Partial reaches add up as independent"
        " chances; the curve is followed by its chords.",
        ("protection", "floor", "tail"),
    ),
    "care": Group(
        "Care of casualties",
        "Enhanced care within one hour and surgery within two, by road or by an air link that needs both its ends."
        " Nothing here makes a plan impossible: what lacks is counted.",
        (
            "lift_at_site", "lift_pattern", "lift_one_pattern",
            "enhanced_care_hospital", "enhanced_care", "enhanced_care_by_set", "enhanced_care_link_lift",
            "enhanced_care_link_hospital",
            "surgery_hospital", "surgery", "surgery_by_set", "surgery_link_lift", "surgery_link_hospital",
        ),
    ),
    "effort": Group(
        "Effort",
        "Hours are used up: one given to a task is gone for all others.",
        ("effort_hours", "effort_demand", "minimum_share"),
    ),
    "money": Group(
        "Money",
        "In thousand USD, at the prices of the first month planned.",
        ("spending", "spent_so_far", "cash", "appropriation"),
    ),
}  # fmt: skip


def pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    listed = [f"| [{group.title}]({name}.md) | {', '.join(group.families)} |" for name, group in GROUPS.items()]
    index = INTRODUCTION + "\n".join(listed) + "\n" + SYMBOLS
    return {"index.md": index, **{f"{name}.md": _page(group) for name, group in GROUPS.items()}}


def _page(group: Group) -> str:
    head = f"# {group.title}\n\n{group.about} Letters: see [the list](index.md#letters).\n"
    return head + "".join(_family(name, EQUATIONS[name]) for name in group.families)


def _family(name: str, equation: Equation) -> str:
    over = ", ".join(f"<{axis}>" for axis in equation.over)
    said = f'said as: "{equation.sentence}"' if equation.sentence else "keeps the books; not told"
    return f"\n## {name}\n\n`{name}[{over}]`, {said}\n\n```\n{equation.formula}\n```\n\n{equation.why}\n"


def stale() -> list[str]:
    """Name the pages that are missing, differ, or stand there without a group."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main() -> int:
    """Write the pages, or check them."""
    if "--check" in sys.argv[1:]:
        for name in stale():
            print(f"docs/equations/{name} is not what the code says; run: python scripts/make_equations.py")
        return 1 if stale() else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in PAGES.glob("*.md"):
        if path.name not in pages():
            path.unlink()
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
