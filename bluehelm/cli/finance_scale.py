"""`bluehelm finance scale`, `assess`, `partners`: rates of all States, letters of assessment, partners' money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bluehelm.cli.spoken import SpokenCommand, argument, option
from bluehelm.errors import InvalidRecordError
from bluehelm.words import say

if TYPE_CHECKING:
    from bluehelm.finance.assessed_pieces import Authorisation
    from bluehelm.finance.letters import Credit

FILE = click.Path(path_type=Path)
FORMATS = click.Choice(["table", "csv", "json"])


def _scale_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for made in reversed([
        option("--period", metavar="YYYY-YYYY", help="Period of the scale, such as 2022-2024."),
        option("--year", type=click.IntRange(1946, 2200), metavar="YYYY", help="A year of the period, where rates "
               "differ within it."),
        option("--regular", type=FILE, metavar="FILE", help="Regular rates of another scale: CSV with member_state and "
               "regular_rate_pct."),
        option("--levels", type=FILE, metavar="FILE", help="Levels for these rates: CSV with member_state and level; "
               "or a table of levels with level and discount_pct."),
        option("--format", "form", type=FORMATS, default="table", show_default=True, help="Form of the result."),
        option("--out", type=FILE, metavar="FILE", help="Write the result to this file."),
    ]):  # fmt: skip
        command = made(command)
    return command


@click.command(
    cls=SpokenCommand,
    short_help="Say at which rate each State is assessed.",
    help="Compute the peacekeeping rate of every Member State from its regular rate and its level: discounts are borne "
    "by the permanent members of the Security Council. docs/assessments.md tells the rules.",
)
@_scale_options
def scale(
    period: str | None, year: int | None, regular: Path | None, levels: Path | None, form: str, out: Path | None
) -> None:
    """Print or write the scale."""
    from bluehelm.finance.asked_scale import asked_scale
    from bluehelm.norms import load_norms
    from bluehelm.reports.assessments import scale_csv, scale_json, scale_table

    asked = asked_scale(load_norms(), period, year, regular, levels)
    if form == "json":
        text = scale_json(asked.scale, asked.notes, asked.made_from)
    else:
        text = scale_csv(asked.scale) if form == "csv" else scale_table(asked.scale)
    _give(text, out, asked.notes)


@click.command(
    cls=SpokenCommand,
    short_help="Say what each State owes for a mandate.",
    help="Write the letters of assessment for one fiscal year of an operation: one for each part that the Security "
    "Council has authorised, on the scale of its days, to the cent.",
)
@option("--mission", metavar="NAME", required=True, help="Name of the operation.")
@option("--amount", metavar="USD", required=True, help="What the General Assembly appropriates for the fiscal year.")
@option("--fiscal-year", metavar="YYYY/YY", required=True, help="Fiscal year from 1 July to 30 June, such as 2023/24.")
@option(
    "--mandate", "mandates", multiple=True, metavar="DAY:DAY[:RESOLUTION]", required=True,
    help="First and last day of an authorised period; may be given several times.",
)  # fmt: skip
@option(
    "--credit", "credits", multiple=True, metavar="YYYY/YY:USD",
    help="What a closed fiscal year left over and is returned; may be given several times.",
)  # fmt: skip
@option("--voluntary", metavar="USD", default="0", help="Part of the amount that is paid voluntarily, not assessed.")
@option(
    "--in-arrears", "arrears", multiple=True, metavar="STATE",
    help="A State whose credit is set off against what it still owes; may be given several times.",
)  # fmt: skip
@option("--one-letter", is_flag=True, help="Refuse a year that is cut into several letters.")
@_scale_options
def assess(
    mission: str, amount: str, fiscal_year: str, mandates: tuple[str, ...], credits: tuple[str, ...], voluntary: str,
    arrears: tuple[str, ...], one_letter: bool, period: str | None, year: int | None, regular: Path | None,
    levels: Path | None, form: str, out: Path | None,
) -> None:  # fmt: skip
    """Print or write the letters."""
    from bluehelm.finance.asked_scale import scales_for_letters
    from bluehelm.finance.letters import Appropriation, the_one_letter
    from bluehelm.finance.letters import assess as write_letters
    from bluehelm.finance.usd_amount import usd_amount
    from bluehelm.norms import load_norms
    from bluehelm.reports.assessments import letters_csv, letters_json, letters_table

    scales, notes, made_from = scales_for_letters(load_norms(), period, year, regular, levels)
    assessed = write_letters(
        Appropriation(
            mission=mission, fiscal_year=fiscal_year, amount_usd=usd_amount(amount), voluntary_usd=usd_amount(voluntary)
        ),
        [_mandate(text) for text in mandates],
        scales,
        credits=[_credit(text) for text in credits],
        in_arrears=frozenset(arrears),
    )
    if one_letter:
        the_one_letter(assessed)
    if form == "json":
        text = letters_json(assessed, made_from)
    else:
        text = letters_csv(assessed) if form == "csv" else letters_table(assessed)
    _give(text, out, notes)


@click.command(
    cls=SpokenCommand,
    short_help="Check how a partner's operation is to be paid.",
    help="Check how one year of an African Union-led operation is to be paid against resolution 2719: the ceiling of "
    "assessed contributions, each condition, and what is still to be mobilised. Status 1 if a rule is broken.",
)
@argument("file", metavar="FILE", type=FILE, help="The arrangement (TOML); its form stands in docs/assessments.md.")
def partners(file: Path) -> None:
    """Print money and rules; refuse with the first rule that is broken."""
    from bluehelm.finance.arrangement_file import read_arrangement
    from bluehelm.finance.partner_support import check, require
    from bluehelm.norms import load_norms
    from bluehelm.reports.assessments import arrangement_table

    norms, arrangement = load_norms(), read_arrangement(file)
    click.echo(arrangement_table(arrangement, check(arrangement, norms)), nl=False)
    require(arrangement, norms)


def _give(text: str, out: Path | None, notes: tuple[str, ...]) -> None:
    """Write the result whole, or print it; what is to be said of it goes beside it."""
    if out is None:
        click.echo(text, nl=False)
    else:
        from bluehelm.mission.new_file import write_text_whole

        write_text_whole(out, text)
        click.echo(say("Written: {path}", path=out), err=True)
    for note in notes:
        click.echo(note, err=True)


def _mandate(text: str) -> Authorisation:
    """Read `2023-07-01:2023-11-15` or `2023-07-01:2023-11-15:S/RES/2659`."""
    from bluehelm.finance.assessed_pieces import Authorisation

    first, _, rest = text.partition(":")
    last, _, resolution = rest.partition(":")
    try:
        days = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError as trouble:
        raise InvalidRecordError(
            "'{text}' is no period of a mandate; first and last day such as 2023-07-01:2023-11-15 were expected.",
            text=text,
        ) from trouble
    return Authorisation(first_day=days[0], last_day=days[1], resolution=resolution.strip())


def _credit(text: str) -> Credit:
    """Read `2021/22:12345.67`."""
    from bluehelm.finance.letters import Credit
    from bluehelm.finance.usd_amount import usd_amount

    year, colon, amount = text.partition(":")
    if not colon:
        raise InvalidRecordError(
            "'{text}' is no credit; a fiscal year and an amount such as 2021/22:12345.67 were expected.", text=text
        )
    return Credit(fiscal_year=year.strip(), amount_usd=usd_amount(amount))
