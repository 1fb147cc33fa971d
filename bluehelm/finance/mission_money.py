"""A mission's money month by month, from its budget: what is assessed, spent, and may be owed or borrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.behaviour import FloatArray
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine
from bluehelm.norms.norms import Norms

if TYPE_CHECKING:
    from bluehelm.mission.plan import Plan

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionMoney:
    """Money of one mission; arrays have one entry a month.

    letters_usd: asked of all payers in the month, credits taken off. credits_usd: set against the letters of the month.
    notes: what was taken to be so, as words that the report spells out, each with a number.
    """

    name: str
    first_month: Month
    opening_usd: float
    letters_usd: FloatArray
    credits_usd: FloatArray
    spending_usd: FloatArray
    owed_limit_usd: FloatArray
    borrowing_limit_usd: FloatArray
    notes: tuple[tuple[str, int], ...] = ()

    @property
    def months(self) -> int:
        """Number of months."""
        return len(self.letters_usd)


def money_of(
    mission: Mission, norms: Norms, *, months: int | None = None, spending_usd: FloatArray | None = None,
    return_credits: bool = True,
) -> MissionMoney:  # fmt: skip
    """Read the money of a mission from its budget lines; lines that hang on a condition are left out, and counted.

    Appropriations are assessed by letters at the start of their run, or, where the mandate ends within it, at the start
    and again when the mandate is renewed, in proportion to months. Without appropriations the receipts of the budget
    are what is assessed. Receipts beside appropriations are not read: futures of payments take their place.

    spending_usd : (months,) what is spent; None: each appropriation evenly over its run.
    return_credits : what is not spent of an appropriation is set against later letters, received or not.

    Raises
    ------
    InvalidRecordError
        If nothing is assessed, or there are fewer than 1 or more months than the mission has.
    """
    length = mission.setting.months if months is None else months
    if not 1 <= length <= mission.setting.months:
        raise InvalidRecordError(
            "months is {months}; 1 to {most}, the months of {mission}, were expected.",
            months=length,
            most=mission.setting.months,
            mission=mission.setting.name,
        )
    first = mission.setting.first_month
    lines = [line for line in mission.budget if not line.when]
    approved = [line for line in lines if line.kind == "appropriation" and line.last_month >= first]
    receipts = [line for line in lines if line.kind == "receipt"]
    _refuse_nothing(mission, approved or receipts)
    if approved:
        delay = int(norms.number("letter_delay_months", first.first_day))
        letters, notes = _letters(mission, approved, delay, length)
        even = sum((_spread(line, first, length) for line in approved), np.zeros(length))
    else:
        letters = even = _of_kind(receipts, "receipt", first, length)
        notes = [("assessed_as_received", len(receipts))]
    spending = even if spending_usd is None else np.asarray(spending_usd, float)[:length]
    if len(mission.budget) > len(lines):
        notes.append(("conditions_left_out", len(mission.budget) - len(lines)))
    credits = np.zeros(length)
    if return_credits and spending_usd is not None:
        after = int(norms.number("credit_delay_months", first.first_day))
        credits = _credits(approved, spending, letters, first, after)
    return MissionMoney(
        name=mission.setting.name,
        first_month=first,
        opening_usd=sum(float(line.amount_usd) for line in lines if line.kind == "opening_cash"),
        letters_usd=letters - credits,
        credits_usd=credits,
        spending_usd=spending,
        owed_limit_usd=_of_kind(lines, "owed_limit", first, length),
        borrowing_limit_usd=_of_kind(lines, "borrowing_limit", first, length),
        notes=tuple(notes),
    )


def _refuse_nothing(mission: Mission, lines: Sequence[BudgetLine]) -> None:
    if not any(line.amount_usd > 0 for line in lines):
        raise InvalidRecordError(
            "{mission} has no money: its budget.csv names neither an appropriation nor a receipt that holds without a "
            "condition. Add the amount approved, such as: appropriation,{first},{last},12000000,...",
            mission=mission.setting.name,
            first=mission.setting.first_month,
            last=mission.setting.first_month + (mission.setting.months - 1),
        )


def _letters(
    mission: Mission, approved: Sequence[BudgetLine], delay: int, months: int
) -> tuple[FloatArray, list[tuple[str, int]]]:
    """Assess each appropriation for the months that the Council has authorised, and the rest when it has renewed."""
    first, letters, renewed = mission.setting.first_month, np.zeros(months), 0
    ends = Month.of(mission.mandate.valid_until)
    for line in approved:
        parts = [(line.first_month, line.amount_usd)]
        if ends < line.first_month:
            renewed += 1
        elif ends < line.last_month:
            renewed += 1
            covered, total = ends - line.first_month + 1, line.last_month - line.first_month + 1
            # Rounded once, and the rest taken as a difference, so that the letters sum to the last cent.
            before = (line.amount_usd * covered / total).quantize(CENT)
            parts = [(line.first_month, before), (ends + 1, line.amount_usd - before)]
        for start, amount in parts:
            at = max(start - first, 0) + delay
            if at < months:
                letters[at] += float(amount)
    return letters, [("taken_as_renewed", renewed)] if renewed else []


def _spread(line: BudgetLine, first: Month, months: int) -> FloatArray:
    """Spread an amount evenly over the months of its run that are not yet past."""
    start, end = max(line.first_month - first, 0), line.last_month - first
    spread = np.zeros(months)
    spread[start : min(end + 1, months)] = float(line.amount_usd) / (end - start + 1)
    return spread


def _of_kind(lines: Sequence[BudgetLine], kind: str, first: Month, months: int) -> FloatArray:
    """Sum the amounts of a kind that hold in each month."""
    found = np.zeros(months)
    for line in lines:
        if line.kind == kind:
            found[max(line.first_month - first, 0) : max(line.last_month - first + 1, 0)] += float(line.amount_usd)
    return found


def _credits(
    approved: Sequence[BudgetLine], spending: FloatArray, letters: FloatArray, first: Month, after: int
) -> FloatArray:
    """Set what is not spent of each run against the letters that follow, whether or not its own letters were paid."""
    credits = np.zeros(len(letters))
    for line in sorted(approved, key=lambda one: one.last_month):
        start, end = max(line.first_month - first, 0), line.last_month - first
        if end >= len(letters):
            continue
        rest = float(line.amount_usd) - spending[start : end + 1].sum()
        for at in range(end + after, len(letters)):
            used = min(max(rest, 0.0), letters[at] - credits[at])
            credits[at] += used
            rest -= used
    return credits


def spending_of(plan: Plan) -> FloatArray:
    """What a plan spends in each month, (months,): each node's evenly over its months, along the dearest path.

    The dearest path is the one whose spending by its end is largest; in a plan of one future there is no other.
    """
    nodes = {row["node_id"]: row for row in plan.tables["nodes"].iter_rows(named=True)}
    cash = {row["node_id"]: row for row in plan.tables["cash"].iter_rows(named=True)}
    parents = {row["parent_id"] for row in nodes.values()}
    leaf = max((name for name in nodes if name not in parents), key=lambda name: cash[name]["cumulative_usd"])
    spent, first = np.zeros(plan.mission.setting.months), plan.mission.setting.first_month
    while leaf:
        start, months = Month.parse(nodes[leaf]["month"]) - first, nodes[leaf]["months"]
        spent[start : start + months] = cash[leaf]["spent_usd"] / months
        leaf = nodes[leaf]["parent_id"]
    return spent
