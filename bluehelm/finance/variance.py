"""By how much a budget differs from what was approved, or from another plan: by fiscal year and group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bluehelm.errors import ImportFileError, nearest
from bluehelm.finance.budget import Budget
from bluehelm.finance.fiscal_year import fiscal_year_of
from bluehelm.finance.money_file import chosen, mission_key, read_money
from bluehelm.finance.parts import GROUPS
from bluehelm.mission.mission import Mission

# What was decided before what was asked for; of what was decided, the mission's own part before its prorated shares.
APPROVED_FIRST = (
    "mission maintenance", "appropriation", "approved", "apportionment", "", "approved (total)",
    "total appropriation (with prorated shares)", "proposed", "proposed by category", "expenditure (actual)",
)  # fmt: skip
TOTAL = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """What a budget is held against. amounts: by fiscal year and group; TOTAL for all groups together.

    kind: "approved", "plan" or "own" (the mission's own appropriations). label: name of the file or plan. measures: by
    fiscal year, what the amount is, where the file says. months: by fiscal year, those it is for. parts: by fiscal
    year, group and part, where known.
    """

    kind: str
    label: str
    amounts: Mapping[tuple[str, str], Decimal]
    months: Mapping[str, int]
    measures: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[tuple[str, str, str], Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variance:
    """One comparison. months, other_months: of the year, planned and paid for by the other amount.

    drivers: parts that differ most, with their difference, where the yardstick has parts; else the dearest parts.
    """

    fiscal_year: str
    group: str
    amount_usd: Decimal
    other_usd: Decimal
    months: int
    other_months: int
    drivers: tuple[tuple[str, Decimal], ...]

    @property
    def difference_usd(self) -> Decimal:
        """More (above 0) or less than the yardstick."""
        return self.amount_usd - self.other_usd

    @property
    def share(self) -> float | None:
        """Difference as a share of the yardstick; None where that is nothing."""
        return float(self.difference_usd / self.other_usd) if self.other_usd else None


def variances(budget: Budget, against: Yardstick) -> tuple[Variance, ...]:
    """Compare group by group, then in total, every fiscal year that both have; in order."""
    found = []
    for year in budget.years:
        name = year.fiscal_year
        for group in (*GROUPS, TOTAL):
            if (name, group) in against.amounts:
                found.append(
                    Variance(
                        fiscal_year=name,
                        group=group,
                        amount_usd=budget.amount(name, group),
                        other_usd=against.amounts[name, group],
                        months=year.months,
                        other_months=against.months[name],
                        drivers=_drivers(budget, against, name, group),
                    )
                )
    return tuple(found)


def _drivers(budget: Budget, against: Yardstick, year: str, group: str) -> tuple[tuple[str, Decimal], ...]:
    parts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in budget.rows:
        if row.fiscal_year == year and group in (TOTAL, row.group):
            parts[row.part] += row.amount_usd
    for (other_year, other_group, part), usd in against.parts.items():
        if other_year == year and group in (TOTAL, other_group):
            parts[part] -= usd
    most = sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0]))
    return tuple((part, usd) for part, usd in most if usd)[:2]


def of_plan(budget: Budget, label: str) -> Yardstick:
    """Hold against another plan."""
    years = [year.fiscal_year for year in budget.years]
    return Yardstick(
        kind="plan",
        label=label,
        amounts={(year, group): budget.amount(year, group) for year in years for group in (*GROUPS, TOTAL)},
        months={year.fiscal_year: year.months for year in budget.years},
        parts={(row.fiscal_year, row.group, row.part): row.amount_usd for row in budget.rows},
    )


def of_file(path: Path | str, operation: str) -> Yardstick:
    """Hold against amounts of a file, in the form of `bluehelm.finance.money_file`.

    Raises
    ------
    ImportFileError, InvalidRecordError
        If the file cannot be used, or has no amount of the operation.
    """
    rows = read_money(path)
    ours = [row for row in rows if mission_key(row.record.mission) == mission_key(operation)]
    if not ours:
        known = sorted({row.record.mission for row in rows})
        raise ImportFileError(
            "{file} has no row of mission '{mission}', which the plan is of. Nearest name: '{near}' (of {count}).",
            file=Path(path).name,
            mission=operation,
            near=nearest(operation, known) or known[0],
            count=len(known),
        )
    kept = chosen(ours, APPROVED_FIRST)
    if not kept:
        raise ImportFileError(
            "{file} has no amount of {mission} that a year's budget can be held against; its measures are {measures}. "
            "Known are: {known}.",
            file=Path(path).name,
            mission=operation,
            measures=", ".join(sorted({f"'{row.record.measure}'" for row in ours})),
            known=", ".join(f"'{measure}'" for measure in APPROVED_FIRST if measure),
        )
    amounts: dict[tuple[str, str], Decimal] = {}
    for row in kept:
        assert row.record.amount_usd is not None
        amounts[row.record.fiscal_year, TOTAL] = row.record.amount_usd
        amounts |= {(row.record.fiscal_year, group): usd for group, usd in row.record.groups.items()}
    return Yardstick(
        kind="approved",
        label=Path(path).name,
        amounts=amounts,
        months={year: 12 for year, _ in amounts},
        measures={row.record.fiscal_year: row.record.measure for row in kept},
    )


def of_mission(mission: Mission) -> Yardstick | None:
    """Hold against the mission's own appropriations; None where it has none that lies within one fiscal year.

    Those that hang on a condition are left out: they hold in some futures only.
    """
    lines = [line for line in mission.budget if line.kind == "appropriation" and not line.when]
    within = [line for line in lines if line.first_month.fiscal_year == line.last_month.fiscal_year]
    amounts: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    months: defaultdict[str, int] = defaultdict(int)
    for line in within:
        year = fiscal_year_of(line.first_month)
        amounts[year, TOTAL] += line.amount_usd
        months[year] += line.last_month - line.first_month + 1
    if not amounts:
        return None
    return Yardstick(kind="own", label=mission.setting.name, amounts=dict(amounts), months=dict(months))


def years_left_out(budget: Budget, against: Yardstick, own: Sequence[Variance]) -> tuple[str, ...]:
    """Name the fiscal years that only one of the two has."""
    compared = {row.fiscal_year for row in own}
    return tuple(sorted(({y.fiscal_year for y in budget.years} | {y for y, _ in against.amounts}) - compared))
