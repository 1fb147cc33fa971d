"""From the regular rate to the peacekeeping rate: discount by level, redistributed to the permanent members.

    rate of a State not at level A      p = r · (1 - d)
    discounts of all of them            D = Σ r · d
    rate of a permanent member          p = r · (1 + D / R),   R = Σ r over the permanent members

All of it is exact (fractions); amounts are shared out by exact rates. The four decimals of a printed rate come last, by
one rule for the whole table: largest remainder at four decimals, so that the printed rates add up to 100.0000.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bluehelm.finance.apportion import share_out
from bluehelm.finance.assessment_rules import (
    ADDS_UP,
    NOT_NEGATIVE,
    ONE_RATE_EACH,
    PERMANENT_MEMBERS,
    TEN_LEVELS,
    broken,
)
from bluehelm.finance.levels import LEVELS, discount_share, known_level
from bluehelm.norms import Norms

ROUNDING_RULE = "largest remainder at four decimals"
WHOLE_PCT = Decimal(100)
FOUR_DECIMALS = Decimal("0.0001")
PERMANENT = (
    "China",
    "France",
    "Russian Federation",
    "United Kingdom of Great Britain and Northern Ireland",
    "United States of America",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularRate:
    """A State as the scale takes it in.

    level: A to J or H/I. discount_pct: what a file says the discount is, to be checked against the table. from_level:
    the level it comes from, where its discount is between two levels for a year. decision: the resolution or meeting
    that gives it a discount of its own. basis: how the level is known.
    """

    member_state: str
    rate_pct: Decimal
    level: str
    discount_pct: Decimal | None = None
    from_level: str = ""
    decision: str = ""
    basis: str = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedState:
    """A State on the scale. exact_rate_pct decides what it owes; peacekeeping_rate_pct is what is printed."""

    member_state: str
    regular_rate_pct: Decimal
    level: str
    discount_share: Decimal
    exact_rate_pct: Fraction
    peacekeeping_rate_pct: Decimal
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeacekeepingScale:
    """The scale of a period. discounts_pct is D, permanent_pct is R, multiplier is 1 + D / R."""

    period: str
    first_day: date | None
    last_day: date | None
    states: tuple[AssessedState, ...]
    discounts_pct: Fraction
    permanent_pct: Decimal
    multiplier: Fraction

    def exact_rates(self) -> dict[str, Fraction]:
        """Return each State's exact rate [%]; they add up to 100."""
        return {state.member_state: state.exact_rate_pct for state in self.states}


def peacekeeping_scale(
    regular: Sequence[RegularRate],
    norms: Norms,
    on: date,
    *,
    period: str = "",
    days: tuple[date, date] | None = None,
) -> PeacekeepingScale:
    """Compute the peacekeeping rate of every State.

    Parameters
    ----------
    regular : regular rate [%] and level of every State
    norms : discounts of the levels, in force `on` that day
    period, days : name, first and last day for which the rates hold; None where they are a what-if without a period

    Raises
    ------
    RuleError
        If a State stands twice, a rate is negative, rates do not add up to 100, or a level or discount does not match.

    Examples
    --------
    >>> from bluehelm.norms import load_norms
    >>> made_up = [RegularRate(member_state=state, rate_pct=Decimal(rate), level=level)
    ...            for state, rate, level in (("P", 40, "A"), ("Q", 10, "A"), ("R", 30, "B"), ("S", 20, "D"))]
    >>> scale = peacekeeping_scale(made_up, load_norms(), date(2022, 1, 1))
    >>> [str(state.peacekeeping_rate_pct) for state in scale.states]
    ['43.2000', '10.8000', '30.0000', '16.0000']
    """
    _check_rates(regular)
    discounts = {state.member_state: _discount(state, norms, on) for state in regular}
    pool = sum((Fraction(state.rate_pct) * Fraction(discounts[state.member_state]) for state in regular), Fraction(0))
    permanent = sum((state.rate_pct for state in regular if state.level == "A"), Decimal(0))
    if pool and not permanent:
        raise broken(
            PERMANENT_MEMBERS,
            "Discounts of {pool} per cent are to be borne, but no State is at level A. Put the permanent members "
            "there.",
            pool=f"{float(pool):.4f}",
        )
    multiplier = 1 + pool / Fraction(permanent) if permanent else Fraction(1)
    exact = {
        state.member_state: Fraction(state.rate_pct)
        * (multiplier if state.level == "A" else 1 - Fraction(discounts[state.member_state]))
        for state in regular
    }
    printed = rounded_pct(exact)
    first, last = days or (None, None)
    return PeacekeepingScale(
        period=period,
        first_day=first,
        last_day=last,
        states=tuple(
            AssessedState(
                member_state=state.member_state,
                regular_rate_pct=state.rate_pct,
                level=state.level,
                discount_share=discounts[state.member_state],
                exact_rate_pct=exact[state.member_state],
                peacekeeping_rate_pct=printed[state.member_state],
                basis=state.basis,
            )
            for state in regular
        ),
        discounts_pct=pool,
        permanent_pct=permanent,
        multiplier=multiplier,
    )


