"""Support under resolution 2719: the ceiling to the cent, each condition by itself, and the file people write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bluehelm.errors import ImportFileError, InvalidRecordError, RuleError, UnknownNormError
from bluehelm.finance.arrangement_file import read_arrangement
from bluehelm.finance.assessed_pieces import Authorisation
from bluehelm.finance.partner_support import (
    CONDITIONS,
    Arrangement,
    Contribution,
    check,
    most_assessed_usd,
    require,
)
from bluehelm.norms import load_norms

NORMS = load_norms()
GOOD = Arrangement(
    operation="Made up",
    fiscal_year="2024/25",
    annual_budget_usd=Decimal(1_000_000),
    assessed_usd=Decimal(750_000),
    authorisation=Authorisation(first_day=date(2025, 1, 1), last_day=date(2025, 12, 31), resolution="S/RES/0"),
    conditions=dict.fromkeys(CONDITIONS, True),
    contributions=(
        Contribution(giver="X", kind="trust fund", value_usd=Decimal(100_000), stands="received"),
        Contribution(giver="X", kind="trust fund", value_usd=Decimal(20_000), stands="pledged"),
        Contribution(giver="Y", kind="in kind", value_usd=Decimal(50_000), stands="pledged"),
        Contribution(giver="Z", kind="cost sharing", value_usd=Decimal(30_000), stands="received"),
    ),
)
FILE = """\
operation = "Made up"
fiscal_year = "2024/25"
annual_budget_usd = "1,000,000"
assessed_pct = "75"

[authorisation]
first_day = 2025-01-01
last_day = 2025-12-31
resolution = "S/RES/0"

[conditions]
african_union_led = true
african_union_command = true
human_rights_policy = true
un_financial_rules = true
exit_strategy = true

[[contribution]]
giver = "X"
kind = "trust fund"
value_usd = "100000"
stands = "received"
"""


@pytest.fixture
def read(tmp_path):
    def reader(text: str) -> Arrangement:
        (tmp_path / "arrangement.toml").write_text(text, encoding="utf-8")
        return read_arrangement(tmp_path / "arrangement.toml")

    return reader


def test_three_quarters_may_be_assessed_and_the_rest_is_counted_by_source():
    require(GOOD, NORMS)
    assert all(finding.holds for finding in check(GOOD, NORMS)) and len(check(GOOD, NORMS)) == 2 + len(CONDITIONS)
    assert most_assessed_usd(Decimal("100.02"), NORMS, date(2024, 7, 1)) == Decimal("75.015")
    assert GOOD.mobilised_usd("trust fund", "received") == 100_000 and GOOD.mobilised_usd("in kind", "received") == 0
    assert GOOD.open_usd == 50_000  # 1,000,000 - 750,000 - 200,000


@pytest.mark.parametrize("assessed", ["750000.01", "750100"])
def test_a_cent_above_three_quarters_is_refused(assessed):
    with pytest.raises(RuleError, match=r"at most 750,000\.00 USD.*do not exceed 75 per cent.*S/RES/2719"):
        require(replace(GOOD, assessed_usd=Decimal(assessed)), NORMS)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_condition_that_is_not_met_is_refused_by_name(condition):
    for conditions in ({**GOOD.conditions, condition: False}, {n: True for n in CONDITIONS if n != condition}):
        arrangement = replace(GOOD, conditions=conditions)
        with pytest.raises(RuleError, match=f"'{condition}' is not met.*S/RES/2719"):
            require(arrangement, NORMS)
        assert [finding.rule for finding in check(arrangement, NORMS) if not finding.holds] == [CONDITIONS[condition]]


@pytest.mark.parametrize(
    "authorisation",
    [
        None,
        Authorisation(first_day=date(2025, 1, 1), last_day=date(2025, 12, 31)),  # without a resolution
        Authorisation(first_day=date(2023, 1, 1), last_day=date(2024, 6, 30), resolution="S/RES/0"),  # over before
        Authorisation(first_day=date(2025, 7, 1), last_day=date(2026, 6, 30), resolution="S/RES/0"),  # begins after
    ],
)
def test_an_operation_without_an_authorisation_of_its_year_is_refused(authorisation):
    with pytest.raises(RuleError, match=r"no authorisation of the Security Council within 2024/25.*case by case"):
        require(replace(GOOD, authorisation=authorisation), NORMS)


def test_a_year_before_the_resolution_has_no_ceiling_to_be_held_against():
    with pytest.raises(UnknownNormError, match="no value on 2022-07-01"):
        check(replace(GOOD, fiscal_year="2022/23"), NORMS)


@pytest.mark.parametrize(
    "change",
    [
        {"annual_budget_usd": Decimal(0)}, {"assessed_usd": Decimal(-1)}, {"fiscal_year": "soon"},
        {"conditions": {"african_union_lead": True}},
    ],
)  # fmt: skip
def test_an_arrangement_that_cannot_be_is_refused(change):
    with pytest.raises(InvalidRecordError):
        replace(GOOD, **change)


@pytest.mark.parametrize("change", [{"kind": "trustfund"}, {"stands": "promised"}, {"value_usd": Decimal(-1)}])
def test_a_contribution_that_cannot_be_is_refused(change):
    with pytest.raises(InvalidRecordError, match="The contribution of 'X'"):
        replace(GOOD.contributions[0], **change)


def test_a_file_is_read_as_it_is_written(read):
    expected = replace(GOOD, contributions=GOOD.contributions[:1])
    assert read(FILE) == expected
    assert read(FILE.replace('assessed_pct = "75"', 'assessed_usd = "USD 750,000.00"')) == expected


def test_75_01_per_cent_is_refused(read):
    with pytest.raises(RuleError, match=r"75\.01 per cent of its yearly budget"):
        require(read(FILE.replace('"75"', '"75.01"')), NORMS)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"1,000,000"', '"EUR 1,000,000"', "'EUR'"),
        ('"1,000,000"', "1000000", "text in quotes"),
        ('assessed_pct = "75"', "", "no 'assessed_usd'"),
        ('"75"', '"75 %"', "a per cent in quotes"),
        ("exit_strategy = true", "exit_strategy = 1", "true or false"),
        ("exit_strategy", "exit_plan", "'exit_plan' is no condition"),
        ('giver = "X"', 'given = "X"', "no 'giver'"),
        ('kind = "trust fund"', 'kind = "trust"', "one of trust fund"),
        ("operation", "operations", "no 'operation'"),
        ('resolution = "S/RES/0"', "", "no 'resolution'"),
        ("last_day = 2025-12-31", "last_day = 2024-12-31", "ends before it begins"),
        ("[conditions]", "[conditions", "cannot be read as TOML"),
        ('assessed_pct = "75"', 'assessed_pct = "75"\nassessed_usd = "1"', "unknown key 'assessed_usd'"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_place(read, old, new, words):
    with pytest.raises(InvalidRecordError, match=words):
        read(FILE.replace(old, new))


def test_a_file_that_is_absent_or_no_text_is_refused(tmp_path):
    with pytest.raises(ImportFileError, match="does not exist"):
        read_arrangement(tmp_path / "none.toml")
    with pytest.raises(ImportFileError, match="UTF-8"):
        read_arrangement(tmp_path)


def test_without_authorisation_or_conditions_a_file_is_read_and_then_refused(read):
    head = FILE.partition("[authorisation]")[0]
    found = read(head)
    assert found.authorisation is None and not any(found.conditions.values())
    assert [finding.holds for finding in check(found, NORMS)] == [False, True, False, False, False, False, False]
