"""The scale of assessments and letters of assessment, as CSV, JSON and plain tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bluehelm import __version__
from bluehelm.finance.letters import Assessed, Letter
from bluehelm.finance.partner_support import KINDS, STANDS, Arrangement, Finding
from bluehelm.finance.scale import PeacekeepingScale, by_level
from bluehelm.reports.terminal import columns_taken
from bluehelm.words import say

SCALE_COLUMNS = ("member_state", "regular_rate_pct", "level", "peacekeeping_rate_pct")
LETTER_COLUMNS = (
    "first_day", "last_day", "resolution", "member_state", "level", "peacekeeping_rate_pct", "assessed_usd",
    "credit_usd", "due_usd", "credit_to_arrears_usd",
)  # fmt: skip
LARGEST = 10
SUPPORT = {
    "trust fund": "trust fund",
    "cost sharing": "cost sharing",
    "in kind": "in kind",
    "received": "received",
    "pledged": "pledged",
}


def scale_csv(scale: PeacekeepingScale) -> str:
    """Write a scale as CSV, one row for each State."""
    return _csv(
        SCALE_COLUMNS,
        (
            (state.member_state, f"{state.regular_rate_pct:f}", state.level, f"{state.peacekeeping_rate_pct:f}")
            for state in scale.states
        ),
    )


def scale_json(scale: PeacekeepingScale, notes: Sequence[str], made_from: Mapping[str, str]) -> str:
    """Write a scale as JSON: rates as texts, so that no decimal is lost; exact rates as fractions."""
    return _json(
        {
            "period": scale.period,
            "first_day": scale.first_day,
            "last_day": scale.last_day,
            "discounts_pct": _decimals(scale.discounts_pct),
            "permanent_pct": f"{scale.permanent_pct:f}",
            "multiplier": _decimals(scale.multiplier),
            "states": [
                {
                    "member_state": state.member_state,
                    "regular_rate_pct": f"{state.regular_rate_pct:f}",
                    "level": state.level,
                    "level_basis": state.basis,
                    "discount_pct": f"{100 * state.discount_share:f}",
                    "peacekeeping_rate_pct": f"{state.peacekeeping_rate_pct:f}",
                    "exact_rate_pct": str(state.exact_rate_pct),
                }
                for state in scale.states
            ],
            "notes": list(notes),
            "made_from": {**made_from, "bluehelm": __version__},
        }
    )


def scale_table(scale: PeacekeepingScale) -> str:
    """Write a scale for a terminal: its totals, its levels, and every State."""
    lines = [
        say(
            "Discounts {pool} %, borne by permanent members with {permanent} %: multiplier {multiplier}.",
            pool=_decimals(scale.discounts_pct)[:-6],
            permanent=f"{scale.permanent_pct:f}",
            multiplier=_decimals(scale.multiplier)[:-3],
        ),
        "",
        _row(say("level"), say("States"), say("regular %"), say("peacekeeping %")),
    ]
    lines += [_row(level, str(count), f"{regular:f}", f"{rate:f}") for level, count, regular, rate in by_level(scale)]
    lines += ["", _row(say("level"), "", say("regular %"), say("peacekeeping %"), say("Member State"))]
    lines += [
        _row(state.level, "", f"{state.regular_rate_pct:f}", f"{state.peacekeeping_rate_pct:f}", state.member_state)
        for state in scale.states
    ]
    return "\n".join(lines) + "\n"


def letters_csv(assessed: Assessed) -> str:
    """Write letters as CSV, one row for each State of each letter."""
    return _csv(
        LETTER_COLUMNS,
        (
            (
                letter.piece.first_day, letter.piece.last_day, letter.piece.resolution, line.member_state, state.level,
                f"{state.peacekeeping_rate_pct:f}", line.assessed_usd, line.credit_usd, line.due_usd,
                line.to_arrears_usd,
            )
            for letter in assessed.letters
            for state, line in zip(letter.piece.scale.states, letter.lines, strict=True)
        ),
    )  # fmt: skip


def letters_json(assessed: Assessed, made_from: Mapping[str, str]) -> str:
    """Write letters as JSON; amounts are texts, exact to the cent."""
    return _json(
        {
            "not_authorised_usd": str(assessed.not_authorised_usd),
            "letters": [
                {
                    "mission": letter.mission,
                    "fiscal_year": letter.fiscal_year,
                    "first_day": letter.piece.first_day,
                    "last_day": letter.piece.last_day,
                    "resolution": letter.piece.resolution,
                    "scale": letter.piece.scale.period,
                    "assessed_usd": str(letter.piece.amount_usd),
                    "lines": [
                        {
                            "member_state": line.member_state,
                            "assessed_usd": str(line.assessed_usd),
                            "credit_usd": str(line.credit_usd),
                            "due_usd": str(line.due_usd),
                            "credit_to_arrears_usd": str(line.to_arrears_usd),
                        }
                        for line in letter.lines
                    ],
                }
                for letter in assessed.letters
            ],
            "made_from": {**made_from, "bluehelm": __version__},
        }
    )


def letters_table(assessed: Assessed) -> str:
    """Write letters for a terminal: the largest payers of each, all others together, and the totals."""
    lines: list[str] = []
    for letter in assessed.letters:
        lines += [*_letter_lines(letter), ""]
    if assessed.not_authorised_usd:
        lines.append(
            say(
                "Not assessed: {amount} USD for days that no mandate covers. They are assessed once the Security "
                "Council authorises them.",
                amount=f"{assessed.not_authorised_usd:,.2f}",
            )
        )
    return "\n".join(lines).rstrip() + "\n"


def _letter_lines(letter: Letter) -> list[str]:
    piece = letter.piece
    heading = say(
        "{mission} {year}: {first} to {last}, scale {scale}. {resolution}", mission=letter.mission,
        year=letter.fiscal_year, first=piece.first_day, last=piece.last_day, scale=piece.scale.period,
        resolution=piece.resolution,
    )  # fmt: skip
    ordered = sorted(letter.lines, key=lambda line: (-line.assessed_usd, line.member_state))
    shown = [(line.assessed_usd, line.credit_usd, line.due_usd, line.member_state) for line in ordered[:LARGEST]]
    rest, every = ordered[LARGEST:], say("all {count} {count:State|States}", count=len(ordered))
    for part, name in ((rest, say("{count} {count:other|others}", count=len(rest))), (ordered, every)):
        sums = (
            sum((line.assessed_usd for line in part), Decimal(0)),
            sum((line.credit_usd for line in part), Decimal(0)),
            sum((line.due_usd for line in part), Decimal(0)),
        )
        shown += [(*sums, name)] if part else []
    return [
        heading.rstrip(),
        _amounts(say("assessed USD"), say("credit USD"), say("due USD"), ""),
        *(_amounts(f"{a:,.2f}", f"{c:,.2f}", f"{d:,.2f}", name) for a, c, d, name in shown),
    ]


def arrangement_table(arrangement: Arrangement, findings: Iterable[Finding]) -> str:
    """Write an arrangement with a partner for a terminal: money by source, then every rule with its answer."""
    money = [
        (say("yearly budget"), arrangement.annual_budget_usd),
        (say("assessed"), arrangement.assessed_usd),
        *(
            (f"{say(SUPPORT[kind])}, {say(SUPPORT[stands])}", arrangement.mobilised_usd(kind, stands))
            for kind in KINDS
            for stands in STANDS
            if arrangement.mobilised_usd(kind, stands)
        ),
        (say("still to be mobilised"), max(arrangement.open_usd, Decimal(0))),
    ]
    lines = [f"{arrangement.operation} {arrangement.fiscal_year}"]
    lines += [f"{amount:>20,.2f} USD  {name}" for name, amount in money]
    found = tuple(findings)
    lines += [f"  {'✓' if finding.holds else '✗'} {say(finding.rule.sentence)}" for finding in found]
    sources = dict.fromkeys(finding.rule.source for finding in found)
    lines.append(say("Source: {source}", source="; ".join(sources)))
    return "\n".join(lines) + "\n"


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n"


def _decimals(value: object) -> str:
    return f"{Decimal(getattr(value, 'numerator', 0)) / Decimal(getattr(value, 'denominator', 1)):.10f}"


def _row(level: str, count: str, regular: str, rate: str, name: str = "") -> str:
    return f"{level}{_gap(level, 5)} {_right(count, 6)} {_right(regular, 12)} {_right(rate, 15)}  {name}".rstrip()


def _amounts(assessed: str, credit: str, due: str, name: str) -> str:
    return f"{_right(assessed, 20)} {_right(credit, 18)} {_right(due, 20)}  {name}".rstrip()


def _right(text: str, width: int) -> str:
    return _gap(text, width) + text


def _gap(text: str, width: int) -> str:
    return " " * (width - columns_taken(text))