def rounded_pct(exact_pct: dict[str, Fraction]) -> dict[str, Decimal]:
    """Round rates to four decimals by largest remainder: together 100.0000, each within 0.0001 of its exact one."""
    steps = share_out(int(WHOLE_PCT / FOUR_DECIMALS), exact_pct)
    return {name: step * FOUR_DECIMALS for name, step in steps.items()}


def _check_rates(regular: Sequence[RegularRate]) -> None:
    repeated = [name for name, count in Counter(state.member_state for state in regular).items() if count > 1]
    if repeated:
        raise broken(
            ONE_RATE_EACH, "'{state}' stands {count} times. Keep one row for it.", state=repeated[0],
            count=sum(state.member_state == repeated[0] for state in regular),
        )  # fmt: skip
    for state in regular:
        if not (state.rate_pct.is_finite() and state.rate_pct >= 0):
            raise broken(
                NOT_NEGATIVE, "The rate of '{name}' is {rate}; 0 or more was expected. Mend it.",
                name=state.member_state, rate=state.rate_pct,
            )  # fmt: skip
        _check_permanent(state)
    total = sum((Fraction(state.rate_pct) for state in regular), Fraction(0))
    if total != WHOLE_PCT:
        raise broken(
            ADDS_UP,
            "The regular rates of {count} {count:State|States} add up to {total} per cent; 100 was expected. Look for "
            "a State that is missing, stands twice under two names, or has a rate in another unit.",
            count=len(regular),
            total=sum((state.rate_pct for state in regular), Decimal(0)),
        )


def _check_permanent(state: RegularRate) -> None:
    known_level(state.level, state.member_state)
    if state.member_state in PERMANENT and state.level != "A":
        raise broken(
            PERMANENT_MEMBERS, "'{state}' is at level {level}; level A was expected.", state=state.member_state,
            level=state.level,
        )  # fmt: skip


def _discount(state: RegularRate, norms: Norms, on: date) -> Decimal:
    """Return the discount of a State as a share, if what its file says of it fits the table of levels."""
    of_level = discount_share(state.level, norms, on)
    if state.discount_pct is None:
        return of_level
    said = state.discount_pct / 100
    low, high = of_level, of_level
    if state.from_level:
        of_old = discount_share(known_level(state.from_level, state.member_state), norms, on)
        low, high = min(of_old, of_level), max(of_old, of_level)
    elif state.decision.strip():
        low, high = Decimal(0), Decimal(1)
    fits = said == of_level if state.level == "A" else low <= said <= high
    if not fits:
        raise broken(
            TEN_LEVELS,
            "'{state}' is at level {level} with a discount of {said} per cent; by the table of levels it is "
            "{expected}. Mend one of the two; a discount on the way between two levels needs from_level, an exception "
            "its decision.",
            state=state.member_state,
            level=state.level,
            said=f"{state.discount_pct:f}",
            expected=f"{100 * low:g}" if low == high else f"{100 * low:g} – {100 * high:g}",
        )
    return said


def by_level(scale: PeacekeepingScale) -> list[tuple[str, int, Decimal, Decimal]]:
    """List each level that has States: how many, their regular and their printed peacekeeping rates added up [%]."""
    order = (*LEVELS[:8], "H/I", *LEVELS[8:])
    return [
        (
            level,
            len(there),
            sum((state.regular_rate_pct for state in there), Decimal(0)),
            sum((state.peacekeeping_rate_pct for state in there), Decimal(0)),
        )
        for level in order
        if (there := [state for state in scale.states if state.level == level])
    ]
