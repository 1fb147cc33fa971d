"""Read how an African Union-led operation is to be paid from a TOML file; the form stands in docs/assessments.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.finance.assessed_pieces import Authorisation
from bluehelm.finance.partner_support import KINDS, STANDS, Arrangement, Contribution
from bluehelm.finance.usd_amount import usd_amount
from bluehelm.norms.strict import StrictTable, read_toml


def read_arrangement(path: Path) -> Arrangement:
    """Read one arrangement.

    Raises
    ------
    ImportFileError
        If the file cannot be read.
    InvalidRecordError
        If a key is missing, unknown or of the wrong kind; RuleError if an amount is in another currency.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as trouble:
        raise ImportFileError("'{file}' does not exist. Check the name.", file=str(path)) from trouble
    except (OSError, UnicodeDecodeError) as trouble:
        raise ImportFileError(
            "'{file}' cannot be read as text in UTF-8. Save it so and try again.", file=str(path)
        ) from trouble
    table = StrictTable(read_toml(text, path.name), path.name)
    budget = _usd(table, "annual_budget_usd")
    arrangement = Arrangement(
        operation=table.take("operation", str),
        fiscal_year=table.take("fiscal_year", str),
        annual_budget_usd=budget,
        assessed_usd=_assessed(table, budget),
        authorisation=_authorisation(table),
        conditions=_conditions(table),
        contributions=tuple(_contribution(row, path.name) for row in table.take_or("contribution", list, [])),
    )
    table.done()
    return arrangement


def _usd(table: StrictTable, key: str) -> Decimal:
    return usd_amount(table.take(key, str))


def _assessed(table: StrictTable, budget: Decimal) -> Decimal:
    """Return what is to be assessed, written as an amount or as a per cent of the budget (fractions of a cent kept)."""
    if "assessed_pct" not in table:
        return _usd(table, "assessed_usd")
    text = table.take("assessed_pct", str)
    if not text.replace(".", "", 1).isdecimal() or not text.isascii():
        raise InvalidRecordError(
            "{place} has assessed_pct = '{text}'; a per cent in quotes such as '75' was expected.", place=table.place,
            text=text,
        )  # fmt: skip
    return budget * Decimal(text) / 100


def _authorisation(table: StrictTable) -> Authorisation | None:
    if "authorisation" not in table:
        table.take_any("authorisation")
        return None
    inner = StrictTable(table.take("authorisation", dict), f"{table.place}: authorisation")
    found = Authorisation(
        first_day=inner.take("first_day", date),
        last_day=inner.take("last_day", date),
        resolution=inner.take("resolution", str),
    )
    inner.done()
    return found


def _conditions(table: StrictTable) -> dict[str, bool]:
    inner = StrictTable(table.take_or("conditions", dict, {}), f"{table.place}: conditions")
    return {name: inner.take(name, bool) for name in inner.raw}


def _contribution(row: object, file: str) -> Contribution:
    inner = StrictTable(row, f"{file}: contribution")
    found = Contribution(
        giver=inner.take("giver", str),
        kind=inner.take_choice("kind", KINDS),
        value_usd=_usd(inner, "value_usd"),
        stands=inner.take_choice("stands", STANDS),
    )
    inner.done()
    return found
