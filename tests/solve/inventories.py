"""Small inventory programs for tests: make, store and lack whole units under demand that turns out month by month."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

STORE, MOST = 3, 2
MADE, STORED, LACKED = 2, 1, 7


def inventory(months: list[dict[str, Any]]) -> dict[str, Any]:
    """State an inventory as the tables of a file; each month gives data, outcomes or states that tell the demand."""
    stages = [
        {
            "name": f"month {at}",
            "columns": {
                "made": {"upper": MOST, "whole": True},
                "stored": {"upper": STORE, "whole": True},
                "lacked": {"whole": True},
            },
            "rows": {"balance": "stored == stored[-1] + made + lacked - demand"},
            "cost": f"{MADE} * made + {STORED} * stored + {LACKED} * lacked",
            **month,
        }
        for at, month in enumerate(months)
    ]
    return {"name": "Inventory", "source": "made up", "sense": "min", "initial": {"stored": 1}, "stage": stages}


def best_by_recursion(months: list[dict[str, Any]]) -> float:
    """Minimise the expected cost backwards in time, over every stock, state and decision."""

    def turns_out(month: int, before: str) -> list[tuple[float, str, int]]:
        given = months[month]
        if "state" in given:
            chance = [(s["chance"], s["name"], s["demand"]) for s in given["state"]]
            return [(c[before] if isinstance(c, dict) else c, name, demand) for c, name, demand in chance]
        if "outcome" in given:
            return [(o["probability"], "", o["demand"]) for o in given["outcome"]]
        return [(1.0, "", given["data"]["demand"])]

    @cache
    def expected(month: int, before: str, stock: int) -> float:
        if month == len(months):
            return 0.0
        return sum(p * best(month, state, stock, demand) for p, state, demand in turns_out(month, before) if p)

    def best(month: int, state: str, stock: int, demand: int) -> float:
        costs = []
        for made in range(MOST + 1):
            lacked = max(0, demand - stock - made)
            left = stock + made + lacked - demand
            if left <= STORE:
                costs.append(MADE * made + STORED * left + LACKED * lacked + expected(month + 1, state, left))
        return min(costs)

    return expected(0, "", 1)


@st.composite
def months(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw one to four months; after the first, demand turns out anew or follows a Markov chain of two states."""
    demand = st.integers(1, 4)
    drawn: list[dict[str, Any]] = [{"data": {"demand": draw(demand)}}]
    states = ["only"]
    for _ in range(draw(st.integers(0, 3))):
        quarter = draw(st.integers(0, 4)) / 4
        if draw(st.booleans()):
            outcomes = [{"probability": p, "demand": draw(demand)} for p in (quarter, 1 - quarter)]
            drawn.append({"outcome": outcomes})
            states = ["only"]
            continue
        low: Any = quarter if states == ["only"] else {name: draw(st.integers(0, 4)) / 4 for name in states}
        high: Any = {name: 1 - chance for name, chance in low.items()} if isinstance(low, dict) else 1 - low
        drawn.append({"state": [{"name": "low", "chance": low, "demand": draw(demand)},
                                {"name": "high", "chance": high, "demand": draw(demand)}]})  # fmt: skip
        states = ["low", "high"]
    return drawn
