"""Sums and rows as people write them."""

from __future__ import annotations

import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.solve.stages_text import Row, Term, read_row, read_sum

COLUMNS, DATA = {"made", "stored"}, {"demand", "share"}


def test_a_sum_is_read_term_by_term():
    assert read_sum("- 2.5 * share * stored[-1] + made - 1e3 + 2 * demand", "cost", COLUMNS, DATA) == (
        Term(-2.5, ("share",), "stored", True),
        Term(1.0, (), "made"),
        Term(-1000.0),
        Term(2.0, ("demand",)),
    )


def test_numbers_are_multiplied_and_lines_may_break():
    assert read_sum("2 * 3 * made\n  - stored", "cost", COLUMNS, DATA) == (
        Term(6.0, (), "made"),
        Term(-1.0, (), "stored"),
    )


def test_a_row_is_brought_to_its_left():
    row = read_row("balance", "stored >= stored[-1] - demand", "rows", COLUMNS, DATA)
    assert row == Row(
        "balance", (Term(1.0, (), "stored"), Term(-1.0, (), "stored", True), Term(1.0, ("demand",))), ">="
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read from '' on"),
        ("made stored", "cannot be read from 'stored' on"),
        ("2 * (made + stored)", r"cannot be read from '\* \(made \+ stored\)' on"),
        ("made[-2]", r"cannot be read from '\[-2\]' on"),
        ("made * stored", "'made \\* stored' multiplies two columns"),
        ("made + storde", "'storde' is neither a column nor a datum of this stage. Nearest name: 'stored'"),
    ],
)
def test_what_is_no_linear_sum_is_told_with_its_place(text, told):
    with pytest.raises(InvalidRecordError, match=f"cost of June: .*{told}"):
        read_sum(text, "cost of June", COLUMNS, DATA)


@pytest.mark.parametrize(("text", "count"), [("made", 0), ("1 <= made <= 2", 2), ("made = 2", 0)])
def test_a_row_compares_once(text, count):
    with pytest.raises(InvalidRecordError, match=f"compares {count} times"):
        read_row("limit", text, "rows", COLUMNS, DATA)
