from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import BluehelmError, InvalidRecordError
from bluehelm.norms.norms import VALUES_DIR
from bluehelm.norms.reading import read_norms

GOOD = """
[speed.dry]
unit = "km/hour"
meaning = "Speed of a patrol"
values = [
  { since = 2000-01-01, value = 30, low = 20, high = 40, status = "assumed", reason = "Mud" },
  { since = 2010-01-01, value = 35, status = "verified", source = "a survey" },
]
"""


def told_by(read):
    """Return what an error of ours says, or None; any other error passes and fails the test."""
    try:
        read()
    except BluehelmError as fault:
        return str(fault)
    return None


def test_a_norm_is_read_with_all_its_dated_values():
    norm = read_norms(GOOD, "x.toml")["speed.dry"]
    assert [entry.value for entry in norm.entries] == [30, 35]
    assert norm.entries[0].low == 20
    assert norm.entries[1].low is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("meaning", "meanin", "has no 'meaning'"),
        (
            'meaning = "Speed of a patrol"',
            'meaning = "S"\nmeanig = "S"',
            "unknown key 'meanig'. Nearest name: 'meaning'",
        ),
        ("km/hour", "km/h", "Nearest name: 'km/hour'"),
        ("since = 2010-01-01", "since = 1999-01-01", "rising days were expected"),
        ("since = 2010-01-01", "since = 2000-01-01", "rising days were expected"),
        ("since = 2010-01-01", 'since = "2010"', "a day such as 2017-07-01"),
        ("since = 2010-01-01", "since = 2010-01-01T00:00:00", "a day such as 2017-07-01"),
        ('reason = "Mud"', 'reason = " "', "its reason is empty"),
        (', reason = "Mud"', "", "has no 'reason'"),
        ('source = "a survey"', 'source = ""', "its source is empty"),
        (', source = "a survey"', "", "has no 'source'"),
        ("low = 20, ", "", "has low = None"),
        ("low = 20", "low = 31", "low <= value <= high"),
        ("high = 40", "high = 29", "low <= value <= high"),
        ("value = 30", "value = 0", "a number above 0"),
        ("value = 30", "value = inf", "a number above 0"),
        ("verified", "certain", "one of verified, recalled, assumed was expected"),
        ("verified", "verfied", "Nearest name: 'verified'"),
        ("high = 40", "hihg = 40", "unknown key 'hihg'. Nearest name: 'high'"),
        ("values = [", "values = [ 3,", "a table of keys was expected"),
        ("[speed.dry]", "speed = 3\n[other.dry]", "a table of keys was expected"),
        ("[speed.dry]", "[speed.dry", "cannot be read as TOML"),
        ("value = 30", "value = " + "9" * 5000, "cannot be read as TOML"),
        ("value = 30", "value = 1" + "0" * 400, "a number above 0"),
    ],
)
def test_a_slip_is_told_with_what_was_expected(old, new, told):
    assert old in GOOD
    with pytest.raises(InvalidRecordError) as fault:
        read_norms(GOOD.replace(old, new), "x.toml")
    assert told in str(fault.value)
    assert "x.toml" in str(fault.value) or "speed.dry" in str(fault.value)


def test_a_norm_without_values_is_refused():
    with pytest.raises(InvalidRecordError, match="has no values"):
        read_norms('[a]\nunit = "km"\nmeaning = "m"\nvalues = []', "x.toml")


WORDS = st.sampled_from(
    [
        "[a]", "[a.b]", "[[a]]", 'unit = "km"', 'unit = "USD"', 'meaning = "m"', "values = []", "values = [{}]", "{",
        'values = [{ since = 2000-01-01, value = 1, status = "verified", source = "s" }]', "value = 1", "= 3", "}", '"',
        'values = [{ since = 2000-01-01, value = "1", low = "0", high = 2, status = "assumed", reason = "r" }]', "nan",
    ]
)  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=5), max_size=12))
def test_any_text_gives_norms_or_an_error_of_ours(parts):
    told = told_by(lambda: read_norms("\n".join(parts), "x.toml"))
    assert told is None or "x.toml" in told or "Norm" in told


@given(st.sampled_from(["care", "time", "unit_costs"]), st.data())
def test_shipped_values_with_a_part_cut_out_never_break_the_reader(name, data):
    text = (VALUES_DIR / f"{name}.toml").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    broken = text[:start] + data.draw(st.text(max_size=3)) + text[end:]
    assert told_by(lambda: read_norms(broken, "x.toml")) != ""
