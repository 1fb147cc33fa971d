"""What calls itself a solution is measured before it is believed, and the best known is only ever improved."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.instances import __main__ as command
from benchmarks.instances import check as check_script
from benchmarks.instances import record
from benchmarks.instances.check import check, complete, read_solution
from benchmarks.instances.files import arrays, fingerprint, read_npz, write_npz
from benchmarks.instances.names import parse
from benchmarks.instances.record import Known, Run, better, by_highs
from benchmarks.instances.stripped import stripped

TINY = stripped(stages=2, branch=2, areas=8, sites=4)


@pytest.fixture(scope="module")
def solved() -> Run:
    return by_highs(TINY, 20.0)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Keep the library's own table and solutions out of reach."""
    monkeypatch.setattr(record, "TABLE", tmp_path / "best_known.csv")
    monkeypatch.setattr(record, "SOLUTIONS", tmp_path / "solutions")
    return tmp_path


def test_a_solution_holds_and_its_share_is_added_up_from_the_arrays(solved):
    found = check(arrays(TINY), solved.values)
    assert found.holds
    assert found.share == pytest.approx(solved.bound, abs=1e-3)
    assert found.objective == pytest.approx(float(TINY.objective @ solved.values))


@pytest.mark.parametrize(("column", "change", "kind"), [(0, 0.5, "whole"), (0, -50.0, "bounds"), (0, 30.0, "rows")])
def test_a_changed_solution_is_found_out(solved, column, change, kind):
    values = solved.values.copy()
    values[column] += change
    found = check(arrays(TINY), values)
    assert not found.holds
    assert getattr(found, kind) > 1e-3


def test_numbers_that_are_missing_or_too_few_are_refused():
    with pytest.raises(ValueError, match="one a column"):
        check(arrays(TINY), np.zeros(3))
    with pytest.raises(ValueError, match="finite"):
        check(arrays(TINY), np.full(len(TINY.objective), np.nan))


def test_whole_columns_are_enough_to_store_a_solution(solved, tmp_path):
    whole = np.flatnonzero(TINY.integer & (solved.values.round() != 0))
    np.savez_compressed(tmp_path / "short.npz", index=whole, value=solved.values[whole].round())
    found = check(arrays(TINY), read_solution(arrays(TINY), tmp_path / "short.npz"))
    assert found.holds
    assert found.objective == pytest.approx(float(TINY.objective @ solved.values), abs=1e-6)


def test_whole_columns_that_nothing_goes_with_are_refused():
    with pytest.raises(ValueError, match="feasible"):
        complete(arrays(TINY), np.where(TINY.integer, 1_000.0, 0.0))


def test_the_best_share_and_the_best_bound_are_kept_from_different_runs(solved, elsewhere):
    worse = Run(np.zeros(len(TINY.objective)), solved.bound - 1e-9, "one", 1.0)
    first = better("x", TINY, worse, None)
    assert (first.share, first.share_by, first.bound_by) == ("0.000000000", "one", "one")
    second = better("x", TINY, Run(solved.values, 1.0, "two", 2.0), first)
    assert (second.share_by, second.bound_by) == ("two", "one")
    assert float(second.gap) == pytest.approx(float(second.bound) / float(second.share) - 1, abs=1e-4)
    assert better("x", TINY, worse, second) == second
    record.write_table({"x": second})
    assert record.read_table() == {"x": second}
    assert read_solution(arrays(TINY), elsewhere / "solutions" / "x.npz") is not None


def test_what_is_no_solution_is_not_recorded(elsewhere):
    with pytest.raises(SystemExit, match="no solution"):
        better("x", TINY, Run(np.full(len(TINY.objective), -1.0), 1.0, "liar", 1.0), None)
    assert not record.TABLE.exists()


def test_what_was_known_of_other_arrays_is_forgotten(solved, elsewhere):
    other = Known("x", "0", "0" * 64, "-1", "0.99", "0.99", "0", "old", "1", "old", "1")
    assert better("x", TINY, solved, other).share_by == solved.by


def test_the_table_of_best_known_answers_is_in_order():
    table = record.read_table()
    assert table, "best_known.csv is missing or empty"
    for name, row in table.items():
        assert row.name == name
        if row.share and row.bound:
            assert float(row.share) <= float(row.bound) + 1e-9
    for path in record.SOLUTIONS.glob("*.npz"):
        assert path.stem in table and path.stat().st_size <= record.MOST_BYTES


def test_a_stored_solution_reaches_the_share_that_the_table_says():
    name = "stripped_n13_small_s0"
    row, instance = record.read_table()[name], parse(name).make()
    assert row.sha256 == fingerprint(instance)
    found = check(arrays(instance), read_solution(arrays(instance), record.SOLUTIONS / f"{name}.npz"))
    assert found.holds
    assert found.share == pytest.approx(float(row.share), abs=1e-6)


@pytest.fixture
def run(monkeypatch, capsys):
    """Call the `main` of a script with words; return its status and what it printed."""

    def called(main, *words) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["script", *map(str, words)])
        try:
            status = main()
        except SystemExit as ended:
            status = ended.code
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return called


def test_the_command_writes_an_instance_and_tells_its_fingerprint(run, tmp_path):
    status, told = run(command.main, "--stages", 3, "--size", "small", "--out", tmp_path / "x.npz")
    assert status == 0 and "stripped_n13_small_s0" in told
    assert fingerprint(read_npz(tmp_path / "x.npz")) in told
    assert run(command.main, "--stages", 2, "--size", "small", "--out", tmp_path / "no" / "x.npz")[0] == 1
    assert run(command.main, "--stages", 0)[0] == 2


def test_the_check_ends_with_status_one_where_a_file_is_no_solution(run, tmp_path, solved):
    write_npz(TINY, tmp_path / "x.npz")
    np.savez(tmp_path / "good.npz", values=solved.values)
    np.savez(tmp_path / "bad.npz", values=solved.values - 1)
    np.savez(tmp_path / "odd.npz", other=solved.values)
    ends = {
        name: run(check_script.main, tmp_path / "x.npz", tmp_path / f"{name}.npz")
        for name in ("good", "bad", "odd", "absent")
    }
    assert {name: status for name, (status, _) in ends.items()} == {"good": 0, "bad": 1, "odd": 1, "absent": 1}
    assert "NOT a solution" in ends["bad"][1]


@pytest.mark.parametrize(
    ("index", "value", "told"),
    [
        ([10**7], [1.0], "names column 10000000"),
        ([0, 1], [1.0], "each once"),
        ([0, 0], [1.0, 2.0], "each once"),
        ([0.5], [1.0], "each once"),
    ],
)
def test_whole_columns_that_do_not_fit_the_instance_are_refused_in_a_sentence(tmp_path, index, value, told):
    np.savez(tmp_path / "x.npz", index=np.array(index), value=np.array(value))
    with pytest.raises(ValueError, match=told):
        check_script.read_solution(arrays(TINY), tmp_path / "x.npz")


@pytest.mark.parametrize("held", [b"", b"no arrays", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_told_without_a_traceback(run, tmp_path, held):
    write_npz(TINY, tmp_path / "x.npz")
    (tmp_path / "bad.npz").write_bytes(held)
    np.save(tmp_path / "one.npy", np.zeros(3))
    np.savez(tmp_path / "other.npz", other=np.zeros(3))
    for given, solution in (("x.npz", "bad.npz"), ("x.npz", "one.npy"), ("bad.npz", "x.npz"), ("other.npz", "x.npz")):
        status, said = run(check_script.main, tmp_path / given, tmp_path / solution)
        assert status == 1 and said.startswith("Not checked: '")
