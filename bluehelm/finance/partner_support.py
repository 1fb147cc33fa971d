"""Support to an African Union-led operation under resolution 2719: conditions, ceiling, what is still to be mobilised.

Assessed contributions may meet up to 75 per cent of the yearly budget of an operation, where the Security Council
authorises it case by case; the rest is mobilised jointly as extra-budgetary resources: trust funds, shares of cost that
partners bear themselves, and help in kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bluehelm.errors import InvalidRecordError, RuleError, nearest
from bluehelm.finance.assessed_pieces import Authorisation
from bluehelm.finance.assessment_rules import Rule, broken
from bluehelm.finance.fiscal_year import fiscal_year_days
from bluehelm.norms import Norms, rule

SOURCE = "S/RES/2719 (2023), press.un.org/en/2023/sc15544.doc.htm"
KINDS = ("trust fund", "cost sharing", "in kind")
STANDS = ("received", "pledged")
CEILING = Rule("assessed contributions do not exceed 75 per cent of the yearly budget", SOURCE)
CASE_BY_CASE = Rule("the Security Council authorises each operation case by case", SOURCE)
CONDITIONS: Mapping[str, Rule] = {
    "african_union_led": Rule("the operation is led by the African Union", SOURCE),
    "african_union_command": Rule("it is under direct and effective command and control of the African Union", SOURCE),
    "human_rights_policy": Rule("the human rights due diligence policy of the United Nations applies", SOURCE),
    "un_financial_rules": Rule("the financial regulations and rules of the United Nations apply", SOURCE),
    "exit_strategy": Rule("the mandate is limited in time, with an exit strategy from the outset", SOURCE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What a partner gives. kind: trust fund, cost sharing or in kind (valued in USD). stands: received or pledged."""

    giver: str
    kind: str
    value_usd: Decimal
    stands: str

    def __post_init__(self) -> None:
        for given, choices in ((self.kind, KINDS), (self.stands, STANDS)):
            if given not in choices:
                raise InvalidRecordError(
                    "The contribution of '{giver}' is '{given}'; one of {choices} was expected. Nearest name: "
                    "'{near}'.",
                    giver=self.giver,
                    given=given,
                    choices=", ".join(choices),
                    near=nearest(given, choices) or choices[0],
                )
        if not (self.value_usd.is_finite() and self.value_usd >= 0):
            raise InvalidRecordError(
                "The contribution of '{giver}' is {value} USD; 0 or more was expected.", giver=self.giver,
                value=self.value_usd,
            )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How one year of an African Union-led operation is to be paid.

    authorisation: the period and the resolution of the Security Council, None where there is none. conditions: which
    of CONDITIONS are met; one that is not named is not met.
    """

    operation: str
    fiscal_year: str
    annual_budget_usd: Decimal
    assessed_usd: Decimal
    authorisation: Authorisation | None
    conditions: Mapping[str, bool]
    contributions: tuple[Contribution, ...] = ()

    def __post_init__(self) -> None:
        fiscal_year_days(self.fiscal_year)
        unknown = [name for name in self.conditions if name not in CONDITIONS]
        if unknown:
            raise InvalidRecordError(
                "'{name}' is no condition of resolution 2719; known are {known}. Nearest name: '{near}'.",
                name=unknown[0],
                known=", ".join(CONDITIONS),
                near=nearest(unknown[0], CONDITIONS) or "–",
            )
        if not (self.annual_budget_usd > 0 and self.assessed_usd >= 0):
            raise InvalidRecordError(
                "{operation} has a yearly budget of {budget} USD and {assessed} USD assessed; a budget above 0 and 0 "
                "or more assessed were expected.",
                operation=self.operation,
                budget=self.annual_budget_usd,
                assessed=self.assessed_usd,
            )

    @property
    def day(self) -> date:
        """Return the first day of the year: norms are taken as in force on it."""
        return fiscal_year_days(self.fiscal_year)[0]

    def mobilised_usd(self, kind: str, stands: str) -> Decimal:
        """Return what is received or pledged of one kind."""
        return sum(
            (gift.value_usd for gift in self.contributions if gift.kind == kind and gift.stands == stands), Decimal(0)
        )

    @property
    def open_usd(self) -> Decimal:
        """Return what nobody has given or pledged yet; below 0 where more is mobilised than needed."""
        return (
            self.annual_budget_usd
            - self.assessed_usd
            - sum((gift.value_usd for gift in self.contributions), Decimal(0))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: the rule, whether it holds, and what was found."""

    rule: Rule
    holds: bool
    error: RuleError | None = None


@rule(unit="USD", uses=("partner_assessed_ceiling_share",))
def most_assessed_usd(annual_budget_usd: Decimal, norms: Norms, on: date) -> Decimal:
    """Most that may be assessed for a year of an operation, exact."""
    return annual_budget_usd * Decimal(str(norms.value("partner_assessed_ceiling_share", on)))


def check(arrangement: Arrangement, norms: Norms) -> tuple[Finding, ...]:
    """Check an arrangement against every condition of resolution 2719, and list what was found for each.

    Raises
    ------
    UnknownNormError
        If the year begins before the resolution was adopted: there is no ceiling to hold it against.
    """
    findings = [_authorised(arrangement), _under_ceiling(arrangement, norms)]
    for name, condition in CONDITIONS.items():
        error = None
        if not arrangement.conditions.get(name, False):
            error = broken(
                condition,
                "{operation}: '{name}' is not met. Meet it, or pay the operation without assessed contributions.",
                operation=arrangement.operation, name=name,
            )  # fmt: skip
        findings.append(Finding(rule=condition, holds=error is None, error=error))
    return tuple(findings)


def require(arrangement: Arrangement, norms: Norms) -> None:
    """Refuse an arrangement that breaks a condition, with the first rule it breaks.

    Raises
    ------
    RuleError
        With the name and source of the rule.
    """
    for finding in check(arrangement, norms):
        if finding.error is not None:
            raise finding.error


def _authorised(arrangement: Arrangement) -> Finding:
    first, last = fiscal_year_days(arrangement.fiscal_year)
    given, error = arrangement.authorisation, None
    if given is None or not given.resolution.strip() or given.last_day < first or given.first_day > last:
        error = broken(
            CASE_BY_CASE,
            "{operation} has no authorisation of the Security Council within {year}. Give the resolution with its "
            "first and last day.",
            operation=arrangement.operation,
            year=arrangement.fiscal_year,
        )
    return Finding(rule=CASE_BY_CASE, holds=error is None, error=error)


def _under_ceiling(arrangement: Arrangement, norms: Norms) -> Finding:
    most, error = most_assessed_usd(arrangement.annual_budget_usd, norms, arrangement.day), None
    if arrangement.assessed_usd > most:
        error = broken(
            CEILING,
            "{operation} would have {assessed} USD assessed, {share} per cent of its yearly budget of {budget} USD; at "
            "most {most} USD was expected. Assess less, and mobilise the rest.",
            operation=arrangement.operation,
            assessed=f"{arrangement.assessed_usd:,.2f}",
            share=f"{100 * arrangement.assessed_usd / arrangement.annual_budget_usd:.6f}".rstrip("0").rstrip("."),
            budget=f"{arrangement.annual_budget_usd:,.2f}",
            most=f"{most:,.2f}",
        )
    return Finding(rule=CEILING, holds=error is None, error=error)
