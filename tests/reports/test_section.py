from __future__ import annotations

import pytest

from bluehelm.reports.section import Table


def test_a_table_of_short_words_and_few_numbers_is_narrow() -> None:
    assert Table("Care", "lrr", ("Site", "A", "B"), (("Golo", "1", "2"),)).narrow
    assert not Table("Tiers", "lrr", ("Tier", "A", "B"), (("Protection of civilians " * 3, "1", "2"),)).narrow
    assert not Table("Reasons", "lrl", ("Site", "A", "Why"), (("Golo", "1", "It is far."),)).narrow


def test_a_row_that_does_not_fit_its_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Table("Care", "lr", ("Site", "A"), (("Golo",),))
