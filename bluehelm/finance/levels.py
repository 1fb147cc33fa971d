"""Levels A to J: the discount of each, and the rules by which a State comes to its level.

A  permanent members of the Security Council; no discount, and they bear all discounts
B  all others whose income is not below a threshold               C  listed by the General Assembly
D to I  income per person below 2, 1.8 ... 1 times the average    J  least developed countries

From rates alone H and I cannot be told apart, as both have the same discount: 'H/I' says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.assessment_rules import (
    LEAST_DEVELOPED,
    LISTED_ONLY,
    ONE_RATE_EACH,
    PERMANENT_MEMBERS,
    TEN_LEVELS,
    UPWARD_ONLY,
    broken,
)
from bluehelm.norms import Norms, rule

LEVELS = "ABCDEFGHIJ"
BY_INCOME = "IHGFED"
H_OR_I = "H/I"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides the level of a State. gni_per_capita_usd: average over the years that the scale rests on."""

    member_state: str
    gni_per_capita_usd: Decimal
    permanent_member: bool = False
    least_developed: bool = False

    def __post_init__(self) -> None:
        if not (self.gni_per_capita_usd.is_finite() and self.gni_per_capita_usd > 0):
            raise InvalidRecordError(
                "'{state}' has gni_per_capita_usd = {value}; an amount above 0 was expected.",
                state=self.member_state,
                value=self.gni_per_capita_usd,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A State at its level. by: permanent, least developed, income, listed or voluntary."""

    level: str
    by: str


def known_level(level: str, member_state: str) -> str:
    """Return the level if it is one of A to J, or H/I."""
    if level not in {*LEVELS, H_OR_I}:
        raise broken(
            TEN_LEVELS,
            "'{state}' is at level '{level}'; one of A to J was expected (H/I where it is not known which).",
            state=member_state,
            level=level,
        )
    return level


@rule(unit="share", uses=("peacekeeping_discount_share.*",))
def discount_share(level: str, norms: Norms, on: date) -> Decimal:
    """Discount of a level on the regular rate; of H/I what H and I have in common.

    Raises
    ------
    InvalidRecordError
        If the level is H/I and an amendment has made the discounts of H and I differ.
    """
    shares = {Decimal(str(norms.value(f"peacekeeping_discount_share.{one}", on))) for one in level.split("/")}
    if len(shares) > 1:
        raise InvalidRecordError(
            "Levels H and I have different discounts on {day}, so 'H/I' has none. Say at which of the two each State "
            "is.",
            day=on,
        )
    return shares.pop()


@rule(unit="level", uses=("peacekeeping_threshold_ratio.*",))
def level_by_income(gni_per_capita_usd: Decimal, average_usd: Decimal, norms: Norms, on: date) -> str:
    """Level of a State by its income alone: the highest discount whose threshold it is below; B above all of them.

    Examples
    --------
    >>> from bluehelm.norms import load_norms
    >>> norms, day = load_norms(), date(2022, 1, 1)
    >>> [level_by_income(Decimal(gni), Decimal(10_000), norms, day) for gni in (9_999, 10_000, 20_000)]
    ['I', 'H', 'B']
    """
    for level in BY_INCOME:
        threshold = Decimal(str(norms.value(f"peacekeeping_threshold_ratio.{level}", on)))
        if gni_per_capita_usd < threshold * average_usd:
            return level
    return "B"


def place(
    standings: tuple[Standing, ...],
    average_usd: Decimal,
    norms: Norms,
    on: date,
    *,
    listed: Mapping[str, tuple[str, str]] | None = None,
    voluntary: Mapping[str, str] | None = None,
) -> dict[str, Placed]:
    """Put every State at its level.

    Parameters
    ----------
    standings : what decides each State's level, each State once
    average_usd : average income per person of all Member States [USD], above 0
    listed : State -> (level, decision of the General Assembly that lists it)
    voluntary : State -> higher level to which it moves of its own will

    Raises
    ------
    RuleError
        If a State stands twice, a move is not upward, a listing has no decision, or a permanent member would get a
        discount.
    """
    placed: dict[str, Placed] = {}
    for standing in standings:
        if standing.member_state in placed:
            raise broken(ONE_RATE_EACH, "'{state}' stands twice. Keep one row for it.", state=standing.member_state)
        placed[standing.member_state] = _by_itself(standing, average_usd, norms, on)
    for state, (level, decision) in (listed or {}).items():
        placed[state] = _listed(state, level, decision, placed)
    for state, level in (voluntary or {}).items():
        placed[state] = _moved(state, level, placed)
    return placed


def _by_itself(standing: Standing, average_usd: Decimal, norms: Norms, on: date) -> Placed:
    if standing.permanent_member:
        if standing.least_developed:
            raise broken(
                LEAST_DEVELOPED,
                "'{state}' is said to be both a permanent member and a least developed country. Keep one of the two.",
                state=standing.member_state,
            )
        return Placed(level="A", by="permanent")
    if standing.least_developed:
        return Placed(level="J", by="least developed")
    return Placed(level=level_by_income(standing.gni_per_capita_usd, average_usd, norms, on), by="income")


def _listed(state: str, level: str, decision: str, placed: Mapping[str, Placed]) -> Placed:
    known_level(level, state)
    before = _there(state, placed)
    if before.level == "A" or level == "A":
        raise broken(
            PERMANENT_MEMBERS, "'{state}' is listed from level {old} to level {new}.", state=state, old=before.level,
            new=level,
        )  # fmt: skip
    if not decision.strip():
        raise broken(
            LISTED_ONLY, "'{state}' is listed at level {level} without a decision. Name the resolution or the meeting.",
            state=state, level=level,
        )  # fmt: skip
    return Placed(level=level, by="listed")


def _moved(state: str, level: str, placed: Mapping[str, Placed]) -> Placed:
    known_level(level, state)
    before = _there(state, placed).level
    if level == H_OR_I or level in ("A", "C") or LEVELS.index(level) >= LEVELS.index(before[0]):
        raise broken(
            UPWARD_ONLY,
            "'{state}' would move from level {old} to level {new}; a higher level, and neither A nor C, was expected.",
            state=state,
            old=before,
            new=level,
        )
    return Placed(level=level, by="voluntary")


def _there(state: str, placed: Mapping[str, Placed]) -> Placed:
    if state not in placed:
        raise broken(ONE_RATE_EACH, "'{state}' has no row among the States. Add it, or mend the name.", state=state)
    return placed[state]


@rule(unit="share", uses=("peacekeeping_discount_share.*", "transition_years.*"))
def transition_discounts(from_level: str, to_level: str, norms: Norms, on: date) -> tuple[Decimal, ...]:
    """Discounts year by year of a State that rises by two levels or more: equal steps, the last at its new level.

    One level up, or any way down, takes effect at once.

    Examples
    --------
    >>> from bluehelm.norms import load_norms
    >>> transition_discounts("J", "H", load_norms(), date(2019, 1, 1))
    (Decimal('0.85'), Decimal('0.8'))
    """
    old, new = discount_share(from_level, norms, on), discount_share(to_level, norms, on)
    steps = LEVELS.index(from_level) - LEVELS.index(to_level)
    if steps < 2:
        return (new,)
    years = int(norms.number(f"transition_years.{'two' if steps == 2 else 'three'}_levels", on))
    return tuple(old + (new - old) * year / years for year in range(1, years + 1))
