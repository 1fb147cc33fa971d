"""Letters of assessment: what each State owes for each authorised piece of a fiscal year, and what comes back to it.

Every piece becomes a letter of its own. Amounts are shared out over the States by their exact rates, by largest
remainder, so every sum is exact to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.apportion import apportion_usd
from bluehelm.finance.assessed_pieces import NOTHING, Authorisation, Piece, pieces_of
from bluehelm.finance.assessment_rules import CREDITS_BACK, ONE_PERIOD_ONE_LETTER, broken
from bluehelm.finance.fiscal_year import fiscal_year_days
from bluehelm.finance.scale import PeacekeepingScale


@dataclass(frozen=True, slots=True, kw_only=True)
class Appropriation:
    """What the General Assembly appropriates for an operation for one fiscal year, such as 2023/24.

    voluntary_usd: what others pay of their own will and what is therefore not assessed.
    """

    mission: str
    fiscal_year: str
    amount_usd: Decimal
    voluntary_usd: Decimal = NOTHING

    def __post_init__(self) -> None:
        fiscal_year_days(self.fiscal_year)
        if not (0 <= self.voluntary_usd <= self.amount_usd):
            raise InvalidRecordError(
                "{mission}: {amount} USD are appropriated and {voluntary} USD of it are paid voluntarily; from 0 up to "
                "the whole was expected.",
                mission=self.mission,
                amount=self.amount_usd,
                voluntary=self.voluntary_usd,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a closed fiscal year left over (unencumbered balance, other income), to be returned."""

    fiscal_year: str
    amount_usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one State is told. due_usd: assessed less credit; below 0 where more comes back than is asked."""

    member_state: str
    assessed_usd: Decimal
    credit_usd: Decimal
    to_arrears_usd: Decimal

    @property
    def due_usd(self) -> Decimal:
        """Return what is to be paid on this letter; a credit of a State in arrears is set off against these instead."""
        return self.assessed_usd - self.credit_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The letter of one piece, with a line for each State."""

    mission: str
    fiscal_year: str
    piece: Piece
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """All letters of a fiscal year, and what of its appropriation is not assessed because no mandate covers it."""

    letters: tuple[Letter, ...]
    not_authorised_usd: Decimal


def assess(
    appropriation: Appropriation,
    mandates: Sequence[Authorisation],
    scales: Sequence[PeacekeepingScale],
    *,
    credits: Sequence[Credit] = (),
    in_arrears: frozenset[str] = frozenset(),
) -> Assessed:
    """Write the letters of a fiscal year.

    Parameters
    ----------
    credits : returned by the rates at which each closed year was assessed, on the first letter. Of a State in arrears
        (`in_arrears`) the credit is set off against what it still owes instead.

    Raises
    ------
    RuleError
        See `pieces_of`; or a credit is below 0, or a State in arrears is not on the scale.
    """
    assessed_usd = appropriation.amount_usd - appropriation.voluntary_usd
    pieces, rest = pieces_of(appropriation.fiscal_year, assessed_usd, mandates, scales)
    back = _credits(credits, scales)
    names = {state.member_state for piece in pieces for state in piece.scale.states}
    strangers = sorted((set(back) | in_arrears) - names)
    if strangers:
        raise broken(
            CREDITS_BACK, "'{state}' is credited or in arrears, but is not on the scale. Mend the name.",
            state=strangers[0],
        )  # fmt: skip
    letters = []
    for piece in pieces:
        charged = apportion_usd(piece.amount_usd, piece.scale.exact_rates())
        first = piece is pieces[0]
        letters.append(
            Letter(
                mission=appropriation.mission,
                fiscal_year=appropriation.fiscal_year,
                piece=piece,
                lines=tuple(
                    Line(
                        member_state=state,
                        assessed_usd=usd,
                        credit_usd=back.get(state, NOTHING) if first and state not in in_arrears else NOTHING,
                        to_arrears_usd=back.get(state, NOTHING) if first and state in in_arrears else NOTHING,
                    )
                    for state, usd in charged.items()
                ),
            )
        )
    return Assessed(letters=tuple(letters), not_authorised_usd=rest)


def _credits(credits: Sequence[Credit], scales: Sequence[PeacekeepingScale]) -> dict[str, Decimal]:
    """Share each credit out by the scales of its own year, months of each as weights."""
    back: dict[str, Decimal] = {}
    for credit in credits:
        if credit.amount_usd < 0:
            raise broken(
                CREDITS_BACK, "The credit of {year} is {amount} USD; 0 or more was expected.", year=credit.fiscal_year,
                amount=credit.amount_usd,
            )  # fmt: skip
        first, last = fiscal_year_days(credit.fiscal_year)
        pieces, _ = pieces_of(
            credit.fiscal_year, credit.amount_usd, [Authorisation(first_day=first, last_day=last)], scales
        )
        for piece in pieces:
            for state, usd in apportion_usd(piece.amount_usd, piece.scale.exact_rates()).items():
                back[state] = back.get(state, NOTHING) + usd
    return back


def the_one_letter(assessed: Assessed) -> Letter:
    """Return the only letter of a year; refuse where a mandate's end or a new scale cuts the year.

    Raises
    ------
    RuleError
        If there are several letters, or part of the year is not authorised.
    """
    first = assessed.letters[0]
    if len(assessed.letters) > 1 or assessed.not_authorised_usd:
        raise broken(
            ONE_PERIOD_ONE_LETTER,
            "One letter was asked for the fiscal year {year} of {mission}, but it is cut on {day}: {count} "
            "{count:letter|letters} and {rest} USD that are not authorised. Ask for letters by part.",
            year=first.fiscal_year,
            mission=first.mission,
            day=first.piece.last_day,
            count=len(assessed.letters),
            rest=f"{assessed.not_authorised_usd:,.2f}",
        )
    return first
